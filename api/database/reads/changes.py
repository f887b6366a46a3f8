"""What became of incidents between two releases, and the versions of one of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, Select, case, func, select

from api.database.conditions import held_by, where
from api.database.dialects.hints import aside, tested
from api.database.dialects.protocol import Dialect
from api.database.engine import reading
from api.database.reads import incidents, reference
from api.database.tables import incident, incident_body, redaction, release
from api.domain.changes import CURSOR_SORT, Change, ChangesQuery, FieldChange, Reason, Version, differences
from api.domain.incident import ENGLISH
from api.domain.query import Cursor, IncidentFilter, question_hash

BATCH = 5000
"""Incidents that a whole-set file finds at a time."""
_MANY = 10_000
_AT_ONCE = 500
"""Of these, as many as it reads and compares at a time: two nested records each."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, ordered by id, and the cursor of the next page: None at the end."""

    changes: list[Change]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class _Question:
    where: IncidentFilter
    since: int
    until: int
    dialect: Dialect
    broad: frozenset[str]
    has_many: bool


@dataclass(frozen=True, slots=True)
class _Touched:
    """An incident whose version of the one release, of the other, or of both matched; they differ.

    Of one that was redacted since nobody knows what it was and whether it matched: both are what is left of it.
    """

    id: str
    before: Row[Any] | None
    after: Row[Any] | None
    is_redacted: bool = False


def page(
    connection: Connection,
    asked: ChangesQuery,
    until: int,
    dialect: Dialect,
    *,
    language: str = ENGLISH,
    broad: frozenset[str] = frozenset(),
    has_many: bool = False,
) -> Page:
    """One page; an incident more than `limit` is looked for to know whether another follows.

    `has_many` says that more incidents match than are ever counted; `broad`: see conditions.where.
    """
    question = _Question(asked.where, asked.since, until, dialect, broad, has_many)
    start = asked.cursor.id if asked.cursor else None
    touched = _touched(connection, question, start=start, most=asked.limit + 1)
    changes = _compare(connection, question, touched[: asked.limit], language)
    if len(touched) <= asked.limit:
        return Page(changes, None)
    return Page(changes, Cursor(until, CURSOR_SORT, asked.since, changes[-1].id, question_hash(asked.where)))


def stream(
    engine: Engine, asked: ChangesQuery, until: int, dialect: Dialect, *, language: str = ENGLISH
) -> Iterator[Change]:
    """Every change, in batches: between two of them no connection is held, so a slow reader costs nothing."""
    start = None
    with reading(engine) as connection:
        broad = dialect.broad(connection, asked.where, rows=_MANY)
        found = incidents.count(connection, asked.where, until, dialect, most=_MANY, broad=broad)
    question = _Question(asked.where, asked.since, until, dialect, broad, has_many=found == _MANY)
    while True:
        with reading(engine) as connection:
            touched = _touched(connection, question, start=start, most=BATCH)
        for first in range(0, len(touched), _AT_ONCE):
            with reading(engine) as connection:
                changes = _compare(connection, question, touched[first : first + _AT_ONCE], language)
            yield from changes
        if len(touched) < BATCH:
            return
        start = touched[-1].id


def history(
    connection: Connection, incident_id: str, until: int, *, most: int, language: str = ENGLISH
) -> tuple[list[Version], int | None]:
    """The newest `most` versions, newest first, and the last release of those that are left out, if any are.

    Raises WithdrawnIncident, UnknownIncident.
    """
    incidents.one(connection, incident_id, until)
    of_version = (incident.c.from_release, incident.c.to_release, incident.c.digest, incident_body.c.flat)
    query: Select[Any] = (
        select(*of_version, incident_body.c.document, release.c.published)
        .join_from(incident, release, incident.c.from_release == release.c.number)
        .join(incident_body, incident_body.c.row_id == incident.c.row_id)
        .where(incident.c.id == incident_id, incident.c.from_release <= until)
        .order_by(incident.c.from_release.desc())
    )
    rows = connection.execute(query.limit(most + 1)).all()
    newer_ones, older_ones = [None, *rows], [*rows[1:], None]
    versions = [
        _version(row, newer, older, until, language)
        for row, newer, older in zip(rows[:most], newer_ones, older_ones, strict=False)
    ]
    return versions, rows[most].to_release - 1 if len(rows) > most else None


