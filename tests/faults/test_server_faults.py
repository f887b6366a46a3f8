"""PostgreSQL going away and coming back under a live server, and reading from a standby while the primary is down."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.client import IncompleteRead
from typing import TYPE_CHECKING, Any, Self

import pytest

from api.curation.attach import LocatedIncident
from api.domain.errors import DatabaseUnavailable, UnusableDatabase
from api.domain.release import Release
from tests.postgresql import new_server, own_folder

if TYPE_CHECKING:
    from tests.postgresql import Server

Serve = Callable[..., AbstractContextManager[str]]
Append = Callable[..., Release]
Locate = Callable[..., LocatedIncident]

PATHS = ("/v1/incidents?limit=50&_={}", "/v1/incidents.geojson?_={}", "/v1/incidents/PE-2018-0007?_={}", "/readyz?_={}")
COUNT = 400


@pytest.fixture(scope="module")
def mortal() -> Iterator["Server"]:
    """A server that nobody else uses."""
    with own_folder() as folder:
        yield new_server(folder)


@pytest.fixture(scope="module")
def published(mortal: "Server", locate: Locate, append_incidents: Append) -> str:
    """The URL of a database with one release."""
    url = mortal.url(mortal.new_database())
    append_incidents(url, some(locate, COUNT))
    return url


def some(locate: Locate, count: int) -> list[LocatedIncident]:
    return [locate(f"PE-2018-{number:04d}", lon=number % 180, lat=number % 80) for number in range(count)]


class Load:
    """Requests from several threads, each with an address of its own, and what came of them."""

    def __init__(self, home: str) -> None:
        self._home = home
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(6)]
        self.statuses: Counter[int] = Counter()
        self.broken_off = 0
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def wait_for(self, status: int, more: int = 30) -> None:
        """Waits until that many more requests were answered so."""
        wanted = self.statuses[status] + more
        for _ in range(2400):
            if self.statuses[status] >= wanted or self.faults:
                return
            time.sleep(0.025)
        pytest.fail(f"no more answers with {status}: {self.statuses}")

    def _ask(self, number: int) -> None:
        turn = 0
        while not self._is_over.is_set():
            turn += 1
            path = PATHS[(number + turn) % len(PATHS)].format(f"{number}.{turn}")
            try:
                self._judge(path, *get(self._home + path))
            except OSError as error:
                self.faults.append(f"{path}: {error}")
            except IncompleteRead:
                self.broken_off += 1  # a file that ends early and says so is no torn body

    def _judge(self, path: str, status: int, headers: Any, body: bytes) -> None:
        self.statuses[status] += 1
        try:
            told = json.loads(body)
        except ValueError:
            self.faults.append(f"{path}: {status}, torn after {len(body)} bytes")
            return
        if status == 503:
            if headers["Content-Type"] != "application/problem+json" or not int(headers["Retry-After"]) > 0:
                self.faults.append(f"{path}: {headers}")
        elif status != 200:
            self.faults.append(f"{path}: {status} {told}")
        elif "geojson" in path and len(told["features"]) != COUNT:
            self.faults.append(f"{path}: {len(told['features'])} features")
        elif "limit" in path and len(told["data"]) != 50:
            self.faults.append(f"{path}: {len(told['data'])} rows")


def get(address: str) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_stops_and_starts_is_503_meanwhile_and_needs_no_restart(
    mortal: "Server", published: str, serve: Serve, mode: str
) -> None:
    with serve(published) as home, Load(home) as load:
        load.wait_for(200)
        mortal.stop(mode)
        load.wait_for(503)
        mortal.start()
        load.wait_for(200, more=200)
        before = load.statuses[503]
        load.wait_for(200, more=200)
        assert load.statuses[503] == before, "whoever was told once is not told again"
    assert load.faults == []
    assert set(load.statuses) == {200, 503}


def test_a_publish_while_the_server_stops_leaves_nothing_and_can_be_repeated(
    mortal: "Server", locate: Locate, append_incidents: Append
) -> None:
    url = mortal.url(mortal.new_database())

    def halting() -> Iterator[LocatedIncident]:
        for number, one in enumerate(some(locate, COUNT)):
            if number == COUNT - 1:
                mortal.stop("fast")
                mortal.start()
            yield one

    with pytest.raises(DatabaseUnavailable, match="Nothing was changed; try again"):
        append_incidents(url, halting())
    assert append_incidents(url, some(locate, COUNT)).number == 1


def test_a_standby_answers_while_the_primary_is_down(
    mortal: "Server", published: str, serve: Serve, locate: Locate, append_incidents: Append
) -> None:
    name = published.rpartition("/")[2]
    with own_folder() as folder:
        standby = mortal.twin(folder)
        standby.start()
        reads = f"postgresql://publisher@/{name}?host=127.0.0.1:{standby.port}&host=127.0.0.1:{mortal.port}"
        environ = {"FOUNDLING_READ_DATABASE_URL": f"{reads}&target_session_attrs=prefer-standby"}
        with serve(published, environ) as home:
            release = append_incidents(published, some(locate, COUNT + 1))
            wait_until(lambda: json.loads(get(f"{home}/readyz")[2])["release"] == release.number)
            mortal.stop("immediate")
            for path in PATHS:
                status, _, body = get(home + path.format("down"))
                assert status == 200, body
            assert len(json.loads(get(f"{home}/v1/incidents.geojson?_=1")[2])["features"]) == COUNT + 1
            with pytest.raises(UnusableDatabase, match="is read-only: a standby"):
                append_incidents(standby.url(name), some(locate, 3))
            mortal.start()
            standby.stop("immediate")  # and now the other way round: what is left is the primary
            wait_until(lambda: get(f"{home}/v1/incidents?_=2")[0] == 200)


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it never came to that")
