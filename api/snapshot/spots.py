"""Spots: a point and a radius each, with all that follows from the two, by the domain's own arithmetic."""

import math

import numpy as np

from api.domain.area import DEGREES_PER_METRE, EARTH_RADIUS_M, direction, half_angle
from api.snapshot.columns import Array

MERCATOR_LAT = math.degrees(math.atan(math.sinh(math.pi)))
"""Where the square world of Web Mercator ends; what lies beyond is drawn on its edge."""

_NOTHING = 1e-40  # as domain.area settles it


def mercator(lon: Array, lat: Array) -> tuple[Array, Array]:
    """Places on the square world in 32 bits: x from the west, y from the north."""
    world = 2.0**32
    sine = np.sin(np.radians(np.clip(lat, -MERCATOR_LAT, MERCATOR_LAT)))
    x = (lon + 180.0) / 360.0
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return tuple(np.clip(part * world, 0, world - 1).astype(np.uint32) for part in (x, y))  # type: ignore[return-value]


def z_order(x: Array, y: Array) -> Array:
    """The bits of x and y in turns: sorted by it, what is near lies near, and a tile is one range."""
    ordered: Array = _spread(x) | (_spread(y) << np.uint64(1))
    return ordered


def follow(lon: Array, lat: Array, uncertainty_m: Array) -> dict[str, Array]:
    """Unit vectors of spots, and the columns of reaches (columns.Snapshot), by functions of the domain alone."""
    reaches, reach = np.unique(uncertainty_m, return_inverse=True)
    half_angles = [half_angle(int(radius_m)) for radius_m in reaches]
    angles = np.array([math.degrees(int(radius_m) / EARTH_RADIUS_M) for radius_m in reaches], float)
    cos_lon, sin_lon = _directions(lon)
    cos_lat, sin_lat = _directions(lat)
    return {
        "x": _settled(cos_lat * cos_lon),
        "y": _settled(cos_lat * sin_lon),
        "z": sin_lat,
        "reach": reach.astype(np.min_scalar_type(max(len(reaches), 1))),
        "uncertainty_m": reaches.astype(np.int64),
        "reach_sin": np.array([sine for sine, _ in half_angles], float),
        "reach_cos": np.array([cosine for _, cosine in half_angles], float),
        "reach_degrees": reaches * DEGREES_PER_METRE,
        "reach_angle": angles,
    }


def _directions(degrees: Array) -> tuple[Array, Array]:
    # numpy's sines may differ from Python's in the last digit, and with them the rows at an edge.
    different, which = np.unique(degrees, return_inverse=True)
    found = np.array([direction(one) for one in different.tolist()], float).reshape(-1, 2)[which]
    return found[:, 0], found[:, 1]


def _settled(numbers: Array) -> Array:
    return np.where(np.abs(numbers) > _NOTHING, numbers, 0.0)


def _spread(bits: Array) -> Array:
    spread = bits.astype(np.uint64)
    for shift, kept in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):  # fmt: skip
        spread = (spread | (spread << np.uint64(shift))) & np.uint64(kept)
    return spread
