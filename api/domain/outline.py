"""Areas as polygons in degrees (RFC 7946): cut along the antimeridian, closed over a pole.

The sphere is that of domain.area. Corners of a disk lie on its circle, between which it runs 0.2 % further in.
"""

import math
from collections.abc import Sequence

from api.domain.area import EARTH_RADIUS_M, HALF_ROUND_M, unit_vector

Position = tuple[float, float]
Ring = list[Position]
Polygon = list[Ring]

_CORNERS = 48
_STEPS = [(math.cos(turn), -math.sin(turn)) for turn in (2 * math.pi * n / _CORNERS for n in range(_CORNERS))]
"""North and east of the way to each corner, counter-clockwise."""
_LEAST_RADIUS_M = 1.0
_STRAIGHT = 5.0
"""Degrees of longitude over which a side is drawn straight; longer ones get corners along the great circle."""
_DECIMALS = 6
_WORLD: Ring = [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)]


def outline(lon: float, lat: float, radius_m: float) -> list[Polygon]:
    """The polygons of a MultiPolygon: outer rings counter-clockwise, holes clockwise, none across ±180."""
    radius_m = max(radius_m, _LEAST_RADIUS_M)
    if radius_m >= HALF_ROUND_M:
        return [[_WORLD]]
    angle = radius_m / EARTH_RADIUS_M
    reach = math.degrees(angle)
    has_north, has_south = lat + reach >= 90, lat - reach <= -90
    if has_north and has_south:
        # All but a disk around the antipode, which holds no pole.
        return [_all_but(outline((lon + 360) % 360 - 180, -lat, HALF_ROUND_M - radius_m))]
    if has_north or has_south:
        return [[_cap(lon, lat, angle, pole=90.0 if has_north else -90.0)]]
    return _parted([(lon + east, north) for east, north in _circle(lat, angle)])


def enclosed(corners: Sequence[Position]) -> list[Polygon]:
    """The polygons of a MultiPolygon around corners, counter-clockwise, with great circles between them.

    What they enclose is less than half of the globe, and no side of it is a half of a meridian.
    """
    ring = [point for side in zip(corners, [*corners[1:], corners[0]], strict=True) for point in _along(*side)]
    lon = ring[0][0]
    unwrapped = [(lon := lon + math.remainder(x - lon, 360.0), y) for x, y in ring]
    way = lon + math.remainder(ring[0][0] - lon, 360.0) - ring[0][0]
    if abs(way) < 180:
        return _parted(unwrapped)
    pole = math.copysign(90.0, math.fsum(y for _, y in ring))
    found = sorted(((x + 180) % 360 - 180, y) for x, y in ring)
    (first, first_lat), (last, last_lat) = found[0], found[-1]
    share = (180 - last) / (first + 360 - last)
    return [[_closed_over(found, last_lat + share * (first_lat - last_lat), pole)]]


def _along(start: Position, end: Position) -> Ring:
    """From the start of a side to before its end, along the great circle."""
    pieces = math.ceil(abs(math.remainder(end[0] - start[0], 360.0)) / _STRAIGHT)
    if pieces < 2:
        return [start]
    # Told from the same end in both directions, so that neighbours share every corner.
    if is_turned := start > end:
        start, end = end, start
    one, other = unit_vector(*start), unit_vector(*end)
    angle = 2 * math.asin(math.dist(one, other) / 2)
    points = [start]
    for piece in range(1, pieces):
        shares = math.sin(angle * (1 - piece / pieces)), math.sin(angle * piece / pieces)
        x, y, z = (a * shares[0] + b * shares[1] for a, b in zip(one, other, strict=True))
        points.append((math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))))
    return [end, *points[:0:-1]] if is_turned else points


def _parted(ring: Ring) -> list[Polygon]:
    """A ring whose longitudes may reach beyond ±180, cut there."""
    parts, longitudes = [(ring, 0.0)], [x for x, _ in ring]
    for edge, turn, is_over in ((180.0, -360.0, max(longitudes) > 180), (-180.0, 360.0, min(longitudes) < -180)):
        if is_over:
            sign = math.copysign(1.0, edge)
            parts = [(_half(ring, edge, -sign), 0.0), (_half(ring, edge, sign), turn)]
    return [[_closed([(x + turn, y) for x, y in part])] for part, turn in parts if len(part) > 2]


