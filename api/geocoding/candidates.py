"""The places that a part of a text may mean, given the parts around it and the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from api.domain.place import GazetteerPlace
from api.geocoding import extent, naming, nesting, ranking, romanising, tables, words
from api.geocoding.answer import Frame
from api.geocoding.lookup import Hit, Lookup, Row
from api.geocoding.parsing import Part, Spelling

# In "Andorra, Andorra" and "San Pedro, San Pedro, Paraguay" the first is the city.
_LOSS_OF_THE_REPEATED = {tables.COUNTRY: 5.0, tables.FIRST: 3.0, tables.SECOND: 3.0, tables.SETTLEMENT: 0.0}
# "Near Tottori" is said of a city sooner than of the prefecture.
_LOSS_OF_HEDGED_AREAS = 1.0
# What a town must have to be taken although the area that the text names does not hold it.
_WELL_KNOWN_POPULATION = 15_000
_AS_KNOWN_AS_A_COUNTRY_POPULATION = 100_000
_SHORTEST_VAGUE_NAME = 4

Found = list[tuple[Hit, Spelling]]
Contexts = list[list[Hit]]


@dataclass(order=True, slots=True)
class Candidate:
    """A place with its score; the comparison is of scores alone."""

    score: float
    hit: Hit = field(compare=False)
    is_hedged: bool = field(compare=False)
    is_plain: bool = field(compare=False)


class Finder:
    """Looks parts up in an index. Without memory of its own."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def names(self, parts: Sequence[Part], frame: Frame) -> list[Part]:
        """The parts without those of vague words that name nothing here: "West" is a name in Cameroon only."""
        if not any(part.is_vague for part in parts):
            return list(parts)
        country = frame.country or _only_country([self.context(part, frame) for part in parts if not part.is_vague])
        return [part for part in parts if not part.is_vague or self._is_name(part, country, is_alone=not parts[1:])]

    def is_country(self, part: Part, frame: Frame) -> bool:
        """Whether the part names a country, one that the record allows."""
        return any(hit.row.level == tables.COUNTRY for hit in self.lookup.named(part.key, frame.country))

    def is_known(self, part: Part, frame: Frame) -> bool:
        """Whether any place bears the name, as it is written or without the words around it."""
        return bool(self._named([s for s in part.spellings if not s.is_loose], frame.country))

    def context(self, part: Part, frame: Frame) -> list[Hit]:
        """What a later part may mean as the surroundings of an earlier one."""
        for is_loose in (False, True):
            named = self._named([s for s in part.spellings if s.is_loose == is_loose], frame.country)
            known = [hit for hit, spelling in named if _may_surround(hit, spelling)]
            if known:
                return _without_far_namesakes(known)
        return []

    def contexts(self, parts: Sequence[Part], frame: Frame) -> Contexts:
        """What each part may mean as surroundings; a first-level area also with one wrong letter."""
        known = [self.context(part, frame) for part in parts]
        country = frame.country or _only_country(known)
        if country is None or all(known):
            return known
        return [hits or self._misspelt_context(part, country) for part, hits in zip(parts, known, strict=True)]

    def candidates(
        self, part: Part, contexts: Contexts, frame: Frame, *, others: Sequence[Part], is_first: bool
    ) -> list[Candidate]:
        """The places that the part may mean within its surroundings, best first; of the surest reading that has any.

        `others` are the parts behind it. A part that is not the first must name what can hold another place.
        """
        country = frame.country or _only_country(contexts)
        is_alone = not (country or any(contexts))
        for found in self._found([part, *others], country, contexts, frame):
            matching = self._matching(found, contexts, frame, is_alone=is_alone)
            if not is_first:
                matching = [c for c in matching if ranking.is_container(c.hit.row)]
            if matching:
                return [c for c in matching if c.hit.trust < naming.LAST_RESORT] or matching
        return []

    def beside(self, part: Part, contexts: Contexts, frame: Frame) -> list[Candidate]:
        """Towns near surroundings that do not hold them, for borders move: well-known ones, or the only one."""
        country = frame.country or _only_country(contexts)
        if country is None:
            return []
        found = self._named([s for s in part.spellings if not s.is_loose or s.is_hedged], country)
        found = [(hit, s) for hit, s in found if hit.row.level == tables.SETTLEMENT and hit.trust <= naming.SHORT]
        is_unique = len({hit.row.id for hit, _ in found}) == 1
        well_known = [
            (hit, s)
            for hit, s in found
            if is_unique or hit.row.population >= _WELL_KNOWN_POPULATION or ranking.is_seat(hit.row)
        ]
        return self._matching(well_known, contexts, frame, is_alone=False, is_beside=True)

    def place(self, candidate: Candidate) -> GazetteerPlace:
        """The candidate's place, its circle widened where the text says that it lies only near."""
        place = self.lookup.place(candidate.hit.row)
        if candidate.is_hedged and candidate.hit.row.level != tables.COUNTRY:
            return replace(place, uncertainty_m=extent.hedged_radius_m(place.uncertainty_m))
        return place

    def _found(self, parts: Sequence[Part], country: str | None, contexts: Contexts, frame: Frame) -> Iterable[Found]:
        """What the gazetteer has for the first of the parts, the surest first; it guesses within a country only."""
        part = parts[0]
        yield self._named([s for s in part.spellings if not s.is_loose], country)
        yield self._named([s for s in part.spellings if s.is_loose and s.is_hedged], country)
        sure_country = self._country_for_guesses(parts, contexts, frame)
        if sure_country:
            yield self._nearly([s for s in part.spellings if not s.is_loose or s.is_hedged], sure_country)
        yield self._named([s for s in part.spellings if s.is_loose], country)
        if sure_country:
            yield self._nearly([s for s in part.spellings if s.is_loose], sure_country)
            yield [(hit, s) for s in part.spellings for hit in self.lookup.clipped(s.key, country=sure_country)]
            yield from self._transcribed(part, sure_country)

    def _transcribed(self, part: Part, country: str) -> Iterable[Found]:
        """A name in another script, of which the gazetteer knows the Latin one only."""
        spellings = [replace(s, key=key) for s in part.spellings if (key := romanising.romanise(s.key))]
        yield [(replace(hit, is_typo=True), s) for hit, s in self._named(spellings, country)]
        yield self._nearly(spellings, country)
        yield [(hit, s) for s in spellings for hit in self.lookup.sounding(s.key, country=country)]

    def _country_for_guesses(self, parts: Sequence[Part], contexts: Contexts, frame: Frame) -> str | None:
        countries = {frame.country} if frame.country else _named_countries(contexts)
        if len(countries) != 1 or self._names_another_country(parts, *countries):
            return None
        return min(countries)

    def _named(self, spellings: Sequence[Spelling], country: str | None) -> Found:
        return [(hit, s) for s in spellings for hit in self.lookup.named(s.key, country)]

    def _nearly(self, spellings: Sequence[Spelling], country: str) -> Found:
        return [(hit, s) for s in spellings for hit in self.lookup.nearly_named(s.key, country)]

    def _misspelt_context(self, part: Part, country: str) -> list[Hit]:
        found = self._nearly([s for s in part.spellings if not s.is_loose], country)
        return [hit for hit, _ in found if hit.row.level == tables.FIRST and hit.trust <= naming.SHORT]

    def _is_name(self, part: Part, country: str | None, *, is_alone: bool) -> bool:
        if any(ranking.is_certain_country(hit) for hit in self.lookup.named(part.key, None)):
            return True
        if not country or (is_alone and len(part.key) < _SHORTEST_VAGUE_NAME):
            return False
        named = self._named(part.spellings, country)
        return any(ranking.is_name_of_vague_words(hit) for hit, _ in named)

    def _matching(
        self, found: Found, contexts: Contexts, frame: Frame, *, is_alone: bool, is_beside: bool = False
    ) -> list[Candidate]:
        best: dict[int, Candidate] = {}
        areas: dict[tuple[str, str, str], int] = {}
        for hit, _ in found:
            if hit.row.level in {tables.FIRST, tables.SECOND}:
                areas[_area_of(hit.row)] = min(hit.trust, areas.get(_area_of(hit.row), hit.trust))
        repeated = {hit.row.id for context in contexts for hit in context}
        for hit, spelling in found:
            score = ranking.score(hit, spelling, trust_of_its_area=areas.get(_area_of(hit.row)))
            if score is None or not self._lies_within(hit.row, contexts, frame, is_beside=is_beside):
                continue
            if is_alone and not ranking.is_known_enough(hit, spelling):
                continue
            if hit.row.id in repeated:
                score -= _LOSS_OF_THE_REPEATED[hit.row.level]
            if spelling.is_hedged and hit.row.level in {tables.FIRST, tables.SECOND}:
                score -= _LOSS_OF_HEDGED_AREAS
            candidate = Candidate(
                score, hit, spelling.is_hedged or _is_widened(hit.row, spelling), is_plain=not spelling.kind
            )
            if hit.row.id not in best or score > best[hit.row.id].score:
                best[hit.row.id] = candidate
        return sorted(best.values(), key=self._order)

    def _order(self, candidate: Candidate) -> tuple[float, int, int, int]:
        """Best score first; of two villages nothing is known about, the one where more people live around."""
        row = candidate.hit.row
        around = self.lookup.area(row.country, row.admin1, "")
        return -candidate.score, row.level, -(around.population if around else 0), row.id

    def _lies_within(self, row: Row, contexts: Contexts, frame: Frame, *, is_beside: bool) -> bool:
        code = frame.subdivision if row.level != tables.COUNTRY else None
        if code and code not in self.lookup.subdivisions_of(row):
            area = self.lookup.subdivision(code)
            if area is not None and not (is_beside and nesting.touches(area, row)):
                return False
        holds = nesting.holds_or_touches if is_beside else nesting.holds
        return all(any(holds(hit.row, row) for hit in context) for context in contexts if context)

    def _names_another_country(self, parts: Sequence[Part], country: str) -> bool:
        rows = [hit.row for part in parts for hit in self.lookup.named(part.key, None)]
        countries = {row.country for row in rows if row.level == tables.COUNTRY}
        return bool(countries) and country not in countries


