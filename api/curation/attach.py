"""Joins each incident with the reviewed points of its places and the sources that it cites."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.curation.dataset import Dataset
from api.curation.known import Known
from api.domain.incident import Incident, Source
from api.domain.place import Geocode


@dataclass(frozen=True, slots=True)
class LocatedIncident:
    """An incident with all that publishing needs to know of it."""

    incident: Incident
    geocode: Geocode
    other_geocodes: tuple[Geocode, ...]
    sources: tuple[Source, ...]


def attach(incident: Incident, known: Known) -> LocatedIncident:
    """An incident that has passed `check`."""
    return LocatedIncident(
        incident,
        known.geocodes[incident.place],
        tuple(known.geocodes[other.place] for other in incident.other_places),
        tuple(known.sources[identifier] for identifier in incident.sources),
    )


def registry_documents(dataset: Dataset) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Everything else that is published: kind, key and document."""
    yield "dataset", "dataset", dataset.description
    for name, entries in dataset.codelists.items():
        for position, entry in enumerate(entries):  # lists are in an order that readers should see
            yield "codelist", f"{name}/{position:03d}", _flat_code(name, entry)
    for source in dataset.sources:
        yield "source", source.value.id, source.raw
    for geocode in dataset.geocodes:
        place = geocode.value.place
        yield "place", f"{place.country}/{place.subdivision}/{place.text}", geocode.raw
    for context in dataset.context:
        yield "context", context.value["id"], context.raw
    for covered in dataset.coverage:
        yield "coverage", covered.value["area"], covered.raw
    for withdrawal in dataset.withdrawn:
        yield "withdrawn", withdrawal.value["id"], withdrawal.raw


def _flat_code(name: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    labels = {f"label_{language}": text for language, text in entry["label"].items()}
    rest = {key: value for key, value in entry.items() if key not in ("code", "label")}
    return {"list": name, "code": entry["code"]} | labels | rest
