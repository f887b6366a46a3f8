"""What online services answer, brought into one form: no finer than a settlement, nothing kept of what is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.domain.folding import fold
from api.domain.place import Precision
from api.geocoding.extent import distance_m

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; west greater than east across the antimeridian."""

_MOST_PEOPLE = 100_000_000
_LONGEST_NAME = 200
_NEAREST_NAMESAKE_M = 10_000


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
    around = tuple((area, address[key]) for key, area in _OSM_AREAS if address.get(key))
    return _reply(
        precision,
        country=str(address.get("country_code") or "").upper(),
        id=_osm_id(str(raw.get("osm_type")), raw.get("osm_id")),
        name=raw.get("name") or str(raw.get("display_name") or "").partition(",")[0],
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
        id=_osm_id(_PHOTON_OBJECTS[str(about.get("osm_type"))], about.get("osm_id")),
        name=about.get("name"),
        lon=lon,
        lat=lat,
        box=box,
        around=tuple((area, about[key]) for key, area in _OSM_AREAS if about.get(key)),
    )


_COUNTRIES = frozenset({"PCL", "PCLI", "PCLD", "PCLF", "PCLS", "TERR"})
_GEONAMES_AREAS = {"ADM1": Precision.ADMIN1, "ADM2": Precision.ADMIN2}
# A quarter is finer than its settlement; nobody lives in what is abandoned, ruined or destroyed.
_NO_SETTLEMENTS = frozenset({"PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH", "STLMT"})


def from_geonames(raw: Mapping[str, Any]) -> Reply:
    """A toponym of GeoNames' search."""
    code, country = str(raw.get("fcode") or ""), str(raw.get("countryCode") or "").upper()
    precision = _GEONAMES_AREAS.get(code)
    if code in _COUNTRIES:
        precision = Precision.COUNTRY
    elif raw.get("fcl") == "P" and code not in _NO_SETTLEMENTS:
        precision = Precision.SETTLEMENT
    first = (raw.get("adminCodes1") or {}).get("ISO3166_2")
    names = ((Precision.ADMIN2, raw.get("adminName2")), (Precision.ADMIN1, raw.get("adminName1")))
    return _reply(
        precision,
        country=country,
        id=f"geonames:{_number(raw.get('geonameId'))}",
        name=raw.get("name"),
        lon=float(raw["lng"]),
        lat=float(raw["lat"]),
        subdivisions=(f"{country}-{first}",) if first else (),
        around=tuple((area, name) for area, name in names if name),
        population=_people(raw.get("population")),
        feature=code or None,
    )


def _reply(precision: Precision | None, **known: Any) -> Reply:
    """The reply without what is finer than its precision, its texts in one printable line each.

    Raises ValueError for a point, a box or a country that is none.
    """
    country = known["country"]
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise ValueError("no country code")
    codes = tuple(code for code in known.get("subdivisions", ()) if re.fullmatch(f"{country}-[A-Z0-9]{{1,3}}", code))
    around = tuple((area, _line(name)) for area, name in known["around"])
    if precision is None:
        return Reply(None, country, subdivisions=codes, around=around)
    order = [*Precision]
    coarser = order[order.index(precision) + 1 :]
    known |= {
        "name": _line(known["name"]),
        "subdivisions": codes,
        "around": tuple((area, name) for area, name in around if area in coarser),
    }
    west, south, east, north = known["box"] if known.get("box") else (0, 0, 0, 0)
    degrees = [(known["lon"], 180), (west, 180), (east, 180), (known["lat"], 90), (south, 90), (north, 90)]
    if not all(abs(value) <= most for value, most in degrees) or south > north:
        raise ValueError("no point on Earth")
    return Reply(precision, **known)


def _osm_id(kind: str, number: Any) -> str:
    if kind not in _PHOTON_OBJECTS.values():
        raise ValueError("no kind of OpenStreetMap object")
    return f"osm:{kind}/{_number(number)}"


def _number(value: Any) -> int:
    if not re.fullmatch("[0-9]{1,15}", str(value)):
        raise ValueError("no identifier")
    return int(value)


def _line(text: Any) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in str(text or ""))
    return " ".join(printable.split())[:_LONGEST_NAME].strip()


def _people(value: Any) -> int | None:
    """A whole number of people; None for 0, which means unknown, and for anything else."""
    text = str(value).replace(" ", "").replace(",", "")
    if not re.fullmatch("[0-9]{1,9}", text) or not 0 < int(text) <= _MOST_PEOPLE:
        return None
    return int(text)


def stream_distinct(replies: list[Reply]) -> Iterator[Reply]:
    """The replies without repetitions: OpenStreetMap has a city as a point and as its boundary."""
    seen: list[Reply] = []
    for reply in replies:
        if not any(_is_same(reply, other) for other in seen):
            seen.append(reply)
            yield reply


def _is_same(one: Reply, other: Reply) -> bool:
    if (one.precision, one.country, fold(one.name)) != (other.precision, other.country, fold(other.name)):
        return False
    return distance_m(one.lon, one.lat, other.lon, other.lat) <= _NEAREST_NAMESAKE_M
