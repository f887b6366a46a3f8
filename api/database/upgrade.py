"""Brings a database's schema up to date."""

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from api.database.current import HEAD, revision
from api.database.failures import explained
from api.database.tables import metadata
from api.domain.errors import UnusableDatabase

_OF_DIALECTS = ("point", "disk", "incident_by_point", "incident_by_disk")  # made by migrations, on PostgreSQL


def upgrade(engine: Engine) -> bool:
    """Runs the steps that the database lacks, all or none; whether there were any.

    Raises UnusableDatabase when a newer version of this software wrote it, or it is no database at all;
    DatabaseUnavailable while somebody else writes.
    """
    config = _config()
    with explained(engine), engine.begin() as connection:
        found = revision(connection)
        if found == HEAD:
            return False
        if found is not None and found not in {step.revision for step in _scripts(config).walk_revisions()}:
            raise UnusableDatabase("A newer version of Foundling wrote this database: install that version.")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether Alembic may compare it: it would drop what belongs to a dialect, virtual tables and their shadows too."""
    return name in metadata.tables if kind == "table" else name not in _OF_DIALECTS


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "api.database:migrations")
    return config


def _scripts(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)
