"""Online providers against servers on this machine: what they are asked, and what is made of their answers."""

import json
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.curation import review
from api.domain.place import Precision, ReportedPlace
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.generalise import is_below_floor
from api.geocoding.providers import OnlineProvider
from api.geocoding.replies import Reply, from_nominatim
from api.geocoding.services import NAMES
from api.schemas.seeds.registries import GeocodeSchema

if TYPE_CHECKING:
    from tests.geocoding.conftest import Server

Open = Callable[..., OnlineProvider]

READERS = {"from_nominatim", "_reply"}
"""Where what is malformed is noticed; `services` says so in words."""
TODAY = date(2026, 11, 24)
CONTACT = "maps@example.org"


def osm(kind: str, name: str, **changed: Any) -> dict[str, Any]:
    """An answer of Nominatim in East Java."""
    return {
        "osm_type": "relation", "osm_id": 42, "class": "boundary", "addresstype": kind, "name": name,
        "lat": "-7.2459", "lon": "112.7378", "boundingbox": ["-7.36", "-7.19", "112.59", "112.85"],
        "display_name": f"{name}, Java, Indonesia",
        "address": {"state": "East Java", "ISO3166-2-lvl4": "ID-JI", "country": "Indonesia", "country_code": "id"},
        "extratags": {"population": "2874314", "capital": "4"},
    } | changed  # fmt: skip


def feature(kind: str, name: str, **changed: Any) -> dict[str, Any]:
    """The same of Photon."""
    about = {
        "osm_type": "R", "osm_id": 42, "osm_key": "place", "osm_value": kind, "type": kind, "name": name,
        "countrycode": "ID", "state": "East Java", "country": "Indonesia", "extent": [112.59, -7.19, 112.85, -7.36],
    } | changed  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [112.7378, -7.2459]}, "properties": about}


def toponym(code: str, name: str, **changed: Any) -> dict[str, Any]:
    """The same of GeoNames."""
    return {
        "geonameId": 1625822, "name": name, "lat": "-7.24917", "lng": "112.75083", "fcl": code[0], "fcode": code,
        "countryCode": "ID", "population": 2374658, "adminName1": "East Java", "adminCodes1": {"ISO3166_2": "JI"},
    } | changed  # fmt: skip


SURABAYA = {
    "nominatim": ([osm("city", "Surabaya")], "ODbL-1.0", "osm:relation/42", 2874314),
    "photon": ({"features": [feature("city", "Surabaya")]}, "ODbL-1.0", "osm:relation/42", 3018022),
    "geonames": ({"geonames": [toponym("PPLA", "Surabaya")]}, "CC-BY-4.0", "geonames:1625822", 2374658),
}


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_stored_like_an_offline_one_with_its_own_licence(
    connect: Open, server: "Server", name: str
) -> None:
    body, licence, gazetteer_id, population = SURABAYA[name]
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Surabaya"), connect(name, body), today=TODAY.isoformat())
    assert proposal.geocode is not None
    entry = review.entry_of(proposal.geocode)
    assert (entry["provider"], entry["licence"], entry["gazetteer_id"]) == (name, licence, gazetteer_id)
    assert (entry["precision"], entry["admin1"], entry["admin1_name"]) == ("settlement", "ID-JI", "Jawa Timur")
    assert entry["population"] == population
    assert 3_000 < entry["uncertainty_m"] <= 50_000
    assert entry["lon"] == round(entry["lon"], 3)
    assert entry["lat"] == round(entry["lat"], 3)
    assert (entry["reviewed"], entry["query"]) == (False, "Surabaya, ID-JI, ID")
    assert server.agents == [f"foundling/0.1.0 ({CONTACT})"]
    assert "Surabaya" in server.asked[0]["q"]


def test_each_service_is_told_the_country_in_its_own_way(connect: Open, server: "Server") -> None:
    for name, body in (("nominatim", []), ("photon", {"features": []}), ("geonames", {"geonames": []})):
        assert connect(name, body).answer("Lima", country="PE") is None
    nominatim, photon, geonames = server.asked
    assert (nominatim["q"], nominatim["countrycodes"]) == ("Lima", "pe")
    assert photon["q"] == "Lima, Peru"
    assert (geonames["q"], geonames["country"], geonames["username"]) == ("Lima", "PE", "someone")


