"""Releases, versions of incidents, and everything beside them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("number", sa.Integer(), autoincrement=False, primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("published", sa.String(20), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.Column("entered", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
    )
    op.create_table(
        "incident",
        sa.Column("row_id", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("from_release", sa.Integer(), sa.ForeignKey("release.number"), nullable=False),
        sa.Column("to_release", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("admin1", sa.String(6), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(64), nullable=False),
        sa.Column("precision", sa.String(16), nullable=False),
        sa.Column("verification", sa.String(32), nullable=False),
        sa.Column("date_start", sa.String(10), nullable=False),
        sa.Column("date_end", sa.String(10), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("x", sa.Float(), nullable=False),
        sa.Column("y", sa.Float(), nullable=False),
        sa.Column("z", sa.Float(), nullable=False),
        sa.Column("uncertainty_m", sa.Integer(), nullable=False),
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
        sa.Column("list", sa.String(16), primary_key=True),
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("row_id", sa.Integer(), sa.ForeignKey("incident.row_id"), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "registry",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("from_release", sa.Integer(), sa.ForeignKey("release.number"), primary_key=True),
        sa.Column("to_release", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("CREATE VIRTUAL TABLE incident_point USING rtree(row_id, west, east, south, north)")
    # The text is folded before it gets here; marks count as letters, as in domain.folding.
    tokens = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
    op.execute(f'CREATE VIRTUAL TABLE incident_text USING fts5(words, tokenize = "{tokens}")')
