"""The gazetteer's tables as they lie in `seeds/gazetteer`, read row by row."""

import csv
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.domain.folding import fold
from api.geocoding.extent import settlement_radius_m

COUNTRIES = "countries.csv"
ADMIN1 = "admin1.csv"
ADMIN2 = "admin2.csv"
ADMIN2_SUPPLEMENT = "admin2_supplement.csv"
SETTLEMENTS = "settlements.tsv.xz"
EXTRA = "settlements_extra.tsv.xz"
WARDS = "nigeria_wards.csv"
FILES = (COUNTRIES, ADMIN1, ADMIN2, ADMIN2_SUPPLEMENT, SETTLEMENTS, EXTRA, WARDS)

# ISO 3166-2 codes that the tables lack, from ISO's own list (IN-LA since 2019).
_MISSING_SUBDIVISIONS = {"IN.41": "IN-LA"}

COUNTRY, FIRST, SECOND, SETTLEMENT = range(4)
"""Levels, from coarse to fine."""

POINT_SCALE = 10_000
"""The tables give degrees with four decimals; as whole numbers they take half the room in the index."""


@dataclass(slots=True)
class Entry:
    """One place of the tables.

    `admin1` and `admin2` are GeoNames codes without their prefixes. `population` is 0 when unknown. `radius_m` is 0
    for a settlement: it follows from the population. `feature` is a GeoNames code, or an area's type.
    """

    gazetteer_id: str
    level: int
    name: str
    country: str
    admin1: str
    admin2: str
    lon: float
    lat: float
    population: int
    radius_m: int
    iso: str
    feature: str
    other_names: tuple[str, ...]


def stream_countries(folder: Path) -> Iterator[Entry]:
    """Countries, with their names in many languages."""
    for row in _rows(folder / COUNTRIES):
        yield _area(row, COUNTRY, country=row["iso2"], admin1="", admin2="", iso=row["iso2"], feature="")


def stream_admin1(folder: Path) -> Iterator[Entry]:
    """First-level areas; `iso` is empty where no ISO 3166-2 code is known."""
    for row in _rows(folder / ADMIN1):
        _, _, code = row["geonames_code"].partition(".")
        iso = row["iso_3166_2"] or _MISSING_SUBDIVISIONS.get(row["geonames_code"], "")
        yield _area(row, FIRST, country=row["country"], admin1=code, admin2="", iso=iso, feature=row["type"])


def stream_admin2(folder: Path) -> Iterator[Entry]:
    """Second-level areas, the supplement's in place of their namesakes.

    A few codes have two parts only (Iraq's Kurdish governorates): GeoNames' first level under an ISO region above it.
    """
    supplement = {row["geonames_code"]: row for row in _rows(folder / ADMIN2_SUPPLEMENT)}
    for source in (ADMIN2, ADMIN2_SUPPLEMENT):
        for row in _rows(folder / source):
            if source == ADMIN2 and row["geonames_code"] in supplement:
                continue
            _, admin1, *rest = row["geonames_code"].split(".", 2)
            level, admin2 = (SECOND, rest[0]) if rest else (FIRST, "")
            iso, country = row["iso_3166_2"], row["country"]
            yield _area(row, level, country=country, admin1=admin1, admin2=admin2, iso=iso, feature="")


def stream_settlements(folder: Path) -> Iterator[Entry]:
    """Populated places that GeoNames lists with 500 people or more, and seats."""
    for row in _rows(folder / SETTLEMENTS):
        yield Entry(
            f"geonames:{row['geonameid']}", SETTLEMENT, row["name"], row["country"], row["admin1"], row["admin2"],
            float(row["lon"]), float(row["lat"]), int(row["population"]), 0, "", row["feature"], _names(row),
        )  # fmt: skip


def stream_extra(folder: Path) -> Iterator[Entry]:
    """Towns of weaker provenance, without a GeoNames id. Their own id is spelt from where and what they are."""
    for row in _rows(folder / EXTRA):
        slug = fold(row["name"]).replace(" ", "-")
        yield Entry(
            f"supplement:{row['country']}.{row['admin1']}.{slug}", SETTLEMENT, row["name"], row["country"],
            row["admin1"], "", float(row["lon"]), float(row["lat"]), 0, 0, "", "", (),
        )  # fmt: skip


def stream_wards(folder: Path) -> Iterator[Entry]:
    """Nigerian local government areas under the names of their wards, one entry an area.

    `other_names` are the wards; an area that the admin-2 table holds comes back under the same id.
    """
    areas: dict[tuple[str, str], Entry] = {}
    wards: dict[tuple[str, str], list[str]] = {}
    for row in _rows(folder / WARDS):
        area = (row["iso_3166_2"], row["lga"])
        wards.setdefault(area, []).append(row["name"])
        if area not in areas:
            slug = fold(row["lga"]).replace(" ", "-")
            known = row["geonames_admin2"].rpartition(".")[2]
            areas[area] = Entry(
                f"geonames:{row['geonameid']}" if known else f"supplement:NG.{row['admin1']}.{slug}-lga", SECOND,
                row["lga"], "NG", row["admin1"], known or f"lga-{slug}", float(row["lon"]), float(row["lat"]), 0,
                int(row["radius_m"]), "", "lga", (),
            )  # fmt: skip
    for area, entry in areas.items():
        entry.other_names = tuple(wards[area])
        yield entry


def _area(row: dict[str, str], level: int, *, country: str, admin1: str, admin2: str, iso: str, feature: str) -> Entry:
    radius_m, population = int(row["radius_m"]), int(row["population"])
    if row["radius_from"] != "polygon":
        # A circle drawn round one settlement's point says nothing of its size: metropolitan Lima had 15 km.
        radius_m = max(radius_m, settlement_radius_m(population))
    return Entry(
        f"geonames:{row['geonameid']}", level, row["name"], country, admin1, admin2, float(row["lon"]),
        float(row["lat"]), population, radius_m, iso, feature, _names(row),
    )  # fmt: skip


def _names(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name in row["other_names"].split("|") if name)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    else:
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
