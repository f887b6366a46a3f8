"""Stored files as DuckDB, geopandas, pyarrow, GDAL and frictionless read them: the same rows as the API's."""

import gzip
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import mapbox_vector_tile
import pyarrow.parquet
import pyogrio
import pytest
from flask.testing import FlaskClient
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType

from api.domain.columns import COLUMN_NAMES, COLUMNS
from api.exports.registry import available

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Rows = dict[str, dict[str, Any]]

LICENCE = "CC-BY-4.0"
NEAR_AREQUIPA = (-72.0, -17.0, -71.0, -16.0)


@pytest.fixture
def rows(client: FlaskClient) -> Rows:
    """What the API says of every incident, by id."""
    with client.get("/v1/incidents.json?release=1") as answer:
        return {row["id"]: row for row in answer.get_json()}


def near(rows: Rows) -> set[str]:
    west, south, east, north = NEAR_AREQUIPA
    return {key for key, row in rows.items() if west <= row["lon"] <= east and south <= row["lat"] <= north}


def as_json(value: Any) -> Any:
    """A value as the API writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def test_geoparquet_holds_the_rows_of_the_api(stored: Path, rows: Rows) -> None:
    table = pyarrow.parquet.read_table(stored / "incidents.parquet")
    assert table.column_names == [*COLUMN_NAMES, "geometry", "bbox"]
    found = table.to_pylist()
    boxes = {row["id"]: row.pop("bbox") for row in found}
    points = {row["id"]: row.pop("geometry") for row in found}
    assert {row["id"]: {name: as_json(value) for name, value in row.items()} for row in found} == rows
    assert all(box["xmin"] == box["xmax"] == rows[key]["lon"] for key, box in boxes.items())
    assert all(box["ymin"] == box["ymax"] == rows[key]["lat"] for key, box in boxes.items())
    assert {len(point) for point in points.values()} == {21}


def test_geoparquet_tells_its_geometry_licence_and_citation(stored: Path) -> None:
    path = stored / "incidents.parquet"
    metadata = pyarrow.parquet.read_metadata(path).metadata
    geo = json.loads(metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["Point"])
    assert column["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    west, south, east, north = column["bbox"]
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert metadata[b"licence"].decode() == LICENCE
    assert metadata[b"attribution"].startswith(b"Foundling, CC BY 4.0; ")
    assert metadata[b"citation"].endswith(b"/v1/releases/1/incidents.parquet")


def test_geopandas_reads_a_part_of_geoparquet_by_its_boxes(stored: Path, rows: Rows) -> None:
    path = stored / "incidents.parquet"
    every, part = geopandas.read_parquet(path), geopandas.read_parquet(path, bbox=NEAR_AREQUIPA)
    assert every.crs.to_string() == "OGC:CRS84"
    assert set(every.geom_type) == {"Point"}
    assert len(every) == len(rows)
    assert set(part["id"]) == near(rows) != set()


def test_duckdb_knows_points_and_types(stored: Path, rows: Rows) -> None:
    with duckdb.connect() as connection:
        kinds = {
            name: kind
            for name, kind, *_ in connection.sql(f"DESCRIBE SELECT * FROM '{stored}/incidents.parquet'").fetchall()
        }
        counted = connection.sql(
            f"SELECT country, count(*) FROM '{stored}/incidents.parquet' WHERE date_start >= '2018-01-01' GROUP BY 1"
        ).fetchall()
        packed = connection.sql(f"SELECT count(*) FROM read_csv('{stored}/incidents.csv.gz')").fetchall()
    assert kinds["geometry"].startswith("GEOMETRY")
    assert (kinds["date_start"], kinds["updated"]) == ("DATE", "TIMESTAMP WITH TIME ZONE")
    recent = [row["country"] for row in rows.values() if row["date_start"] >= "2018-01-01"]
    assert dict(counted) == {country: recent.count(country) for country in set(recent)}
    assert packed == [(len(rows),)]


@pytest.mark.parametrize("name", ["incidents.fgb", "incidents.gpkg"])
def test_gdal_reads_every_row_and_finds_places_by_an_index(stored: Path, rows: Rows, name: str) -> None:
    info = pyogrio.read_info(stored / name)
    assert info["layer_name"] == "incidents"
    assert info["features"] == len(rows)
    assert (info["geometry_type"], info["crs"]) == ("Point", "EPSG:4326")
    assert info["capabilities"]["fast_spatial_filter"]
    assert list(info["fields"]) == list(COLUMN_NAMES)
    every = geopandas.read_file(stored / name)
    for column in COLUMNS:
        for key, value in zip(every["id"], every[column.name], strict=True):
            wanted = rows[key][column.name]
            if wanted is None:
                assert value != value or value is None, (key, column.name)  # noqa: PLR0124 - NaN and NaT alone differ
            elif column.type in ("date", "datetime"):
                assert wanted.startswith(value.strftime("%Y-%m-%d" if column.type == "date" else "%Y-%m-%dT%H:%M:%SZ"))
            else:
                assert value == wanted, (key, column.name)
    part = geopandas.read_file(stored / name, bbox=NEAR_AREQUIPA)
    assert set(part["id"]) == near(rows) != set()
    assert all(
        (point.x, point.y) == (rows[key]["lon"], rows[key]["lat"])
        for key, point in every.set_index("id").geometry.items()
    )


@pytest.mark.parametrize("name", ["incidents.fgb", "incidents.gpkg"])
def test_gdal_formats_tell_their_licence_and_citation(stored: Path, name: str) -> None:
    metadata = pyogrio.read_info(stored / name)["layer_metadata"]
    assert metadata["licence"] == LICENCE
    assert metadata["attribution"].startswith("Foundling, CC BY 4.0; ")
    assert metadata["citation"].endswith(f"/v1/releases/1/{name}")


def test_a_geopackage_has_an_r_tree_and_is_whole(stored: Path) -> None:
    with closing(sqlite3.connect(f"file:{stored}/incidents.gpkg?mode=ro", uri=True)) as package:
        assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert package.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        extensions = {name for (name,) in package.execute("SELECT extension_name FROM gpkg_extensions")}
        (count,) = package.execute("SELECT count(*) FROM rtree_incidents_geom").fetchone()
        title = package.execute("SELECT identifier FROM gpkg_contents").fetchone()
    assert "gpkg_rtree_index" in extensions
    assert count == pyogrio.read_info(stored / "incidents.gpkg")["features"]
    assert title[0].startswith("Foundling: ")


def test_packed_texts_are_the_streamed_ones(stored: Path, client: FlaskClient) -> None:
    with client.get("/v1/incidents.csv?release=1") as streamed:
        assert gzip.decompress((stored / "incidents.csv.gz").read_bytes()) == streamed.get_data()
    with client.get("/v1/incidents.geojson?release=1&lang=en") as streamed:
        wanted = streamed.get_json()
    found = json.loads(gzip.decompress((stored / "incidents.geojson.gz").read_bytes()))
    assert found["features"] == wanted["features"]
    assert found["citation"] == wanted["citation"].replace(
        "incidents.geojson?release=1&lang=en", "releases/1/incidents.geojson.gz"
    )


def test_frictionless_finds_the_data_package_valid(stored: Path) -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"]
    done = subprocess.run(command, cwd=stored, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], [error["note"] for task in report["tasks"] for error in task["errors"]][:5]
    checked = {task["place"]: task["stats"].get("rows") for task in report["tasks"]}
    assert checked["incidents.csv.gz"]
    assert len(checked) == len(available())


def test_the_data_package_tells_licence_and_columns(stored: Path) -> None:
    package = json.loads((stored / "datapackage.json").read_bytes())
    assert package["licenses"] == [
        {"name": LICENCE, "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
    ]
    assert (package["version"], package["attribution"][0]) == ("1", "Foundling, CC BY 4.0")
    (table,) = [one for one in package["resources"] if "schema" in one]
    assert [field["name"] for field in table["schema"]["fields"]] == list(COLUMN_NAMES)


def test_pmtiles_hold_the_tiles_of_the_api_and_no_empty_ones(stored: Path, client: FlaskClient, rows: Rows) -> None:
    with (stored / "incidents.pmtiles").open("rb") as file:
        reader = Reader(MmapSource(file))
        header, metadata = reader.header(), reader.metadata()
        tiles = {place: gzip.decompress(content) for place, content in all_tiles(reader.get_bytes)}
        assert reader.get(10, 0, 0) is None
    assert (header["min_zoom"], header["max_zoom"], header["clustered"]) == (0, 10, True)
    assert (header["tile_type"], header["tile_compression"]) == (TileType.MVT, Compression.GZIP)
    assert header["min_lon_e7"] < min(row["lon"] for row in rows.values()) * 1e7
    assert header["max_lat_e7"] > max(row["lat"] for row in rows.values()) * 1e7
    assert metadata["licence"] == LICENCE
    assert metadata["attribution"].startswith("Foundling, CC BY 4.0; ")
    served = client.get("/v1/tiles.json?release=1").get_json()
    assert metadata["vector_layers"] == served["vector_layers"]
    assert all(tiles.values())
    for z, x, y in [(0, 0, 0), *list(tiles)[1::20]]:
        assert client.get(f"/v1/tiles/{z}/{x}/{y}.mvt?release=1").get_data() == tiles[z, x, y]
    for zoom in range(11):
        drawn = [mapbox_vector_tile.decode(content) for (z, _, _), content in tiles.items() if z == zoom]
        features = [one["properties"] for tile in drawn for layer in tile.values() for one in layer["features"]]
        assert sum(one["incidents"] for one in features) == len(rows), zoom
