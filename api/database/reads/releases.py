"""Releases: which there are, and which one is the latest."""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from api.database.tables import redaction, release
from api.domain.errors import NothingPublished, UnknownRelease
from api.domain.release import Release


def latest_number(connection: Connection) -> int:
    """The number of the latest release, 0 before the first."""
    return connection.scalar(select(func.max(release.c.number))) or 0


def latest(connection: Connection) -> Release:
    """The latest release. Raises NothingPublished."""
    row = connection.execute(select(release).order_by(release.c.number.desc()).limit(1)).first()
    if row is None:
        raise NothingPublished
    return _release(row)


def generation(connection: Connection) -> int:
    """How many redactions were carried out, 0 before the first: what was answered under another number is void."""
    return connection.scalar(select(func.max(redaction.c.generation))) or 0


def current(connection: Connection) -> tuple[Release, int]:
    """The latest release and the generation, in one question. Raises NothingPublished."""
    reached = select(func.coalesce(func.max(redaction.c.generation), 0)).scalar_subquery()
    row = connection.execute(select(reached, release).order_by(release.c.number.desc()).limit(1)).first()
    if row is None:
        raise NothingPublished
    number, *values = row
    return Release(*values), number


def one(connection: Connection, number: int) -> Release:
    """The release of that number. Raises UnknownRelease."""
    row = connection.execute(select(release).where(release.c.number == number)).first()
    if row is None:
        raise UnknownRelease(number, latest_number(connection))
    return _release(row)


def page(connection: Connection, *, up_to: int, below: int | None, limit: int) -> list[Release]:
    """Releases, newest first, from `up_to` downwards; `below` continues after an earlier page."""
    top = up_to if below is None else min(up_to, below - 1)
    rows = connection.execute(
        select(release).where(release.c.number <= top).order_by(release.c.number.desc()).limit(limit)
    )
    return [_release(row) for row in rows]


def _release(row: Row[Any]) -> Release:
    return Release(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