FINER = [
    ("nominatim", [osm("suburb", "Wonokromo", address={"suburb": "Wonokromo", "city": "Surabaya",
      "state": "East Java", "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("house_number", "Jalan Raya 12", address={"road": "Jalan Raya", "city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("hotel", "Wonokromo", **{"class": "tourism"}, address={"city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("city", "Wonokromo", **{"class": "amenity"}, address={"city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("photon", {"features": [feature("district", "Wonokromo", osm_value="suburb", city="Surabaya")]}),
    ("photon", {"features": [feature("house", "Wonokromo", osm_key="amenity", city="Surabaya")]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), FINER)
def test_what_is_finer_than_a_settlement_becomes_advice_to_name_the_settlement(
    connect: Open, tmp_path: Path, name: str, body: Any
) -> None:
    provider = connect(name, body)
    answer = provider.answer("Wonokromo", country="ID", subdivision="ID-JI")
    assert answer is not None
    assert (answer.best.name, answer.best.precision) == ("Surabaya", Precision.SETTLEMENT)
    assert answer.dropped == ("Wonokromo",)
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Wonokromo"), provider, today=TODAY.isoformat())
    assert proposal.geocode is None
    assert "Surabaya" in proposal.advice
    # Not even the file of kept answers holds the finer name, or its point.
    kept = (tmp_path / "data" / "replies.sqlite").read_bytes()
    assert b"Jalan" not in kept
    assert b"7.2459" not in kept


def test_a_quarter_of_geonames_becomes_its_first_level_area(connect: Open) -> None:
    answer = connect("geonames", {"geonames": [toponym("PPLX", "Wonokromo")]}).answer("Wonokromo", country="ID")
    assert answer is not None
    assert (answer.best.name, answer.best.precision) == ("Jawa Timur", Precision.ADMIN1)
    assert answer.dropped == ("Wonokromo",)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nominatim", [osm("village", "Oakham", extratags={})]),
        ("nominatim", [osm("village", "Oakham", extratags={"population": "4999"})]),
        ("nominatim", [osm("village", "Oakham", extratags={"population": "many", "capital": "8"})]),
        ("nominatim", [osm("hamlet", "Oakham", extratags=None)]),
        ("photon", {"features": [feature("district", "Oakham", osm_value="village")]}),
        ("geonames", {"geonames": [toponym("PPL", "Oakham", population=0, geonameId=99)]}),
        ("geonames", {"geonames": [toponym("PPLA3", "Oakham", population=4999, geonameId=99)]}),
    ],
)
def test_the_population_floor_holds_and_unknown_counts_as_below(connect: Open, name: str, body: Any) -> None:
    provider = connect(name, body)
    answer = provider.answer("Oakham", country="ID", subdivision="ID-JI")
    assert answer is not None
    assert answer.best.precision is Precision.SETTLEMENT
    stored = provider.generalised(answer.best)
    assert (stored.name, stored.precision) == ("Jawa Timur", Precision.ADMIN1)
    assert review.propose(ReportedPlace("ID", "ID-JI", "Oakham"), provider, today="2026-11-24").geocode is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nominatim", [osm("town", "Oakham", extratags={"capital": "yes"})]),
        ("nominatim", [osm("town", "Oakham", extratags={"population": "5 000"})]),
        ("geonames", {"geonames": [toponym("PPLA2", "Oakham", population=0, geonameId=99)]}),
    ],
)
def test_seats_and_places_at_the_floor_may_be_stored(connect: Open, name: str, body: Any) -> None:
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Oakham"), connect(name, body), today="2026-11-24")
    assert proposal.geocode is not None
    assert proposal.geocode.found.name == "Oakham"


def test_areas_are_the_circles_around_their_boxes(connect: Open) -> None:
    box = ["-8.78", "-5.04", "110.89", "116.27"]
    answer = connect("nominatim", [osm("state", "East Java", boundingbox=box)]).answer("East Java", country="ID")
    assert answer is not None
    assert answer.best.precision is Precision.ADMIN1
    assert [answer.best.lon, answer.best.lat] == pytest.approx([113.58, -6.91])
    assert answer.best.uncertainty_m == pytest.approx(362_000, rel=0.02)
    assert (answer.best.admin1, answer.best.feature, answer.best.iso_3166_2) == ("ID-JI", None, "ID-JI")


def test_a_country_across_the_antimeridian_is_inside_its_circle(connect: Open) -> None:
    fiji = osm(
        "country", "Fiji", lat="-18.12", lon="178.0", boundingbox=["-21.95", "-12.26", "-180.0", "180.0"],
        address={"country_code": "fj"}, extratags={},
    )  # fmt: skip
    answer = connect("nominatim", [fiji]).answer("Fiji", country="FJ")
    assert answer is not None
    assert (answer.best.lon, answer.best.precision) == (178.0, Precision.COUNTRY)
    assert answer.best.uncertainty_m > 1_000_000
    assert answer.best.admin1 is None


def test_an_area_of_unknown_reach_is_refused_for_the_one_around_it(connect: Open) -> None:
    body = {"geonames": [toponym("ADM2", "Oakham Regency", geonameId=99, fcl="A")]}
    answer = connect("geonames", body).answer("Oakham Regency", country="ID")
    assert answer is not None
    assert (answer.best.name, answer.dropped) == ("Jawa Timur", ("Oakham Regency",))
    known = {"geonames": [toponym("ADM1", "East Java", geonameId=1642668, fcl="A")]}
    answer = connect("geonames", known).answer("East Java", country="ID")
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:1642668", ())


def test_near_a_place_is_asked_without_the_word_and_widened(connect: Open, server: "Server") -> None:
    provider = connect("nominatim", [osm("city", "Surabaya")])
    plain, near = (provider.answer(text, country="ID") for text in ("Surabaya", "near Surabaya"))
    assert plain is not None
    assert near is not None
    assert near.best.uncertainty_m == 2 * plain.best.uncertainty_m
    assert [asked["q"] for asked in server.asked] == ["Surabaya", "near Surabaya", "surabaya"]


def test_a_name_that_begins_like_a_hedge_is_taken_whole(connect: Open, server: "Server") -> None:
    box = ["5.4", "6.1", "-0.5", "0.7"]
    region = osm("state", "Greater Accra", boundingbox=box, address={"ISO3166-2-lvl4": "GH-AA", "country_code": "gh"})
    answer = connect("nominatim", [region]).answer("Greater Accra", country="GH")
    assert answer is not None
    assert (answer.best.admin1, answer.is_close_call) == ("GH-AA", False)
    assert answer.best.uncertainty_m < 90_000
    assert len(server.asked) == 1


@pytest.mark.parametrize("text", ["online", "Instagram", "unknown", "", "a@b.example", "between Lima and Cusco", "\0"])
def test_what_names_no_place_is_never_sent(connect: Open, server: "Server", text: str) -> None:
    assert connect("nominatim", [osm("city", "Surabaya")]).answer(text, country="ID") is None
    assert server.asked == []


def test_answers_outside_the_country_and_the_area_do_not_count(connect: Open) -> None:
    abroad = osm("city", "Surabaya", address={"country_code": "my"})
    elsewhere = osm("city", "Surabaya", address={"ISO3166-2-lvl4": "ID-BA", "country_code": "id"})
    provider = connect("nominatim", [abroad, elsewhere])
    assert provider.answer("Surabaya", country="ID", subdivision="ID-JI") is None
    answer = provider.answer("Surabaya", country="ID")
    assert answer is not None
    assert answer.best.admin1 == "ID-BA"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KINDS = ("country", "state", "county", "city", "town", "village", "hamlet", "suburb", "house", "municipality", "")
ANSWERS = st.fixed_dictionaries({
    "addresstype": st.sampled_from(KINDS),
    "class": st.sampled_from(["place", "boundary", "tourism"]),
    "name": st.sampled_from(["Surabaya", "Elm", "Jawa Timur", "Indonesia", "\x00<b>\n" * 99, "\u202e"]) | JSON,
    "lat": st.floats(-90, 90), "lon": st.floats(-180, 180),
    "extratags": st.sampled_from([{}, {"population": "4999"}, {"population": "5000"}, {"capital": "4"}]) | JSON,
    "address": st.fixed_dictionaries({
        "country_code": st.sampled_from(["id", "xx"]), "ISO3166-2-lvl4": st.sampled_from(["ID-JI", "ID-ZZ", "JI"]),
        "county": st.sampled_from(["Sidoarjo", "Nowhere"]) | JSON, "state": st.sampled_from(["East Java", "x"]),
    }),
})  # fmt: skip


@given(answers=st.lists(ANSWERS, max_size=3), text=st.sampled_from(["Surabaya", "near Elm", "Jawa Timur", "Elm, x"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_service_answers_the_file_stays_valid_and_above_the_floor(
    gazetteer: Gazetteer, answers: list[dict[str, Any]], text: str
) -> None:
    def ask(_text: str, _country: str | None) -> list[Reply]:
        return [from_nominatim(osm("", "") | answer) for answer in answers]

    provider = OnlineProvider("nominatim", "ODbL-1.0", ask, gazetteer)
    try:
        proposal = review.propose(ReportedPlace("ID", "", text), provider, today="2026-11-24")
    except (AttributeError, TypeError, ValueError) as error:
        assert any(frame.name in READERS for frame in traceback.extract_tb(error.__traceback__))  # noqa: PT017
        return
    if proposal.geocode is not None:
        found = proposal.geocode.found
        assert not is_below_floor(found)
        assert (round(found.lon, found.precision.decimals), found.country) == (found.lon, "ID")
        entry = json.loads(review.serialise([review.entry_of(proposal.geocode)]))[0]
        assert GeocodeSchema().validate(entry) == {}


def test_two_places_of_a_name_are_a_close_call_and_another_name_is_one(connect: Open) -> None:
    city = osm("city", "Elm", extratags={"population": "60000"})
    far = {"osm_id": 43, "lat": "-8.2", "lon": "113.7"}
    other = osm("town", "Elm", **far, extratags={"population": "9000"}, address={"county": "X", **city["address"]})
    answer = connect("nominatim", [city, other]).answer("Elm", country="ID")
    assert answer is not None
    assert [place.gazetteer_id for place in answer.runners_up] == ["osm:relation/43"]
    small = other | {"extratags": {"population": "5999"}}
    answer = connect("nominatim", [city, small]).answer("Elm, East Java", country="ID")
    assert answer is not None
    assert not answer.is_close_call
    answer = connect("nominatim", [city]).answer("Ulme", country="ID")
    assert answer is not None
    assert answer.is_misspelt
