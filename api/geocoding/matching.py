"""From the text of a place to the entry of the gazetteer that it means."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.domain.place import GazetteerPlace
from api.geocoding import extent, index, naming, nesting, parsing, ranking, tables, words
from api.geocoding.lookup import Hit, Lookup, Row
from api.geocoding.parsing import Part

_CLOSE_CALL_GAP = 1.0
_MOST_CANDIDATES = 10
_LONGEST_TAIL = 4
_LOSS_OF_A_REPEATED_COUNTRY = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means. `places` are best first, never empty; `dropped` are the parts that say more than
    the places do: unknown ones, and villages of which only the area around them is known.

    `runners_up` are those of a close call: nearly as good, or an area of the same name as the settlement chosen.
    """

    places: tuple[GazetteerPlace, ...]
    runners_up: tuple[GazetteerPlace, ...] = ()
    dropped: tuple[str, ...] = ()
    is_misspelt: bool = False

    @property
    def is_close_call(self) -> bool:
        """Whether a person should choose: another place fits nearly as well, or a letter was taken for another."""
        return bool(self.runners_up) or self.is_misspelt

    @property
    def best(self) -> GazetteerPlace:
        """The place that is meant."""
        return self.places[0]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the record says already: it always wins over the text. `country` and `subdivision` are ISO codes."""

    country: str | None = None
    subdivision: str | None = None


@dataclass(order=True, slots=True)
class _Candidate:
    score: float
    hit: Hit = field(compare=False)
    is_hedged: bool = field(compare=False)
    is_plain: bool = field(compare=False)


def open_matcher(tables_folder: Path, index_path: Path, *, progress: index.Progress = lambda _: None) -> "Matcher":
    """A matcher over the index at `index_path`, which is built first when it does not fit the tables."""
    return Matcher(Lookup(index.ensure(tables_folder, index_path, progress=progress)))


class Matcher:
    """Finds places in an index. Without memory of its own: the same question has the same answer."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def find(self, text: str, frame: Frame = Frame()) -> Answer | None:
        """The place that the text means within the frame; None when nothing of it is known. Never a guess."""
        frame = self._current(frame)
        ends = parsing.parse_between(text)
        if ends is not None:
            return self._between(*ends, frame)
        if "/" in text:
            # Obio/Akpor is one name; Abuja/FCT are two.
            answer = self._of_parts(parsing.parse(text.replace("/", " ")), frame)
            if answer is not None and not answer.dropped:
                return answer
        return self._of_parts(parsing.parse(text), frame)

    def _of_parts(self, parts: list[Part], frame: Frame) -> Answer | None:
        parts = self._from_fine_to_coarse(parts, frame)
        if len(parts) == 1:
            return self._first_known(parts, frame) or self._without_commas(parts[0], frame)
        answer = self._first_known(parts, frame)
        if answer is None or answer.dropped:
            reversed_answer = self._first_known(parts[::-1], frame)
            if reversed_answer is not None and not reversed_answer.dropped:
                return reversed_answer
        return answer

    def _current(self, frame: Frame) -> Frame:
        """The frame in today's codes; one unknown to the gazetteer excludes nothing."""
        country = frame.country.upper() if frame.country else None
        code = frame.subdivision.upper() if frame.subdivision else None
        code = words.FORMER_SUBDIVISIONS.get(code, code) if code else None
        return Frame(country or (code.partition("-")[0] if code else None), code)

    def _from_fine_to_coarse(self, parts: list[Part], frame: Frame) -> list[Part]:
        if len(parts) > 1 and self._is_country(parts[0], frame) and not self._is_country(parts[-1], frame):
            return [*parts[1:], parts[0]]
        return parts

    def _is_country(self, part: Part, frame: Frame) -> bool:
        return any(hit.row.level == tables.COUNTRY for hit in self.lookup.named(part.key, frame.country))

    def _first_known(self, parts: Sequence[Part], frame: Frame) -> Answer | None:
        for at, part in enumerate(parts):
            candidates = self._candidates(part, parts[at + 1 :], frame, is_first=at == 0)
            if candidates:
                best = candidates[0].hit
                is_ward = best.row.level == tables.SECOND and best.trust == naming.LAST_RESORT
                unknown = [p for p in parts[at + 1 :] if not self._context(p, frame)]
                return self._answer(candidates, tuple(p.text for p in (*parts[: at + is_ward], *unknown)))
        return None

    def _without_commas(self, part: Part, frame: Frame) -> Answer | None:
        """Surabaya Indonesia: the words at the end are tried as an area, the longest first."""
        tokens = part.text.split()
        for length in range(min(_LONGEST_TAIL, len(tokens) - 1), 0, -1):
            parts = parsing.parse(f"{' '.join(tokens[:-length])}, {' '.join(tokens[-length:])}")
            tail = parts[-1:] if len(parts) > 1 else []
            if any(hit.row.level <= tables.FIRST for p in tail for hit in self._context(p, frame)):
                return self._first_known(parts, frame)
        return None

    def _between(self, first: str, second: str, frame: Frame) -> Answer | None:
        """The midpoint of two places, wide enough to hold both; nothing unless both are known."""
        one, other = self.find(first, frame), self.find(second, frame)
        if one is None or other is None or one.best.country != other.best.country:
            return None
        a, b = one.best, other.best
        apart_m = extent.distance_m(a.lon, a.lat, b.lon, b.lat)
        lon = a.lon + ((b.lon - a.lon + 180) % 360 - 180) / 2
        coarser = max(a, b, key=lambda place: place.uncertainty_m)
        middle = replace(
            a if a.precision == coarser.precision else coarser,
            lon=(lon + 180) % 360 - 180,
            lat=(a.lat + b.lat) / 2,
            uncertainty_m=round(apart_m / 2) + a.uncertainty_m + b.uncertainty_m,
        )
        return Answer((middle,), (a, b), (*one.dropped, *other.dropped), one.is_misspelt or other.is_misspelt)

    def _candidates(self, part: Part, later: Sequence[Part], frame: Frame, *, is_first: bool) -> list[_Candidate]:
        contexts = [known for known in (self._context(p, frame) for p in later) if known]
        country = frame.country or _only_country(contexts)
        is_alone = not (country or contexts)
        for is_loose in (False, True):
            named = self._named(part, country, is_loose=is_loose)
            found = self._matching(part, named, contexts, frame, is_alone=is_alone)
            if not is_first:
                found = [c for c in found if ranking.is_container(c.hit.row)]
            if found:
                return [c for c in found if c.hit.trust < naming.LAST_RESORT] or found
        countries = {country} if country else _named_countries(contexts)
        if len(countries) != 1 or self._names_another_country([part, *later], *countries):
            return []
        typos = [(hit, s) for s in part.spellings for hit in self.lookup.nearly_named(s.key, country=min(countries))]
        return self._matching(part, typos, contexts, frame, is_alone=False)

    def _named(self, part: Part, country: str | None, *, is_loose: bool) -> list[tuple[Hit, parsing.Spelling]]:
        spellings = [s for s in part.spellings if s.is_loose == is_loose]
        return [(hit, s) for s in spellings for hit in self.lookup.named(s.key, country)]

    def _context(self, part: Part, frame: Frame) -> list[Hit]:
        """What a later part may mean as the surroundings of an earlier one."""
        for is_loose in (False, True):
            known = [
                hit
                for hit, spelling in self._named(part, frame.country, is_loose=is_loose)
                if ranking.is_container(hit.row)
                and hit.trust < naming.LAST_RESORT
                and ranking.score(hit, spelling) is not None
            ]
            if known:
                return known
        return []

    def _matching(
        self,
        part: Part,
        found: list[tuple[Hit, parsing.Spelling]],
        contexts: list[list[Hit]],
        frame: Frame,
        *,
        is_alone: bool,
    ) -> list[_Candidate]:
        best: dict[int, _Candidate] = {}
        areas = {_area_of(hit.row) for hit, _ in found if hit.row.level in {tables.FIRST, tables.SECOND}}
        for hit, spelling in found:
            score = ranking.score(hit, spelling, is_also_its_area=_area_of(hit.row) in areas)
            if score is None or not self._lies_within(hit.row, contexts, frame):
                continue
            if is_alone and (part.is_direction or not ranking.is_known_enough(hit, spelling.key)):
                continue
            if hit.row.level == tables.COUNTRY and _is_repeated(hit.row, contexts):
                score -= _LOSS_OF_A_REPEATED_COUNTRY
            candidate = _Candidate(
                score, hit, spelling.is_hedged or _is_widened(hit.row, spelling), is_plain=not spelling.kind
            )
            if hit.row.id not in best or score > best[hit.row.id].score:
                best[hit.row.id] = candidate
        return sorted(best.values(), key=self._order)

    def _order(self, candidate: _Candidate) -> tuple[float, int, int, int]:
        """Best score first; of two villages nothing is known about, the one where more people live around."""
        row = candidate.hit.row
        around = self.lookup.area(row.country, row.admin1, "")
        return -candidate.score, row.level, -(around.population if around else 0), row.id

    def _lies_within(self, row: Row, contexts: list[list[Hit]], frame: Frame) -> bool:
        if frame.subdivision and row.level != tables.COUNTRY:
            codes = self.lookup.subdivisions_of(row)
            if frame.subdivision not in codes and self.lookup.subdivision(frame.subdivision) is not None:
                return False
        return all(any(nesting.holds(hit.row, row) for hit in context) for context in contexts)

    def _names_another_country(self, later: Sequence[Part], country: str) -> bool:
        rows = [hit.row for part in later for hit in self.lookup.named(part.key, None)]
        countries = {row.country for row in rows if row.level == tables.COUNTRY}
        return bool(countries) and country not in countries

    def _answer(self, candidates: list[_Candidate], dropped: tuple[str, ...]) -> Answer:
        candidates = candidates[:_MOST_CANDIDATES]
        places = tuple(self._place(c) for c in candidates)
        runners_up = tuple(
            place for c, place in zip(candidates[1:], places[1:], strict=True) if _is_close(candidates[0], c)
        )
        return Answer(places, runners_up, dropped, is_misspelt=candidates[0].hit.is_typo)

    def _place(self, candidate: _Candidate) -> GazetteerPlace:
        place = self.lookup.place(candidate.hit.row)
        if candidate.is_hedged and candidate.hit.row.level != tables.COUNTRY:
            return replace(place, uncertainty_m=extent.hedged_radius_m(place.uncertainty_m))
        return place


