"""Rules for places: each has a reviewed point, never finer than the population floor, under a licence that fits."""

from collections.abc import Iterator
from datetime import date

from api.curation.dataset import Dataset, Entry
from api.curation.findings import Finding
from api.domain.place import Geocode, Precision
from api.geocoding.generalise import is_below_floor

_OPEN_LICENCES = frozenset({"CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "MIT", "public-domain"})
# What may go into a data set of each licence; share-alike data fits only its own kind.
_FITTING = {"CC-BY-4.0": _OPEN_LICENCES, "ODbL-1.0": _OPEN_LICENCES | {"ODbL-1.0"}}


def reviewed(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """Every place has an entry in geocodes.json that somebody has reviewed, and every entry a place."""
    known = {entry.value.place: entry.value for entry in dataset.geocodes}
    used = set()
    for entry, place, path in dataset.places():
        used.add(place)
        geocode = known.get(place)
        if geocode is None:
            message = "This place has no point yet: run `foundling geocode` and review what it finds."
            yield entry.finding("geocode-missing", message, *path)
        elif not geocode.is_reviewed:
            message = "This place's point is not reviewed: look at it, then run `foundling geocode --accept`."
            yield entry.finding("geocode-unreviewed", message, *path)
    for geocoded in dataset.geocodes:
        if geocoded.value.place not in used:
            message = "No incident names this place: remove the entry, or let `foundling geocode` do it."
            yield geocoded.finding("geocode-unused", message, "text", is_warning=True)


def floor(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """No point is finer than a populated place of 5,000 people, or keeps more decimals than its precision."""
    geocodes = {entry.value.place: entry.value for entry in dataset.geocodes}
    for entry in dataset.geocodes:
        found = entry.value.found
        if is_below_floor(found):
            message = "Fewer than 5,000 people are known to live here: give the admin-2 or admin-1 area instead."
            yield entry.finding("population-floor", message, "precision")
        decimals = found.precision.decimals
        if round(found.lon, decimals) != found.lon or round(found.lat, decimals) != found.lat:
            message = f"Round lon and lat to {decimals} decimals: the place is known no better."
            yield entry.finding("coordinate-precision", message, "lon")
    for incident in dataset.incidents:
        only_parents = {role.role for role in incident.value.roles} == {"parent"}
        geocode = geocodes.get(incident.value.place)
        if only_parents and geocode and geocode.found.precision is Precision.SETTLEMENT:
            message = "Where only parents are accused, name the admin-2 area instead of the settlement."
            yield incident.finding("parents-place", message, "place")


def licences(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """A point whose licence does not fit the data set's cannot be published with it."""
    licence = dataset.description.get("licence", "")
    fitting = _FITTING.get(licence)
    if dataset.description and fitting is None:
        message = f"Choose a licence whose company is known: {', '.join(sorted(_FITTING))}."
        yield Finding("dataset.json", 0, "", "licence", message)
    for entry in dataset.geocodes:
        if fitting is not None and not _fits(entry, fitting):
            message = f"This licence does not fit {licence}: geocode the place with another provider."
            yield entry.finding("licence", message, "licence")


def _fits(entry: Entry[Geocode], fitting: frozenset[str]) -> bool:
    return entry.value.licence in fitting


RULES = (reviewed, floor, licences)
"""The same form as curation.rules.RULES."""
