"""Answers that are known already, before anything is read for them; a stamp on everything that was."""

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import Request, Response, current_app, g, request

from api.domain.errors import InvalidQuery, InvalidValue
from api.domain.query import parse_cursor
from api.domain.release import OPEN, Release
from api.serving import headers, language
from api.serving.kept import Answer
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import current, pinned, state

DATA_PREFIX = "/v1"
SCHEMAS_PREFIX = "/v1/schemas/"
"""Of the software, not of a release."""

_PINNED = "public, max-age=31536000, s-maxage=3600, immutable"
_CURRENT = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
_NO_STORE = ("Cache-Control", "no-store")
_JSON = "application/json"
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]{0,100})"')
_OF_THE_ANSWER = frozenset({"cursor", "limit", "count", "bom", "release", "lang"})
"""Parameters that say how an answer is given, and not what is asked: a citation leaves them out."""
_MOST_TAG_BYTES = 2048
_KEPT = 512


def known_answer() -> Response | None:
    """Before a view of data: nothing is parsed or read for an answer that the reader has (304), or that is kept."""
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
    known = state()
    subject = (release.digest, release.number, known.generation, known.build, known.public_url)
    tongue = language.decided() if language.is_translated(asked.endpoint) else None
    g.stamp = found = _stamp(asked.path, asked.query_string, subject, tongue, number is not None)
    g.answered, g.cited_address = release, found.cited_address
    header = asked.environ.get("HTTP_IF_NONE_MATCH", "")
    # `*` asks whether there is any answer at all, which only the view can tell.
    if header.strip() == "*":
        return None
    if header and len(header) <= _MOST_TAG_BYTES:
        for match in _TAG.finditer(header):
            if match.group(1).partition(":")[0] == found.etag:
                return current_app.response_class(status=304, headers={"ETag": match.group()}, content_type=_JSON)
    if asked.method == "HEAD":
        return None
    g.kept_as = found.etag, asked.environ.get("HTTP_ACCEPT_ENCODING")
    return _kept()


def _kept() -> Response | None:
    answer = state().answers.get(g.kept_as)
    if answer is None:
        return None
    g.is_kept = True
    headers.add_late(answer.late)
    return current_app.response_class(answer.body, headers=answer.headers)


def stamp(response: Response) -> Response:
    """After a view: how long the answer may be kept, which release it is of, and its tag."""
    if response.status_code >= 400:
        headers.add_late([_NO_STORE])
        return response
    found: _Stamp | None = g.get("stamp")
    if found is None or g.get("is_kept") or response.status_code not in (200, 304):
        return response
    if found.varies:
        response.headers["Vary"] = "Accept-Language"  # compression adds its own
    marks = found.headers
    if g.get("is_provisional"):
        marks = [_NO_STORE, *marks[1:]]
    elif response.status_code == 200:
        response.headers["ETag"] = f'W/"{found.etag}"' if response.is_streamed else f'"{found.etag}"'
        if request.headers.get("If-None-Match", "").strip() == "*":
            response.status_code = 304
            response.set_data(b"")
    if response.status_code == 200:
        marks = [*marks, ("Link", _terms())]
    headers.add_late(marks)
    return response


def _terms() -> str:
    # For the formats that have no place of their own for it: how to cite it (RFC 8574), its licence, its columns.
    licence = state().dataset(g.answered.number).get("licence_url")
    codebook = f"{state().public_url}{DATA_PREFIX}/codebook?release={g.answered.number}"
    links = [(g.cited_address, "cite-as"), (licence, "license"), (codebook, "describedby")]
    return ", ".join(f'<{target}>; rel="{relation}"' for target, relation in links if target)


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


def answer_from(release: Release) -> None:
    """Says that this request is answered from an earlier release than the current one, which is being prepared."""
    marks = [mark for mark in g.stamp.headers if mark[0] == "Content-Language"]
    g.stamp = replace(g.stamp, headers=[_NO_STORE, ("Foundling-Release", str(release.number)), *marks])
    g.answered = release
    keep_no_copy()


def keep(response: Response) -> Response:
    """After compression, which gives each coding of a whole answer a tag of its own, but not those of a stream."""
    coding = response.headers.get("Content-Encoding")
    if response.is_streamed:
        tag, is_weak = response.get_etag()
        if coding and tag and is_weak:
            response.set_etag(f"{tag}:{coding}", weak=True)
        return response
    is_worth_it = response.status_code == 200 and not g.get("is_kept") and not g.get("is_provisional")
    if is_worth_it and "kept_as" in g:
        answer = Answer(response.get_data(), response.headers.to_wsgi_list(), headers.late())
        state().answers.offer(g.kept_as, answer)
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
class _Stamp:
    """What an answer is marked with: of the headers, the first says how long it may be kept."""

    etag: str
    headers: list[tuple[str, str]]
    varies: bool
    cited_address: str


# Kept, because maps and dashboards ask the same again and again: all depends on what is given here alone.
@lru_cache(maxsize=_KEPT)
def _stamp(
    path: str, query_string: bytes, subject: tuple[Any, ...], tongue: tuple[str, bool] | None, is_pinned: bool
) -> _Stamp:
    pairs, (code, is_named) = decode(query_string), tongue or ("", True)
    parts = (*map(str, subject), path, encode(sorted(pairs)), code)
    etag = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    _, number, *_, public_url = subject
    marks = [("Cache-Control", _PINNED if is_pinned else _CURRENT), ("Foundling-Release", str(number))]
    if tongue:
        marks.append(("Content-Language", language.written_in(code)))
    if not is_pinned:
        pinned_to = [*pairs, ("release", str(number)), *([] if is_named else [("lang", code)])]
        marks.append(("Content-Location", f"{public_url}{path}?{encode(pinned_to)}"))
    asked = [pair for pair in pairs if pair[0] not in _OF_THE_ANSWER]
    asked += [("release", str(number)), *([("lang", code)] if tongue else [])]
    cited = f"{public_url}{path.rstrip('/') or '/'}?{encode(asked)}"
    return _Stamp(etag, marks, varies=not is_named, cited_address=cited)


@lru_cache(maxsize=_KEPT)
def _named_release(query_string: bytes) -> int | None:
    return named_release(decode(query_string))
