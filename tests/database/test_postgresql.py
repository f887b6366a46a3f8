"""What PostgreSQL's connections may do, and what an operator reads when they cannot."""

import logging
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.database.append import append_release
from api.database.current import require_current
from api.database.dialects.postgresql import PostgreSQL
from api.database.dialects.protocol import TookTooLong
from api.database.engine import dialect_of, open_database, reading
from api.database.reads import incidents, releases
from api.database.roles import reading_role
from api.database.upgrade import upgrade
from api.domain.area import Bbox
from api.domain.errors import DatabaseUnavailable, InvalidValue, NoDatabase, UnusableDatabase
from api.domain.query import IncidentFilter, PageQuery, Sort
from tests.postgresql import BARE, BOSS, OWNER

if TYPE_CHECKING:
    from tests.oracle import Store
    from tests.postgresql import Server

pytestmark = pytest.mark.databases("postgresql")

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 12, 24, 7, 0, 0, tzinfo=UTC)
Make = Callable[..., Any]


def name_of(store: "Store") -> str:
    return store.url.rpartition("/")[2]


def command(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "api.cli.main", *arguments],
        cwd=ROOT, env=os.environ | environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


WRITES = [
    "DELETE FROM incident", "UPDATE release SET digest = 'x'", "INSERT INTO release VALUES (9, '', '', 0, 0, 0, 0)",
    "CREATE TABLE t (a int)", "DROP TABLE incident", "TRUNCATE incident_text", "CREATE TEMPORARY TABLE t (a int)",
    "ALTER TABLE release ADD COLUMN a int", "CREATE INDEX ON incident (lat)", "SELECT nextval('incident_row_id_seq')",
    "COPY release FROM STDIN", "CREATE ROLE another",
]  # fmt: skip


@pytest.mark.parametrize("statement", WRITES)
def test_a_reader_cannot_write(filled: "Store", statement: str) -> None:
    with filled.reader.connect() as connection, pytest.raises(DBAPIError, match=r"read-only|permission denied"):
        connection.exec_driver_sql(statement)


def test_a_reader_asks_in_no_transaction_and_not_for_long(store: "Store") -> None:
    names = ("statement_timeout", "default_transaction_read_only", "application_name", "jit", "plan_cache_mode")
    with store.reader.connect() as connection:
        told = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names}
        moments = [connection.exec_driver_sql("SELECT transaction_timestamp()").scalar() for _ in range(2)]
    assert told == {
        "statement_timeout": "10s", "default_transaction_read_only": "on", "application_name": "foundling",
        "jit": "off", "plan_cache_mode": "force_custom_plan",
    }  # fmt: skip
    assert moments[0] != moments[1]


def test_what_the_url_says_of_time_outs_and_names_wins_and_of_writing_does_not(store: "Store") -> None:
    url = (
        f"{store.url}?application_name=mine&connect_timeout=9"
        "&options=-c%20statement_timeout=77000%20-c%20default_transaction_read_only=off"
    )
    reader = dialect_of(url).open_reader(threads=1)
    with reader.connect() as connection:
        names = ("statement_timeout", "default_transaction_read_only", "application_name")
        assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names] == ["77s", "on", "mine"]
    reader.dispose()


@pytest.mark.parametrize(("threads", "connections"), [(1, 1), (4, 4), (64, 16)])
def test_a_process_opens_sixteen_connections_at_most(store: "Store", threads: int, connections: int) -> None:
    reader = dialect_of(store.url).open_reader(threads=threads)
    assert reader.pool.size() == connections  # type: ignore[attr-defined]  # of the kind of pool that it is
    reader.dispose()


def test_a_question_that_takes_too_long_is_given_up(store: "Store", caplog: pytest.LogCaptureFixture) -> None:
    reader = dialect_of(f"{store.url}?options=-c%20statement_timeout=50").open_reader(threads=1)
    with caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(reader) as connection:
        connection.exec_driver_sql("SELECT pg_sleep(60)")
    with reading(reader) as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    reader.dispose()


