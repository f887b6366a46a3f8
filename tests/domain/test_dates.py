"""Dates in EDTF level 1, and the intervals that questions ask for."""

import calendar
import contextlib
import datetime as dt
from datetime import date

import pytest
from edtf import EDTFParseException
from edtf import parse_edtf as parse_by_library
from hypothesis import example, given
from hypothesis import strategies as st

from api.domain.dates import Interval, parse_edtf, parse_edtf_point, parse_interval
from api.domain.errors import InvalidValue

GOOD = [
    # text, first day, last day, precision, whether the evidence is certain
    ("2018-11-06", "2018-11-06", "2018-11-06", "day", True),
    ("2018-11", "2018-11-01", "2018-11-30", "month", True),
    ("2018", "2018-01-01", "2018-12-31", "year", True),
    ("2018?", "2018-01-01", "2018-12-31", "year", False),
    ("2018~", "2018-01-01", "2018-12-31", "year", False),
    ("2018%", "2018-01-01", "2018-12-31", "year", False),
    ("2018-11?", "2018-11-01", "2018-11-30", "month", False),
    ("2018-11-06~", "2018-11-06", "2018-11-06", "day", False),
    ("2016-02", "2016-02-01", "2016-02-29", "month", True),
    ("2100-02", "2100-02-01", "2100-02-28", "month", True),
    ("2000-02", "2000-02-01", "2000-02-29", "month", True),
    ("2016-02-29", "2016-02-29", "2016-02-29", "day", True),
    ("0001", "0001-01-01", "0001-12-31", "year", True),
    ("9999", "9999-01-01", "9999-12-31", "year", True),
    ("9999-12", "9999-12-01", "9999-12-31", "month", True),
    ("9999-12-31", "9999-12-31", "9999-12-31", "day", True),
    ("2018-04-25/2018-04-27", "2018-04-25", "2018-04-27", "interval", True),
    ("2018-04/2018-06", "2018-04-01", "2018-06-30", "interval", True),
    ("2018/2018-06-05", "2018-01-01", "2018-06-05", "interval", True),
    ("2018-04?/2018-06", "2018-04-01", "2018-06-30", "interval", False),
    ("2018-04/2018-06~", "2018-04-01", "2018-06-30", "interval", False),
    ("2018-04-25/2018-04-25", "2018-04-25", "2018-04-25", "interval", True),
]

BAD = [
    "", " ", "2018 ", " 2018", "2018\n", "2018-11-06\n", "18", "201", "20181", "2018-1", "2018-11-6", "20181106",
    "2018/", "/2018", "/", "2018/..", "../2018", "2018/2019/2020", "2018//2019", "2018-11-06T10:00:00Z",
    "2018-00", "2018-13", "2018-11-00", "2018-11-31", "2015-02-29", "1900-02-29", "2100-02-29", "0000", "0000-01-01",
    "10000", "-2018", "+2018", "2018??", "2018?~", "?2018", "2018-?11", "2018-11-XX", "201X", "2018-21", "Y17000",
    "٢٠١٨", "2018-١١", "２０１８", "²018", "2018–11", "2018-11-06/2018-11-05", "2018-05/2018", "2018-06/2018-05-31",
    "2018/2017", "November 2018", "null", "2018-11-06 / 2018-11-07", "2018\x00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end", "precision", "is_certain"), GOOD)
def test_a_date_means_every_day_that_is_possible(
    text: str, start: str, end: str, precision: str, is_certain: bool
) -> None:
    found = parse_edtf(text)
    assert (found.edtf, found.start.isoformat(), found.end.isoformat()) == (text, start, end)
    assert (found.precision, found.is_certain) == (precision, is_certain)


