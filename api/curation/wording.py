"""Rules for everything that is published in words: nobody can be found through it."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from api.curation.dataset import Dataset, Entry, places_of
from api.curation.findings import Finding, Path
from api.curation.known import Known, allowed_by
from api.curation.privacy import AllowList, Violation, headline_violations, url_violations, violations
from api.domain.incident import LANGUAGES, Incident


def own_words(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """What we wrote ourselves of an incident, in every language: title, summary, notes, places."""
    places = places_of(entry.value)
    allowed = known.allowed
    if any(place not in known.geocodes for place, _ in places):
        allowed = allowed.plus(place.text for place, _ in places)
    for path, language, text in _texts(entry.raw, ()):
        yield from _findings(entry, path, violations(text, language, allowed=allowed))
    for place, path in places:
        found, granted = _of_place(place.text, allowed) if allowed is known.allowed else _judged(place.text, allowed)
        allowed.granted += granted
        yield from _findings(entry, (*path, "text"), found)


def _judged(text: str, allowed: AllowList) -> tuple[list[Violation], int]:
    before = allowed.granted
    found = violations(text, "en", allowed=allowed)
    granted, allowed.granted = allowed.granted - before, before
    return found, granted


# Many incidents happen in the same places.
_of_place = lru_cache(maxsize=16_384)(_judged)


def registry_words(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """What we wrote ourselves beside the incidents: descriptions, conditions, notes."""
    allowed = allowed_by(dataset)
    entries: list[Entry[Any]] = [*dataset.sources, *dataset.context, *dataset.coverage]
    for entry in entries:
        for path, language, text in _texts(entry.raw, ()):
            yield from _findings(entry, path, violations(text, language, allowed=allowed))


def citations(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Published headlines and addresses, kept as they are unless they name somebody."""
    allowed = allowed_by(dataset)
    for entry in dataset.sources:
        source = entry.value
        if source.title:
            yield from _findings(entry, ("title",), headline_violations(source.title, source.language, allowed=allowed))
        for name, address in (("url", source.url), ("archived_url", source.archived_url)):
            if address:
                yield from _findings(entry, (name,), url_violations(address))


def _texts(value: Mapping[str, Any], path: Path) -> list[tuple[Path, str, str]]:
    # A text by language is the only mapping with the key `en`; everything else is codes and citations.
    if "en" in value:
        return [((*path, language), language, value[language]) for language in LANGUAGES if language in value]
    found: list[tuple[Path, str, str]] = []
    for key, one in value.items():
        if one.__class__ is dict:
            found += _texts(one, (*path, key))
        elif one.__class__ is list and one and one[0].__class__ is dict:  # a list holds values of one kind
            for index, inner in enumerate(one):
                found += _texts(inner, (*path, key, index))
    return found


def _findings(entry: Entry[Any], path: Path, found: list[Violation]) -> Iterator[Finding]:
    for violation in found:
        yield entry.finding(violation.rule, violation.advice, *path)


INCIDENT_RULES = (own_words,)
REGISTRY_RULES = (registry_words, citations)
"""The same forms as in curation.rules."""