def test_more_readers_than_connections_wait_and_then_are_told(store: "Store", caplog: pytest.LogCaptureFixture) -> None:
    narrow = dialect_of(store.url).open_reader(threads=1)
    narrow.pool._timeout = 0.05  # type: ignore[attr-defined]  # five seconds would do as well, later
    with narrow.connect(), caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(narrow):
        pass
    narrow.dispose()


@pytest.mark.parametrize("statement", [
    "SELECT * FROM absent", "DELETE FROM incident", "SELECT * FROM pg_authid",
    "SELECT pg_terminate_backend(pg_backend_pid())",
])  # fmt: skip
def test_what_an_operator_can_mend_is_unavailable_meanwhile(
    store: "Store", caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    with caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(store.reader) as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("statement", ["SELEKT 1", "SELECT 1 / 0", "SELECT 'a'::int", "SELECT no_such_function()"])
def test_a_fault_of_ours_stays_one(store: "Store", statement: str) -> None:
    with pytest.raises(DBAPIError), reading(store.reader) as connection:
        connection.exec_driver_sql(statement)


def test_a_connection_that_was_cut_is_replaced(store: "Store", caplog: pytest.LogCaptureFixture) -> None:
    reader = dialect_of(store.url).open_reader(threads=4)
    pids = []
    held = [reader.connect() for _ in range(4)]
    for connection in held:
        pids.append(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar())
        connection.close()
    with store.reader.connect() as connection:
        for pid in pids:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
    with caplog.at_level(logging.CRITICAL), pytest.raises(DatabaseUnavailable), reading(reader) as connection:
        connection.exec_driver_sql("SELECT 1")
    for _ in range(8):
        with reading(reader) as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1, "one failure tells that all of them are dead"
    reader.dispose()


# Order, numbers and words


def test_the_databases_own_order_is_another(store: "Store", postgresql: "Server") -> None:
    """Else nothing would prove that columns are ordered by codepoint."""
    with store.reader.connect() as connection:
        found = connection.exec_driver_sql("SELECT w FROM (VALUES ('a'), ('B'), ('É'), ('Z')) AS t (w) ORDER BY w")
        order = list(found.scalars())
    if postgresql.version < 15:
        pytest.skip("NOT RUN: before 15, a database takes its order from the locales that the system has.")
    assert order == ["a", "B", "É", "Z"]


def test_every_text_is_compared_by_codepoint(store: "Store") -> None:
    query = (
        "SELECT table_name, column_name, collation_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type IN ('character varying', 'text') "
        "AND table_name IN ('incident', 'incident_code', 'registry', 'release', 'redaction')"
    )
    with store.reader.connect() as connection:
        columns = connection.exec_driver_sql(query).all()
    assert len(columns) > 15
    assert [column for column in columns if column.collation_name != "C"] == []


def test_numbers_are_stored_without_loss(store: "Store", version: Make) -> None:
    lon, lat = 0.1 + 0.2, -1 / 3
    store.append([version("PE-2018-0001", point=(lon, lat), uncertainty_m=2**40)])
    with store.reader.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT lon, lat, uncertainty_m, ST_X(point), ST_Y(point), ST_SRID(disk) FROM incident"
        ).one()
    assert tuple(found) == (lon, lat, 2**40, lon, lat, 4326)


def counts(store: "Store", *words: str) -> int:
    with store.reader.connect() as connection:
        return incidents.count(connection, IncidentFilter(q=words), 1, store.dialect, most=10)


def test_words_are_found_as_they_are_and_never_parsed(store: "Store", version: Make) -> None:
    """PostgreSQL's own parser would take addresses, numbers and hyphens apart or together."""
    said = r"www.example.org 2018-11-06 back\slash it's -5 'quoted' a:b & | ! <-> :* x" + "\\"
    store.append([version("PE-2018-0001", words=said)])
    for word in said.split():
        assert counts(store, word) == 1, word
        assert counts(store, word, said.split(maxsplit=1)[0]) == 1, word
    for word in ("example", "2018-11-06x", "slash", "its", "org"):
        assert counts(store, word) == 0, word


