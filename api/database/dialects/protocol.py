"""The one interface behind which databases differ."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Engine, Table

from api.domain.area import Bbox
from api.domain.query import IncidentFilter


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the indexes of areas and words hold of a version: its point, the bounds of its disk, its folded text."""

    row_id: int
    lon: float
    lat: float
    disk: Bbox
    words: str


class TookTooLong(Exception):
    """A statement was broken off, as `Dialect.within` was told to."""


class Dialect(Protocol):
    """What a database does its own way."""

    at_once: int
    """How many requests a process does well to work on at a time."""

    def __hash__(self) -> int:
        """Statements are kept by the dialect that they are for."""

    def open_reader(self, *, threads: int) -> Engine:
        """An engine that cannot write, with a connection for each of `threads`.

        Raises UnusableDatabase, with what to do about it.
        """

    def open_writer(self) -> Engine:
        """An engine whose transactions hold the publishing lock from their first statement."""

    def in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """True for versions that may lie in one of `boxes`: index work, a little too wide."""

    def disks_in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """True for versions whose uncertainty disk may touch one of `boxes`: index work, a little too wide."""

    def has_words(self, words: Sequence[str], *, is_broad: bool = False) -> ColumnElement[bool]:
        """True for versions whose folded text holds every word, the last one as a beginning.

        When it `is_broad`, rows are tested for it, and the search does not begin with it.
        """

    def broad(self, connection: Connection, asked: IncidentFilter, *, rows: int) -> frozenset[str]:
        """Filters of `asked` whose index finds too many versions to begin with; none where the planner knows itself."""

    def within(self, connection: Connection, seconds: float) -> AbstractContextManager[None]:
        """Breaks off statements inside that take longer. Raises TookTooLong; the connection stays usable."""

    def fill(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> None:
        """Inserts many rows, as fast as the database takes them; values as the driver takes them."""

    def index(self, connection: Connection, rows: Sequence[Indexed]) -> None:
        """Puts new versions into the area and text indexes."""

    def drop_indexes(self, connection: Connection) -> list[str]:
        """Drops what many rows at once would take long to keep up; statements that make it anew, sorted once."""

    def forget(self, connection: Connection, row_ids: Sequence[int]) -> None:
        """Takes versions out of the area and text indexes."""

    def erase(self, engine: Engine, *, patience_s: float, told: Callable[[str], None]) -> str:
        """Leaves no byte of what was deleted or overwritten in the database's own files; what remains, in a sentence.

        The sentence is empty when nothing remains. Waits for readers up to `patience_s`, and tells so. May be repeated.
        """

    def settle(self, engine: Engine) -> None:
        """Tidies up after a publish, as far as readers allow."""
