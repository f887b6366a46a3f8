"""PostgreSQL: PostGIS for areas, tsvector for words, an advisory lock for publishing."""

import logging
import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    NullPool,
    QueuePool,
    Select,
    Table,
    cast,
    create_engine,
    delete,
    event,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.exc import DBAPIError

from api.database.dialects.protocol import Indexed, TookTooLong
from api.database.failures import explained, shown, told_in_words
from api.database.tables import incident, metadata
from api.domain.area import Bbox, spans
from api.domain.errors import NoDatabase, UnusableDatabase
from api.domain.query import IncidentFilter

log = logging.getLogger(__name__)

# Columns and a table of PostgreSQL's own, made by the migrations. An SRID is a number here, never a text:
# PostGIS looks a text up for every row.
_SRID = 4326
_point: ColumnElement[Any] = literal_column("incident.point")
_disk: ColumnElement[Any] = literal_column("incident.disk")
words_table = Table(
    "incident_text", MetaData(), Column("row_id", BigInteger, primary_key=True), Column("words", TSVECTOR)
)

# A disk reaches at most a quarter of the way round from its centre, or from -180 to 180.
_FARTHEST_LON = 270
# PostgreSQL holds no longer word, and no more words in one row.
_WORD_BYTES = 2046
_SIGN = re.compile(r"['\\]")
_ROW_BYTES = 1_000_000

# States of PostgreSQL (its manual, appendix A).
_CANCELLED, _BUSY = "57014", "55P03"

_LOCK = int.from_bytes(b"foundlng")
_LOCK_TIMEOUT_MS = 10_000
_STATEMENT_TIMEOUT_MS = 10_000
_RETRY_LOCK_MS = 2_000
_RETRY_S = 0.2
_MOST_CONNECTIONS = 16
_POOL_TIMEOUT_S = 5
# A server that is gone without a word is given up within half a minute.
_NETWORK = {
    "connect_timeout": 5, "tcp_user_timeout": 10_000, "keepalives_idle": 15, "keepalives_interval": 5,
    "keepalives_count": 3,
}  # fmt: skip


