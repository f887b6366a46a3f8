"""Conditional answers in two hooks: not modified before anything is read, a stamp on everything that was."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Request, Response, current_app, g, request

from api.domain.errors import InvalidQuery, InvalidValue
from api.domain.query import parse_cursor
from api.domain.release import OPEN
from api.serving import language
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import current, pinned, state

DATA_PREFIX = "/v1"
SCHEMAS_PREFIX = "/v1/schemas/"
"""Of the software, not of a release."""

_PINNED = "public, max-age=31536000, s-maxage=3600, immutable"
_CURRENT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{0,100})"')
_OF_THE_ANSWER = frozenset({"cursor", "limit", "count", "bom", "release", "lang"})
"""Parameters that say how an answer is given, and not what is asked: a citation leaves them out."""
_MOST_TAG_BYTES = 2048
_KEPT = 512


def not_modified() -> Response | None:
    """Before a view of data: 304 when the reader has this very answer, and nothing is parsed or read for it."""
    asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - a proxy's public name
    if asked.endpoint is None or not f"{asked.path}/".startswith(DATA_PREFIX + "/"):
        return None
    if asked.method not in ("GET", "HEAD") or asked.path.startswith(SCHEMAS_PREFIX):
        return None
    try:
        number = _named_release(asked.query_string)
    except InvalidQuery:
        return None  # the view says what is wrong with it
    # An unknown release is the view's to refuse; 304 needs one that exists.
    release = current() if number is None else pinned(number)
    known, tongue, is_named = state(), language.answered_in(), language.is_named()
    subject = (release.digest, str(release.number), str(known.generation), known.build, known.public_url)
    if not language.is_translated():
        tongue, is_named = "", True
    identity = _identify(asked.path, asked.query_string, subject, tongue)
    g.answered, g.is_pinned, g.etag = release, number is not None, identity.etag
    g.cited_address = identity.cited_address
    if number is None:
        g.pinned_address = identity.pinned_address if is_named else f"{identity.pinned_address}&lang={tongue}"
    header = asked.headers.get("If-None-Match", "")
    # `*` asks whether there is any answer at all, which only the view can tell.
    if header.strip() == "*" or len(header) > _MOST_TAG_BYTES:
        return None
    for match in _TAG.finditer(header):
        if match.group(1).partition(":")[0] == identity.etag:
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
    if response.status_code == 200:
        _tell_terms(response)
    if language.is_translated():
        response.headers["Content-Language"] = language.content_language()
        if not language.is_named():
            response.headers["Vary"] = "Accept-Language"  # compression adds its own
    if not g.is_pinned:
        response.headers["Content-Location"] = g.pinned_address
    if g.get("is_provisional"):
        response.headers["Cache-Control"] = "no-store"
        del response.headers["ETag"]
    return response


def _tell_terms(response: Response) -> None:
    # For the formats that have no place of their own for it: how to cite it (RFC 8574), its licence, its columns.
    licence = state().dataset(g.answered.number).get("licence_url")
    codebook = f"{state().public_url}{DATA_PREFIX}/codebook?release={g.answered.number}"
    links = [(g.cited_address, "cite-as"), (licence, "license"), (codebook, "describedby")]
    response.headers["Link"] = ", ".join(f'<{target}>; rel="{relation}"' for target, relation in links if target)


def cited_address() -> str:
    """Where this request's answer can be read for ever: its question, pinned to its release."""
    found: str = g.cited_address
    return found


def cite(address: str) -> None:
    """Says of this request's answer that this is its `cited_address`, once a view knows it in canonical spelling."""
    g.cited_address = address


def keep_no_copy() -> None:
    """Says of this request's answer that the next one may be a better one, so that no cache is to keep it."""
    g.is_provisional = True


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


@dataclass(frozen=True, slots=True)
class _Identity:
    etag: str
    pinned_address: str
    cited_address: str


# Kept, because maps and dashboards ask the same again and again: both depend on what is given here alone.
@lru_cache(maxsize=_KEPT)
def _identify(path: str, query_string: bytes, subject: tuple[str, ...], tongue: str) -> _Identity:
    pairs = decode(query_string)
    parts = (*subject, path, encode(sorted(pairs)), tongue)
    etag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    _, number, *_, public_url = subject
    asked = [pair for pair in pairs if pair[0] not in _OF_THE_ANSWER]
    asked += [("release", number), *([("lang", tongue)] if tongue else [])]
    return _Identity(
        etag,
        pinned_address=f"{public_url}{path}?{encode([*pairs, ('release', number)])}",
        cited_address=f"{public_url}{path.rstrip('/') or '/'}?{encode(asked)}",
    )


@lru_cache(maxsize=_KEPT)
def _named_release(query_string: bytes) -> int | None:
    return named_release(decode(query_string))
