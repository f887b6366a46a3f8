"""How Alembic reaches the database: over the connection that `upgrade` hands it."""

from alembic import context

from api.database.tables import metadata
from api.database.upgrade import is_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,
)
context.run_migrations()
