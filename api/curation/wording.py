"""Rules for everything that is published in words: nobody can be found through it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from api.curation.dataset import Dataset, Entry
from api.curation.findings import Finding, Path
from api.curation.privacy import AllowList, Violation, headline_violations, url_violations, violations

_LANGUAGES = ("en", "es", "id")


def own_words(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """What we wrote ourselves, in every language: titles, summaries, notes, places, descriptions."""
    allowed = _allowed(dataset)
    entries: list[Entry[Any]] = [*dataset.incidents, *dataset.sources, *dataset.context, *dataset.coverage]
    for entry in entries:
        for path, language, text in _texts(entry.raw, ()):
            yield from _findings(entry, path, violations(text, language, allowed=allowed))
    for incident, place, path in dataset.places():
        yield from _findings(incident, (*path, "text"), violations(place.text, "en", allowed=allowed))


def citations(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Published headlines and addresses, kept as they are unless they name somebody."""
    allowed = _allowed(dataset)
    for entry in dataset.sources:
        source = entry.value
        if source.title:
            yield from _findings(entry, ("title",), headline_violations(source.title, source.language, allowed=allowed))
        for name, address in (("url", source.url), ("archived_url", source.archived_url)):
            if address:
                yield from _findings(entry, (name,), url_violations(address))


def _allowed(dataset: Dataset) -> AllowList:
    places = {place.text for _, place, _ in dataset.places()}
    for geocode in dataset.geocodes:
        found = geocode.value.found
        places |= {name for name in (found.name, found.admin1_name, found.admin2_name) if name}
    publishers = {entry.value.publisher for entry in dataset.sources}
    publishers |= {entry.value.original_publisher for entry in dataset.sources if entry.value.original_publisher}
    return AllowList(places=places, publishers=publishers)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str, str]]:
    # A text by language is the only mapping with the key `en`; everything else is codes and citations.
    if isinstance(value, dict):
        if "en" in value:
            yield from (((*path, language), language, value[language]) for language in _LANGUAGES if language in value)
        else:
            for key, inner in value.items():
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))


def _findings(entry: Entry[Any], path: Path, found: list[Violation]) -> Iterator[Finding]:
    for violation in found:
        yield entry.finding(violation.rule, violation.advice, *path)


RULES = (own_words, citations)
"""The same form as curation.rules.RULES."""
