"""The way to a database: from its URL to a dialect, and reading with failures told apart."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.database.current import require_current
from api.database.dialects.postgresql import PostgreSQL
from api.database.dialects.protocol import Dialect
from api.database.dialects.sqlite import SQLite
from api.database.failures import explained, mends_itself
from api.domain.errors import DatabaseUnavailable, NoDatabase, UnusableDatabase

log = logging.getLogger(__name__)


_POSTGRESQL = ("postgresql", "postgresql+psycopg", "postgres")
_ADVICE = "write sqlite:///path/to/file or postgresql://user@host/database"


def dialect_of(url: str) -> Dialect:
    """The dialect of `url`, such as sqlite:///var/foundling.sqlite. Raises UnusableDatabase."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # of which the second would tell a part of a password with a slash in it
        raise UnusableDatabase(
            f"FOUNDLING_DATABASE_URL (or FOUNDLING_READ_DATABASE_URL) is no database URL; {_ADVICE}. "
            "A password's special characters are written in percent: / is %2F."
        ) from None
    if parsed.drivername in _POSTGRESQL:
        return PostgreSQL(parsed)
    if parsed.drivername != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise UnusableDatabase(
            f"FOUNDLING_DATABASE_URL (or FOUNDLING_READ_DATABASE_URL) must name a SQLite file or PostgreSQL; {_ADVICE}."
        )
    return SQLite(Path(str(parsed.database)).absolute())


@dataclass(frozen=True, slots=True)
class Database:
    """A database to read from."""

    engine: Engine
    dialect: Dialect

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection for a few short questions. Raises DatabaseUnavailable."""
        return reading(self.engine)


def open_database(url: str, *, threads: int) -> Database:
    """The database of `url`, read-only, with a connection for each of `threads`. Raises UnusableDatabase."""
    dialect = dialect_of(url)
    database = Database(dialect.open_reader(threads=threads), dialect)
    require_current(database.engine)
    return database


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for a few short questions. Raises DatabaseUnavailable when the database does not answer."""
    try:
        with engine.connect() as connection:
            yield connection
    except (DBAPIError, PoolTimeoutError) as error:
        if isinstance(error, ProgrammingError | DataError | IntegrityError) and not mends_itself(error):
            raise  # a fault of ours, which trying again would not mend
        log.exception("The database does not answer.")
        raise DatabaseUnavailable("The database does not answer at the moment.") from error


@contextmanager
def looking_into(url: str) -> Iterator[Connection | None]:
    """A connection that cannot write, for a command; None where nothing was ever published. Raises UnusableDatabase."""
    try:
        reader = dialect_of(url).open_reader(threads=1)
    except NoDatabase:
        yield None
        return
    try:
        require_current(reader)
        with explained(reader), reader.connect() as connection:
            yield connection
    finally:
        reader.dispose()