def _circle(lat: float, angle: float) -> Ring:
    """Corners of the circle, counter-clockwise from north; the longitude is told from the centre's."""
    sin_lat, cos_lat = math.sin(math.radians(lat)), math.cos(math.radians(lat))
    cos_angle, across = math.cos(angle), math.sin(angle) * cos_lat
    middle, atan2, asin, degrees = sin_lat * cos_angle, math.atan2, math.asin, math.degrees
    # A hair beyond 1 by rounding, where the circle touches a pole.
    sines = [max(-1.0, min(1.0, middle + across * northward)) for northward, _ in _STEPS]
    return [
        (degrees(atan2(eastward * across, cos_angle - sin_lat * sine)), degrees(asin(sine)))
        for sine, (_, eastward) in zip(sines, _STEPS, strict=True)
    ]


def _all_but(parts: list[Polygon]) -> Polygon:
    """The map without a disk: it is a hole, or a bay at either edge when it lies across the antimeridian."""
    if len(parts) == 1:
        return [_WORLD, parts[0][0][::-1]]
    (west,), (east,) = sorted(parts, key=lambda part: part[0][0][0])
    return [[*_WORLD[:2], *_bay(east), *_WORLD[2:4], *_bay(west), _WORLD[0]]]


def _bay(ring: Ring) -> Ring:
    """The way along a ring, clockwise, from one end of its edge of the map to the other."""
    corners = ring[:-1]
    after = [*corners[1:], corners[0]]
    ends = (abs(x) == abs(next_x) == 180 for (x, _), (next_x, _) in zip(corners, after, strict=True))
    edge = next(number for number, is_edge in enumerate(ends) if is_edge) + 1
    return [*corners[edge:], *corners[:edge]][::-1]


def _cap(lon: float, lat: float, angle: float, *, pole: float) -> Ring:
    """The ring of a disk that holds one pole: from edge to edge of the map along the circle, and back by the pole."""
    found = {(lon + east + 180) % 360 - 180: north for east, north in _circle(lat, angle)}
    return _closed_over(sorted(found.items()), _latitude_at(180.0 - lon, lat, angle, pole), pole)


def _closed_over(found: Ring, border: float, pole: float) -> Ring:
    """From edge to edge of the map along a ring around a pole, which meets them at the latitude `border`, and back."""
    along = [(-180.0, border), *((x, y) for x, y in found if x > -180), (180.0, border)]
    ring = [*along, (180.0, pole), (-180.0, pole)]
    return _closed(ring if pole > 0 else ring[::-1])


def _latitude_at(east: float, lat: float, angle: float, pole: float) -> float:
    """Where the circle crosses the meridian so far east of its centre: once, since one pole lies in it alone."""
    along, across = math.sin(math.radians(lat)), math.cos(math.radians(lat)) * math.cos(math.radians(east))
    length = math.hypot(along, across)
    middle = math.atan2(along, across)
    if length == 0:
        return pole
    width = math.acos(max(-1.0, min(1.0, math.cos(angle) / length)))
    candidates = [math.degrees(math.remainder(middle + sign * width, 2 * math.pi)) for sign in (1, -1)]
    return min((one for one in candidates if abs(one) <= 90), key=lambda one: abs(one - pole), default=pole)


def _half(ring: Ring, edge: float, side: float) -> Ring:
    """What of a ring lies on one side of a meridian (Sutherland and Hodgman): `side` 1 is east of it, -1 west."""
    kept: Ring = []
    for (x, y), (next_x, next_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
        is_in, is_next_in = (x - edge) * side >= 0, (next_x - edge) * side >= 0
        if is_in:
            kept.append((x, y))
        if is_in != is_next_in:
            share = (edge - x) / (next_x - x)
            kept.append((edge, y + share * (next_y - y)))
    return kept


def _closed(ring: Ring) -> Ring:
    rounded = [(round(x, _DECIMALS), round(y, _DECIMALS)) for x, y in ring]
    kept = list(dict.fromkeys(rounded))  # none comes twice but by rounding
    return [*kept, kept[0]]
