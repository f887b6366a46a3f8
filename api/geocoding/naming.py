"""The folded keys under which a gazetteer entry is found, and how much each is to be trusted."""

from collections.abc import Iterable, Iterator

from api.domain.folding import fold
from api.geocoding import parsing, romanising, tables, words

PRIMARY, SHORT, ALTERNATE, LAST_RESORT = range(4)
"""The name itself; its short form or bare name; another name; a ward or a town of weaker provenance."""

SOUND_MARK = "~"
"""Before a key that is the sound of a name (`romanising.sound`); folding leaves no such sign in others."""

_HEARD_FROM_POPULATION = 5_000
# Shorter ones are noise in a list of a country's names in all languages; words.COUNTRY_SHORT_NAMES has those in use.
_SHORTEST_OF_COUNTRIES = 4
_INITIALS_FROM_POPULATION = 500_000
_ABBREVIATED_FROM_POPULATION = 100_000


def keys(entry: tables.Entry) -> dict[str, int]:
    """Each key of the entry with the best trust it has."""
    found: dict[str, int] = {}
    for key, trust in _ranked(entry):
        if key and trust < found.get(key, LAST_RESORT + 1):
            found[key] = trust
    return found


def names_of_a_seat(area_keys: Iterable[str]) -> dict[str, int]:
    """The keys that a seat takes over from the area of its name: those that do not say what kind of area it is."""
    plain = (key for key in area_keys if not key.startswith(SOUND_MARK) and parsing.bare_name(key) == key)
    return dict.fromkeys(plain, ALTERNATE)


def ward_keys(entry: tables.Entry) -> dict[str, int]:
    """The keys of a local government area under its wards' names."""
    return dict.fromkeys(filter(None, map(fold, entry.other_names)), LAST_RESORT)


def _ranked(entry: tables.Entry) -> Iterator[tuple[str, int]]:
    primary = fold(entry.name)
    if entry.gazetteer_id.startswith("supplement:") and entry.level == tables.SETTLEMENT:
        yield primary, LAST_RESORT
        return
    yield primary, PRIMARY
    for name in words.COUNTRY_SHORT_NAMES.get(entry.country, ()) if entry.level == tables.COUNTRY else ():
        yield fold(name), PRIMARY
    for name in entry.other_names:
        key = fold(name)
        if entry.level != tables.COUNTRY or len(key) >= _SHORTEST_OF_COUNTRIES or not key.isascii():
            yield key, SHORT if primary.startswith(key + " ") else ALTERNATE
        if entry.level in {tables.FIRST, tables.SECOND}:
            yield parsing.bare_name(key), ALTERNATE
    if entry.level in {tables.FIRST, tables.SECOND}:
        yield parsing.bare_name(primary), SHORT
    if entry.level != tables.COUNTRY:
        yield from _abbreviations(primary.split(), entry)
        yield from _sounds(primary, entry)


def _abbreviations(name: list[str], entry: tables.Entry) -> Iterator[tuple[str, int]]:
    """KL and K. Lumpur for Kuala Lumpur: of areas and large cities only, for small towns share initials."""
    if not name[1:] or not "".join(name).isascii():
        return
    if entry.level == tables.FIRST or entry.population >= _INITIALS_FROM_POPULATION:
        yield "".join(word[0] for word in name), ALTERNATE
    if entry.level == tables.SETTLEMENT and entry.population >= _ABBREVIATED_FROM_POPULATION:
        yield " ".join([name[0][0], *name[1:]]), ALTERNATE


def _sounds(primary: str, entry: tables.Entry) -> Iterator[tuple[str, int]]:
    """How the name sounds: of areas, seats and towns only, for there is no end of villages that sound alike."""
    if entry.level != tables.SETTLEMENT or entry.population >= _HEARD_FROM_POPULATION or entry.feature in words.SEATS:
        sound = romanising.sound(parsing.bare_name(primary))
        if sound:
            yield SOUND_MARK + sound, ALTERNATE