def _area_of(row: Row) -> tuple[str, str, str]:
    """The area itself, or the one whose seat a settlement is."""
    return row.country, row.admin1, row.admin2 if row.level == tables.SECOND or row.feature == "PPLA2" else ""


def _only_country(contexts: list[list[Hit]]) -> str | None:
    for context in contexts:
        countries = {hit.row.country for hit in context}
        if len(countries) == 1:
            return countries.pop()
    return None


def _named_countries(contexts: list[list[Hit]]) -> set[str]:
    return {hit.row.country for context in contexts for hit in context if hit.row.level == tables.COUNTRY}


def _is_repeated(row: Row, contexts: list[list[Hit]]) -> bool:
    """In "Andorra, Andorra" the first is the city."""
    return any(hit.row.id == row.id for context in contexts for hit in context)


def _is_widened(row: Row, spelling: parsing.Spelling) -> bool:
    """A settlement that stands for the district of its name."""
    return row.level == tables.SETTLEMENT and not spelling.is_whole and spelling.kind in words.SMALL_AREAS


def _is_close(best: _Candidate, other: _Candidate) -> bool:
    if best.hit.is_typo:
        return True
    one, two = best.hit.row, other.hit.row
    if one.level == tables.SETTLEMENT and two.level == tables.FIRST and best.is_plain:
        return other.hit.trust <= naming.SHORT
    if one.level == two.level == tables.SETTLEMENT and nesting.apart_m(one, two) <= one.radius_m:
        return False
    return best.score - other.score <= _CLOSE_CALL_GAP
