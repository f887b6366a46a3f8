"""Tools that cannot run here: what each is known to demand of an address, a file or a formula is held to.

Where a rule comes from stands beside it; none of these tests says that the tool itself was seen to work.
"""

import csv
import io
import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from api.consumers.question import Question
from tests.consumers.conftest import MATCHING

Pastes = Callable[[str], list[str]]
Proves = Callable[..., None]
ReadJson = Callable[[str], Any]

ORIGIN = "https://tool.example"


def fetch(address: str) -> tuple[dict[str, str], bytes]:
    """Headers and body, asked for as a browser of another origin does."""
    request = urllib.request.Request(address, headers={"Origin": ORIGIN})
    with urllib.request.urlopen(request) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8"), newline="")))


def is_open_to_browsers(headers: dict[str, str]) -> bool:
    return headers["access-control-allow-origin"] == "*"


def addresses(text: str) -> list[str]:
    return re.findall(r"https?://[^\s'\"]+", text)


@pytest.mark.parametrize("key", ["excel", "power-bi"])
def test_power_query_gets_an_array_of_equal_records_from_three_parts(
    key: str, pastes: Pastes, read_json: ReadJson, asked: Question, proves: Proves
) -> None:
    # Table.FromRecords takes the fields of the first record; a fixed base address is what the Service can refresh.
    query = pastes(key)[-1]
    parts = re.search(r'Web\.Contents\("([^"]+)", \[RelativePath = "([^"]+)", Query = \[(.*?)\]\]\)', query)
    assert parts
    base, path, record = parts.groups()
    assert "?" not in base + path
    given = re.findall(r'(\w+) = "((?:[^"]|"")*)"', record)
    assert dict(given) == dict(asked.parameters)
    records = read_json(f"{base}/{path}{asked.words()['asked']}")
    assert isinstance(records, list)
    assert len(records) == MATCHING
    assert len({tuple(record) for record in records}) == 1
    assert all(not isinstance(value, dict | list) for record in records for value in record.values())
    for column in re.findall(r'\{"(\w+)", type date\}', query):
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", record[column]) for record in records)
    proves(key, "the address that its three parts make, and the array of equal, flat records there", how="rules")


@pytest.mark.parametrize("key", ["google-sheets", "looker-studio"])
def test_importdata_gets_a_small_csv_at_once(key: str, pastes: Pastes, proves: Proves) -> None:
    for formula in pastes(key):
        match = re.fullmatch(r'=IMPORTDATA\("([^"]+)"\)', formula)
        assert match
        headers, body = fetch(match.group(1))
        assert headers["content-type"].startswith("text/csv")
        rows = rows_of(body)
        assert rows
        dates = [value for row in rows for name, value in row.items() if name.startswith("date_")]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in dates)
    proves(key, "the formula's address: CSV without a redirect, full dates", how="rules")


def test_infinity_gets_an_array_and_a_cursor_to_the_last_page(
    pastes: Pastes, read_json: ReadJson, proves: Proves
) -> None:
    # grafana-infinity-datasource#1779: a page without the cursor's field is an error.
    whole, page, counts = pastes("grafana-infinity")
    assert len(read_json(whole)) == MATCHING
    address, found, cursors = page.replace("limit=1000", "limit=5"), [], []
    cursor: str | None = ""
    while cursor is not None:
        body = read_json(address + (f"&cursor={cursor}" if cursor else ""))
        assert "next_cursor" in body["meta"]
        cursor = body["meta"]["next_cursor"]
        cursors.append(cursor)
        found += body["data"]
    assert len(found) == len({row["id"] for row in found}) == MATCHING
    assert cursors[-1] is None
    assert len(cursors) == 3
    assert rows_of(fetch(counts)[1])
    proves("grafana-infinity", "a walk by its cursor rules, and the array at the root", how="rules")


def test_httr2_stops_where_the_cursor_is_null(
    asked: Question, pastes: Pastes, read_json: ReadJson, proves: Proves
) -> None:
    # iterate_with_cursor() sets the parameter on the first request, keeps the others, and ends at NULL.
    [snippet] = pastes("r-httr2")
    named = re.search(r"req_url_query\(limit = 1000, (.*)\) \|>", snippet)
    assert named
    given = dict(re.findall(r'(\w+) = "([^"]*)"', named.group(1)))
    assert given == dict(asked.parameters)
    first = f"{asked.home}/v1/incidents?limit=5{asked.words()['more']}"
    pages = [read_json(first)]
    while (cursor := pages[-1]["meta"]["next_cursor"]) is not None:
        pages.append(read_json(f"{first}&cursor={cursor}"))
    assert [len(page["data"]) for page in pages] == [5, 5, 2]
    proves("r-httr2", "a walk by the rules of iterate_with_cursor()", how="rules")


