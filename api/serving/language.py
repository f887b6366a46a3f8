"""The language of an answer: what the address names, else what the reader prefers, else English."""

from functools import lru_cache

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.domain.incident import ENGLISH, LANGUAGES

TRANSLATED: set[str] = set()
"""Endpoints whose answers are in one language: those that take `lang`."""


def is_translated(endpoint: str | None) -> bool:
    """Whether the answers of an endpoint are in one language."""
    return endpoint in TRANSLATED


def answered_in() -> str:
    """One of LANGUAGES."""
    return decided()[0]


def written_in(language: str) -> str:
    """What an answer in that language holds: English stands in where there is no translation."""
    return language if language == ENGLISH else f"{language}, {ENGLISH}"


def decided() -> tuple[str, bool]:
    """The language of this request's answer, and whether the address itself names it."""
    named = request.args.get("lang") if b"lang=" in request.query_string else None
    if named in LANGUAGES:
        return str(named), True
    return _preferred(request.environ.get("HTTP_ACCEPT_LANGUAGE", "")), False


@lru_cache(maxsize=1024)
def _preferred(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES, default=ENGLISH) or ENGLISH
