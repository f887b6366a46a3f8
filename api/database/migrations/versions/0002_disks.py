"""Uncertainty disks, doubtful dates, digests of documents alone, and what was redacted."""

import hashlib
import json
import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from api.database.tables import real, text, whole
from api.domain.area import Circle, disk_bounds, half_angle
from api.domain.release import digest_of

revision = "0002"
down_revision = "0001"

_STAMP = re.compile(rb',"updated":"[^"]*","updated_release":\d+\}$')
_DISK = ("reach_sin", "reach_cos", "disk_west", "disk_south", "disk_east", "disk_north")
_BATCH = 1000


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    # Defaults for the rows that are there; every row that comes names its own values.
    columns: list[sa.Column[Any]] = [
        sa.Column("seed_digest", text(64), nullable=False, server_default=""),
        sa.Column("is_date_certain", sa.Boolean(), nullable=False, server_default=sa.true()),
    ]
    columns += [sa.Column(name, real, nullable=False, server_default="0") for name in _DISK]
    for column in columns:
        op.add_column("incident", column)
    op.create_index("incident_by_end", "incident", ["to_release", "id"])
    op.create_table(
        "redaction",
        sa.Column("generation", whole, autoincrement=False, primary_key=True),
        sa.Column("id", text(32), nullable=False),
        sa.Column("reason", text(16), nullable=False),
        sa.Column("date", text(10), nullable=False),
    )
    if is_sqlite:
        op.execute("CREATE VIRTUAL TABLE incident_disk USING rtree(row_id, west, east, south, north)")
    else:
        op.execute(
            "ALTER TABLE incident ADD COLUMN disk geometry(Polygon, 4326) NOT NULL GENERATED ALWAYS AS "
            "(ST_MakeEnvelope(disk_west, disk_south, disk_east, disk_north, 4326)) STORED"
        )
        op.execute("CREATE INDEX incident_by_disk ON incident USING gist (disk)")
    _fill(is_sqlite=is_sqlite)
    _tell_digests_anew()


def _fill(*, is_sqlite: bool) -> None:
    connection = op.get_bind()
    incident = sa.table("incident", *map(sa.column, ("row_id", "lon", "lat", "uncertainty_m", "document", "digest",
                                                     "is_date_certain", *_DISK)))  # fmt: skip
    disk = sa.table("incident_disk", *map(sa.column, ("row_id", "west", "east", "south", "north")))
    last = 0
    while True:
        query = sa.select(incident).where(incident.c.row_id > last).order_by(incident.c.row_id).limit(_BATCH)
        rows = connection.execute(query).all()
        if not rows:
            return
        last = rows[-1].row_id
        for row in rows:
            box = disk_bounds(Circle(row.lon, row.lat, row.uncertainty_m))
            meant = _STAMP.sub(b"}", bytes(row.document))
            disk_values = (*half_angle(row.uncertainty_m), box.west, box.south, box.east, box.north)
            values: dict[str, object] = dict(zip(_DISK, disk_values, strict=True))
            values |= {
                "digest": hashlib.sha256(meant).hexdigest(),
                "is_date_certain": not set("?~%") & set(json.loads(meant)["date"]["edtf"]),
            }
            connection.execute(sa.update(incident).where(incident.c.row_id == row.row_id).values(values))
            if is_sqlite:
                bounds = {"west": box.west, "east": box.east, "south": box.south, "north": box.north}
                connection.execute(sa.insert(disk).values(row_id=row.row_id, **bounds))


def _tell_digests_anew() -> None:
    connection = op.get_bind()
    release = sa.table("release", sa.column("number"), sa.column("digest"))
    incident, registry = (
        sa.table(name, *map(sa.column, ("id", "kind", "key", "digest", "from_release", "to_release")))
        for name in ("incident", "registry")
    )
    for number in connection.scalars(sa.select(release.c.number)).all():
        held = [sa.and_(table.c.from_release <= number, table.c.to_release > number) for table in (incident, registry)]
        pairs = [
            (f"incident/{row.id}", row.digest)
            for row in connection.execute(sa.select(incident.c.id, incident.c.digest).where(held[0]))
        ]
        pairs += [
            (f"{row.kind}/{row.key}", row.digest)
            for row in connection.execute(sa.select(registry.c.kind, registry.c.key, registry.c.digest).where(held[1]))
        ]
        connection.execute(sa.update(release).where(release.c.number == number).values(digest=digest_of(pairs)))