def test_a_word_may_be_longer_than_postgresql_keeps(store: "Store", version: Make) -> None:
    long = "क" * 3000
    store.append([version("PE-2018-0001", words=f"short {long} end"), version("PE-2018-0002", words="short")])
    for words in ((long,), (long, "end"), ("क" * 682,), ("end", "क" * 1500), ("short", long)):
        assert counts(store, *words) == 1, [len(word) for word in words]
    assert counts(store, "ख" * 3000) == 0


def test_a_text_of_more_than_a_megabyte_is_published_and_found_by_its_beginning(
    store: "Store", version: Make, caplog: pytest.LogCaptureFixture
) -> None:
    words = " ".join(f"word{number:07d}" for number in range(150_000))
    with caplog.at_level(logging.CRITICAL):
        store.append([version("PE-2018-0001", words=words)])
    assert (counts(store, "word0000000"), counts(store, "word0149999")) == (1, 0)


# The lock


def test_a_writer_waits_for_the_one_before_it_and_sees_what_that_wrote(store: "Store", version: Make) -> None:
    store.append([version("PE-2018-0001")])
    began, done = threading.Event(), threading.Event()
    numbers: list[int] = []

    def write() -> None:
        dialect = dialect_of(store.url)
        writer = dialect.open_writer()
        began.set()
        made = append_release(writer, dialect, versions=[version("PE-2018-0003")], entries=[], now=NOW)
        assert made is not None
        numbers.append(made[0].number)
        writer.dispose()
        done.set()

    with store.writer.begin() as connection:
        assert releases.latest_number(connection) == 1
        thread = threading.Thread(target=write)
        thread.start()
        began.wait(timeout=20)
        wait_for_a_waiter(store)
        assert not done.is_set()
        connection.execute(text("INSERT INTO release VALUES (2, 'd', 'p', 0, 0, 0, 0)"))
    thread.join(timeout=30)
    assert numbers == [3]


def wait_for_a_waiter(store: "Store") -> None:
    with store.reader.connect() as connection:
        for _ in range(1000):
            waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            if connection.exec_driver_sql(waiting).scalar():
                return
            connection.exec_driver_sql("SELECT pg_sleep(0.01)")
    pytest.fail("nobody waits")


def test_a_writer_that_waits_too_long_is_told_so(store: "Store", version: Make) -> None:
    impatient = dialect_of(f"{store.url}?options=-c%20lock_timeout=50")
    writer = impatient.open_writer()
    with store.writer.begin(), pytest.raises(DatabaseUnavailable, match="Another process is writing to the database"):
        append_release(writer, impatient, versions=[version("PE-2018-0001")], entries=[], now=NOW)
    assert append_release(writer, impatient, versions=[version("PE-2018-0001")], entries=[], now=NOW) is not None
    writer.dispose()


def test_a_reader_in_the_middle_does_not_stop_a_publish(store: "Store", version: Make) -> None:
    store.append([version("PE-2018-0001")])
    with psycopg.connect(store.url) as connection:
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (1,)
        assert store.append([version("PE-2018-0002")]) is not None
        connection.execute("ROLLBACK")


def test_tidying_up_never_fails_a_publish(store: "Store", version: Make, caplog: pytest.LogCaptureFixture) -> None:
    with psycopg.connect(store.url) as connection:
        connection.execute("LOCK TABLE registry IN SHARE UPDATE EXCLUSIVE MODE")  # as another VACUUM would
        with caplog.at_level(logging.CRITICAL):
            assert store.append([version("PE-2018-0001")]) is not None
    store.writer.dispose()
    broken = dialect_of("postgresql://nobody@127.0.0.1:1/absent")
    engine = PostgreSQL(store.writer.url.set(port=1)).open_writer()
    broken.settle(engine)


