"""Hexagons against brute force: every incident is in the cell where it lies, or counted as unplaced."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import h3
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.database.rows import IncidentVersion
from api.domain.figures import CHOICES, Choice
from api.domain.query import IncidentFilter, Sort
from api.snapshot.build import build
from api.snapshot.columns import Snapshot
from api.snapshot.counts import Question, TooManyGroups
from api.snapshot.hexagons import NOWHERE, Grid, corners, name
from api.snapshot.select import matching
from tests.counting import ADDITIVE, expected, in_order, matched, rows_of
from tests.oracle import CURRENCIES, Oracle, Store
from tests.questions import questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5


@pytest.fixture(scope="module")
def snapshot(filled: Store) -> Snapshot:
    """That of the invented incidents."""
    return build(Database(filled.reader, filled.dialect))


@pytest.fixture(scope="module")
def grid() -> Grid:
    return Grid()


def cell_of(version: IncidentVersion, resolution: int) -> str | None:
    if version.uncertainty_m > h3.average_hexagon_edge_length(resolution, "m"):
        return None
    return str(h3.latlng_to_cell(version.lat, version.lon, resolution))


@given(
    data=st.data(),
    resolution=st.integers(0, 5),
    measure=st.sampled_from([None, *CURRENCIES]),
    figure=st.sampled_from(CHOICES),
    release=st.integers(1, LATEST),
)
def test_cells_and_the_unplaced_are_those_of_brute_force(
    filled: Store,
    snapshot: Snapshot,
    grid: Grid,
    oracle_of: Callable[[Store], Oracle],
    material: dict[str, list[Any]],
    *,
    ids: list[str],
    data: st.DataObject,
    resolution: int,
    measure: str | None,
    figure: Choice,
    release: int,
) -> None:
    oracle = oracle_of(filled)
    asked = data.draw(questions(material, ids))
    assume(not oracle.is_on_the_line(asked))
    found = oracle.ids(asked, Sort("id"), release)
    question = Question((), measure, measure in ADDITIVE, figure)
    versions = matched(filled, snapshot, asked, release)
    hexagons = grid.count(snapshot, versions, resolution, question)
    held = defaultdict(list)
    for id_ in found:
        version = filled.states[release - 1][id_]
        held[cell_of(version, resolution)].append(version)
    rows = [
        {"cell": None if cell == NOWHERE else name(cell), **row}
        for cell, row in zip(hexagons.cells, rows_of(hexagons.columns), strict=True)
    ]
    wanted = [{"cell": cell, **row} for cell, versions in held.items() for row in expected(versions, question)]
    assert in_order(rows) == in_order(wanted)
    if measure is None:
        assert sum(row["incidents"] for row in rows) == len(found), "none is lost, none counted twice"


def test_the_invented_incidents_are_placed_and_unplaced(snapshot: Snapshot, grid: Grid) -> None:
    versions = matching(snapshot, IncidentFilter(), LATEST)
    unplaced = []
    for resolution in range(6):
        hexagons = grid.count(snapshot, versions, resolution, Question(()))
        assert len(hexagons.cells) > 5
        placed = dict(zip(hexagons.cells, hexagons.columns["incidents"], strict=True))
        unplaced.append(placed.get(NOWHERE, 0))
    assert unplaced == sorted(unplaced), "smaller cells hold fewer"
    assert unplaced[0] < unplaced[-1]


def test_more_cells_than_wanted_are_told_and_not_made(snapshot: Snapshot, grid: Grid) -> None:
    versions = matching(snapshot, IncidentFilter(), LATEST)
    with pytest.raises(TooManyGroups):
        grid.count(snapshot, versions, 5, Question(()), most=2)


def test_a_cell_has_corners_around_its_name() -> None:
    cell = h3.latlng_to_cell(-16.4, -71.5, 3)
    number = h3.str_to_int(cell)
    assert name(number) == cell
    assert [(lat, lon) for lon, lat in corners(number)] == list(h3.cell_to_boundary(cell))
