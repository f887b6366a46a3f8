"""Answers are kept as long as they stay the same: tags, 304s, codings, and the headers that every answer carries."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from api.app import create_app
from api.curation.attach import LocatedIncident
from api.domain.release import Release
from api.settings import Settings

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
PAGE, GEOJSON, CSV = "/v1/incidents", "/v1/incidents.geojson", "/v1/incidents.csv"
RECORD, FEATURE = "/v1/incidents/PE-2018-0001", "/v1/incidents/PE-2018-0001.geojson"
LISTS = ("/v1/codelists", "/v1/sources", "/v1/places", "/v1/context", "/v1/releases")
DATA = (PAGE, GEOJSON, CSV, RECORD, f"{RECORD}/history", FEATURE, *LISTS, "/v1/")
STREAMED = (GEOJSON, CSV)

CURRENT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
PINNED = "public, max-age=31536000, s-maxage=3600, immutable"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}

Read = Callable[[TestResponse, int], dict[str, Any]]


@contextmanager
def counted_reads(app: Flask) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = app.extensions["foundling"].database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def clock(app: Flask) -> Iterator[list[float]]:
    """The time that the application goes by, to be set."""
    state = app.extensions["foundling"]
    usual, moment = state.clock, [state.clock()]
    state.clock = lambda: moment[0]
    yield moment
    state.clock = usual


def test_an_answer_that_the_reader_has_is_304_before_anything_is_read(
    app: Flask, client: FlaskClient, clock: list[float]
) -> None:
    tags = {path: client.get(path).headers["ETag"] for path in DATA}
    with counted_reads(app) as statements:
        for path, tag in tags.items():
            response = client.get(path, headers={"If-None-Match": tag})
            assert response.status_code == 304
            assert response.get_data() == b""
            assert response.headers["ETag"] == tag
    assert statements == []
    clock[0] += 5
    with counted_reads(app) as statements:
        assert client.get(PAGE, headers={"If-None-Match": tags[PAGE]}).status_code == 304
    assert len(statements) == 1, "only which release is current"


@pytest.mark.parametrize("path", DATA)
def test_a_304_carries_what_the_200_would(client: FlaskClient, path: str) -> None:
    full = client.get(path)
    empty = client.get(path, headers={"If-None-Match": full.headers["ETag"]})
    for name in (
        "ETag",
        "Cache-Control",
        "Content-Location",
        "Vary",
        "Foundling-Release",
        "Access-Control-Allow-Origin",
    ):
        assert empty.headers[name] == full.headers[name]
    assert "Content-Type" not in empty.headers


@pytest.mark.parametrize(
    ("write", "status"),
    [
        ("{tag}", 304),
        ("W/{tag}", 304),
        ('"a", {tag}, "b"', 304),
        ('"a",{tag}', 304),
        ("*", 304),
        ('"a"', 200),
        ("{bare}", 200),
        ('"{bare}', 200),
        ('"{bare}x"', 200),
        ('{tag},"' + "a" * 3000 + '"', 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_conditions_are_met_by_the_very_tag(client: FlaskClient, write: str, status: int, method: str) -> None:
    tag = client.get(PAGE).headers["ETag"]
    condition = write.format(tag=tag, bare=tag.strip('"'))
    assert client.open(PAGE, method=method, headers={"If-None-Match": condition}).status_code == status


def test_a_star_does_not_hide_an_error(client: FlaskClient, read_problem: Read) -> None:
    star = {"If-None-Match": "*"}
    read_problem(client.get("/v1/incidents/ZZ-0000-0000", headers=star), 404)
    read_problem(client.get(f"{PAGE}?nonsense=1", headers=star), 400)
    read_problem(client.get(f"{CSV}?release=999", headers=star), 404)


@pytest.mark.parametrize("path", DATA)
def test_current_answers_live_a_minute_and_name_their_pinned_twin(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["Cache-Control"] == CURRENT
    assert response.headers["Foundling-Release"] == "1"
    location = response.headers["Content-Location"]
    pins = "release=1&lang=en" if "Content-Language" in response.headers else "release=1"
    assert location == f"{PUBLIC_URL}{path}?{pins}"
    twin = client.get(location.removeprefix(PUBLIC_URL))
    assert twin.status_code == 200
    assert twin.headers["Cache-Control"] == PINNED
    assert twin.headers["Foundling-Release"] == "1"
    assert "Content-Location" not in twin.headers
    assert twin.headers["ETag"] != response.headers["ETag"]
    if response.is_json and path != FEATURE:
        # Links repeat the question as it was asked; all else is the same.
        body, twin_body = response.get_json(), twin.get_json()
        assert {**body, "links": None} == {**twin_body, "links": None}
    else:
        assert response.get_data() == twin.get_data()


def test_a_pinned_twin_keeps_the_whole_question(client: FlaskClient) -> None:
    response = client.get(f"{CSV}?country=pe&q=Ni%C3%B1a%20%26&bbox=-82,-19,-68,0&_=5&bom=true")
    location = response.headers["Content-Location"]
    assert location == f"{PUBLIC_URL}{CSV}?country=pe&q=Ni%C3%B1a%20%26&bbox=-82,-19,-68,0&bom=true&release=1&lang=en"
    assert client.get(location.removeprefix(PUBLIC_URL)).get_data() == response.get_data()


@pytest.mark.parametrize("number", ["1", "01", "00000000001", "0" * 50 + "1"])
def test_however_a_release_is_written_it_is_pinned(client: FlaskClient, number: str) -> None:
    response = client.get(f"{PAGE}?release={number}")
    assert response.headers["Cache-Control"] == PINNED
    assert response.headers["Foundling-Release"] == str(response.get_json()["meta"]["release"]) == "1"
    assert "Content-Location" not in response.headers


def test_a_cursor_pins_its_release(client: FlaskClient) -> None:
    following = client.get(f"{PAGE}?limit=1").get_json()["links"]["next"]
    response = client.get(following.removeprefix(PUBLIC_URL))
    assert response.headers["Cache-Control"] == PINNED
    assert "Content-Location" not in response.headers


def test_the_order_of_parameters_and_what_is_ignored_change_no_tag(client: FlaskClient) -> None:
    queries = ("country=PE&limit=5", "limit=5&country=PE", "_=1&limit=5&country=PE", "limit=5&country=PE&utm_source=x")
    assert len({client.get(f"{PAGE}?{query}").headers["ETag"] for query in queries}) == 1


def test_every_other_question_has_another_tag(client: FlaskClient) -> None:
    targets = [*DATA, *(f"{path}?release=1" for path in DATA), "/v1/incidents/ID-2018-0001"]
    targets += [f"{path}?country={code}" for path in (PAGE, CSV, GEOJSON) for code in ("PE", "ID")]
    targets += [f"{PAGE}?limit=5", f"{CSV}?bom=true"]
    tags = [client.get(target).headers["ETag"].removeprefix("W/") for target in targets]
    assert len(set(tags)) == len(targets)


def test_another_public_address_has_other_tags(client: FlaskClient, database_url: str) -> None:
    elsewhere = create_app(Settings(database_url=database_url, public_url="https://other.example.org"))
    for path in DATA:
        assert elsewhere.test_client().get(path).headers["ETag"] != client.get(path).headers["ETag"]
    elsewhere.extensions["foundling"].database.engine.dispose()


def test_a_new_release_is_noticed_within_a_second(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> None:
    url = new_url()
    append_incidents(url, [locate("PE-2018-0001")])
    app = make_app(url)
    moment = [0.0]
    app.extensions["foundling"].clock = lambda: moment[0]
    client = app.test_client()
    before = client.get(PAGE)
    append_incidents(url, [locate("PE-2018-0001"), locate("PE-2018-0002")])
    moment[0] = 0.9
    held = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    assert (held.status_code, held.headers["Foundling-Release"]) == (304, "1")
    moment[0] = 1.1
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.headers["Foundling-Release"]) == (200, "2")
    assert after.get_json()["meta"]["total"] == 2
    pinned = client.get(before.headers["Content-Location"].removeprefix(PUBLIC_URL))
    assert pinned.get_json()["data"] == before.get_json()["data"]


def test_while_the_database_is_down_what_a_reader_has_is_still_confirmed(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    *,
    take_away: Callable[[Flask, str], None],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
    read_problem: Read,
) -> None:
    url = new_url()
    append_incidents(url, [locate("PE-2018-0001")])
    app = make_app(url)
    client = app.test_client()
    tag = client.get(PAGE).headers["ETag"]
    take_away(app, url)
    app.extensions["foundling"].clock = lambda: 1e9
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 304
    assert read_problem(client.get(PAGE), 503)["type"].endswith("#unavailable")


@pytest.mark.parametrize(
    "path", [*DATA, "/", "/docs", "/openapi.json", "/livez", "/readyz", "/v1/schemas/incident.json"]
)
def test_head_tells_what_get_would(client: FlaskClient, path: str) -> None:
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        full, empty = client.get(path, headers=headers), client.head(path, headers=headers)
        assert empty.status_code == 200
        assert empty.get_data() == b""
        told, wanted = ({**dict(one.headers), "Date": None} for one in (empty, full))
        assert told == wanted


@pytest.mark.parametrize("path", [*DATA, "/", "/docs", "/openapi.json", "/livez", "/static/explorer/main.mjs"])
def test_browsers_may_ask_from_anywhere(client: FlaskClient, path: str) -> None:
    preflight = client.options(
        path,
        headers={
            "Origin": "https://map.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "range, if-none-match",
        },
    )
    assert preflight.status_code == 200
    assert preflight.get_data() == b""
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert preflight.headers["Access-Control-Allow-Headers"] == "*"
    assert int(preflight.headers["Access-Control-Max-Age"]) > 0
    assert set(preflight.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "Access-Control-Allow-Credentials" not in preflight.headers


def test_every_status_is_open_to_browsers(
    client: FlaskClient, database_url: str, make_app: Callable[[str], Flask], read_problem: Read
) -> None:
    broken = make_app(database_url)

    def fail() -> str:
        raise ZeroDivisionError("a secret")

    broken.add_url_rule("/broken", view_func=fail)
    broken.add_url_rule("/v1/broken", view_func=fail)
    tag = client.get(PAGE).headers["ETag"]
    answers = [
        client.get(PAGE),
        client.head(PAGE),
        client.get(PAGE, headers={"If-None-Match": tag}),
        client.get("/docs/"),
        client.get(f"{PAGE}?x=1"),
        client.head(f"{PAGE}?x=1"),
        client.get("/nothing"),
        client.post(PAGE),
        client.get(f"{PAGE}?_={'a' * 9000}"),
        broken.test_client().get("/broken"),
        broken.test_client().get("/v1/broken"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 304, 308, 400, 400, 404, 405, 414, 500, 500]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = set(answer.headers["Access-Control-Expose-Headers"].split(", "))
        assert {"Link", "ETag", "Content-Disposition", "Retry-After", "Foundling-Release", "Content-Range"} <= exposed
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for answer in answers[-2:]:
        read_problem(answer, 500)
        assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("coding", DECODERS)
@pytest.mark.parametrize("path", [*DATA, "/openapi.json", "/docs", "/v1/schemas/incident.json"])
def test_each_coding_decodes_to_the_same_bytes(client: FlaskClient, path: str, coding: str) -> None:
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    packed = client.get(path, headers={"Accept-Encoding": coding})
    if len(plain.get_data()) < 500:
        assert "Content-Encoding" not in packed.headers, "not worth it"
    else:
        assert packed.headers["Content-Encoding"] == coding
        assert DECODERS[coding](packed.get_data()) == plain.get_data()
    for response in (plain, packed):
        assert "Accept-Encoding" in response.headers["Vary"]
    assert packed.content_type == plain.content_type


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("zstd, br, gzip", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("identity", None),
        ("", None),
        ("nonsense", None),
        ("gzip;q=0", None),
        ("gzip;q=0, br", "br"),
        ("zstd; q=0.000, br;Q=0, gzip", "gzip"),
        ("*;q=0", None),
        ("identity;q=0, gzip;q=0.1", "gzip"),
    ],
)
def test_the_best_coding_that_the_reader_takes_is_chosen(
    client: FlaskClient, accepted: str, coding: str | None
) -> None:
    for path in (PAGE, CSV):
        response = client.get(path, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == coding


@pytest.mark.parametrize("path", DATA)
def test_each_coding_has_a_tag_of_its_own_and_each_of_them_is_confirmed(client: FlaskClient, path: str) -> None:
    tags = {}
    for coding in ("identity", *DECODERS):
        headers = {"Accept-Encoding": coding}
        with client.get(path, headers=headers) as response:
            tag = response.headers["ETag"]
        assert tag.startswith("W/") == (path in STREAMED)
        with client.get(path, headers=headers | {"If-None-Match": tag}) as again:
            assert (again.status_code, again.headers["ETag"]) == (304, tag)
        if coding == "identity" or "Content-Encoding" in response.headers:
            tags[coding] = tag
    assert len(set(tags.values())) == len(tags)


@pytest.mark.parametrize("coding", ["identity", *DECODERS])
def test_a_reader_may_leave_in_the_middle_of_a_stream(client: FlaskClient, coding: str) -> None:
    for _ in range(3):
        with client.get(CSV, headers={"Accept-Encoding": coding}, buffered=False) as response:
            assert next(response.iter_encoded())
    assert client.get(PAGE).status_code == 200


def test_streams_have_no_length_and_whole_answers_have_one(client: FlaskClient) -> None:
    for path in DATA:
        response = client.get(path, buffered=False)
        assert ("Content-Length" in response.headers) == (path not in STREAMED)
        response.close()


def test_problems_are_sent_plain_whatever_the_reader_takes(client: FlaskClient, read_problem: Read) -> None:
    query = "&".join(f"nonsense_{number}=1" for number in range(30))
    response = client.get(f"{PAGE}?{query}", headers={"Accept-Encoding": "zstd, br, gzip"})
    assert "Content-Encoding" not in response.headers
    assert len(read_problem(response, 400)["errors"]) == 30


@pytest.mark.parametrize("path", ["/openapi.json", "/v1/schemas/incident.json"])
def test_descriptions_belong_to_the_software_and_not_to_a_release(client: FlaskClient, path: str) -> None:
    for coding in ("identity", "gzip"):
        headers = {"Accept-Encoding": coding}
        response = client.get(path, headers=headers)
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert "Foundling-Release" not in response.headers
        assert "Content-Location" not in response.headers
        again = client.get(path, headers=headers | {"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_never_kept(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["Cache-Control"] == "no-store"
