"""What is asked of hexagons: cells of the H3 grid with the incidents in them."""

import math
from dataclasses import dataclass

from api.domain.area import EARTH_RADIUS_M, HALF_ROUND_M
from api.domain.query import IncidentFilter
from api.domain.stats import MeasuredQuery

FINEST = 5
"""The finest resolution, of cells some 18 km wide: towns are known no better."""

MOST_CELLS = 50_000
"""More are refused: what is drawn so small is better drawn from tiles."""

_COARSEST_WORLD = 2
_SEVEN = 7.0
"""A cell holds seven of the next resolution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HexagonsQuery(MeasuredQuery):
    """Incidents and figures by cell; `resolution` is 0 to 5, larger cells to smaller."""

    resolution: int


def fitting_resolution(where: IncidentFilter) -> int:
    """The resolution that fills the area of a filter with some thousands of cells; 2 for the whole world."""
    share = 1.0
    if where.bbox is not None:
        south, north = (math.sin(math.radians(lat)) for lat in (where.bbox.south, where.bbox.north))
        share = min(1.0, _width(where.bbox.west, where.bbox.east) / 360) * (north - south) / 2
    if where.near is not None and where.near.radius_m < HALF_ROUND_M:
        share = min(share, math.sin(where.near.radius_m / EARTH_RADIUS_M / 2) ** 2)
    finer = math.log(1 / share, _SEVEN) if share > 0 else math.inf
    return min(FINEST, _COARSEST_WORLD + math.floor(finer)) if finer < FINEST else FINEST


def _width(west: float, east: float) -> float:
    return east - west if east >= west else east - west + 360
