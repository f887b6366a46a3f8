"""The vendored basemap, small enough to stand in a page: whole hundredths of a degree, each point as a step."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SCALE = 100
"""The files are rounded to two decimals: nothing is lost."""


def pack(folder: Path) -> dict[str, Any]:
    """`land` and `lines` as lists of packed lines; `names` as lon, lat, rank, is_country, name.

    A packed line begins with its first point; each further pair is the step from the point before.
    """
    countries = _features(folder / "countries-50m.geojson")
    polygons = [polygon for feature in countries for polygon in feature["geometry"]["coordinates"]]
    lines = [line for f in _features(folder / "admin1-lines.geojson") for line in f["geometry"]["coordinates"]]
    return {
        "land": [_pack(ring) for polygon in polygons for ring in polygon],
        "lines": [_pack(line) for line in lines],
        "names": [
            [*feature["geometry"]["coordinates"], about["rank"], int(is_country), about["en" if is_country else "name"]]
            for feature in _features(folder / "labels.geojson")
            # Names without an ISO code belong to places whose status is disputed: the map takes no side.
            if (about := feature["properties"])["iso"]
            for is_country in [about["kind"] == "country"]
        ],
    }


def _pack(line: Iterable[Iterable[float]]) -> list[int]:
    packed: list[int] = []
    x, y = 0, 0
    for lon, lat in line:
        next_x, next_y = round(lon * _SCALE), round(lat * _SCALE)
        packed += [next_x - x, next_y - y]
        x, y = next_x, next_y
    return packed


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    return features
