"""From a filter to a WHERE clause, the same on every database but for the dialect's three index questions."""

import math
from collections.abc import Set as AbstractSet
from datetime import MAXYEAR

from sqlalchemy import ColumnElement, and_, select

from api.database import areas
from api.database.dialects.hints import aside
from api.database.dialects.protocol import Dialect
from api.database.tables import incident, incident_code
from api.domain.area import HALF_ROUND_M, Bbox, Circle, enclosing_boxes, is_world
from api.domain.dates import Interval
from api.domain.query import IncidentFilter, Match

_CODE_COLUMNS = ("country", "admin1", "category", "outcome", "precision", "verification")
_CODE_LISTS = ("method", "purpose")

Number = int | ColumnElement[int]
"""A release's number, or the parameter of a statement that will be told it."""


def held_by(release: Number) -> ColumnElement[bool]:
    """The versions that were open in a release."""
    return and_(aside(incident.c.from_release) <= release, aside(incident.c.to_release) > release)


def where(
    asked: IncidentFilter,
    release: Number,
    dialect: Dialect,
    *,
    broad: AbstractSet[str] = frozenset(),
    longest_years: int | None = None,
) -> ColumnElement[bool]:
    """The versions that a release held and that `asked` describes.

    `broad` names filters that match too much to begin with (Dialect.broad): each row is tested for them instead.
    No version has a date that reaches over more than `longest_years` turns of the year, where that is known. Both make
    the search quicker and change nothing that it finds.
    """
    conditions = [held_by(release)]
    conditions += [incident.c[name].in_(codes) for name in _CODE_COLUMNS if (codes := getattr(asked, name))]
    conditions += [
        _coded(name, codes, is_broad=name in broad) for name in _CODE_LISTS if (codes := getattr(asked, name))
    ]
    if asked.ids:
        conditions.append(incident.c.id.in_(asked.ids))
    if asked.datetime:
        conditions += _in_days(asked.datetime) if asked.match == "certain" else _on_days(asked.datetime)
        if longest_years is not None:
            conditions += _near_days(asked.datetime, longest_years)
    # An area that is the whole globe holds everything, whatever its disks reach.
    if asked.bbox and not is_world(asked.bbox):
        index, test = _in_box(asked.bbox, asked.match, dialect)
        conditions += [test] if "bbox" in broad else [index, test]
    if asked.near and asked.near.radius_m < HALF_ROUND_M:
        index, test = _in_circle(asked.near, asked.match, dialect)
        conditions += [test] if "near" in broad else [index, test]
    if asked.max_uncertainty_m is not None:
        # A whole number: compared with a fraction, PostgreSQL would turn each row's into one, past its index.
        conditions.append(incident.c.uncertainty_m <= math.floor(asked.max_uncertainty_m))
    if asked.q:
        conditions.append(dialect.has_words(asked.q, is_broad="q" in broad))
    return and_(*conditions)


def _coded(name: str, codes: tuple[str, ...], *, is_broad: bool) -> ColumnElement[bool]:
    rows = select(incident_code.c.row_id).where(incident_code.c.list == name, incident_code.c.code.in_(codes))
    if is_broad:
        return rows.where(incident_code.c.row_id == incident.c.row_id).correlate(incident).exists()
    return incident.c.row_id.in_(rows)


def _on_days(interval: Interval) -> list[ColumnElement[bool]]:
    # Any of an incident's possible days may lie in the interval.
    conditions = []
    if interval.end:
        conditions.append(incident.c.date_start <= interval.end.isoformat())
    if interval.start:
        conditions.append(incident.c.date_end >= interval.start.isoformat())
    return conditions


def _near_days(interval: Interval, longest_years: int) -> list[ColumnElement[bool]]:
    # Neither end of a date that touches the interval is far from it: so an order by either end begins close by.
    conditions = []
    if interval.start and interval.start.year > longest_years:
        conditions.append(incident.c.date_start >= f"{interval.start.year - longest_years:04}-01-01")
    if interval.end and interval.end.year + longest_years <= MAXYEAR:
        conditions.append(incident.c.date_end <= f"{interval.end.year + longest_years:04}-12-31")
    return conditions


def _in_days(interval: Interval) -> list[ColumnElement[bool]]:
    # All of an incident's possible days must, and its sources must not doubt them.
    conditions: list[ColumnElement[bool]] = [incident.c.is_date_certain]
    if interval.start:
        conditions.append(incident.c.date_start >= interval.start.isoformat())
    if interval.end:
        conditions.append(incident.c.date_end <= interval.end.isoformat())
    return conditions


def _in_box(box: Bbox, match: Match, dialect: Dialect) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # What an index finds, a little too much of it, and what is exactly so.
    if match == "possible":
        return dialect.disks_in_boxes([box]), areas.disk_touches_box(box)
    return dialect.in_boxes([box]), areas.disk_in_box(box) if match == "certain" else areas.point_in_box(box)


def _in_circle(circle: Circle, match: Match, dialect: Dialect) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    boxes = enclosing_boxes(circle)
    if match == "possible":
        return dialect.disks_in_boxes(boxes), areas.disk_touches_circle(circle)
    is_in = areas.disk_in_circle(circle) if match == "certain" else areas.point_in_circle(circle)
    return dialect.in_boxes(boxes), is_in
