"""Appending a release: what is new opens a version, what is gone closes one, in a single transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update

from api.database.dialects.protocol import Dialect, Indexed
from api.database.failures import explained
from api.database.reads.releases import latest_number
from api.database.tables import incident, incident_code, registry, release
from api.domain.area import Bbox, Circle, disk_bounds, half_angle, unit_vector
from api.domain.errors import DatabaseUnavailable
from api.domain.release import OPEN, Release, digest_of, utc_text

_BATCH = 500


@dataclass(frozen=True, slots=True)
class IncidentVersion:
    """An incident ready to be stored.

    `flat` and `document` are JSON objects; `updated` and `updated_release` are added when the release is known.
    `digest` is the sha256 of the document without them, `seed_digest` that of what it was made from, empty when
    nobody asked. `words` is folded text for searching.
    """

    id: str
    digest: str
    seed_digest: str
    country: str
    admin1: str
    category: str
    outcome: str
    precision: str
    verification: str
    date_start: str
    date_end: str
    is_date_certain: bool
    lon: float
    lat: float
    uncertainty_m: int
    methods: tuple[str, ...]
    purposes: tuple[str, ...]
    words: str
    flat: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    """Anything else that is published: a source, a code, a place, …, by `kind` and `key`."""

    kind: str
    key: str
    digest: str
    document: bytes


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids that entered, changed or left with a release, and how many incidents it holds."""

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
) -> tuple[Release, Changes] | None:
    """Publishes a state of the record as the next release; None, and nothing written, when it is the state already.

    The state is complete: what is open in the database and missing from `versions` or `entries` is closed.
    `after` is the release that the state was checked against, if it was. Raises DatabaseUnavailable while somebody
    else writes or has published meanwhile, UnusableDatabase when it cannot be written.
    """
    with explained(engine), engine.begin() as connection:
        number, published = latest_number(connection) + 1, utc_text(now)
        if after is not None and number != after + 1:
            raise DatabaseUnavailable("Another release was published in the meantime: publish again.")
        writer = _Writer(connection, dialect, number=number, published=published)
        # The release row comes first, because versions refer to it; its totals are filled in at the end.
        row = {"number": number, "digest": "", "published": published, "incidents": 0}
        connection.execute(insert(release), row | {"entered": 0, "changed": 0, "left": 0})
        changes = writer.put_incidents(versions)
        has_new_entries = writer.put_entries(entries)
        if not (has_new_entries or changes.entered or changes.changed or changes.left):
            connection.rollback()
            return None
        result = Release(
            number=number,
            digest=_state_digest(connection),
            published=published,
            incidents=changes.total,
            entered=len(changes.entered),
            changed=len(changes.changed),
            left=len(changes.left),
        )
        totals = {name: getattr(result, name) for name in ("digest", "incidents", "entered", "changed", "left")}
        connection.execute(update(release).where(release.c.number == number).values(totals))
    dialect.settle(engine)
    return result, changes


def known_ids(connection: Connection) -> set[str]:
    """Ids that any release held."""
    return set(connection.scalars(select(incident.c.id).distinct()))


def withdrawn_ids(connection: Connection) -> set[str]:
    """Ids that any release withdrew."""
    return set(connection.scalars(select(registry.c.key).where(registry.c.kind == "withdrawn")))


