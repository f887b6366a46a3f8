"""The embedded gazetteer as a geopy geocoder."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, overload

from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from api.domain.place import GazetteerPlace
from api.geocoding import index
from api.geocoding.generalise import generalise
from api.geocoding.matching import Answer, Frame, Matcher, open_matcher

ATTRIBUTION = "Contains data from GeoNames (CC BY 4.0) and Natural Earth (public domain)."


class Gazetteer(Geocoder):  # type: ignore[misc]
    """Places by name from the tables in `tables`, through an index that is built on first use.

    Offline: nothing leaves the machine. `timeout` is accepted as every geopy geocoder does, and unused.
    """

    name = "gazetteer"
    licence = "CC-BY-4.0"

    def __init__(self, tables: Path, index_path: Path, *, progress: index.Progress = lambda _: None) -> None:
        super().__init__(user_agent="foundling")
        self._matcher: Matcher = open_matcher(tables, index_path, progress=progress)

    @overload
    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: Literal[True] = True,
        timeout: Any = DEFAULT_SENTINEL,
        country_codes: str | Sequence[str] | None = None,
        subdivision: str | None = None,
    ) -> Location | None: ...

    @overload
    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: Literal[False],
        timeout: Any = DEFAULT_SENTINEL,
        country_codes: str | Sequence[str] | None = None,
        subdivision: str | None = None,
    ) -> list[Location] | None: ...

    def geocode(
        self,
        query: str | Mapping[str, str],
        *,
        exactly_one: bool = True,
        timeout: Any = DEFAULT_SENTINEL,
        country_codes: str | Sequence[str] | None = None,
        subdivision: str | None = None,
    ) -> Location | list[Location] | None:
        """The best place for a query, or with `exactly_one=False` all that fit; None when nothing does.

        `query` is text, or a mapping of `city`, `county`, `state` and `country`, any of them absent. `country_codes`
        are ISO 3166-1 alpha-2, `subdivision` is an ISO 3166-2 code: both overrule the text. `Location.raw` holds the
        place's values, the close calls in `candidates` and the fingerprint of the tables.
        """
        del timeout
        text = query if isinstance(query, str) else _text_of(query)
        codes = [country_codes] if isinstance(country_codes, str) else list(country_codes or [None])  # type: ignore[list-item]
        answers = [self.answer(text, country=code, subdivision=subdivision) for code in codes]
        found = [answer for answer in answers if answer is not None]
        if not found:
            return None
        if exactly_one:
            return self._location(found[0].best, found[0])
        return [self._location(place, answer) for answer in found for place in answer.places]

    def reverse(self, query: Any, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL) -> Any:
        """Not offered: a point is finer than what this project may say."""
        raise NotImplementedError("The gazetteer answers names only.")

    def answer(self, text: str, *, country: str | None = None, subdivision: str | None = None) -> Answer | None:
        """The places that a text means with what is doubtful about them; None when nothing of it is known."""
        return self._matcher.find(text, Frame(country, subdivision))

    def candidates(
        self, text: str, *, country: str | None = None, subdivision: str | None = None
    ) -> list[GazetteerPlace]:
        """The places that a text may mean, best first; [] when nothing of it is known."""
        answer = self.answer(text, country=country, subdivision=subdivision)
        return list(answer.places) if answer else []

    def by_id(self, gazetteer_id: str) -> GazetteerPlace | None:
        """The place of that id."""
        row = self._matcher.lookup.by_id(gazetteer_id)
        return self._matcher.lookup.place(row) if row else None

    def area(self, code: str) -> GazetteerPlace | None:
        """The country of an ISO 3166-1 alpha-2 code, or the area of an ISO 3166-2 one; None when it has none."""
        lookup = self._matcher.lookup
        row = lookup.subdivision(code) if "-" in code else lookup.area(code, "", "")
        return lookup.place(row) if row else None

    def generalised(self, place: GazetteerPlace) -> GazetteerPlace:
        """The place as it may be stored."""
        return generalise(place, self._matcher.lookup.areas_of(place))

    def close(self) -> None:
        """Let go of the index."""
        self._matcher.lookup.close()

    def _location(self, place: GazetteerPlace, answer: Answer) -> Location:
        raw = asdict(place) | {
            "precision": place.precision.value,
            "candidates": [asdict(other) for other in answer.runners_up],
            "dropped": list(answer.dropped),
            "is_close_call": answer.is_close_call,
            "gazetteer": self._matcher.lookup.digest(),
            "attribution": ATTRIBUTION,
        }
        names = dict.fromkeys(filter(None, [place.name, place.admin2_name, place.admin1_name, place.country]))
        return Location(", ".join(names), (place.lat, place.lon), raw)


def _text_of(query: Mapping[str, str]) -> str:
    return ", ".join(query[key] for key in ("city", "county", "state", "country") if query.get(key))
