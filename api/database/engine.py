"""The way to a database: from its URL to a dialect, and reading with failures told apart."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.database.dialects.protocol import Dialect
from api.database.dialects.sqlite import SQLite
from api.database.upgrade import require_current
from api.domain.errors import DatabaseUnavailable, UnusableDatabase

log = logging.getLogger(__name__)


def dialect_of(url: str) -> Dialect:
    """The dialect of `url`, such as sqlite:///var/foundling.sqlite. Raises UnusableDatabase."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableDatabase("FOUNDLING_DATABASE_URL is no database URL; write sqlite:///path/to/file.") from None
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise UnusableDatabase("FOUNDLING_DATABASE_URL must name a SQLite file: sqlite:///path/to/file.")
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
    except (ProgrammingError, DataError, IntegrityError):
        raise  # a fault of ours, which trying again would not mend
    except (DBAPIError, PoolTimeoutError) as error:
        log.exception("The database does not answer.")
        raise DatabaseUnavailable("The database does not answer at the moment.") from error
