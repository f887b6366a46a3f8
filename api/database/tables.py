"""The tables that every database has; area and text indexes belong to the dialects."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()

# A question may hold any whole number below 2^63, and PostgreSQL refuses one that is wider than the column.
whole = Integer().with_variant(BigInteger(), "postgresql")
real = Float().with_variant(Double(), "postgresql")


def text(length: int | None = None) -> TypeEngine[str]:
    """Text that sorts by codepoint on every database, whatever language PostgreSQL was set up in."""
    kind = Text if length is None else String
    return kind(length).with_variant(kind(length, collation="C"), "postgresql")


release = Table(
    "release",
    metadata,
    Column("number", whole, primary_key=True, autoincrement=False),
    Column("digest", text(64), nullable=False),
    Column("published", text(20), nullable=False),
    Column("incidents", whole, nullable=False),
    Column("entered", whole, nullable=False),
    Column("changed", whole, nullable=False),
    Column("left", whole, nullable=False),
)

# A row is a version: open from from_release until the release to_release replaced it (domain.release.OPEN: not yet).
# Absent values are "", never NULL, so that both databases sort them alike.
incident = Table(
    "incident",
    metadata,
    Column("row_id", whole, primary_key=True),
    Column("id", text(32), nullable=False),
    Column("from_release", whole, ForeignKey("release.number"), nullable=False),
    Column("to_release", whole, nullable=False),
    Column("digest", text(64), nullable=False),
    # Of the seeds that it was made from and the rules that they passed: equal, and nothing need be checked or built.
    Column("seed_digest", text(64), nullable=False),
    Column("country", text(2), nullable=False),
    Column("admin1", text(6), nullable=False),
    Column("category", text(64), nullable=False),
    Column("outcome", text(64), nullable=False),
    Column("precision", text(16), nullable=False),
    Column("verification", text(32), nullable=False),
    Column("date_start", text(10), nullable=False),
    Column("date_end", text(10), nullable=False),
    Column("is_date_certain", Boolean, nullable=False),
    # Joined by `;`, for who reads every version; what is searched for is in incident_code.
    Column("methods", text(), nullable=False, server_default=""),
    Column("purposes", text(), nullable=False, server_default=""),
    Column("lon", real, nullable=False),
    Column("lat", real, nullable=False),
    # The point on the unit sphere: domain.area.unit_vector.
    Column("x", real, nullable=False),
    Column("y", real, nullable=False),
    Column("z", real, nullable=False),
    Column("uncertainty_m", whole, nullable=False),
    # The disk of that radius: half its angle (domain.area.half_angle) and its bounds, unwrapped (disk_bounds).
    Column("reach_sin", real, nullable=False),
    Column("reach_cos", real, nullable=False),
    Column("disk_west", real, nullable=False),
    Column("disk_south", real, nullable=False),
    Column("disk_east", real, nullable=False),
    Column("disk_north", real, nullable=False),
    # An order's index knows the point: a box that holds much is tested while the order is read, row by row.
    Index("incident_by_id", "id", "from_release", "lon", "lat"),
    Index("incident_by_date_start", "date_start", "id", "lon", "lat", "date_end"),
    Index("incident_by_date_end", "date_end", "id", "lon", "lat", "date_start"),
    Index("incident_in_order_of_country", "country", "id", "lon", "lat"),
    Index("incident_in_order_of_admin1", "admin1", "id", "lon", "lat"),
    Index("incident_in_order_of_category", "category", "id", "lon", "lat"),
    Index("incident_by_uncertainty", "uncertainty_m", "id", "lon", "lat"),
    Index("incident_by_release", "from_release", "id", "lon", "lat"),
    # What is asked for by a code comes latest first, mostly.
    Index("incident_by_country", "country", "date_start", "id", "date_end"),
    Index("incident_by_admin1", "admin1", "date_start", "id", "date_end"),
    Index("incident_by_category", "category", "date_start", "id", "date_end"),
    Index("incident_by_outcome", "outcome", "date_start", "id", "date_end"),
    Index("incident_by_precision", "precision", "date_start", "id", "date_end"),
    Index("incident_by_verification", "verification", "date_start", "id", "date_end"),
    Index("incident_by_end", "to_release", "id"),
    sqlite_autoincrement=True,
)

# What a version is served as, in a table of its own: rows that are tested and sorted stay small.
incident_body = Table(
    "incident_body",
    metadata,
    Column("row_id", whole, ForeignKey("incident.row_id"), primary_key=True, autoincrement=False),
    Column("flat", LargeBinary, nullable=False),
    Column("document", LargeBinary, nullable=False),
)

# Codes of which a version may have several: list is `method` or `purpose`; or `duplicate`, whose codes are ids.
incident_code = Table(
    "incident_code",
    metadata,
    Column("list", text(16), primary_key=True),
    Column("code", text(64), primary_key=True),
    Column("row_id", whole, ForeignKey("incident.row_id"), primary_key=True),
    sqlite_with_rowid=False,
)

# The claims of a version that has any, in one row, for who adds them up: a row a claim takes four times as long to
# read. `kinds` is measure|currency|marks (domain.figures) a claim, joined by `;`; `numbers` its low, best and high as
# doubles, little-endian, NaN for none.
incident_figure = Table(
    "incident_figure",
    metadata,
    Column("row_id", whole, ForeignKey("incident.row_id"), primary_key=True, autoincrement=False),
    Column("kinds", text(), nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)

# Everything else that is published, versioned alike: kind is `source`, `codelist`, `place`, `context`, …
registry = Table(
    "registry",
    metadata,
    Column("kind", text(16), primary_key=True),
    Column("key", text(), primary_key=True),
    Column("from_release", whole, ForeignKey("release.number"), primary_key=True),
    Column("to_release", whole, nullable=False),
    Column("digest", text(64), nullable=False),
    Column("document", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What was redacted, in the order of its happening: the greatest number is the generation of every answer. Redacting
# makes no release: `release` was the latest then, so that whoever has it or an earlier one may have what was redacted.
redaction = Table(
    "redaction",
    metadata,
    Column("generation", whole, primary_key=True, autoincrement=False),
    Column("id", text(32), nullable=False),
    Column("reason", text(16), nullable=False),
    Column("date", text(10), nullable=False),
    Column("release", whole, nullable=False, server_default="0"),
    # Whether the database's files were cleared of what was deleted.
    Column("is_erased", Boolean, nullable=False, server_default=false()),
)

# One row: the layout (domain.columns) in which everything beside the documents is stored.
layout = Table("layout", metadata, Column("name", text(16), primary_key=True))
