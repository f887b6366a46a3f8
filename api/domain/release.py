"""A release: one numbered, dated, digested state of the whole record."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

OPEN = 2**31 - 1
"""The `to_release` of a version that nothing has replaced yet."""


@dataclass(frozen=True, slots=True)
class Release:
    """`digest` is the sha256 over every open id and its document's digest; `published` is UTC to the second."""

    number: int
    digest: str
    published: str
    incidents: int
    entered: int
    changed: int
    left: int


def digest_of(pairs: Iterable[tuple[str, str]]) -> str:
    """The digest of a state from (key, document digest) pairs, in any order."""
    return digest_of_sorted(sorted(pairs))


def digest_of_sorted(pairs: Iterable[tuple[str, str]]) -> str:
    """The same from pairs that come in ascending order, and need not all be held at once."""
    total = hashlib.sha256()
    for key, digest in pairs:
        total.update(f"{key}\0{digest}\n".encode())
    return total.hexdigest()


def utc_text(moment: datetime) -> str:
    """A moment as the API writes it: 2026-11-24T07:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
