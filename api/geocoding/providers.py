"""Who answers where a place is: the embedded gazetteer, or an online service in its stead.

Online answers are held to the gazetteer's rules: a text that names no place is never sent, nothing finer than a
settlement comes back, radii follow the same method, the population floor and the rounding are the same functions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from api.domain.area import MAX_RADIUS_M
from api.domain.countries import COUNTRIES
from api.domain.folding import fold
from api.domain.place import GazetteerPlace, Precision
from api.geocoding import extent, parsing
from api.geocoding.answer import Answer
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.generalise import generalise
from api.geocoding.parsing import Part
from api.geocoding.replies import Box, Reply, stream_distinct
from api.geocoding.replies_cache import RepliesCache

Question = Callable[[str, str | None], list[Reply]]
"""Asks a service for a text in a country (ISO 3166-1 alpha-2, or None)."""

_MANY_TIMES_LARGER = 10
_NEAREST_NAMESAKE_M = 10_000


class OnlineProvider:
    """An online service in the form of a `curation.review.Provider`.

    What lies around a place, and what it is not told about one (people, codes, an area's reach), it takes from the
    gazetteer.
    """

    def __init__(self, name: str, licence: str, ask: Question, gazetteer: Gazetteer) -> None:
        self.name = name
        self.licence = licence
        self._ask = ask
        self._gazetteer = gazetteer

    def answer(self, text: str, *, country: str | None = None, subdivision: str | None = None) -> Answer | None:
        """The places that a text means; None when nothing of it is known. Raises ServiceFailed."""
        # Whether vague words are a name, only the gazetteer can tell.
        parts = [part for part in parsing.parse(text) if not part.is_vague]
        if not parts or parsing.parse_between(text) is not None:
            return None
        ranked, is_named, is_hedged = self._ranked(parts, country, subdivision)
        if not ranked:
            return None
        places = list(self._places(ranked))
        best = self._place(ranked[0])
        if best is None:
            around = next(iter(self._areas_of(ranked[0])), None)
            return Answer((around,), dropped=(parts[0].text,)) if around else None
        runners_up = [place for place in places[1:] if _is_close(best, place)]
        if is_hedged and best.precision is not Precision.COUNTRY:
            places[0] = replace(best, uncertainty_m=extent.hedged_radius_m(best.uncertainty_m))
        return Answer(tuple(places), tuple(runners_up), is_misspelt=not is_named)

    def generalised(self, place: GazetteerPlace) -> GazetteerPlace:
        """A place as it may be stored: the gazetteer's area around it where it lies below the population floor."""
        areas = self._areas(place.country, place.admin1, ((Precision.ADMIN2, place.admin2_name),))
        order = [*Precision]
        coarser = order[order.index(place.precision) + 1 :]
        return generalise(place, [area for area in areas if area.precision in coarser])

    def _ranked(
        self, parts: Sequence[Part], country: str | None, subdivision: str | None
    ) -> tuple[list[Reply], bool, bool]:
        """The replies that count, those that bear the name first; whether one does, and whether only without "near".

        As offline, a name is tried whole before a hedge is taken off it: Greater Accra is a region.
        """
        first: list[Reply] = []
        has_hedge = any(spelling.is_hedged for part in parts for spelling in part.spellings)
        for is_hedged in (False, True) if has_hedge else (False,):
            names = [_without_hedge(part) if is_hedged else part.text for part in parts]
            replies = [
                reply
                for reply in stream_distinct(self._ask(", ".join(names), country))
                if country in {None, reply.country} and self._lies_in(reply, subdivision)
            ]
            keys = {spelling.key for spelling in parts[0].spellings if is_hedged or not spelling.is_loose}
            named = [reply for reply in replies if reply.precision and fold(reply.name) in keys]
            if named:
                of_first_part = any(spelling.is_hedged for spelling in parts[0].spellings)
                rest = [reply for reply in replies if reply not in named]
                return [*named, *rest], True, is_hedged and of_first_part
            first = first or replies
        return first, False, has_hedge

    def _places(self, replies: Sequence[Reply]) -> Iterator[GazetteerPlace]:
        known = set()
        for place in map(self._place, replies):
            if place is not None and place.gazetteer_id not in known:
                known.add(place.gazetteer_id)
                yield place

    def _place(self, reply: Reply) -> GazetteerPlace | None:
        """The reply in the words of the domain; None for what is finer, or of which nobody says how far it reaches."""
        if reply.precision is None or not reply.name or not reply.country:
            return None
        first = self._first_level(reply)
        codes = [code for code in reply.subdivisions if self._gazetteer.area(code)]
        is_first_or_finer = reply.precision is not Precision.COUNTRY
        place = GazetteerPlace(
            gazetteer_id=reply.id,
            name=reply.name,
            precision=reply.precision,
            lon=reply.lon,
            lat=reply.lat,
            uncertainty_m=0,
            country=reply.country,
            admin1=first.admin1 if first and is_first_or_finer else None,
            admin1_name=first.name if first and is_first_or_finer else None,
            admin2_name=reply.name if reply.precision is Precision.ADMIN2 else reply.name_of(Precision.ADMIN2),
            iso_3166_2=next(iter(codes), first.admin1 if first else None) if is_first_or_finer else None,
            population=reply.population,
            feature=reply.feature if reply.precision is Precision.SETTLEMENT else None,
        )
        if reply.precision is Precision.SETTLEMENT:
            return self._settlement(place, first)
        return self._area(place, reply.box)

    def _settlement(self, place: GazetteerPlace, first: GazetteerPlace | None) -> GazetteerPlace:
        known = self._namesake(place) if place.population is None else None
        if known is not None:
            place = replace(place, population=known.population, feature=place.feature or known.feature)
        within_m = first.uncertainty_m if first else None
        return replace(place, uncertainty_m=extent.settlement_radius_m(place.population or 0, within_m=within_m))

    def _namesake(self, place: GazetteerPlace) -> GazetteerPlace | None:
        """The gazetteer's own entry for a settlement that the service gives without its people."""
        for other in self._named(place.name, place.country, place.admin1):
            apart_m = extent.distance_m(place.lon, place.lat, other.lon, other.lat)
            if other.precision is Precision.SETTLEMENT and apart_m <= _NEAREST_NAMESAKE_M:
                return other
        return None

    def _area(self, place: GazetteerPlace, box: Box | None) -> GazetteerPlace | None:
        if box is not None:
            lon, lat, radius_m = enclose(box, place.lon, place.lat)
            return replace(place, lon=lon, lat=lat, uncertainty_m=radius_m)
        known = self._gazetteer.by_id(place.gazetteer_id)
        return known if known and known.precision is place.precision else None

    def _lies_in(self, reply: Reply, subdivision: str | None) -> bool:
        """Whether it may lie in the area of that code; a code that nobody knows excludes nothing."""
        wanted = self._gazetteer.area(subdivision.upper()) if subdivision else None
        if wanted is None or reply.precision is Precision.COUNTRY:
            return True
        codes = {subdivision, wanted.admin1, wanted.iso_3166_2}
        areas = [area for area in self._areas_of(reply) if area.precision is not Precision.COUNTRY]
        known = {*reply.subdivisions, *(area.iso_3166_2 for area in areas), *(area.admin1 for area in areas)}
        return bool(codes & (known - {None}))

    def _first_level(self, reply: Reply) -> GazetteerPlace | None:
        areas = [area for area in self._areas_of(reply) if area.precision is Precision.ADMIN1]
        return areas[0] if areas else None

    def _areas_of(self, reply: Reply) -> list[GazetteerPlace]:
        """What the gazetteer knows of the areas around a reply, from fine to coarse."""
        around = reply.around
        if reply.precision in {Precision.ADMIN1, Precision.ADMIN2}:
            around = ((reply.precision, reply.name), *around)
        first = next((area.admin1 for code in reply.subdivisions if (area := self._gazetteer.area(code))), None)
        return self._areas(reply.country, first, around)

    def _named(self, name: str, country: str, subdivision: str | None) -> tuple[GazetteerPlace, ...]:
        """What the gazetteer knows by that name, without its guesses."""
        answer = self._gazetteer.answer(name, country=country, subdivision=subdivision)
        return () if answer is None or answer.is_misspelt or answer.dropped else answer.places

    def _areas(
        self, country: str, admin1: str | None, names: Sequence[tuple[Precision, str | None]]
    ) -> list[GazetteerPlace]:
        found = []
        for precision, name in names:
            places = self._named(name, country, admin1) if name else ()
            found += [place for place in places if place.precision is precision][:1]
        coarse = [self._gazetteer.area(code) for code in (admin1, country) if code]
        found += [area for area in coarse if area is not None]
        distinct = {area.gazetteer_id: area for area in found}
        return sorted(distinct.values(), key=lambda area: [*Precision].index(area.precision))


def enclose(box: Box, lon: float, lat: float) -> tuple[float, float, int]:
    """A point and the metres around it that hold the box: its middle, or the point given where it spans the globe."""
    west, south, east, north = box
    width = east - west if west <= east else east + 360 - west
    if width < 180:
        lon, lat = (west + width / 2 + 180) % 360 - 180, (south + north) / 2
    steps = [step / 32 for step in range(33)]
    corners = [(west, south), (west + width, south), (west + width, north), (west, north), (west, south)]
    edge = [
        (x + (other_x - x) * step, y + (other_y - y) * step)
        for (x, y), (other_x, other_y) in pairwise(corners)
        for step in steps
    ]
    return lon, lat, min(MAX_RADIUS_M, round(max(extent.distance_m(lon, lat, x, y) for x, y in edge)) + 1)


def in_country(text: str, country: str | None) -> str:
    """The text with the country's name at its end, for services that cannot be told a country."""
    known = COUNTRIES.get(country or "")
    return text if known is None or fold(known.name) in fold(text) else f"{text}, {known.name}"


def remembering(ask: Question, cache: RepliesCache, service: str) -> Question:
    """The same question, asked once and then answered from the cache."""

    def answer(text: str, country: str | None) -> list[Reply]:
        key = f"{country or ''}:{text}"
        replies = cache.get(service, key)
        if replies is None:
            replies = ask(text, country)
            cache.put(service, key, replies)
        return replies

    return answer


def _without_hedge(part: Part) -> str:
    return next((spelling.key for spelling in part.spellings if spelling.is_hedged), part.text)


def _is_close(best: GazetteerPlace, other: GazetteerPlace) -> bool:
    """Another place of the same name, unless the best is many times larger or holds it."""
    if fold(best.name) != fold(other.name):
        return False
    if best.precision is not other.precision:
        return other.precision is not Precision.COUNTRY
    if extent.distance_m(best.lon, best.lat, other.lon, other.lat) <= best.uncertainty_m:
        return False
    return (best.population or 0) < _MANY_TIMES_LARGER * (other.population or 1)
