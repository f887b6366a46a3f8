"""Whom `foundling geocode` asks: the embedded gazetteer, and the online service that the settings put in its place."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from api.cli.options import settings
from api.curation.review import Provider
from api.domain.place import GazetteerPlace, ReportedPlace
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.services import Access, open_service


@dataclass(frozen=True, slots=True)
class Geocoders:
    """`provider` answers for new places; it is the gazetteer itself unless a setting says otherwise."""

    gazetteer: Gazetteer
    provider: Provider

    def pick(self, place: ReportedPlace, gazetteer_id: str) -> tuple[GazetteerPlace, Provider] | None:
        """The place of that id in the country, with who knows it: the gazetteer, or an answer of the provider."""
        found = self.gazetteer.by_id(gazetteer_id)
        if found is not None:
            return (found, self.gazetteer) if found.country == place.country else None
        if self.provider is self.gazetteer:
            return None
        answer = self.provider.answer(place.text, country=place.country, subdivision=place.subdivision or None)
        known = {one.gazetteer_id: one for one in answer.places} if answer else {}
        return (known[gazetteer_id], self.provider) if gazetteer_id in known else None


def open_geocoders(seeds: Path, data: Path, today: date) -> Geocoders:
    """Both, by the settings of the environment; the gazetteer's index is built when it is missing."""
    gazetteer = Gazetteer(
        seeds / "gazetteer", data / "gazetteer.sqlite", progress=lambda message: click.echo(message, err=True)
    )
    chosen = settings()
    if chosen.geocoder == "gazetteer":
        return Geocoders(gazetteer, gazetteer)
    access = Access(chosen.geocoder_contact, url=chosen.geocoder_url, username=chosen.geonames_username)
    cache = data / "replies.sqlite"
    return Geocoders(gazetteer, open_service(chosen.geocoder, access, gazetteer=gazetteer, cache=cache, today=today))
