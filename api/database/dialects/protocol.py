"""The one interface behind which databases differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Engine

from api.domain.area import Bbox


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the indexes of areas and words hold of a version: its point, the bounds of its disk, its folded text."""

    row_id: int
    lon: float
    lat: float
    disk: Bbox
    words: str


class Dialect(Protocol):
    """What a database does its own way."""

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

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """True for versions whose folded text holds every word, the last one as a beginning."""

    def index(self, connection: Connection, rows: Sequence[Indexed]) -> None:
        """Puts new versions into the area and text indexes."""

    def settle(self, engine: Engine) -> None:
        """Tidies up after a publish, as far as readers allow."""