@pytest.mark.parametrize("text", BAD)
def test_any_other_form_is_refused_with_a_rule(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        parse_edtf(text)
    assert refusal.value.rule


@pytest.mark.parametrize("text", ["2018-04-25/2018-04-27", "2018/2019", "/", "2018/"])
def test_a_point_is_no_interval(text: str) -> None:
    with pytest.raises(InvalidValue, match="an interval is not allowed here"):
        parse_edtf_point(text)


def _points() -> st.SearchStrategy[str]:
    days = st.dates().map(date.isoformat)
    months = days.map(lambda day: day[:7])
    years = days.map(lambda day: day[:4])
    return st.builds(str.__add__, days | months | years, st.sampled_from(["", "?", "~", "%"]))


def _by_library(text: str) -> tuple[date, date]:
    meant = parse_by_library(text)
    first, last = meant.lower_strict(), meant.upper_strict()
    return date(*first[:3]), date(*last[:3])


@given(_points())
@example("2000-02")
@example("0004-02-29?")
def test_the_bounds_of_a_point_are_those_of_the_edtf_library(text: str) -> None:
    found = parse_edtf_point(text)
    assert (found.start, found.end) == _by_library(text)


@given(_points(), _points())
def test_the_bounds_of_an_interval_are_those_of_the_edtf_library(first: str, second: str) -> None:
    text = f"{first}/{second}"
    begin, _ = _by_library(first)
    last_begin, end = _by_library(second)
    if last_begin < begin:
        with pytest.raises(InvalidValue, match="ends before it starts"):
            parse_edtf(text)
    else:
        found = parse_edtf(text)
        assert (found.start, found.end) == (begin, end)


@given(st.text(alphabet="0123456789-/?~%TZ:. X", max_size=22))
def test_what_is_accepted_is_edtf_to_the_library_too(text: str) -> None:
    try:
        found = parse_edtf(text)
    except InvalidValue:
        return
    try:
        assert str(parse_by_library(text)) == text
    except EDTFParseException:  # pragma: no cover - shown when it fails
        pytest.fail(f"{text} is no EDTF")
    assert found.start <= found.end


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    for parse in (parse_edtf, parse_edtf_point, parse_interval):
        with contextlib.suppress(InvalidValue):
            parse(text)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_ends_on_its_last_day(year: int, month: int) -> None:
    found = parse_edtf(f"{year:04d}-{month:02d}")
    assert found.end.day == calendar.monthrange(2000 + year % 400, month)[1]
    if found.end != date.max:
        assert (found.end + dt.timedelta(days=1)).day == 1


QUESTIONS = [
    ("2018-11-06", "2018-11-06", "2018-11-06"),
    ("2018-11", "2018-11-01", "2018-11-30"),
    ("2018", "2018-01-01", "2018-12-31"),
    ("2018-01-01/2018-12-31", "2018-01-01", "2018-12-31"),
    ("2018/2019", "2018-01-01", "2019-12-31"),
    ("2018-06/2018", "2018-06-01", "2018-12-31"),
    ("2018/..", "2018-01-01", None),
    ("2018/", "2018-01-01", None),
    ("../2018-02", None, "2018-02-28"),
    ("/2018-02", None, "2018-02-28"),
    ("2018-11-06T10:00:00Z", "2018-11-06", "2018-11-06"),
    ("2018-11-06t10:00:00z", "2018-11-06", "2018-11-06"),
    ("2018-11-06T10:00:00.123+05:00/..", "2018-11-06", None),
    ("2018-02-12T00:00:00Z/2018-03-18T12:31:12Z", "2018-02-12", "2018-03-18"),
    ("2016-12-31T23:59:60Z", "2016-12-31", "2016-12-31"),
    ("9999", "9999-01-01", "9999-12-31"),
]


@pytest.mark.parametrize(("text", "start", "end"), QUESTIONS)
def test_a_question_of_days_has_two_ends_or_an_open_one(text: str, start: str | None, end: str | None) -> None:
    expected = Interval(start and date.fromisoformat(start), end and date.fromisoformat(end))  # type: ignore[arg-type]
    assert parse_interval(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "/", "..", "../..", "/..", "../", "2018/2017", "2018-11-07/2018-11-06", "2018/2019/2020", "2018?", "2018~",
        "2018-02-30", "0000", "0000/..", "2018-13/..", "../2018-13", "2018-11-06 10:00", "2018-11-06T10:00Z",
        "2018-11-06T10:00:00", "2018-11-06T99:00:00Z", "2018-11-06T10:61:00Z", "2018-11-06T10:00:61Z",
        "2018-11-06T24:00:00Z", "2018-11-06T10:00:00+99:00", "٢٠١٨", "2018-11-06T١٠:00:00Z", "2018\n", "now",
        "P1D/2018", ".../2018", "2018/...", "*",
    ],
)  # fmt: skip
def test_a_question_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_interval(text)
