"""Which place is meant: rules on a gazetteer of a few rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.place import GazetteerPlace, Precision
from api.geocoding.matching import Answer, Frame, Matcher


def best(matcher: Matcher, text: str, country: str | None = None, subdivision: str | None = None) -> GazetteerPlace:
    answer = matcher.find(text, Frame(country, subdivision))
    assert answer is not None
    return answer.best


@pytest.mark.parametrize(
    ("text", "country", "subdivision", "gazetteer_id"),
    [
        ("Elm", None, None, "geonames:1001"),
        ("Elm", "AA", None, "geonames:1001"),
        ("Elm", "BB", None, "geonames:1002"),
        ("Elm, Beech", None, None, "geonames:1002"),
        ("Elm Beech", None, None, "geonames:1002"),
        ("Beech, Elm", None, None, "geonames:1002"),
        ("Elm State", "AA", None, "geonames:11"),
        ("state of Elm", "AA", None, "geonames:11"),
        ("Elm district", "AA", None, "geonames:111"),
        ("Elm city", "AA", None, "geonames:1001"),
        ("Olmo", "AA", None, "geonames:1001"),
        ("Эльм", "AA", None, "geonames:1001"),
        ("ELM", "aa", "aa-el", "geonames:1001"),
        ("Pine City", "AA", None, "geonames:1007"),
        ("Pine State", "AA", None, "geonames:12"),
        ("Pine", "AA", None, "geonames:12"),
        ("West Arbor", "AA", None, "geonames:12"),
        ("west Elm", "AA", None, "geonames:1001"),
        ("Oak, Elm State", "AA", None, "geonames:1003"),
        ("Oak", "AA", "AA-PI", "geonames:1004"),
        ("Oak", "AA", "AA-EL", "geonames:1003"),
        ("Cedar", "AA", "AA-PX", "geonames:122"),
        ("Hazel regency", "AA", None, "geonames:112"),
        ("Arbor", None, None, "geonames:1"),
        ("Baumland", None, None, "geonames:1"),
        ("somewhere in Arbor", None, None, "geonames:1"),
        ("online, Arbor", None, None, "geonames:1"),
        ("Maple", "AA", None, "supplement:AA.01.maple"),
        ("Fern District", "BB", None, "geonames:21"),
        ("Arbor, Elm State, Oak Harbour", None, None, "geonames:1009"),
        ("Arbor, Oak Harbour, Elm State", None, None, "geonames:1009"),
        ("Larch, Pine Satte, Arbor", None, None, "geonames:121"),
        ("Hazel, Hazel, Arbor", None, None, "geonames:1005"),
    ],
)
def test_each_text_means_one_place(
    small: Matcher, text: str, country: str | None, subdivision: str | None, gazetteer_id: str
) -> None:
    assert best(small, text, country, subdivision).gazetteer_id == gazetteer_id


@pytest.mark.parametrize(
    ("text", "country", "subdivision"),
    [
        ("Oak", None, None),
        ("Maple", None, None),
        ("Willow", None, None),
        ("Willow", "AA", None),
        ("online", "AA", None),
        ("West", "AA", None),
        ("Oak", "BB", None),
        ("Thorn", "AA", None),
        ("Maple", "AA", "AA-PI"),
        ("Fern, Beech", "AA", None),
        ("Elm", "ZZ", None),
        ("Larchh", None, None),
        ("city", "AA", None),
        ("", "AA", None),
        ("\0", "AA", None),
        ("Elm\0", "AA", None),
        ("Elm" * 4_000, "AA", None),
        ("🙂", "AA", None),
        ("%", "AA", None),
        ("Elm' OR 1=1", "AA", None),
    ],
)
def test_what_is_not_known_is_not_guessed(
    small: Matcher, text: str, country: str | None, subdivision: str | None
) -> None:
    assert small.find(text, Frame(country, subdivision)) is None


def test_an_unknown_village_falls_back_to_its_known_area_and_says_so(small: Matcher) -> None:
    answer = small.find("Willow, Larch, Arbor")
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:121", ("Willow",))


def test_an_unknown_place_of_a_known_subdivision_is_that_area_and_says_so(small: Matcher) -> None:
    answer = small.find("Willow, near Birch", Frame("AA", "AA-PI"))
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:12", ("Willow", "near Birch"))
    assert small.find("online", Frame("AA", "AA-PI")) is None
    assert small.find("Rowan", Frame("AA", "AA-PI")) is None


@pytest.mark.parametrize(("text", "subdivision"), [("Yew, Pine State, Arbor", None), ("Yew", "AA-PI")])
def test_a_town_just_outside_the_area_named_is_a_close_call_with_the_area(
    small: Matcher, text: str, subdivision: str | None
) -> None:
    answer = small.find(text, Frame("AA", subdivision))
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.best.admin1) == ("geonames:1011", "AA-EL")
    assert [place.gazetteer_id for place in answer.runners_up] == ["geonames:12"]


def test_a_town_far_outside_the_area_named_is_not_taken_for_one_inside(small: Matcher) -> None:
    answer = small.find("Oak Harbour, Pine State, Arbor")
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:12", ("Oak Harbour",))


def test_a_namesake_elsewhere_is_not_taken_for_the_suburb_of_a_city(small: Matcher) -> None:
    # The village Oak of that state lies 100 km from Elm, the city.
    answer = small.find("Oak, Elm city, Arbor")
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:1001", ("Oak",))


def test_what_stands_in_parentheses_counts_as_finer_unless_it_is_known(small: Matcher) -> None:
    answer = small.find("Elm city (in the house of a broker)", Frame("AA", None))
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:1001", ("in the house of a broker",))
    assert _of(small, "Elm State (Oak Harbour)").best.gazetteer_id == "geonames:1009"


def test_a_ward_is_answered_as_its_area_and_counts_as_finer(small: Matcher) -> None:
    answer = small.find("Old Market", Frame("AA", None))
    assert answer is not None
    assert (answer.best.precision, answer.dropped) == (Precision.ADMIN2, ("Old Market",))


def test_a_town_of_weak_provenance_never_beats_a_known_one(small: Matcher) -> None:
    answer = small.find("Elm", Frame("AA", None))
    assert answer is not None
    assert all(not place.gazetteer_id.startswith("supplement:") for place in answer.places)


def _of(small: Matcher, text: str) -> Answer:
    answer = small.find(text, Frame("AA", None))
    assert answer is not None
    return answer


def test_surroundings_widen_the_circle(small: Matcher) -> None:
    plain, hedged = _of(small, "Oak Harbour").best, _of(small, "near Oak Harbour").best
    assert (plain.uncertainty_m, hedged.uncertainty_m) == (8_000, 18_000)
    city, outskirts = _of(small, "Elm city").best, _of(small, "outskirts of Elm").best
    assert outskirts.uncertainty_m == 2 * city.uncertainty_m


def test_between_two_places_is_their_midpoint_and_holds_both(small: Matcher) -> None:
    place = _of(small, "between Elm and Pine City, Arbor").best
    assert place.lon == pytest.approx(12)
    assert place.lat == pytest.approx(10)
    assert 210_000 < place.uncertainty_m < 340_000


@pytest.mark.parametrize("text", ["Pime City", "Pnie City", "Pin City", "Pinee City"])
def test_one_wrong_letter_is_forgiven_but_never_silently(small: Matcher, text: str) -> None:
    answer = _of(small, text)
    assert answer.best.gazetteer_id == "geonames:1007"
    assert answer.is_close_call


def test_a_city_and_its_state_are_a_close_call(small: Matcher) -> None:
    answer = _of(small, "Elm")
    assert [place.gazetteer_id for place in answer.runners_up] == ["geonames:11"]
    assert not _of(small, "Elm city").runners_up
    assert not _of(small, "Hazel regency").is_close_call


def test_the_answer_carries_codes_names_and_people(small: Matcher) -> None:
    place = _of(small, "Elm").best
    assert place == GazetteerPlace(
        gazetteer_id="geonames:1001", name="Elm", precision=Precision.SETTLEMENT, lon=10, lat=10, uncertainty_m=14_842,
        country="AA", admin1="AA-EL", admin1_name="Elm", admin2_name="Elm District", iso_3166_2="AA-EL",
        population=1_500_000, feature="PPLA",
    )  # fmt: skip
    assert best(small, "Oak", "AA", "AA-PI").population is None
    cedar = best(small, "Cedar", "AA")
    assert (cedar.admin1, cedar.iso_3166_2, cedar.feature) == ("AA-PI", "AA-PX", None)


@given(
    st.lists(
        st.sampled_from(["Elm", "Oak", "near", ",", "(", ")", "/", " in ", "between", "and", "State", "Fern", "Arbor"])
    )
)
def test_the_record_always_wins_over_the_text(small: Matcher, pieces: list[str]) -> None:
    answer = small.find(" ".join(pieces), Frame("AA", "AA-PI"))
    for place in answer.places if answer else ():
        assert place.country == "AA"
        assert place.precision is Precision.COUNTRY or place.admin1 == "AA-PI"


@given(st.text(max_size=40))
def test_no_text_breaks_the_search(small: Matcher, text: str) -> None:
    answer = small.find(text)
    assert answer is None or answer.best in answer.places
