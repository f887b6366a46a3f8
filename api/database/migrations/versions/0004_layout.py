"""The layout of what is stored beside the documents; which release was the latest at a redaction."""

import sqlalchemy as sa
from alembic import op

from api.database.tables import text, whole
from api.domain.columns import LAYOUT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    table = op.create_table("layout", sa.Column("name", text(16), primary_key=True))
    # What is there already was made by a version that knew no layouts.
    is_empty = op.get_bind().scalar(sa.text("SELECT count(*) FROM release")) == 0
    op.bulk_insert(table, [{"name": LAYOUT if is_empty else ""}])
    op.add_column("redaction", sa.Column("release", whole, nullable=False, server_default="0"))
    op.add_column("redaction", sa.Column("is_erased", sa.Boolean(), nullable=False, server_default=sa.false()))
