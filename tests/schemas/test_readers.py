"""A reader gives what its schema gives, or doubts: never anything else, whatever is done to a record."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from api.schemas.seeds.load import _READERS, _SCHEMAS, load, load_slowly
from api.schemas.seeds.readers import Doubt

HOSTILE: list[Any] = [
    None, True, False, 0, 1, -1, 2.5, 3.0, 10**20, 1e308, float("inf"), float("nan"), "", " ", "a\n", "x" * 3000,
    "other", "PE-2018-0001", "PE-2018-0001\n", "2018-11-06", "2018-02-30", "2018/2019", "https://a.invalid/",
    "javascript:a",
    [], [[]], {}, {"en": ""}, {"en": "a"}, {"en": "a", "fr": "b"}, ["a", "a"], [None], [{}], "PE", "٣", b"bytes",
]  # fmt: skip


def entries(seeds: Path) -> list[tuple[str, Any]]:
    """Every kind of entry, as the real seeds have them."""
    found: list[tuple[str, Any]] = []
    for name in ("sources", "geocodes", "context", "coverage"):
        found += [(name, entry) for entry in json.loads((seeds / f"{name}.json").read_text(encoding="utf-8"))[:40]]
    for path in sorted((seeds / "incidents").glob("*.json")):
        found += [("incidents", entry) for entry in json.loads(path.read_text(encoding="utf-8"))[:4]]
    for name in ("dataset", "codelists"):
        found.append((name, json.loads((seeds / f"{name}.json").read_text(encoding="utf-8"))))
    return found


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something may be changed."""
    inner = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [place for key, one in inner for place in ((*path, key), *places(one, (*path, key)))]


def spoilt(value: Any, chance: random.Random) -> Any:
    """A copy with one thing changed, taken away or added."""
    changed = copy.deepcopy(value)
    *way, key = chance.choice(places(changed))
    holder = changed
    for step in way:
        holder = holder[step]
    kind = chance.randrange(4)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, dict):
        holder["unknown"] = chance.choice(HOSTILE)
    else:
        holder[key] = chance.choice(HOSTILE)
    return changed


def test_what_is_right_is_never_doubted(seeds: Path) -> None:
    for kind, entry in entries(seeds):
        assert repr(_READERS[kind](entry)) == repr(_SCHEMAS[kind].load(entry))


def test_a_reader_agrees_with_its_schema_or_doubts(seeds: Path) -> None:
    chance = random.Random(20181106)
    every = [one for one in entries(seeds) if one[0] != "codelists"]
    doubts = 0
    for _ in range(4000):
        kind, entry = chance.choice(every)
        value = spoilt(entry, chance)
        slow, faults = load_slowly(kind, value)
        try:
            quick = _READERS[kind](value)
        except Doubt:
            doubts += 1
        else:
            assert repr(quick) == repr(slow)
            assert faults == []
        told = load(kind, value)
        assert (repr(told[0]), told[1]) == (repr(slow), faults)
    assert 1000 < doubts < 4000


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, [{}]])
def test_what_is_no_entry_at_all_is_doubted(value: Any) -> None:
    for read in _READERS.values():
        with pytest.raises(Doubt):
            read(value)