class PostgreSQL:
    """A server, or several that hold the same: libpq finds the one that is meant (`host=…&host=…`)."""

    at_once = 8

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")

    def open_reader(self, *, threads: int) -> Engine:
        """Connections that cannot write, each statement by itself: every question is pinned to a release anyway.

        A server takes a hundred connections by default, for all processes together: at most sixteen are opened, and
        more threads wait their turn.
        """
        engine = self._engine(
            "foundling",
            {
                "default_transaction_read_only": "on",
                "statement_timeout": _STATEMENT_TIMEOUT_MS,
                "jit": "off",
                "plan_cache_mode": "force_custom_plan",
            },
            poolclass=QueuePool,
            pool_size=min(threads, _MOST_CONNECTIONS),
            max_overflow=0,
            pool_timeout=_POOL_TIMEOUT_S,
            pool_use_lifo=True,
            isolation_level="AUTOCOMMIT",
            is_binary=True,
        )
        engine.dialect.supports_server_side_cursors = False  # they need a transaction, which reading does without
        try:
            self._require_published(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def open_writer(self) -> Engine:
        """One connection whose transactions take the lock before they look: what they see then stays true."""
        settings = {"lock_timeout": _LOCK_TIMEOUT_MS, "statement_timeout": 0}
        engine = self._engine("foundling publish", settings, poolclass=NullPool)

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

        return engine

    def in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """PostGIS rounds the bounds of its indexes outwards, so this is never too narrow."""
        return or_(*(_touching(_point, box, west, east) for box in boxes for west, east in spans(box)))

    def disks_in_boxes(self, boxes: Sequence[Bbox]) -> ColumnElement[bool]:
        """The bounds of disks are unwrapped, so a box is looked for on every turn of the globe that they reach."""
        return or_(
            *(
                _touching(_disk, box, west + turn, east + turn)
                for box in boxes
                for west, east in spans(box)
                for turn in (-360, 0, 360)
                if west + turn <= _FARTHEST_LON and east + turn >= -_FARTHEST_LON
            )
        )

    def has_words(self, words: Sequence[str], *, is_broad: bool = False) -> ColumnElement[bool]:
        """What few rows hold is looked up first: how many hold the beginning of a word, the planner guesses badly.

        It would walk through a whole order to find a handful.
        """
        found = _saying(words)
        if is_broad:
            return incident.c.row_id.in_(found)
        return incident.c.row_id == func.any(func.array(found.scalar_subquery()))

    def broad(self, connection: Connection, asked: IncidentFilter, *, rows: int) -> frozenset[str]:
        """Words, counted as far as matters; of areas and codes, the planner keeps good statistics.

        A search that finds n versions costs n; a walk through all N in order costs N times rows, by n.
        """
        if not asked.q:
            return frozenset()
        among = connection.scalar(select(func.max(incident.c.row_id))) or 0
        most = math.isqrt(among * rows) + 1
        found = connection.scalar(select(func.count()).select_from(_saying(asked.q).limit(most).subquery()))
        return frozenset({"q"} if found == most else ())

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        """A transaction of its own, at whose end the time-out is forgotten, even where a pooler shares connections."""
        connection.exec_driver_sql("BEGIN")
        try:
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _CANCELLED:
                raise TookTooLong from error
            raise
        finally:
            if not connection.invalidated:
                connection.exec_driver_sql("ROLLBACK")

    def fill(
        self, connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[object]]
    ) -> None:
        """COPY, which is several times as fast as INSERT."""
        names = ", ".join(f'"{name}"' for name in columns)
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        except connection.dialect.loaded_dbapi.Error as error:  # past SQLAlchemy, which would have wrapped it
            raise told_in_words(connection.engine.url, error, is_lost=driver.broken) from error

    def index(self, connection: Connection, rows: Sequence[Indexed]) -> None:
        """Words alone: areas are generated from the columns of `incident`."""
        self.fill(connection, words_table, ("row_id", "words"), [(row.row_id, _vector(row)) for row in rows])

    def drop_indexes(self, connection: Connection) -> list[str]:
        """All but those of keys."""
        held = (
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i "
            "WHERE NOT i.indisunique AND i.indrelid::regclass = ANY (%(tables)s::text[]::regclass[]) ORDER BY 1"
        )
        tables = [incident.name, words_table.name]
        indexes = connection.exec_driver_sql(held, {"tables": tables}).all()
        for name, _ in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        return [definition for _, definition in indexes]

    def forget(self, connection: Connection, row_ids: Sequence[int]) -> None:
        """Words alone, as `index`."""
        connection.execute(delete(words_table).where(words_table.c.row_id.in_(row_ids)))

    def erase(self, engine: Engine, *, patience_s: float, told: Callable[[str], None]) -> str:
        """Writes every table and index anew, which readers wait for.

        What the server itself keeps beside the database (its log, standbys, backups) is out of SQL's reach.
        """
        deadline = time.monotonic() + patience_s
        with explained(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {_RETRY_LOCK_MS}")
            # First without a lock, until nobody can still see what was deleted: else it would be copied, too.
            for step in (_is_out_of_sight, _is_copied):
                while not step(connection):
                    if time.monotonic() >= deadline:
                        return f"Pages of {shown(engine.url)} keep what was deleted: somebody reads or writes."
                    told(f"Waiting for whoever reads or writes {shown(engine.url)} …")
                    time.sleep(_RETRY_S)
        return ""

    def settle(self, engine: Engine) -> None:
        """Counts anew what the planner goes by, and files new words away; best effort."""
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f"VACUUM (ANALYZE, SKIP_LOCKED) {_all_tables()}")
        except DBAPIError as error:
            log.info("The release is published; the database was not tidied up: %s", error.orig)

    def _engine(self, name: str, settings: dict[str, Any], *, is_binary: bool = False, **options: Any) -> Engine:
        query = self._url.query
        arguments: dict[str, Any] = {key: value for key, value in _NETWORK.items() if key not in query}
        arguments["client_encoding"] = "utf8"
        arguments.setdefault("application_name", query.get("application_name", name))
        # What the URL says of a time-out wins; what it says of writing does not.
        told = query.get("options", "")
        ours = [f"-c {key}={value}" for key, value in settings.items() if f"{key}=" not in told or "read_only" in key]
        arguments["options"] = " ".join(filter(None, [str(told), *ours]))
        if re.fullmatch("none|off", str(query.get("prepare_threshold", ""))):
            arguments["prepare_threshold"] = None
        try:
            if is_binary:
                arguments["cursor_factory"] = _binary_cursor()
            engine = create_engine(self._url, connect_args=arguments, **options)
        except ImportError as error:
            raise UnusableDatabase(
                "PostgreSQL needs the driver psycopg, which is the extra `postgres`: pip install 'psycopg[binary]>=3.3'"
            ) from error

        @event.listens_for(engine, "connect")
        def _require_unicode(connection: Any, _record: object) -> None:
            encoding = connection.info.parameter_status("server_encoding")
            if encoding != "UTF8":
                connection.close()
                raise UnusableDatabase(
                    f"The text of {shown(engine.url)} is {encoding}. "
                    "Make it anew: createdb --encoding UTF8 --template template0 …"
                )

        return engine

    def _require_published(self, engine: Engine) -> None:
        with explained(engine), engine.connect() as connection:
            table = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar()
        if table is None:
            raise NoDatabase(f"Nothing was ever published to {shown(engine.url)}. Run `foundling publish` first.")


