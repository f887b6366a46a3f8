"""A question as one value: its canonical spelling, its cursor, its sort."""

import base64
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.area import Bbox, Circle
from api.domain.dates import Interval, parse_interval
from api.domain.errors import InvalidValue
from api.domain.query import (
    CODE_FILTERS,
    MATCHES,
    SORT_KEYS,
    Cursor,
    IncidentFilter,
    Sort,
    parse_cursor,
    parse_sort,
    question_hash,
)

_printable = st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), max_size=40)


@given(
    st.integers(1, 2**31 - 1),
    st.sampled_from([*SORT_KEYS, *(f"-{key}" for key in SORT_KEYS)]),
    st.integers(0, 2**40),
    _printable,
    _printable,
    st.text(alphabet="0123456789abcdef", min_size=12, max_size=12),
)
def test_a_cursor_comes_back_as_it_was(  # noqa: PLR0917
    release: int, sort: str, number: int, text: str, identifier: str, question: str
) -> None:
    for key in (number, text):
        cursor = Cursor(release, sort, key, identifier, question)
        encoded = cursor.encode()
        assert parse_cursor(encoded) == cursor
        assert encoded.isascii()
        assert not set(encoded) & set("+/=&? ")


def _packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=").decode()


GOOD_PARTS = [1, "id", "PE-2018-0001", "PE-2018-0001", "0123456789ab"]


def _with(position: int, value: object) -> str:
    return _packed([*GOOD_PARTS[:position], value, *GOOD_PARTS[position + 1 :]])


HOSTILE = [
    "", "a", "!!!!", "===", "null", "AAAA", "é", "٣", "\x00", "a b", " ", "W10", "[]", "e30", "." * 10_000, "W" * 9_999,
    _packed(GOOD_PARTS) + "=", _packed(GOOD_PARTS) + "\n", " " + _packed(GOOD_PARTS), _packed(GOOD_PARTS)[:-3],
    _packed(None), _packed({}), _packed([]), _packed("text"), _packed(GOOD_PARTS[:4]), _packed([*GOOD_PARTS, 1]),
    _with(0, 0), _with(0, -1), _with(0, 2**31), _with(0, 10**30), _with(0, True), _with(0, 1.0), _with(0, "1"),
    _with(1, None), _with(1, 1), _with(1, ["id"]),
    _with(2, None), _with(2, True), _with(2, 1.5), _with(2, 2**62), _with(2, 10**4000), _with(2, ["x"]), _with(2, {}),
    _with(2, "a\x00b"), _with(2, "\ud800"), _with(2, "a\nb"),
    _with(3, None), _with(3, 3), _with(3, "\x00"), _with(3, "\udfff"), _with(4, None), _with(4, 7), _with(4, "\ud83d"),
    _packed([1, "-uncertainty_m", True, "PE-2018-0001", "0123456789ab"]),
    _packed([1, "updated", -(2**63), "PE-2018-0001", "0123456789ab"]),
    base64.urlsafe_b64encode(b"[" * 3000).decode(), base64.urlsafe_b64encode(b"\xff\xfe[1]").rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b'[NaN,"id","a","a","b"]').rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b'[1, "id","a","a","b"]').rstrip(b"=").decode(),
    base64.urlsafe_b64encode(b"[1" + b"0" * 5000 + b"]").rstrip(b"=").decode(),
]  # fmt: skip


def test_the_cursor_that_hostile_ones_are_made_of_is_good() -> None:
    assert parse_cursor(_packed(GOOD_PARTS)) == Cursor(1, "id", "PE-2018-0001", "PE-2018-0001", "0123456789ab")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_anything_else_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidValue, match="no cursor of this API"):
        parse_cursor(text)


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_makes_a_cursor_but_its_own(text: str) -> None:
    try:
        cursor = parse_cursor(text)
    except InvalidValue:
        return
    assert cursor.encode() == text


@pytest.mark.parametrize("key", SORT_KEYS)
def test_a_sort_is_spelt_with_a_minus_for_the_greatest_first(key: str) -> None:
    assert parse_sort(key) == Sort(key, is_descending=False)
    assert parse_sort(f"-{key}") == Sort(key, is_descending=True)
    assert str(parse_sort(key)) == key
    assert str(parse_sort(f"-{key}")) == f"-{key}"


@pytest.mark.parametrize("text", ["", "-", "--id", "+id", "ID", "id ", "title", "lon", "id,country", "-id\n"])
def test_another_sort_is_refused_with_the_keys_that_there_are(text: str) -> None:
    with pytest.raises(InvalidValue, match="date_start"):
        parse_sort(text)


