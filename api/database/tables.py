"""The tables that every database has; area and text indexes belong to the dialects."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

release = Table(
    "release",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("published", String(20), nullable=False),
    Column("incidents", Integer, nullable=False),
    Column("entered", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("left", Integer, nullable=False),
)

# A row is a version: open from from_release until the release to_release replaced it (domain.release.OPEN: not yet).
# Absent values are "", never NULL, so that both databases sort them alike.
incident = Table(
    "incident",
    metadata,
    Column("row_id", Integer, primary_key=True),
    Column("id", String(32), nullable=False),
    Column("from_release", Integer, ForeignKey("release.number"), nullable=False),
    Column("to_release", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    # Of the seeds that it was made from and the rules that they passed: equal, and nothing need be checked or built.
    Column("seed_digest", String(64), nullable=False),
    Column("country", String(2), nullable=False),
    Column("admin1", String(6), nullable=False),
    Column("category", String(64), nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("precision", String(16), nullable=False),
    Column("verification", String(32), nullable=False),
    Column("date_start", String(10), nullable=False),
    Column("date_end", String(10), nullable=False),
    Column("is_date_certain", Boolean, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    # The point on the unit sphere: domain.area.unit_vector.
    Column("x", Float, nullable=False),
    Column("y", Float, nullable=False),
    Column("z", Float, nullable=False),
    Column("uncertainty_m", Integer, nullable=False),
    # The disk of that radius: half its angle (domain.area.half_angle) and its bounds, unwrapped (disk_bounds).
    Column("reach_sin", Float, nullable=False),
    Column("reach_cos", Float, nullable=False),
    Column("disk_west", Float, nullable=False),
    Column("disk_south", Float, nullable=False),
    Column("disk_east", Float, nullable=False),
    Column("disk_north", Float, nullable=False),
    Column("flat", LargeBinary, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Index("incident_by_id", "id", "from_release"),
    Index("incident_by_date_start", "date_start", "id"),
    Index("incident_by_date_end", "date_end", "id"),
    Index("incident_by_country", "country", "date_start", "id"),
    Index("incident_by_admin1", "admin1", "date_start", "id"),
    Index("incident_by_category", "category", "date_start", "id"),
    Index("incident_by_uncertainty", "uncertainty_m", "id"),
    Index("incident_by_release", "from_release", "id"),
    Index("incident_by_end", "to_release", "id"),
    sqlite_autoincrement=True,
)

# Codes of which a version may have several: list is `method` or `purpose`.
incident_code = Table(
    "incident_code",
    metadata,
    Column("list", String(16), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("row_id", Integer, ForeignKey("incident.row_id"), primary_key=True),
    sqlite_with_rowid=False,
)

# Everything else that is published, versioned alike: kind is `source`, `codelist`, `place`, `context`, …
registry = Table(
    "registry",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("from_release", Integer, ForeignKey("release.number"), primary_key=True),
    Column("to_release", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("document", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What was redacted, in the order of its happening: the greatest number is the generation of every answer.
redaction = Table(
    "redaction",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("id", String(32), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("date", String(10), nullable=False),
)
