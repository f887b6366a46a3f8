"""Areas on the globe: boxes in degrees (RFC 7946, section 5) and circles on a sphere of 6,371,008.8 m.

Distances are chords between unit vectors: the same arithmetic in Python, SQLite and PostgreSQL.
"""

import math
from dataclasses import dataclass

from api.domain.errors import InvalidValue

EARTH_RADIUS_M = 6_371_008.8
MAX_RADIUS_M = 20_037_508
_NOTHING = 1e-40

HALF_ROUND_M = math.pi * EARTH_RADIUS_M
"""The way to the antipode: a circle of this radius is the whole globe."""

DEGREES_PER_METRE = math.degrees(1 / EARTH_RADIUS_M)
"""Along a meridian."""


@dataclass(frozen=True, slots=True)
class Bbox:
    """Degrees; west greater than east means that the box crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Circle:
    """A point in degrees and the metres round it, measured on the sphere."""

    lon: float
    lat: float
    radius_m: float


def parse_bbox(numbers: list[float]) -> Bbox:
    """A box from west, south, east, north as a client sends them.

    Maps send longitudes beyond ±180 after the user has gone round the world: they are wrapped, and a width of 360
    or more is the whole world. Raises InvalidValue when latitudes leave ±90 or are the wrong way round.
    """
    if len(numbers) != 4:
        raise InvalidValue("write four numbers: west,south,east,north in degrees")
    west, south, east, north = numbers
    if not (-90 <= south <= 90 and -90 <= north <= 90):
        raise InvalidValue("south and north lie between -90 and 90; the order is west,south,east,north")
    if south > north:
        raise InvalidValue("south is greater than north; the order is west,south,east,north")
    if not (-100_000 <= west <= 100_000 and -100_000 <= east <= 100_000):
        raise InvalidValue("longitudes this large are a mistake; write degrees")
    if abs(east - west) >= 360:
        return Bbox(-180.0, south, 180.0, north)
    # An east edge of 180 stays one, unless the box is the antimeridian alone.
    return Bbox(_wrap(west), south, 180.0 if east == 180 and west != 180 else _wrap(east), north)


def spans(box: Bbox) -> list[tuple[float, float]]:
    """The box's longitudes as ranges within [-180, 180), in which stored points lie."""
    if box.west <= box.east:
        ranges = [(box.west, box.east)]
    else:
        ranges = [(box.west, 180.0), (-180.0, box.east)]
    if any(east == 180.0 for _, east in ranges) and not any(west == -180.0 for west, _ in ranges):
        ranges.append((-180.0, -180.0))
    return ranges


def is_world(box: Bbox) -> bool:
    """Whether the box leaves nothing of the globe over."""
    return box.east - box.west >= 360 and (box.south, box.north) == (-90, 90)


def unwrapped(box: Bbox) -> tuple[float, float]:
    """The box's longitudes as one range from west to east, whose end may lie beyond 180."""
    return box.west, box.east if box.west <= box.east else box.east + 360


def unit_vector(lon: float, lat: float) -> tuple[float, float, float]:
    """The point on the unit sphere: x towards 0°,0°, y towards 90° E, z towards the North Pole."""
    cos_lon, sin_lon = direction(lon)
    cos_lat, sin_lat = direction(lat)
    return _settled(cos_lat * cos_lon), _settled(cos_lat * sin_lon), sin_lat


def direction(degrees: float) -> tuple[float, float]:
    """Cosine and sine."""
    angle = math.radians(degrees)
    return math.cos(angle), _settled(math.sin(angle))


def chord_squared(distance_m: float) -> float:
    """The square of the straight line through the unit sphere that spans `distance_m` along its surface.

    Half the way round the world and more is infinite: rounding must not lose the antipode.
    """
    angle = distance_m / EARTH_RADIUS_M
    return (2 * math.sin(angle / 2)) ** 2 if angle < math.pi else math.inf


def enclosing_boxes(circle: Circle) -> list[Bbox]:
    """Boxes that hold the whole circle, grown by a hair so that rounding loses nothing."""
    hair = 1e-9
    box = disk_bounds(Circle(circle.lon, circle.lat, circle.radius_m + math.radians(hair) * EARTH_RADIUS_M))
    if box.east - box.west + 2 * hair >= 360:
        return [Bbox(-180.0, box.south, 180.0, box.north)]
    return [Bbox(_wrap(box.west - hair), box.south, _wrap(box.east + hair), box.north)]


def half_angle(distance_m: float) -> tuple[float, float]:
    """Sine and cosine of half the angle that `distance_m` spans at the centre of the globe, at most a right angle.

    Two of these add up to the chord of a sum of distances, without a trigonometric function in SQL.
    """
    half = min(distance_m / EARTH_RADIUS_M, math.pi) / 2
    return _settled(math.sin(half)), math.cos(half)


def disk_bounds(circle: Circle) -> Bbox:
    """The least box round a disk, its longitudes unwrapped: west may lie below -180, east beyond 180.

    A disk over a pole reaches round the world there, from -180 to 180.
    """
    angle = math.degrees(circle.radius_m / EARTH_RADIUS_M)
    south, north = circle.lat - angle, circle.lat + angle
    if south <= -90 or north >= 90:
        return Bbox(-180.0, max(south, -90.0), 180.0, min(north, 90.0))
    ratio = math.sin(math.radians(angle)) / math.cos(math.radians(circle.lat))
    half_width = math.degrees(math.asin(min(ratio, 1.0)))
    return Bbox(circle.lon - half_width, south, circle.lon + half_width, north)


def normal_lon(lon: float) -> float:
    """The longitude within [-180, 180): 180° E is stored as 180° W, so that one meridian has one number."""
    return _wrap(lon)


def _settled(number: float) -> float:
    # PostgreSQL refuses a product that is too small for a double; far less than an atom's breadth is nothing.
    return number if abs(number) > _NOTHING else 0.0


def _wrap(lon: float) -> float:
    return lon if -180 <= lon < 180 else (lon + 180) % 360 - 180
