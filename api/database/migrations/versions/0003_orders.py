"""Bodies in a table of their own; an index for every order, with the point in it, and for every single code."""

import sqlalchemy as sa
from alembic import op

from api.database.tables import whole

revision = "0003"
down_revision = "0002"

_ORDERS = {
    "incident_by_id": ["id", "from_release", "lon", "lat"],
    "incident_by_date_start": ["date_start", "id", "lon", "lat", "date_end"],
    "incident_by_date_end": ["date_end", "id", "lon", "lat", "date_start"],
    "incident_by_uncertainty": ["uncertainty_m", "id", "lon", "lat"],
    "incident_by_release": ["from_release", "id", "lon", "lat"],
}
_CODES = {
    "incident_by_country": ["country", "date_start", "id", "date_end"],
    "incident_by_admin1": ["admin1", "date_start", "id", "date_end"],
    "incident_by_category": ["category", "date_start", "id", "date_end"],
}
_NEW = {
    "incident_in_order_of_country": ["country", "id", "lon", "lat"],
    "incident_in_order_of_admin1": ["admin1", "id", "lon", "lat"],
    "incident_in_order_of_category": ["category", "id", "lon", "lat"],
    "incident_by_outcome": ["outcome", "date_start", "id", "date_end"],
    "incident_by_precision": ["precision", "date_start", "id", "date_end"],
    "incident_by_verification": ["verification", "date_start", "id", "date_end"],
}


def upgrade() -> None:
    op.create_table(
        "incident_body",
        sa.Column("row_id", whole, sa.ForeignKey("incident.row_id"), autoincrement=False, primary_key=True),
        sa.Column("flat", sa.LargeBinary(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
    )
    op.execute("INSERT INTO incident_body (row_id, flat, document) SELECT row_id, flat, document FROM incident")
    for name in ("flat", "document"):
        op.drop_column("incident", name)
    for name in _ORDERS | _CODES:
        op.drop_index(name, "incident")
    for name, columns in (_ORDERS | _CODES | _NEW).items():
        op.create_index(name, "incident", columns)
