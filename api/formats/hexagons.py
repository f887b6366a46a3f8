"""Hexagons as GeoJSON: a polygon a cell, what is counted in it as properties."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson

from api.domain.outline import Position, enclosed

_KEPT = 8192
"""Outlines that are kept, of some 300 bytes each: maps ask for the same cells with other filters."""

Cell = tuple[int, Mapping[str, Any]]


def write(cells: Iterable[Cell], about: Mapping[str, Any], corners: Callable[[int], Sequence[Position]]) -> bytes:
    """A FeatureCollection; what belongs to the answer becomes members of the collection, before the features."""
    head = orjson.dumps({"type": "FeatureCollection", **about})[:-1] + b',"features":[\n'
    features = [
        b'{"type":"Feature","geometry":%s,"properties":%s}' % (_outline(cell, corners), orjson.dumps(properties))
        for cell, properties in cells
    ]
    return head + b",\n".join(features) + b"\n]}\n"


@lru_cache(maxsize=_KEPT)
def _outline(cell: int, corners: Callable[[int], Sequence[Position]]) -> bytes:
    # Of one type in the whole file, which is what desktop programs ask of a layer: hardly any is cut in two.
    return orjson.dumps({"type": "MultiPolygon", "coordinates": enclosed(corners(cell))})
