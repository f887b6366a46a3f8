"""Incidents of one release, as the bytes that publishing made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Row,
    Select,
    bindparam,
    cast,
    exists,
    func,
    select,
    tuple_,
)

from api.database.conditions import held_by, where
from api.database.dialects.protocol import Dialect
from api.database.engine import reading
from api.database.reads import reference
from api.database.tables import incident, incident_body
from api.domain.errors import UnknownIncident, WithdrawnIncident
from api.domain.incident import ENGLISH
from api.domain.query import CODE_FILTERS, Cursor, IncidentFilter, PageQuery, Sort, question_hash

BATCH = 1000
"""Rows that a whole-set file reads at a time, and gives out together."""

SEARCHED_BATCH = 5 * BATCH
"""Rows that it reads at a time where each reading searches and sorts everything anew."""

FIRST_BATCH = 100
"""Rows that it reads first, so that something is sent at once."""


class Record(NamedTuple):
    """An incident as it is served: `json` is the flat object, `sort_key` its place in the order that was asked."""

    id: str
    lon: float
    lat: float
    sort_key: str | int
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


_SEARCHED = frozenset({"ids", "bbox", "near", "method", "purpose", "q"})
"""Filters that an index finds in no order."""

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

_one = (
    select(incident.c.id, incident.c.lon, incident.c.lat, incident_body.c.flat, incident_body.c.document)
    .join_from(incident, incident_body)
    .where(incident.c.id == bindparam("id", type_=incident.c.id.type), held_by(bindparam("release", type_=Integer)))
)


def page(
    connection: Connection,
    asked: PageQuery,
    release: int,
    dialect: Dialect,
    *,
    language: str = ENGLISH,
    broad: frozenset[str] = frozenset(),
    longest_years: int | None = None,
) -> Page:
    """One page; a row more than `limit` is read to know whether another follows.

    `broad` and `longest_years` make it quicker: see conditions.where.
    """
    after = (asked.cursor.key, asked.cursor.id) if asked.cursor else None
    query = _ordered(
        asked.where,
        asked.sort,
        dialect,
        broad,
        longest_years,
        is_continued=after is not None,
        has_document=language != ENGLISH,
    )
    records = _read(connection, query, release, after=after, limit=asked.limit + 1, language=language)
    if len(records) <= asked.limit:
        return Page(records, None)
    last = records[asked.limit - 1]
    following = Cursor(release, str(asked.sort), last.sort_key, last.id, _question(asked.where))
    return Page(records[: asked.limit], following)


def stream(
    engine: Engine,
    asked: IncidentFilter,
    sort: Sort,
    release: int,
    dialect: Dialect,
    *,
    language: str = ENGLISH,
) -> Iterator[list[Record]]:
    """Every record, in batches: between two of them no connection is held, so a slow reader costs nothing."""
    for rows in _batches(engine, asked, sort, release, dialect, has_document=language != ENGLISH):
        yield _records(rows, language)


def documents(
    engine: Engine, asked: IncidentFilter, sort: Sort, release: int, dialect: Dialect
) -> Iterator[list[bytes]]:
    """Every nested record, in batches as `stream` reads them."""
    for rows in _batches(engine, asked, sort, release, dialect, has_document=True):
        yield [row.document for row in rows]


def _batches(
    engine: Engine, asked: IncidentFilter, sort: Sort, release: int, dialect: Dialect, *, has_document: bool
) -> Iterator[Sequence[Row[Any]]]:
    after, limit = None, FIRST_BATCH
    with reading(engine) as connection:
        broad = dialect.broad(connection, asked, rows=BATCH)
    has_unions = any(len(getattr(asked, name)) > 1 for name in CODE_FILTERS)  # which no index holds in order
    following = SEARCHED_BATCH if has_unions or not _is_in_order(asked, broad) else BATCH
    while True:
        query = _ordered(asked, sort, dialect, broad, None, is_continued=after is not None, has_document=has_document)
        with reading(engine) as connection:
            rows = _rows(connection, query, release, after=after, limit=limit)
        for start in range(0, len(rows), BATCH):
            yield rows[start : start + BATCH]
        if len(rows) < limit:
            return
        after, limit = (rows[-1].key, rows[-1].id), following


def count(
    connection: Connection,
    asked: IncidentFilter,
    release: int,
    dialect: Dialect,
    *,
    most: int | None,
    broad: frozenset[str] = frozenset(),
) -> int:
    """How many match, counted no further than `most`, if it says anything. `broad`: see conditions.where."""
    matching = where(asked, release, dialect, broad=broad)
    if most is None:
        return connection.scalar(select(func.count()).select_from(incident).where(matching)) or 0
    some = select(incident.c.row_id).where(matching).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def any_match(connection: Connection, asked: IncidentFilter, release: int, dialect: Dialect) -> bool:
    """Whether a single incident matches."""
    matching = where(asked, release, dialect, broad=dialect.broad(connection, asked, rows=1))
    return bool(connection.scalar(select(exists().where(matching))))


def longest_years(connection: Connection) -> int:
    """Over how many turns of the year the longest date of any version reaches."""
    first, last = (cast(func.substr(day, 1, 4), Integer) for day in (incident.c.date_start, incident.c.date_end))
    return connection.scalar(select(func.max(last - first))) or 0


def covered(connection: Connection, release: int) -> tuple[str | None, str | None, list[str]]:
    """The first day, the last day and the countries that a release covers."""
    bounds = select(func.min(incident.c.date_start), func.max(incident.c.date_end)).where(held_by(release))
    first, last = connection.execute(bounds).one()
    countries = select(incident.c.country).where(held_by(release)).distinct().order_by(incident.c.country)
    return first, last, list(connection.scalars(countries))


def one(connection: Connection, incident_id: str, release: int, *, language: str = ENGLISH) -> tuple[Record, bytes]:
    """An incident, flat and nested. Raises WithdrawnIncident, UnknownIncident."""
    row = connection.execute(_one, {"id": incident_id, "release": release}).first()
    if row is not None:
        flat = row.flat if language == ENGLISH else translated(row.flat, row.document, language)
        return Record(row.id, row.lon, row.lat, row.id, flat), row.document
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


def _read(
    connection: Connection,
    query: Select[Any],
    release: int,
    *,
    after: tuple[str | int, str] | None,
    limit: int,
    language: str,
) -> list[Record]:
    return _records(_rows(connection, query, release, after=after, limit=limit), language)


def _rows(
    connection: Connection, query: Select[Any], release: int, *, after: tuple[str | int, str] | None, limit: int
) -> Sequence[Row[Any]]:
    key, last = after or (None, None)
    return connection.execute(query, {"release": release, "key": key, "last": last, "limit": limit}).all()


def _records(rows: Sequence[Row[Any]], language: str) -> list[Record]:
    if language != ENGLISH:
        return [Record._make((*row[:4], translated(row.flat, row.document, language))) for row in rows]
    return [Record._make(row) for row in rows]


def translated(flat: bytes, document: bytes, language: str) -> bytes:
    """The flat object in another language than English: that is stored, the others stand in the document."""
    values, told = orjson.loads(flat), orjson.loads(document)
    texts = {"title": told["title"], "summary": told["summary"], "date_note": told["date"]["note"] or {}}
    return orjson.dumps(values | {name: text[language] for name, text in texts.items() if language in text})


@lru_cache(maxsize=1024)
def _ordered(
    asked: IncidentFilter,
    sort: Sort,
    dialect: Dialect,
    broad: frozenset[str],
    longest_years: int | None,
    *,
    is_continued: bool,
    has_document: bool,
) -> Select[Any]:
    # Kept, because making a statement costs more than running it; what changes from page to page is a parameter.
    column = _sort_columns[sort.key]
    order = [incident.c.id] if sort.key == "id" else [column, incident.c.id]  # told twice, SQLite would sort
    release = bindparam("release", type_=Integer)
    conditions = [where(asked, release, dialect, broad=broad, longest_years=longest_years)]
    if is_continued:
        position = [bindparam("key", type_=column.type), bindparam("last", type_=incident.c.id.type)][-len(order) :]
        here, there = tuple_(*order), tuple_(*position)
        conditions.append(here < there if sort.is_descending else here > there)
    served = [incident_body.c.flat, *([incident_body.c.document] if has_document else [])]
    keys = select(incident.c.id, incident.c.lon, incident.c.lat, column.label("key")).where(*conditions)
    limit = bindparam("limit", type_=Integer)
    if _is_in_order(asked, broad):
        # Read in order from an index: a body is fetched for each row, and none in vain.
        query = keys.add_columns(*served).join_from(incident, incident_body)
        return query.order_by(*_in(order, sort)).limit(limit)
    # All that a search finds is sorted: small rows first, and bodies for those alone that are served.
    found = keys.add_columns(incident.c.row_id).order_by(*_in(order, sort)).limit(limit).subquery("found")
    query = select(found.c.id, found.c.lon, found.c.lat, found.c.key, *served)
    query = query.join_from(found, incident_body, incident_body.c.row_id == found.c.row_id)
    return query.order_by(*_in([found.c.id] if sort.key == "id" else [found.c.key, found.c.id], sort))


def _is_in_order(asked: IncidentFilter, broad: frozenset[str]) -> bool:
    return _SEARCHED & set(asked.given()) <= broad


_question = lru_cache(maxsize=1024)(question_hash)


def _in(order: Sequence[ColumnElement[Any]], sort: Sort) -> list[ColumnElement[Any]]:
    return [one.desc() for one in order] if sort.is_descending else list(order)
