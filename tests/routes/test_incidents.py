"""Pages of incidents, walks through all of them, single ones, and what has been withdrawn."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.curation.versions import build
from api.domain.columns import COLUMN_NAMES, COLUMNS
from api.domain.query import SORT_KEYS
from api.domain.release import Release

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
PAGE = "/v1/incidents"
NEXT_DAY = datetime(2026, 11, 25, 7, 0, 0, tzinfo=UTC)

Read = Callable[[TestResponse, int], dict[str, Any]]
NewUrl = Callable[[], str]
Locate = Callable[..., LocatedIncident]
Append = Callable[..., Release]
MakeApp = Callable[[str], Flask]


@pytest.fixture
def new_client(
    new_url: Callable[[], str], append_incidents: Append, make_app: Callable[[str], Flask]
) -> Callable[[list[LocatedIncident]], FlaskClient]:
    """An application over a database of its own, with these incidents as release 1."""

    def make(incidents: list[LocatedIncident]) -> FlaskClient:
        url = new_url()
        append_incidents(url, incidents)
        return make_app(url).test_client()

    return make


def ids_of(client: FlaskClient, query: str) -> list[str]:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200, response.get_data()
    return [row["id"] for row in response.get_json()["data"]]


def walk(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    """All pages, by following `next` until there is none; cursor and link always agree."""
    pages = [client.get(f"{PAGE}?{query}").get_json()]
    while "next" in pages[-1]["links"]:
        link = pages[-1]["links"]["next"]
        assert link.startswith(f"{PUBLIC_URL}{PAGE}?")
        assert parse_qs(urlsplit(link).query)["cursor"] == [pages[-1]["meta"]["next_cursor"]]
        response = client.get(link.removeprefix(PUBLIC_URL))
        assert response.status_code == 200
        pages.append(response.get_json())
        assert pages[-1]["data"], "a next that leads nowhere"
    assert pages[-1]["meta"]["next_cursor"] is None
    return pages


def test_a_page_has_exactly_these_members(client: FlaskClient) -> None:
    body = client.get(f"{PAGE}?limit=1000").get_json()
    assert list(body) == ["data", "links", "meta"]
    assert list(body["links"]) == ["self"]
    assert set(body["meta"]) == {
        "returned", "limit", "total", "total_is_lower_bound", "next_cursor", "release", "licence", "licence_url",
        "attribution", "citation",
    }  # fmt: skip
    meta = body["meta"]
    assert meta["returned"] == meta["total"] == len(body["data"])
    assert (meta["limit"], meta["total_is_lower_bound"], meta["next_cursor"], meta["release"]) == (1000, False, None, 1)
    assert "Release 1, 2026-11-24" in meta["citation"]
    assert PUBLIC_URL in meta["citation"]


def test_rows_are_flat_and_have_the_columns_in_their_order(client: FlaskClient) -> None:
    rows = client.get(PAGE).get_json()["data"]
    assert len(rows) >= 4
    types: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float)}
    for row in rows:
        assert tuple(row) == COLUMN_NAMES
        for column in COLUMNS:
            value = row[column.name]
            if value is None:
                assert column.is_nullable, column.name
            else:
                assert isinstance(value, types.get(column.type, (str,))), column.name
                assert not isinstance(value, bool), column.name


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("", "limit=100"),
        ("limit=007", "limit=7"),
        ("limit=5000", "limit=1000"),
        ("country=pe,id&country=PE", "country=ID,PE&limit=100"),
        ("limit=5&q=%C3%91and%C3%BA!", "q=nandu&limit=5"),
        ("bbox=170,-25,190.0,-10", "bbox=170,-25,-170,-10&limit=100"),
        ("near=1.0,2&radius_m=5e3", "near=1,2&radius_m=5000&limit=100"),
        ("datetime=2018-11-06T10:00:00Z", "datetime=2018-11-06&limit=100"),
        ("datetime=2018", "datetime=2018-01-01/2018-12-31&limit=100"),
        ("sort=-date_start", "limit=100"),
        ("match=certain", "limit=100"),
        ("match=possible&datetime=2018-11-06", "datetime=2018-11-06&limit=100"),
        ("match=point&bbox=1,2,3,4", "bbox=1,2,3,4&limit=100"),
        ("match=possible&bbox=1,2,3,4", "bbox=1,2,3,4&match=possible&limit=100"),
        ("match=certain&datetime=2018-11-06", "datetime=2018-11-06&match=certain&limit=100"),
        ("max_uncertainty_m=5e3&q=x", "max_uncertainty_m=5000&q=x&limit=100"),
        ("count=exact&limit=5", "limit=5&count=exact"),
        ("sort=id&release=01&_=5", "sort=id&limit=100&release=1"),
    ],
)
def test_a_page_links_to_itself_in_canonical_spelling(client: FlaskClient, asked: str, canonical: str) -> None:
    link = client.get(f"{PAGE}?{asked}").get_json()["links"]["self"]
    assert link == f"{PUBLIC_URL}{PAGE}?{canonical}"
    again = client.get(link.removeprefix(PUBLIC_URL)).get_json()
    assert again["links"]["self"] == link


def test_links_do_not_come_from_the_request(client: FlaskClient) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    response = client.get(f"{PAGE}?limit=1", headers=headers)
    assert "evil.example" not in response.get_data(as_text=True)
    assert response.get_json()["links"]["next"].startswith(PUBLIC_URL)


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("sort", [sign + key for key in SORT_KEYS for sign in ("", "-")])
def test_a_walk_gives_each_incident_once_and_in_order(
    invented_client: FlaskClient, invented: list[LocatedIncident], sort: str, limit: int
) -> None:
    pages = walk(invented_client, f"sort={sort}&limit={limit}")
    rows = [row for page in pages for row in page["data"]]
    assert {row["id"] for row in rows} == {one.incident.id for one in invented}
    assert len(rows) == len(invented)
    key = sort.removeprefix("-")
    column = {"updated": "updated_release"}.get(key, key)
    assert rows == sorted(rows, key=lambda row: (row[column] or "", row["id"]), reverse=sort.startswith("-"))
    assert [page["meta"]["returned"] for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert {page["meta"]["total"] for page in pages} == {len(invented)}


def test_the_latest_come_first_unless_asked_otherwise(invented_client: FlaskClient) -> None:
    assert ids_of(invented_client, "") == ids_of(invented_client, "sort=-date_start")


@pytest.mark.parametrize("limit", [63, 64, 65])
def test_next_is_there_only_if_a_row_follows(invented_client: FlaskClient, limit: int) -> None:
    body = invented_client.get(f"{PAGE}?limit={limit}").get_json()
    assert ("next" in body["links"]) == (body["meta"]["next_cursor"] is not None) == (limit < 64)


def test_a_cursor_works_as_a_parameter_with_another_limit(invented_client: FlaskClient) -> None:
    first = invented_client.get(f"{PAGE}?limit=5&country=PE&sort=id").get_json()
    rest = invented_client.get(f"{PAGE}?sort=id&country=pe&limit=50&cursor={first['meta']['next_cursor']}").get_json()
    together = [row["id"] for row in first["data"] + rest["data"]]
    assert together == ids_of(invented_client, "country=PE&sort=id")
    assert rest["links"]["self"].endswith(f"limit=50&cursor={first['meta']['next_cursor']}")
    assert "empty" not in rest["meta"]


@pytest.mark.parametrize("limit", [1, 7, 100, 1000])
@pytest.mark.parametrize("sort", ["id", "-updated", "-date_start"])
def test_a_walk_stays_in_its_release_while_others_are_published(
    new_url: Callable[[], str], make_app: MakeApp, locate: Locate, append_incidents: Append, *, sort: str, limit: int
) -> None:
    url = new_url()
    incidents = [locate(f"PE-2018-{number:04d}", date=f"2018-01-{1 + number % 9:02d}") for number in range(30)]
    append_incidents(url, incidents)
    app = make_app(url)
    app.extensions["foundling"].clock = iter(range(0, 10_000, 10)).__next__
    client = app.test_client()
    expected = client.get(f"{PAGE}?sort={sort}").get_json()["data"]

    page = client.get(f"{PAGE}?sort={sort}&limit={limit}").get_json()
    rows, published = page["data"], 1
    while "next" in page["links"] or published == 1:
        if published < 5:
            incidents = [locate(f"PE-2019-{len(rows):04d}"), *incidents[2:]]
            incidents[5] = locate(incidents[5].incident.id, date="2020", title={"en": f"Changed after {len(rows)}"})
            append_incidents(url, incidents)
            published += 1
        if "next" not in page["links"]:
            break
        page = client.get(page["links"]["next"].removeprefix(PUBLIC_URL)).get_json()
        assert page["meta"]["release"] == 1
        assert page["meta"]["total"] == 30
        rows += page["data"]
    assert rows == expected
    assert client.get(PAGE).get_json()["meta"]["release"] == published
    assert client.get(f"{PAGE}?release=1&sort={sort}").get_json()["data"] == expected


def test_totals_are_exact_to_ten_thousand_and_a_bound_beyond(many_client: FlaskClient) -> None:
    for query, total, is_bound in (
        ("", 10_003, False),  # all that a release holds is known without counting
        ("match=certain", 10_003, False),
        ("country=PE", 10_000, False),
        ("max_uncertainty_m=20037508", 10_000, True),
        ("max_uncertainty_m=20037508&count=exact", 10_003, False),
        ("country=PE,NG&count=exact", 10_003, False),
        ("country=NG&count=exact", 3, False),
        ("count=exact", 10_003, False),
        ("datetime=2017&count=exact", 0, False),
        ("country=NG", 3, False),
        ("country=PE,NG", 10_000, True),
        ("datetime=2017", 0, False),
    ):
        meta = many_client.get(f"{PAGE}?limit=1&{query}").get_json()["meta"]
        assert (meta["total"], meta["total_is_lower_bound"]) == (total, is_bound), query


def test_a_count_that_takes_too_long_is_a_bound_that_no_cache_keeps(many_url: str, make_app: MakeApp) -> None:
    app = make_app(many_url)
    state, client = app.extensions["foundling"], app.test_client()
    state.counting_s = 0.0
    slow = client.get(f"{PAGE}?limit=1&country=NG,PE&count=exact&release=1")
    assert (slow.get_json()["meta"]["total"], slow.get_json()["meta"]["total_is_lower_bound"]) == (10_000, True)
    assert slow.headers["Cache-Control"] == "no-store"
    assert "ETag" not in slow.headers
    assert slow.headers["Foundling-Release"] == "1"
    state.counting_s = 60.0
    quick = client.get(f"{PAGE}?limit=1&country=NG,PE&count=exact&release=1")
    assert (quick.get_json()["meta"]["total"], quick.get_json()["meta"]["total_is_lower_bound"]) == (10_003, False)
    assert "immutable" in quick.headers["Cache-Control"]
    assert quick.headers["ETag"]
    state.counting_s = 0.0
    known = client.get(f"{PAGE}?limit=1&country=PE,NG&count=exact").get_json()["meta"]
    assert (known["total"], known["total_is_lower_bound"]) == (10_003, False), "what was counted is remembered"
    without = client.get(f"{PAGE}?limit=1&country=PE,NG").get_json()["meta"]
    assert (without["total"], without["total_is_lower_bound"]) == (10_000, True), "one address, one answer"


def test_a_walk_that_counts_counts_on_every_page(many_client: FlaskClient) -> None:
    first = many_client.get(f"{PAGE}?country=PE,NG&count=exact&limit=1").get_json()
    assert "count=exact" in first["links"]["next"]
    second = many_client.get(first["links"]["next"].removeprefix(PUBLIC_URL)).get_json()
    assert "count=exact" in second["links"]["self"]
    assert first["meta"]["total"] == second["meta"]["total"] == 10_003
    uncounted = many_client.get(f"{PAGE}?country=PE,NG&cursor={first['meta']['next_cursor']}&limit=1").get_json()
    assert uncounted["data"] == second["data"]


def test_a_walk_goes_past_what_is_counted(many_client: FlaskClient) -> None:
    pages = walk(many_client, "limit=1000&sort=id")
    ids = [row["id"] for page in pages for row in page["data"]]
    assert len(ids) == len(set(ids)) == 10_003
    assert ids == sorted(ids)
    assert [page["meta"]["returned"] for page in pages] == [1000] * 10 + [3]


def test_an_empty_page_tells_which_filter_to_leave_out_and_what_there_is(client: FlaskClient) -> None:
    body = client.get(f"{PAGE}?country=PE&datetime=1999&category=infant_sale_ring").get_json()
    assert body["data"] == []
    assert body["meta"]["total"] == 0
    assert body["meta"]["next_cursor"] is None
    assert "next" not in body["links"]
    assert body["meta"]["empty"]["without"] == ["datetime"]
    rows = client.get(f"{PAGE}?limit=1000").get_json()["data"]
    assert body["meta"]["empty"]["covered"] == {
        "start": min(row["date_start"] for row in rows),
        "end": max(row["date_end"] for row in rows),
        "countries": sorted({row["country"] for row in rows}),
    }


def test_when_any_of_two_filters_is_too_much_both_are_named(client: FlaskClient) -> None:
    empty = client.get(f"{PAGE}?country=PE&q=surabaya").get_json()["meta"]["empty"]
    assert set(empty["without"]) == {"country", "q"}
    assert client.get(f"{PAGE}?country=PE&q=surabaya&datetime=1950").get_json()["meta"]["empty"]["without"] == []


def test_an_empty_page_names_match_and_the_limit_of_uncertainty_where_they_are_in_the_way(
    new_client: Callable[[list[LocatedIncident]], FlaskClient], locate: Locate
) -> None:
    client = new_client([locate("PE-2018-0001", lon=10.0, lat=10.0, uncertainty_m=50_000, date="2018-11")])
    for query, in_the_way in (
        ("bbox=9.9,9.9,10.1,10.1&match=certain", ["bbox", "match"]),
        ("datetime=2018-11-06&match=certain", ["datetime", "match"]),
        ("near=20,20&radius_m=5&match=possible", ["near"]),
        ("bbox=9,9,11,11&max_uncertainty_m=1000", ["max_uncertainty_m"]),
        ("max_uncertainty_m=0", ["max_uncertainty_m"]),
        ("bbox=9.9,9.9,10.1,10.1&match=certain&max_uncertainty_m=49999", []),
        ("country=NG&match=certain", ["country"]),
    ):
        empty = client.get(f"{PAGE}?{query}").get_json()["meta"]["empty"]
        assert empty["without"] == in_the_way, query


def test_match_tells_what_may_have_happened_there_from_what_did(
    new_client: Callable[[list[LocatedIncident]], FlaskClient], locate: Locate
) -> None:
    client = new_client(
        [
            locate("PE-2018-0001", lon=0.0, lat=0.0, uncertainty_m=3_000, date="2018-11-06"),
            locate("PE-2018-0002", lon=0.0, lat=0.0, uncertainty_m=400_000, date="2018-11"),
            locate("PE-2018-0003", lon=2.0, lat=0.0, uncertainty_m=400_000, date="2018-11-06?"),
            locate("PE-2018-0004", lon=2.0, lat=0.0, uncertainty_m=3_000, date="2017/2018"),
        ]
    )
    for query, point, possible, certain in (
        ("bbox=-1,-1,1,1", "12", "123", "1"),
        ("near=0,0&radius_m=100000", "12", "123", "1"),
        ("datetime=2018-11", "1234", "1234", "12"),
        ("datetime=2018", "1234", "1234", "12"),
        ("datetime=2017/2018", "1234", "1234", "124"),
        ("bbox=-1,-1,1,1&datetime=2018-11-06", "12", "123", "1"),
    ):
        for match, expected in (("point", point), ("possible", possible), ("certain", certain)):
            found = sorted(id_[-1] for id_ in ids_of(client, f"{query}&match={match}"))
            assert "".join(found) == expected, (query, match)


def test_an_empty_release_covers_nothing(
    new_url: Callable[[], str], make_app: Callable[[str], Flask], append_incidents: Append
) -> None:
    url = new_url()
    append_incidents(url, [])
    body = make_app(url).test_client().get(PAGE).get_json()
    assert body["data"] == []
    assert body["meta"]["empty"] == {"without": [], "covered": {"start": None, "end": None, "countries": []}}


def test_one_incident_comes_with_all_that_is_claimed(client: FlaskClient) -> None:
    response = client.get(f"{PAGE}/PE-2018-0001")
    body = response.get_json()
    assert list(body) == ["data", "context", "links", "meta"]
    assert {entry["area"] for entry in body["context"]} == {"PE", "001"}
    record = body["data"]
    flat = next(row for row in client.get(f"{PAGE}?limit=1000").get_json()["data"] if row["id"] == "PE-2018-0001")
    for name in ("id", "category", "outcome", "verification", "confidence", "updated", "updated_release"):
        assert record[name] == flat[name]
    assert record["title"]["en"] == flat["title"]
    assert (record["place"]["lon"], record["place"]["lat"]) == (flat["lon"], flat["lat"])
    assert ";".join(source["id"] for source in record["sources"]) == flat["source_ids"]
    assert {source for figure in record["figures"] for source in figure["sources"]} <= {
        source["id"] for source in record["sources"]
    }
    assert body["links"] == {
        "self": f"{PUBLIC_URL}{PAGE}/PE-2018-0001",
        "geojson": f"{PUBLIC_URL}{PAGE}/PE-2018-0001.geojson",
        "history": f"{PUBLIC_URL}{PAGE}/PE-2018-0001/history",
        "collection": f"{PUBLIC_URL}{PAGE}",
    }
    for link in body["links"].values():
        assert client.get(link.removeprefix(PUBLIC_URL)).status_code == 200


def test_one_incident_of_a_release_links_to_that_release(client: FlaskClient) -> None:
    for path in ("PE-2018-0001", "pe-2018-0001"):
        links = client.get(f"{PAGE}/{path}?release=1").get_json()["links"]
        assert links["self"] == f"{PUBLIC_URL}{PAGE}/PE-2018-0001?release=1"
        assert links["geojson"] == f"{PUBLIC_URL}{PAGE}/PE-2018-0001.geojson?release=1"


def test_one_incident_as_a_feature_has_the_flat_object_as_properties(client: FlaskClient) -> None:
    response = client.get(f"{PAGE}/PE-2018-0001.geojson")
    assert response.content_type == "application/geo+json"
    feature = orjson.loads(response.get_data())
    row = next(row for row in client.get(PAGE).get_json()["data"] if row["id"] == "PE-2018-0001")
    assert feature == {
        "type": "Feature",
        "id": "PE-2018-0001",
        "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
        "properties": row,
    }


def test_an_incident_that_never_was_is_not_found(client: FlaskClient, read_problem: Read) -> None:
    for path in ("ZZ-2018-0001", "pe-2018-9999", "PE-2018-9999.geojson"):
        body = read_problem(client.get(f"{PAGE}/{path}"), 404)
        assert body["type"].endswith("#unknown-incident")
        assert path.removesuffix(".geojson").upper() in body["detail"]


def test_withdrawn_incidents_are_gone_with_a_way_on_and_earlier_releases_keep_them(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Locate,
    append_incidents: Append,
    read_problem: Read,
) -> None:
    url = new_url()
    kept, merged, vanished = (locate(f"PE-2018-000{number}") for number in (1, 2, 3))
    withdrawal = {"id": "PE-2018-0002", "reason": "merged", "date": "2026-11-25", "superseded_by": "PE-2018-0001"}
    append_incidents(url, [merged, vanished])
    append_incidents(url, [kept, merged, vanished])
    append_incidents(url, [kept], withdrawn=[withdrawal])
    client = make_app(url).test_client()
    for path in ("PE-2018-0002", "pe-2018-0002", "PE-2018-0002.geojson", "PE-2018-0002?release=3"):
        body = read_problem(client.get(f"{PAGE}/{path}"), 410)
        assert (body["last_release"], body["reason"], body["superseded_by"]) == (2, "merged", "PE-2018-0001")
        assert body["type"].endswith("#withdrawn-incident")
        assert "invented" not in str(body).lower()
    body = read_problem(client.get(f"{PAGE}/PE-2018-0003"), 410)
    assert (body["last_release"], body["reason"], body["superseded_by"]) == (2, None, None)
    assert client.get(f"{PAGE}/PE-2018-0002?release=2").get_json()["data"]["id"] == "PE-2018-0002"
    read_problem(client.get(f"{PAGE}/PE-2018-0001?release=1"), 404)
    assert ids_of(client, "ids=PE-2018-0001,PE-2018-0002") == ["PE-2018-0001"]
    assert ids_of(client, "ids=PE-2018-0001,PE-2018-0002&release=2&sort=id") == ["PE-2018-0001", "PE-2018-0002"]


def test_release_is_time_travel(
    new_url: Callable[[], str], make_app: Callable[[str], Flask], locate: Locate, append_incidents: Append
) -> None:
    url = new_url()
    before = locate("PE-2018-0001", title={"en": "Before"}, category="online_sale")
    after = locate("PE-2018-0001", title={"en": "After"}, category="abduction")
    second = locate("PE-2018-0002")
    first_release = append_incidents(url, [before])
    append_incidents(url, [after, second], now=NEXT_DAY)
    client = make_app(url).test_client()
    old, new = (client.get(f"{PAGE}?release={number}&sort=id").get_json() for number in (1, 2))
    assert [row["title"] for row in old["data"]] == ["Before"]
    assert [row["title"] for row in new["data"]] == ["After", "An invented incident"]
    assert old["meta"]["total"] == 1
    assert "Release 1, 2026-11-24" in old["meta"]["citation"]
    assert "Release 2, 2026-11-25" in new["meta"]["citation"]
    assert (old["data"][0]["updated"], old["data"][0]["updated_release"]) == (first_release.published, 1)
    assert (new["data"][0]["updated"], new["data"][0]["updated_release"]) == ("2026-11-25T07:00:00Z", 2)
    assert client.get(f"{PAGE}/PE-2018-0001?release=1").get_json()["data"]["title"] == {"en": "Before"}
    assert ids_of(client, "category=online_sale&release=1") == ["PE-2018-0001"]
    assert ids_of(client, "category=online_sale") == []
    assert client.get(PAGE).get_json()["data"] != old["data"]
    assert {**client.get(f"{PAGE}?sort=id").get_json(), "links": None} == {**new, "links": None}


def test_a_code_that_is_gone_still_answers_for_the_releases_that_had_it(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Locate,
    append_incidents: Append,
    read_problem: Read,
) -> None:
    url = new_url()
    code = {"list": "category", "code": "old_code"}
    append_incidents(url, [locate("PE-2018-0001", category="old_code")], others=[("codelist", "category/999", code)])
    append_incidents(url, [locate("PE-2018-0001", category="other")])
    client = make_app(url).test_client()
    assert ids_of(client, "category=old_code&release=1") == ["PE-2018-0001"]
    read_problem(client.get(f"{PAGE}?category=old_code"), 400)


FIJI = "bbox=170,-25,-170,-10"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (FIJI, {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("bbox=170,-25,190,-10", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("bbox=-190,-25,-170,-10", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("bbox=530,-25,550,-10", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("bbox=170,-25,180,-10", {"FJ-2018-0001", "FJ-2018-0003"}),
        ("bbox=-180,-25,-170,-10", {"FJ-2018-0002", "FJ-2018-0003"}),
        ("bbox=-170,-25,170,-10", {"PE-2018-0001"}),
        ("bbox=-180,-90,180,90", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003", "PE-2018-0001"}),
        ("bbox=178.4,-18.1,178.5,-18", {"FJ-2018-0001"}),
        ("bbox=178.43,-18.13,178.44,-18.12", set()),
        ("near=180,-17&radius_m=300000", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("near=-180,-17&radius_m=300000", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003"}),
        ("near=179.9,-16.8&radius_m=20000", {"FJ-2018-0003"}),
        ("near=-179.9,-16.8&radius_m=20000", {"FJ-2018-0003"}),
        ("near=0,0&radius_m=20037508", {"FJ-2018-0001", "FJ-2018-0002", "FJ-2018-0003", "PE-2018-0001"}),
    ],
)
def test_both_sides_of_the_antimeridian_belong_together(
    new_client: Callable[[list[LocatedIncident]], FlaskClient], locate: Locate, query: str, found: set[str]
) -> None:
    client = new_client(
        [
            locate("FJ-2018-0001", country="FJ", lon=178.442, lat=-18.142 + 0.1),
            locate("FJ-2018-0002", country="FJ", lon=-179.0, lat=-16.8),
            locate("FJ-2018-0003", country="FJ", lon=180.0, lat=-16.8),
            locate("PE-2018-0001", country="PE", lon=-71.5, lat=-16.4),
        ]
    )
    assert set(ids_of(client, query)) == found
    assert {row["id"] for page in walk(client, f"{query}&limit=1") for row in page["data"]} == found


def test_namibia_is_a_country_and_not_a_missing_value(invented_client: FlaskClient) -> None:
    rows = invented_client.get(f"{PAGE}?country=NA").get_json()["data"]
    assert rows
    for row in rows:
        assert (row["country"], row["country_iso3"], row["country_name"]) == ("NA", "NAM", "Namibia")


@pytest.mark.parametrize("country", ["PE", "NG", "ID", "NA"])
def test_a_filter_gives_what_a_loop_over_everything_would(
    invented_client: FlaskClient, invented: list[LocatedIncident], country: str
) -> None:
    expected = {one.incident.id for one in invented if one.incident.place.country == country}
    assert set(ids_of(invented_client, f"country={country}")) == expected
    by_category = {
        code: {one.incident.id for one in invented if one.incident.category == code} & expected
        for code in ("other", "online_sale")
    }
    for code, ids in by_category.items():
        assert set(ids_of(invented_client, f"country={country}&category={code}")) == ids


def test_what_is_stored_is_what_is_served(invented_client: FlaskClient, invented: list[LocatedIncident]) -> None:
    rows = {row["id"]: row for row in invented_client.get(f"{PAGE}?limit=1000").get_json()["data"]}
    for one in invented:
        added = ("updated", "updated_release", "citation")
        stored = orjson.loads(build(one).flat)
        assert {name: value for name, value in rows[one.incident.id].items() if name not in added} == stored
