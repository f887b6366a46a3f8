"""Failures of a database in words: what may be tried again, and what an operator must put right."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from api.domain.errors import DatabaseUnavailable, FoundlingError, UnusableDatabase

# States of PostgreSQL (its manual, appendix A), by their beginnings.
_BUSY = "55P03"
_READ_ONLY = "25006"
_FORBIDDEN = "42501"
_PASSING = ("08", "40", "53", "57")
_LATER = (_FORBIDDEN, "42P01", "3F000")


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Raises DatabaseUnavailable for what passes by itself, such as somebody else's writing for too long.

    UnusableDatabase for any other failure; neither tells a password.
    """
    try:
        yield
    except DBAPIError as error:
        raise told_in_words(engine.url, error.orig, is_lost=error.connection_invalidated) from error
    except sqlite3.Error as error:  # what a new connection is told is SQLite's own error
        raise told_in_words(engine.url, error, is_lost=False) from error


def mends_itself(error: DBAPIError) -> bool:
    """Whether a question that an operator's work made fail may be asked again: rights, or tables being restored."""
    return getattr(error.orig, "sqlstate", None) in _LATER


def shown(url: URL) -> str:
    """What a database is called in messages: its file, or its name and servers."""
    name = unquote(str(url.database or url.username or "")).removeprefix("file:")
    if url.get_backend_name() == "sqlite":
        return name
    hosts = [host for host in (url.host, *url.normalized_query.get("host", ())) if host]
    return f"the database {name}" + (f" on {', '.join(hosts)}" if hosts else "")


def told_in_words(url: URL, reason: BaseException | None, *, is_lost: bool) -> FoundlingError:
    """What a driver's error comes to; `is_lost` when the connection went with it."""
    name, text = shown(url), _text(url, reason)
    if url.get_backend_name() == "sqlite":
        code = getattr(reason, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_BUSY:
            return DatabaseUnavailable(f"Another process is writing to {name}: try again when it is done.")
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return UnusableDatabase(f"The first publish into {name} was interrupted: run `foundling publish` again.")
        return UnusableDatabase(f"{name} cannot be used: {text}.")
    subject, state = name[0].upper() + name[1:], getattr(reason, "sqlstate", None) or ""
    if state == _BUSY:
        return DatabaseUnavailable(f"Another process is writing to {name}: try again when it is done.")
    if is_lost or state.startswith(_PASSING):
        return DatabaseUnavailable(f"{subject} does not answer: {text}. Nothing was changed; try again.")
    if state == _READ_ONLY:
        return UnusableDatabase(
            f"{subject} is read-only: a standby, or a role that only reads. FOUNDLING_DATABASE_URL must lead to the "
            "primary; with several hosts, add target_session_attrs=read-write."
        )
    if '"postgis"' in text:
        return UnusableDatabase(
            f"{subject} needs PostGIS: {text}. Install it on the server (apt-get install postgresql-15-postgis-3), "
            "then let a superuser run CREATE EXTENSION postgis in this database."
        )
    if state == _FORBIDDEN:
        return UnusableDatabase(
            f"{subject} refuses: {text}. Publish as its owner; for a role that only reads, see `foundling db role`."
        )
    if not state:
        return UnusableDatabase(
            f"{subject} cannot be reached: {text}. Start or create it, or correct FOUNDLING_DATABASE_URL "
            "(FOUNDLING_READ_DATABASE_URL)."
        )
    return UnusableDatabase(f"{subject} cannot be used: {text}.")


def _text(url: URL, reason: BaseException | None) -> str:
    lines = [line.strip(" \t.") for line in str(reason).splitlines() if line.strip()]
    text = lines[0] if lines else type(reason).__name__
    # A driver has no cause to repeat a password, and yet.
    secrets = (url.password, *url.normalized_query.get("password", ()))
    for secret in secrets:
        if secret:
            text = text.replace(str(secret), "***")
    return text
