"""A PostgreSQL server of the tests' own: on a free loopback port, as an unprivileged user, gone in the end."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

from api.database.engine import dialect_of
from api.database.upgrade import upgrade

BOSS, OWNER = "boss", "publisher"
"""A superuser, and the role that may do no more than publish."""

MIGRATED, BARE = "migrated", "bare"
"""Databases to copy: with Foundling's tables and nothing in them; with PostGIS alone."""

_INSTALL = "apt-get install postgresql-15-postgis-3"
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=64MB")

_CLEAN = """
cat > /dev/null
if server=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null); then
    kill -QUIT "$server"
    while kill -0 "$server" 2> /dev/null; do sleep 0.1; done
fi
rm -rf "$1"
"""


@dataclass(slots=True)
class Server:
    """A cluster in a folder, which may be stopped and started."""

    binaries: Path
    folder: Path
    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return self.folder / "data"

    @property
    def version(self) -> int:
        """The number before the point."""
        return int((self.data / "PG_VERSION").read_text().split(".")[0])

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        settings = (
            *_QUICK,
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
        )
        options = " ".join(f"-c {setting}" for setting in settings)
        self.run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def stop(self, mode: str = "fast") -> None:
        """Stops it: `fast` tells every client, `immediate` is a crash."""
        self.run("pg_ctl", "stop", "-w", "-D", self.data, "-m", mode)

    def url(self, database: str, user: str = OWNER) -> str:
        """The address of a database."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres", user: str = BOSS) -> list[tuple[Any, ...]]:
        """Rows of a statement, which stands in no transaction."""
        with psycopg.connect(self.url(database, user), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template: str = MIGRATED) -> str:
        """The name of a new database, a copy of another."""
        name = f"{template}_{next(self._numbers)}"
        # Copying files is twice as quick as writing them to the log, which is what 15 and later do.
        quick = "STRATEGY file_copy" if self.version >= 15 else ""
        self.sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}" {quick}')
        return name

    def psql(self, script: str, database: str, user: str = BOSS) -> None:
        """Runs a script as an operator would."""
        connection = ("-h", "127.0.0.1", "-p", str(self.port), "-U", user, "-d", database)
        self.run("psql", *connection, "-v", "ON_ERROR_STOP=1", "-q", "-f", "-", told=script)

    def run(self, tool: str, *arguments: str | Path, told: str = "") -> None:
        """Runs one of PostgreSQL's own programs, which refuse to be root."""
        command = [str(self.binaries / tool), *map(str, arguments)]
        # Files instead of pipes: a server that is started keeps what it inherits open.
        with (self.folder / f"{tool}.out").open("w+") as output:
            done = subprocess.run(
                command, input=told.encode(), stdout=output, stderr=output, cwd=self.folder, check=False, timeout=120,
                **unprivileged(),
            )  # fmt: skip
            output.seek(0)
            assert done.returncode == 0, output.read()

    def twin(self, folder: Path) -> "Server":
        """A hot standby of this server, not yet started."""
        standby = Server(self.binaries, folder, free_port())
        self.run(
            "pg_basebackup", "-D", standby.data, "-R", "-X", "stream", "-c", "fast", "-d",
            f"host=127.0.0.1 port={self.port} user={BOSS}",
        )  # fmt: skip
        return standby


def drop(url: str) -> None:
    """Drops a database that `Server.url` names, whoever may be connected: a run makes hundreds of them."""
    server, _, name = url.replace(f"{OWNER}@", f"{BOSS}@").rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def unprivileged() -> dict[str, Any]:
    """How to start a program as somebody who is not root."""
    if os.geteuid():
        return {}
    user = _somebody()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder that this somebody owns (pytest's own are closed to others); in the end, no server and no folder."""
    folder = Path(tempfile.mkdtemp(prefix="foundling-"))
    if not os.geteuid():
        os.chown(folder, _somebody().pw_uid, _somebody().pw_gid)
    # It waits for its input to end, which happens even when this process is killed.
    command = ["sh", "-c", _CLEAN, "sh", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd="/", start_new_session=True, **unprivileged()):
        yield folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def new_server(folder: Path) -> Server:
    """A server with both databases to copy, started."""
    server = Server(_binaries(), folder, free_port())
    _initialise(server)
    server.start()
    server.sql(f"CREATE ROLE {OWNER} LOGIN")
    for name, template in ((BARE, "template1"), (MIGRATED, BARE)):
        server.sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}"')
        if name == BARE:
            server.sql("CREATE EXTENSION postgis", name)
    writer = dialect_of(server.url(MIGRATED)).open_writer()
    upgrade(writer)
    writer.dispose()
    return server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server for the whole run."""
    with own_folder() as folder:
        yield new_server(folder)


@pytest.fixture(scope="session")
def drop_database() -> Callable[[str], None]:
    """Drops a database of a server's."""
    return drop


def _initialise(server: Server) -> None:
    arguments: list[str | Path] = ["-D", server.data, "-U", BOSS, "--auth=trust", "--encoding=UTF8", "--no-sync"]
    # A language whose order is not that of codepoints, so that a missing COLLATE would be seen.
    told = subprocess.run([server.binaries / "initdb", "--help"], capture_output=True, text=True, check=True).stdout
    if "--icu-locale" in told:
        arguments += ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]
    else:
        arguments += ["--locale=C.UTF-8"]
    server.run("initdb", *arguments)


def _binaries() -> Path:
    folders = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version_of, reverse=True)]
    config = shutil.which("pg_config")
    if config:
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout
        folders.insert(0, Path(told.strip()))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    if not found:
        _not_run(f"NOT RUN: no PostgreSQL. {_INSTALL}")
    with_postgis = [folder for folder in found if _has_postgis(folder)]
    if not with_postgis:
        _not_run(f"NOT RUN: no PostGIS. {_INSTALL}")
    return with_postgis[0]


def _version_of(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdecimal() else 0


def _has_postgis(folder: Path) -> bool:
    shared: Sequence[Path] = (
        Path("/usr/share/postgresql") / folder.parent.name,  # as Debian divides it
        folder.parent / "share" / "postgresql",
        folder.parent / "share",
    )
    return any((path / "extension" / "postgis.control").exists() for path in shared)


def _somebody() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("there is no user but root")


def _not_run(reason: str) -> NoReturn:
    # A laptop may do without; in CI, a test that silently did not happen would count as passed.
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