def test_after_a_publish_the_planner_knows_the_tables(store: "Store", version: Make) -> None:
    store.append([version(f"PE-2018-{number:04d}") for number in range(300)])
    with store.reader.connect() as connection:
        known = connection.exec_driver_sql("SELECT reltuples FROM pg_class WHERE oid = 'incident'::regclass").scalar()
        assert known == 300


# Leaving nothing behind


def test_what_was_deleted_is_in_no_file_and_no_statistics(store: "Store", version: Make, postgresql: "Server") -> None:
    secret = "zyxwvutsrqponm"
    saying = [secret if n > 10 else "harmless" for n in range(1, 51)]
    store.append([version(f"PE-2018-{n:04d}", text=f"{said} {n}", words=f"pe {said}") for n, said in enumerate(saying)])
    with store.writer.begin() as connection:
        for table in ("incident_code", "incident_figure", "incident_body", "incident_text", "incident"):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE row_id > 10")
    assert pages_with(secret, store, postgresql)
    assert store.dialect.erase(store.writer, patience_s=30, told=pytest.fail) == ""
    assert pages_with(secret, store, postgresql) == []
    with store.writer.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stats WHERE pg_stats::text LIKE %(w)s", {"w": f"%{secret}%"}
        )
        assert kept.scalar() == 0


def pages_with(secret: str, store: "Store", postgresql: "Server") -> list[Path]:
    """The files of a database that hold a text, once everything is written that was held back."""
    name = name_of(store)
    postgresql.sql("CHECKPOINT")
    ((oid,),) = postgresql.sql(f"SELECT oid FROM pg_database WHERE datname = '{name}'")
    return [path for path in (postgresql.data / "base" / str(oid)).iterdir() if secret.encode() in path.read_bytes()]


def test_a_reader_who_still_sees_it_is_waited_for_and_then_told(store: "Store", version: Make) -> None:
    store.append([version("PE-2018-0001")])
    told: list[str] = []
    with psycopg.connect(store.url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SELECT count(*) FROM release")
        with store.writer.begin() as writing:
            writing.exec_driver_sql("DELETE FROM incident_text")
        remains = store.dialect.erase(store.writer, patience_s=0.5, told=told.append)
        assert "keep what was deleted: somebody reads or writes" in remains
    assert told
    assert store.dialect.erase(store.writer, patience_s=30, told=told.append) == ""


def test_a_question_may_be_given_less_time_and_the_connection_works_on(store: "Store") -> None:
    with store.reader.connect() as connection:
        with pytest.raises(TookTooLong), store.dialect.within(connection, 0.05):
            connection.exec_driver_sql("SELECT pg_sleep(60)")
        with pytest.raises(DBAPIError), store.dialect.within(connection, 5):
            connection.exec_driver_sql("SELEKT")
        with store.dialect.within(connection, 5):
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "5s"
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "10s"


# What an operator reads


def test_an_empty_database_says_what_to_do(postgresql: "Server") -> None:
    url = postgresql.url(postgresql.new_database(BARE))
    for attempt in (lambda: open_database(url, threads=1), lambda: dialect_of(url).open_reader(threads=1)):
        with pytest.raises(
            NoDatabase, match=r"Nothing was ever published to the database bare_.* Run `foundling publish`"
        ):
            attempt()


@pytest.mark.parametrize("template", [BARE, "template1"])
def test_a_database_is_made_from_nothing(postgresql: "Server", template: str) -> None:
    user = OWNER if template == BARE else BOSS  # who must add PostGIS
    url = postgresql.url(postgresql.new_database(template), user)
    writer = dialect_of(url).open_writer()
    assert upgrade(writer) is True
    assert upgrade(writer) is False
    require_current(writer)
    writer.dispose()


def test_without_postgis_and_the_right_to_add_it_the_message_says_who_must(postgresql: "Server") -> None:
    url = postgresql.url(postgresql.new_database("template1"))
    writer = dialect_of(url).open_writer()
    with pytest.raises(UnusableDatabase, match=r"needs PostGIS: .*superuser run CREATE EXTENSION postgis"):
        upgrade(writer)
    writer.dispose()
    assert postgresql.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url.rpartition("/")[2]) == []


