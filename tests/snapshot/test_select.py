"""What a snapshot selects, against the oracle: every filter, release, redaction and withdrawal, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.database.reads import incidents
from api.domain.query import MATCHES, IncidentFilter, Match, Sort
from api.snapshot import files
from api.snapshot.build import build
from api.snapshot.columns import Snapshot
from api.snapshot.ids import unpacked
from tests.counting import matched
from tests.oracle import Oracle, Store
from tests.questions import SCATTERED_AREAS, questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5
BY_ID = Sort("id", is_descending=False)


def taken(store: Store) -> Snapshot:
    """A snapshot of the latest release."""
    return build(Database(store.reader, store.dialect))


def selected(store: Store, snapshot: Snapshot, asked: IncidentFilter, release: int) -> list[str]:
    """Ids that a snapshot selects, in their order."""
    versions = matched(store, snapshot, asked, release)
    return sorted(unpacked(number) for number in snapshot["id"][versions].tolist())


@pytest.fixture(scope="module")
def of_filled(filled: Store, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The snapshot of the invented incidents, as it comes back from its file."""
    folder = tmp_path_factory.mktemp("snapshots")
    snapshot = taken(filled)
    files.write(snapshot, folder)
    found = files.read(folder, snapshot.identity)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def of_scattered(scattered: Store) -> Snapshot:
    """The snapshot of disks all over the globe."""
    return taken(scattered)


@given(data=st.data(), release=st.integers(1, LATEST))
def test_a_snapshot_selects_what_the_oracle_finds(
    filled: Store,
    of_filled: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    material: dict[str, list[Any]],
    ids: list[str],
    *,
    data: st.DataObject,
    release: int,
) -> None:
    oracle = oracle_of(filled)
    asked = data.draw(questions(material, ids))
    assume(not oracle.is_on_the_line(asked))
    assert selected(filled, of_filled, asked, release) == oracle.ids(asked, BY_ID, release)


@given(area=SCATTERED_AREAS, match=st.sampled_from(MATCHES))
def test_points_and_disks_all_over_the_globe_are_where_the_oracle_finds_them(
    scattered: Store,
    of_scattered: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    area: dict[str, Any],
    match: Match,
) -> None:
    oracle, asked = oracle_of(scattered), IncidentFilter(match=match, **area)
    assume(not oracle.is_on_the_line(asked))
    assert selected(scattered, of_scattered, asked, 1) == oracle.ids(asked, BY_ID, 1)


@given(area=SCATTERED_AREAS, match=st.sampled_from(MATCHES))
def test_even_on_the_line_a_snapshot_gives_the_rows_of_the_database(
    scattered: Store, of_scattered: Snapshot, area: dict[str, Any], match: Match
) -> None:
    asked = IncidentFilter(match=match, **area)
    found = incidents.stream(scattered.reader, asked, BY_ID, 1, scattered.dialect)
    assert selected(scattered, of_scattered, asked, 1) == [record.id for batch in found for record in batch]
