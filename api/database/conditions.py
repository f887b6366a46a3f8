"""From a filter to a WHERE clause, the same on every database but for the dialect's two index questions."""

from sqlalchemy import ColumnElement, and_, or_, select

from api.database.dialects.protocol import Dialect
from api.database.tables import incident, incident_code
from api.domain.area import Bbox, Circle, chord_squared, enclosing_boxes, spans, unit_vector
from api.domain.dates import Interval
from api.domain.query import IncidentFilter

_CODE_COLUMNS = ("country", "admin1", "category", "outcome", "precision", "verification")
_CODE_LISTS = ("method", "purpose")


def held_by(release: int) -> ColumnElement[bool]:
    """The versions that were open in a release."""
    return and_(incident.c.from_release <= release, incident.c.to_release > release)


def where(asked: IncidentFilter, release: int, dialect: Dialect) -> ColumnElement[bool]:
    """The versions that a release held and that `asked` describes."""
    conditions = [held_by(release)]
    conditions += [incident.c[name].in_(codes) for name in _CODE_COLUMNS if (codes := getattr(asked, name))]
    conditions += [_coded(name, codes) for name in _CODE_LISTS if (codes := getattr(asked, name))]
    if asked.ids:
        conditions.append(incident.c.id.in_(asked.ids))
    if asked.datetime:
        conditions += _on_days(asked.datetime)
    if asked.bbox:
        conditions += [dialect.in_boxes([asked.bbox]), _in_box(asked.bbox)]
    if asked.near:
        conditions += [dialect.in_boxes(enclosing_boxes(asked.near)), _in_circle(asked.near)]
    if asked.q:
        conditions.append(dialect.has_words(asked.q))
    return and_(*conditions)


def _coded(name: str, codes: tuple[str, ...]) -> ColumnElement[bool]:
    rows = select(incident_code.c.row_id).where(incident_code.c.list == name, incident_code.c.code.in_(codes))
    return incident.c.row_id.in_(rows)


def _on_days(interval: Interval) -> list[ColumnElement[bool]]:
    # Any of an incident's possible days may lie in the interval.
    conditions = []
    if interval.end:
        conditions.append(incident.c.date_start <= interval.end.isoformat())
    if interval.start:
        conditions.append(incident.c.date_end >= interval.start.isoformat())
    return conditions


def _in_box(box: Bbox) -> ColumnElement[bool]:
    in_width = or_(*(incident.c.lon.between(west, east) for west, east in spans(box)))
    return and_(in_width, incident.c.lat.between(box.south, box.north))


def _in_circle(circle: Circle) -> ColumnElement[bool]:
    x, y, z = unit_vector(circle.lon, circle.lat)
    dx, dy, dz = incident.c.x - x, incident.c.y - y, incident.c.z - z
    return dx * dx + dy * dy + dz * dz <= chord_squared(circle.radius_m)
