"""What a version's row holds, and the rows beside it, as they all follow from the version."""

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from sqlalchemy import Connection, bindparam, delete, update

from api.database.dialects.protocol import Dialect, Indexed
from api.database.tables import incident, incident_body, incident_code, incident_figure
from api.domain.area import Bbox, Circle, disk_bounds, half_angle, unit_vector
from api.domain.figures import Claim

_COPIED = (
    "id", "digest", "seed_digest", "country", "admin1", "category", "outcome", "precision", "verification",
    "date_start", "date_end", "is_date_certain", "lon", "lat", "uncertainty_m",
)  # fmt: skip
COLUMNS = (
    *_COPIED, "methods", "purposes", "x", "y", "z", "reach_sin", "reach_cos", "disk_west", "disk_south", "disk_east",
    "disk_north",
)  # fmt: skip
"""Columns of `incident` that follow from a version: all but its key and its releases."""
BODY = ("flat", "document")
CODE = ("list", "code", "row_id")
FIGURE = ("row_id", "kinds", "numbers")
"""Columns of `incident_body` but for its key, of `incident_code`, and of `incident_figure`."""

_copied_of = attrgetter(*_COPIED)


@dataclass(frozen=True, slots=True)
class IncidentVersion:
    """An incident ready to be stored.

    `flat` and `document` are JSON objects; `updated` and `updated_release` are added when the release is known.
    `digest` is the sha256 of the document without them, `seed_digest` that of what it was made from, empty when
    nobody asked. `words` is folded text for searching, `duplicates` are ids of records that may describe the same.
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
    duplicates: tuple[str, ...] = ()
    figures: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """A version and the row that is to hold it; `published` is the time of release `number`, which opened it."""

    row_id: int
    number: int
    published: str
    version: IncidentVersion


def values_of(version: IncidentVersion) -> tuple[object, ...]:
    """The values of COLUMNS."""
    lists = ";".join(version.methods), ";".join(version.purposes)
    return *_copied_of(version), *lists, *_follows(version.lon, version.lat, version.uncertainty_m)


def stamp(number: int, published: str) -> bytes:
    """How a stored object ends that release `number` opened."""
    return f',"updated":"{published}","updated_release":{number}}}'.encode()


def body_of(version: IncidentVersion, ending: bytes) -> tuple[bytes, bytes]:
    """The values of BODY, with their `stamp`."""
    return version.flat[:-1] + ending, version.document[:-1] + ending


def codes_of(row_id: int, version: IncidentVersion) -> Iterator[tuple[str, str, int]]:
    """Rows of CODE."""
    lists = (("method", version.methods), ("purpose", version.purposes), ("duplicate", version.duplicates))
    for name, found in lists:
        for code in found:
            yield name, code, row_id


def figures_of(row_id: int, version: IncidentVersion) -> Iterator[tuple[object, ...]]:
    """The row of FIGURE, if there is any."""
    if version.figures:
        kinds = ";".join(f"{claim.measure}|{claim.currency}|{claim.marks}" for claim in version.figures)
        numbers = [
            math.nan if number is None else number
            for claim in version.figures
            for number in (claim.low, claim.best, claim.high)
        ]
        yield row_id, kinds, struct.pack(f"<{len(numbers)}d", *numbers)


def indexed(row_id: int, version: IncidentVersion) -> Indexed:
    """What the dialects' indexes hold of it."""
    disk = _disk(version.lon, version.lat, version.uncertainty_m)
    return Indexed(row_id, version.lon, version.lat, disk, version.words)


@lru_cache(maxsize=16_384)  # many incidents happen in the same places
def _disk(lon: float, lat: float, radius_m: float) -> Bbox:
    return disk_bounds(Circle(lon, lat, radius_m))


@lru_cache(maxsize=16_384)
def _follows(lon: float, lat: float, uncertainty_m: int) -> tuple[float, ...]:
    disk = _disk(lon, lat, uncertainty_m)
    return (*unit_vector(lon, lat), *half_angle(uncertainty_m), disk.west, disk.south, disk.east, disk.north)


def fill_beside(connection: Connection, dialect: Dialect, numbered: Sequence[tuple[int, IncidentVersion]]) -> None:
    """Puts the codes and figures of versions, by the key of their row, into their tables."""
    codes = [code for one in numbered for code in codes_of(*one)]
    figures = [figure for one in numbered for figure in figures_of(*one)]
    if codes:
        dialect.fill(connection, incident_code, CODE, codes)
    if figures:
        dialect.fill(connection, incident_figure, FIGURE, figures)


def rewrite(connection: Connection, dialect: Dialect, rows: Sequence[Stored], *, kept: Iterable[str] = ()) -> None:
    """Puts versions in the place of what rows hold, in every table and index; columns in `kept` stay as they are."""
    kept = set(kept)
    row_ids = [row.row_id for row in rows]
    parts = (
        (incident, COLUMNS, [values_of(row.version) for row in rows]),
        (incident_body, BODY, [body_of(row.version, stamp(row.number, row.published)) for row in rows]),
    )
    for table, names, values in parts:
        changed = [
            {name: value for name, value in zip(names, one, strict=True) if name not in kept} | {"of_row": row_id}
            for row_id, one in zip(row_ids, values, strict=True)
        ]
        connection.execute(update(table).where(table.c.row_id == bindparam("of_row")), changed)
    for table in (incident_code, incident_figure):
        connection.execute(delete(table).where(table.c.row_id.in_(row_ids)))
    fill_beside(connection, dialect, [(row.row_id, row.version) for row in rows])
    dialect.forget(connection, row_ids)
    dialect.index(connection, [indexed(row.row_id, row.version) for row in rows])
