"""Tiles of the square world (XYZ), and where they lie in Z-order.

A tile is half open: what lies on its western or northern edge is its own, on the other two its neighbours'.
"""

import math
from dataclasses import dataclass

from api.domain.area import EARTH_RADIUS_M

EXTENT = 4096
"""Units along the side of a tile."""

WORLD_PX = 512
"""Pixels along the side of the world at zoom 0, as MapLibre draws it."""

PX_PER_METRE = WORLD_PX / (2 * math.pi * EARTH_RADIUS_M)
"""At zoom 0, at the equator."""

_BITS = 32
_CELL_BITS = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """Column `x` from the west and row `y` from the north, of 2**z each. At the last zoom nothing is put together."""

    z: int
    x: int
    y: int
    is_last: bool = False

    @property
    def start(self) -> int:
        """The first place in Z-order."""
        shift, place = _BITS - self.z, 0
        for bit in range(self.z):
            place |= (self.x >> bit & 1) << 2 * (bit + shift) | (self.y >> bit & 1) << 2 * (bit + shift) + 1
        return place

    @property
    def stop(self) -> int:
        """The last place in Z-order."""
        return self.start + (1 << 2 * (_BITS - self.z)) - 1

    @property
    def cell_shift(self) -> int:
        """How many low bits of a place in Z-order one cell spans: 64 cells along a side, at the last zoom points."""
        return 0 if self.is_last else 2 * (_BITS - self.z - _CELL_BITS)

    @property
    def unit_shift(self) -> int:
        """How many low bits of a Mercator coordinate one unit spans."""
        return _BITS - self.z - EXTENT.bit_length() + 1

    @property
    def px_per_metre(self) -> float:
        """At this zoom, at the equator."""
        return PX_PER_METRE * (1 << self.z)
