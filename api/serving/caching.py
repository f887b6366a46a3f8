"""Conditional answers in two hooks: not modified before anything is read, a stamp on everything that was."""

import hashlib
import re

from flask import Response, current_app, g, request

from api.domain.errors import InvalidQuery, InvalidValue
from api.domain.query import parse_cursor
from api.domain.release import OPEN, Release
from api.serving import language
from api.serving.links import address
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import current, pinned, state

DATA_PREFIX = "/v1"
SCHEMAS_PREFIX = "/v1/schemas/"
"""Of the software, not of a release."""

_PINNED = "public, max-age=31536000, s-maxage=3600, immutable"
_CURRENT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{0,100})"')
_MOST_TAG_BYTES = 2048


def not_modified() -> Response | None:
    """Before a view of data: 304 when the reader has this very answer, and nothing is parsed or read for it."""
    if request.endpoint is None or not f"{request.path}/".startswith(DATA_PREFIX + "/"):
        return None
    if request.method not in ("GET", "HEAD") or request.path.startswith(SCHEMAS_PREFIX):
        return None
    try:
        pairs = decode(request.query_string)
    except InvalidQuery:
        return None  # the view says what is wrong with it
    number = named_release(pairs)
    # An unknown release is the view's to refuse; 304 needs one that exists.
    g.answered = current() if number is None else pinned(number)
    g.is_pinned = number is not None
    g.etag = _etag(g.answered, pairs)
    if number is None:
        pins = [("release", str(g.answered.number))]
        if language.is_translated() and not language.is_named():
            pins.append(("lang", language.answered_in()))
        g.pinned_address = address(request.path) + "?" + encode([*pairs, *pins])
    header = request.headers.get("If-None-Match", "")
    # `*` asks whether there is any answer at all, which only the view can tell.
    if header.strip() == "*" or len(header) > _MOST_TAG_BYTES:
        return None
    for match in _TAG.finditer(header):
        if match.group(1).partition(":")[0] == g.etag:
            answer = current_app.response_class(status=304)
            answer.headers["ETag"] = match.group()
            return answer
    return None


def stamp(response: Response) -> Response:
    """After a view: how long the answer may be kept, which release it is of, and its tag."""
    if response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
        return response
    if "answered" not in g or response.status_code not in (200, 304):
        return response
    if response.status_code == 200:
        response.set_etag(g.etag, weak=response.is_streamed)
        if request.headers.get("If-None-Match", "").strip() == "*":
            response.status_code = 304
            response.set_data(b"")
    response.headers["Cache-Control"] = _PINNED if g.is_pinned else _CURRENT
    response.headers["Foundling-Release"] = str(g.answered.number)
    if language.is_translated():
        response.headers["Content-Language"] = language.content_language()
        if not language.is_named():
            response.vary.add("Accept-Language")
    if not g.is_pinned:
        response.headers["Content-Location"] = g.pinned_address
    return response


def tell_codings_apart(response: Response) -> Response:
    """After compression, which gives each coding of a whole answer a tag of its own, but not those of a stream."""
    tag, is_weak = response.get_etag()
    coding = response.headers.get("Content-Encoding")
    if tag and coding and is_weak:
        response.set_etag(f"{tag}:{coding}", weak=True)
    return response


def named_release(pairs: Pairs) -> int | None:
    """The release that a question is pinned to, by number or by cursor; None when it asks for the current one."""
    for name, value in pairs:
        if name == "release":
            digits = value.lstrip("0") if value.isascii() and value.isdigit() else ""
            number = int(digits) if 0 < len(digits) < 11 else 0
            return number if 0 < number < OPEN else None  # the view says what is wrong with it
        if name == "cursor":
            try:
                return parse_cursor(value).release
            except InvalidValue:
                return None
    return None


def _etag(release: Release, pairs: Pairs) -> str:
    known = state()
    tongue = language.answered_in() if language.is_translated() else ""
    question = (request.path, encode(sorted(pairs)), tongue)
    parts = (release.digest, str(release.number), known.build, known.public_url, *question)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
