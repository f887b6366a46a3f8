"""Cells of the H3 grid: which one each spot lies in, and incidents and figures by cell.

An incident is placed where cells are no smaller than what is unknown of its place: its `uncertainty_m` is at most
their mean edge. https://h3geo.org tells the grid.
"""

from dataclasses import dataclass
from threading import Lock

import h3.api.basic_int as h3
import numpy as np

from api.snapshot.columns import Array, Identity, Snapshot
from api.snapshot.counts import Columns, Question, TooManyGroups, measured
from api.snapshot.groups import Groups

Corners = tuple[tuple[float, float], ...]


NOWHERE = 0
"""Stands for the cell of incidents that are not placed."""


@dataclass(frozen=True, slots=True)
class Hexagons:
    """`cells` holds the cell of each row, ascending, NOWHERE last; `columns` what is counted in it."""

    cells: list[int]
    columns: Columns


class Grid:
    """The cells of spots, worked out once for a snapshot and a resolution. Safe among threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._identity: Identity | None = None
        self._known: dict[int, tuple[Array, Array]] = {}

    def count(
        self, snapshot: Snapshot, versions: Array, resolution: int, question: Question, *, most: int | None = None
    ) -> Hexagons:
        """Versions, which ascend, by cell. Raises TooManyGroups when there are more than `most` cells."""
        cells, cell_of = self._cells(snapshot, resolution)
        cell = cell_of[snapshot["spot"][versions]]
        occurs = np.bincount(cell, minlength=len(cells)) > 0
        held = cells[occurs]
        number = int(np.count_nonzero(held))
        if most is not None and number > most:
            raise TooManyGroups(number)
        row_of, columns = measured(snapshot, Groups(held[:, None], versions, (np.cumsum(occurs) - 1)[cell]), question)
        return Hexagons(held[row_of].tolist(), columns)

    def _cells(self, snapshot: Snapshot, resolution: int) -> tuple[Array, Array]:
        """The cells that have spots, ascending, then NOWHERE; and the place of each spot's cell among them."""
        with self._lock:
            if self._identity != snapshot.identity:
                self._identity, self._known = snapshot.identity, {}
            if resolution not in self._known:
                self._known[resolution] = _cells(snapshot, resolution)
            return self._known[resolution]


def name(cell: int) -> str:
    """A cell as everybody writes it: 15 hexadecimal digits."""
    return str(h3.int_to_str(cell))


def corners(cell: int) -> Corners:
    """Longitude and latitude of its corners, counter-clockwise."""
    return tuple((lon, lat) for lat, lon in h3.cell_to_boundary(cell))


def _cells(snapshot: Snapshot, resolution: int) -> tuple[Array, Array]:
    places = zip(snapshot["lat"].tolist(), snapshot["lon"].tolist(), strict=True)
    cells = np.fromiter((h3.latlng_to_cell(lat, lon, resolution) for lat, lon in places), np.uint64, snapshot.spots)
    held, cell_of = np.unique(cells, return_inverse=True)
    fits = snapshot["uncertainty_m"] <= h3.average_hexagon_edge_length(resolution, "m")
    cell_of = np.where(fits[snapshot["reach"]], cell_of, len(held)).astype(np.uint32)
    return np.append(held, np.uint64(NOWHERE)), cell_of
