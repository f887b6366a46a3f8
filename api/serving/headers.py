"""Headers that every answer carries: open to every page (CORS), closed to everything else."""

import re
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Response, request

_EXPOSED = "Link, ETag, Content-Disposition, Content-Location, Retry-After, Foundling-Release, Content-Range"
_ALWAYS = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]
_FOR_PREFLIGHT = [
    ("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS"),
    ("Access-Control-Allow-Headers", "*"),  # there are no credentials to protect
    ("Access-Control-Max-Age", "86400"),
]
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors *"
)

_LATE = "foundling.headers"
_REFUSED = re.compile(r";\s*q\s*=\s*0(?:\.0*)?\s*$", re.ASCII | re.IGNORECASE)


def simplify() -> None:
    """Takes out of a request what libraries would take wrong.

    Codings that a reader refuses (gzip;q=0) are chosen by Flask-Compress all the same. If-Match protects writes;
    there are none, and a read would become a 412 without a problem document.
    """
    environ = request.environ
    environ.pop("HTTP_IF_MATCH", None)
    codings = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "=" in codings:
        environ["HTTP_ACCEPT_ENCODING"] = ",".join(one for one in codings.split(",") if not _REFUSED.search(one))


def add_late(headers: list[tuple[str, str]]) -> None:
    """Puts headers, which nothing looks at or changes any more, beside the constants."""
    request.environ[_LATE] = headers


def late() -> list[tuple[str, str]]:
    """The headers that were put there."""
    found: list[tuple[str, str]] = request.environ.get(_LATE, [])
    return found


class Open:
    """Around the application: CORS and a few constants on whatever it answers, added when the status line is."""

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers as the application does."""
        added = _ALWAYS if environ["REQUEST_METHOD"] != "OPTIONS" else _ALWAYS + _FOR_PREFLIGHT

        def start(status: str, headers: list[tuple[str, str]], *details: Any) -> Any:
            return start_response(status, headers + environ.get(_LATE, []) + added, *details)

        return self._application(environ, start)


def set_policy(response: Response) -> Response:
    """A strict content security policy on pages."""
    if (response.content_type or "").startswith("text/html"):
        response.headers["Content-Security-Policy"] = _POLICY
    return response
