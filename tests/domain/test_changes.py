"""What differs between two versions of an incident, told once, by column or by pointer."""

from typing import Any

import pytest

from api.domain.changes import FieldChange, check_since, differences
from api.domain.errors import InvalidQuery

FLAT: dict[str, Any] = {"id": "PE-2018-0001", "title": "A", "lon": 1.5, "roles": "broker", "updated_release": 1}
NESTED: dict[str, Any] = {
    "id": "PE-2018-0001",
    "title": {"en": "A", "es": "B"},
    "date": {"edtf": "2018", "note": None},
    "place": {"lon": 1.5, "admin2_name": "Arequipa"},
    "roles": [{"role": "broker", "count": 2}],
    "updated_release": 1,
}


def told(flat: dict[str, Any], nested: dict[str, Any], language: str = "en") -> dict[str, tuple[Any, Any]]:
    found = differences((FLAT, NESTED), (FLAT | flat, NESTED | nested), language=language)
    names = [one.field for one in found]
    assert len(names) == len(set(names))
    assert names == sorted(names, key=lambda name: name.startswith("/")), "columns first"
    return {one.field: (one.before, one.after) for one in found}


@pytest.mark.parametrize(
    ("flat", "nested", "expected"),
    [
        ({}, {}, {}),
        ({"updated_release": 2, "updated": "now"}, {"updated_release": 2}, {}),
        ({"title": "C"}, {"title": {"en": "C", "es": "B"}}, {"title": ("A", "C")}),
        ({}, {"title": {"en": "A", "es": "D"}}, {"/title/es": ("B", "D")}),
        ({}, {"title": {"en": "A"}}, {"/title/es": ("B", None)}),
        ({}, {"title": {"en": "A", "es": "B", "id": "E"}}, {"/title/id": (None, "E")}),
        ({"lon": 2.5}, {"place": {"lon": 2.5, "admin2_name": "Arequipa"}}, {"lon": (1.5, 2.5)}),
        ({}, {"place": {"lon": 1.5, "admin2_name": None}}, {"/place/admin2_name": ("Arequipa", None)}),
        (
            {"date_note": "N"},
            {"date": {"edtf": "2018", "note": {"en": "N", "es": "M"}}},
            {"date_note": (None, "N"), "/date/note/es": (None, "M")},
        ),
        (
            {},
            {"roles": [{"role": "broker", "count": 3}]},
            {"/roles": ([{"role": "broker", "count": 2}], [{"role": "broker", "count": 3}])},
        ),
        ({"new": 0}, {"a/b~c": False}, {"new": (None, 0), "/a~1b~0c": (None, False)}),
        ({"new": None}, {"other": None, "empty": {}}, {}),
    ],
)
def test_a_difference_is_told_where_it_shows(
    flat: dict[str, Any], nested: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert told(flat, nested) == expected


def test_in_another_language_its_texts_are_the_columns_and_english_is_told_beside() -> None:
    found = told({"title": "D"}, {"title": {"en": "New", "es": "D"}}, language="es")
    assert found == {"title": ("A", "D"), "/title/en": ("A", "New")}


def test_a_column_that_a_version_does_not_have_yet_is_null() -> None:
    assert differences(({}, {}), ({"redacted": None}, {}), language="en") == ()
    assert differences(({"old": 1}, {}), ({}, {}), language="en") == (FieldChange("old", 1, None),)


@pytest.mark.parametrize(("since", "release", "is_good"), [(0, 1, True), (3, 3, True), (4, 3, False)])
def test_the_end_is_not_before_the_beginning(since: int, release: int, *, is_good: bool) -> None:
    if is_good:
        check_since(since, release)
    else:
        with pytest.raises(InvalidQuery, match="since: release 3 is where the answer ends"):
            check_since(since, release)
