"""The language of an answer: what the address names, else what the reader prefers, else English."""

from functools import lru_cache

from flask import g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.domain.incident import ENGLISH, LANGUAGES

TRANSLATED: set[str] = set()
"""Endpoints whose answers are in one language: those that take `lang`."""


def is_translated() -> bool:
    """Whether this request's answer is in one language."""
    return request.endpoint in TRANSLATED


def is_named() -> bool:
    """Whether the address itself says which language."""
    return _decided()[1]


def answered_in() -> str:
    """One of LANGUAGES."""
    return _decided()[0]


def content_language() -> str:
    """What the answer is written in: English stands in where there is no translation."""
    found = answered_in()
    return found if found == ENGLISH else f"{found}, {ENGLISH}"


def _decided() -> tuple[str, bool]:
    # Asked for several times in a request, and decided once.
    if "language" not in g:
        named = request.args.get("lang") if request.query_string else None
        is_known = named in LANGUAGES
        g.language = named if is_known else _preferred(request.headers.get("Accept-Language", "")), is_known
    decided: tuple[str, bool] = g.language
    return decided


@lru_cache(maxsize=1024)
def _preferred(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES, default=ENGLISH) or ENGLISH
