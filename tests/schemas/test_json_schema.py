"""The published JSON Schema takes what `foundling check` takes, and refuses what it refuses."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.schemas.seeds.json_schema import incident_json_schema
from api.schemas.seeds.load import load

ROOT = Path(__file__).parents[2]

Record = dict[str, Any]


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = incident_json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def files(seeds: Path) -> dict[str, list[Record]]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (seeds / "incidents").glob("*.json")}


@pytest.fixture
def record(files: dict[str, list[Record]]) -> Record:
    """A real record that has some of everything."""
    every = [record for records in files.values() for record in records]
    return copy.deepcopy(max(every, key=lambda record: len(record["figures"])))


def test_the_real_seeds_are_valid(validator: Draft202012Validator, files: dict[str, list[Record]]) -> None:
    assert len(files) >= 3
    for name, records in files.items():
        assert [error.message for error in validator.iter_errors(records)] == [], name


def test_the_published_file_is_the_generated_one() -> None:
    published = json.loads((ROOT / "openapi" / "incident.schema.json").read_text(encoding="utf-8"))
    assert published == incident_json_schema()


def put(*path: str | int, value: Any) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        holder: Any = record
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value

    return change


def remove(*path: str | int) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        holder: Any = record
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]

    return change


KEYS = (
    "id", "category", "title", "summary", "date", "date_note", "place", "other_places", "methods", "purposes", "roles",
    "figures", "outcomes", "sources", "confidence", "related",
)  # fmt: skip

BROKEN: list[Callable[[Record], None]] = [
    *(remove(key) for key in KEYS),
    *(put(key, value=7) for key in KEYS),
    *(put(key, value=None) for key in KEYS if key != "date_note"),
    *(remove("figures", 0, key) for key in ("measure", "low", "best", "high", "unit", "currency", "as_of", "said_by",
                                            "sources", "note")),
    *(remove("outcomes", 0, key) for key in ("status", "as_of", "note", "sources")),
    *(remove("roles", 0, key) for key in ("role", "count", "status", "note")),
    *(remove("place", key) for key in ("text", "country", "subdivision")),
    put("unknown", value=1), put("place", "lon", value=1.5), put("figures", 0, "mean", value=3),
    put("outcomes", 0, "unknown", value=None), put("title", "fr", value="Titre"), put("roles", 0, "name", value="x"),
    put("id", value="pe-2018-0001"), put("id", value="PE-18-1"), put("id", value="PE-2018-0001 "), put("id", value=""),
    put("category", value="Other"), put("category", value="a-b"), put("category", value="x" * 64),
    put("title", value={}), put("title", value={"es": "Hola"}), put("title", "en", value=""),
    put("title", "en", value=None), put("title", value="Title"),
    put("date", value="2018-1"), put("date", value="2018-11-06T10:00:00Z"), put("date", value="2018/.."),
    put("date", value=2018), put("date", value=""), put("date", value="2018??"),
    put("outcomes", 0, "as_of", value="2018/2019"), put("figures", 0, "as_of", value="soon"),
    put("place", "country", value="pe"), put("place", "country", value="PER"), put("place", "text", value=""),
    put("place", "text", value="x" * 201), put("place", "subdivision", value="PE-AREQ"),
    put("place", "subdivision", value=""), put("other_places", value=[{"text": "Lima", "country": "PE"}]),
    put("methods", value=["x", "x"]), put("methods", value=["X"]), put("methods", value="x"),
    put("methods", value=[None]),
    put("outcomes", value=[]), put("sources", value=[]), put("figures", 0, "sources", value=[]),
    put("sources", value=["Not A Slug"]), put("sources", value=["a_b"]), put("sources", value=["-a"]),
    put("figures", 0, "best", value=-1), put("figures", 0, "best", value="14"), put("figures", 0, "best", value=True),
    put("figures", 0, "best", value=1e16), put("figures", 0, "low", value=[1]), put("figures", 0, "unit", value=""),
    put("figures", 0, "currency", value="pen"), put("figures", 0, "currency", value="SOLES"),
    put("roles", 0, "count", value=-1), put("roles", 0, "count", value=1.5), put("roles", 0, "count", value="2"),
    put("roles", 0, "count", value=True), put("roles", 0, "note", value={"es": "Solo"}),
    put("roles", 0, "note", value="x"),
    put("related", value=[{"id": "PE-2018-0002"}]), put("related", value=[{"id": "x", "kind": "same_network"}]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BROKEN)))
def test_a_broken_record_is_refused_by_both(validator: Draft202012Validator, record: Record, number: int) -> None:
    BROKEN[number](record)
    value, faults = load("incidents", record)
    assert value is None
    assert faults
    assert not validator.is_valid([record])


def test_the_record_that_was_broken_is_good(validator: Draft202012Validator, record: Record) -> None:
    assert record["roles"]
    assert record["figures"]
    assert load("incidents", record)[1] == []
    assert validator.is_valid([record])


GOOD = [
    put("date", value="2018?"), put("date", value="2018-04-25/2018-04-27"), put("date_note", value=None),
    put("place", "subdivision", value=None), put("other_places", value=[]), put("figures", value=[]),
    put("roles", value=[]), put("related", value=[]), put("methods", value=[]), put("purposes", value=[]),
    put("figures", 0, "best", value=10**15), put("title", value={"en": "Only English"}),
    put("roles", 0, "count", value=None), put("place", "text", value="Ñuñoa, हिन्दी"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(GOOD)))
def test_a_good_record_is_taken_by_both(validator: Draft202012Validator, record: Record, number: int) -> None:
    GOOD[number](record)
    if number == 10:
        record["figures"][0]["high"] = None
    assert load("incidents", record)[1] == []
    assert [error.message for error in validator.iter_errors([record])] == []


@pytest.mark.parametrize("value", [{}, None, "x", 7, [[]], [None], [7], ["x"]])
def test_a_file_is_a_list_of_records(validator: Draft202012Validator, value: object) -> None:
    assert not validator.is_valid(value)


BESIDE: list[tuple[str, Record]] = [
    ("sources", {"withheld": "unfit_site", "url": "https://example.org/a", "title": "A headline"}),
    ("sources", {"title": None, "description": None}),
    ("sources", {"original_publisher": "X", "kind": "original"}),
    ("sources", {"url": "ftp://example.org"}), ("sources", {"url": "https://user@example.org/"}),
    ("sources", {"url": "https://example.org/a b"}), ("sources", {"url": "https://example.org/\n"}),
    ("sources", {"language": "english"}), ("sources", {"published": "2018/2019"}), ("sources", {"kind": "original\n"}),
    ("withdrawn", {"date": "2026-13-01"}), ("withdrawn", {"date": "2026-02-29"}), ("withdrawn", {"date": "20260201"}),
    ("withdrawn", {"id": "x"}), ("withdrawn", {"superseded_by": "x"}), ("context", {"area": "1"}),
    ("context", {"area": "PER"}), ("context", {"sources": []}), ("geocodes", {"lon": 180.1}),
    ("geocodes", {"lat": "5"}),
    ("geocodes", {"uncertainty_m": -1}), ("geocodes", {"uncertainty_m": 1.5}), ("geocodes", {"precision": "exact"}),
    ("geocodes", {"reviewed": 1}), ("geocodes", {"population": True}), ("geocodes", {"lon": 10**400}),
    ("geocodes", {"date": "2026-00-01"}), ("geocodes", {"candidates": [{}]}), ("geocodes", {"extra": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values"), BESIDE, ids=[f"{kind} {str(values)[:40]}" for kind, values in BESIDE])
def test_a_broken_entry_beside_the_incidents_is_refused(seeds: Path, kind: str, values: Record) -> None:
    good = (
        {"id": "PE-2018-0001", "reason": "duplicate", "date": "2026-02-28", "superseded_by": None}
        if kind == "withdrawn"
        else json.loads((seeds / f"{kind}.json").read_text(encoding="utf-8"))[0]
    )
    assert load(kind, good)[1] == []
    assert load(kind, good | values)[1]
