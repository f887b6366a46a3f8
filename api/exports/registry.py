"""The formats that files of a release are stored in: routes, commands and the OpenAPI document follow this table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from api.domain.query import Sort
from api.domain.tables import INCIDENTS
from api.formats import csv, geojson, gzipped
from api.formats.contents import Contents
from api.formats.rows import Incidents

# Where neighbours come together, readers of a part skip the rest.
_NEIGHBOURS = Sort("country", is_descending=False)
_NEWEST = Sort()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map of a release: its tiles are drawn when they are taken, in the order in which they are asked for."""

    bounds: tuple[float, float, float, float]
    vector_layers: list[dict[str, Any]]
    tiles: list[tuple[int, int, int]]
    drawn: Callable[[list[tuple[int, int, int]]], Iterable[tuple[int, int, int, bytes]]]


@dataclass(frozen=True, slots=True)
class Export:
    """A release to write a file of: `read` gives all its incidents in an order, in batches, `draw` a map of them."""

    contents: Contents
    read: Callable[[Sort], Iterable[Incidents]]
    draw: Callable[[], "Drawing"]


@dataclass(frozen=True, slots=True)
class StoredFormat:
    """`write` writes a whole file; `needs` are modules that the extra `files` installs."""

    extension: str
    title: str
    media_type: str
    write: Callable[[Export, Path], None]
    needs: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """What the file is called."""
        return f"{INCIDENTS.name}.{self.extension}"

    @property
    def is_available(self) -> bool:
        """Whether what writes it is installed."""
        return all(map(_is_installed, self.needs))


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package that it would be in
        return False


def _csv(export: Export, path: Path) -> None:
    gzipped.write(csv.write(export.read(_NEWEST), export.contents), path)


def _geojson(export: Export, path: Path) -> None:
    gzipped.write(geojson.write(export.read(_NEWEST), export.contents), path)


# The libraries take 0.1 to 0.3 s to import and up to 40 MB, and are there with the extra only.


def _geoparquet(export: Export, path: Path) -> None:
    from api.formats import geoparquet  # noqa: PLC0415 - see above

    geoparquet.write(export.read(_NEIGHBOURS), export.contents, path)


def _geopackage(export: Export, path: Path) -> None:
    from api.formats import gdal  # noqa: PLC0415 - see above

    gdal.write_geopackage(export.read(_NEIGHBOURS), export.contents, path)


def _flatgeobuf(export: Export, path: Path) -> None:
    from api.formats import gdal  # noqa: PLC0415 - see above

    gdal.write_flatgeobuf(export.read(_NEIGHBOURS), export.contents, path)


def _pmtiles(export: Export, path: Path) -> None:
    from api.formats import pmtiles  # noqa: PLC0415 - see above

    drawing = export.draw()
    tiles = drawing.drawn(pmtiles.in_order(drawing.tiles))
    pmtiles.write(tiles, export.contents, path, bounds=drawing.bounds, vector_layers=drawing.vector_layers)


_GZIP = "application/gzip"
_ARROW, _GDAL, _PMTILES = ("arro3.core", "arro3.io"), ("pyogrio",), ("pmtiles",)

FORMATS: tuple[StoredFormat, ...] = (
    StoredFormat("csv.gz", "CSV, packed with gzip", _GZIP, _csv),
    StoredFormat("geojson.gz", "GeoJSON, packed with gzip", _GZIP, _geojson),
    StoredFormat("parquet", "GeoParquet 1.1", "application/vnd.apache.parquet", _geoparquet, _ARROW),
    StoredFormat("fgb", "FlatGeobuf", "application/flatgeobuf", _flatgeobuf, _ARROW + _GDAL),
    StoredFormat("gpkg", "a GeoPackage", "application/geopackage+sqlite3", _geopackage, _ARROW + _GDAL),
    StoredFormat("pmtiles", "PMTiles, the whole map", "application/vnd.pmtiles", _pmtiles, _PMTILES),
)

EXTENSIONS = tuple(one.extension for one in FORMATS)
EXTRA = "files"


def available() -> tuple[StoredFormat, ...]:
    """Those that can be written here."""
    return tuple(one for one in FORMATS if one.is_available)


def missing() -> tuple[StoredFormat, ...]:
    """Those that need the extra, where it is not installed."""
    return tuple(one for one in FORMATS if not one.is_available)
