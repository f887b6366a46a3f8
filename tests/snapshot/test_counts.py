"""Statistics against brute force: every dimension, measure and choice of claims, on both databases."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.domain.figures import CHOICES, Choice
from api.domain.query import IncidentFilter, Sort
from api.domain.stats import DIMENSIONS
from api.snapshot.build import build
from api.snapshot.columns import Snapshot
from api.snapshot.counts import Question, TooManyGroups, count, possible_duplicates
from api.snapshot.groups import _combined
from api.snapshot.select import matching
from tests.counting import ADDITIVE, RANKS, expected, in_order, matched, rows_of
from tests.oracle import CITED, CURRENCIES, Oracle, Store
from tests.questions import questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5


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
    question = Question(by, measure, measure in ADDITIVE, figure)
    versions = matched(filled, snapshot, asked, release)
    rows = rows_of(count(snapshot, versions, question))
    assert in_order(rows) == in_order(expected([state[id_] for id_ in found], question))
    keys = [[(row[name] is None, row[name]) for name in by] for row in rows]
    assert keys == sorted(keys), "rows stand in the order of the dimensions"
    linked = {(one, other) for one in found for other in state[one].duplicates if other in found and one != other}
    assert possible_duplicates(snapshot, versions) == len({id_ for pair in linked for id_ in pair})


def test_the_invented_incidents_put_everything_to_work(filled: Store, snapshot: Snapshot) -> None:
    """What is never there would never be compared."""
    state = list(filled.states[-1].values())
    versions = matching(snapshot, IncidentFilter(), LATEST)
    assert possible_duplicates(snapshot, versions) > 2
    assert {one["id"] for one in CITED} == set(RANKS)
    for dimension in DIMENSIONS:
        rows = rows_of(count(snapshot, versions, Question((dimension,))))
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
    versions = matching(snapshot, IncidentFilter(country=("ZZ",)), LATEST)
    assert count(snapshot, versions, Question(())) == {"incidents": [0]}
    assert not any(count(snapshot, versions, Question(("country", "method"), "arrested")).values())
    assert count(snapshot, versions, Question((), "arrested"))["low"] == [None]


def test_more_groups_than_wanted_are_told_and_not_made(snapshot: Snapshot) -> None:
    versions = matching(snapshot, IncidentFilter(), LATEST)
    with pytest.raises(TooManyGroups) as refusal:
        count(snapshot, versions, Question(("country", "year")), most=3)
    assert refusal.value.number == len(count(snapshot, versions, Question(("country", "year")))["year"])


def test_dimensions_of_many_codes_are_combined_as_well() -> None:
    """Beyond some millions of combinations, they are sorted instead of looked up in a table."""
    group = np.array([5, 0, 5, 9_000_000, 0])
    number = np.array([1, 2, 1, 0, 2])
    codes, found = _combined(np.arange(10_000_000).reshape(-1, 1), group, number, 3)
    assert codes.tolist() == [[0, 2], [5, 1], [9_000_000, 0]]
    assert found.tolist() == [1, 0, 1, 2, 0]
