"""Every version and figure of a database, column by column, for who counts outside it.

Rows come in batches in the order of their keys: between two batches no connection is held. What is appended or redacted
meanwhile may be in or not: ask for `history` before and after.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Select, case, func, literal, select

from api.database.dialects.hints import aside
from api.database.dialects.protocol import Dialect
from api.database.engine import reading
from api.database.tables import incident, incident_code, incident_figure, layout, redaction, release

_BATCH = 5_000

SEPARATOR = "|"
"""Stands between texts that come as one: a row of fewer values is read in less time."""

Columns = list[tuple[Any, ...]]


def _joined(*columns: ColumnElement[str]) -> ColumnElement[str]:
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + literal(SEPARATOR) + column
    return joined


def history(connection: Connection) -> str:
    """Names all that a database ever published and redacted: equal histories hold equal rows under equal keys."""
    total = hashlib.sha256()
    # Not whether what was redacted is erased from the files: nothing that is read differs.
    of = redaction.c
    redacted = select(of.generation, of.id, of.reason, of.date, of.release).order_by(of.generation)
    for query in (select(release).order_by(release.c.number), redacted):
        for row in connection.execute(query):
            total.update(f"{tuple(row)}".encode())
    for one in (select(func.max(incident.c.row_id)), select(layout.c.name)):
        total.update(f"{connection.scalar(one)}".encode())
    return total.hexdigest()


def versions(engine: Engine, until: int) -> Iterator[Columns]:
    """Versions that opened in a release up to `until`.

    Columns: row_id, id, from_release, to_release, country|admin1,
    category|outcome|precision|verification|is_date_certain (1 or 0), date_start|date_end, methods|purposes (each
    joined by `;`), lon, lat, uncertainty_m, disk_west, disk_east.
    """
    of = incident.c
    certain = case((of.is_date_certain, "1"), else_="0")
    query = select(
        of.row_id, of.id, of.from_release, of.to_release, _joined(of.country, of.admin1),
        _joined(of.category, of.outcome, of.precision, of.verification, certain), _joined(of.date_start, of.date_end),
        _joined(of.methods, of.purposes), of.lon, of.lat, of.uncertainty_m,
        of.disk_west, of.disk_east,
    )  # fmt: skip
    yield from _batches(engine, query.where(aside(of.from_release) <= until), of.row_id)


def figures(engine: Engine) -> Iterator[Columns]:
    """The claims of every version that has any. Columns: row_id, kinds, numbers (database.tables)."""
    of = incident_figure.c
    yield from _batches(engine, select(of.row_id, of.kinds, of.numbers), of.row_id)


def duplicates(engine: Engine) -> list[tuple[int, str]]:
    """Keys of versions that name a record which may describe the same incident, and the other's id."""
    of = incident_code.c
    with reading(engine) as connection:
        rows = _rows(connection, select(of.row_id, of.code).where(of.list == "duplicate"))
    return [(row_id, identifier) for row_id, identifier in rows]


def saying(connection: Connection, words: Sequence[str], dialect: Dialect) -> list[int]:
    """Keys of the versions, of any release, whose text holds every word, the last one as a beginning."""
    return [row_id for (row_id,) in _rows(connection, select(incident.c.row_id).where(dialect.has_words(words)))]


def _batches(engine: Engine, query: Select[Any], key: Column[int]) -> Iterator[Columns]:
    last, step = 0, _BATCH
    with reading(engine) as connection:
        end = connection.scalar(select(func.max(incident.c.row_id))) or 0
    # By ranges of the key and not by number of rows: those of one version are never torn apart.
    while last < end:
        with reading(engine) as connection:
            rows = _rows(connection, query.where(key > last, key <= last + step).order_by(key))
        if rows:
            yield list(zip(*rows, strict=True))
        last += step


def _rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    # As the driver gives them: SQLAlchemy's rows would double the time of reading millions.
    result = connection.execute(query)
    cursor: Any = result.cursor
    try:
        return list(cursor.fetchall())
    finally:
        result.close()
