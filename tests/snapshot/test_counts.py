"""Statistics against brute force: every dimension, measure and choice of claims, on both databases."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from statistics import median
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.database.reads import columns as reads
from api.database.rows import IncidentVersion
from api.domain.dates import parse_edtf
from api.domain.figures import CHOICES, Choice
from api.domain.query import IncidentFilter, Sort
from api.domain.stats import DIMENSIONS
from api.snapshot.build import build
from api.snapshot.columns import Snapshot
from api.snapshot.counts import Question, TooManyGroups, count, possible_duplicates
from api.snapshot.groups import _combined
from api.snapshot.select import matching, versions_of
from tests.oracle import CITED, CURRENCIES, Oracle, Store
from tests.questions import questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5
ADDITIVE = {"arrested", "children_recovered"}
RANKS = {"court": 3, "original": 2, "copy": 1, "overview": 0}

Claim = Mapping[str, Any]


def codes_of(version: IncidentVersion, dimension: str) -> list[Any]:
    """The rows in which an incident stands; None where it has no value."""
    first, last = date.fromisoformat(version.date_start), date.fromisoformat(version.date_end)
    if dimension == "year":
        return [first.year if first.year == last.year else None]
    if dimension == "month":
        is_one = (first.year, first.month) == (last.year, last.month)
        return [version.date_start[:7] if is_one else None]
    if dimension in ("method", "purpose"):
        return sorted(getattr(version, f"{dimension}s")) or [None]
    return [getattr(version, dimension) or None]


def claims_of(version: IncidentVersion, measure: str, currency: str | None) -> list[Claim]:
    figures: list[Claim] = orjson.loads(version.document)["figures"]
    return [one for one in figures if one["measure"] == measure and one["currency"] == currency]


def given_by(claim: Claim) -> list[float]:
    return [claim[end] for end in ("low", "best", "high") if claim[end] is not None]


def strength(claim: Claim) -> tuple[Any, ...]:
    return claim["best"] is not None, max(RANKS[one] for one in claim["sources"]), as_of(claim), len(claim["sources"])


def as_of(claim: Claim) -> date:
    return parse_edtf(claim["as_of"]).end if claim["as_of"] else date.min


def chosen(claims: Sequence[Claim], choice: Choice) -> Claim:
    """The claim that counts: the first of the file where nothing tells them apart."""
    keys: dict[Choice, Callable[[Claim], Any]] = {
        "best": strength,
        "min": lambda claim: (-min(given_by(claim)), strength(claim)),
        "max": lambda claim: (max(given_by(claim)), strength(claim)),
        "latest": lambda claim: (as_of(claim), strength(claim)),
    }
    most = max(map(keys[choice], claims))
    return next(claim for claim in claims if keys[choice](claim) == most)


def end_of(claim: Claim, end: str) -> float | None:
    value: float | None = claim[end] if claim[end] is not None else claim["best"]
    return value


def is_disputed(claims: Sequence[Claim]) -> bool:
    """Whether some two claims leave no number that fits both: brute force over pairs."""
    ranges = []
    for claim in claims:
        low, high = end_of(claim, "low"), end_of(claim, "high")
        ranges.append((-math.inf if low is None else low, math.inf if high is None else high))
    return any(one[0] > other[1] for one in ranges for other in ranges)


def summed(versions: Iterable[IncidentVersion], measure: str, choice: Choice) -> dict[str, Any]:
    held = [claims for version in versions if (claims := claims_of(version, measure, None))]
    picked = [chosen(claims, choice) for claims in held]
    totals = {}
    for end in ("low", "best", "high"):
        ends = [end_of(claim, end) for claim in picked]
        totals[end] = None if not ends or None in ends else sum(filter(None, ends))
    return totals | {
        "claims": sum(map(len, held)),
        "incidents_with_figure": len(held),
        "disputed": sum(map(is_disputed, held)),
        "open_ended": sum(None in [end_of(claim, end) for end in ("low", "best", "high")] for claim in picked),
    }


def ranged(versions: Sequence[IncidentVersion], measure: str, choice: Choice) -> list[dict[str, Any]]:
    rows = []
    for currency in sorted(CURRENCIES[measure], key=str):
        values = []
        for version in versions:
            if claims := claims_of(version, measure, currency):
                claim = chosen(claims, choice)
                numbers = given_by(claim)
                best = claim["best"] if claim["best"] is not None else numbers[0]
                values.append({"min": numbers[0], "max": numbers[-1]}.get(choice, best))
        if values:
            told = {"n": len(values), "min": min(values), "median": median(values), "max": max(values)}
            rows.append({"currency": currency} | told)
    return rows or [{"currency": None, "n": 0, "min": None, "median": None, "max": None}]


def expected(versions: Iterable[IncidentVersion], question: Question) -> list[dict[str, Any]]:
    """The rows, told by hand."""
    groups: dict[tuple[Any, ...], list[IncidentVersion]] = defaultdict(list)
    for version in versions:
        for key in product(*(codes_of(version, dimension) for dimension in question.by)):
            groups[key].append(version)
    if not question.by:
        groups.setdefault((), [])
    rows = []
    for key, members in groups.items():
        row = dict(zip(question.by, key, strict=True)) | {"incidents": len(members)}
        if question.measure is None:
            rows.append(row)
        elif question.is_additive:
            rows.append(row | summed(members, question.measure, question.figure))
        else:
            rows += [row | told for told in ranged(members, question.measure, question.figure)]
    return rows


def rows_of(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def in_order(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(f"{name}={_rounded(value)}" for name, value in row.items()) for row in rows)


def _rounded(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, int | float) else value


@pytest.fixture(scope="module")
def snapshot(filled: Store) -> Snapshot:
    """That of the invented incidents."""
    return build(Database(filled.reader, filled.dialect))


_measures = st.sampled_from([None, *CURRENCIES])
_by = st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True).map(tuple)


@given(data=st.data(), by=_by, measure=_measures, figure=st.sampled_from(CHOICES), release=st.integers(1, LATEST))
def test_rows_are_those_of_brute_force(
    filled: Store,
    snapshot: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    material: dict[str, list[Any]],
    ids: list[str],
    *,
    data: st.DataObject,
    by: tuple[str, ...],
    measure: str | None,
    figure: Choice,
    release: int,
) -> None:
    oracle = oracle_of(filled)
    asked = data.draw(questions(material, ids))
    assume(not oracle.is_on_the_line(asked))
    found = oracle.ids(asked, Sort("id"), release)
    state = filled.states[release - 1]
    saying = None
    if asked.q:
        with filled.reader.connect() as connection:
            saying = versions_of(snapshot, reads.saying(connection, asked.q, filled.dialect))
    question = Question(by, measure, measure in ADDITIVE, figure)
    mask = matching(snapshot, asked, release, saying=saying)
    rows = rows_of(count(snapshot, mask, question))
    assert in_order(rows) == in_order(expected([state[id_] for id_ in found], question))
    keys = [[(row[name] is None, row[name]) for name in by] for row in rows]
    assert keys == sorted(keys), "rows stand in the order of the dimensions"
    linked = {(one, other) for one in found for other in state[one].duplicates if other in found and one != other}
    assert possible_duplicates(snapshot, mask) == len({id_ for pair in linked for id_ in pair})


def test_the_invented_incidents_put_everything_to_work(filled: Store, snapshot: Snapshot) -> None:
    """What is never there would never be compared."""
    state = list(filled.states[-1].values())
    mask = matching(snapshot, IncidentFilter(), LATEST)
    assert possible_duplicates(snapshot, mask) > 2
    assert {one["id"] for one in CITED} == set(RANKS)
    for dimension in DIMENSIONS:
        rows = rows_of(count(snapshot, mask, Question((dimension,))))
        assert len(rows) > 1, dimension
        is_always_there = dimension in ("country", "category", "precision")
        assert any(row[dimension] is None for row in rows) != is_always_there, dimension
    for measure in ADDITIVE:
        told = expected(state, Question(("category",), measure))
        assert any(row["disputed"] for row in told)
        assert any(row["open_ended"] for row in told)
    four = [expected(state, Question((), "children_recovered", figure=choice))[0] for choice in CHOICES]
    assert len({row["open_ended"] for row in four}) > 1
    closed = Question(("admin1", "category", "outcome"), "arrested")
    assert any(row["high"] for row in expected(state, closed))
    assert any(row["high"] is None and row["low"] for row in expected(state, closed))


def test_nothing_matches_and_there_is_one_row_or_none(snapshot: Snapshot) -> None:
    mask = matching(snapshot, IncidentFilter(country=("ZZ",)), LATEST)
    assert count(snapshot, mask, Question(())) == {"incidents": [0]}
    assert not any(count(snapshot, mask, Question(("country", "method"), "arrested")).values())
    assert count(snapshot, mask, Question((), "arrested"))["low"] == [None]


def test_more_groups_than_wanted_are_told_and_not_made(snapshot: Snapshot) -> None:
    mask = matching(snapshot, IncidentFilter(), LATEST)
    with pytest.raises(TooManyGroups) as refusal:
        count(snapshot, mask, Question(("country", "year")), most=3)
    assert refusal.value.number == len(count(snapshot, mask, Question(("country", "year")))["year"])


def test_dimensions_of_many_codes_are_combined_as_well() -> None:
    """Beyond some millions of combinations, they are sorted instead of looked up in a table."""
    group = np.array([5, 0, 5, 9_000_000, 0])
    number = np.array([1, 2, 1, 0, 2])
    codes, found = _combined(np.arange(10_000_000).reshape(-1, 1), group, number, 3)
    assert codes.tolist() == [[0, 2], [5, 1], [9_000_000, 0]]
    assert found.tolist() == [1, 0, 1, 2, 0]
