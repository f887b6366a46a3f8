"""A query string as pairs, decoded strictly: what cannot be decoded or printed is refused at the edge."""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote_to_bytes

from api.domain.errors import InvalidQuery, ParameterProblem

Pairs = list[tuple[str, str]]

# Added by browsers, mailers and campaigns, never meant for the API.
_IGNORED = re.compile(r"_|utm_[a-z_]+|fbclid|gclid", re.ASCII)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def decode(query_string: bytes) -> Pairs:
    """Names and values in their order; parameters that everyone ignores are left out. Raises InvalidQuery."""
    pairs: Pairs = []
    problems: list[ParameterProblem] = []
    for part in query_string.split(b"&"):
        if not part:
            continue
        raw_name, _, raw_value = part.partition(b"=")
        name, name_fault = _text(raw_name)
        value, value_fault = _text(raw_value)
        if _IGNORED.fullmatch(name):
            continue
        if fault := name_fault or value_fault:
            problems.append(ParameterProblem(name if not name_fault else "(unreadable)", fault))
        pairs.append((name, value))
    if problems:
        raise InvalidQuery(problems)
    return pairs


def encode(pairs: Iterable[tuple[str, str]]) -> str:
    """The query string of pairs, readable: commas, slashes and colons stay as they are."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe=',/:')}" for name, value in pairs)


def _text(raw: bytes) -> tuple[str, str | None]:
    if _BROKEN_ESCAPE.search(raw):
        return "", "a % must be followed by two hexadecimal digits; write %25 for the sign itself"
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return "", "percent-encoded text must be UTF-8"
    if _UNPRINTABLE.search(text):
        return "", "control characters are not allowed"
    return text, None