def _may_surround(hit: Hit, spelling: Spelling) -> bool:
    is_trusted = ranking.is_container(hit.row) and hit.trust < naming.LAST_RESORT
    return is_trusted and ranking.score(hit, spelling) is not None


def _without_far_namesakes(hits: list[Hit]) -> list[Hit]:
    """A country's name at the end means the country, not the towns called so elsewhere; Georgia stays a state, too."""
    countries = {hit.row.country for hit in hits if hit.row.level == tables.COUNTRY}
    if not countries:
        return hits
    return [
        hit
        for hit in hits
        if hit.row.country in countries
        or hit.row.level == tables.FIRST
        or hit.row.population >= _AS_KNOWN_AS_A_COUNTRY_POPULATION
    ]


def _area_of(row: Row) -> tuple[str, str, str]:
    """The area itself, or the one whose seat a settlement is."""
    return row.country, row.admin1, row.admin2 if row.level == tables.SECOND or row.feature == "PPLA2" else ""


def _only_country(contexts: Contexts) -> str | None:
    for context in contexts:
        countries = {hit.row.country for hit in context}
        if len(countries) == 1:
            return countries.pop()
    return None


def _named_countries(contexts: Contexts) -> set[str]:
    return {hit.row.country for context in contexts for hit in context if hit.row.level == tables.COUNTRY}


def _is_widened(row: Row, spelling: Spelling) -> bool:
    """A settlement that stands for the district of its name."""
    return row.level == tables.SETTLEMENT and not spelling.is_whole and spelling.kind in words.SMALL_AREAS
