"""Failures of a database in words: what may be tried again, and what an operator must put right."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from api.domain.errors import DatabaseUnavailable, UnusableDatabase


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Raises DatabaseUnavailable when somebody else writes for too long, UnusableDatabase for any other failure."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:  # what a new connection is told is SQLite's own error
        reason = error.orig if isinstance(error, DBAPIError) else error
        name = unquote(str(engine.url.database)).removeprefix("file:")
        if getattr(reason, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise DatabaseUnavailable(f"Another process is writing to {name}: try again when it is done.") from error
        raise UnusableDatabase(f"{name} cannot be used: {reason}.") from error
