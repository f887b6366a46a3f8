"""The figures of every version in a table of their own, its methods and purposes beside it; filled by a rebuild."""

import sqlalchemy as sa
from alembic import op

from api.database.tables import text, whole

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("methods", "purposes"):
        op.add_column("incident", sa.Column(name, text(), nullable=False, server_default=""))
    op.create_table(
        "incident_figure",
        sa.Column("row_id", whole, sa.ForeignKey("incident.row_id"), autoincrement=False, primary_key=True),
        sa.Column("kinds", text(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
    )
