"""From the text of a place to the entry of the gazetteer that it means."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from api.domain.place import Precision
from api.geocoding import extent, index, naming, nesting, parsing, tables, words
from api.geocoding.answer import Answer, Frame
from api.geocoding.candidates import Candidate, Finder
from api.geocoding.lookup import Lookup
from api.geocoding.parsing import Part

__all__ = ["Answer", "Frame", "Matcher", "open_matcher"]

_NO_FRAME = Frame()
_CLOSE_CALL_GAP = 1.0
_MOST_CANDIDATES = 10
_LONGEST_TAIL = 4


def open_matcher(tables_folder: Path, index_path: Path, *, progress: index.Progress = lambda _: None) -> "Matcher":
    """A matcher over the index at `index_path`, which is built first when it does not fit the tables."""
    return Matcher(Lookup(index.ensure(tables_folder, index_path, progress=progress)))


class Matcher:
    """Finds places in an index. Without memory of its own: the same question has the same answer."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self._finder = Finder(lookup)

    def find(self, text: str, frame: Frame = _NO_FRAME) -> Answer | None:
        """The place that the text means within the frame; None when nothing of it is known. Never a guess.

        Where the record names a subdivision and nothing of the text is known in the whole country, it is that area,
        and the text counts as dropped.
        """
        frame = self._current(frame)
        ends = parsing.parse_between(text)
        if ends is not None:
            return self._between(*ends, frame)
        answer = _best(self._readings(text, frame))
        if answer is None and frame.subdivision:
            return self._area_of_the_record(text, frame)
        return answer

    def _readings(self, text: str, frame: Frame) -> Iterator[Answer | None]:
        """What the text may say, the likeliest reading first."""
        if "/" in text:
            # Obio/Akpor is one name; Abuja/FCT are two.
            yield self._of_parts(self._finder.names(parsing.parse(text.replace("/", " ")), frame), frame)
        parts = self._finder.names(parsing.parse(text), frame)
        yield self._of_parts(parts, frame)
        if parts[1:]:
            # Some names hold a comma: "San Andrés, Providencia y Santa Catalina".
            joined = parsing.parse(f"{parts[0].text} {parts[1].text}")
            if len(joined) == 1 and self._finder.is_known(joined[0], frame):
                yield self._of_parts([*joined, *parts[2:]], frame)
        yield self._beside(parts[::-1] if self._begins_with_a_country(parts, frame) else parts, frame)

    def _of_parts(self, parts: list[Part], frame: Frame) -> Answer | None:
        if len(parts) == 1:
            return self._first_known(parts, frame) or self._without_commas(parts[0], frame)
        if self._begins_with_a_country(parts, frame):
            orders = [parts[::-1], [*parts[1:], parts[0]]] if parts[2:] else [parts[::-1]]
            known = [answer for order in orders if (answer := self._first_known(order, frame))]
            # "Nigeria, Lagos, Ikeja" and "Nigeria, Ikeja, Lagos": what is understood wholly, and is the finer.
            whole = [answer for answer in known if not answer.dropped]
            return min(whole, key=lambda answer: answer.best.uncertainty_m, default=_best(known))
        return _best(self._first_known(order, frame) for order in (parts, parts[::-1]))

    def _begins_with_a_country(self, parts: list[Part], frame: Frame) -> bool:
        if not parts[1:]:
            return False
        return self._finder.is_country(parts[0], frame) and not self._finder.is_country(parts[-1], frame)

    def _current(self, frame: Frame) -> Frame:
        """The frame in today's codes; one unknown to the gazetteer excludes nothing."""
        country = frame.country.upper() if frame.country else None
        code = frame.subdivision.upper() if frame.subdivision else None
        code = words.FORMER_SUBDIVISIONS.get(code, code) if code else None
        return Frame(country or (code.partition("-")[0] if code else None), code)

    def _first_known(self, parts: Sequence[Part], frame: Frame) -> Answer | None:
        contexts = self._finder.contexts(parts, frame)
        for at, part in enumerate(parts):
            around = contexts[at + 1 :]
            candidates = self._finder.candidates(part, around, frame, others=parts[at + 1 :], is_first=at == 0)
            if candidates:
                best = candidates[0].hit
                is_ward = best.row.level == tables.SECOND and best.trust == naming.LAST_RESORT
                unknown = [p for p, context in zip(parts[at + 1 :], around, strict=True) if not context]
                is_misspelt = any(hit.is_typo for context in around for hit in context)
                dropped = tuple(p.text for p in (*parts[: at + is_ward], *unknown))
                return self._answer(candidates, dropped, is_misspelt=is_misspelt)
        return None

    def _without_commas(self, part: Part, frame: Frame) -> Answer | None:
        """Surabaya Indonesia: the words at the end are tried as an area, the longest first."""
        tokens = part.text.split()
        for length in range(min(_LONGEST_TAIL, len(tokens) - 1), 0, -1):
            parts = parsing.parse(f"{' '.join(tokens[:-length])}, {' '.join(tokens[-length:])}")
            tail = self._finder.names(parts[-1:], frame) if len(parts) > 1 else []
            if any(hit.row.level <= tables.FIRST for p in tail for hit in self._finder.context(p, frame)):
                return self._first_known(self._finder.names(parts, frame), frame)
        return None

    def _beside(self, parts: list[Part], frame: Frame) -> Answer | None:
        """A well-known town in the neighbourhood of the area that the text or the record names: always a close call."""
        if not parts or not (parts[1:] or frame.subdivision):
            return None
        contexts = self._finder.contexts(parts[1:], frame)
        candidates = self._finder.beside(parts[0], contexts, frame)
        if not candidates or not all(contexts):
            return None
        answer = self._answer(candidates, (), is_misspelt=False)
        area = self.lookup.subdivision(frame.subdivision) if frame.subdivision else None
        named = self.lookup.place(area or contexts[0][0].row)
        return replace(answer, runners_up=(*answer.runners_up, named))

    def _area_of_the_record(self, text: str, frame: Frame) -> Answer | None:
        area = self.lookup.subdivision(frame.subdivision or "")
        parts = self._finder.names(parsing.parse(text), frame)
        if area is None or not parts:
            return None
        elsewhere = _best(self._readings(text, Frame(frame.country)))
        if elsewhere and not elsewhere.dropped and not elsewhere.is_misspelt:
            return None
        return Answer((self.lookup.place(area),), dropped=tuple(part.text for part in parts))

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

    def _answer(self, candidates: list[Candidate], dropped: tuple[str, ...], *, is_misspelt: bool) -> Answer:
        candidates = candidates[:_MOST_CANDIDATES]
        places = tuple(self._finder.place(c) for c in candidates)
        runners_up = tuple(
            place for c, place in zip(candidates[1:], places[1:], strict=True) if _is_close(candidates[0], c)
        )
        return Answer(places, runners_up, dropped, is_misspelt=candidates[0].hit.is_typo or is_misspelt)


def _best(answers: Iterable[Answer | None]) -> Answer | None:
    """The first that understands everything, else the first that drops a part of the text, else None.

    Instead of the country alone, the first that is finer in the same country.
    """
    fallback: Answer | None = None
    for answer in answers:
        if answer is None:
            continue
        if not answer.dropped:
            return answer
        if fallback is None or _is_finer(answer, than=fallback):
            fallback = answer
    return fallback


def _is_finer(answer: Answer, *, than: Answer) -> bool:
    one, other = answer.best, than.best
    return other.precision is Precision.COUNTRY is not one.precision and one.country == other.country


def _is_close(best: Candidate, other: Candidate) -> bool:
    if best.hit.is_typo:
        return True
    one, two = best.hit.row, other.hit.row
    if one.level == tables.SETTLEMENT and two.level == tables.FIRST and best.is_plain:
        return other.hit.trust <= naming.SHORT
    if one.level == two.level == tables.SETTLEMENT and nesting.apart_m(one, two) <= one.radius_m:
        return False
    return best.score - other.score <= _CLOSE_CALL_GAP
