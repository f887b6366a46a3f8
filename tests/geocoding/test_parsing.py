"""Reading place texts: what is a part, what is not a place, which words are taken off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.folding import fold
from api.geocoding import parsing, words
from api.geocoding.parsing import parse, parse_between


def keys(text: str) -> list[str]:
    return [part.key for part in parse(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arequipa", ["arequipa"]),
        ("Surabaya, East Java, Indonesia", ["surabaya", "east java", "indonesia"]),
        ("Pontianak (Indonesia)", ["pontianak", "indonesia"]),
        ("Onitsha in Anambra State", ["onitsha", "anambra state"]),
        ("Mo i Rana, Norway", ["mo i rana", "norway"]),
        ("Abuja / FCT", ["abuja", "fct"]),
        ("Port-Harcourt", ["port harcourt"]),
        ("Lima - Perú", ["lima", "peru"]),
        ("Ikeja near Lagos", ["ikeja", "near lagos"]),
        ("unknown location, Peru", ["peru"]),
        ("China (27 provinces)", ["china"]),
        ("Obingwa LGA (village)", ["obingwa lga"]),
        ("GRANADA\u200e, NICARAGUA", ["granada", "nicaragua"]),
        ("东京，日本", ["东京", "日本"]),
    ],
)
def test_texts_fall_into_parts_from_left_to_right(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "?", "...", "-", "%%%%", "00000", "🙂", "🙂🙂, 🙂", "online", "Instagram", "on the internet",
        "unknown", "n/a", "the capital", "several provinces", "media sosial", "redes sociales", "未知", "неизвестно",
        "someone@example.org", "https://example.org/place", "#adoption", "<script>alert(1)</script>",
        "'; DROP TABLE places; --", "-16.409,-71.537", "Lima\0", "\0", "Lima\x1b[31m", "a" * 10_240, "Lima, " * 2_000,
        "same as above",
    ],
)  # fmt: skip
def test_what_names_no_place_has_no_parts(text: str) -> None:
    assert parse(text) == []


def test_words_that_are_a_name_somewhere_stay_for_the_gazetteer_to_decide() -> None:
    (part,) = parse("West")
    assert part.is_vague
    assert parse("the north") == []


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("Kota Bogor", "bogor", "city"),
        ("Bandung City", "bandung", "city"),
        ("city of Arequipa", "arequipa", "city"),
        ("Kabupaten Sidoarjo", "sidoarjo", "regency"),
        ("departamento de Arequipa", "arequipa", "department"),
        ("Kaduna State", "kaduna", "state"),
        ("Oruk Anam LGA", "oruk anam", "lga"),
        ("Ranchi district", "ranchi", "district"),
        ("Хабаровский край", "хабаровскии", "region"),
    ],
)
def test_words_of_kind_are_taken_off_and_remembered(text: str, key: str, kind: str) -> None:
    (part,) = parse(text)
    assert (key, kind) in {(spelling.key, spelling.kind) for spelling in part.spellings}


@pytest.mark.parametrize("text", ["Benin City", "Ciudad del Este", "Kota Kinabalu", "Mexico City", "Villa El Salvador"])
def test_the_whole_name_is_always_tried_first(text: str) -> None:
    (part,) = parse(text)
    assert part.spellings[0].key == part.key
    assert part.spellings[0].is_whole


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("near Mataram", "mataram"),
        ("on the outskirts of Taiping", "taiping"),
        ("a village near Lutsk", "lutsk"),
        ("north of Arequipa", "arequipa"),
        ("cerca de Arequipa", "arequipa"),
        ("dekat Medan", "medan"),
        ("greater Jakarta", "jakarta"),
        ("Mogadishu area", "mogadishu"),
    ],
)
def test_surroundings_are_hedged(text: str, key: str) -> None:
    (part,) = parse(text)
    assert (key, True) in {(spelling.key, spelling.is_hedged) for spelling in part.spellings}


@pytest.mark.parametrize(
    ("text", "key"),
    [("Pto. Maldonado", "puerto maldonado"), ("St Petersburg", "saint petersburg"), ("S. Paulo", "sao paulo"),
     ("D.F.", "df"), ("U.S.A.", "usa")],
)  # fmt: skip
def test_short_forms_are_written_out(text: str, key: str) -> None:
    (part,) = parse(text)
    assert key in {spelling.key for spelling in part.spellings}


def test_between_has_two_ends_with_the_rest_behind_each() -> None:
    assert parse_between("between Lagos and Ibadan, Nigeria") == ("Lagos, Nigeria", "Ibadan, Nigeria")
    assert parse_between("Antigua and Barbuda") is None
    assert parse_between("between " + "x" * 10_000 + " and y") is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Federal territory", "region"), ("State", "state"), ("Regional state", "state"), ("Rayon", "district"), ("", "")],
)
def test_types_of_areas_are_kinds(text: str, kind: str) -> None:
    assert parsing.kind_of_type(text) == kind


def test_the_vocabulary_is_written_as_it_is_compared() -> None:
    vocabulary = {
        *words.HEDGES, *words.TRAILING_HEDGES, *words.ABBREVIATIONS, *words.NOWHERE_PHRASES, *words.OF_A_CAPITAL,
        *(long for forms in words.ABBREVIATIONS.values() for long in forms),
    }  # fmt: skip
    assert {word for word in vocabulary if fold(word) != word} == set()


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for part in parse(text):
        assert part.spellings
        assert all(spelling.key for spelling in part.spellings)
