"""Redaction: every stored version of a record becomes its tombstone, and nothing that only it told can be reached."""

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from api.database import rows
from api.database.dialects.protocol import Dialect
from api.database.engine import looking_into
from api.database.failures import explained
from api.database.reads.releases import generation, latest_number
from api.database.rows import IncidentVersion
from api.database.tables import incident, incident_body, redaction, registry, release
from api.domain.release import digest_of

_BATCH = 500

Place = tuple[str, str]
"""A reported place by its country and text."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What takes the place of every stored version of an id; `date` is the ISO day of the redaction."""

    version: IncidentVersion
    reason: str
    date: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of an id: its documents, oldest first, and every release that held it."""

    documents: tuple[dict[str, Any], ...]
    releases: tuple[int, ...]


@dataclass(slots=True)
class _Cited:
    """Sources by id, and places by country, text and the gazetteer's id of their point."""

    sources: set[str] = field(default_factory=set)
    places: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, document: dict[str, Any]) -> None:
        self.sources |= {source["id"] for source in document["sources"]}
        for place in (document["place"], *document["other_places"]):
            self.places.add((place["country"], place["text"], place["gazetteer_id"]))


def held(database_url: str, incident_id: str) -> Held:
    """What is stored of an id; nothing of one that was never published. Raises UnusableDatabase."""
    query = select(incident.c.from_release, incident.c.to_release, incident_body.c.document).join_from(
        incident, incident_body
    )
    with looking_into(database_url) as connection:
        if connection is None:
            return Held((), ())
        found = connection.execute(query.where(incident.c.id == incident_id).order_by(incident.c.from_release)).all()
        numbers = connection.scalars(select(release.c.number).order_by(release.c.number)).all()
    spans = [(row.from_release, row.to_release) for row in found]
    return Held(tuple(orjson.loads(row.document) for row in found), tuple(_within(numbers, spans)))


def redacted_ids(connection: Connection) -> set[str]:
    """Ids that were ever redacted here."""
    return set(connection.scalars(select(redaction.c.id)))


def unlisted(database_url: str, sources: AbstractSet[str], places: AbstractSet[Place]) -> tuple[set[str], set[Place]]:
    """Those of the sources and places that no release holds. Raises UnusableDatabase."""
    listed = registry.c.kind == "source", registry.c.key.in_(sources)
    with looking_into(database_url) as connection:
        if connection is None:
            return set(sources), set(places)
        known = set(connection.scalars(select(registry.c.key).where(*listed)))
        keys = connection.scalars(select(registry.c.key).where(registry.c.kind == "place"))
        return set(sources) - known, set(places) - {_place_of(key) for key in keys}


def apply(engine: Engine, dialect: Dialect, tombstones: Sequence[Tombstone]) -> tuple[str, ...]:
    """Redacts in one transaction what is not redacted yet; its ids. Each raises the generation by one.

    Digests of versions and releases are told anew, so that a digest is always that of what is served. Sources and
    places that nothing else names leave every release. Call `erase` afterwards: what was deleted may still be lying in
    the files. Raises DatabaseUnavailable, UnusableDatabase.
    """
    with explained(engine), engine.begin() as connection:
        due = [tombstone for tombstone in tombstones if _is_due(connection, tombstone)]
        if not due:
            return ()
        number, latest = generation(connection), latest_number(connection)
        spans: list[tuple[int, int]] = []
        cited = _Cited()
        buried: list[bool] = []
        for tombstone in due:
            rewritten = _bury(connection, dialect, tombstone, cited)
            spans += rewritten
            buried.append(bool(rewritten))
        spans += _remove_entries(connection, cited, [tombstone.version.id for tombstone in due])
        _tell_digests_anew(connection, spans)
        done = [
            {
                "generation": number + place,
                "id": one.version.id,
                "reason": one.reason,
                "date": one.date,
                "release": latest,
                "is_erased": not had_versions,
            }
            for place, (one, had_versions) in enumerate(zip(due, buried, strict=True), 1)
        ]
        connection.execute(insert(redaction), done)
    return tuple(tombstone.version.id for tombstone in due)


def erase(
    engine: Engine, dialect: Dialect, *, patience_s: float, told: Callable[[str], None], is_forced: bool = False
) -> str:
    """Clears the database's files of what redactions deleted, if they are not clear; what remains, "" when nothing.

    Waits for readers up to `patience_s`, and tells so. Raises DatabaseUnavailable, UnusableDatabase.
    """
    with explained(engine):
        with engine.begin() as connection:
            unfinished = select(redaction.c.generation).where(~redaction.c.is_erased).limit(1)
            if not is_forced and connection.scalar(unfinished) is None:
                return ""
        if remains := dialect.erase(engine, patience_s=patience_s, told=told):
            return remains
        with engine.begin() as connection:
            connection.execute(update(redaction).values(is_erased=True))
    dialect.settle(engine)
    return ""


