"""Whole files: valid, complete, the same rows as the pages, safe to open, and never complete by mistake."""

import csv
import io
import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.domain.columns import COLUMN_NAMES, COLUMNS
from api.domain.errors import DatabaseUnavailable
from api.domain.release import Release

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
PAGE, GEOJSON, CSV = "/v1/incidents", "/v1/incidents.geojson", "/v1/incidents.csv"
FORMULAS = ("=", "+", "-", "@", "\t", "\r")

HOSTILE_TITLES = (
    "=1+1",
    "+49 and more",
    "-2+3",
    "@SUM(A1)",
    '=cmd|"/C calc"!A0',
    "\tindented",
    "\rreturned",
    'quotes "in" the middle',
    "comma, semicolon; and 'apostrophe'",
    "two\nlines",
    "two\r\nlines",
    "two\u2028lines\u2029more",
    "</script><script>alert(1)</script>",
    "Niño robado, 孩子, طفل, \N{BABY}, e\u0301",
    "back\\slash \\u0041",
    "nul is not\x01 the only control",
    "' apostrophe first",
    "NULL",
    "1e5",
)

Read = Callable[[TestResponse, int], dict[str, Any]]


@pytest.fixture(scope="module")
def hostile_client(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> FlaskClient:
    """Incidents whose titles were written by nobody who means well."""
    url = new_url()
    incidents = [
        locate(
            f"NA-2018-{number:04d}", country="NA", title={"en": title}, lon=-17.5, lat=-22.25, date_note={"en": title}
        )
        for number, title in enumerate(HOSTILE_TITLES)
    ]
    append_incidents(url, incidents)
    return make_app(url).test_client()


def all_rows(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    """What the pages give."""
    rows: list[dict[str, Any]] = client.get(f"{PAGE}?limit=1000&{query}").get_json()["data"]
    return rows


def read_csv(response: TestResponse) -> tuple[list[str], list[dict[str, str]]]:
    """Header and rows, as Python's csv module reads them."""
    text = response.get_data().decode("utf-8")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = list(reader)
    return list(reader.fieldnames or []), rows


def cell_of(value: Any, kind: str) -> str:
    """What stands in CSV for a value of JSON."""
    if value is None:
        return ""
    if kind in ("text", "code", "list") and str(value).startswith(FORMULAS):
        return f"'{value}"
    return str(value)


QUERIES = [
    "",
    "country=PE",
    "country=PE,ID&sort=id",
    "q=surabaya",
    "datetime=2018",
    "bbox=-180,-90,180,90",
    "release=1",
]


@pytest.mark.parametrize("query", QUERIES)
def test_geojson_is_what_rfc_7946_says_and_holds_the_rows_of_the_pages(client: FlaskClient, query: str) -> None:
    response = client.get(f"{GEOJSON}?{query}")
    assert response.status_code == 200
    assert response.content_type == "application/geo+json"
    body = json.loads(response.get_data())
    assert body["type"] == "FeatureCollection"
    assert "crs" not in body
    assert not {"geometry", "properties", "coordinates"} & set(body)
    for feature in body["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert set(feature["geometry"]) == {"type", "coordinates"}
        assert feature["geometry"]["type"] == "Point"
        lon, lat = feature["geometry"]["coordinates"]
        assert -180 <= lon <= 180
        assert -90 <= lat <= 90
        assert feature["id"] == feature["properties"]["id"]
        assert [lon, lat] == [feature["properties"]["lon"], feature["properties"]["lat"]]
        assert not any(isinstance(value, list | dict) for value in feature["properties"].values())
    assert [feature["properties"] for feature in body["features"]] == all_rows(client, query)


def test_geojson_says_what_belongs_to_every_answer(client: FlaskClient) -> None:
    body = client.get(GEOJSON).get_json(force=True)
    meta = client.get(PAGE).get_json()["meta"]
    for name in ("release", "licence", "licence_url", "attribution"):
        assert body[name] == meta[name]
    assert body["citation"] == meta["citation"].replace(PAGE, GEOJSON)


@pytest.mark.parametrize("query", QUERIES)
def test_csv_reads_back_as_the_rows_of_the_pages(client: FlaskClient, query: str) -> None:
    response = client.get(f"{CSV}?{query}")
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert response.mimetype_params == {"charset": "utf-8", "header": "present"}
    header, rows = read_csv(response)
    assert tuple(header) == COLUMN_NAMES
    assert rows == [
        {column.name: cell_of(row[column.name], column.type) for column in COLUMNS} for row in all_rows(client, query)
    ]


def test_csv_ends_every_line_with_crlf(client: FlaskClient) -> None:
    text = client.get(CSV).get_data().decode()
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == len(all_rows(client)) + 1


@pytest.mark.parametrize(("query", "has_bom"), [("", False), ("?bom=false", False), ("?bom=true", True)])
def test_a_byte_order_mark_comes_only_when_asked_for(client: FlaskClient, query: str, has_bom: bool) -> None:
    body = client.get(f"{CSV}{query}").get_data()
    assert body.startswith(b"\xef\xbb\xbf") == has_bom
    assert body.removeprefix(b"\xef\xbb\xbf").startswith(b"id,title,summary,")
    assert body.count("\ufeff".encode()) == has_bom
    assert not body.startswith(b"sep=")


@pytest.mark.parametrize(("path", "extension"), [(CSV, "csv"), (GEOJSON, "geojson")])
def test_a_file_has_a_name_with_its_release(client: FlaskClient, path: str, extension: str) -> None:
    expected = f'inline; filename="foundling-incidents-release-1.{extension}"'
    assert client.get(path).headers["Content-Disposition"] == expected
    assert client.head(path).headers["Content-Disposition"] == expected


def test_files_do_not_promise_ranges(client: FlaskClient) -> None:
    for path in (CSV, GEOJSON):
        response = client.get(path, headers={"Range": "bytes=0-9"})
        assert response.status_code == 200
        assert response.headers.get("Accept-Ranges", "none") == "none"


def test_nothing_found_is_still_a_whole_file(client: FlaskClient) -> None:
    header, rows = read_csv(client.get(f"{CSV}?datetime=1950"))
    assert (tuple(header), rows) == (COLUMN_NAMES, [])
    body = client.get(f"{GEOJSON}?datetime=1950").get_json(force=True)
    assert (body["type"], body["features"]) == ("FeatureCollection", [])


def test_hostile_text_survives_geojson_and_pages(hostile_client: FlaskClient) -> None:
    features = hostile_client.get(f"{GEOJSON}?sort=id").get_json(force=True)["features"]
    assert tuple(feature["properties"]["title"] for feature in features) == HOSTILE_TITLES
    assert tuple(row["title"] for row in all_rows(hostile_client, "sort=id")) == HOSTILE_TITLES


def test_csv_disarms_formulas_in_text_and_leaves_numbers_alone(hostile_client: FlaskClient) -> None:
    _, rows = read_csv(hostile_client.get(f"{CSV}?sort=id"))
    assert len(rows) == len(HOSTILE_TITLES)
    for row, title in zip(rows, HOSTILE_TITLES, strict=True):
        assert row["title"] == row["date_note"] == (f"'{title}" if title.startswith(FORMULAS) else title)
        assert (row["lon"], row["lat"]) == ("-17.5", "-22.25")
        assert (row["country"], row["country_iso3"], row["country_name"]) == ("NA", "NAM", "Namibia")


@pytest.mark.parametrize("path", [CSV, GEOJSON])
def test_files_hold_everything_in_order_across_batches(many_client: FlaskClient, path: str) -> None:
    body = many_client.get(f"{path}?sort=id").get_data()
    if path == CSV:
        ids = [row["id"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]
    else:
        ids = [feature["id"] for feature in json.loads(body)["features"]]
    assert ids == [f"PE-2018-{number:05d}" for number in range(10_003)]


def test_a_file_is_of_one_release_even_if_another_appears_meanwhile(
    new_many: Callable[[], str],
    make_app: Callable[[str], Flask],
    append_incidents: Callable[..., Release],
) -> None:
    url = new_many()
    response = make_app(url).test_client().get(f"{CSV}?sort=id", buffered=False)
    chunks = response.iter_encoded()
    received = next(chunks)
    append_incidents(url, [])
    received += b"".join(chunks)
    assert received.count(b"\r\n") == 10_004
    response.close()


@pytest.fixture
def mortal(
    new_many: Callable[[], str],
    make_app: Callable[[str], Flask],
    take_away: Callable[[Flask, str], None],
) -> tuple[FlaskClient, Callable[[], None]]:
    """An application, and the way to take its database away."""
    url = new_many()
    app = make_app(url)
    return app.test_client(), lambda: take_away(app, url)


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize("path", [CSV, GEOJSON])
def test_a_stream_whose_database_dies_breaks_off_and_never_ends_as_if_complete(
    mortal: tuple[FlaskClient, Callable[[], None]], path: str, coding: str
) -> None:
    client, kill = mortal
    response = client.get(path, headers={"Accept-Encoding": coding}, buffered=False)
    assert response.status_code == 200
    kill()
    with pytest.raises(DatabaseUnavailable):
        consume(response.iter_encoded())
    response.close()


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/1.1"])
def test_to_an_old_client_a_stream_that_breaks_is_a_reset_and_no_ending(
    mortal: tuple[FlaskClient, Callable[[], None]], protocol: str
) -> None:
    client, kill = mortal
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as reader:
        connection, _ = server.accept()
        environ = {"gunicorn.socket": connection, "SERVER_PROTOCOL": protocol}
        response = client.get(CSV, environ_overrides=environ, buffered=False)
        kill()
        with pytest.raises(DatabaseUnavailable):
            consume(response.iter_encoded())
        response.close()
        if protocol == "HTTP/1.0":
            with pytest.raises(ConnectionResetError):
                reader.recv(1)
        else:
            assert connection.fileno() >= 0, "the server sends no last chunk, and closes it"
        connection.close()


@pytest.mark.parametrize("path", [CSV, GEOJSON])
def test_a_database_that_is_down_from_the_start_is_a_problem_and_no_file(
    mortal: tuple[FlaskClient, Callable[[], None]], read_problem: Read, path: str
) -> None:
    client, kill = mortal
    assert client.head(f"{path}?country=NG").status_code == 200
    kill()
    response = client.get(f"{path}?country=NG")
    body = read_problem(response, 503)
    assert body["type"].endswith("#unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "Content-Disposition" not in response.headers


def consume(chunks: Iterator[bytes]) -> None:
    for _ in chunks:
        pass


def test_half_of_the_threads_send_files_and_the_rest_stay_free(
    database_url: str, make_app: Callable[[str], Flask], read_problem: Read
) -> None:
    client = make_app(database_url).test_client()  # with four threads, two may send
    held = [client.get(GEOJSON, buffered=False) for _ in range(2)]
    refused = client.get(CSV)
    assert read_problem(refused, 503)["type"].endswith("#too-many-downloads")
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get(PAGE).status_code == 200
    assert client.head(CSV).status_code == 200
    held.pop().close()
    assert client.get(CSV).get_data()
    assert client.get(CSV).get_data(), "a place is free again once the file is sent"
    held.pop().close()