def test_geomap_gets_geojson_in_the_browser_kept_for_a_minute(
    pastes: Pastes, read_json: ReadJson, proves: Proves
) -> None:
    # grafana#105320: what may be kept for long is never fetched again.
    layer, points = pastes("grafana-geomap")
    headers, body = fetch(layer)
    assert is_open_to_browsers(headers)
    assert headers["cache-control"].startswith("public, max-age=60,")
    assert {feature["geometry"]["type"] for feature in json.loads(body)["features"]} == {"MultiPolygon"}
    assert all(isinstance(row[name], float | int) for row in read_json(points) for name in ("lat", "lon"))
    proves("grafana-geomap", "CORS, caching for a minute, numbers in lat and lon", how="rules")


@pytest.mark.parametrize("key", ["datawrapper", "flourish"])
def test_live_charts_get_csv_in_utf_8_with_a_header(key: str, pastes: Pastes, proves: Proves) -> None:
    for address in pastes(key):
        headers, body = fetch(address)
        assert is_open_to_browsers(headers)
        assert headers["content-type"].startswith("text/csv; charset=utf-8")
        assert not body.startswith(b"\xef\xbb\xbf")
        named = parse_qs(urlsplit(address).query).get("fields")
        if named:
            assert body.split(b"\r\n", 1)[0].decode() == named[0]
    proves(key, "CORS, UTF-8 with commas and a header, columns in the order asked for", how="rules")


def test_arcgis_finds_its_columns_and_one_kind_of_geometry(pastes: Pastes, proves: Proves) -> None:
    # CSVLayer's own names: lat, latitude, y and lon, lng, long, longitude, x.
    geojson, table = pastes("arcgis-online")
    headers, body = fetch(geojson)
    features = json.loads(body)["features"]
    assert is_open_to_browsers(headers)
    assert {feature["geometry"]["type"] for feature in features} == {"Point"}
    assert all(not isinstance(value, dict | list) for one in features for value in one["properties"].values())
    headers, body = fetch(table)
    assert is_open_to_browsers(headers)
    assert {"lat", "lon"} <= set(rows_of(body)[0])
    [module] = pastes("arcgis-js")
    assert addresses(module) == [table]
    for name in re.findall(r'(?:Field: "|\{)(\w+)["}]', module):
        assert name in rows_of(body)[0]
    proves("arcgis-online", "CORS, one kind of geometry, flat properties, names of columns", how="rules")
    proves("arcgis-js", "CORS, and the columns that it names", how="rules")


def test_kepler_knows_the_file_by_its_name_and_makes_points(pastes: Pastes, proves: Proves) -> None:
    # kepler.gl#791: the type is read from the last part of the path; pairs of columns make point layers.
    address, hexagons, link = pastes("kepler")
    assert urlsplit(address).path.rpartition("/")[2] == "incidents.csv"
    assert unquote(urlsplit(link).query).removeprefix("mapUrl=") == address
    assert parse_qs(urlsplit(link).query) == {"mapUrl": [address]}
    headers, body = fetch(address)
    assert is_open_to_browsers(headers)
    rows = rows_of(body)
    assert {("lat", "lon"), ("lat", "lng"), ("latitude", "longitude")} & {(a, b) for a in rows[0] for b in rows[0]} == {
        ("lat", "lon")
    }
    assert not {"h3_id", "hexagon_id"} & set(rows[0])
    assert urlsplit(hexagons).path.rpartition("/")[2] == "hexagons.csv"
    cells = rows_of(fetch(hexagons)[1])
    assert {"h3_id", "hexagon_id"} & set(cells[0]) == {"h3_id"}
    assert [int(cell["incidents"]) for cell in cells if not cell["h3_id"]] == [1], "the one of an area"
    assert sum(int(cell["incidents"]) for cell in cells) == MATCHING
    for name in ("lat", "lon", "uncertainty_m"):
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", row[name]) for row in rows), "a mixed column becomes text"
    proves(
        "kepler",
        "the file's name, CORS, one pair of columns for points, one for hexagons, numbers that are numbers",
        how="rules",
    )


def test_umap_fills_in_its_box_and_felt_takes_the_ending(pastes: Pastes, proves: Proves) -> None:
    remote, dynamic = pastes("umap")
    for address in (remote, dynamic.format(west=-200.5, south=-89.9, east=200.25, north=89.9)):
        headers, body = fetch(address)
        assert is_open_to_browsers(headers)
        assert len(json.loads(body)["features"]) == MATCHING
    proves("umap", "CORS, and boxes beyond 180 degrees", how="rules")
    [address] = pastes("felt")
    headers, _ = fetch(address)
    assert urlsplit(address).path.endswith(".geojson")
    assert headers["content-type"] == "application/geo+json"
    proves("felt", "the ending and the type of the file", how="rules")
