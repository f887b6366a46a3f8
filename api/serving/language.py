"""The language of an answer: what the address names, else what the reader prefers, else English."""

from flask import request

from api.domain.incident import ENGLISH, LANGUAGES

TRANSLATED: set[str] = set()
"""Endpoints whose answers are in one language: those that take `lang`."""


def is_translated() -> bool:
    """Whether this request's answer is in one language."""
    return request.endpoint in TRANSLATED


def is_named() -> bool:
    """Whether the address itself says which language."""
    return request.args.get("lang") in LANGUAGES


def answered_in() -> str:
    """One of LANGUAGES."""
    if is_named():
        return request.args["lang"]
    return request.accept_languages.best_match(LANGUAGES, default=ENGLISH) or ENGLISH


def content_language() -> str:
    """What the answer is written in: English stands in where there is no translation."""
    found = answered_in()
    return found if found == ENGLISH else f"{found}, {ENGLISH}"
