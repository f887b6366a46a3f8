"""Points and their uncertainty disks against boxes and circles: sums, products and comparisons of doubles.

Every sine and cosine is either stored with the version or computed here, in Python: no function of a database is
asked, so that every database gives the same rows. docs/decisions/0013 tells the geometry.
"""

from sqlalchemy import ColumnElement, and_, or_

from api.database.tables import incident
from api.domain.area import (
    DEGREES_PER_METRE,
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

_reach_m, _reach_sin, _reach_cos = incident.c.uncertainty_m, incident.c.reach_sin, incident.c.reach_cos
_reach_degrees = _reach_m * DEGREES_PER_METRE


def point_in_box(box: Bbox) -> ColumnElement[bool]:
    """The point lies in the box, or on its edge."""
    return and_(_is_in_width(box), incident.c.lat.between(box.south, box.north))


def disk_touches_box(box: Bbox) -> ColumnElement[bool]:
    """Some point of the box is no farther away than the uncertainty."""
    south, north, lat = box.south, box.north, incident.c.lat
    along_the_meridian = and_(_is_in_width(box), south - lat <= _reach_degrees, lat - north <= _reach_degrees)
    touches = [along_the_meridian, _reach_m >= HALF_ROUND_M]
    # A pole lies on every meridian: a box that reaches it is as near as the pole is.
    if north == 90:
        touches.append(90 - lat <= _reach_degrees)
    if south == -90:
        touches.append(lat + 90 <= _reach_degrees)
    if box.east - box.west < 360:
        # From beyond its width, the nearest point of the box lies on the nearer of its two sides.
        touches += [_reaches_side(lon, south, north) for lon in sorted({box.west, box.east})]
    return or_(*touches)


def disk_in_box(box: Bbox) -> ColumnElement[bool]:
    """All that is no farther away than the uncertainty lies in the box."""
    west, east = unwrapped(box)
    in_height = and_(incident.c.disk_south >= box.south, incident.c.disk_north <= box.north)
    in_width = or_(
        *(
            and_(incident.c.disk_west >= west + turn, incident.c.disk_east <= east + turn)
            for turn in (-360.0, 0.0, 360.0)
        )
    )
    # Not `east - west`, which is rounded: a seam of a hair is a seam.
    holds = in_height if box.east - box.west >= 360 else and_(in_height, in_width)
    # A pole without uncertainty is its point; the bounds of its disk would go round the world.
    return and_(point_in_box(box), or_(_reach_m == 0, holds))


def point_in_circle(circle: Circle) -> ColumnElement[bool]:
    """The point lies in the circle, or on its edge."""
    return _chord_squared(circle.lon, circle.lat) <= chord_squared(circle.radius_m)


def disk_touches_circle(circle: Circle) -> ColumnElement[bool]:
    """The centre of the circle is no farther away than its radius and the uncertainty together."""
    sine, cosine = half_angle(circle.radius_m)
    # The sine of half the sum of two angles, from the sines and cosines of their halves.
    half_chord = sine * _reach_cos + cosine * _reach_sin
    reaches = _chord_squared(circle.lon, circle.lat) <= 4.0 * half_chord * half_chord
    return or_(_reach_m >= HALF_ROUND_M - circle.radius_m, reaches)


def disk_in_circle(circle: Circle) -> ColumnElement[bool]:
    """All that is no farther away than the uncertainty lies in the circle, which is less than the globe."""
    sine, cosine = half_angle(circle.radius_m)
    half_chord = sine * _reach_cos - cosine * _reach_sin
    holds = _chord_squared(circle.lon, circle.lat) <= 4.0 * half_chord * half_chord
    return and_(_reach_m <= circle.radius_m, holds)


def _is_in_width(box: Bbox) -> ColumnElement[bool]:
    return or_(*(incident.c.lon.between(west, east) for west, east in spans(box)))


def _chord_squared(lon: float, lat: float) -> ColumnElement[float]:
    x, y, z = unit_vector(lon, lat)
    dx, dy, dz = incident.c.x - x, incident.c.y - y, incident.c.z - z
    return dx * dx + dy * dy + dz * dz


def _reaches_side(lon: float, south: float, north: float) -> ColumnElement[bool]:
    """A meridian from `south` to `north` is no farther away than the uncertainty."""
    (cos_lon, sin_lon), (cos_south, sin_south), (cos_north, sin_north) = map(direction, (lon, south, north))
    along, across = incident.c.x * cos_lon + incident.c.y * sin_lon, incident.c.x * sin_lon - incident.c.y * cos_lon
    reach = 2.0 * _reach_sin * _reach_cos  # the sine of the whole angle, which grows up to a quarter of the globe
    foot_is_between = and_(
        along > 0,
        incident.c.z * cos_south >= along * sin_south,
        incident.c.z * cos_north <= along * sin_north,
    )
    foot_is_near = or_(_reach_m >= HALF_ROUND_M / 2, across * across <= reach * reach)
    ends = [_chord_squared(lon, lat) <= 4.0 * _reach_sin * _reach_sin for lat in sorted({south, north})]
    return or_(*ends, and_(foot_is_between, foot_is_near))
