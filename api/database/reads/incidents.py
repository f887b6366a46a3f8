"""Incidents of one release, as the bytes that publishing made."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
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
    """Some flat objects in order, as JSON, and the cursor of the next page: None at the end."""

    rows: list[bytes]
    next: Cursor | None


# What a statement gives of each row: a record, and its body.
_RECORD = ("id", "lon", "lat", "key")
_BODY = ("flat",)
_WITH_DOCUMENT = ("flat", "document")
_KEY_COLUMNS = {"updated": "updated_release"}
"""Columns of the flat object by which an order of another name sorts."""

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
    is_translated = language != ENGLISH
    query = _ordered(
        asked.where,
        asked.sort,
        dialect,
        broad,
        longest_years,
        is_continued=after is not None,
        served=_WITH_DOCUMENT if is_translated else _BODY,
    )
    found = connection.execute(query, _bounds(release, after, asked.limit + 1))
    if is_translated:
        return _paged([translated(row.flat, row.document, language) for row in found], asked, release)
    return _paged([row[0] for row in _driver_rows(found)], asked, release)


def page_of(
    connection: Connection, asked: PageQuery, release: int, keys: Sequence[int], *, language: str = ENGLISH
) -> Page:
    """The same page from the keys of its rows, and of one more where another page follows."""
    is_translated = language != ENGLISH
    columns = ", ".join(_WITH_DOCUMENT if is_translated else _BODY)
    # Whole numbers of our own: binding each of them, or making a statement of them, takes longer than reading the rows.
    listed = ", ".join(map(str, keys)) or "NULL"
    statement = f"SELECT row_id, {columns} FROM {incident_body.name} WHERE row_id IN ({listed})"  # noqa: S608
    found = _driver_rows(connection.exec_driver_sql(statement))
    bodies = {row[0]: translated(row[1], row[2], language) if is_translated else row[1] for row in found}
    return _paged([bodies[key] for key in keys], asked, release)


def _paged(rows: list[bytes], asked: PageQuery, release: int) -> Page:
    if len(rows) <= asked.limit:
        return Page(rows, None)
    rows.pop()
    # Where the next page begins is told by the last object itself: a column more of each row would cost a third again.
    last = orjson.loads(rows[-1])
    key = last[_KEY_COLUMNS.get(asked.sort.key, asked.sort.key)]
    following = Cursor(release, str(asked.sort), "" if key is None else key, last["id"], _question(asked.where))
    return Page(rows, following)


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
    is_translated = language != ENGLISH
    served = (*_RECORD, *(_WITH_DOCUMENT if is_translated else _BODY))
    for rows in _batches(engine, asked, sort, release, dialect, served=served):
        if is_translated:
            yield [Record._make((*row[:4], translated(row.flat, row.document, language))) for row in rows]
        else:
            yield [Record._make(row) for row in rows]


def documents(
    engine: Engine, asked: IncidentFilter, sort: Sort, release: int, dialect: Dialect
) -> Iterator[list[bytes]]:
    """Every nested record, in batches as `stream` reads them."""
    for rows in _batches(engine, asked, sort, release, dialect, served=(*_RECORD, "document")):
        yield [row.document for row in rows]


def _batches(
    engine: Engine, asked: IncidentFilter, sort: Sort, release: int, dialect: Dialect, *, served: tuple[str, ...]
) -> Iterator[Sequence[Row[Any]]]:
    after, limit = None, FIRST_BATCH
    with reading(engine) as connection:
        broad = dialect.broad(connection, asked, rows=BATCH)
    has_unions = any(len(getattr(asked, name)) > 1 for name in CODE_FILTERS)  # which no index holds in order
    following = SEARCHED_BATCH if has_unions or not _is_in_order(asked, broad) else BATCH
    while True:
        query = _ordered(asked, sort, dialect, broad, None, is_continued=after is not None, served=served)
        with reading(engine) as connection:
            rows = connection.execute(query, _bounds(release, after, limit)).all()
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


def _driver_rows(result: CursorResult[Any]) -> Sequence[Sequence[Any]]:
    """Rows as the driver gives them: bytes need nothing made of them, and SQLAlchemy's rows take half as long again."""
    assert result.cursor is not None
    with closing(result):
        return result.cursor.fetchall()


def _bounds(release: int, after: tuple[str | int, str] | None, limit: int) -> dict[str, Any]:
    key, last = after or (None, None)
    return {"release": release, "key": key, "last": last, "limit": limit}


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
    served: tuple[str, ...],
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
    limit = bindparam("limit", type_=Integer)
    told = {"id": incident.c.id, "lon": incident.c.lon, "lat": incident.c.lat, "key": column.label("key")}
    bodies = [incident_body.c[name] for name in served if name in incident_body.c]
    if _is_in_order(asked, broad):
        # Read in order from an index: a body is fetched for each row, and none in vain.
        query = select(*(told[name] for name in served if name in told), *bodies).join_from(incident, incident_body)
        return query.where(*conditions).order_by(*_in(order, sort)).limit(limit)
    # All that a search finds is sorted: small rows first, and bodies for those alone that are served.
    some = select(*told.values(), incident.c.row_id).where(*conditions).order_by(*_in(order, sort)).limit(limit)
    found = some.subquery("found")
    query = select(*(found.c[name] for name in served if name in found.c), *bodies)
    query = query.join_from(found, incident_body, incident_body.c.row_id == found.c.row_id)
    return query.order_by(*_in([found.c.id] if sort.key == "id" else [found.c.key, found.c.id], sort))


def _is_in_order(asked: IncidentFilter, broad: frozenset[str]) -> bool:
    return _SEARCHED & set(asked.given()) <= broad


_question = lru_cache(maxsize=1024)(question_hash)


def _in(order: Sequence[ColumnElement[Any]], sort: Sort) -> list[ColumnElement[Any]]:
    return [one.desc() for one in order] if sort.is_descending else list(order)
