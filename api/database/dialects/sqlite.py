"""SQLite: R*Tree for areas, FTS5 for words, BEGIN IMMEDIATE for the lock."""

import logging
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    insert,
    or_,
    select,
)

from api.database.dialects.protocol import Indexed
from api.database.tables import incident
from api.domain.area import Bbox, spans
from api.domain.errors import NoDatabase, UnusableDatabase

log = logging.getLogger(__name__)

_own = MetaData()  # apart from the shared tables: migrations write these as virtual tables, by hand


def _area_table(name: str) -> Table:
    bounds = (Column(side, Float) for side in ("west", "east", "south", "north"))
    return Table(name, _own, Column("row_id", Integer, primary_key=True), *bounds)


point, disk = _area_table("incident_point"), _area_table("incident_disk")
words_table = Table("incident_text", _own, Column("rowid", Integer, primary_key=True), Column("words", Text))

# Bounds of an R*Tree are 32-bit floats, rounded outwards; a degree carries five decimals in them.
_SLACK_DEGREES = 1e-4
_BUSY_TIMEOUT_MS = 5000


class SQLite:
    """The embedded database: one file, many readers, one writer at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_reader(self, *, threads: int) -> Engine:
        """Read-only connections; a file that lies in a folder this user cannot write to is read as immutable."""
        if not self._path.is_file():
            raise NoDatabase(f"There is no database at {self._path}. Run `foundling publish` first.")
        query = {"mode": "ro", "uri": "true"} | self._immutable()
        return self._engine(f"file:{quote(str(self._path))}", query, threads=threads)

    def open_writer(self) -> Engine:
        """One connection whose transactions begin IMMEDIATE: a second writer waits, none loses a change."""
        _require_features()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnusableDatabase(f"Cannot make the folder {self._path.parent}: {error.strerror}.") from error
        engine = self._engine(str(self._path), {}, threads=1)

        @event.listens_for(engine, "connect")
        def _prepare(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """A sub-select, never a bare condition on the R*Tree: wrapped in a boolean it would be a full scan."""
        return or_(*(_touching(point, box, west, east) for box in boxes for west, east in spans(box)))

    def disks_in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """The bounds of disks are unwrapped, so a box is looked for on three turns of the globe."""
        turns = (-360, 0, 360)
        return or_(
            *(
                _touching(disk, box, west + turn, east + turn)
                for box in boxes
                for west, east in spans(box)
                for turn in turns
            )
        )

    def has_words(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Every word is quoted: MATCH has a language of its own, which readers must not reach."""
        quoted = ['"' + word.replace('"', '""') + '"' for word in words]
        pattern = " ".join(quoted) + "*"
        match = words_table.c.words.bool_op("MATCH")(pattern)
        return incident.c.row_id.in_(select(words_table.c.rowid).where(match))

    def index(self, connection: Connection, rows: Sequence[Indexed]) -> None:
        """One row each in both R*Trees and in FTS5."""
        for table, boxes in (
            (point, [(row.row_id, Bbox(row.lon, row.lat, row.lon, row.lat)) for row in rows]),
            (disk, [(row.row_id, row.disk) for row in rows]),
        ):
            connection.execute(insert(table), [{"row_id": row_id} | asdict(box) for row_id, box in boxes])
        connection.execute(insert(words_table), [{"rowid": row.row_id, "words": row.words} for row in rows])

    def settle(self, engine: Engine) -> None:
        """Moves the write-ahead log into the file, so that the file alone can be copied; best effort."""
        # Past SQLAlchemy, whose every statement would stand in a transaction, where no checkpoint can run.
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA optimize")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.close()
        except sqlite3.OperationalError as error:
            # The release is committed: whoever writes at the moment tidies up after itself.
            log.info("The database was not tidied up: %s.", error)
        finally:
            raw.close()

    def _engine(self, database: str, query: dict[str, str], *, threads: int) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=database, query=query),
            pool_size=threads,
            max_overflow=0,
            pool_timeout=5,
            connect_args={"check_same_thread": False},
        )

        @event.listens_for(engine, "connect")
        def _connect(connection: sqlite3.Connection, _record: Any) -> None:
            # The driver would begin transactions by itself, and only before writes; it is told not to.
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")

        return engine

    def _immutable(self) -> dict[str, str]:
        if os.access(self._path.parent, os.W_OK):
            return {}
        if Path(f"{self._path}-wal").exists():
            raise UnusableDatabase(
                f"{self._path} has an unfinished write-ahead log and lies in a folder that this user cannot write to. "
                "Let the publishing user open it once, or give this user the right to write to the folder."
            )
        told = (
            "%s lies in a folder that cannot be written to: it is read as immutable, and new releases need a restart."
        )
        log.warning(told, self._path)
        return {"immutable": "1"}


def _touching(area: Table, box: Bbox, west: float, east: float) -> ColumnElement[bool]:
    found = (
        (area.c.east >= west - _SLACK_DEGREES)
        & (area.c.west <= east + _SLACK_DEGREES)
        & (area.c.north >= box.south - _SLACK_DEGREES)
        & (area.c.south <= box.north + _SLACK_DEGREES)
    )
    return incident.c.row_id.in_(select(area.c.row_id).where(found))


def _require_features() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for name, statement in (
            ("R*Tree", "CREATE VIRTUAL TABLE r USING rtree(id, a, b)"),
            ("FTS5", "CREATE VIRTUAL TABLE f USING fts5(t)"),
        ):
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                raise UnusableDatabase(
                    f"This Python's SQLite {sqlite3.sqlite_version} was built without {name}. "
                    "Use a Python whose sqlite3 module has it."
                ) from error
