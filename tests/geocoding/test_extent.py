"""Radii and distances."""

import pytest

from api.geocoding.extent import distance_m, hedged_radius_m, settlement_radius_m


@pytest.mark.parametrize(
    ("population", "within_m", "radius_m"),
    [
        (0, None, 8_000),
        (500, None, 8_000),
        (400_000, None, 8_000),
        (1_000_000, None, 12_192),
        (40_000_000, None, 50_000),
        (15_388_000, 91_000, 45_907),
        (8_540_121, 30_148, 30_148),
        (0, 1_200, 1_200),
    ],
)
def test_a_settlement_grows_with_its_people_up_to_its_caps(
    population: int, within_m: int | None, radius_m: int
) -> None:
    assert settlement_radius_m(population, within_m=within_m) == radius_m


@pytest.mark.parametrize(("radius_m", "hedged_m"), [(3_000, 13_000), (10_000, 20_000), (26_000, 52_000)])
def test_surroundings_are_twice_as_wide_and_at_least_ten_kilometres_more(radius_m: int, hedged_m: int) -> None:
    assert hedged_radius_m(radius_m) == hedged_m


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 111_195),
        ((179.5, 0), (-179.5, 0), 111_195),
        ((0, 0), (180, 0), 20_015_115),
        ((-71.5375, -16.399), (-77.0282, -12.0432), 763_000),
    ],
)
def test_distances_run_along_the_sphere(one: tuple[float, float], other: tuple[float, float], metres: float) -> None:
    assert distance_m(*one, *other) == pytest.approx(metres, abs=4_000 if metres == 763_000 else 1)
