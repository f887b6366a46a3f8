"""Features of a tile: spots that would lie on each other are put together, and none is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tiles.grid import EXTENT, Tile

Array = NDArray[Any]

MOST_AREAS = 2000
"""Areas that a tile draws one by one, however narrow. Where there are more, those of a cell are put together."""

NARROW_PX = 8
"""Areas of a lesser radius, as they were at the equator, are narrow."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Spots of a tile in Z-order, an entry each: where they are, what they stand for, how many incidents lie there.

    `x` and `y` are Mercator's in 32 bits, `z_order` their bits in turns; `precision` is a number for each code.
    """

    z_order: Array
    x: Array
    y: Array
    lon: Array
    lat: Array
    precision: Array
    uncertainty_m: Array
    incidents: Array


@dataclass(frozen=True, slots=True)
class Features:
    """An entry a feature: a place in units of the tile, the members' bounding box, their greatest uncertainty.

    `order` holds the spots of one feature after those of another, from `start` on, `spots` of each. `is_told` marks the
    features that box, precision and greatest uncertainty tell from everything else that is drawn.
    """

    order: Array
    start: Array
    spots: Array
    x: Array
    y: Array
    incidents: Array
    west: Array
    south: Array
    east: Array
    north: Array
    precision: Array
    uncertainty_m: Array
    is_told: Array

    def lie_in(self, ranges: Sequence[tuple[float, float]]) -> Array:
        """Which have all their longitudes in a single one of these."""
        found: Array = np.zeros(len(self.start), bool)
        for west, east in ranges:
            found |= (self.west >= west) & (self.east <= east)
        return found


def points(spots: Spots, tile: Tile) -> Features:
    """A feature for each cell with a point in it; at the last zoom, for each point."""
    cell = spots.z_order >> np.uint64(tile.cell_shift)
    start = _beginnings(cell)
    return _together(spots, np.arange(len(cell)), start, tile, np.ones(len(start), bool))


def areas(spots: Spots, tile: Tile) -> Features:
    """A feature for each area; where that is too much, one for the narrow ones of a cell that share a precision."""
    is_wide = np.ones(len(spots.x), bool)
    if len(is_wide) > MOST_AREAS and not tile.is_last:
        is_wide = spots.uncertainty_m * tile.px_per_metre >= NARROW_PX
    wide, narrow = np.flatnonzero(is_wide), np.flatnonzero(~is_wide)
    cell, precision = spots.z_order[narrow] >> np.uint64(tile.cell_shift), spots.precision[narrow]
    by_cell = np.lexsort((precision, cell))
    start = _beginnings(cell[by_cell], precision[by_cell])
    order = np.concatenate([narrow[by_cell], wide])
    # A wide area is told by its point, unless a lesser one of its kind lies around the same.
    is_told = np.concatenate([np.ones(len(start), bool), ~_has_lesser(spots)[wide]])
    return _together(spots, order, np.concatenate([start, len(narrow) + np.arange(len(wide))]), tile, is_told)


def _beginnings(*keys: Array) -> Array:
    """Where runs of equal keys begin."""
    is_first = np.zeros(len(keys[0]), bool)
    is_first[:1] = True
    for key in keys:
        is_first[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(is_first)


def _has_lesser(spots: Spots) -> Array:
    order = np.lexsort((spots.uncertainty_m, spots.precision, spots.lat, spots.lon))
    found = np.ones(len(order), bool)
    found[order[_beginnings(spots.lon[order], spots.lat[order], spots.precision[order])]] = False
    return found


def _together(spots: Spots, order: Array, start: Array, tile: Tile, is_told: Array) -> Features:
    """Features of the spots that lie between one start and the next, each in the middle of its incidents."""
    incidents = spots.incidents[order].astype(np.uint64)
    total = _by_feature(np.add, incidents, start)
    # In whole numbers a mean lies between its least and its greatest part: no feature leaves its cell.
    x, y = (_by_feature(np.add, part[order] * incidents, start) // total for part in (spots.x, spots.y))
    lon, lat = spots.lon[order], spots.lat[order]
    return Features(
        order=order,
        start=start,
        spots=np.diff(start, append=len(order)),
        x=_units(x, tile),
        y=_units(y, tile),
        incidents=total.astype(np.int64),
        west=_by_feature(np.minimum, lon, start),
        south=_by_feature(np.minimum, lat, start),
        east=_by_feature(np.maximum, lon, start),
        north=_by_feature(np.maximum, lat, start),
        precision=spots.precision[order][start],
        uncertainty_m=_by_feature(np.maximum, spots.uncertainty_m[order], start),
        is_told=is_told,
    )


def _by_feature(function: np.ufunc, numbers: Array, start: Array) -> Array:
    # reduceat refuses to begin nowhere.
    found: Array = function.reduceat(numbers, start) if len(start) else numbers[:0]
    return found


def _units(mercator: Array, tile: Tile) -> Array:
    found: Array = (mercator >> np.uint64(tile.unit_shift)) % np.uint64(EXTENT)
    return found.astype(np.int64)
