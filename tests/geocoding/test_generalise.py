"""The population floor: no settlement that is too small may be stored, whatever the gazetteer says of it."""

from dataclasses import replace

import pytest

from api.domain.place import GazetteerPlace, Precision
from api.geocoding.extent import distance_m
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.generalise import generalise, is_below_floor

VILLAGE = GazetteerPlace(
    gazetteer_id="geonames:7", name="Oak", precision=Precision.SETTLEMENT, lon=10.123456, lat=-5.987654,
    uncertainty_m=3_000, country="AA", admin1="AA-EL", admin1_name="Elm", admin2_name="Hazel", iso_3166_2="AA-EL",
    population=4_999, feature="PPL",
)  # fmt: skip
DISTRICT = replace(
    VILLAGE, gazetteer_id="geonames:5", name="Hazel", precision=Precision.ADMIN2, population=None, feature=None,
    lon=10.2567, lat=-5.9444, uncertainty_m=30_000,
)  # fmt: skip
STATE = replace(
    DISTRICT, gazetteer_id="geonames:3", name="Elm", precision=Precision.ADMIN1, population=90_000, admin2_name=None,
    lon=10.26, lat=-5.96, uncertainty_m=200_000,
)  # fmt: skip
COUNTRY = replace(STATE, gazetteer_id="geonames:1", name="Arbor", precision=Precision.COUNTRY, admin1=None)


@pytest.mark.parametrize(
    ("population", "feature", "expected"),
    [
        (5_000, "PPL", False),
        (4_999, "PPL", True),
        (None, "PPL", True),
        (None, None, True),
        (0, "PPL", True),
        (None, "PPLC", False),
        (12, "PPLA", False),
        (12, "PPLA2", False),
        (12, "PPLA3", True),
        (12, "PPLX", True),
        (15_000_000, None, False),
    ],
)
def test_the_floor_is_five_thousand_people_but_for_seats(
    population: int | None, feature: str | None, *, expected: bool
) -> None:
    assert is_below_floor(replace(VILLAGE, population=population, feature=feature)) is expected


@pytest.mark.parametrize(
    ("precision", "population", "expected"),
    [
        (Precision.ADMIN2, None, False),
        (Precision.ADMIN2, 4_999, True),
        (Precision.ADMIN2, 5_000, False),
        (Precision.ADMIN1, 900, False),
        (Precision.COUNTRY, 50, False),
    ],
)
def test_areas_are_coarse_enough_unless_one_is_known_to_be_a_village(
    precision: Precision, population: int | None, *, expected: bool
) -> None:
    assert is_below_floor(replace(DISTRICT, precision=precision, population=population)) is expected


def test_a_village_becomes_its_district_and_leaves_no_name_behind() -> None:
    stored = generalise(VILLAGE, [DISTRICT, STATE, COUNTRY])
    assert (stored.gazetteer_id, stored.precision, stored.lon, stored.lat) == (
        "geonames:5",
        Precision.ADMIN2,
        10.26,
        -5.94,
    )
    assert "Oak" not in repr(stored)


def test_a_village_of_a_village_sized_district_becomes_the_state() -> None:
    stored = generalise(VILLAGE, [replace(DISTRICT, population=4_000), STATE, COUNTRY])
    assert (stored.name, stored.lon, stored.lat) == ("Elm", 10.3, -6.0)


def test_a_village_without_a_district_becomes_the_state_and_without_a_state_the_country() -> None:
    assert generalise(VILLAGE, [STATE, COUNTRY]).name == "Elm"
    assert generalise(VILLAGE, [COUNTRY]).name == "Arbor"


def test_a_village_without_any_area_is_refused() -> None:
    with pytest.raises(ValueError, match="coarse enough"):
        generalise(VILLAGE, [])


def test_a_town_keeps_its_name_and_three_decimals() -> None:
    stored = generalise(replace(VILLAGE, population=5_000), [DISTRICT])
    assert (stored.name, stored.lon, stored.lat, stored.uncertainty_m) == ("Oak", 10.123, -5.988, 3_000)


def test_a_rounded_circle_still_holds_the_area() -> None:
    stored = generalise(STATE, [])
    moved_m = distance_m(STATE.lon, STATE.lat, stored.lon, stored.lat)
    assert moved_m > 4_000
    assert stored.uncertainty_m >= STATE.uncertainty_m + moved_m


def test_generalising_twice_changes_nothing() -> None:
    once = generalise(VILLAGE, [DISTRICT, STATE])
    assert generalise(once, [STATE]) == once


def test_no_settlement_of_the_gazetteer_is_stored_below_the_floor(gazetteer: Gazetteer) -> None:
    lookup = gazetteer._matcher.lookup
    seen, coarsened = 0, 0
    around: dict[tuple[str, str, str], list[GazetteerPlace]] = {}
    for row in lookup.stream_settlements():
        codes = (row.country, row.admin1, row.admin2)
        if codes not in around:
            around[codes] = [lookup.place(area) for area in lookup.areas(row)]
        place = replace(
            VILLAGE, gazetteer_id=row.gazetteer_id, name=row.name, lon=row.lon, lat=row.lat,
            population=row.population or None, feature=row.feature or None,
        )  # fmt: skip
        stored = generalise(place, around[codes])
        seen += 1
        if row.population >= 5_000 or row.feature in {"PPLC", "PPLA", "PPLA2"}:
            assert stored.gazetteer_id == row.gazetteer_id
            assert abs(stored.lon - row.lon) <= 0.0005 + 1e-9
        else:
            coarsened += 1
            assert stored.precision is not Precision.SETTLEMENT, row
            assert stored.gazetteer_id != row.gazetteer_id
            assert stored.precision is not Precision.ADMIN2 or not 0 < (stored.population or 0) < 5_000
        decimals = stored.precision.decimals
        assert (stored.lon, stored.lat) == (round(stored.lon, decimals), round(stored.lat, decimals))
    assert seen > 320_000
    assert coarsened > 240_000
