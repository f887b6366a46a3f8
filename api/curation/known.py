"""What the rules for a single incident look things up in: the registries, made ready once and sent to every worker."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from api.curation.dataset import Dataset
from api.curation.privacy import AllowList
from api.domain.incident import Source
from api.domain.place import Geocode, ReportedPlace
from api.schemas.seeds.registries import CODELISTS


@dataclass(frozen=True, slots=True)
class Known:
    """Registries by what they are asked for; `today` is the day of checking."""

    today: date
    sources: dict[str, Source]
    geocodes: dict[ReportedPlace, Geocode]
    codes: dict[str, frozenset[str]]
    measures: dict[str, dict[str, Any]]
    redacted: frozenset[str]
    allowed: AllowList


def known_of(dataset: Dataset, today: date) -> Known:
    """What a data set's registries say."""
    return Known(
        today=today,
        sources={entry.value.id: entry.value for entry in dataset.sources},
        geocodes={entry.value.place: entry.value for entry in dataset.geocodes},
        codes={name: dataset.codes(name) for name in CODELISTS},
        measures={measure["code"]: measure for measure in dataset.codelists.get("measure", ())},
        redacted=frozenset(entry.value.id for entry in dataset.redactions),
        allowed=allowed_by(dataset),
    )


def allowed_by(dataset: Dataset) -> AllowList:
    """Names that may stand in a text: the places and publishers of the registries."""
    places: set[str] = set()
    for geocode in dataset.geocodes:
        found = geocode.value.found
        names = (geocode.value.place.text, found.name, found.admin1_name, found.admin2_name)
        places |= {name for name in names if name}
    publishers = {entry.value.publisher for entry in dataset.sources}
    publishers |= {entry.value.original_publisher for entry in dataset.sources if entry.value.original_publisher}
    return AllowList(places=places, publishers=publishers)
