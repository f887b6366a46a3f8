"""What tests share: the real seeds published once, an application over them, and a server of one's own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeVar

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.curation.attach import LocatedIncident, registry_documents
from api.curation.check import check
from api.curation.publish import Published, publish
from api.curation.versions import build, build_entry
from api.database.append import append_release
from api.database.engine import dialect_of
from api.database.rows import IncidentVersion
from api.database.upgrade import upgrade
from api.domain.dates import parse_edtf
from api.domain.incident import Incident, Outcome, Source
from api.domain.place import GazetteerPlace, Geocode, Precision, ReportedPlace
from api.domain.release import Release
from api.exports.registry import available
from api.exports.write import Exporter, Written
from api.settings import Settings

if TYPE_CHECKING:
    from tests.postgresql import Server

pytest_plugins = ["tests.browser", "tests.postgresql", "tests.oracle", "tests.questions"]

T = TypeVar("T")
ROOT = Path(__file__).parent.parent
FIRST_FOUR = {"PE-2018-0001", "NG-2018-0001", "ID-2018-0001", "ID-2013-0001"}
Serve = Callable[..., AbstractContextManager[str]]
NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)
PUBLIC_URL = "https://data.example.org"

hypothesis.settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None)
hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def in_silence(versions: Iterable[Any], _total: int) -> Iterable[Any]:
    """A progress bar that nobody sees."""
    return versions


def unwatched(name: str, parts: Iterable[T], *, total: int, size_of: Callable[[T], int]) -> Iterable[T]:  # noqa: ARG001
    """Progress of a file that nobody sees."""
    return parts


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The real seeds."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def first_four(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """The four incidents that the record began with, and what they need: few enough to tell each by name."""
    directory = tmp_path_factory.mktemp("first-four") / "seeds"
    shutil.copytree(seeds, directory, ignore=shutil.ignore_patterns("gazetteer", "incidents"))
    (directory / "incidents").mkdir()
    cited: set[str] = set()
    places: set[tuple[str, str, str | None]] = set()
    for entry in _load(seeds / "context.json"):
        cited.update(entry["sources"])
    for country in ("ID", "NG", "PE"):
        records = [one for one in _load(seeds / "incidents" / f"{country}.json") if one["id"] in FIRST_FOUR]
        for record in records:
            record["related"] = []
            cited.update(record["sources"])
            places.update(
                (place["text"], place["country"], place["subdivision"])
                for place in (record["place"], *record["other_places"])
            )
        _write(directory / "incidents" / f"{country}.json", records)
    sources = [one for one in _load(seeds / "sources.json") if one["id"] in cited]
    _write(directory / "sources.json", sources)
    geocodes = _load(seeds / "geocodes.json")
    kept = [one for one in geocodes if (one["text"], one["country"], one["subdivision"]) in places]
    _write(directory / "geocodes.json", kept)
    return directory


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def publish_seeds() -> Callable[..., Published]:
    """Publishes a directory of seeds into a database URL."""

    def run(directory: Path, database_url: str, now: datetime = NOW) -> Published:
        return publish(directory, database_url, now=now, progress=in_silence)

    return run


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests run on the databases that their marker names, SQLite without one; nothing in them differs."""
    if "new_url" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("new_url", marker.args if marker else ["sqlite"], indirect=True, scope="session")


@pytest.fixture(scope="session")
def new_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Makes an empty database and gives its URL."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        return lambda: server.url(server.new_database())
    return lambda: f"sqlite:///{tmp_path_factory.mktemp('database') / 'foundling.sqlite'}"


@pytest.fixture(scope="session")
def copy_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Copies a database to which nobody is connected, and gives the copy's URL."""

    def copy(url: str) -> str:
        if url.startswith("sqlite:"):
            path = shutil.copy(url.removeprefix("sqlite:///"), tmp_path_factory.mktemp("copy"))
            return f"sqlite:///{path}"
        server: Server = request.getfixturevalue("postgresql")
        return server.url(server.new_database(url.rpartition("/")[2]))

    return copy


@pytest.fixture(scope="session")
def take_away(drop_database: Callable[[str], None]) -> Callable[[Flask, str], None]:
    """Takes the database away from under an application."""

    def take(app: Flask, url: str) -> None:
        app.extensions["foundling"].database.engine.dispose()
        if url.startswith("sqlite:"):
            Path(url.removeprefix("sqlite:///")).unlink()
        else:
            drop_database(url)

    return take


@pytest.fixture(scope="session")
def database_url(new_url: Callable[[], str], seeds: Path, publish_seeds: Callable[..., Published]) -> str:
    """A database in which the real seeds are release 1."""
    url = new_url()
    result = publish_seeds(seeds, url)
    assert not result.is_refused, result.findings
    return url


@pytest.fixture(scope="session")
def make_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Flask]]:
    """An application over a database URL."""
    made: list[Flask] = []

    def make(url: str) -> Flask:
        data = tmp_path_factory.mktemp("data")
        made.append(create_app(Settings(data=data, database_url=url, public_url=PUBLIC_URL, threads=4)))
        return made[-1]

    yield make
    for app in made:
        app.extensions["foundling"].database.engine.dispose()


