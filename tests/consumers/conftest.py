"""A live server over invented incidents that every trap is in, and a note of which tool opened them."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

import pytest

from api.consumers.question import Question
from api.consumers.tools import BY_KEY
from api.curation.attach import LocatedIncident
from api.domain.place import Precision
from api.domain.release import Release
from tests.browser import not_run

ROOT = Path(__file__).parents[2]
RECORDER = "consumers-recorder"
FILTER = {"country": "NA,PE", "datetime": "2018"}
MATCHING = 12
"""How many of the incidents below the filter finds."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs large programs is run by `make consumers` alone."""
    if config.pluginmanager.has_plugin(RECORDER):
        return
    left = [item for item in items if item.get_closest_marker("by_hand")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def served(
    tmp_path_factory: pytest.TempPathFactory,
    serve: Callable[..., AbstractContextManager[str]],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> Iterator[str]:
    """The address of a server: Namibia, a month, a formula, accents, quotes, an area, and a record of another year."""
    titles = ["plain", "=1+1", "2018-10", "007", 'say "no", twice', "two\nlines", "é 孩子", "NA", "1e5", "@x"]
    incidents = [
        locate(
            f"NA-2018-{number:04d}",
            country="NA",
            lon=17.25 + number / 4,
            lat=-22.5,
            date="2018-10",
            title={"en": title},
        )
        for number, title in enumerate(titles)
    ]
    incidents.append(locate("PE-2018-0001", country="PE", lon=-71.5, lat=-16.5, date="2018-11-06"))
    area = {"precision": Precision.ADMIN1, "uncertainty_m": 200_000}
    incidents.append(locate("PE-2018-0002", country="PE", lon=-75.5, lat=-12.5, date="2018", **area))
    incidents.append(locate("ID-2013-0001", country="ID", lon=106.75, lat=-6.25, date="2013"))
    folder = tmp_path_factory.mktemp("consumers")
    url = f"sqlite:///{folder / 'foundling.sqlite'}"
    append_incidents(url, incidents)
    with serve(url, {"FOUNDLING_DATA": str(folder)}) as address:
        told = {"FOUNDLING_DATABASE_URL": url, "FOUNDLING_DATA": str(folder), "FOUNDLING_PUBLIC_URL": address}
        command = [sys.executable, "-m", "api.cli.main", "export"]
        subprocess.run(command, env=os.environ | told, cwd=ROOT, check=True, capture_output=True)
        yield address


@pytest.fixture(scope="session")
def asked(served: str) -> Question:
    """What the tools are to open: two parameters, one of them with a comma."""
    return Question(served, FILTER)


@pytest.fixture(scope="session")
def pastes(asked: Question) -> Callable[[str], list[str]]:
    """The filled snippets of a tool."""
    return lambda key: [asked.fill(paste.text) for paste in BY_KEY[key].pastes]


@pytest.fixture
def proves(record_property: Callable[[str, Any], None]) -> Callable[..., None]:
    """Notes that the tool of a key did open the data: `with_` names what ran, or what was tested in its stead."""

    def note(key: str, with_: str, *, how: str = "ran") -> None:
        assert key in BY_KEY
        record_property("proof", (key, how, with_))

    return note


@pytest.fixture
def run_python(tmp_path: Path) -> Callable[..., str]:
    """Runs a snippet as a program of its own, and gives what the lines after it print."""

    def run(snippet: str, after: str, *packages: str) -> str:
        for package in packages:
            try:
                importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                not_run(f"NOT RUN: no {package}. pip install {package}")
        return output_of([sys.executable, "-c", f"{snippet}\n{after}"], tmp_path)

    return run


@pytest.fixture
def program() -> Callable[[str, str], str]:
    """The path of a program; the test is not run where it is missing."""

    def find(name: str, package: str) -> str:
        found = shutil.which(name)
        return found or _missing(name, package)

    return find


def _missing(name: str, package: str) -> NoReturn:
    not_run(f"NOT RUN: no {name}. apt-get install {package}")


def output_of(command: list[str], folder: Path) -> str:
    """What a command prints; fails with what it complains about."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address at which it is served: another origin than the API, as readers' pages are."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def read_json() -> Callable[[str], Any]:
    """The JSON at an address."""

    def read(address: str) -> Any:
        with urllib.request.urlopen(address) as answer:
            return json.load(answer)

    return read
