"""Appending a release: what is new opens a version, what is gone closes one, in a single transaction."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Result,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from api.database import rows
from api.database.dialects.hints import aside
from api.database.dialects.protocol import Dialect
from api.database.failures import explained
from api.database.reads import releases
from api.database.reads.releases import latest_number
from api.database.rows import IncidentVersion
from api.database.tables import incident, incident_body, registry, release
from api.domain.errors import DatabaseUnavailable
from api.domain.ids import IdSet
from api.domain.release import OPEN, Release, digest_of_sorted, utc_text

MOST_TOLD = 1_000
_BATCH = 500
_STREAMED = 10_000


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """Anything else that is published: a source, a code, a place, …, by `kind` and `key`."""

    kind: str
    key: str
    digest: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """The first ids that entered, changed or left with a release, at most MOST_TOLD of each, and how many it holds.

    The release tells how many there were of each.
    """

    entered: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    total: int


def append_release(
    engine: Engine,
    dialect: Dialect,
    *,
    versions: Iterable[IncidentVersion],
    entries: Iterable[RegistryEntry],
    now: datetime,
    after: int | None = None,
    generation: int | None = None,
    kept: AbstractSet[str] = frozenset(),
) -> tuple[Release, Changes] | None:
    """Publishes a state of the record as the next release; None, and no release, when it is the state already.

    The state is complete: what is open in the database and missing from `versions`, `kept` or `entries` is closed.
    `kept` holds ids whose open version stays as it is, without being given again. A version whose document is the
    published one leaves no trace but its `seed_digest`.
    `after` and `generation` are the release and the number of redactions that the state was checked against, if it
    was. Raises DatabaseUnavailable while somebody
    else writes or has published meanwhile, UnusableDatabase when it cannot be written.
    """
    with explained(engine), engine.begin() as connection:
        number, published = latest_number(connection) + 1, utc_text(now)
        if after is not None and number != after + 1:
            raise DatabaseUnavailable("Another release was published in the meantime: publish again.")
        if generation is not None and generation != releases.generation(connection):
            raise DatabaseUnavailable("A record was redacted in the meantime: publish again.")
        writer = _Writer(connection, dialect, number=number, published=published)
        # The release row comes first, because versions refer to it; its totals are filled in at the end.
        row = {"number": number, "digest": "", "published": published, "incidents": 0}
        connection.execute(insert(release), row | {"entered": 0, "changed": 0, "left": 0})
        writer.put_incidents(versions, kept)
        has_new_entries = writer.put_entries(entries)
        if not (has_new_entries or writer.entered.count or writer.changed.count or writer.left.count):
            connection.execute(delete(release).where(release.c.number == number))
            return None
        result = Release(
            number=number,
            digest=_state_digest(connection),
            published=published,
            incidents=writer.total,
            entered=writer.entered.count,
            changed=writer.changed.count,
            left=writer.left.count,
        )
        totals = {name: getattr(result, name) for name in ("digest", "incidents", "entered", "changed", "left")}
        connection.execute(update(release).where(release.c.number == number).values(totals))
    dialect.settle(engine)
    entered, changed, left = (tuple(ids.first) for ids in (writer.entered, writer.changed, writer.left))
    return result, Changes(entered, changed, left, total=writer.total)


def known_ids(connection: Connection) -> IdSet:
    """Ids that any release held."""
    return IdSet(_stream(connection, select(incident.c.id).distinct()).scalars())


def withdrawn_ids(connection: Connection) -> set[str]:
    """Ids that any release withdrew."""
    return set(connection.scalars(select(registry.c.key).where(registry.c.kind == "withdrawn")))


def seed_digests(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Of the open versions of these ids, what they were made from."""
    return dict(_open(connection, incident.c.seed_digest, ids))


def open_versions(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[str, bytes]]:
    """Of the open versions of these ids, the digest and the flat object."""
    found = _open(connection, incident_body.c.flat, ids)
    digests = dict(_open(connection, incident.c.digest, ids))
    return {identifier: (digests[identifier], flat) for identifier, flat in found}


def entry_digests(connection: Connection) -> dict[tuple[str, str], str]:
    """Digests of all open registry entries by kind and key."""
    held = select(registry.c.kind, registry.c.key, registry.c.digest).where(registry.c.to_release == OPEN)
    return {(row.kind, row.key): row.digest for row in connection.execute(held)}


def open_ids(connection: Connection) -> Iterator[str]:
    """Ids of all open versions, in ascending order."""
    query = select(incident.c.id).where(incident.c.to_release == OPEN).order_by(incident.c.id)
    return iter(_stream(connection, query).scalars())


def _open(connection: Connection, column: Column[Any], ids: Sequence[str]) -> Iterator[tuple[str, Any]]:
    for start in range(0, len(ids), _BATCH):
        chosen = incident.c.id.in_(ids[start : start + _BATCH]) & (aside(incident.c.to_release) == OPEN)
        query = select(incident.c.id, column).where(chosen)
        if column.table is incident_body:
            query = query.join_from(incident, incident_body)
        yield from ((identifier, value) for identifier, value in connection.execute(query))


def _stream(connection: Connection, query: Select[Any]) -> Result[Any]:
    return connection.execute(query, execution_options={"yield_per": _STREAMED})