@pytest.fixture(scope="session")
def store_files() -> Callable[..., Written]:
    """Stores files of a release, the current one by default, for an application; in some formats or all."""

    def store(app: Flask, *extensions: str, number: int | None = None, newest: int = 3) -> Written:
        state = app.extensions["foundling"]
        formats = [one for one in available() if not extensions or one.extension in extensions]
        exporter = Exporter(state.database, state.files.parent / "snapshots", state.public_url, unwatched)
        return exporter.keep(state.files, formats, number=number, newest=newest, is_anew=True)

    return store


@pytest.fixture(scope="session")
def app(database_url: str, make_app: Callable[[str], Flask], store_files: Callable[..., Written]) -> Flask:
    """The application over the real seeds, with stored files."""
    made = make_app(database_url)
    store_files(made)
    return made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Requests without a server."""
    return app.test_client()


@pytest.fixture(scope="session")
def live_url(database_url: str, serve: Serve) -> Iterator[str]:
    """A real server over the real seeds."""
    with serve(database_url) as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Starts a real server over a database URL, with further settings if any, and stops it in the end."""
    return _served


@contextmanager
def _served(database_url: str, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(port), "--workers", "1"]
    with TemporaryDirectory() as data, ExitStack() as running:
        environ = os.environ | {"FOUNDLING_DATABASE_URL": database_url, "FOUNDLING_DATA": data} | dict(settings or {})
        server = running.enter_context(subprocess.Popen(command, env=environ, cwd=ROOT))
        try:
            _wait_until_ready(f"{url}/readyz", server)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=40)


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.fail(f"the server ended with exit code {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not become ready")


@pytest.fixture(scope="session")
def locate() -> Callable[..., LocatedIncident]:
    """Makes an invented incident at a point; everything may be chosen."""

    def make(
        identifier: str,
        *,
        lon: float = 0.0,
        lat: float = 0.0,
        date: str = "2018",
        country: str = "PE",
        admin1: str | None = None,
        precision: Precision = Precision.SETTLEMENT,
        uncertainty_m: int = 3000,
        sources: tuple[Source, ...] | None = None,
        **overrides: Any,
    ) -> LocatedIncident:
        place = ReportedPlace(country, "", "Invented Town")
        cited = sources or (_source("invented-news-2018"),)
        values: dict[str, Any] = {
            "id": identifier,
            "category": "other",
            "title": {"en": "An invented incident"},
            "summary": {"en": "Nothing of this happened."},
            "date": parse_edtf(date),
            "date_note": None,
            "place": place,
            "other_places": (),
            "methods": (),
            "purposes": (),
            "roles": (),
            "figures": (),
            "outcomes": (Outcome("reported", None, None, (cited[0].id,)),),
            "sources": tuple(source.id for source in cited),
            "confidence": "low",
            "related": (),
        }
        found = GazetteerPlace(
            "test:1", "Invented Town", precision, lon, lat, uncertainty_m, country, admin1, population=10_000
        )
        geocode = Geocode(place, found, "test", "CC0-1.0", "Invented Town", "2026-11-24", is_reviewed=True)
        return LocatedIncident(Incident(**values | overrides), geocode, (), cited)

    return make


@pytest.fixture(scope="session")
def append_incidents(seeds: Path) -> Callable[..., Release]:
    """Makes invented incidents, and nothing else, the next release of a database; the codelists are the real ones.

    `withdrawn` holds entries as they stand in withdrawn.json, `others` any more: kind, key and document.
    """
    described = list(registry_documents(check(seeds, today=NOW.date()).dataset))

    def append(
        database_url: str,
        incidents: Iterable[LocatedIncident | IncidentVersion],
        *,
        withdrawn: Iterable[dict[str, Any]] = (),
        others: Iterable[tuple[str, str, dict[str, Any]]] = (),
        now: datetime = NOW,
    ) -> Release:
        dialect = dialect_of(database_url)
        writer = dialect.open_writer()
        entries = [*described, *(("withdrawn", entry["id"], entry) for entry in withdrawn), *others]
        try:
            upgrade(writer)
            result = append_release(
                writer,
                dialect,
                versions=(build(one) if isinstance(one, LocatedIncident) else one for one in incidents),
                entries=(build_entry(*entry) for entry in entries),
                now=now,
            )
        finally:
            writer.dispose()
        assert result is not None, "nothing changed"
        return result[0]

    return append


@pytest.fixture(scope="session")
def read_problem() -> Callable[[TestResponse, int], dict[str, Any]]:
    """The problem document of an answer, once everything that every error promises is there."""

    def read(response: TestResponse, status: int) -> dict[str, Any]:
        assert response.status_code == status, (response.status, response.get_data()[:300])
        assert response.content_type == "application/problem+json"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]
        assert "ETag" not in response.headers
        body: dict[str, Any] = response.get_json(force=True)
        assert body["status"] == status
        assert body["type"].startswith(f"{PUBLIC_URL}/docs/errors#")
        assert body["title"]
        assert body["detail"]
        return body

    return read


def _source(identifier: str) -> Source:
    published = parse_edtf("2018")
    return Source(
        id=identifier,
        publisher="Invented News",
        publisher_kind="press",
        title="Invented headline",
        description=None,
        url=None,
        withheld=None,
        language="en",
        published=published,
        retrieved=None,
        archived_url=None,
        kind="original",
        original_publisher=None,
    )