def test_a_database_of_another_encoding_is_refused(postgresql: "Server") -> None:
    postgresql.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    dialect = dialect_of(postgresql.url("latin", BOSS))
    writer = dialect.open_writer()
    for attempt in (lambda: dialect.open_reader(threads=1), lambda: upgrade(writer)):
        with pytest.raises(UnusableDatabase, match=r"is LATIN1\. Make it anew: createdb --encoding UTF8"):
            attempt()
    writer.dispose()


SECRET = "s3cr%2Ft%40"
PLAIN = "s3cr/t@"


@pytest.mark.parametrize(("address", "told"), [
    ("postgresql://publisher:{secret}@127.0.0.1:1/absent", "The database absent on 127.0.0.1 cannot be .*refused"),
    ("postgresql://publisher:{secret}@127.0.0.1:{port}/absent", 'cannot be reached: .*"absent" does not exist'),
    ("postgresql://nobody:{secret}@127.0.0.1:{port}/migrated", 'cannot be reached: .*"nobody" does not exist'),
    ("postgresql://publisher@/x?host=127.0.0.1:1&host=127.0.0.1:2&password={secret}", "x on 127.0.0.1:1, 127.0.0.1:2 "),
    ("postgresql://publisher:{secret}@127.0.0.1:{port}/migrated?sslmode=nonsense", "invalid sslmode"),
    ("postgresql://publisher:{secret}@127.0.0.1:{port}/migrated?nonsense=1", "nonsense"),
    ("postgresql://publisher:{secret}@127.0.0.1:{port}/migrated?options=-c%20nonsense", "cannot be reached"),
    ("postgresql://publisher:{secret}@127.0.0.1:{port}/migrated?target_session_attrs=standby", "cannot be reached"),
    ("postgresql://publisher@127.0.0.1:s3cr/migrated", "no database URL.*percent"),
    ("postgresql+psycopg2://publisher:{secret}@127.0.0.1:{port}/migrated", "must name a SQLite file or PostgreSQL"),
])  # fmt: skip
def test_what_cannot_be_reached_is_told_in_a_line_without_the_password(
    postgresql: "Server", address: str, told: str
) -> None:
    url = address.format(secret=SECRET, port=postgresql.port)
    with pytest.raises(UnusableDatabase, match=told) as refusal:
        open_database(url, threads=1)
    message = str(refusal.value)
    assert len(message.splitlines()) == 1
    for part in (SECRET, PLAIN, "s3cr"):
        assert part not in message


@pytest.mark.parametrize(
    "arguments", [("publish",), ("check",), ("db", "upgrade"), ("serve", "--port", "8"), ("db", "role", "x")]
)
def test_commands_tell_it_in_the_same_line(postgresql: "Server", arguments: tuple[str, ...]) -> None:
    url = f"postgresql://publisher:{SECRET}@127.0.0.1:{postgresql.port}/absent"
    done = command({"FOUNDLING_DATABASE_URL": url}, *arguments)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert re.match('Error: The database absent on 127.0.0.1 cannot be reached: .*"absent" does not exist', line)
    assert "s3cr" not in done.stdout + done.stderr


def test_without_the_driver_the_message_names_the_extra() -> None:
    hidden = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from api.database.engine import dialect_of\n"
        "from api.domain.errors import UnusableDatabase\n"
        "try: dialect_of('postgresql://localhost/x').open_writer()\n"
        "except UnusableDatabase as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", hidden], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "psycopg, which is the extra `postgres`: pip install 'psycopg[binary]>=3.3'" in done.stdout


