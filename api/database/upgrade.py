"""Brings a database's schema up to date."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from api.database.failures import explained
from api.database.tables import metadata
from api.domain.errors import UnusableDatabase


def upgrade(engine: Engine) -> bool:
    """Runs the steps that the database lacks, all or none; whether there were any.

    Raises UnusableDatabase when a newer version of this software wrote it, or it is no database at all;
    DatabaseUnavailable while somebody else writes.
    """
    config = _config()
    with explained(engine), engine.begin() as connection:
        found, wanted = _revision(connection), _head(config)
        if found == wanted:
            return False
        if found is not None and found not in {step.revision for step in _scripts(config).walk_revisions()}:
            raise UnusableDatabase("A newer version of Foundling wrote this database: install that version.")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def require_current(engine: Engine) -> None:
    """Raises UnusableDatabase when the schema is not the one that this software reads."""
    with explained(engine), engine.connect() as connection:
        if _revision(connection) != _head(_config()):
            raise UnusableDatabase("The database's schema is not this version's. Run `foundling db upgrade`.")


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic may compare a table: it would drop the virtual tables and their shadows."""
    return kind != "table" or name in metadata.tables


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "api.database:migrations")
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _head(config: Config) -> str | None:
    return _scripts(config).get_current_head()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
