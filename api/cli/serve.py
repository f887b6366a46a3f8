"""`foundling serve`."""

import gc
import os
import socket
from dataclasses import replace
from typing import Any

import click
from gunicorn.app.base import BaseApplication
from gunicorn.http import message

from api.app import create_app
from api.cli.options import settings
from api.database.engine import open_database
from api.settings import Settings

_GRACE_S = 30
_LONGEST_REQUEST_LINE = 16_384


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn, configured by us alone: no files, no environment, no control socket."""

    def __init__(self, chosen: Settings, options: dict[str, Any]) -> None:
        self._chosen = chosen
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Takes the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; called in each worker, because SQLite's handles must not cross a fork."""
        return create_app(self._chosen)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes.  [default: the number of cores]")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the API and the map.

    On the open internet put a buffering proxy (nginx, HAProxy) in front, and tell readers' address in
    FOUNDLING_PUBLIC_URL: links in answers start with it.

    \b
    Examples:
      foundling serve
      foundling serve --host 0.0.0.0 --port 8123
    """
    chosen = settings()
    shown_host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not listened on
    chosen = replace(chosen, public_url=chosen.public_url or f"http://{shown_host}:{port}")
    _require_free(host, port)
    # Whatever is wrong is said here, once, and not by every worker; no handle of this trial crosses the fork.
    open_database(chosen.effective_read_database_url, threads=1).engine.dispose()
    for title, path in (("Map", "/"), ("Data", "/v1/incidents"), ("Docs", "/docs")):
        click.echo(f"{title:5} http://{shown_host}:{port}{path}")
    if not chosen.public_url.startswith(f"http://{shown_host}:"):
        click.echo(f"Links in answers start with {chosen.public_url}")
    options = server_options(host, port, workers=workers or os.cpu_count() or 1, threads=chosen.threads)
    # What is loaded stays shared with the workers as long as nobody writes to it, and collecting garbage would.
    gc.collect()
    gc.freeze()
    Server(chosen, options).run()


def server_options(host: str, port: int, *, workers: int, threads: int) -> dict[str, Any]:
    """What gunicorn is told. Call it before the server is made: it raises gunicorn's limit of the request line."""
    # Our own limit of 8,192 bytes answers with a problem document, so the server's must lie above it. gunicorn allows
    # 8,190 at most, or none at all: then a line without an end is read at a cost that grows with its square.
    message.MAX_REQUEST_LINE = _LONGEST_REQUEST_LINE
    return {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "graceful_timeout": _GRACE_S,
        "loglevel": "warning",
        "limit_request_line": _LONGEST_REQUEST_LINE,
        "control_socket_disable": True,
    }


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port}: {error.strerror}. Try another --port or --host."
            ) from error
