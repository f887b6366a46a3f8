"""The online services that may stand in for the gazetteer, each through geopy, with its licence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.geocoders import GeoNames, Nominatim, Photon

from api.domain.errors import FoundlingError
from api.geocoding import asking, replies
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.providers import OnlineProvider, Question, in_country, remembering
from api.geocoding.replies import Reply
from api.geocoding.replies_cache import RepliesCache

_TIMEOUT_S = 10.0
_MOST_REPLIES = 10
_CONTACT = re.compile(r"[\x21-\x7e]+@[\x21-\x7e]+|https?://[\x21-\x7e]+")


class IncompleteService(FoundlingError):
    """A setting that an online service needs is missing or unusable; the message names it."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a service is reached. `url` is a server of one's own, "" the public one; `contact` tells its operators whom
    to write to. The pauses are shorter in tests only.
    """

    contact: str
    url: str = ""
    username: str = ""
    timeout_s: float = _TIMEOUT_S
    pause_s: float = asking.PAUSE_S
    sleep: asking.Sleep | None = None


@dataclass(frozen=True, slots=True)
class _Service:
    licence: str
    url: str
    build: Callable[[Access, dict[str, Any]], Any]
    options: Callable[[str | None], dict[str, Any]]
    read: Callable[[Mapping[str, Any]], Reply]
    is_told_the_country: bool = True


def _build_geonames(access: Access, common: dict[str, Any]) -> GeoNames:
    if not access.username:
        raise IncompleteService("Set FOUNDLING_GEONAMES_USERNAME to your user name at geonames.org.")
    return GeoNames(access.username, **common)


_SERVICES = {
    "nominatim": _Service(
        licence="ODbL-1.0",
        url="https://nominatim.openstreetmap.org",
        build=lambda _, common: Nominatim(**common),
        options=lambda country: {
            "limit": _MOST_REPLIES, "addressdetails": True, "extratags": True, "language": "en",
            "country_codes": country.lower() if country else None,
        },
        read=replies.from_nominatim,
    ),
    "photon": _Service(
        licence="ODbL-1.0",
        url="https://photon.komoot.io",
        build=lambda _, common: Photon(**common),
        options=lambda _: {"limit": _MOST_REPLIES, "language": "en"},
        read=replies.from_photon,
        is_told_the_country=False,
    ),
    "geonames": _Service(
        licence="CC-BY-4.0",
        url="https://secure.geonames.org",
        build=_build_geonames,
        options=lambda country: {"country": country},
        read=replies.from_geonames,
    ),
}  # fmt: skip

NAMES = tuple(_SERVICES)


def open_service(name: str, access: Access, *, gazetteer: Gazetteer, cache: Path, today: date) -> OnlineProvider:
    """The service of that name, asked at most once a second and once a question. Raises IncompleteService."""
    service = _SERVICES[name]
    if not _CONTACT.fullmatch(access.contact):
        message = "Set FOUNDLING_GEOCODER_CONTACT to an e-mail or web address: online services ask whom to write to."
        raise IncompleteService(message)
    url = urlsplit(access.url or service.url)
    if not url.hostname or url.username:
        raise IncompleteService("FOUNDLING_GEOCODER_URL must be an address such as https://nominatim.example.org.")
    common = {
        "scheme": url.scheme,
        "domain": url.netloc + url.path.rstrip("/"),
        "user_agent": f"foundling/{version('foundling')} ({access.contact})",
        "timeout": access.timeout_s,
        # The same client everywhere, whatever else is installed.
        "adapter_factory": URLLibAdapter,
    }
    sleep = {"sleep": access.sleep} if access.sleep else {}
    server = f"{name} ({url.hostname})"
    asker = asking.Asker(service.build(access, common).geocode, server=server, pause_s=access.pause_s, **sleep)
    question = _question(service, asker, server)
    key = f"{name} {url.scheme}://{common['domain']}"
    remembered = remembering(question, RepliesCache(cache, today=today), key)
    return OnlineProvider(name, service.licence, remembered, gazetteer)


def _question(service: _Service, asker: asking.Asker, server: str) -> Question:
    def ask(text: str, country: str | None) -> list[Reply]:
        query = text if service.is_told_the_country else in_country(text, country)
        found = asker.ask(query, **service.options(country))
        try:
            return [service.read(raw) for raw in found]
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise asking.ServiceFailed(f"{server} {asking.NOT_ITS_FORM}") from error

    return ask
