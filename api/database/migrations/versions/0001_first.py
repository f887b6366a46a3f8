"""Releases, versions of incidents, and everything beside them."""

import sqlalchemy as sa
from alembic import op

from api.database.tables import real, text, whole

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("number", whole, autoincrement=False, primary_key=True),
        sa.Column("digest", text(64), nullable=False),
        sa.Column("published", text(20), nullable=False),
        sa.Column("incidents", whole, nullable=False),
        sa.Column("entered", whole, nullable=False),
        sa.Column("changed", whole, nullable=False),
        sa.Column("left", whole, nullable=False),
    )
    op.create_table(
        "incident",
        sa.Column("row_id", whole, primary_key=True),
        sa.Column("id", text(32), nullable=False),
        sa.Column("from_release", whole, sa.ForeignKey("release.number"), nullable=False),
        sa.Column("to_release", whole, nullable=False),
        sa.Column("digest", text(64), nullable=False),
        sa.Column("country", text(2), nullable=False),
        sa.Column("admin1", text(6), nullable=False),
        sa.Column("category", text(64), nullable=False),
        sa.Column("outcome", text(64), nullable=False),
        sa.Column("precision", text(16), nullable=False),
        sa.Column("verification", text(32), nullable=False),
        sa.Column("date_start", text(10), nullable=False),
        sa.Column("date_end", text(10), nullable=False),
        sa.Column("lon", real, nullable=False),
        sa.Column("lat", real, nullable=False),
        sa.Column("x", real, nullable=False),
        sa.Column("y", real, nullable=False),
        sa.Column("z", real, nullable=False),
        sa.Column("uncertainty_m", whole, nullable=False),
        sa.Column("flat", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("incident_by_id", ["id", "from_release"]),
        ("incident_by_date_start", ["date_start", "id"]),
        ("incident_by_date_end", ["date_end", "id"]),
        ("incident_by_country", ["country", "date_start", "id"]),
        ("incident_by_admin1", ["admin1", "date_start", "id"]),
        ("incident_by_category", ["category", "date_start", "id"]),
        ("incident_by_uncertainty", ["uncertainty_m", "id"]),
        ("incident_by_release", ["from_release", "id"]),
    ):
        op.create_index(name, "incident", columns)
    op.create_table(
        "incident_code",
        sa.Column("list", text(16), primary_key=True),
        sa.Column("code", text(64), primary_key=True),
        sa.Column("row_id", whole, sa.ForeignKey("incident.row_id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registry",
        sa.Column("kind", text(16), primary_key=True),
        sa.Column("key", text(), primary_key=True),
        sa.Column("from_release", whole, sa.ForeignKey("release.number"), primary_key=True),
        sa.Column("to_release", whole, nullable=False),
        sa.Column("digest", text(64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _index_in_postgresql()
    else:
        _index_in_sqlite()


def _index_in_sqlite() -> None:
    op.execute("CREATE VIRTUAL TABLE incident_point USING rtree(row_id, west, east, south, north)")
    # The text is folded before it gets here; marks count as letters, as in domain.folding.
    tokens = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
    op.execute(f'CREATE VIRTUAL TABLE incident_text USING fts5(words, tokenize = "{tokens}")')


def _index_in_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute(
        "ALTER TABLE incident ADD COLUMN point geometry(Point, 4326) NOT NULL "
        "GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED"
    )
    op.execute("CREATE INDEX incident_by_point ON incident USING gist (point)")
    # Made of words that are folded already: no text search configuration of the server has a say.
    op.execute("CREATE TABLE incident_text (row_id bigint PRIMARY KEY REFERENCES incident, words tsvector NOT NULL)")
    op.execute("CREATE INDEX incident_text_by_words ON incident_text USING gin (words)")
