"""Countries by ISO 3166-1 and currencies by ISO 4217."""

import csv
from pathlib import Path

import pytest

from api.domain.countries import COUNTRIES
from api.domain.currencies import CURRENCIES
from api.domain.place import GazetteerPlace, Precision
from api.geocoding.generalise import generalise


def test_every_code_stands_once() -> None:
    assert len(COUNTRIES) == 250  # ISO 3166-1 has 249; Kosovo has none of its own
    assert len({country.alpha3 for country in COUNTRIES.values()}) == len(COUNTRIES)
    assert len({country.name for country in COUNTRIES.values()}) == len(COUNTRIES)
    for code, country in COUNTRIES.items():
        assert code == country.alpha2
        assert len(country.alpha3) == 3
        assert (code + country.alpha3).isalpha()
        assert (code + country.alpha3).isupper()
        assert country.name == country.name.strip() != ""


def test_the_gazetteer_knows_the_same_countries(seeds: Path) -> None:
    with (seeds / "gazetteer" / "countries.csv").open(encoding="utf-8") as file:
        rows = {row["iso2"]: row["iso3"] for row in csv.DictReader(file)}
    assert {code: rows[code] for code in COUNTRIES if code in rows} == {
        code: country.alpha3 for code, country in COUNTRIES.items() if code in rows
    }
    assert len(rows.keys() & COUNTRIES.keys()) > 240


def test_a_country_has_the_point_that_geocoding_would_publish(seeds: Path) -> None:
    with (seeds / "gazetteer" / "countries.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            lon, lat, radius_m = float(row["lon"]), float(row["lat"]), int(row["radius_m"])
            whole = GazetteerPlace("", "", Precision.COUNTRY, lon, lat, radius_m, row["iso2"])
            stored, country = generalise(whole, []), COUNTRIES[row["iso2"]]
            assert (country.geonames_id, country.lon, country.lat, country.radius_m) == (
                int(row["geonameid"]), stored.lon, stored.lat, stored.uncertainty_m,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "alpha3", "name"),
    [
        ("NA", "NAM", "Namibia"),
        ("PE", "PER", "Peru"),
        ("NG", "NGA", "Nigeria"),
        ("ID", "IDN", "Indonesia"),
        ("NO", "NOR", "Norway"),
        ("CI", "CIV", "Ivory Coast"),
        ("SS", "SSD", "South Sudan"),
        ("XK", "XKX", "Kosovo"),
    ],
)
def test_a_country_has_its_codes_and_name(code: str, alpha3: str, name: str) -> None:
    assert (COUNTRIES[code].alpha3, COUNTRIES[code].name) == (alpha3, name)


@pytest.mark.parametrize("code", ["AN", "CS", "YU", "SU", "UK", "EU", "ZZ", "na", ""])
def test_what_is_no_country_today_is_absent(code: str) -> None:
    assert code not in COUNTRIES


def test_currencies_are_iso_4217_codes_in_use() -> None:
    assert {"PEN", "NGN", "IDR", "USD", "EUR"} <= CURRENCIES
    assert not {"DEM", "ZWL", "XXX", "usd"} & CURRENCIES
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CURRENCIES)
