"""A question in words, for those who open its answer as a file."""

from api.domain.dates import Interval
from api.domain.query import CODE_FILTERS, IncidentFilter

_NAMES = {
    "country": "country",
    "admin1": "first-level area",
    "category": "category",
    "method": "method",
    "purpose": "purpose",
    "outcome": "outcome",
    "precision": "precision",
    "verification": "verification",
}
_MATCHES = {
    "point": "",
    "possible": "; whatever may lie there within its uncertainty counts",
    "certain": "; only what certainly lies there counts",
}
_MOST_IDS = 5


def in_words(where: IncidentFilter) -> str:
    """What is asked for, as `country PE or ID; date within 2018-01-01 to 2018-12-31`; empty when everything is."""
    parts = [f"{_NAMES[name]} {' or '.join(getattr(where, name))}" for name in CODE_FILTERS if getattr(where, name)]
    if where.datetime:
        parts.append(f"date within {_days(where.datetime)}")
    if where.bbox:
        box = where.bbox
        parts.append(f"within {box.west:g} to {box.east:g} degrees east and {box.south:g} to {box.north:g} north")
    if where.near:
        parts.append(f"within {where.near.radius_m:g} metres of {where.near.lon:g}, {where.near.lat:g} (lon, lat)")
    if where.max_uncertainty_m is not None:
        parts.append(f"known to within {where.max_uncertainty_m:g} metres")
    if where.q:
        parts.append(f"words: {' '.join(where.q)}")
    if where.ids:
        more = f" and {len(where.ids) - _MOST_IDS} more" if len(where.ids) > _MOST_IDS else ""
        parts.append(f"identifier {' or '.join(where.ids[:_MOST_IDS])}{more}")
    return "; ".join(parts) + (_MATCHES[where.match] if parts else "")


def _days(interval: Interval) -> str:
    start, end = (day.isoformat() if day else "" for day in (interval.start, interval.end))
    if start == end:
        return start
    return f"{start} to {end}" if start and end else f"{start} and later" if start else f"{end} and earlier"
