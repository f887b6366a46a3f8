"""The whole gazetteer: places that are easily taken for another, and geopy's manners."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.domain.place import Precision
from api.geocoding.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("text", "country", "subdivision", "name", "precision", "admin1"),
    [
        ("Benin City", None, None, "Benin City", "settlement", "NG-ED"),
        ("Villa El Salvador", "PE", None, "Villa el Salvador", "settlement", "PE-LIM"),
        ("Columbus, Georgia", None, None, "Columbus", "settlement", "US-GA"),
        ("Georgia", None, None, "Georgia", "country", None),
        ("Georgia", "US", None, "Georgia", "admin1", "US-GA"),
        ("Lima Metropolitana", "PE", None, "Lima", "settlement", "PE-LMA"),
        ("Bogotá D.C.", "CO", None, "Bogotá", "settlement", "CO-DC"),
        ("Ciudad de México", "MX", None, "Mexico City", "settlement", "MX-CMX"),
        ("CDMX", "MX", None, "Mexico City", "settlement", "MX-CMX"),
        ("D.F., Mexico", None, None, "Mexico City", "settlement", "MX-CMX"),
        ("KL", "MY", None, "Kuala Lumpur", "settlement", "MY-14"),
        ("JB", "MY", None, "Johor Bahru", "settlement", "MY-01"),
        ("Kebbi", "NG", None, "Kebbi", "admin1", "NG-KE"),
        ("Kibbi", "GH", None, "Kibi", "settlement", "GH-EP"),
        ("Ocnita District", "MD", None, "Ocnița", "admin1", "MD-OC"),
        ("Ranchi district", "IN", "IN-JH", "Rānchī", "admin2", "IN-JH"),
        ("New York, United States", None, None, "New York City", "settlement", "US-NY"),
        ("West, Cameroon", None, None, "West", "admin1", "CM-OU"),
        ("NTT", "ID", None, "Nusa Tenggara Timur", "admin1", "ID-NT"),
        ("NTB", "ID", None, "Nusa Tenggara Barat", "admin1", "ID-NB"),
        ("Pto. Maldonado", "PE", None, "Puerto Maldonado", "settlement", "PE-MDD"),
        ("Mararaba", "NG", "NG-NA", "Mararaba", "settlement", "NG-NA"),
        ("Mararaba", "NG", "NG-NI", "Mararaba", "settlement", "NG-NI"),
        ("Arequipa", "PE", "PE-ARE", "Arequipa", "settlement", "PE-ARE"),
        ("departamento de Arequipa", "PE", None, "Arequipa", "admin1", "PE-ARE"),
        ("Arequipa province", "PE", None, "Provincia de Arequipa", "admin2", "PE-ARE"),
        ("Lagos", "NG", "NG-LA", "Lagos", "settlement", "NG-LA"),
        ("Lagos State", "NG", None, "Lagos", "admin1", "NG-LA"),
        ("Lagos", "PT", None, "Lagos", "settlement", "PT-08"),
        ("Surabaya", "ID", "ID-JI", "Surabaya", "settlement", "ID-JI"),
        ("West Jakarta", "ID", "ID-JK", "Kota Administrasi Jakarta Barat", "admin2", "ID-JK"),
        ("Bali", "ID", None, "Bali", "admin1", "ID-BA"),
        ("Bogor", "ID", "ID-JB", "Bogor", "settlement", "ID-JB"),
        ("Bogor Regency", "ID", "ID-JB", "Kabupaten Bogor", "admin2", "ID-JB"),
        ("Niger", "NG", None, "Niger", "admin1", "NG-NI"),
        ("Somogy", "HU", None, "Somogy", "admin1", "HU-SO"),
        ("Obingwa LGA (village)", "NG", "NG-AB", "Obingwa", "admin2", "NG-AB"),
        ("Secunderabad", "IN", "IN-TG", "Secunderabad", "settlement", "IN-TS"),
        ("Port Shepstone, South Africa", None, None, "Port Shepstone", "settlement", "ZA-KZN"),
        ("Kota, India", None, None, "Kota", "settlement", "IN-RJ"),
        ("Southern Region, Sierra Leone", None, None, "Southern", "admin1", "SL-S"),
        ("West Coast Region, New Zealand", None, None, "West Coast", "admin1", "NZ-WTC"),
        ("Brandenburg Land, Germany", None, None, "Brandenburg", "admin1", "DE-BB"),
        ("San Pedro, San Pedro, Paraguay", None, None, "San Pedro de Ycuamandyyú", "settlement", "PY-2"),
        ("United States, Idaho, Lewiston", None, None, "Lewiston", "settlement", "US-ID"),
        ("Germany, Potsdam, Brandenburg", None, None, "Potsdam", "settlement", "DE-BB"),
        ("Khammam, Andhra Pradesh, India", None, None, "Khammam", "settlement", "IN-TS"),
        ("Addis, Ethiopia", None, None, "Addis Ababa", "settlement", "ET-AA"),
        ("Jambi", "ID", None, "Jambi City", "settlement", "ID-JA"),
        ("outskirts of Tottori, Japan", None, None, "Tottori-shi", "settlement", "JP-31"),
        ("Muntinlupa", "PH", "PH-00", "Muntinlupa", "settlement", "PH-40"),
        ("Днепропетровск", "UA", None, "Dnipro", "settlement", "UA-12"),
        ("Москва", None, None, "Moscow", "settlement", "RU-MOW"),
        ("서울", None, None, "Seoul", "settlement", "KR-11"),
    ],
)
def test_hard_places_are_told_apart(
    gazetteer: Gazetteer,
    *,
    text: str,
    country: str | None,
    subdivision: str | None,
    name: str,
    precision: str,
    admin1: str | None,
) -> None:
    best = gazetteer.candidates(text, country=country, subdivision=subdivision)[0]
    assert (best.name, best.precision, best.admin1) == (name, precision, admin1)


def test_a_district_known_elsewhere_by_the_same_name_is_answered_as_the_city(gazetteer: Gazetteer) -> None:
    answer = gazetteer.answer("Wonokromo, Surabaya", country="ID")
    assert answer is not None
    assert (answer.best.name, answer.dropped) == ("Surabaya", ("Wonokromo",))


def test_a_name_of_several_states_is_a_close_call(gazetteer: Gazetteer) -> None:
    answer = gazetteer.answer("Mararaba", country="NG")
    assert answer is not None
    assert answer.is_close_call
    assert {place.admin1 for place in answer.places} == {"NG-NA", "NG-NI"}


@pytest.mark.parametrize(
    "text", ["Wakanda", "Narnia", "Gotham", "Hogwarts", "Earth", "Zzyzzxq, Qwrtland", "NA", "null"]
)
def test_words_that_only_look_like_places_are_not_found(gazetteer: Gazetteer, text: str) -> None:
    assert gazetteer.candidates(text) == []
    assert gazetteer.geocode(text) is None


@pytest.mark.parametrize(
    ("text", "country"), [("Lagos", "NG"), ("Jakarta", "ID"), ("Shanghai", "CN"), ("Andorra la Vella", "AD")]
)
def test_the_largest_cities_stay_within_their_caps(gazetteer: Gazetteer, text: str, country: str) -> None:
    places = gazetteer.candidates(text, country=country)
    state = next((place for place in places if place.precision is Precision.ADMIN1), None)
    assert places[0].precision is Precision.SETTLEMENT
    assert places[0].uncertainty_m <= 50_000
    assert state is None or places[0].uncertainty_m <= state.uncertainty_m


def test_a_location_has_the_point_and_everything_behind_it(gazetteer: Gazetteer) -> None:
    location = gazetteer.geocode("Arequipa", country_codes="PE", subdivision="PE-ARE")
    assert location is not None
    assert (location.latitude, location.longitude) == (
        pytest.approx(-16.399, abs=0.01),
        pytest.approx(-71.537, abs=0.01),
    )
    assert location.address == "Arequipa, Provincia de Arequipa, PE"
    assert location.raw["precision"] == "settlement"
    assert location.raw["iso_3166_2"] == "PE-ARE"
    assert location.raw["is_close_call"] is True
    assert location.raw["candidates"][0]["precision"] == "admin1"
    assert len(location.raw["gazetteer"]) == 64
    assert "GeoNames" in location.raw["attribution"]


def test_all_that_fit_come_when_asked_for(gazetteer: Gazetteer) -> None:
    found = gazetteer.geocode("Arequipa", exactly_one=False, country_codes=["PE", "CO"])
    assert found is not None
    assert {"PE", "CO"} >= {location.raw["country"] for location in found} >= {"PE"}
    assert len(found) > 2


def test_a_structured_query_is_read_from_fine_to_coarse(gazetteer: Gazetteer) -> None:
    location = gazetteer.geocode({"country": "Indonesia", "city": "Surabaya", "state": "East Java"})
    assert location is not None
    assert location.raw["name"] == "Surabaya"


def test_points_are_not_turned_into_names(gazetteer: Gazetteer) -> None:
    with pytest.raises(NotImplementedError):
        gazetteer.reverse((0, 0))


@pytest.mark.parametrize(
    "gazetteer_id", ["geonames:1", "geonames:x", "geonames:٣", "geonames:" + "9" * 40, "", "x", "\0"]
)
def test_an_id_that_is_none_has_no_place(gazetteer: Gazetteer, gazetteer_id: str) -> None:
    assert gazetteer.by_id(gazetteer_id) is None


def test_ids_lead_back_to_their_places(gazetteer: Gazetteer) -> None:
    for text in ("Arequipa", "Mararaba, Nigeria", "Lagos State, Nigeria", "Peru"):
        best = gazetteer.candidates(text)[0]
        assert gazetteer.by_id(best.gazetteer_id) == best


@pytest.fixture
def stranger(small_tables: Path, tmp_path: Path) -> Iterator[Gazetteer]:
    small = Gazetteer(small_tables, tmp_path / "gazetteer.sqlite")
    yield small
    small.close()


def test_what_may_be_stored_of_a_village_is_its_area(stranger: Gazetteer) -> None:
    village = stranger.candidates("Oak, Elm State", country="AA")[0]
    assert stranger.generalised(village).name == "Kabupaten Hazel"
    town_of_weak_provenance = stranger.candidates("Maple", country="AA")[0]
    assert stranger.generalised(town_of_weak_provenance).name == "Elm"