def _is_due(connection: Connection, tombstone: Tombstone) -> bool:
    version = tombstone.version
    known = connection.scalar(select(redaction.c.generation).where(redaction.c.id == version.id).limit(1))
    other = select(incident.c.row_id).where(incident.c.id == version.id, incident.c.digest != version.digest)
    return known is None or connection.scalar(other.limit(1)) is not None


def _bury(connection: Connection, dialect: Dialect, tombstone: Tombstone, cited: _Cited) -> list[tuple[int, int]]:
    """Rewrites every version of the id, notes what they cited, and gives the releases that each was in."""
    query = (
        select(incident.c.row_id, incident.c.from_release, incident.c.to_release, incident_body.c.document)
        .add_columns(release.c.published)
        .join_from(incident, release, incident.c.from_release == release.c.number)
        .join(incident_body, incident_body.c.row_id == incident.c.row_id)
        .where(incident.c.id == tombstone.version.id)
    )
    found = connection.execute(query).all()
    for row in found:
        cited.add(orjson.loads(row.document))
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        stored = [rows.Stored(row.row_id, row.from_release, row.published, tombstone.version) for row in batch]
        rows.rewrite(connection, dialect, stored)
    return [(row.from_release, row.to_release) for row in found]


def _remove_entries(connection: Connection, cited: _Cited, ids: Sequence[str]) -> list[tuple[int, int]]:
    """Takes the sources and places that nothing else names out of every release; the releases that held them."""
    used = _used_by_others(connection, cited, ids)
    named = {(country, text) for country, text, _ in cited.places}
    of_kind = select(registry).where(registry.c.kind == "source", registry.c.key.in_(cited.sources - used.sources))
    gone = list(connection.execute(of_kind))
    for row in connection.execute(select(registry).where(registry.c.kind == "place")):
        if _place_of(row.key) in named:
            place = orjson.loads(row.document)
            if (place["country"], place["text"], place["gazetteer_id"]) not in used.places:
                gone.append(row)
    for row in gone:
        key = and_(registry.c.kind == row.kind, registry.c.key == row.key, registry.c.from_release == row.from_release)
        connection.execute(delete(registry).where(key))
    return [(row.from_release, row.to_release) for row in gone]


def _used_by_others(connection: Connection, cited: _Cited, ids: Sequence[str]) -> _Cited:
    used = _Cited()
    words = [*cited.sources, *(text for _, text, _ in cited.places)]
    if not words:
        return used
    # Most documents name none of them, and need not be parsed to know.
    mentions = re.compile(b"|".join(re.escape(orjson.dumps(word)) for word in words))
    last = 0
    while True:
        query = select(incident.c.row_id, incident.c.id, incident_body.c.document).join_from(incident, incident_body)
        query = query.where(incident.c.row_id > last)
        batch = connection.execute(query.order_by(incident.c.row_id).limit(_BATCH)).all()
        if not batch:
            break
        last = batch[-1].row_id
        for row in batch:
            if row.id not in ids and mentions.search(row.document):
                used.add(orjson.loads(row.document))
    for document in connection.scalars(select(registry.c.document).where(registry.c.kind == "context")):
        used.sources |= set(orjson.loads(document)["sources"])
    return used


def _tell_digests_anew(connection: Connection, spans: Sequence[tuple[int, int]]) -> None:
    numbers = connection.scalars(select(release.c.number)).all()
    for number in _within(numbers, spans):
        pairs: list[tuple[str, str]] = []
        for table, columns in (
            (incident, (incident.c.id,)),
            (registry, (registry.c.kind, registry.c.key)),
        ):
            is_held = and_(table.c.from_release <= number, table.c.to_release > number)
            for *key, digest in connection.execute(select(*columns, table.c.digest).where(is_held)):
                pairs.append(("/".join(key if table is registry else ["incident", *key]), digest))
        connection.execute(update(release).where(release.c.number == number).values(digest=digest_of(pairs)))


def _within(numbers: Iterable[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    return [number for number in numbers if any(first <= number < end for first, end in spans)]


def _place_of(key: str) -> Place:
    country, _, rest = key.partition("/")
    return country, rest.partition("/")[2]
