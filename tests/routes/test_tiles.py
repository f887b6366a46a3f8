"""Tiles, TileJSON and the style over HTTP: addresses, headers, errors, and what a feature leads to."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient

from api.domain.tiles import LAST_ZOOM
from api.tiles.layers import FIELDS
from tests.conftest import PUBLIC_URL

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def features(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    """What a tile draws, in both layers."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data()
    return [one for layer in mapbox_vector_tile.decode(answer.get_data()).values() for one in layer["features"]]


def test_a_tile_is_sent_as_one(client: FlaskClient) -> None:
    answer = client.get("/v1/tiles/0/0/0.mvt?country=PE,NG")
    assert answer.content_type == "application/vnd.mapbox-vector-tile"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Foundling-Release"] == "1"
    assert "max-age=60" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Location"] == f"{PUBLIC_URL}/v1/tiles/0/0/0.mvt?country=PE,NG&release=1"
    assert f'<{PUBLIC_URL}/v1/tiles/0/0/0.mvt?country=NG,PE&release=1>; rel="cite-as"' in answer.headers["Link"]
    again = client.get("/v1/tiles/0/0/0.mvt?country=PE,NG", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    pinned = client.get("/v1/tiles/0/0/0.mvt?country=PE,NG&release=1")
    assert "immutable" in pinned.headers["Cache-Control"]
    assert pinned.get_data() == answer.get_data()
    small = client.get("/v1/tiles/0/0/0.mvt", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert client.head("/v1/tiles/0/0/0.mvt").headers["Content-Length"]


def test_the_counts_of_every_zoom_are_those_of_the_page(client: FlaskClient) -> None:
    for query in (
        "",
        "q=surabaya",
        "bbox=95,-11,141,6&match=possible",
        "ids=PE-2018-0001",
        "verification=single_source",
    ):
        total = client.get(f"/v1/incidents?limit=1&{query}").get_json()["meta"]["total"]
        assert total
        for zoom in range(3):
            tiles = [f"/v1/tiles/{zoom}/{x}/{y}.mvt?{query}" for x in range(2**zoom) for y in range(2**zoom)]
            assert sum(one["properties"]["incidents"] for tile in tiles for one in features(client, tile)) == total


def test_a_feature_leads_to_its_incidents(client: FlaskClient) -> None:
    query = "outcome=convicted,detained,released,reported,charged"
    several = 0
    for one in features(client, f"/v1/tiles/0/0/0.mvt?{query}"):
        told = one["properties"]
        if told["incidents"] == 1:
            (record,) = client.get(f"/v1/incidents?ids={told['id']}").get_json()["data"]
            same = FIELDS["incidents"].keys() & record.keys()
            assert {name: told[name] for name in same} == {name: record[name] or "" for name in same}
        else:
            several += 1
            found = client.get(f"/v1/incidents?{query}&{told['members']}").get_json()
            assert found["meta"]["total"] == told["incidents"]
    assert several > 5


def test_features_have_the_properties_that_tilejson_names(client: FlaskClient) -> None:
    layers = mapbox_vector_tile.decode(client.get("/v1/tiles/0/0/0.mvt").get_data())
    told = client.get("/v1/tiles.json").get_json()["vector_layers"]
    assert {layer["id"]: set(layer["fields"]) for layer in told} == {
        name: {key for one in layer["features"] for key in one["properties"]} for name, layer in layers.items()
    }
    assert set(FIELDS) == set(layers)
    for layer in layers.values():
        for one in layer["features"]:
            assert all(isinstance(value, str | int | float) for value in one["properties"].values())
            assert one["id"] < 2**53


def test_a_tile_without_incidents_is_empty(client: FlaskClient) -> None:
    answer = client.get("/v1/tiles/10/0/0.mvt")
    assert (answer.status_code, answer.get_data()) == (200, b"")
    assert client.get("/v1/tiles/0/0/0.mvt?country=ZW").get_data() == b""


@pytest.mark.parametrize("path", ["11/0/0", "0/1/0", "0/0/1", "3/8/0", "10/0/1024", "999999999/999999999/999999999"])
def test_there_is_no_tile_beyond_the_world_and_the_last_zoom(
    client: FlaskClient, read_problem: Callable[..., dict[str, Any]], path: str
) -> None:
    problem = read_problem(client.get(f"/v1/tiles/{path}.mvt"), 404)
    assert problem["type"].endswith("#unknown-tile")


@pytest.mark.parametrize(
    "path", ["-1/0/0", "0/0/0.5", "00/0/0", "a/0/0", "0/0", "%D9%A3/0/0", "1" * 5000 + "/0/0", "0/0/0.png"]
)
def test_what_is_no_number_is_no_tile(
    client: FlaskClient, read_problem: Callable[..., dict[str, Any]], path: str
) -> None:
    read_problem(client.get(f"/v1/tiles/{path}.mvt"), 404)


def test_tiles_are_asked_for_strictly(client: FlaskClient, read_problem: Callable[..., dict[str, Any]]) -> None:
    problem = read_problem(client.get("/v1/tiles/1/1/0.mvt?countri=PE"), 400)
    assert problem["did_you_mean"] == f"{PUBLIC_URL}/v1/tiles/1/1/0.mvt?country=PE"
    assert read_problem(client.get("/v1/tiles.json?lang=es"), 400)["errors"][0]["parameter"] == "lang"
    read_problem(client.get("/v1/tiles.json?release=99"), 404)


def test_tilejson_carries_filter_and_release(client: FlaskClient) -> None:
    told = client.get("/v1/tiles.json?country=pe,ID&bbox=170,-20,-60,20").get_json()
    assert told["tilejson"] == "3.0.0"
    (template,) = told["tiles"]
    assert template == f"{PUBLIC_URL}/v1/tiles/{{z}}/{{x}}/{{y}}.mvt?country=ID,PE&bbox=170,-20,-60,20&release=1"
    assert (told["minzoom"], told["maxzoom"], told["scheme"], told["version"]) == (0, LAST_ZOOM, "xyz", "1.0.0")
    assert isinstance(told["attribution"], str)
    assert told["attribution"]
    assert told["citation"].endswith("/v1/tiles.json?country=ID,PE&bbox=170,-20,-60,20&release=1")
    page = client.get("/v1/incidents?country=PE,ID&bbox=170,-20,-60,20&limit=1000").get_json()
    lons, lats = ([record[name] for record in page["data"]] for name in ("lon", "lat"))
    west, south, east, north = told["bounds"]
    assert -180 <= west < min(lons) <= max(lons) < east <= 180
    assert -90 < south < min(lats) <= max(lats) < north < 90
    assert told["incidents"] == page["meta"]["total"]
    found = features(client, template.removeprefix(PUBLIC_URL).format(z=0, x=0, y=0))
    assert sum(one["properties"]["incidents"] for one in found) == told["incidents"]


def test_the_bounds_of_nothing_are_the_world(client: FlaskClient) -> None:
    told = client.get("/v1/tiles.json?country=ZW").get_json()
    assert (told["bounds"], told["incidents"]) == ([-180, -85.0511, 180, 85.0511], 0)


def test_the_style_draws_the_tiles_and_needs_no_other_host(client: FlaskClient) -> None:
    style = client.get("/v1/style.json?country=PE&release=1").get_json()
    assert style["version"] == 8
    assert isinstance(style["sources"]["foundling"]["attribution"], str)
    assert style["sources"]["foundling"]["url"] == f"{PUBLIC_URL}/v1/tiles.json?country=PE&release=1"
    assert {layer.get("source-layer") for layer in style["layers"]} == {None, *FIELDS}
    hosts = {urlsplit(one[key]).netloc for one in style["sources"].values() for key in ("url", "data") if key in one}
    assert hosts == {urlsplit(PUBLIC_URL).netloc}
    assert not any("text-field" in layer.get("layout", {}) for layer in style["layers"])
    with client.get(urlsplit(style["sources"]["countries"]["data"]).path) as basemap:
        assert basemap.status_code == 200


def test_a_past_release_has_its_own_tiles(invented_client: FlaskClient) -> None:
    for release, number in ((1, 20), (2, 41), (3, 64)):
        tile = f"/v1/tiles/0/0/0.mvt?release={release}"
        assert sum(one["properties"]["incidents"] for one in features(invented_client, tile)) == number
