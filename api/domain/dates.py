"""Dates no finer than the evidence: EDTF level 1, and the intervals that questions ask for.

EDTF is ISO 8601-2:2019; level 1 here means a year, month or day, `?` (uncertain) or `~` (approximate)
after it, and closed intervals of two of these. OGC API Features (part 1, 7.15.3) tells the form of a question.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from api.domain.errors import InvalidValue

DatePrecision = Literal["day", "month", "year", "interval"]

_POINT = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([?~%]?)", re.ASCII)
_QUERY_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_QUERY_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d{1,9})?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_FORMS = "write a year, month or day (2018, 2018-11, 2018-11-06), with ? or ~ after it when it is uncertain"


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """When something happened: every day from `start` to `end` is possible.

    `is_certain` is false when the evidence itself doubts the date (`?`, `~` or `%`).
    """

    edtf: str
    start: date
    end: date
    precision: DatePrecision
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included; None is open."""

    start: date | None
    end: date | None


@lru_cache(maxsize=16_384)  # a record has few dates, and many records the same
def parse_edtf(text: str) -> UncertainDate:
    """A date or closed interval in EDTF level 1.

    Raises InvalidValue for any other form, days that do not exist and intervals that run backwards.
    """
    first, slash, second = text.partition("/")
    if not slash:
        return _parse_point(text)
    begin, end = _parse_point(first), _parse_point(second)
    if end.end < begin.start or end.start < begin.start:
        raise InvalidValue("the interval ends before it starts")
    return UncertainDate(text, begin.start, end.end, "interval", begin.is_certain and end.is_certain)


@lru_cache(maxsize=16_384)
def parse_edtf_point(text: str) -> UncertainDate:
    """As `parse_edtf`, but an interval is refused."""
    if "/" in text:
        raise InvalidValue(f"an interval is not allowed here; {_FORMS}")
    return _parse_point(text)


def parse_interval(text: str) -> Interval:
    """The value of `datetime=`: one date, or two with a slash between them, `..` or nothing for an open end.

    Times of day are accepted and dropped: the record knows days. Raises InvalidValue.
    """
    first, slash, second = text.partition("/")
    if not slash:
        start, end = _days(first)
        return Interval(start, end)
    if "/" in second:
        raise InvalidValue("write one slash, as in 2018-01-01/2018-12-31")
    start_day = None if first in ("", "..") else _days(first)[0]
    end_day = None if second in ("", "..") else _days(second)[1]
    if start_day is None and end_day is None:
        raise InvalidValue("an interval that is open at both ends asks for nothing; leave the parameter out")
    if start_day is not None and end_day is not None and end_day < start_day:
        raise InvalidValue("the interval ends before it starts")
    return Interval(start_day, end_day)


def _parse_point(text: str) -> UncertainDate:
    match = _POINT.fullmatch(text)
    if match is None:
        raise InvalidValue(_FORMS)
    year, month, day, mark = match.groups()
    start, end = _bounds(year, month, day)
    precision: DatePrecision = "day" if day else "month" if month else "year"
    return UncertainDate(text, start, end, precision, not mark)


def _days(text: str) -> tuple[date, date]:
    time = _QUERY_TIME.fullmatch(text)
    match = _QUERY_DATE.fullmatch(time.group(1) if time else text)
    if match is None:
        raise InvalidValue("write 2018, 2018-11, 2018-11-06, or an interval such as 2018-01-01/.. of two of these")
    return _bounds(*match.groups())


def _bounds(year: str, month: str | None, day: str | None) -> tuple[date, date]:
    try:
        if day and month:
            exact = date(int(year), int(month), int(day))
            return exact, exact
        first = date(int(year), int(month or 1), 1)
        last_month = int(month or 12)
        return first, date(int(year), last_month, calendar.monthrange(int(year), last_month)[1])
    except ValueError:
        raise InvalidValue(f"there is no such day: {'-'.join(filter(None, (year, month, day)))}") from None
