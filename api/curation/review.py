"""The curator's loop over geocodes: which places are new, what is proposed for them, what has been accepted."""

import json
import os
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from api.domain.place import GazetteerPlace, Geocode, Precision, ReportedPlace
from api.geocoding.answer import Answer

Entry = dict[str, Any]
"""An entry of geocodes.json."""


class Provider(Protocol):
    """Whoever answers where a place is."""

    name: str
    licence: str

    def answer(self, text: str, *, country: str | None, subdivision: str | None) -> Answer | None:
        """The places that a text means within the ISO codes given; None when nothing of it is known."""

    def generalised(self, place: GazetteerPlace) -> GazetteerPlace:
        """A place as it may be stored."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The places of the seeds beside the entries of geocodes.json, each list in the file's order."""

    new: list[ReportedPlace]
    kept: list[Entry]
    orphaned: list[Entry]

    @property
    def unreviewed(self) -> list[Entry]:
        """The entries that still wait for a person."""
        return [entry for entry in self.kept if entry["reviewed"] is not True]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a provider says of a new place, or a curator who has picked one.

    Without a `geocode` nothing may be stored, and `advice` says what the seeds should say instead.
    """

    place: ReportedPlace
    geocode: Geocode | None
    advice: str = ""
    is_close_call: bool = False
    is_picked: bool = False


def place_of(entry: Entry) -> ReportedPlace:
    """The place that an entry of geocodes.json, or of an incident, speaks of."""
    return ReportedPlace(entry["country"], entry["subdivision"] or "", entry["text"])


def compare(reported: Iterable[ReportedPlace], entries: Iterable[Entry]) -> Comparison:
    """Which places are new, which entries still stand, and which no incident names any more."""
    wanted, by_place = set(reported), {place_of(entry): entry for entry in entries}
    return Comparison(
        new=sorted(wanted - by_place.keys()),
        kept=[by_place[place] for place in sorted(wanted & by_place.keys())],
        orphaned=[by_place[place] for place in sorted(by_place.keys() - wanted)],
    )


def propose(place: ReportedPlace, provider: Provider, *, today: str) -> Proposal:
    """The entry for a new place, generalised and not reviewed.

    Where the text says more than may be stored, there is none: an entry would carry the text.
    """
    answer = provider.answer(place.text, country=place.country, subdivision=place.subdivision or None)
    if answer is None:
        return Proposal(place, None, _advice_for_unknown(place, provider))
    stored = provider.generalised(answer.best)
    is_named = any(stored.gazetteer_id == named.gazetteer_id for named in answer.places)
    if answer.dropped or not is_named:
        return Proposal(place, None, _advice_for_too_fine(place, stored, provider))
    return Proposal(place, geocode_of(place, answer, provider, today=today), is_close_call=answer.is_close_call)


def pick(place: ReportedPlace, found: GazetteerPlace, provider: Provider, *, today: str) -> Proposal:
    """What a curator has chosen; without a geocode when it lies below the population floor."""
    geocode = geocode_of(place, Answer((found,)), provider, today=today)
    is_storable = geocode.found.gazetteer_id == found.gazetteer_id
    return Proposal(place, geocode if is_storable else None, is_picked=True)


def is_doubtful(entry: Entry, provider: Provider) -> bool:
    """Whether an entry should be accepted by a person only: a close call, or not what the provider says today."""
    place = place_of(entry)
    answer = provider.answer(place.text, country=place.country, subdivision=place.subdivision or None)
    is_same = answer is not None and answer.best.gazetteer_id == entry["gazetteer_id"]
    return bool(entry["candidates"]) or not is_same or (answer is not None and answer.is_close_call)


def geocode_of(place: ReportedPlace, answer: Answer, provider: Provider, *, today: str) -> Geocode:
    """The best of an answer as it may be stored, with the runners-up of a close call."""
    stored = provider.generalised(answer.best)
    others = {other.gazetteer_id: other for other in map(provider.generalised, answer.runners_up)}
    others.pop(stored.gazetteer_id, None)
    return Geocode(
        place, stored, provider.name, provider.licence, query_of(place), today, is_reviewed=False,
        candidates=tuple(others.values()),
    )  # fmt: skip


def query_of(place: ReportedPlace) -> str:
    """What was asked, in one line."""
    return ", ".join(filter(None, [place.text, place.subdivision, place.country]))


def entry_of(geocode: Geocode) -> Entry:
    """A geocode as an entry of geocodes.json, its keys in the file's order."""
    place, found = geocode.place, geocode.found
    return {
        "text": place.text,
        "country": place.country,
        "subdivision": place.subdivision or None,
        "lon": found.lon,
        "lat": found.lat,
        "precision": found.precision.value,
        "uncertainty_m": found.uncertainty_m,
        "name": found.name,
        "admin1": found.admin1,
        "admin1_name": found.admin1_name,
        "admin2_name": found.admin2_name,
        "iso_3166_2": found.iso_3166_2,
        "population": found.population,
        "feature": found.feature,
        "gazetteer_id": found.gazetteer_id,
        "provider": geocode.provider,
        "licence": geocode.licence,
        "query": geocode.query,
        "date": geocode.date,
        "reviewed": geocode.is_reviewed,
        "candidates": [
            {
                "gazetteer_id": other.gazetteer_id,
                "name": other.name,
                "precision": other.precision.value,
                "lon": other.lon,
                "lat": other.lat,
                "uncertainty_m": other.uncertainty_m,
                "admin1": other.admin1,
            }
            for other in geocode.candidates
        ],
    }


def accept(entries: Iterable[Entry], places: Collection[ReportedPlace]) -> list[Entry]:
    """The entries, those of `places` reviewed."""
    return [{**entry, "reviewed": True} if place_of(entry) in places else entry for entry in entries]


def serialise(entries: Sequence[Entry]) -> str:
    """The text of geocodes.json: sorted by place, the same whatever the order was."""
    return json.dumps(sorted(entries, key=place_of), indent=1, ensure_ascii=False) + "\n"


def write(path: Path, entries: Sequence[Entry]) -> bool:
    """Put the entries in the place of the file at once; False, and no touch, when it holds them already."""
    text = serialise(entries).encode()
    if path.exists() and path.read_bytes() == text:
        return False
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return True


def _advice_for_unknown(place: ReportedPlace, provider: Provider) -> str:
    elsewhere = provider.answer(place.text, country=place.country, subdivision=None) if place.subdivision else None
    if elsewhere is not None and elsewhere.best.precision is not Precision.COUNTRY and not elsewhere.dropped:
        where = elsewhere.best.admin1 or elsewhere.best.admin1_name or "another area"
        return f"Known in {where}, not in {place.subdivision}: correct the subdivision, or name the area."
    return "Not known: name the district, the state or the country that it lies in."


def _advice_for_too_fine(place: ReportedPlace, stored: GazetteerPlace, provider: Provider) -> str:
    reason = "Below the population floor, or unknown"
    for text in _spellings(stored):
        answer = provider.answer(text, country=place.country, subdivision=stored.admin1)
        if answer and not answer.dropped and provider.generalised(answer.best).gazetteer_id == stored.gazetteer_id:
            return f"{reason}: write “{text}” ({stored.precision}) in the seeds."
    return f"{reason}: write the {stored.precision} area {stored.name} in the seeds."


def _spellings(area: GazetteerPlace) -> list[str]:
    if area.precision is Precision.ADMIN2:
        kind = "LGA" if area.country == "NG" else "district"
        return [area.name, f"{area.name} {kind}"]
    return [area.name]