def _version(row: Row[Any], newer: Row[Any] | None, older: Row[Any] | None, until: int, language: str) -> Version:
    is_continued = older is not None and older.to_release == row.from_release
    is_over = row.to_release <= until
    is_replaced = is_over and newer is not None and newer.from_release == row.to_release
    return Version(
        from_release=row.from_release,
        last_release=row.to_release - 1 if is_over else None,
        published=row.published,
        digest=row.digest,
        change="entered" if older is None else "changed" if is_continued else "returned",
        ended=None if not is_over else "changed" if is_replaced else "withdrawn",
        fields=() if older is None else _differences(older, row, language),
    )


def _touched(connection: Connection, question: _Question, *, start: str | None, most: int) -> list[_Touched]:
    """The next `most` incidents that changed, by id; fewer only at the end."""
    has_few = _has_few(connection, question, most)
    redacted = _redacted(connection, question, start)
    found: list[_Touched] = []
    size = most
    # Once round, unless incidents changed and changed back: those are no changes, and fill no page.
    while True:
        closed: Sequence[Row[Any]] = []
        if question.since:
            moved = _moved(question, is_before=True, has_few=has_few, start=start)
            closed = connection.execute(moved.limit(size)).all()
        opened = connection.execute(_moved(question, is_before=False, has_few=has_few, start=start).limit(size)).all()
        # Beyond the last row of a full answer the other one knows more.
        ends = [rows[-1].id for rows in (closed, opened) if len(rows) == size]
        before, after = {row.id: row for row in closed}, {row.id: row for row in opened}
        for id_ in sorted(before.keys() | after.keys() | redacted.keys()):
            if ends and id_ > min(ends):
                break
            touched = redacted.pop(id_, None) or _Touched(id_, before.get(id_), after.get(id_))
            if touched.is_redacted or _differ(touched.before, touched.after):
                found.append(touched)
        if len(found) >= most or not ends:
            return found[:most]
        start, size = min(ends), max(size, min(2 * size, BATCH))


def _differ(before: Row[Any] | None, after: Row[Any] | None) -> bool:
    return before is None or after is None or before.digest != after.digest


def _redacted(connection: Connection, question: _Question, start: str | None) -> dict[str, _Touched]:
    """Incidents of the release `since` that were redacted after it, whatever is asked for: readers may have their text.

    Redacting makes no release, so that this is told until the reader has a later one.
    """
    ids = connection.scalars(select(redaction.c.id).where(redaction.c.release >= question.since).distinct()).all()
    before = _held(connection, [id_ for id_ in ids if start is None or id_ > start], question.since)
    if not before:
        return {}
    matches = where(question.where, question.until, question.dialect)
    after = {row.id: row for row in connection.execute(_versions().where(incident.c.id.in_(before), matches))}
    return {id_: _Touched(id_, row, after.get(id_), is_redacted=True) for id_, row in before.items()}


def _has_few(connection: Connection, question: _Question, most: int) -> bool:
    """Whether it takes less to read and sort every version that opened or closed than to walk past all the others."""
    is_between = release.c.number.between(question.since + 1, question.until)
    moves = release.c.entered + release.c.changed + release.c.left
    counts = select(
        func.coalesce(func.sum(case((is_between, moves), else_=0)), 0),
        func.coalesce(func.sum(release.c.entered + release.c.changed), 0),
    )
    moved, versions = connection.execute(counts).one()
    return bool(moved * moved <= versions * most)


