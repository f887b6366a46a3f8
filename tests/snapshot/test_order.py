"""The order in which a snapshot gives what it selects, against the oracle: every sort, page by page."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.domain.query import SORT_KEYS, Sort
from api.snapshot.build import build
from api.snapshot.columns import Snapshot
from api.snapshot.ids import unpacked
from api.snapshot.order import first
from api.snapshot.select import matching
from tests.oracle import Oracle, Store
from tests.questions import questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5


@pytest.fixture(scope="module")
def of_filled(filled: Store) -> Snapshot:
    return build(Database(filled.reader, filled.dialect))


@given(
    data=st.data(),
    release=st.integers(1, LATEST),
    sort=st.sampled_from(
        [Sort(key, is_descending=is_descending) for key in SORT_KEYS for is_descending in (True, False)]
    ),
    limit=st.sampled_from([1, 7, 100]),
)
def test_pages_follow_each_other_as_the_oracle_orders_them(
    filled: Store,
    of_filled: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    material: dict[str, list[Any]],
    ids: list[str],
    *,
    data: st.DataObject,
    release: int,
    sort: Sort,
    limit: int,
) -> None:
    asked = data.draw(questions(material, ids))
    oracle = oracle_of(filled)
    assume(not asked.q)
    assume(not oracle.is_on_the_line(asked))
    versions = matching(of_filled, asked, release)
    found: list[str] = []
    after = None
    while some := first(of_filled, versions, sort, after=after, limit=limit):
        found += [unpacked(number) for number in of_filled["id"][of_filled["version_of"][some]].tolist()]
        after = (_key(filled, sort, found[-1], release), found[-1])
    assert found == oracle.ids(asked, sort, release)


def _key(store: Store, sort: Sort, identifier: str, release: int) -> Any:
    if sort.key == "updated":
        return store.since[release - 1][identifier]
    return getattr(store.states[release - 1][identifier], sort.key)