def test_prepared_statements_can_be_left_out_for_poolers_that_lose_them(store: "Store") -> None:
    reader = dialect_of(f"{store.url}?prepare_threshold=none").open_reader(threads=1)
    with reader.connect() as connection:
        for _ in range(9):
            connection.execute(text("SELECT :a"), {"a": 1})
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar() == 0
    reader.dispose()
    with store.reader.connect() as connection:
        for _ in range(9):
            connection.execute(text("SELECT :a"), {"a": 1})
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar()


# The reading role


@pytest.fixture
def role(store: "Store", version: Make, postgresql: "Server") -> Iterator[str]:
    """The URL of a database with one release, for a role that `foundling db role` made."""
    store.append([version("PE-2018-0001", point=(1.0, 2.0))])
    postgresql.psql(reading_role(store.url, 'we"b; --'), name_of(store))
    yield store.url.replace(OWNER, "we%22b;%20--")
    for statement in ('DROP OWNED BY "we""b; --"', 'DROP ROLE "we""b; --"'):
        postgresql.sql(statement, name_of(store))


def test_the_command_prints_what_makes_the_role(store: "Store") -> None:
    done = command({"FOUNDLING_DATABASE_URL": store.url}, "db", "role", "web")
    assert (done.returncode, done.stdout, done.stderr) == (0, reading_role(store.url, "web"), "")
    assert "PASSWORD" not in done.stdout


def test_the_reading_role_reads_everything_that_is_asked(role: str) -> None:
    database = open_database(role, threads=1)
    asked = IncidentFilter(bbox=Bbox(0, 0, 5, 5), q=("pe",))
    with database.reading() as connection:
        page = incidents.page(connection, PageQuery(asked, Sort(), 10, None, 1), 1, database.dialect)
        assert len(page.rows) == 1
    database.engine.dispose()


@pytest.mark.parametrize("statement", WRITES)
def test_the_reading_role_cannot_write_even_where_it_may_try(role: str, statement: str) -> None:
    with psycopg.connect(role, autocommit=True) as connection:
        with pytest.raises((psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.InsufficientPrivilege)):
            connection.execute(statement)
        connection.execute("SET default_transaction_read_only = off")
        if "TEMPORARY" not in statement:  # which is everybody's right, and touches nothing of ours
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_reading_role_reads_tables_that_come_later(role: str, store: "Store") -> None:
    with store.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE later (a int)")
    with psycopg.connect(role) as connection:
        assert connection.execute("SELECT count(*) FROM later").fetchone() == (0,)


def test_publishing_with_the_reading_role_says_what_to_do(role: str, version: Make) -> None:
    dialect = dialect_of(role)
    writer = dialect.open_writer()
    with pytest.raises(UnusableDatabase, match="is read-only: a standby, or a role that only reads"):
        append_release(writer, dialect, versions=[version("PE-2018-0002")], entries=[], now=NOW)
    writer.dispose()


def test_publishing_without_the_right_to_write_says_what_to_do(
    store: "Store", version: Make, postgresql: "Server"
) -> None:
    postgresql.sql("CREATE ROLE guest LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest", name_of(store))
    dialect = dialect_of(store.url.replace(OWNER, "guest"))
    writer = dialect.open_writer()
    with pytest.raises(UnusableDatabase, match=r"refuses: permission denied .*Publish as its owner"):
        append_release(writer, dialect, versions=[version("PE-2018-0002")], entries=[], now=NOW)
    writer.dispose()


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 64, "é" * 32, "\ud800"])
def test_a_name_that_no_role_can_have_is_refused(store: "Store", name: str) -> None:
    with pytest.raises(InvalidValue, match="1 to 63 bytes"):
        reading_role(store.url, name)


def test_sqlite_has_no_roles() -> None:
    with pytest.raises(UnusableDatabase, match="Only PostgreSQL has roles"):
        reading_role("sqlite:////tmp/x.sqlite", "web")