def _moved(question: _Question, *, is_before: bool, has_few: bool, start: str | None) -> Select[Any]:
    """Versions that matched in the one release and closed by the other, or that match in the other and opened since.

    Few are found by their releases, whatever else would be an index, and sorted; many as they lie in the order of ids.
    """
    first, last = question.since + 1, question.until
    column = incident.c.to_release if is_before else incident.c.from_release
    # Few versions to try, or many that pass: each is tested, whatever index there is for what is asked.
    is_tested = has_few or question.has_many
    broad = frozenset(question.where.given()) if is_tested else question.broad
    matches = where(question.where, question.since if is_before else question.until, question.dialect, broad=broad)
    if is_tested:
        matches = tested(matches)
    position: Any = incident.c.id
    if first == last:
        moved = column == last  # in its index these lie in the order of ids
    elif has_few:
        moved, position = column.between(first, last), aside(incident.c.id)
    else:
        moved = aside(column).between(first, last)
    query = _versions().where(moved, matches)
    if start is not None:
        query = query.where(position > start)
    return query.order_by(position)


def _versions() -> Select[Any]:
    return select(incident.c.id, incident.c.row_id, incident.c.digest, incident.c.from_release)


def _compare(connection: Connection, question: _Question, touched: Sequence[_Touched], language: str) -> list[Change]:
    entered = [one.id for one in touched if one.before is None]
    left = [one.id for one in touched if one.after is None]
    # What entered the filter may have been published before; what left it may be published still.
    before = {one.id: one.before for one in touched if one.before is not None} | _held(
        connection, entered if question.since else [], question.since
    )
    after = {one.id: one.after for one in touched if one.after is not None} | _held(connection, left, question.until)
    gone = _gone(connection, [id_ for id_ in left if id_ not in after], question.until)
    shown = [*after.values(), *(row for id_, row in before.items() if id_ in after)]
    contents = _contents(connection, [row.row_id for row in shown])
    changes = []
    for one in touched:
        old, new = before.get(one.id), after.get(one.id)
        withdrawn_in, withdrawal = gone.get(one.id, (0, {}))
        fields: tuple[FieldChange, ...] = ()
        if old is not None and new is not None:
            fields = _differences(contents[old.row_id], contents[new.row_id], language)
        changes.append(
            Change(
                id=one.id,
                kind="entered" if one.before is None else "left" if one.after is None else "changed",
                release=withdrawn_in if new is None else new.from_release,
                reason=_reason(one, was_published=old is not None, is_published=new is not None),
                withdrawal_reason=withdrawal.get("reason"),
                superseded_by=withdrawal.get("superseded_by"),
                fields=fields,
                incident=None if one.after is None else _flat(contents[one.after.row_id], language),
            )
        )
    return changes


def _reason(one: _Touched, *, was_published: bool, is_published: bool) -> Reason | None:
    if one.is_redacted:
        return "redacted" if is_published else "withdrawn"
    if one.before is None:
        return "now_matches" if was_published else "published"
    if one.after is None:
        return "no_longer_matches" if is_published else "withdrawn"
    return None


def _held(connection: Connection, ids: Collection[str], number: int) -> dict[str, Row[Any]]:
    if not ids:
        return {}
    query = _versions().where(incident.c.id.in_(ids), held_by(number))
    return {row.id: row for row in connection.execute(query)}


def _gone(connection: Connection, ids: Collection[str], until: int) -> dict[str, tuple[int, dict[str, Any]]]:
    """In which release each of these withdrawn incidents was withdrawn, and what is told of it."""
    if not ids:
        return {}
    withdrawals = reference.several(connection, "withdrawn", ids, until)
    ends = select(incident.c.id, func.max(incident.c.to_release).label("end"))
    ends = ends.where(incident.c.id.in_(ids), incident.c.to_release <= until).group_by(incident.c.id)
    return {row.id: (row.end, withdrawals.get(row.id, {})) for row in connection.execute(ends)}


def _contents(connection: Connection, row_ids: Collection[int]) -> dict[int, Row[Any]]:
    if not row_ids:
        return {}
    query: Select[Any] = select(incident_body).where(incident_body.c.row_id.in_(row_ids))
    return {row.row_id: row for row in connection.execute(query)}


def _differences(before: Row[Any], after: Row[Any], language: str) -> tuple[FieldChange, ...]:
    old, new = ((orjson.loads(_flat(row, language)), orjson.loads(row.document)) for row in (before, after))
    return differences(old, new, language=language)


def _flat(row: Row[Any], language: str) -> bytes:
    flat: bytes = row.flat if language == ENGLISH else incidents.translated(row.flat, row.document, language)
    return flat
