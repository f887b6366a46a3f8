"""Incidents of one release, as the bytes that publishing made."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, Select, exists, func, select, tuple_

from api.database.conditions import held_by, where
from api.database.dialects.protocol import Dialect
from api.database.engine import reading
from api.database.reads import reference
from api.database.tables import incident
from api.domain.errors import UnknownIncident, WithdrawnIncident
from api.domain.incident import ENGLISH
from api.domain.query import Cursor, IncidentFilter, PageQuery, Sort, question_hash

BATCH = 5000
"""Rows that a whole-set file reads at a time."""


@dataclass(frozen=True, slots=True)
class Record:
    """An incident as it is served: `json` is the flat object."""

    id: str
    lon: float
    lat: float
    json: bytes

    def values(self) -> dict[str, Any]:
        """The flat object, column by column."""
        values: dict[str, Any] = orjson.loads(self.json)
        return values


@dataclass(frozen=True, slots=True)
class Page:
    """Some records in order, and the cursor of the next page: None at the end."""

    records: list[Record]
    next: Cursor | None


_sort_columns = {
    "date_start": incident.c.date_start,
    "date_end": incident.c.date_end,
    "id": incident.c.id,
    "country": incident.c.country,
    "admin1": incident.c.admin1,
    "category": incident.c.category,
    "uncertainty_m": incident.c.uncertainty_m,
    "updated": incident.c.from_release,
}


def page(connection: Connection, asked: PageQuery, release: int, dialect: Dialect, *, language: str = ENGLISH) -> Page:
    """One page; a row more than `limit` is read to know whether another follows."""
    after = (asked.cursor.key, asked.cursor.id) if asked.cursor else None
    query = _ordered(asked.where, asked.sort, release, dialect, after=after, language=language).limit(asked.limit + 1)
    rows = connection.execute(query).all()
    records = [_record(row, language) for row in rows[: asked.limit]]
    if len(rows) <= asked.limit:
        return Page(records, None)
    last = rows[asked.limit - 1]
    return Page(records, Cursor(release, str(asked.sort), last.key, last.id, question_hash(asked.where)))


def stream(
    engine: Engine,
    asked: IncidentFilter,
    sort: Sort,
    release: int,
    dialect: Dialect,
    *,
    language: str = ENGLISH,
) -> Iterator[Record]:
    """Every record, in batches: between two of them no connection is held, so a slow reader costs nothing."""
    after = None
    while True:
        with reading(engine) as connection:
            query = _ordered(asked, sort, release, dialect, after=after, language=language).limit(BATCH)
            rows = connection.execute(query).all()
        for row in rows:
            yield _record(row, language)
        if len(rows) < BATCH:
            return
        after = (rows[-1].key, rows[-1].id)


def count(connection: Connection, asked: IncidentFilter, release: int, dialect: Dialect, *, most: int) -> int:
    """How many match, counted no further than `most`."""
    some = select(incident.c.row_id).where(where(asked, release, dialect)).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def any_match(connection: Connection, asked: IncidentFilter, release: int, dialect: Dialect) -> bool:
    """Whether a single incident matches."""
    return bool(connection.scalar(select(exists().where(where(asked, release, dialect)))))


def covered(connection: Connection, release: int) -> tuple[str | None, str | None, list[str]]:
    """The first day, the last day and the countries that a release covers."""
    bounds = select(func.min(incident.c.date_start), func.max(incident.c.date_end)).where(held_by(release))
    first, last = connection.execute(bounds).one()
    countries = select(incident.c.country).where(held_by(release)).distinct().order_by(incident.c.country)
    return first, last, list(connection.scalars(countries))


def one(connection: Connection, incident_id: str, release: int, *, language: str = ENGLISH) -> tuple[Record, bytes]:
    """An incident, flat and nested. Raises WithdrawnIncident, UnknownIncident."""
    row = connection.execute(select(incident).where(incident.c.id == incident_id, held_by(release))).first()
    if row is not None:
        return _record(row, language), row.document
    gone = select(func.max(incident.c.to_release)).where(incident.c.id == incident_id, incident.c.to_release <= release)
    left_in = connection.scalar(gone)
    if left_in is None:
        entered = select(func.min(incident.c.from_release)).where(incident.c.id == incident_id)
        raise UnknownIncident(incident_id, first_release=connection.scalar(entered))
    withdrawal = reference.one(connection, "withdrawn", incident_id, release)
    raise WithdrawnIncident(
        incident_id,
        last_release=left_in - 1,
        reason=withdrawal.get("reason"),
        superseded_by=withdrawal.get("superseded_by"),
    )


def _record(row: Row[Any], language: str) -> Record:
    # English is stored as it is served; the other languages stand in the document.
    flat = row.flat if language == ENGLISH else _translated(row.flat, row.document, language)
    return Record(row.id, row.lon, row.lat, flat)


def _translated(flat: bytes, document: bytes, language: str) -> bytes:
    values, told = orjson.loads(flat), orjson.loads(document)
    texts = {"title": told["title"], "summary": told["summary"], "date_note": told["date"]["note"] or {}}
    return orjson.dumps(values | {name: text[language] for name, text in texts.items() if language in text})


def _ordered(
    asked: IncidentFilter,
    sort: Sort,
    release: int,
    dialect: Dialect,
    *,
    after: tuple[str | int, str] | None,
    language: str,
) -> Select[Any]:
    column = _sort_columns[sort.key]
    query = select(incident.c.id, incident.c.lon, incident.c.lat, incident.c.flat, column.label("key"))
    if language != ENGLISH:
        query = query.add_columns(incident.c.document)
    query = query.where(where(asked, release, dialect))
    # An id orders by itself: told twice, SQLite would sort every row.
    order = [incident.c.id] if sort.key == "id" else [column, incident.c.id]
    if after is not None:
        position, last = tuple_(*order), tuple_(*after[-len(order) :])
        query = query.where(position < last if sort.is_descending else position > last)
    return query.order_by(*(one.desc() for one in order) if sort.is_descending else order)