@dataclass(slots=True)
class _Told:
    """How many ids, and the first of them."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, identifier: str) -> None:
        self.count += 1
        if len(self.first) < MOST_TOLD:
            self.first.append(identifier)


class _Writer:
    """One transaction's worth of closing and opening versions."""

    def __init__(self, connection: Connection, dialect: Dialect, *, number: int, published: str) -> None:
        self._connection = connection
        self._dialect = dialect
        self._number = number
        self._stamp = rows.stamp(number, published)
        # Given here, and not asked of the database row by row. Rows are never deleted, so none comes twice.
        self._row_id = connection.scalar(select(func.max(incident.c.row_id))) or 0
        self._is_first = self._row_id == 0
        self._dropped: list[str] = []
        self.entered, self.changed, self.left = _Told(), _Told(), _Told()
        self.total = 0

    def put_incidents(self, versions: Iterable[IncidentVersion], kept: AbstractSet[str]) -> None:
        """Opens what is new, closes what is gone."""
        seen = IdSet()
        waiting: list[IncidentVersion] = []
        for version in versions:
            seen.add(version.id)
            waiting.append(version)
            if len(waiting) == _BATCH:
                self._drop_indexes()
                self._put(waiting)
                waiting = []
        self._put(waiting)
        for index in self._dropped:
            self._connection.exec_driver_sql(index)
        gone = [] if self._is_first else self._gone(seen, kept)
        for identifier in gone:
            self.left.add(identifier)
        self._close(gone)
        self.total = len(seen) + sum(identifier not in seen for identifier in kept)

    def _drop_indexes(self) -> None:
        # Of a first release that is not small: made when all rows are there, an index is sorted once, and not searched
        # for the place of every row. It is the same transaction, so nobody ever misses one.
        if self._is_first and not self._dropped:
            self._dropped = self._dialect.drop_indexes(self._connection)

    def put_entries(self, entries: Iterable[RegistryEntry]) -> bool:
        """The same for everything else; whether anything differs."""
        known = entry_digests(self._connection)
        fresh: list[dict[str, object]] = []
        wanted: set[tuple[str, str]] = set()
        ended: list[tuple[str, str]] = []
        for entry in entries:
            key = (entry.kind, entry.key)
            wanted.add(key)
            if known.get(key) == entry.digest:
                continue
            if key in known:
                ended.append(key)
            bounds: dict[str, object] = {"from_release": self._number, "to_release": OPEN}
            fresh.append(
                {"kind": entry.kind, "key": entry.key, "digest": entry.digest, "document": entry.document} | bounds
            )
        ended += [key for key in known if key not in wanted]
        self._end(ended)
        for start in range(0, len(fresh), _BATCH):
            self._connection.execute(insert(registry), fresh[start : start + _BATCH])
        return bool(fresh or ended)

    def _end(self, keys: Sequence[tuple[str, str]]) -> None:
        if not keys:
            return
        condition = (
            (registry.c.kind == bindparam("of_kind"))
            & (registry.c.key == bindparam("of_key"))
            & (registry.c.to_release == OPEN)
        )
        rows = [{"of_kind": kind, "of_key": key} for kind, key in keys]
        self._connection.execute(update(registry).where(condition).values(to_release=self._number), rows)

    def _put(self, versions: Sequence[IncidentVersion]) -> None:
        if not versions:
            return
        ids = [version.id for version in versions]
        known = {} if self._is_first else dict(_open(self._connection, incident.c.digest, ids))
        fresh = [version for version in versions if known.get(version.id) != version.digest]
        for version in fresh:
            (self.changed if version.id in known else self.entered).add(version.id)
        self._refresh(
            [version for version in versions if version.seed_digest and known.get(version.id) == version.digest]
        )
        if not fresh:
            return
        self._close([version.id for version in fresh if version.id in known])
        first = self._row_id + 1
        self._row_id += len(fresh)
        numbered = list(enumerate(fresh, first))
        opened = (self._number, OPEN)
        values = [(row_id, *opened, *rows.values_of(version)) for row_id, version in numbered]
        columns = ("row_id", "from_release", "to_release", *rows.COLUMNS)
        self._dialect.fill(self._connection, incident, columns, values)
        bodies = [(row_id, *rows.body_of(version, self._stamp)) for row_id, version in numbered]
        self._dialect.fill(self._connection, incident_body, ("row_id", *rows.BODY), bodies)
        rows.fill_beside(self._connection, self._dialect, numbered)
        self._dialect.index(self._connection, [rows.indexed(*one) for one in numbered])

    def _refresh(self, versions: Sequence[IncidentVersion]) -> None:
        # Nothing that anybody reads: only the next publish looks at it.
        if versions:
            condition = (incident.c.id == bindparam("of_id")) & (aside(incident.c.to_release) == OPEN)
            told = [{"of_id": version.id, "told": version.seed_digest} for version in versions]
            statement = update(incident).where(condition).values(seed_digest=bindparam("told"))
            self._connection.execute(statement, told)

    def _gone(self, *present: AbstractSet[str]) -> list[str]:
        return [
            identifier
            for identifier in open_ids(self._connection)
            if not any(identifier in others for others in present)
        ]

    def _close(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            condition = incident.c.id.in_(ids[start : start + _BATCH]) & (aside(incident.c.to_release) == OPEN)
            self._connection.execute(update(incident).where(condition).values(to_release=self._number))


def _state_digest(connection: Connection) -> str:
    entries = connection.execute(
        select(registry.c.kind, registry.c.key, registry.c.digest).where(registry.c.to_release == OPEN)
    )
    beside = sorted((f"{row.kind}/{row.key}", row.digest) for row in entries)
    query = select(incident.c.id, incident.c.digest).where(incident.c.to_release == OPEN).order_by(incident.c.id)
    incidents = ((f"incident/{row.id}", row.digest) for row in _stream(connection, query))
    return digest_of_sorted(heapq.merge(beside, incidents))
