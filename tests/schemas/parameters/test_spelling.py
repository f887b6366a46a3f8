"""The word that was probably meant is close to the word that was written; a far one is not guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.schemas.parameters.spelling import edits, nearest

NAMES = ("country", "category", "bbox", "limit", "q", "sort", "near", "radius_m", "datetime", "ids")
WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("", "", 0),
        ("", "abc", 3),
        ("abc", "abc", 0),
        ("limt", "limit", 1),
        ("limitt", "limit", 1),
        ("linit", "limit", 1),
        ("ilmit", "limit", 1),
        ("contry", "country", 1),
        ("cuontyr", "country", 2),
        ("kitten", "sitting", 3),
        ("ca", "abc", 3),
    ],
)
def test_edits_are_counted(one: str, other: str, count: int) -> None:
    assert edits(one, other) == count
    assert edits(other, one) == count


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("contry", "country"),
        ("catagory", "category"),
        ("bbx", "bbox"),
        ("limits", "limit"),
        ("srot", "sort"),
        ("radiusm", "radius_m"),
        ("date_time", "datetime"),
        ("limit", "limit"),
        ("", None),
        ("q1", None),
        ("x", None),
        ("id", "ids"),
        ("bb", None),
        ("nonsense", None),
        ("contrieees", None),
        ("c" * 5000, None),
    ],
)
def test_the_nearest_name_is_at_most_two_edits_away_and_mostly_right(word: str, meant: str | None) -> None:
    assert nearest(word, NAMES) == meant


@given(WORDS, WORDS, WORDS)
def test_edits_behave_like_a_count(one: str, other: str, third: str) -> None:
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert edits(one + third, other + third) <= edits(one, other)