def _binary_cursor() -> type[Any]:
    """The driver's cursor, which takes values as they are: a body as text has twice its bytes, and has to be undone."""
    from psycopg import Cursor, pq  # noqa: PLC0415 - an extra, which only this database needs

    class Binary(Cursor[Any]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.format = pq.Format.BINARY

    return Binary


def _saying(words: Sequence[str]) -> Select[int]:
    # Quoted lexemes: neither PostgreSQL's parser nor the language of its queries sees what readers write.
    query = cast(" & ".join(_quoted(_cut(word)) for word in words) + ":*", TSQUERY)
    return select(words_table.c.row_id).where(words_table.c.words.bool_op("@@")(query))


def _touching(area: ColumnElement[Any], box: Bbox, west: float, east: float) -> ColumnElement[bool]:
    return area.bool_op("&&")(func.ST_MakeEnvelope(west, box.south, east, box.north, _SRID))


def _all_tables() -> str:
    return ", ".join(f'"{name}"' for name in (words_table.name, *sorted(metadata.tables)))


def _is_out_of_sight(connection: Connection) -> bool:
    # VACUUM counts the pages on which every row is seen by everybody; a page that holds a dead row is none.
    connection.exec_driver_sql(f"VACUUM {_all_tables()}")
    hidden = (
        "SELECT count(*) FROM pg_class AS t LEFT JOIN pg_class AS toast ON toast.oid = t.reltoastrelid "
        "WHERE t.oid = ANY (%(names)s::text[]::regclass[]) "
        "AND (t.relallvisible < t.relpages OR toast.relallvisible < toast.relpages)"
    )
    names = _all_tables().split(", ")
    return connection.exec_driver_sql(hidden, {"names": names}).scalar() == 0


def _is_copied(connection: Connection) -> bool:
    try:
        # The planner's statistics hold samples of words and documents: they are counted anew before they are copied.
        for statement in (f"VACUUM (FULL, ANALYZE) {_all_tables()}", "VACUUM FULL pg_statistic"):
            connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _BUSY:
            return False
        raise
    connection.exec_driver_sql(f"VACUUM {_all_tables()}")
    return True


def _vector(row: Indexed) -> str:
    """The words as a tsvector is written: each in quotation marks."""
    words = dict.fromkeys(row.words.split())
    if len(row.words) * 4 <= _WORD_BYTES and not _SIGN.search(row.words):
        return "'" + "' '".join(words) + "'"
    # A text of a megabyte is a mistake, but no reason to stop a publish: its end cannot be searched for.
    kept, room = [], _ROW_BYTES
    for word in words:
        lexeme = _cut(word)
        room -= len(lexeme.encode()) + 1
        if room < 0:
            log.warning("A text of more than a megabyte is searched by its beginning only (row %s).", row.row_id)
            break
        kept.append(_quoted(lexeme))
    return " ".join(kept)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _cut(word: str) -> str:
    return word.encode()[:_WORD_BYTES].decode(errors="ignore")
