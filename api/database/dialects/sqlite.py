"""SQLite: R*Tree for areas, FTS5 for words, BEGIN IMMEDIATE for the lock."""

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
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
    Select,
    Table,
    Text,
    create_engine,
    delete,
    event,
    func,
    or_,
    select,
)
from sqlalchemy.exc import OperationalError

from api.database.dialects.hints import aside
from api.database.dialects.protocol import Indexed, TookTooLong
from api.database.tables import incident, incident_code
from api.domain.area import Bbox, enclosing_boxes, spans
from api.domain.errors import NoDatabase, UnusableDatabase
from api.domain.query import IncidentFilter

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
# What it costs to test a row that is read in order, where one that is looked up costs 1: its point stands in the index
# of the order, lists are made once and asked, and for a circle the row itself is needed.
_OF_POINT, _OF_LIST, _OF_ROW = 0.015, 0.15, 0.85
_MAPPED_BYTES = 2**31 - 2**16  # the most that SQLite maps
_RETRY_S = 0.2
_LOG = "PRAGMA journal_mode = WAL"
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_STEPS = 10_000
_WRITER_CACHE_KIB = 32 * 2**10  # what is sorted to make an index takes about as much again


class SQLite:
    """The embedded database: one file, many readers, one writer at a time."""

    at_once = 2

    def __init__(self, path: Path) -> None:
        self._path = path

    def open_reader(self, *, threads: int) -> Engine:
        """Read-only connections; a file that lies in a folder this user cannot write to is read as immutable."""
        if not self._path.is_file():
            raise NoDatabase(f"There is no database at {self._path}. Run `foundling publish` first.")
        query = {"mode": "ro", "uri": "true"} | self._immutable()
        engine = self._engine(f"file:{quote(str(self._path))}", query, threads=threads)

        @event.listens_for(engine, "connect")
        def _map(connection: sqlite3.Connection, _record: object) -> None:
            # Rows are read where the system keeps the file: thousands of them do not fit a connection's own cache.
            connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")

        return engine

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
            # A first release has no readers yet, and is written where it belongs: a log would be copied afterwards.
            if _has_release(connection):
                _keep_log(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        return engine

    def in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """A sub-select, never a bare condition on the R*Tree: wrapped in a boolean it would be a full scan."""
        return or_(*(incident.c.row_id.in_(rows) for rows in _touching(point, boxes)))

    def disks_in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """The bounds of disks are unwrapped, so a box is looked for on three turns of the globe."""
        return or_(*(incident.c.row_id.in_(rows) for rows in _touching(disk, boxes, turns=(-360, 0, 360))))

    def has_words(self, words: Sequence[str], *, is_broad: bool = False) -> ColumnElement[bool]:
        """A sub-select too; FTS5 lists what it finds faster than it answers for one row after the other."""
        row_id = aside(incident.c.row_id) if is_broad else incident.c.row_id
        return row_id.in_(_saying(words))

    def broad(self, connection: Connection, asked: IncidentFilter, *, rows: int) -> frozenset[str]:
        """SQLite would begin with any of these indexes, however much it finds: each is counted, as far as matters."""
        searches = _searches(asked)
        among = (connection.scalar(select(func.max(incident.c.row_id))) or 0) if searches else 0
        found = set()
        for name, (selects, cost) in searches.items():
            most = int((among * rows * cost) ** 0.5) + 1
            counts = (select(func.count()).select_from(one.limit(most).subquery()) for one in selects)
            if sum(connection.scalar(count) or 0 for count in counts) >= most:
                found.add(name)
        return frozenset(found)

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        """SQLite asks every ten thousand steps whether to go on."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        until = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            yield
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                raise TookTooLong from error
            raise
        finally:
            driver.set_progress_handler(None, _STEPS)

    def fill(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> None:
        """One prepared statement; SQLAlchemy would look at every value."""
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(
            f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our own
            [tuple(row) for row in rows],
        )

    def index(self, connection: Connection, rows: Sequence[Indexed]) -> None:
        """One row each in both R*Trees and in FTS5."""
        bounds = ("row_id", "west", "east", "south", "north")
        points = [(row.row_id, row.lon, row.lon, row.lat, row.lat) for row in rows]
        disks = [(row.row_id, row.disk.west, row.disk.east, row.disk.south, row.disk.north) for row in rows]
        self.fill(connection, point, bounds, points)
        self.fill(connection, disk, bounds, disks)
        self.fill(connection, words_table, ("rowid", "words"), [(row.row_id, row.words) for row in rows])

    def drop_indexes(self, connection: Connection) -> list[str]:
        """Those of `incident`; areas and words are tables of their own."""
        held = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'incident' AND sql IS NOT NULL"
        indexes = connection.exec_driver_sql(held).all()
        for name, _ in indexes:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
        return [definition for _, definition in indexes]

    def forget(self, connection: Connection, row_ids: Sequence[int]) -> None:
        """Out of both R*Trees and FTS5, whose segments keep the words until `erase`."""
        for column in (point.c.row_id, disk.c.row_id, words_table.c.rowid):
            connection.execute(delete(column.table).where(column.in_(row_ids)))

    def erase(self, engine: Engine, *, patience_s: float, told: Callable[[str], None]) -> str:
        """Makes words and statistics anew, copies the file without its free pages, and empties the log."""
        deadline = time.monotonic() + patience_s
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            for step in _erasing(cursor):
                while not _is_done(cursor, step):
                    if time.monotonic() >= deadline:
                        return f"{self._path} or its -wal file keeps what was deleted: somebody reads or writes."
                    told(f"Waiting for whoever reads or writes {self._path} …")
                    time.sleep(_RETRY_S)
        finally:
            raw.close()
        return ""

    def settle(self, engine: Engine) -> None:
        """Moves the write-ahead log into the file, so that the file alone can be copied; best effort."""
        # Past SQLAlchemy, whose every statement would stand in a transaction, where no checkpoint can run.
        raw = engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute("PRAGMA optimize")
            if cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                cursor.execute(_EMPTY_LOG)
            else:  # after the first release
                _keep_log(cursor)
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


def _touching(area: Table, boxes: Sequence[Bbox], *, turns: tuple[int, ...] = (0,)) -> list[Select[int]]:
    return [
        select(area.c.row_id).where(
            area.c.east >= west + turn - _SLACK_DEGREES,
            area.c.west <= east + turn + _SLACK_DEGREES,
            area.c.north >= box.south - _SLACK_DEGREES,
            area.c.south <= box.north + _SLACK_DEGREES,
        )
        for box in boxes
        for west, east in spans(box)
        for turn in turns
    ]


def _searches(asked: IncidentFilter) -> dict[str, tuple[list[Select[int]], float]]:
    # By filter: what its index finds, and the cost of testing a row for it instead.
    found: dict[str, tuple[list[Select[int]], float]] = {}
    is_of_disks = asked.match == "possible"
    area, turns = (disk, (-360, 0, 360)) if is_of_disks else (point, (0,))
    if asked.bbox:
        found["bbox"] = _touching(area, [asked.bbox], turns=turns), _OF_ROW if is_of_disks else _OF_POINT
    if asked.near:
        found["near"] = _touching(area, enclosing_boxes(asked.near), turns=turns), _OF_ROW
    for name in ("method", "purpose"):
        if codes := getattr(asked, name):
            rows = select(incident_code.c.row_id).where(incident_code.c.list == name, incident_code.c.code.in_(codes))
            found[name] = [rows], _OF_LIST
    if asked.q:
        found["q"] = [_saying(asked.q)], _OF_LIST
    return found


def _saying(words: Sequence[str]) -> Select[int]:
    # Every word is quoted: MATCH has a language of its own, which readers must not reach.
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    return select(words_table.c.rowid).where(words_table.c.words.bool_op("MATCH")(" ".join(quoted) + "*"))


def _erasing(cursor: Any) -> Iterator[str]:
    # Deleted words stay in FTS5's segments until these are merged; samples of keys in the planner's statistics.
    yield "INSERT INTO incident_text (incident_text) VALUES ('rebuild')"
    statistics = "SELECT name FROM sqlite_schema WHERE name IN ('sqlite_stat1', 'sqlite_stat3', 'sqlite_stat4')"
    for (name,) in cursor.execute(statistics).fetchall():
        yield f"DELETE FROM {name}"  # noqa: S608 - one of three names
    yield "ANALYZE"
    yield "VACUUM"
    yield _EMPTY_LOG


def _has_release(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'release'").fetchone()[0]
    return bool(tables and connection.execute('SELECT count(*) FROM "release"').fetchone()[0])


def _keep_log(cursor: Any) -> None:
    # SQLite gives up at once while anybody else reads or writes; elsewhere it waits.
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while not _is_done(cursor, _LOG):
        if time.monotonic() >= deadline:
            cursor.execute(_LOG)
        time.sleep(_RETRY_S)


def _is_done(cursor: Any, statement: str) -> bool:
    try:
        answer = cursor.execute(statement).fetchall()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        raise
    return statement != _EMPTY_LOG or answer[0][0] == 0


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
