"""PMTiles 3: every tile of a map in one file, of which readers ask for the ranges that they need."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from isal import isal_zlib
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from api.formats.contents import Contents
from api.formats.gzipped import GZIP

Drawn = tuple[int, int, int, bytes]
"""Zoom, column, row, and what is drawn there."""

_LEVEL = 3
_E7 = 10_000_000


def in_order(tiles: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Tiles as they should come to be written: neighbours together, along a Hilbert curve."""
    return sorted(tiles, key=lambda tile: zxy_to_tileid(*tile))


def write(
    tiles: Iterable[Drawn],
    contents: Contents,
    path: Path,
    *,
    bounds: Sequence[float],
    vector_layers: list[dict[str, Any]],
) -> None:
    """Writes Mapbox Vector Tiles, each packed with gzip; attribution, licence and layers are in the file's metadata."""
    zooms = [0]
    with path.open("wb") as file:
        writer = Writer(file)
        for zoom, x, y, drawn in tiles:
            zooms.append(zoom)
            packing = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, GZIP)
            writer.write_tile(zxy_to_tileid(zoom, x, y), packing.compress(drawn) + packing.flush())
        west, south, east, north = (round(side * _E7) for side in bounds)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": 1,
            "center_lon_e7": (west + east) // 2,
            "center_lat_e7": (south + north) // 2,
        }
        terms = contents.terms()
        writer.finalize(header, {"name": terms.pop("title"), **terms, "vector_layers": vector_layers})
