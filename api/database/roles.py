"""The role that a web process reads with: SQL for an operator to look at and run."""

import re

from sqlalchemy import Engine

from api.database.dialects.postgresql import PostgreSQL, words_table
from api.database.engine import dialect_of
from api.database.failures import explained
from api.database.tables import metadata
from api.domain.errors import InvalidValue, UnusableDatabase

_MOST_BYTES = 63


def reading_role(url: str, name: str) -> str:
    """Statements that make a role which may read what Foundling wrote, now and later, and nothing else.

    It has no password: an operator gives it one, so that none passes through here. Raises InvalidValue,
    UnusableDatabase.
    """
    if not 1 <= len(name.encode(errors="replace")) <= _MOST_BYTES or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", name):
        raise InvalidValue(f"The name of a role has 1 to {_MOST_BYTES} bytes and no control characters.")
    dialect = dialect_of(url)
    if not isinstance(dialect, PostgreSQL):
        raise UnusableDatabase(
            "Only PostgreSQL has roles. A SQLite file is read-only for whoever may not write to it and its folder."
        )
    reader = dialect.open_reader(threads=1)
    try:
        return _statements(reader, name)
    finally:
        reader.dispose()


def _statements(reader: Engine, name: str) -> str:
    question = (
        "SELECT tableowner, schemaname, current_database() FROM pg_tables "
        "WHERE (schemaname, tablename) = (SELECT relnamespace::regnamespace::text, relname FROM pg_class "
        "WHERE oid = 'incident'::regclass)"
    )
    with explained(reader), reader.connect() as connection:
        owner, schema, database = map(_quoted, connection.exec_driver_sql(question).one())
    role = _quoted(name)
    tables = ", ".join(
        f"{schema}.{_quoted(table)}" for table in (*sorted(metadata.tables), words_table.name, "alembic_version")
    )
    return "\n".join([
        "BEGIN;",
        f"CREATE ROLE {role} LOGIN;",
        f"ALTER ROLE {role} IN DATABASE {database} SET default_transaction_read_only = on;",
        f"ALTER ROLE {role} IN DATABASE {database} SET statement_timeout = '10s';",
        f"GRANT CONNECT ON DATABASE {database} TO {role};",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC;",
        f"GRANT USAGE ON SCHEMA {schema} TO {role};",
        f"GRANT SELECT ON {tables} TO {role};",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role};",
        "COMMIT;",
        "",
    ])  # fmt: skip


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
