"""The language of an answer: what the address names, else what the reader prefers, else English."""

from flask import g, request

from api.domain.incident import ENGLISH, LANGUAGES


def preferred() -> str:
    """One of LANGUAGES, from `lang` or Accept-Language."""
    named = request.args.get("lang")
    if named in LANGUAGES:
        return named
    return request.accept_languages.best_match(LANGUAGES, default=ENGLISH) or ENGLISH


def answered_in() -> str:
    """The language that this answer is written in; Content-Language will say so."""
    found = preferred()
    g.content_language = found if found == ENGLISH else f"{found}, {ENGLISH}"
    return found
