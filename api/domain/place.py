"""Where an incident happened: the place as reported, and the reviewed point that stands for it."""

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """The finest area that a point stands for, from fine to coarse."""

    SETTLEMENT = "settlement"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    COUNTRY = "country"

    @property
    def decimals(self) -> int:
        """Decimal places of a degree that a coordinate of this precision may keep."""
        return {"settlement": 3, "admin2": 2, "admin1": 1, "country": 1}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class ReportedPlace:
    """A place in the words of the report.

    `country` is an ISO 3166-1 alpha-2 code; `subdivision` an ISO 3166-2 code, or "" when not reported.
    The three together identify the place.
    """

    country: str
    subdivision: str
    text: str


@dataclass(frozen=True, slots=True)
class GazetteerPlace:
    """One entry of a gazetteer, as the gazetteer knows it.

    `lon`, `lat` in WGS 84 degrees. `uncertainty_m` is the radius in metres around them that contains the named area.
    `population` is None when unknown. `feature` is a GeoNames feature code (PPLC, PPLA, …), None when unknown.
    `admin1` and `iso_3166_2` are ISO 3166-2 codes: of the first-level area, and the most specific one known.
    """

    gazetteer_id: str
    name: str
    precision: Precision
    lon: float
    lat: float
    uncertainty_m: int
    country: str
    admin1: str | None = None
    admin1_name: str | None = None
    admin2_name: str | None = None
    iso_3166_2: str | None = None
    population: int | None = None
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class Geocode:
    """The answer for a reported place: a gazetteer entry generalised for publication, and how it was reached.

    `query` is what was asked of `provider`, `date` the ISO day of asking, `candidates` the runners-up of a close call.
    Nothing is published from a geocode unless `is_reviewed`.
    """

    place: ReportedPlace
    found: GazetteerPlace
    provider: str
    licence: str
    query: str
    date: str
    is_reviewed: bool
    candidates: tuple[GazetteerPlace, ...] = ()
