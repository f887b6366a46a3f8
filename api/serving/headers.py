"""Headers that every answer carries: open to every page (CORS), closed to everything else."""

import re

from flask import Response, request

_EXPOSED = "Link, ETag, Content-Disposition, Content-Location, Retry-After, Foundling-Release, Content-Range"
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors *"
)

_REFUSED = re.compile(r";\s*q\s*=\s*0(?:\.0*)?\s*$", re.ASCII | re.IGNORECASE)


def simplify() -> None:
    """Takes out of a request what libraries would take wrong.

    Codings that a reader refuses (gzip;q=0) are chosen by Flask-Compress all the same. If-Match protects writes;
    there are none, and a read would become a 412 without a problem document.
    """
    request.environ.pop("HTTP_IF_MATCH", None)
    codings = request.headers.get("Accept-Encoding", "").split(",")
    request.environ["HTTP_ACCEPT_ENCODING"] = ",".join(one for one in codings if not _REFUSED.search(one))


def set_headers(response: Response) -> Response:
    """CORS on every status and method, a strict policy on pages."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "*"  # there are no credentials to protect
        headers["Access-Control-Max-Age"] = "86400"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    if response.mimetype == "text/html":
        headers["Content-Security-Policy"] = _POLICY
    return response
