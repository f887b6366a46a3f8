"""The application: rooms wired together, nothing else."""

import hashlib
import mimetypes
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, abort, request

from api.database.engine import open_database
from api.domain.errors import FoundlingError
from api.exports import sets
from api.routes import operations
from api.routes.pages import docs, explorer, use
from api.routes.v1 import changes, citation, downloads, hexagons, incidents, reference, releases, stats, stored, tiles
from api.serving import caching, compression, headers, problems
from api.serving.openapi import Api, make_api
from api.serving.state import State
from api.serving.turns import Turns
from api.settings import Settings
from api.snapshot import files
from api.snapshot.keeper import Keeper

MAX_ADDRESS_BYTES = 8192

_VENDORED_MAX_AGE_S = 86_400


class Application(Flask):
    """Flask, with static files kept for as long as they are likely to stay the same, and no asynchronous views."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: there is nothing to find out about a dozen functions in every request."""
        return func

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """A day for what others made; our own scripts are asked for again, and are 304."""
        is_vendored = filename is not None and filename.startswith(("vendor/", "basemap/"))
        return _VENDORED_MAX_AGE_S if is_vendored else None


def create_app(settings: Settings) -> Flask:
    """The WSGI application. Raises UnusableDatabase when there is nothing to read."""
    app = _bare_app()
    database = open_database(settings.effective_read_database_url, threads=settings.threads)
    app.extensions["foundling"] = State(
        database=database,
        public_url=settings.public_url,
        build=_build(),
        downloads=BoundedSemaphore(max(1, settings.threads // 2)),
        snapshots=Keeper(database, settings.data / files.FOLDER),
        files=settings.data / sets.FOLDER,
    )
    # After-hooks run in the reverse order: the stamp sets the tag that is then told apart by coding, and kept last.
    app.after_request(caching.keep)
    compression.compress(app)
    app.after_request(headers.set_policy)
    app.after_request(caching.stamp)
    app.before_request(_refuse_long_addresses)
    app.before_request(headers.simplify)
    app.before_request(caching.known_answer)
    app.register_error_handler(FoundlingError, problems.from_foundling)
    _register_routes(app)
    taking_turns = Turns(headers.Open(app.wsgi_app), at_once=database.dialect.at_once)
    app.wsgi_app = taking_turns  # type: ignore[method-assign]  # as Flask's documentation does
    return app


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document; it needs no database."""
    document: dict[str, Any] = _register_routes(_bare_app()).spec.to_dict()
    return document


def _bare_app() -> Flask:
    app = Application("api", static_folder="static", template_folder="templates")
    mimetypes.add_type("text/javascript", ".mjs")
    mimetypes.add_type("application/geo+json", ".geojson")
    app.url_map.strict_slashes = False
    # A redirect would carry the request's Host; an odd address is simply not found.
    app.url_map.merge_slashes = False
    return app


def _register_routes(app: Flask) -> Api:
    api = make_api(app, version("foundling"))
    data = (incidents, downloads, stats, hexagons, tiles, changes, citation, reference, releases, stored)
    for module in (*data, operations):
        api.register_blueprint(module.blueprint)
    for page in (explorer, docs, use):
        app.register_blueprint(page.blueprint)
    return api


def _refuse_long_addresses() -> None:
    length = len(request.environ.get("RAW_URI") or "") or len(request.path.encode()) + 1 + len(request.query_string)
    if length > MAX_ADDRESS_BYTES:
        abort(414, f"The address has {length:,} bytes; at most {MAX_ADDRESS_BYTES:,} are accepted.")


def _build() -> str:
    # Tags change with the software as well: an operator may run any commit.
    total = hashlib.sha256(version("foundling").encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()[:12]
