"""Rules for places: each has a reviewed point, never finer than the population floor, under a licence that fits."""

from collections.abc import Iterator
from datetime import date

from api.curation.dataset import Dataset, Entry, places_of
from api.curation.findings import Finding
from api.curation.known import Known
from api.domain.incident import Incident
from api.domain.place import Geocode, Precision
from api.geocoding.generalise import is_below_floor

_OPEN_LICENCES = frozenset({"CC0-1.0", "CC-BY-3.0", "CC-BY-4.0", "MIT", "public-domain"})
# What may go into a data set of each licence; share-alike data fits only its own kind.
_FITTING = {"CC-BY-4.0": _OPEN_LICENCES, "ODbL-1.0": _OPEN_LICENCES | {"ODbL-1.0"}}


def reviewed(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Every place has an entry in geocodes.json that somebody has reviewed."""
    for place, path in places_of(entry.value):
        geocode = known.geocodes.get(place)
        if geocode is None:
            message = "This place has no point yet: run `foundling geocode` and review what it finds."
            yield entry.finding("geocode-missing", message, *path)
        elif not geocode.is_reviewed:
            message = "This place's point is not reviewed: look at it, then run `foundling geocode --accept`."
            yield entry.finding("geocode-unreviewed", message, *path)


def parents(entry: Entry[Incident], known: Known) -> Iterator[Finding]:
    """Where only parents are accused, the place is coarser than a settlement."""
    only_parents = {role.role for role in entry.value.roles} == {"parent"}
    geocode = known.geocodes.get(entry.value.place)
    if only_parents and geocode and geocode.found.precision is Precision.SETTLEMENT:
        message = "Where only parents are accused, name the admin-2 area instead of the settlement."
        yield entry.finding("parents-place", message, "place")


def floor(dataset: Dataset, _today: date) -> Iterator[Finding]:
    """No point is finer than a populated place of 5,000 people, or keeps more decimals than its precision."""
    for entry in dataset.geocodes:
        found = entry.value.found
        if is_below_floor(found):
            message = "Fewer than 5,000 people are known to live here: give the admin-2 or admin-1 area instead."
            yield entry.finding("population-floor", message, "precision")
        decimals = found.precision.decimals
        if round(found.lon, decimals) != found.lon or round(found.lat, decimals) != found.lat:
            message = f"Round lon and lat to {decimals} decimals: the place is known no better."
            yield entry.finding("coordinate-precision", message, "lon")


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


INCIDENT_RULES = (reviewed, parents)
REGISTRY_RULES = (floor, licences)
"""The same forms as in curation.rules."""