SPELT: list[tuple[IncidentFilter, dict[str, str]]] = [
    (IncidentFilter(), {}),
    (IncidentFilter(country=("ID", "PE")), {"country": "ID,PE"}),
    (IncidentFilter(ids=("PE-2018-0001",)), {"ids": "PE-2018-0001"}),
    (IncidentFilter(q=("newborn", "sale")), {"q": "newborn sale"}),
    (IncidentFilter(datetime=Interval(date(2018, 1, 1), None)), {"datetime": "2018-01-01/.."}),
    (IncidentFilter(datetime=Interval(None, date(2018, 1, 1))), {"datetime": "../2018-01-01"}),
    (IncidentFilter(datetime=Interval(date(2018, 1, 1), date(2018, 1, 1))), {"datetime": "2018-01-01"}),
    (IncidentFilter(bbox=Bbox(-80.0, -20.5, -68.0, 0.0)), {"bbox": "-80,-20.5,-68,0"}),
    (IncidentFilter(bbox=Bbox(-0.0, -0.0, 0.0, 1.0)), {"bbox": "0,0,0,1"}),
    (IncidentFilter(near=Circle(-71.5, -16.4, 5000.0)), {"near": "-71.5,-16.4", "radius_m": "5000"}),
    (
        IncidentFilter(near=Circle(1.0, 2.0, 5.0), match="possible", q=("x",)),
        {"near": "1,2", "radius_m": "5", "match": "possible", "q": "x"},
    ),
    (
        IncidentFilter(datetime=Interval(date(2018, 1, 1), None), match="certain"),
        {"datetime": "2018-01-01/..", "match": "certain"},
    ),
    (IncidentFilter(max_uncertainty_m=0.0), {"max_uncertainty_m": "0"}),
    (IncidentFilter(max_uncertainty_m=2500.5), {"max_uncertainty_m": "2500.5"}),
    (IncidentFilter(match="certain"), {}),
    (IncidentFilter(match="possible", datetime=Interval(date(2018, 1, 1), None)), {"datetime": "2018-01-01/.."}),
    (
        IncidentFilter(outcome=("released",), country=("PE",), q=("x",)),
        {"country": "PE", "outcome": "released", "q": "x"},
    ),
]


@pytest.mark.parametrize(("asked", "parameters"), SPELT)
def test_a_question_has_one_spelling(asked: IncidentFilter, parameters: dict[str, str]) -> None:
    assert asked.parameters() == parameters


_codes = st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(lambda codes: tuple(sorted(codes)))
_degrees = st.floats(-180, 180) | st.just(-0.0)
_questions = st.builds(
    IncidentFilter,
    **dict.fromkeys((*CODE_FILTERS, "ids"), _codes),
    datetime=st.none() | st.builds(lambda a, b: Interval(min(a, b), max(a, b)), st.dates(), st.dates()),
    bbox=st.none() | st.builds(Bbox, _degrees, st.floats(-90, 0), _degrees, st.floats(0, 90)),
    near=st.none() | st.builds(Circle, _degrees, st.floats(-90, 90), st.floats(0.001, 1e7)),
    match=st.sampled_from(MATCHES),
    max_uncertainty_m=st.none() | st.just(0.0) | st.floats(0, 20_037_508),
    q=st.lists(st.sampled_from(["x", "yy"])).map(tuple),
)


@given(_questions)
def test_the_spelling_says_what_the_question_means(asked: IncidentFilter) -> None:
    found = asked.parameters()
    for name in (*CODE_FILTERS, "ids"):
        assert tuple(filter(None, found.get(name, "").split(","))) == getattr(asked, name)
    if asked.datetime:
        assert parse_interval(found["datetime"]) == asked.datetime
    if asked.bbox:
        assert Bbox(*map(float, found["bbox"].split(","))) == asked.bbox
    if asked.near:
        assert Circle(*map(float, f"{found['near']},{found['radius_m']}".split(","))) == asked.near
    assert found.get("match", "point") == asked.match
    assert (asked.max_uncertainty_m is None) == ("max_uncertainty_m" not in found)
    if asked.max_uncertainty_m is not None:
        assert float(found["max_uncertainty_m"]) == asked.max_uncertainty_m


@given(_questions, _questions)
def test_two_questions_share_a_hash_iff_they_are_equal(one: IncidentFilter, other: IncidentFilter) -> None:
    assert (question_hash(one) == question_hash(other)) == (one == other)


@given(_questions)
def test_a_match_that_would_change_nothing_is_the_default(asked: IncidentFilter) -> None:
    if asked.match == "possible":
        assert asked.bbox or asked.near
    if asked.match == "certain":
        assert asked.bbox or asked.near or asked.datetime
    for name in asked.given():
        assert name not in asked.without(name).given()
        assert set(asked.without(name).given()) <= set(asked.given())
    assert asked.without("bbox").without("near").without("datetime").match == "point"


def test_nothing_and_zero_are_different_limits_of_uncertainty() -> None:
    none, zero = IncidentFilter(), IncidentFilter(max_uncertainty_m=0.0)
    assert (none.given(), zero.given()) == ([], ["max_uncertainty_m"])
    assert zero.without("max_uncertainty_m") == none
    assert question_hash(zero) != question_hash(none)
    assert question_hash(zero) == question_hash(IncidentFilter(max_uncertainty_m=-0.0))


def test_zero_and_minus_zero_ask_the_same() -> None:
    one, other = (IncidentFilter(bbox=Bbox(zero, zero, 10.0, 10.0)) for zero in (0.0, -0.0))
    assert one == other
    assert question_hash(one) == question_hash(other)
