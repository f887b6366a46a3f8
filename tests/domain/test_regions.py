"""Regions: every country in one of them, and what an area belongs to."""

from api.domain.countries import COUNTRIES
from api.domain.regions import REGIONS, areas_of


def test_every_country_lies_in_one_region_and_latin_america_is_made_of_three() -> None:
    finest = {code: members for code, members in REGIONS.items() if code != "419"}
    counted = [country for members in finest.values() for country in members]
    assert len(counted) == len(set(counted))
    assert COUNTRIES.keys() - set(counted) == {"AQ"}
    assert set(counted) <= COUNTRIES.keys()
    assert REGIONS["419"] == REGIONS["005"] | REGIONS["013"] | REGIONS["029"]


def test_a_country_lies_in_itself_its_regions_and_the_world() -> None:
    assert areas_of("PE") == {"PE", "005", "419", "001"}
    assert areas_of("ID") == {"ID", "035", "001"}
    assert areas_of("AQ") == {"AQ", "001"}
