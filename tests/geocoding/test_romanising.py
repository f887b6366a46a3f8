"""Other scripts in Latin letters, and names that sound alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.folding import fold
from api.geocoding.matching import Frame, Matcher
from api.geocoding.romanising import romanise, sound


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Мурманск", "murmansk"),
        ("Санта-Мария", "santa mariya"),
        ("Θήβα", "thiva"),
        ("대전", "daejeon"),
        ("カサブランカ", "kasahuranka"),
        ("नागपुर", "naagpur"),
        ("بصرة", "bsra"),
        ("马拉喀什", "malakashi"),
        ("Lima", ""),
        ("巴马", ""),
        ("网络诈骗", ""),
        ("ᏣᎳᎩ", ""),
        ("", ""),
    ],
)
def test_letters_become_latin_ones_where_all_are_known(text: str, latin: str) -> None:
    assert romanise(fold(text)) == latin


@pytest.mark.parametrize(
    ("one", "other"),
    [("asyut", "aisiyoute"), ("marrakesh", "malakashi"), ("harcourt", "harkort"), ("guangzhou", "kuangchou")],
)
def test_spellings_that_sound_alike_are_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@pytest.mark.parametrize(("one", "other"), [("arequipa", "iquitos"), ("lagos", "abuja"), ("medan", "padang")])
def test_spellings_that_sound_different_are_not(one: str, other: str) -> None:
    assert sound(one) != sound(other)


@pytest.mark.parametrize("key", ["", "a", "ao", "ia", "oia", "aba", "未知"])
def test_too_few_consonants_are_no_sound(key: str) -> None:
    assert sound(key) == ""


@given(st.text())
def test_no_text_breaks_either(text: str) -> None:
    assert romanise(fold(text)).isascii()
    assert sound(fold(text)).isascii()


@pytest.mark.parametrize(
    ("text", "gazetteer_id"),
    [("Хазел", "geonames:1005"), ("Оук Харбур", "geonames:1009"), ("奧克哈爾博爾", "geonames:1009")],
)
def test_a_name_that_is_known_in_latin_only_is_found_and_is_a_close_call(
    small: Matcher, text: str, gazetteer_id: str
) -> None:
    answer = small.find(text, Frame("AA"))
    assert answer is not None
    assert answer.best.gazetteer_id == gazetteer_id
    assert answer.is_close_call
    assert small.find(text) is None
