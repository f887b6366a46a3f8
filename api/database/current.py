"""Whether a database is the one that this software reads, without Alembic: 11 MB that each web process would carry."""

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, inspect, select

from api.database.failures import explained
from api.database.tables import layout
from api.domain.columns import LAYOUT
from api.domain.errors import UnusableDatabase

HEAD = "0006"
"""The last of the migrations."""

_version = Table("alembic_version", MetaData(), Column("version_num", String(32)))


def require_current(engine: Engine) -> None:
    """Raises UnusableDatabase when schema or stored bytes are not those that this software reads."""
    with explained(engine), engine.connect() as connection:
        if revision(connection) != HEAD:
            raise UnusableDatabase("The database's schema is not this version's. Run `foundling db upgrade`.")
        if connection.scalar(select(layout.c.name)) != LAYOUT:
            raise UnusableDatabase("The database holds another version's columns. Run `foundling db upgrade`.")


def revision(connection: Connection) -> str | None:
    """The last step that the schema has taken; None before the first."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.scalar(select(_version.c.version_num))
