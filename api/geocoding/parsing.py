"""Reading the text of a place: its parts from fine to coarse, each with the spellings to look up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest

from api.domain.folding import fold
from api.geocoding import words

MAX_CHARACTERS = 300

_SEPARATORS = re.compile(r"[,;/|()\[\]{}\n\r\t،、，；（）]+|\s[-–—]+\s|:\s|\s(?:in|en|à)\s(?=[A-ZÀ-Þ])")
_NOT_A_PLACE = re.compile(r"\S@\S|://|www\.|(?:^|\s)[#@]\w|[<>=*%$\\^~]|--|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BETWEEN = re.compile(r"^\W*(?:on the \w+ )?between (.+?) and ([^,;(]+)(.*)$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to look a part up.

    `key` is folded. `kind` is the kind of area that words beside the name ask for ("" for none), `is_hedged` that the
    text speaks of the surroundings, `is_whole` that nothing was taken off, `is_loose` that words which may belong to
    the name were: "West" of West Jakarta. A loose spelling counts only where no other is known.
    """

    key: str
    kind: str = ""
    is_hedged: bool = False
    is_whole: bool = True
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text that names one area. `text` is as written.

    `is_vague` when it consists of words that mostly name nothing: a name where a country has a region called West.
    """

    text: str
    key: str
    spellings: tuple[Spelling, ...]
    is_vague: bool = False


def parse(text: str) -> list[Part]:
    """The parts that may name a place, as written from left to right; [] when none does.

    Vague ones are among them when nothing but the gazetteer can tell whether they are names.
    """
    if len(text) > MAX_CHARACTERS or _NOT_A_PLACE.search(text):
        return []
    parts = [_part(piece) for raw in _SEPARATORS.split(text) for piece in _split_hedge(raw)]
    parts = [part for part in parts if part.key and (not part.is_vague or _may_be_name(part.key))]
    return [
        _capital(part, following) if following and part.key in words.OF_A_CAPITAL else part
        for part, following in zip_longest(parts, parts[1:])
    ]


def parse_between(text: str) -> tuple[str, str] | None:
    """The two ends of "between A and B, Country", each with what follows; None when the text is not of that form."""
    found = _BETWEEN.match(text) if len(text) <= MAX_CHARACTERS else None
    if found is None:
        return None
    first, second, rest = found.groups()
    return first + rest, second + rest


def is_nowhere(key: str) -> bool:
    """Whether every word of a folded text is one that names no place, or no letter is left at all."""
    if key in words.NOWHERE_PHRASES:
        return True
    return all(word in words.NOWHERE or not any(map(str.isalpha, word)) for word in key.split())


def _may_be_name(key: str) -> bool:
    return all(word in words.IN_NAMES for word in key.split())


def bare_name(key: str) -> str:
    """The name without the words that say what it is; "" when nothing else is left."""
    shortest = min(_without_kind(key), key=lambda spelling: len(spelling.key), default=None)
    return shortest.key if shortest else key


def _part(text: str) -> Part:
    key = fold(text)
    found = {key: Spelling(key)}
    for hedged in _without_hedge(key):
        found.setdefault(hedged.key, hedged)
    for spelling in [*found.values()]:
        for bare in _without_kind(spelling.key):
            found.setdefault(bare.key, replace(bare, is_hedged=spelling.is_hedged, is_loose=spelling.is_loose))
    for spelling in [*found.values()]:
        for long in _long_forms(spelling):
            found.setdefault(long.key, long)
    kinds = [spelling.kind for spelling in found.values() if spelling.kind]
    if kinds:
        found[key] = Spelling(key, kinds[0])
    is_vague = is_nowhere(key)
    return Part(text.strip(), key, tuple(s for s in found.values() if is_vague or not is_nowhere(s.key)), is_vague)


def _capital(part: Part, of: Part) -> Part:
    return replace(part, spellings=(*part.spellings, Spelling(of.key, "city", is_whole=False)))


def _split_hedge(text: str) -> list[str]:
    """A named place before "near X" becomes a part of its own: "Foo near Bar" is Foo, near Bar."""
    tokens = text.split()
    folded = [fold(token) for token in tokens]
    for start in range(1, len(tokens)):
        if _hedge_at(folded, start) and not is_nowhere(" ".join(folded[:start])):
            return [" ".join(tokens[:start]), " ".join(tokens[start:])]
    return [text]


def _without_hedge(key: str) -> Iterator[Spelling]:
    tokens = key.split()
    for start in range(len(tokens)):
        if start and tokens[start - 1] not in words.NOWHERE:
            break
        length = _hedge_at(tokens, start)
        if length:
            yield Spelling(" ".join(tokens[start + length :]), is_hedged=True, is_whole=False, is_loose=True)
    for length in (3, 2, 1):
        if len(tokens) > length and " ".join(tokens[-length:]) in words.TRAILING_HEDGES:
            yield Spelling(" ".join(tokens[:-length]), is_hedged=True, is_whole=False, is_loose=True)
    while len(tokens) > 1 and tokens[0] in words.NOWHERE and not _kind_of(tokens[0]):
        tokens = tokens[1:]
        yield Spelling(" ".join(tokens), is_whole=False, is_loose=True)


def _hedge_at(tokens: list[str], start: int) -> int:
    """How many words from `start` are a hedge with a name behind it; 0 for none."""
    for phrase in _hedges_by_first_word().get(tokens[start], ()):
        if tuple(tokens[start : start + len(phrase)]) == phrase and len(tokens) > start + len(phrase):
            return len(phrase)
    return 0


def _without_kind(key: str) -> Iterator[Spelling]:
    """The name without one word of kind before it, after it, or both."""
    tokens = key.split()
    for prefix, kind in _kinds_before(tokens):
        rest = tokens[prefix:]
        yield Spelling(" ".join(rest), kind, is_whole=False)
        for suffix, _ in _kinds_after(rest):
            yield Spelling(" ".join(rest[:-suffix]), kind, is_whole=False)
    for suffix, kind in _kinds_after(tokens):
        yield Spelling(" ".join(tokens[:-suffix]), kind, is_whole=False)


def _kinds_before(tokens: list[str]) -> Iterator[tuple[int, str]]:
    for length in range(min(5, len(tokens) - 1), 0, -1):
        kind = _kind_of(" ".join(tokens[:length]))
        if kind:
            yield length, kind
            return


def _kinds_after(tokens: list[str]) -> Iterator[tuple[int, str]]:
    for length in range(min(4, len(tokens) - 1), 0, -1):
        kind = _kind_of(" ".join(tokens[-length:]))
        if kind:
            yield length, kind
            return


def _long_forms(spelling: Spelling) -> Iterator[Spelling]:
    first, _, rest = spelling.key.partition(" ")
    if rest and all(len(token) == 1 for token in spelling.key.split()):
        yield replace(spelling, key=spelling.key.replace(" ", ""), is_whole=False)
    if rest:
        for long in words.ABBREVIATIONS.get(first, ()):
            yield replace(spelling, key=f"{long} {rest}", is_whole=False)


@cache
def _hedges_by_first_word() -> dict[str, list[tuple[str, ...]]]:
    """The longest first: "north of" before "north"."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(hedge.split()) for hedge in words.HEDGES), key=lambda p: (-len(p), p)):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def _kind_of(phrase: str) -> str:
    return _kinds().get(phrase, "")


@cache
def _kinds() -> dict[str, str]:
    return {fold(phrase): kind for kind, phrases in words.KINDS.items() for phrase in phrases}


def kind_of_type(type_name: str) -> str:
    """The kind that an area's own type ("Federal territory", "Kabupaten") belongs to; "" when there is none."""
    key = fold(type_name)
    return _kind_of(key) or next((kind for kind in map(_kind_of, reversed(key.split())) if kind), "")


def kind_of_name(name: str) -> str:
    """The kind that an area's name says it is: "Kabupaten Bogor" is a regency; "" when it says nothing."""
    return next((spelling.kind for spelling in _without_kind(fold(name))), "")
