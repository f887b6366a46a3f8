"""Hexagons for readers: what a cell holds, under the names of its columns."""

from dataclasses import dataclass
from typing import Any

from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.hexagons import MOST_CELLS, HexagonsQuery
from api.domain.release import Release
from api.domain.stats import INCIDENTS
from api.serving.state import state
from api.serving.tallies import about_measure, asked_of, rows_of
from api.snapshot.columns import Snapshot
from api.snapshot.counts import TooManyGroups
from api.snapshot.hexagons import NOWHERE


@dataclass(frozen=True, slots=True)
class Comb:
    """Rows by cell, those of no cell apart; what is to be said of all of them."""

    cells: list[tuple[int, dict[str, Any]]]
    unplaced: list[dict[str, Any]]
    columns: tuple[str, ...]
    about: dict[str, Any]


def comb(query: HexagonsQuery, snapshot: Snapshot, release: Release, language: str) -> Comb:
    """The cells that a question fills. Raises InvalidQuery when they are too many."""
    question, measured = asked_of(query, release)
    versions = state().matching(snapshot, query.where, release.number)
    try:
        found = state().grid.count(snapshot, versions, query.resolution, question, most=MOST_CELLS)
    except TooManyGroups as error:
        rule = f"that fills {error.number:,} cells; at most {MOST_CELLS:,} are answered: larger cells, or a filter"
        raise InvalidQuery([ParameterProblem("resolution", rule)]) from None
    rows = [*zip(found.cells, rows_of(found.columns), strict=True)]
    unplaced = [row for cell, row in rows if cell == NOWHERE]
    cells = [(cell, row) for cell, row in rows if cell != NOWHERE]
    about = {
        "resolution": query.resolution,
        **about_measure(query, release, language),
        "total": len(versions),
        "unplaced": unplaced[0][INCIDENTS] if unplaced else 0,
    }
    return Comb(cells, unplaced, (INCIDENTS, *measured), about)
