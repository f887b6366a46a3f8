"""Spots and their disks against boxes and circles: the sums, products and comparisons of database.areas, in numpy.

docs/decisions/0013 tells the geometry. Both must stay alike, line by line: equal rows follow from equal arithmetic.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Protocol

import numpy as np

from api.domain.area import (
    HALF_ROUND_M,
    Bbox,
    Circle,
    chord_squared,
    direction,
    half_angle,
    spans,
    unit_vector,
    unwrapped,
)
from api.snapshot.columns import Array, Mask

OF_SPOTS = frozenset({"lon", "lat", "x", "y", "z", "disk_west", "disk_east", "reach"})
_HAIR = 1e-9
"""Degrees, as domain.area.enclosing_boxes grows its boxes."""


class Spots(Protocol):
    """Columns of spots, all of them or some, and of reaches."""

    def __getitem__(self, name: str) -> Array:
        """A column by name."""


class Some:
    """Some of the spots, by their places: each column is taken out once."""

    def __init__(self, spots: Spots, places: Array) -> None:
        self._spots, self._places = spots, places
        self._taken: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in OF_SPOTS:
            return self._spots[name]
        if name not in self._taken:
            self._taken[name] = self._spots[name][self._places]
        return self._taken[name]


def points_near(spots: Spots, boxes: Sequence[Bbox]) -> Array:
    """The places of the spots whose point lies in one of the boxes."""
    return np.flatnonzero(_any([point_in_box(spots, box) for box in boxes]))


def disks_near(spots: Spots, boxes: Sequence[Bbox]) -> Array:
    """The places of the spots whose disk may touch one of the boxes, a little too many: its bounds do."""
    lat, reach = spots["lat"], _reach(spots, "reach_angle") + _HAIR
    found = []
    for box in boxes:
        west, east = unwrapped(box)
        mask = (lat - reach <= box.north) & (lat + reach >= box.south)
        turns = [
            (spots["disk_west"] <= east + _HAIR + turn) & (spots["disk_east"] >= west - _HAIR + turn)
            for turn in (-360.0, 0.0, 360.0)
        ]
        found.append(mask & _any(turns))
    return np.flatnonzero(_any(found))


def point_in_box(spots: Spots, box: Bbox) -> Mask:
    """Spots whose point lies in the box, or on its edge."""
    return _is_in_width(spots, box) & _between(spots["lat"], box.south, box.north)


def disk_touches_box(spots: Spots, box: Bbox) -> Mask:
    """Spots of which some point of the box is no farther away than the uncertainty."""
    south, north, lat = box.south, box.north, spots["lat"]
    reach_m, reach_degrees = _reach(spots, "uncertainty_m"), _reach(spots, "reach_degrees")
    along_the_meridian = _is_in_width(spots, box)
    along_the_meridian &= (south - lat <= reach_degrees) & (lat - north <= reach_degrees)
    touches = [along_the_meridian, reach_m >= HALF_ROUND_M]
    if north == 90:
        touches.append(90 - lat <= reach_degrees)
    if south == -90:
        touches.append(lat + 90 <= reach_degrees)
    if box.east - box.west < 360:
        touches += [_reaches_side(spots, lon, south, north) for lon in sorted({box.west, box.east})]
    return _any(touches)


def disk_in_box(spots: Spots, box: Bbox) -> Mask:
    """Spots of which all that is no farther away than the uncertainty lies in the box."""
    found = point_in_box(spots, box)
    # The bounds of disks (domain.area.disk_bounds) are only needed of what lies in the box anyway.
    inside = np.flatnonzero(found)
    lat, disk_west, disk_east = (spots[name][inside] for name in ("lat", "disk_west", "disk_east"))
    reach = spots["reach"][inside]
    angle = spots["reach_angle"][reach]
    disk_south, disk_north = np.maximum(lat - angle, -90.0), np.minimum(lat + angle, 90.0)
    west, east = unwrapped(box)
    in_height = (disk_south >= box.south) & (disk_north <= box.north)
    in_width = _any([(disk_west >= west + turn) & (disk_east <= east + turn) for turn in (-360.0, 0.0, 360.0)])
    holds = in_height if box.east - box.west >= 360 else in_height & in_width
    found[inside] = (spots["uncertainty_m"][reach] == 0) | holds
    return found


def point_in_circle(spots: Spots, circle: Circle) -> Mask:
    """Spots whose point lies in the circle, or on its edge."""
    return _chord_squared(spots, circle.lon, circle.lat) <= chord_squared(circle.radius_m)


def disk_touches_circle(spots: Spots, circle: Circle) -> Mask:
    """Spots to which the centre of the circle is no farther away than its radius and the uncertainty together."""
    sine, cosine = half_angle(circle.radius_m)
    half_chord = sine * spots["reach_cos"] + cosine * spots["reach_sin"]
    most = (4.0 * half_chord * half_chord)[spots["reach"]]
    reaches = _chord_squared(spots, circle.lon, circle.lat) <= most
    return (spots["uncertainty_m"] >= HALF_ROUND_M - circle.radius_m)[spots["reach"]] | reaches


def disk_in_circle(spots: Spots, circle: Circle) -> Mask:
    """Spots of which all that is no farther away than the uncertainty lies in the circle, less than the globe."""
    sine, cosine = half_angle(circle.radius_m)
    half_chord = sine * spots["reach_cos"] - cosine * spots["reach_sin"]
    most = (4.0 * half_chord * half_chord)[spots["reach"]]
    holds = _chord_squared(spots, circle.lon, circle.lat) <= most
    return (spots["uncertainty_m"] <= circle.radius_m)[spots["reach"]] & holds


def _reach(spots: Spots, name: str) -> Array:
    return spots[name][spots["reach"]]


def _is_in_width(spots: Spots, box: Bbox) -> Mask:
    return _any([_between(spots["lon"], west, east) for west, east in spans(box)])


def _between(numbers: Array, least: float, most: float) -> Mask:
    return (numbers >= least) & (numbers <= most)


def _any(masks: list[Mask]) -> Mask:
    return reduce(np.logical_or, masks)


def _chord_squared(spots: Spots, lon: float, lat: float) -> Array:
    x, y, z = unit_vector(lon, lat)
    dx, dy, dz = spots["x"] - x, spots["y"] - y, spots["z"] - z
    return dx * dx + dy * dy + dz * dz


def _reaches_side(spots: Spots, lon: float, south: float, north: float) -> Mask:
    """A meridian from `south` to `north` is no farther away than the uncertainty."""
    (cos_lon, sin_lon), (cos_south, sin_south), (cos_north, sin_north) = map(direction, (lon, south, north))
    x, y, z = spots["x"], spots["y"], spots["z"]
    along, across = x * cos_lon + y * sin_lon, x * sin_lon - y * cos_lon
    reach_sin = spots["reach_sin"]
    reach = 2.0 * reach_sin * spots["reach_cos"]
    is_far = spots["uncertainty_m"] >= HALF_ROUND_M / 2
    foot_is_between = (along > 0) & (z * cos_south >= along * sin_south) & (z * cos_north <= along * sin_north)
    foot_is_near = is_far[spots["reach"]] | (across * across <= (reach * reach)[spots["reach"]])
    most = (4.0 * reach_sin * reach_sin)[spots["reach"]]
    ends = [_chord_squared(spots, lon, lat) <= most for lat in sorted({south, north})]
    return _any([*ends, foot_is_between & foot_is_near])