class _Writer:
    """One transaction's worth of closing and opening versions."""

    def __init__(self, connection: Connection, dialect: Dialect, *, number: int, published: str) -> None:
        self._connection = connection
        self._dialect = dialect
        self._number = number
        self._stamp = f',"updated":"{published}","updated_release":{number}}}'.encode()
        rows = connection.execute(select(incident.c.id, incident.c.digest).where(incident.c.to_release == OPEN))
        self._open_digests = {row.id: row.digest for row in rows}

    def put_incidents(self, versions: Iterable[IncidentVersion]) -> Changes:
        seen: set[str] = set()
        entered: list[str] = []
        changed: list[str] = []
        waiting: list[IncidentVersion] = []
        for version in versions:
            seen.add(version.id)
            known = self._open_digests.get(version.id)
            if known == version.digest:
                continue
            (entered if known is None else changed).append(version.id)
            waiting.append(version)
            if len(waiting) == _BATCH:
                self._open(waiting)
                waiting = []
        self._open(waiting)
        left = sorted(self._open_digests.keys() - seen)
        self._close(left)
        return Changes(tuple(entered), tuple(changed), tuple(left), len(seen))

    def put_entries(self, entries: Iterable[RegistryEntry]) -> bool:
        held = select(registry.c.kind, registry.c.key, registry.c.digest).where(registry.c.to_release == OPEN)
        known = {(row.kind, row.key): row.digest for row in self._connection.execute(held)}
        wanted = {(entry.kind, entry.key): entry for entry in entries}
        fresh = [entry for key, entry in wanted.items() if known.get(key) != entry.digest]
        ended = [key for key, digest in known.items() if key not in wanted or wanted[key].digest != digest]
        for kind, key in ended:
            condition = (registry.c.kind == kind) & (registry.c.key == key) & (registry.c.to_release == OPEN)
            self._connection.execute(update(registry).where(condition).values(to_release=self._number))
        if fresh:
            bounds = {"from_release": self._number, "to_release": OPEN}
            rows = [{"kind": e.kind, "key": e.key, "digest": e.digest, "document": e.document} | bounds for e in fresh]
            self._connection.execute(insert(registry), rows)
        return bool(fresh or ended)

    def _open(self, versions: list[IncidentVersion]) -> None:
        if not versions:
            return
        self._close([version.id for version in versions])
        rows = [self._row(version) for version in versions]
        added = self._connection.execute(
            insert(incident).returning(incident.c.row_id, sort_by_parameter_order=True), rows
        )
        row_ids = list(added.scalars())
        codes = [
            {"list": name, "code": code, "row_id": row_id}
            for row_id, version in zip(row_ids, versions, strict=True)
            for name, found in (("method", version.methods), ("purpose", version.purposes))
            for code in found
        ]
        if codes:
            self._connection.execute(insert(incident_code), codes)
        indexed = [
            Indexed(row_id, v.lon, v.lat, _disk(v), v.words) for row_id, v in zip(row_ids, versions, strict=True)
        ]
        self._dialect.index(self._connection, indexed)

    def _close(self, ids: list[str]) -> None:
        for start in range(0, len(ids), _BATCH):
            condition = incident.c.id.in_(ids[start : start + _BATCH]) & (incident.c.to_release == OPEN)
            self._connection.execute(update(incident).where(condition).values(to_release=self._number))

    def _row(self, version: IncidentVersion) -> dict[str, object]:
        x, y, z = unit_vector(version.lon, version.lat)
        reach_sin, reach_cos = half_angle(version.uncertainty_m)
        disk = _disk(version)
        kept = (
            "id", "digest", "seed_digest", "country", "admin1", "category", "outcome", "precision", "verification",
            "date_start", "date_end", "is_date_certain", "lon", "lat", "uncertainty_m",
        )  # fmt: skip
        return {name: getattr(version, name) for name in kept} | {
            "from_release": self._number,
            "to_release": OPEN,
            "x": x,
            "y": y,
            "z": z,
            "reach_sin": reach_sin,
            "reach_cos": reach_cos,
            "disk_west": disk.west,
            "disk_south": disk.south,
            "disk_east": disk.east,
            "disk_north": disk.north,
            "flat": version.flat.removesuffix(b"}") + self._stamp,
            "document": version.document.removesuffix(b"}") + self._stamp,
        }


def _disk(version: IncidentVersion) -> Bbox:
    return disk_bounds(Circle(version.lon, version.lat, version.uncertainty_m))


def _state_digest(connection: Connection) -> str:
    incidents = connection.execute(select(incident.c.id, incident.c.digest).where(incident.c.to_release == OPEN))
    entries = connection.execute(
        select(registry.c.kind, registry.c.key, registry.c.digest).where(registry.c.to_release == OPEN)
    )
    return digest_of(
        [(f"incident/{row.id}", row.digest) for row in incidents]
        + [(f"{row.kind}/{row.key}", row.digest) for row in entries]
    )
