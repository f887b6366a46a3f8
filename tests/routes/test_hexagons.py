"""Hexagons over HTTP: cells as polygons and as rows, what is in none of them, and what is refused."""

import csv
import io
from collections.abc import Callable
from typing import Any

import h3
import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.curation.attach import LocatedIncident
from api.domain.incident import Figure
from api.domain.place import Precision
from api.domain.release import Release

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PATH = "/v1/incidents/hexagons"
Locate = Callable[..., LocatedIncident]
Append = Callable[..., Release]


def arrested(best: float) -> Figure:
    return Figure(
        measure="arrested", best=best, said_by="police", sources=("invented-news-2018",), low=None, high=None,
        unit=None, currency=None, as_of=None, note=None,
    )  # fmt: skip


@pytest.fixture(scope="module")
def told_url(new_url: Callable[[], str], locate: Locate, append_incidents: Append) -> str:
    """Three in one town, one near it, one in another country, one known to its country alone."""
    url = new_url()
    town = {"country": "PE", "lon": -71.535, "lat": -16.399, "precision": Precision.SETTLEMENT, "uncertainty_m": 9900}
    incidents = [
        locate("PE-2018-0001", **town, figures=(arrested(3),)),
        locate("PE-2018-0002", **town, figures=(arrested(4),)),
        locate("PE-2018-0003", **town),
        locate("PE-2018-0004", **town | {"lon": -71.5}),
        locate("FJ-2018-0001", **town | {"country": "FJ", "lon": 179.99, "lat": -16.8}),
        locate("PE-2018-0005", **town | {"precision": Precision.COUNTRY, "uncertainty_m": 1_000_000}),
    ]
    append_incidents(url, incidents)
    return url


@pytest.fixture(scope="module")
def counting(told_url: str, make_app: Callable[[str], Flask]) -> FlaskClient:
    return make_app(told_url).test_client()


def collection(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"{PATH}.geojson?{query}")
    assert answer.status_code == 200, answer.get_data()
    assert answer.content_type == "application/geo+json"
    found: dict[str, Any] = answer.get_json()
    return found


def test_cells_hold_what_lies_in_them(counting: FlaskClient) -> None:
    found = collection(counting, "resolution=3&measure=arrested")
    assert {name: found[name] for name in ("resolution", "measure", "figure", "total", "unplaced", "release")} == {
        "resolution": 3, "measure": "arrested", "figure": "best", "total": 6, "unplaced": 1, "release": 1,
    }  # fmt: skip
    held = {feature["properties"]["h3"]: feature["properties"] for feature in found["features"]}
    town = held[h3.latlng_to_cell(-16.399, -71.535, 3)]
    assert (town["incidents"], town["best"], town["claims"]) == (4, 7, 2)
    assert sum(cell["incidents"] for cell in held.values()) + found["unplaced"] == found["total"]
    assert found["attribution"]
    assert found["licence"]
    assert "resolution=3" in found["citation"]


def test_a_cell_across_the_antimeridian_is_cut_in_two(counting: FlaskClient) -> None:
    (feature,) = collection(counting, "resolution=3&country=FJ")["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"
    west, east = sorted(feature["geometry"]["coordinates"])
    assert min(x for x, _ in west[0]) == -180
    assert max(x for x, _ in east[0]) == 180


@pytest.mark.parametrize(
    ("area", "resolution"),
    [
        ("", 2),
        ("resolution=auto", 2), ("bbox=-180,-90,180,90", 2), ("bbox=-82,-19,-68,0", 4), ("bbox=95,-11,141,6", 4),
        ("bbox=179,-20,-179,-15", 5), ("bbox=5,5,5,5", 5), ("near=0,0&radius_m=20037508", 2),
        ("near=0,0&radius_m=1000", 5), ("resolution=0&bbox=5,5,6,6", 0),
    ],
)  # fmt: skip
def test_cells_are_as_large_as_the_area_asks(counting: FlaskClient, area: str, resolution: int) -> None:
    assert collection(counting, area)["resolution"] == resolution


def test_smaller_cells_leave_more_unplaced(counting: FlaskClient) -> None:
    unplaced = [collection(counting, f"resolution={resolution}")["unplaced"] for resolution in range(6)]
    assert unplaced == [0, 1, 1, 1, 1, 6], "1,000 km are less than an edge of resolution 0; 9.9 km more than one of 5"


def test_the_table_has_a_last_row_for_what_is_nowhere(counting: FlaskClient) -> None:
    answer = counting.get(f"{PATH}.csv?resolution=3&bom=true")
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffh3_id,incidents\r\n")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert sum(int(row["incidents"]) for row in rows) == 6
    assert [row["h3_id"] for row in rows][-1] == ""
    assert all(h3.is_valid_cell(row["h3_id"]) for row in rows[:-1])
    assert "hexagons-release-1.csv" in answer.headers["Content-Disposition"]


def test_nothing_matches_and_the_collection_is_empty(counting: FlaskClient) -> None:
    found = collection(counting, "country=NA")
    assert (found["features"], found["total"], found["unplaced"]) == ([], 0, 0)
    assert (
        counting.get(f"{PATH}.csv?country=NA&measure=arrested").get_data(as_text=True).startswith("h3_id,incidents,low")
    )


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("resolution=6", "resolution"), ("resolution=", "resolution"), ("resolution=3&resolution=3", "resolution"),
     ("figure=min", "figure"), ("measure=none", "measure"), ("by=country", "by"), ("resolutoin=3", "resolutoin")],
)  # fmt: skip
def test_what_is_wrong_is_told(counting: FlaskClient, query: str, parameter: str) -> None:
    answer = counting.get(f"{PATH}.geojson?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == parameter


def test_a_misspelt_parameter_is_told_with_the_address_that_works(counting: FlaskClient) -> None:
    meant = counting.get(f"{PATH}.geojson?resolutoin=3").get_json()["did_you_mean"]
    assert meant.endswith(f"{PATH}.geojson?resolution=3")
    assert counting.get(f"{PATH}.geojson?format=csv").get_json()["did_you_mean"].endswith(f"{PATH}.csv")


def test_more_cells_than_wanted_are_refused(counting: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.serving.hexagons.MOST_CELLS", 1)
    answer = counting.get(f"{PATH}.geojson?resolution=4&country=PE,FJ")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["parameter"] == "resolution"
    assert "2 cells" in answer.get_json()["errors"][0]["rule"]
