"""An incident as curators write it: claims with their sources, never facts without one.

These objects exist on the write side only; readers get bytes that were made at publish.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from api.domain.dates import UncertainDate
from api.domain.place import ReportedPlace

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es", "id")
"""Languages of the record, as BCP 47 tags; English is always there, and stands in for the others."""

POSSIBLE_DUPLICATE = "possible_duplicate"
"""The relation of two records that may describe one incident."""

Localized = Mapping[str, str]
"""A text by BCP 47 language; English is always there."""


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that a claim rests on. `original_publisher` names whose text a copy repeats."""

    id: str
    publisher: str
    publisher_kind: str
    title: str | None
    description: Localized | None
    url: str | None
    withheld: str | None
    language: str
    published: UncertainDate | None
    retrieved: UncertainDate | None
    archived_url: str | None
    kind: str
    original_publisher: str | None


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A further place that the reports name, and the part that it plays (origin, destination, …)."""

    place: ReportedPlace
    role: str


@dataclass(frozen=True, slots=True)
class Role:
    """Accused people by what they did, never who they are. `count` is None when no source gives one."""

    role: str
    count: int | None
    status: str | None
    note: Localized | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One claim of one measure. `low`, `best` or `high` is a number; money has a `currency` (ISO 4217)."""

    measure: str
    low: float | None
    best: float | None
    high: float | None
    unit: str | None
    currency: str | None
    as_of: UncertainDate | None
    said_by: str
    sources: tuple[str, ...]
    note: Localized | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A step of what followed, from the first report to a judgment."""

    status: str
    as_of: UncertainDate | None
    note: Localized | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """Another incident, and how it is related (same network, possible duplicate, …)."""

    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident with everything that is claimed of it. `purposes` are suspected unless a court found them."""

    id: str
    category: str
    title: Localized
    summary: Localized
    date: UncertainDate
    date_note: Localized | None
    place: ReportedPlace
    other_places: tuple[OtherPlace, ...]
    methods: tuple[str, ...]
    purposes: tuple[str, ...]
    roles: tuple[Role, ...]
    figures: tuple[Figure, ...]
    outcomes: tuple[Outcome, ...]
    sources: tuple[str, ...]
    confidence: str
    related: tuple[Relation, ...]
