"""A file that breaks off does so behind nginx too; readers who stall leave the others alone."""

import base64
import http.client
import os
import random
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import orjson
import pytest

from api.curation.attach import LocatedIncident
from api.curation.versions import build
from api.domain.release import Release
from tests.postgresql import free_port, new_server, own_folder

if TYPE_CHECKING:
    from tests.postgresql import Server

Serve = Callable[..., AbstractContextManager[str]]
EXTENSIONS = ("geojson", "csv", "json", "ndjson", "xlsx")
COUNT, LONG = 4000, 6000

_CONFIGURATION = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/c; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass {home}; proxy_http_version {protocol}; proxy_buffering {buffering};
                  proxy_max_temp_file_size 0; }}
  }}
}}
"""


@pytest.fixture(scope="module")
def nginx() -> str:
    """The program."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or not_run()


def not_run() -> NoReturn:
    """Skips on a laptop; fails in CI, where a test that silently did not happen would count as passed."""
    reason = "NOT RUN: no nginx. apt-get install nginx-light"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def behind(program: str, home: str, folder: Path, *, protocol: str, buffering: str) -> Iterator[str]:
    """The address of an nginx before a server."""
    folder.mkdir()
    port = free_port()
    settings = {"folder": folder, "port": port, "home": home, "protocol": protocol, "buffering": buffering}
    (folder / "nginx.conf").write_text(_CONFIGURATION.format(**settings))
    with subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
        try:
            wait_until(lambda: is_open(port))
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(200):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it never came to that")


@pytest.fixture(scope="module")
def mortal() -> Iterator["Server"]:
    """A server that nobody else uses."""
    with own_folder() as folder:
        yield new_server(folder)


@pytest.fixture(scope="module")
def append_long(
    locate: Callable[..., LocatedIncident], append_incidents: Callable[..., Release]
) -> Callable[[str], Release]:
    """Fills a database with more than all the buffers on the way hold; it cannot be compressed to less."""
    chance = random.Random(3)
    one = build(locate("PE-2018-0001"))
    flat = orjson.loads(one.flat)

    def append(url: str) -> Release:
        return append_incidents(
            url,
            (
                replace(
                    one,
                    id=f"PE-2018-{number:04d}",
                    flat=orjson.dumps(
                        flat
                        | {"id": f"PE-2018-{number:04d}", "summary": base64.b64encode(chance.randbytes(LONG)).decode()}
                    ),
                )
                for number in range(COUNT)
            ),
        )

    return append


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize(("protocol", "buffering"), [("1.0", "on"), ("1.0", "off"), ("1.1", "on"), ("1.1", "off")])
def test_a_file_whose_database_dies_never_ends_as_if_complete(
    nginx: str,
    mortal: "Server",
    long_url: str,
    serve: Serve,
    tmp_path: Path,
    *,
    extension: str,
    protocol: str,
    buffering: str,
) -> None:
    with (
        serve(long_url) as home,
        behind(nginx, home, tmp_path / "nginx", protocol=protocol, buffering=buffering) as proxy,
    ):
        reader = http.client.HTTPConnection(proxy, timeout=30)
        reader.request("GET", f"/v1/incidents.{extension}")
        answer = reader.getresponse()
        assert answer.status == 200
        received = answer.read(1000)
        mortal.stop("immediate")
        try:
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                received += answer.read()
        finally:
            mortal.start()
        reader.close()


def test_a_whole_file_passes_whole(nginx: str, long_url: str, serve: Serve, tmp_path: Path) -> None:
    with (
        serve(long_url) as home,
        behind(nginx, home, tmp_path / "nginx", protocol="1.0", buffering="on") as proxy,
        urllib.request.urlopen(f"http://{proxy}/v1/incidents.ndjson", timeout=60) as answer,
    ):
        body = answer.read()
    assert body.count(b"\n") == COUNT


@pytest.fixture(scope="module")
def long_url(mortal: "Server", append_long: Callable[[str], Release]) -> str:
    """A PostgreSQL database of long records."""
    url = mortal.url(mortal.new_database())
    append_long(url)
    return url


def test_sixty_four_stalled_downloads_leave_the_rest_answering(
    new_url: Callable[[], str], append_long: Callable[[str], Release], serve: Serve
) -> None:
    url = new_url()
    append_long(url)
    with serve(url) as home:
        address = home.removeprefix("http://")
        stalled = [stall(address, EXTENSIONS[number % len(EXTENSIONS)]) for number in range(64)]
        try:
            # Until the buffers on the way are full, they are no stalled readers but busy ones.
            wait_until(lambda: seconds(f"{home}/v1/incidents?limit=5") < 0.5)
            for path in ("/v1/incidents?limit=5", "/v1/incidents/PE-2018-0007", "/v1/citation", "/livez", "/readyz"):
                assert seconds(f"{home}{path}") < 2, path
        finally:
            for one in stalled:
                one.close()


def seconds(address: str) -> float:
    """How long a good answer takes."""
    begun = time.monotonic()
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        answer.read()
    return time.monotonic() - begun


def stall(address: str, extension: str) -> socket.socket:
    """Asks for a file, and reads nothing of it."""
    host, _, port = address.partition(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((host, int(port)))
    connection.sendall(f"GET /v1/incidents.{extension} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return connection
