"""Every file of every table: the same filters, the same names, whole, and with its terms."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.domain.columns import COLUMN_NAMES
from api.domain.query import IncidentFilter
from api.domain.release import Release
from api.domain.tables import FIGURES, PLACES, SOURCES
from api.formats import xlsx
from api.formats.registry import FILES
from api.serving.state import State

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
PAGE = "/v1/incidents"
QUERIES = ["", "country=PE", "country=PE,ID&sort=id", "q=surabaya", "datetime=2018", "country=NA", "lang=es&country=PE"]
Read = Callable[[TestResponse, int], dict[str, Any]]


def rows_of(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"{PAGE}?limit=1000&{query}").get_json()["data"]
    return rows


def table_of(client: FlaskClient, path: str) -> list[dict[str, str]]:
    response = client.get(path)
    assert response.status_code == 200, response.get_data()
    return list(csv.DictReader(io.StringIO(response.get_data().decode(), newline=""), strict=True))


def records_of(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    return [client.get(f"{PAGE}/{row['id']}").get_json()["data"] for row in rows_of(client, query)]


@pytest.mark.parametrize("query", QUERIES)
def test_json_is_an_array_of_the_rows_of_the_pages(client: FlaskClient, query: str) -> None:
    response = client.get(f"{PAGE}.json?{query}")
    assert response.content_type == "application/json"
    assert response.get_json() == rows_of(client, query)


@pytest.mark.parametrize("query", QUERIES)
def test_ndjson_is_a_line_a_row_of_the_pages(client: FlaskClient, query: str) -> None:
    response = client.get(f"{PAGE}.ndjson?{query}")
    assert response.content_type == "application/x-ndjson"
    assert [json.loads(line) for line in response.get_data().splitlines()] == rows_of(client, query)


@pytest.mark.parametrize("query", QUERIES)
def test_a_workbook_holds_the_rows_of_the_pages(client: FlaskClient, query: str) -> None:
    response = client.get(f"{PAGE}.xlsx?{query}")
    assert response.content_type == xlsx.MEDIA_TYPE
    sheet, about = openpyxl.load_workbook(io.BytesIO(response.get_data())).worksheets
    header, *rows = ([cell.value for cell in row] for row in sheet.rows)
    assert tuple(header) == COLUMN_NAMES
    expected = [[None if value == "" else value for value in row.values()] for row in rows_of(client, query)]
    assert rows == expected
    told = {row[0].value: row[1].value for row in about.rows}
    assert told["Release"] == "1"
    assert told["Address"].startswith(f"{PUBLIC_URL}{PAGE}.xlsx?")
    assert told["Citation"] == client.get(f"{PAGE}?{query}").get_json()["meta"]["citation"].replace(
        f"{PAGE}?", f"{PAGE}.xlsx?"
    )


@pytest.mark.parametrize("query", ["", "country=PE", "q=surabaya", "ids=PE-2018-0001,NG-2018-0001"])
def test_figures_are_every_claim_with_what_must_be_known_of_its_incident(client: FlaskClient, query: str) -> None:
    expected = [
        {
            "incident_id": record["id"],
            "claim": number,
            **{
                name: figure[name]
                for name in ("measure", "low", "best", "high", "unit", "currency", "as_of", "said_by")
            },
            "source_ids": ";".join(figure["sources"]),
            "note": figure["note"] and figure["note"]["en"],
            "country": record["place"]["country"],
            "category": record["category"],
            "date_start": record["date"]["start"],
            "verification": record["verification"],
        }
        for record in records_of(client, query)
        for number, figure in enumerate(record["figures"], 1)
    ]
    found = client.get(f"/v1/figures.json?{query}").get_json()
    assert all(tuple(row) == FIGURES.names for row in found)
    assert [{name: row[name] for name in expected[0]} for row in found] == expected
    as_text = [{name: "" if value is None else str(value) for name, value in row.items()} for row in found]
    assert [{**row, "note": row["note"].lstrip("'")} for row in table_of(client, f"/v1/figures.csv?{query}")] == as_text


def test_figures_add_up_to_the_wide_columns(client: FlaskClient) -> None:
    figures = client.get("/v1/figures.json").get_json()
    for row in rows_of(client):
        claims = [one for one in figures if (one["incident_id"], one["measure"]) == (row["id"], "arrested")]
        numbers = [one[bound] for one in claims for bound in ("low", "best", "high") if one[bound] is not None]
        assert row["arrested_low"] == min(numbers, default=None)
        assert row["arrested_high"] == max(numbers, default=None)


def test_notes_of_figures_speak_the_language(client: FlaskClient) -> None:
    english, spanish = (client.get(f"/v1/figures.json?lang={lang}").get_json() for lang in ("en", "es"))
    assert len(english) == len(spanish)
    assert {name for one, other in zip(english, spanish, strict=True) for name in one if one[name] != other[name]} <= {
        "note"
    }


@pytest.mark.parametrize("query", ["country=PE", "q=surabaya", "ids=PE-2018-0001,NG-2018-0001"])
def test_sources_and_places_are_those_of_the_incidents_that_match(client: FlaskClient, query: str) -> None:
    records = records_of(client, query)
    sources = table_of(client, f"/v1/sources.csv?{query}")
    cited = list(dict.fromkeys(source["id"] for record in records for source in record["sources"]))
    assert [row["id"] for row in sources] == cited
    assert all(tuple(row) == SOURCES.names for row in sources)
    places = table_of(client, f"/v1/places.csv?{query}")
    named = [place for record in records for place in (record["place"], *record["other_places"])]
    assert [(row["country"], row["place"]) for row in places] == list(
        dict.fromkeys((place["country"], place["text"]) for place in named)
    )
    assert all(tuple(row) == PLACES.names for row in places)


def test_sources_and_places_without_a_filter_are_all_there_are(client: FlaskClient) -> None:
    sources = client.get("/v1/sources?limit=1000").get_json()["data"]
    rows = table_of(client, "/v1/sources.csv")
    assert [row["id"] for row in rows] == [source["id"] for source in sources]
    assert [row["url"] for row in rows] == [source["url"] or "" for source in sources]
    places = client.get("/v1/places?limit=1000").get_json()["data"]
    found = table_of(client, "/v1/places.csv")
    assert [(row["place"], row["lon"], row["place_id"]) for row in found] == [
        (place["text"], str(place["lon"]), place["gazetteer_id"]) for place in places
    ]


def test_what_records_say_of_sources_and_places_is_what_the_lists_say(client: FlaskClient) -> None:
    countries = ",".join(sorted({row["country"] for row in rows_of(client)}))
    for table, key in (("sources", "id"), ("places", "place")):
        every = {row[key]: row for row in table_of(client, f"/v1/{table}.csv")}
        for row in table_of(client, f"/v1/{table}.csv?country={countries}"):
            assert row == every[row[key]]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_every_file_is_whole_when_nothing_is_found_and_says_its_terms(client: FlaskClient, file: Any) -> None:
    asked = "since=1&" if file.table.name == "changes" else ""
    response = client.get(f"/v1{file.path}?{asked}datetime=1950")
    body = response.get_data()
    assert response.status_code == 200
    assert response.content_type == file.format.media_type
    match file.format.extension:
        case "csv":
            assert body.decode() == ",".join(file.table.names) + "\r\n"
        case "json":
            assert json.loads(body) == []
        case "ndjson":
            assert body == b""
        case "geojson":
            assert json.loads(body)["features"] == []
        case "xlsx":
            assert openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].max_row == 1
    assert response.headers["Content-Disposition"].endswith(f'.{file.format.extension}"')
    links = response.headers["Link"]
    assert f"<{PUBLIC_URL}/v1{file.path}?datetime=1950" in links
    assert 'rel="cite-as"' in links
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in links
    assert f'<{PUBLIC_URL}/v1/codebook?release=1>; rel="describedby"' in links


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_every_file_gives_the_columns_that_are_asked_for(client: FlaskClient, file: Any) -> None:
    names = (file.table.names[2], file.table.names[0])
    asked = "since=0&" if file.table.name == "changes" else ""
    whole = client.get(f"/v1{file.path}?{asked}country=PE")
    chosen = client.get(f"/v1{file.path}?{asked}country=PE&fields={','.join(names)}")
    assert chosen.status_code == 200
    assert table(chosen, file.format.extension) == [
        {name: row[name] for name in names} for row in table(whole, file.format.extension)
    ]
    assert all(tuple(row) == names for row in table(chosen, file.format.extension))


def table(response: TestResponse, extension: str) -> list[dict[str, Any]]:
    body = response.get_data()
    if extension == "csv":
        return list(csv.DictReader(io.StringIO(body.decode(), newline="")))
    if extension == "xlsx":
        header, *rows = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0].values
        return [dict(zip(header, row, strict=True)) for row in rows]
    if extension == "ndjson":
        return [json.loads(line) for line in body.splitlines()]
    found = json.loads(body)
    return [feature["properties"] for feature in found["features"]] if extension == "geojson" else found


def test_areas_are_polygons_around_their_points_and_all_else_is_the_same(client: FlaskClient) -> None:
    points = client.get(f"{PAGE}.geojson").get_json(force=True)
    areas = client.get(f"{PAGE}.geojson?geometry=area").get_json(force=True)
    assert areas["citation"].endswith("geometry=area&release=1&lang=en")
    assert [one["properties"] for one in areas["features"]] == [one["properties"] for one in points["features"]]
    for point, area in zip(points["features"], areas["features"], strict=True):
        assert (area["id"], area["geometry"]["type"]) == (point["id"], "MultiPolygon")
        (ring,) = area["geometry"]["coordinates"][0]
        lon, lat = point["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        if len(area["geometry"]["coordinates"]) == 1:
            assert min(x for x, _ in ring) <= lon <= max(x for x, _ in ring)
            assert min(y for _, y in ring) <= lat <= max(y for _, y in ring)
    some = client.get(f"{PAGE}.geojson?geometry=area&fields=title&country=PE").get_json(force=True)
    assert all(list(one["properties"]) == ["title"] for one in some["features"])


def test_namibia_is_no_missing_value(client: FlaskClient) -> None:
    for row in table_of(client, f"{PAGE}.csv?country=NA") + client.get(f"{PAGE}.json?country=NA").get_json():
        assert (row["country"], row["country_iso3"], row["country_name"]) == ("NA", "NAM", "Namibia")


class Crowded(State):
    """A state in which more match than any number."""

    def is_more_than(self, most: int, where: IncidentFilter, release: Release) -> bool:
        return True


def test_more_rows_than_a_workbook_holds_are_offered_as_csv(
    database_url: str, make_app: Callable[[str], Flask], read_problem: Read
) -> None:
    app = make_app(database_url)
    known: State = app.extensions["foundling"]
    app.extensions["foundling"] = Crowded(
        known.database, known.public_url, known.build, known.downloads, known.snapshots, known.files
    )
    client = app.test_client()
    response = client.get(f"{PAGE}.xlsx?country=id&country=PE&fields=lon,id&sort=id&release=1&lang=es")
    body = read_problem(response, 400)
    assert body["type"].endswith("#too-many-rows")
    assert "100,000" in body["detail"]
    meant = f"{PAGE}.csv?country=ID,PE&sort=id&fields=lon,id&release=1&lang=es"
    assert body["did_you_mean"] == f"{PUBLIC_URL}{meant}"
    assert client.get(meant).status_code == 200


def test_how_many_match_is_counted_no_further_than_asked(many_client: FlaskClient) -> None:
    state: State = many_client.application.extensions["foundling"]
    release = state.latest()
    where = IncidentFilter(country=("PE",))
    assert [state.is_more_than(most, where, release) for most in (9_999, 10_000, 10_001)] == [True, False, False]
    assert [state.is_more_than(most, IncidentFilter(), release) for most in (10_002, 10_003)] == [True, False]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/v1/incidents.csv?fields=id,titel", "/v1/incidents.csv?fields=id,title"),
        ("/v1/incidents?format=xlsx&country=PE", "/v1/incidents.xlsx?country=PE"),
        ("/v1/incidents.csv?f=ndjson", "/v1/incidents.ndjson"),
        ("/v1/figures.csv?format=json", "/v1/figures.json"),
        ("/v1/sources?format=csv", "/v1/sources.csv"),
        ("/v1/incidents.geojson?geometry=areas", "/v1/incidents.geojson?geometry=area"),
        ("/v1/citation?format=bibtx", "/v1/citation?format=bibtex"),
    ],
)
def test_the_file_that_was_meant_is_offered(client: FlaskClient, read_problem: Read, asked: str, meant: str) -> None:
    assert read_problem(client.get(asked), 400).get("did_you_mean") == f"{PUBLIC_URL}{meant}"
    assert client.get(meant).status_code == 200


@pytest.mark.parametrize(
    "asked", ["/v1/figures.csv?format=geojson", "/v1/sources.csv?format=xlsx", "/v1/changes.csv?format=json&bom=true"]
)
def test_a_format_that_a_table_lacks_is_not_offered(client: FlaskClient, read_problem: Read, asked: str) -> None:
    assert "did_you_mean" not in read_problem(client.get(asked), 400)
