"""Spots and their disks against boxes and circles: the sums, products and comparisons of database.areas, in numpy.

docs/decisions/0013 tells the geometry. Both must stay alike, line by line: equal rows follow from equal arithmetic.
"""

from functools import reduce

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
from api.snapshot.columns import Array, Mask, Snapshot
from api.snapshot.spots import HOLDS_A_POLE


def point_in_box(snapshot: Snapshot, box: Bbox) -> Mask:
    """Spots whose point lies in the box, or on its edge."""
    return _is_in_width(snapshot, box) & _between(snapshot["lat"], box.south, box.north)


def disk_touches_box(snapshot: Snapshot, box: Bbox) -> Mask:
    """Spots of which some point of the box is no farther away than the uncertainty."""
    south, north, lat = box.south, box.north, snapshot["lat"]
    reach_m, reach_degrees = _reach(snapshot, "uncertainty_m"), _reach(snapshot, "reach_degrees")
    along_the_meridian = _is_in_width(snapshot, box)
    along_the_meridian &= (south - lat <= reach_degrees) & (lat - north <= reach_degrees)
    touches = [along_the_meridian, reach_m >= HALF_ROUND_M]
    if north == 90:
        touches.append(90 - lat <= reach_degrees)
    if south == -90:
        touches.append(lat + 90 <= reach_degrees)
    if box.east - box.west < 360:
        touches += [_reaches_side(snapshot, lon, south, north) for lon in sorted({box.west, box.east})]
    return _any(touches)


def disk_in_box(snapshot: Snapshot, box: Bbox) -> Mask:
    """Spots of which all that is no farther away than the uncertainty lies in the box."""
    found = point_in_box(snapshot, box)
    # The bounds of disks (domain.area.disk_bounds) are only needed of what lies in the box anyway.
    inside = np.flatnonzero(found)
    lon, lat, width = (snapshot[name][inside] for name in ("lon", "lat", "half_width"))
    reach = snapshot["reach"][inside]
    angle = snapshot["reach_angle"][reach]
    holds_a_pole = width == HOLDS_A_POLE
    disk_south, disk_north = np.maximum(lat - angle, -90.0), np.minimum(lat + angle, 90.0)
    disk_west, disk_east = np.where(holds_a_pole, -180.0, lon - width), np.where(holds_a_pole, 180.0, lon + width)
    west, east = unwrapped(box)
    in_height = (disk_south >= box.south) & (disk_north <= box.north)
    in_width = _any([(disk_west >= west + turn) & (disk_east <= east + turn) for turn in (-360.0, 0.0, 360.0)])
    holds = in_height if box.east - box.west >= 360 else in_height & in_width
    found[inside] = (snapshot["uncertainty_m"][reach] == 0) | holds
    return found


def point_in_circle(snapshot: Snapshot, circle: Circle) -> Mask:
    """Spots whose point lies in the circle, or on its edge."""
    return _chord_squared(snapshot, circle.lon, circle.lat) <= chord_squared(circle.radius_m)


def disk_touches_circle(snapshot: Snapshot, circle: Circle) -> Mask:
    """Spots to which the centre of the circle is no farther away than its radius and the uncertainty together."""
    sine, cosine = half_angle(circle.radius_m)
    half_chord = sine * snapshot["reach_cos"] + cosine * snapshot["reach_sin"]
    most = (4.0 * half_chord * half_chord)[snapshot["reach"]]
    reaches = _chord_squared(snapshot, circle.lon, circle.lat) <= most
    return (snapshot["uncertainty_m"] >= HALF_ROUND_M - circle.radius_m)[snapshot["reach"]] | reaches


def disk_in_circle(snapshot: Snapshot, circle: Circle) -> Mask:
    """Spots of which all that is no farther away than the uncertainty lies in the circle, less than the globe."""
    sine, cosine = half_angle(circle.radius_m)
    half_chord = sine * snapshot["reach_cos"] - cosine * snapshot["reach_sin"]
    most = (4.0 * half_chord * half_chord)[snapshot["reach"]]
    holds = _chord_squared(snapshot, circle.lon, circle.lat) <= most
    return (snapshot["uncertainty_m"] <= circle.radius_m)[snapshot["reach"]] & holds


def _reach(snapshot: Snapshot, name: str) -> Array:
    return snapshot[name][snapshot["reach"]]


def _is_in_width(snapshot: Snapshot, box: Bbox) -> Mask:
    return _any([_between(snapshot["lon"], west, east) for west, east in spans(box)])


def _between(numbers: Array, least: float, most: float) -> Mask:
    return (numbers >= least) & (numbers <= most)


def _any(masks: list[Mask]) -> Mask:
    return reduce(np.logical_or, masks)


def _chord_squared(snapshot: Snapshot, lon: float, lat: float) -> Array:
    x, y, z = unit_vector(lon, lat)
    dx, dy, dz = snapshot["x"] - x, snapshot["y"] - y, snapshot["z"] - z
    return dx * dx + dy * dy + dz * dz


def _reaches_side(snapshot: Snapshot, lon: float, south: float, north: float) -> Mask:
    """A meridian from `south` to `north` is no farther away than the uncertainty."""
    (cos_lon, sin_lon), (cos_south, sin_south), (cos_north, sin_north) = map(direction, (lon, south, north))
    x, y, z = snapshot["x"], snapshot["y"], snapshot["z"]
    along, across = x * cos_lon + y * sin_lon, x * sin_lon - y * cos_lon
    reach_sin = snapshot["reach_sin"]
    reach = 2.0 * reach_sin * snapshot["reach_cos"]
    is_far = snapshot["uncertainty_m"] >= HALF_ROUND_M / 2
    foot_is_between = (along > 0) & (z * cos_south >= along * sin_south) & (z * cos_north <= along * sin_north)
    foot_is_near = is_far[snapshot["reach"]] | (across * across <= (reach * reach)[snapshot["reach"]])
    most = (4.0 * reach_sin * reach_sin)[snapshot["reach"]]
    ends = [_chord_squared(snapshot, lon, lat) <= most for lat in sorted({south, north})]
    return _any([*ends, foot_is_between & foot_is_near])
