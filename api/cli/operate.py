"""`foundling serve`, `foundling openapi` and `foundling db`."""

import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import orjson
from gunicorn.app.base import BaseApplication
from gunicorn.http import message

from api.app import create_app, openapi_document
from api.cli.codebook import rewritten
from api.cli.options import settings
from api.database.engine import dialect_of, open_database
from api.database.upgrade import upgrade as upgrade_database
from api.schemas.seeds.json_schema import incident_json_schema
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
    open_database(chosen.effective_database_url, threads=1).engine.dispose()
    for title, path in (("Map", "/"), ("Data", "/v1/incidents"), ("Docs", "/docs")):
        click.echo(f"{title:5} http://{shown_host}:{port}{path}")
    if not chosen.public_url.startswith(f"http://{shown_host}:"):
        click.echo(f"Links in answers start with {chosen.public_url}")
    options = {
        "bind": f"{host}:{port}",
        "workers": workers or os.cpu_count() or 1,
        "worker_class": "gthread",
        "threads": chosen.threads,
        "graceful_timeout": _GRACE_S,
        "loglevel": "warning",
        "limit_request_line": _LONGEST_REQUEST_LINE,
        "control_socket_disable": True,
    }
    # Our own limit of 8,192 bytes answers with a problem document, so the server's must lie above it. gunicorn allows
    # 8,190 at most, or none at all: then a line without an end is read at a cost that grows with its square.
    message.MAX_REQUEST_LINE = _LONGEST_REQUEST_LINE
    Server(chosen, options).run()


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


@click.command()
@click.option("--write", is_flag=True, help="Write the files in openapi/ and the tables of docs/codebook.md.")
@click.option("--check", "is_check", is_flag=True, help="Exit 1 when one of them is not up to date.")
def openapi(write: bool, is_check: bool) -> None:
    """Print the OpenAPI document; write it, the record's JSON Schema and the codebook's tables, or check them.

    \b
    Examples:
      foundling openapi > openapi.json
      foundling openapi --write
      foundling openapi --check
    """
    documents = {"openapi/openapi.json": openapi_document(), "openapi/incident.schema.json": incident_json_schema()}
    files = {
        Path(name): orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n" for name, document in documents.items()
    }
    book = Path("docs/codebook.md")
    if (write or is_check) and book.is_file():  # its prose is written by hand, so it cannot be made from nothing
        codelists = orjson.loads(Path("seeds/codelists.json").read_bytes())
        files[book] = rewritten(book.read_text(encoding="utf-8"), codelists).encode()
    if write:
        for path, content in files.items():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            click.echo(f"Wrote {path}.")
    elif is_check:
        stale = [str(path) for path, content in files.items() if not path.is_file() or path.read_bytes() != content]
        if stale:
            click.echo(f"Not up to date: {', '.join(stale)}. Run `foundling openapi --write`.", err=True)
            sys.exit(1)
        click.echo("Up to date.")
    else:
        click.echo(files[Path("openapi/openapi.json")].decode(), nl=False)


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the database's schema up to date; `foundling publish` does so by itself.

    \b
    Example:
      foundling db upgrade
    """
    writer = dialect_of(settings().effective_database_url).open_writer()
    try:
        click.echo("Upgraded." if upgrade_database(writer) else "Up to date.")
    finally:
        writer.dispose()
