"""Lines of values: for any JSON, however it is printed."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.curation.findings import Path
from api.curation.positions import positions

_texts = st.text(max_size=6) | st.sampled_from(
    ['"', "\\", '\\"', "{", "}", "[", "]", ":", ",", "\n", "\r\n", "", "\u2028"]
)
_scalars = st.none() | st.booleans() | st.integers(-99, 10**20) | st.floats(allow_nan=False) | _texts
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=25,
)


def _printed(value: Any, path: Path, line: int, *, found: dict[Path, int], depth: int, indent: str) -> tuple[str, int]:
    """The value as an independent printer writes it, one value a line, and the line on which it ends."""
    found[path] = line
    if not isinstance(value, (list, dict)) or not value:
        return json.dumps(value), line
    margin = "\n" + indent * (depth + 1)
    parts: list[str] = []
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        text, line = _printed(inner, (*path, name), line + 1, found=found, depth=depth + 1, indent=indent)
        label = f"{json.dumps(name)}: " if isinstance(value, dict) else ""
        parts.append(margin + label + text)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return opening + ",".join(parts) + "\n" + indent * depth + closing, line + 1


@given(_values, st.sampled_from([" ", "  ", "\t", "    "]), st.booleans())
@example([{"": {"": [1]}}], " ", False)
@example({"a": '"', "b": {"c": "\\"}}, " ", True)
def test_every_value_of_any_json_is_found_on_its_line(value: Any, indent: str, has_returns: bool) -> None:
    expected: dict[Path, int] = {}
    text, _ = _printed(value, (), 1, found=expected, depth=0, indent=indent)
    assert json.loads(text) == value
    assert text == json.dumps(value, indent=indent)
    found = positions(text.replace("\n", "\r\n") if has_returns else text)
    assert found.lines == expected
    assert found.repeated_keys == []


@given(_values)
def test_on_a_single_line_every_value_is_on_the_first(value: Any) -> None:
    assert set(positions(json.dumps(value, ensure_ascii=False)).lines.values()) == {1}


def test_a_path_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    found = positions('[\n {\n  "a": [\n   1\n  ]\n }\n]')
    assert found.line_of((0, "a", 0)) == 4
    assert found.line_of((0, "a", 7, "x")) == 3
    assert found.line_of((0, "b")) == 2
    assert found.line_of((5,)) == 1
    assert found.line_of(()) == 1


@pytest.mark.parametrize(
    ("text", "repeated"),
    [
        ('{"a": 1,\n "a": 2}', [(("a",), 2)]),
        ('[{"a": 1},\n {"a": 2}]', []),
        ('{"a": {"a": 1},\n "b": [{"b": 1,\n "b": 2}]}', [(("b", 0, "b"), 3)]),
        ('{"a": "a",\n "b": "a"}', []),
        ('{"": 1,\n "": 2}', [(("",), 2)]),
    ],
)
def test_keys_that_stand_twice_are_found(text: str, repeated: list[tuple[Path, int]]) -> None:
    assert positions(text).repeated_keys == repeated
