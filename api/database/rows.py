"""What a version's row holds, and the rows beside it, as they all follow from the version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, bindparam, delete, insert, update

from api.database.append import IncidentVersion
from api.database.dialects.protocol import Dialect, Indexed
from api.database.tables import incident, incident_body, incident_code
from api.domain.area import Bbox, Circle, disk_bounds, half_angle, unit_vector

_KEPT = (
    "id", "digest", "seed_digest", "country", "admin1", "category", "outcome", "precision", "verification",
    "date_start", "date_end", "is_date_certain", "lon", "lat", "uncertainty_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A version and the row that is to hold it; `published` is the time of release `number`, which opened it."""

    row_id: int
    number: int
    published: str
    version: IncidentVersion


def values_of(version: IncidentVersion) -> dict[str, object]:
    """The columns of a row, but for its key and its releases."""
    x, y, z = unit_vector(version.lon, version.lat)
    reach_sin, reach_cos = half_angle(version.uncertainty_m)
    disk = disk_of(version)
    return {name: getattr(version, name) for name in _KEPT} | {
        "x": x,
        "y": y,
        "z": z,
        "reach_sin": reach_sin,
        "reach_cos": reach_cos,
        "disk_west": disk.west,
        "disk_south": disk.south,
        "disk_east": disk.east,
        "disk_north": disk.north,
    }


def body_of(version: IncidentVersion, *, number: int, published: str) -> dict[str, bytes]:
    """What is served of a version that release `number` opened."""
    stamp = f',"updated":"{published}","updated_release":{number}}}'.encode()
    return {name: getattr(version, name).removesuffix(b"}") + stamp for name in ("flat", "document")}


def disk_of(version: IncidentVersion) -> Bbox:
    """The bounds of the uncertainty disk."""
    return disk_bounds(Circle(version.lon, version.lat, version.uncertainty_m))


def codes_of(row_id: int, version: IncidentVersion) -> Iterator[dict[str, object]]:
    """Rows of `incident_code`."""
    for name, found in (("method", version.methods), ("purpose", version.purposes)):
        for code in found:
            yield {"list": name, "code": code, "row_id": row_id}


def indexed(row_id: int, version: IncidentVersion) -> Indexed:
    """What the dialects' indexes hold of it."""
    return Indexed(row_id, version.lon, version.lat, disk_of(version), version.words)


def rewrite(connection: Connection, dialect: Dialect, rows: Sequence[Stored], *, kept: Iterable[str] = ()) -> None:
    """Puts versions in the place of what rows hold, in every table and index; columns in `kept` stay as they are."""
    kept = set(kept)
    row_ids = [row.row_id for row in rows]
    parts: tuple[tuple[Table, Sequence[Mapping[str, object]]], ...] = (
        (incident, [values_of(row.version) for row in rows]),
        (incident_body, [body_of(row.version, number=row.number, published=row.published) for row in rows]),
    )
    for table, values in parts:
        changed = [
            {name: value for name, value in one.items() if name not in kept} | {"of_row": row_id}
            for row_id, one in zip(row_ids, values, strict=True)
        ]
        connection.execute(update(table).where(table.c.row_id == bindparam("of_row")), changed)
    connection.execute(delete(incident_code).where(incident_code.c.row_id.in_(row_ids)))
    codes = [code for row in rows for code in codes_of(row.row_id, row.version)]
    if codes:
        connection.execute(insert(incident_code), codes)
    dialect.forget(connection, row_ids)
    dialect.index(connection, [indexed(row.row_id, row.version) for row in rows])
