"""What SQLite's connections may do, and what an operator reads when they cannot."""

import json
import logging
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from api.database.dialects.sqlite import SQLite
from api.database.engine import dialect_of, looking_into, open_database, reading
from api.domain.errors import DatabaseUnavailable, UnusableDatabase

if TYPE_CHECKING:
    from tests.oracle import Store

ROOT = Path(__file__).parent.parent.parent


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize("statement", [
    "DELETE FROM incident", "UPDATE release SET digest = 'x'", "INSERT INTO release VALUES (9, '', '', 0, 0, 0, 0)",
    "CREATE TABLE t (a)", "DROP TABLE incident", "INSERT INTO incident_text (words) VALUES ('x')",
    "INSERT INTO incident_point VALUES (1, 0, 0, 0, 0)", "VACUUM", "PRAGMA user_version = 7",
])  # fmt: skip
def test_a_reader_cannot_write(filled: "Store", statement: str) -> None:
    with filled.reader.connect() as connection, pytest.raises(OperationalError, match=r"readonly|read-only"):
        connection.exec_driver_sql(statement)


def test_a_writer_syncs_checks_references_and_overwrites_what_it_deletes(filled: "Store") -> None:
    with filled.dialect.open_writer().begin() as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000,
    }  # fmt: skip


def test_what_a_killed_first_publish_left_in_the_file_is_told(store: "Store", tmp_path: Path) -> None:
    # It is written without a log; whoever cannot write cannot take back what was written.
    path, copy = Path(store.url.removeprefix("sqlite:///")), tmp_path / "killed.sqlite"
    with store.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA cache_size = 1")
        connection.exec_driver_sql("UPDATE layout SET name = name")
        connection.exec_driver_sql("CREATE TABLE large AS SELECT randomblob(1000000)")
        copy.write_bytes(path.read_bytes())
        Path(f"{copy}-journal").write_bytes(Path(f"{path}-journal").read_bytes())
    with (
        pytest.raises(UnusableDatabase, match="interrupted: run `foundling publish` again"),
        looking_into(f"sqlite:///{copy}"),
    ):
        pass


def test_after_a_publish_the_file_alone_is_the_database(
    store: "Store", version: Callable[..., Any], tmp_path: Path
) -> None:
    store.append([version("PE-2018-0001")])
    path = Path(store.url.removeprefix("sqlite:///"))
    log = Path(f"{path}-wal")
    assert not log.exists() or log.stat().st_size == 0
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(path.read_bytes())
    plain = sqlite3.connect(copy)
    assert plain.execute("SELECT id FROM incident").fetchall() == [("PE-2018-0001",)]
    assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def test_a_reader_in_the_middle_does_not_stop_a_publish(store: "Store", version: Callable[..., Any]) -> None:
    store.append([version("PE-2018-0001")])
    with store.reader.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        assert connection.exec_driver_sql("SELECT count(*) FROM incident").scalar() == 1
        assert store.append([version("PE-2018-0002")]) is not None
        assert connection.exec_driver_sql("SELECT count(*) FROM incident").scalar() == 1, "its view stands still"


def test_a_missing_file_says_where_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "foundling.sqlite"
    with pytest.raises(UnusableDatabase, match=r"nowhere/foundling\.sqlite\. Run `foundling publish` first"):
        open_database(f"sqlite:///{path}", threads=1)
    assert not path.parent.exists(), "looking makes nothing"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableDatabase, match="Cannot make the folder"):
        dialect_of(f"sqlite:///{tmp_path}/file/foundling.sqlite").open_writer()


@pytest.mark.parametrize("url", [
    "", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "postgresql+asyncpg://localhost/x", "://",
    "file.db",
])  # fmt: skip
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(UnusableDatabase, match="FOUNDLING_DATABASE_URL"):
        dialect_of(url)


@pytest.mark.parametrize(
    "name", ["with space.sqlite", "é.sqlite", "50%25.sqlite", "a?b.sqlite", "a#b.sqlite", "q&x=1.db"]
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    database = SQLite(tmp_path / name)
    writer = database.open_writer()
    with writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (a)")
    writer.dispose()
    assert name in names_in(tmp_path)
    reader = database.open_reader(threads=1)
    with reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    reader.dispose()
    assert {found.removesuffix("-wal").removesuffix("-shm") for found in names_in(tmp_path)} == {name}


def test_a_database_that_fails_while_reading_is_unavailable(store: "Store", caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(store.reader) as connection:
        connection.exec_driver_sql("SELECT * FROM absent")


def test_more_readers_than_connections_wait_and_then_are_told(store: "Store", caplog: pytest.LogCaptureFixture) -> None:
    narrow = dialect_of(store.url).open_reader(threads=1)
    narrow.pool._timeout = 0.05  # type: ignore[attr-defined]  # five seconds would do as well, later
    with narrow.connect(), caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(narrow):
        pass
    narrow.dispose()


# Another user's reading has to be another user's: a process that gives its rights away.
_READ_AS_NOBODY = """
import json, logging, os, sys
from pathlib import Path
from api.database.dialects.sqlite import SQLite
from api.database.reads.releases import latest_number
from api.domain.errors import UnusableDatabase
from sqlalchemy.dialects.sqlite import pysqlite  # imported while files can still be read
logging.basicConfig(stream=sys.stderr)
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    engine = SQLite(Path(sys.argv[1])).open_reader(threads=1)
    with engine.connect() as connection:
        print(json.dumps({"release": latest_number(connection)}))
except UnusableDatabase as error:
    print(json.dumps({"refused": str(error)}))
"""


@pytest.fixture
def foreign(store: "Store", version: Callable[..., Any]) -> Iterator[Path]:
    """A published database in a folder that only its owner may write to."""
    store.append([version("PE-2018-0001")])
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        path = Path(folder) / "foundling.sqlite"
        path.write_bytes(Path(store.url.removeprefix("sqlite:///")).read_bytes())
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        yield path
        Path(folder).chmod(0o700)


def read_as_nobody(path: Path) -> tuple[dict[str, Any], str]:
    command = [sys.executable, "-c", _READ_AS_NOBODY, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer, done.stderr


def test_a_database_in_a_folder_that_cannot_be_written_to_is_read_with_a_warning(foreign: Path) -> None:
    answer, told = read_as_nobody(foreign)
    assert answer == {"release": 1}
    assert "immutable" in told
    assert names_in(foreign.parent) == ["foundling.sqlite"]


def test_an_unfinished_log_in_such_a_folder_is_refused_with_the_reason(foreign: Path) -> None:
    foreign.parent.chmod(0o755)
    log = Path(f"{foreign}-wal")
    log.write_bytes(b"")
    log.chmod(0o444)
    foreign.parent.chmod(0o555)
    answer, _ = read_as_nobody(foreign)
    assert "unfinished write-ahead log" in answer["refused"]
    assert stat.S_IMODE(foreign.parent.stat().st_mode) == 0o555
