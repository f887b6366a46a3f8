"""Migrations: they end where the tables say, once, and never touch what a newer version wrote."""

import hashlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select

from api.database.current import require_current
from api.database.engine import dialect_of, open_database
from api.database.tables import incident, metadata
from api.database.upgrade import _config, is_ours, upgrade
from api.domain.area import Circle, disk_bounds, half_angle
from api.domain.errors import UnusableDatabase
from api.domain.release import OPEN, digest_of

if TYPE_CHECKING:
    from tests.oracle import Store

on_both = pytest.mark.databases("sqlite", "postgresql")


def _differences(connection: Connection) -> list[object]:
    # Columns that came later have a default for the rows that were there: Alembic would take it for a difference.
    options = {"include_name": is_ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


@on_both
@pytest.mark.filterwarnings("ignore:Did not recognize type .geometry")
def test_the_migrations_end_where_the_tables_say(store: "Store") -> None:
    with store.writer.connect() as connection:
        assert _differences(connection) == []


@on_both
@pytest.mark.filterwarnings("ignore:Did not recognize type .geometry")
def test_a_column_too_many_would_be_seen(store: "Store") -> None:
    with store.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE release ADD COLUMN extra INTEGER")
        assert _differences(connection)
        connection.rollback()


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    writer = dialect_of(f"sqlite:///{tmp_path / 'new.sqlite'}").open_writer()
    assert upgrade(writer) is True
    assert upgrade(writer) is False
    require_current(writer)
    writer.dispose()


@on_both
def test_a_newer_database_is_refused_and_left_alone(store: "Store") -> None:
    with store.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnusableDatabase, match="newer version of Foundling"):
        upgrade(store.writer)
    with pytest.raises(UnusableDatabase, match="foundling db upgrade"):
        require_current(store.reader)
    with store.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def test_a_database_without_tables_asks_for_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    path.touch()
    with pytest.raises(UnusableDatabase, match="foundling db upgrade"):
        open_database(f"sqlite:///{path}", threads=1)


@pytest.mark.parametrize("prepare", [
    lambda path: path.write_bytes(b"This is no database, but a text of more than a hundred bytes. " * 20),
    lambda path: path.mkdir(),
], ids=["a text", "a directory"])  # fmt: skip
def test_what_is_no_database_is_refused_in_words(tmp_path: Path, prepare: Callable[[Path], object]) -> None:
    path = tmp_path / "foundling.sqlite"
    prepare(path)
    for attempt in (lambda: open_database(f"sqlite:///{path}", threads=1), lambda: _upgrade(path)):
        with pytest.raises(UnusableDatabase, match=r"foundling\.sqlite"):
            attempt()


def _upgrade(path: Path) -> None:
    writer = dialect_of(f"sqlite:///{path}").open_writer()
    try:
        upgrade(writer)
    finally:
        writer.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "taken.sqlite"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE registry (mine TEXT)")
    plain.commit()
    plain.close()
    with pytest.raises(UnusableDatabase, match="registry"):
        _upgrade(path)
    plain = sqlite3.connect(path)
    assert [name for (name,) in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")] == ["registry"]
    plain.close()


def test_what_the_first_schema_held_is_completed(tmp_path: Path) -> None:
    """Disks, doubts and digests of documents, as if it had been published today."""
    dialect = dialect_of(f"sqlite:///{tmp_path / 'old.sqlite'}")
    writer = dialect.open_writer()
    document = {"id": "FJ-2018-0001", "date": {"edtf": "2018~"}}
    meant, stamp = json.dumps(document).encode(), b',"updated":"2026-11-24T07:00:00Z","updated_release":1}'
    texts = ("id", "country", "admin1", "category", "outcome", "precision", "verification", "date_start", "date_end")
    row = dict.fromkeys(texts, "") | {
        "row_id": 1, "id": document["id"], "digest": "old", "from_release": 1, "to_release": OPEN, "lon": 179.5,
        "lat": -17.0, "x": 0.0, "y": 0.0, "z": 0.0, "uncertainty_m": 100_000, "flat": b"{}",
        "document": meant.removesuffix(b"}") + stamp,
    }  # fmt: skip
    with writer.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO release VALUES (1, 'old', '2026-11-24T07:00:00Z', 1, 1, 0, 0)")
        named = f"INSERT INTO incident ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
        connection.exec_driver_sql(named, row)
    upgrade(writer)
    with writer.connect() as connection:
        found = connection.execute(select(incident)).one()
        bounds = connection.exec_driver_sql("SELECT west, south, east, north FROM incident_disk").one()
        disk = disk_bounds(Circle(179.5, -17.0, 100_000))
        assert (found.disk_west, found.disk_south, found.disk_east, found.disk_north) == astuple(disk)
        assert bounds == pytest.approx(astuple(disk), abs=1e-4)
        assert disk.east > 180
        assert (found.reach_sin, found.reach_cos) == half_angle(100_000)
        assert found.is_date_certain is False
        assert found.digest == hashlib.sha256(meant).hexdigest()
        told = connection.exec_driver_sql("SELECT digest FROM release").scalar()
        assert told == digest_of([("incident/FJ-2018-0001", found.digest)])
    writer.dispose()
