"""Which of the places that bear a name is meant: a score in powers of ten of people.

A settlement scores the logarithm of its population; areas score as if they were settlements of a fixed size, so that
a large city beats the region named after it, and the region beats a village.
"""

import math

from api.geocoding import naming, tables, words
from api.geocoding.lookup import Hit, Row
from api.geocoding.parsing import Spelling

_AREAS = {tables.COUNTRY: 8.0, tables.FIRST: 5.5, tables.SECOND: 3.5}
_LOSS_OF_AREAS = {naming.PRIMARY: 0.0, naming.SHORT: 0.1, naming.ALTERNATE: 1.5, naming.LAST_RESORT: 3.0}
_LOSS_OF_SETTLEMENTS = {naming.PRIMARY: 0.0, naming.SHORT: 0.5, naming.ALTERNATE: 1.5, naming.LAST_RESORT: 3.0}
_LOSS_OF_SHARED_NAMES = {naming.PRIMARY: 0.1, naming.SHORT: 1.0, naming.ALTERNATE: 1.2, naming.LAST_RESORT: 3.0}
_LOSS_OF_A_TYPO = 2.0
_GAIN_OF_THE_WHOLE = 0.5

# Unknown is not small: it counts as a village, and a seat counts for the area it is the seat of.
_UNKNOWN_POPULATION = 500
_LEAST_OF_SEATS = {"PPLC": 6.2, "PPLA": 5.7, "PPLA2": 4.7}
_GAIN_OF_FEATURES = {"PPLA3": 0.2, "PPLX": -0.3, "PPLH": -2.0, "PPLQ": -2.0, "PPLW": -2.0, "PPLCH": -2.0}

_BARE_PRIMARY_POPULATION = 15_000
_BARE_ALTERNATE_POPULATION = 100_000
_VAGUE_POPULATION = 100_000
_SHORT_KEY = 3


def score(hit: Hit, spelling: Spelling, *, trust_of_its_area: int | None = None) -> float | None:
    """How well the place fits the words; None when they exclude it.

    `trust_of_its_area` is how far the key is trusted as a name of the area around the settlement, if it is one.
    """
    fit = _fit(hit.row, spelling)
    if fit is None:
        return None
    gain = fit + (_GAIN_OF_THE_WHOLE if spelling.is_whole else 0.0) - (_LOSS_OF_A_TYPO if hit.is_typo else 0.0)
    if hit.row.level != tables.SETTLEMENT:
        return _AREAS[hit.row.level] - _LOSS_OF_AREAS[hit.trust] + gain
    size, loss = math.log10(hit.row.population or _UNKNOWN_POPULATION), _LOSS_OF_SETTLEMENTS[hit.trust]
    # Lisbonne is another name of the city and of its region: what decides is that the city is the seat.
    is_shared = bool(hit.row.is_namesake) and trust_of_its_area is not None
    if hit.trust <= naming.SHORT or is_shared or hit.row.feature == "PPLC":
        size = max(size, _LEAST_OF_SEATS.get(hit.row.feature, 0.0))
    if is_shared and trust_of_its_area is not None:
        loss = min(loss, _LOSS_OF_SHARED_NAMES[trust_of_its_area])
    return size - loss + _GAIN_OF_FEATURES.get(hit.row.feature, 0.0) + gain


def is_known_enough(hit: Hit, spelling: Spelling) -> bool:
    """Whether a name alone, without a country or an area beside it, may mean this place.

    Any word is a village somewhere: what stands alone must be a country, a first-level area or a town of some size,
    and a name that is left of a longer one ("hospital ward") must be that place's own.
    """
    key, trust = spelling.key, hit.trust
    if key.isascii() and len(key) <= _SHORT_KEY:
        return trust == naming.PRIMARY and (hit.row.level == tables.COUNTRY or _is_large(hit, alternate=False))
    if hit.row.level == tables.COUNTRY:
        return trust <= naming.ALTERNATE
    if spelling.is_loose and (trust > naming.SHORT or hit.row.level == tables.SECOND):
        return False
    if hit.row.level == tables.FIRST:
        return trust <= naming.ALTERNATE
    if hit.row.level == tables.SECOND:
        return trust == naming.PRIMARY or (trust == naming.SHORT and bool(spelling.kind))
    return _is_large(hit, alternate=trust == naming.ALTERNATE)


def is_certain_country(hit: Hit) -> bool:
    """Whether a country bears the name, and not only in some language: "South Africa" is one, "the south" is none."""
    return hit.row.level == tables.COUNTRY and hit.trust == naming.PRIMARY


def is_name_of_vague_words(hit: Hit) -> bool:
    """Whether words that mostly name nothing are a name after all: Kota in India, Western Province in Sri Lanka."""
    if hit.row.level == tables.SETTLEMENT:
        return hit.trust == naming.PRIMARY and (hit.row.population >= _VAGUE_POPULATION or is_seat(hit.row))
    return hit.trust <= naming.SHORT and hit.row.level != tables.SECOND


def is_seat(row: Row) -> bool:
    """Whether the place is the seat of a country, a first-level or a second-level area."""
    return row.feature in _LEAST_OF_SEATS


def is_container(row: Row) -> bool:
    """Whether a text would name the place to say where another one lies."""
    if row.level != tables.SETTLEMENT:
        return True
    return row.population >= _BARE_PRIMARY_POPULATION or is_seat(row)


def _is_large(hit: Hit, *, alternate: bool) -> bool:
    if hit.trust > naming.ALTERNATE or (hit.trust == naming.ALTERNATE and not alternate):
        return False
    least = _BARE_ALTERNATE_POPULATION if alternate else _BARE_PRIMARY_POPULATION
    return hit.row.level == tables.SETTLEMENT and hit.row.population >= least


def _fit(row: Row, spelling: Spelling) -> float | None:
    if not spelling.kind:
        return 0.0
    if row.level == tables.COUNTRY:
        return 0.0 if spelling.is_whole else None
    if row.level == tables.SETTLEMENT:
        return _fit_of_settlement(spelling)
    return _fit_of_area(row, spelling)


def _fit_of_settlement(spelling: Spelling) -> float | None:
    if spelling.kind == "city":
        return 1.0
    if spelling.is_whole:
        return -1.0
    return -1.5 if spelling.kind in words.SMALL_AREAS else None


def _fit_of_area(row: Row, spelling: Spelling) -> float | None:
    is_first, kind = row.level == tables.FIRST, spelling.kind
    if kind == "city":
        if row.feature == "city":
            return 0.5
        return -0.5 if spelling.is_whole else None
    if row.feature == kind:
        return 3.0
    if kind in words.FIRST_LEVEL:
        return 1.5 if is_first else 0.0
    if kind == "province":
        # Peru's second level are provinces by name; a county that says it is something else is none.
        return 0.5 if is_first or not row.feature else 0.0
    # Regency, county and district translate one another; a city of the second level is none of them.
    return 3.0 if not is_first and row.feature != "city" else -1.0
