"""What online services answer, brought into one form: no finer than a settlement, nothing kept of what is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.folding import fold
from api.domain.place import Precision

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west greater than east across the antimeridian."""

_MOST_PEOPLE = 100_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of a service.

    `precision` is None when it is finer than a settlement, or no place to live in: `id`, `name`, point and box are
    then left out, and the names of what lies around are all that is known. `around` holds those names from fine to
    coarse with their precision, the country's not among them. `subdivisions` are ISO 3166-2 codes, the finest first.
    """

    precision: Precision | None
    country: str
    id: str = ""
    name: str = ""
    lon: float = 0.0
    lat: float = 0.0
    box: Box | None = None
    subdivisions: tuple[str, ...] = ()
    around: tuple[tuple[Precision, str], ...] = ()
    population: int | None = None
    feature: str | None = None

    def name_of(self, precision: Precision) -> str | None:
        """The name of the area of that precision around it."""
        return next((name for known, name in self.around if known is precision), None)


_OSM_PRECISIONS = {
    "country": Precision.COUNTRY,
    "state": Precision.ADMIN1, "province": Precision.ADMIN1, "region": Precision.ADMIN1,
    "county": Precision.ADMIN2, "state_district": Precision.ADMIN2,
    "city": Precision.SETTLEMENT, "town": Precision.SETTLEMENT, "village": Precision.SETTLEMENT,
    "municipality": Precision.SETTLEMENT, "hamlet": Precision.SETTLEMENT,
}  # fmt: skip
# Below "4" the tag counts levels that differ from country to country.
_SEATS = {"yes": "PPLC", "2": "PPLC", "4": "PPLA"}


def from_nominatim(raw: Mapping[str, Any]) -> Reply:
    """A place of Nominatim's search with address details and extra tags."""
    address, tags = raw.get("address") or {}, raw.get("extratags") or {}
    # "place" and "boundary" are where people live; a hotel called after its town is of another class.
    is_area = raw.get("class", raw.get("category")) in {"place", "boundary"}
    precision = _OSM_PRECISIONS.get(raw.get("addresstype") or raw.get("type") or "") if is_area else None
    south, north, west, east = map(float, raw.get("boundingbox") or (0, 0, 0, 0))
    codes = sorted((key for key in address if key.startswith("ISO3166-2-lvl")), key=_level_of, reverse=True)
    around = tuple((area, str(address[key])) for key, area in _OSM_AREAS if address.get(key))
    return _reply(
        precision,
        country=str(address.get("country_code") or "").upper(),
        id=f"osm:{raw.get('osm_type')}/{raw.get('osm_id')}",
        name=str(raw.get("name") or str(raw.get("display_name") or "").partition(",")[0]),
        lon=float(raw["lon"]),
        lat=float(raw["lat"]),
        box=(west, south, east, north) if raw.get("boundingbox") else None,
        subdivisions=tuple(str(address[key]) for key in codes),
        around=around,
        population=_people(tags.get("population")),
        feature=_SEATS.get(str(tags.get("capital"))),
    )


_OSM_AREAS = (
    ("city", Precision.SETTLEMENT), ("town", Precision.SETTLEMENT), ("municipality", Precision.SETTLEMENT),
    ("county", Precision.ADMIN2), ("state_district", Precision.ADMIN2),
    ("state", Precision.ADMIN1), ("province", Precision.ADMIN1), ("region", Precision.ADMIN1),
)  # fmt: skip


def _level_of(key: str) -> int:
    digits = key.rpartition("lvl")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


_PHOTON_OBJECTS = {"N": "node", "W": "way", "R": "relation"}
_PHOTON_PRECISIONS = {
    "country": Precision.COUNTRY, "state": Precision.ADMIN1, "county": Precision.ADMIN2, "city": Precision.SETTLEMENT,
}  # fmt: skip
# Photon files villages with the quarters of cities.
_VILLAGES = frozenset({"town", "village", "hamlet"})


def from_photon(raw: Mapping[str, Any]) -> Reply:
    """A feature of Photon. It knows neither people nor seats nor ISO codes."""
    about = raw["properties"]
    lon, lat = map(float, raw["geometry"]["coordinates"][:2])
    extent = about.get("extent")
    is_area = about.get("osm_key") in {"place", "boundary"}
    precision = _PHOTON_PRECISIONS.get(str(about.get("type"))) if is_area else None
    if is_area and about.get("osm_value") in _VILLAGES:
        precision = Precision.SETTLEMENT
    box = None
    if extent:
        west, one, east, other = map(float, extent)
        box = (west, min(one, other), east, max(one, other))
    return _reply(
        precision,
        country=str(about.get("countrycode") or "").upper(),
        id=f"osm:{_PHOTON_OBJECTS.get(str(about.get('osm_type')), 'object')}/{about.get('osm_id')}",
        name=str(about.get("name") or ""),
        lon=lon,
        lat=lat,
        box=box,
        around=tuple((area, str(about[key])) for key, area in _OSM_AREAS if about.get(key)),
    )


_GEONAMES_AREAS = {"ADM1": Precision.ADMIN1, "ADM2": Precision.ADMIN2}
# A quarter is finer than its settlement; nobody lives in what is abandoned, ruined or destroyed.
_NO_SETTLEMENTS = frozenset({"PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH", "STLMT"})


def from_geonames(raw: Mapping[str, Any]) -> Reply:
    """A toponym of GeoNames' search."""
    code, country = str(raw.get("fcode") or ""), str(raw.get("countryCode") or "").upper()
    precision = _GEONAMES_AREAS.get(code)
    if code.startswith("PCL"):
        precision = Precision.COUNTRY
    elif raw.get("fcl") == "P" and code not in _NO_SETTLEMENTS:
        precision = Precision.SETTLEMENT
    first = (raw.get("adminCodes1") or {}).get("ISO3166_2")
    names = ((Precision.ADMIN2, raw.get("adminName2")), (Precision.ADMIN1, raw.get("adminName1")))
    return _reply(
        precision,
        country=country,
        id=f"geonames:{raw.get('geonameId')}",
        name=str(raw.get("name") or ""),
        lon=float(raw["lng"]),
        lat=float(raw["lat"]),
        subdivisions=(f"{country}-{first}",) if first else (),
        around=tuple((area, str(name)) for area, name in names if name),
        population=_people(raw.get("population")),
        feature=code or None,
    )


def _reply(precision: Precision | None, **known: Any) -> Reply:
    """The reply without what is finer than its precision; a settlement is not around itself."""
    if precision is None:
        kept = {name: known.get(name, ()) for name in ("country", "subdivisions", "around")}
        return Reply(None, **kept)
    order = [*Precision]
    coarser = order[order.index(precision) + 1 :]
    around = tuple((area, name) for area, name in known.pop("around") if area in coarser)
    return Reply(precision, around=around, **known)


def _people(value: Any) -> int | None:
    """A whole number of people; None for 0, which means unknown, and for anything else."""
    text = str(value).replace(" ", "").replace(",", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 0 < int(text) <= _MOST_PEOPLE):
        return None
    return int(text)


def stream_distinct(replies: list[Reply]) -> Iterator[Reply]:
    """The replies without repetitions: OpenStreetMap has a city as a point and as its boundary."""
    seen = set()
    for reply in replies:
        key = (reply.precision, reply.country, fold(reply.name), reply.subdivisions, reply.around)
        if key not in seen:
            seen.add(key)
            yield reply
