"""From an incident to the bytes that are published: complete, in order, and the same for the same."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.curation import attach, check, versions
from api.curation.attach import LocatedIncident
from api.curation.dataset import load_list
from api.curation.known import known_of
from api.curation.seeds import pieces, read_piece
from api.database.rows import IncidentVersion
from api.domain.columns import COLUMNS, STORED_NAMES
from api.domain.dates import parse_edtf
from api.domain.folding import fold
from api.domain.incident import Outcome, Relation, Role
from api.domain.place import Precision


@pytest.fixture(scope="module")
def located(seeds: Path) -> list[LocatedIncident]:
    today = date(2026, 11, 24)
    known = known_of(check.check(seeds, today=today).dataset, today)
    files = [read_piece(piece)[0] for piece in pieces(seeds)[0]]
    entries = [entry for file in files if file for entry in load_list("incidents", file)[0]]
    return [attach.attach(entry.value, known) for entry in entries]


@pytest.fixture(scope="module")
def written(seeds: Path) -> dict[str, dict[str, Any]]:
    """The incidents as curators wrote them, by id."""
    files = sorted((seeds / "incidents").glob("*.json"))
    return {raw["id"]: raw for file in files for raw in json.loads(file.read_text(encoding="utf-8"))}


def flat_of(version: IncidentVersion) -> dict[str, Any]:
    flat: dict[str, Any] = json.loads(version.flat)
    return flat


def test_the_flat_record_holds_the_columns_in_order(located: list[LocatedIncident]) -> None:
    for one in located:
        assert (*flat_of(versions.build(one)), "updated", "updated_release") == STORED_NAMES


def test_the_flat_record_holds_no_nested_value_and_null_only_where_the_column_may(
    located: list[LocatedIncident], locate: Callable[..., LocatedIncident]
) -> None:
    bare = locate("PE-2018-9999")
    types: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float)}
    for one in (*located, bare):
        flat = flat_of(versions.build(one))
        for column in COLUMNS[: len(STORED_NAMES) - 2]:
            value = flat[column.name]
            if value is None:
                assert column.is_nullable, column.name
            else:
                assert isinstance(value, types.get(column.type, (str,))), column.name
                assert not isinstance(value, bool)


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


def test_everything_that_curators_wrote_stands_in_the_document(
    located: list[LocatedIncident], written: dict[str, dict[str, Any]], seeds: Path
) -> None:
    sources = {raw["id"]: raw for raw in json.loads((seeds / "sources.json").read_text(encoding="utf-8"))}
    assert {one.incident.id for one in located} == written.keys()
    for one in located:
        raw = written[one.incident.id]
        document = json.loads(versions.build(one).document)
        for name in ("id", "category", "title", "summary", "methods", "purposes", "roles", "figures", "outcomes",
                     "confidence", "related"):  # fmt: skip
            assert document[name] == raw[name], name
        assert document["sources"] == [sources[identifier] for identifier in raw["sources"]]
        assert (document["date"]["edtf"], document["date"]["note"]) == (raw["date"], raw["date_note"])
        assert document["place"]["text"] == raw["place"]["text"]
        assert [(o["text"], o["role"]) for o in document["other_places"]] == [
            (o["text"], o["role"]) for o in raw["other_places"]
        ]
        everything = set(texts_of(document))
        missing = set(texts_of(raw)) - everything
        assert missing <= {place["subdivision"] for place in (raw["place"], *raw["other_places"])}


def test_everything_beside_the_incidents_is_published(seeds: Path) -> None:
    dataset = check.check(seeds, today=date(2026, 11, 24)).dataset
    documents = {(kind, key): document for kind, key, document in attach.registry_documents(dataset)}
    for kind, name in (("source", "sources"), ("context", "context"), ("withdrawn", "withdrawn")):
        for raw in json.loads((seeds / f"{name}.json").read_text(encoding="utf-8")):
            assert documents[kind, raw["id"]] == raw
    places = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    assert [document for (kind, _), document in documents.items() if kind == "place"] == places
    assert documents["dataset", "dataset"] == json.loads((seeds / "dataset.json").read_text(encoding="utf-8"))
    codelists = json.loads((seeds / "codelists.json").read_text(encoding="utf-8"))
    codes = [(d["list"], d["code"], d["label_en"]) for (kind, _), d in documents.items() if kind == "codelist"]
    assert codes == [(name, e["code"], e["label"]["en"]) for name, entries in codelists.items() for e in entries]


def test_equal_incidents_make_equal_bytes(locate: Callable[..., LocatedIncident]) -> None:
    one, other = (versions.build(locate("PE-2018-9999", title={"en": "A", "es": "B"})) for _ in range(2))
    assert one == other
    assert versions.build(locate("PE-2018-9999", confidence="high")).digest != one.digest
    assert versions.build(locate("PE-2018-9999", uncertainty_m=3001)).digest != one.digest


def test_a_note_alone_changes_the_digest(locate: Callable[..., LocatedIncident]) -> None:
    plain = Outcome("reported", None, None, ("invented-news-2018",))
    noted = Outcome("reported", None, {"en": "A note."}, ("invented-news-2018",))
    assert (
        versions.build(locate("PE-1", outcomes=(plain,))).digest
        != versions.build(locate("PE-1", outcomes=(noted,))).digest
    )


OUTCOMES: list[tuple[list[tuple[str, str | None]], str, str | None]] = [
    ([("reported", None)], "reported", None),
    ([("detained", "2018-11-06"), ("released", "2018-11-23")], "released", "2018-11-23"),
    ([("detained", "2018-11-06"), ("released", "2018-11-06")], "released", "2018-11-06"),
    ([("detained", "2018-11-06"), ("reported", None)], "detained", "2018-11-06"),
    ([("reported", None), ("detained", None)], "detained", None),
    ([("released", "2018-11-23"), ("evidence_annulled", "2019")], "evidence_annulled", "2019"),
    ([("charged", "2018-11"), ("convicted", "2018-11")], "convicted", "2018-11"),
    ([("detained", "2024-07-16"), ("charged", "2024-07")], "charged", "2024-07"),
    ([("released", "2019-03"), ("convicted", "2019")], "convicted", "2019"),
]


@pytest.mark.parametrize(("steps", "status", "day"), OUTCOMES)
def test_the_outcome_is_the_latest_step(
    locate: Callable[..., LocatedIncident], steps: list[tuple[str, str | None]], status: str, day: str | None
) -> None:
    told = tuple(Outcome(step, when and parse_edtf(when), None, ("invented-news-2018",)) for step, when in steps)  # type: ignore[arg-type]
    version = versions.build(locate("PE-2018-9999", outcomes=told))
    assert version.outcome == flat_of(version)["outcome"] == status
    assert flat_of(version)["outcome_date"] == day


def test_lists_are_joined_by_semicolons_and_roles_are_told_once(locate: Callable[..., LocatedIncident]) -> None:
    flat = flat_of(
        versions.build(
            locate(
                "PE-2018-9999",
                methods=("abduction", "clinic_cover"),
                roles=(Role("broker", 1, None, None), Role("parent", 2, None, None), Role("broker", None, None, None)),
                related=(Relation("PE-1", "same_network"), Relation("PE-2", "same_network")),
            )
        )
    )
    assert (flat["methods"], flat["purposes"]) == ("abduction;clinic_cover", "")
    assert (flat["roles"], flat["related"]) == ("broker;parent", "PE-1;PE-2")
    assert next(csv.reader([flat["methods"]])) == ["abduction;clinic_cover"]


def test_the_antimeridian_has_one_number(locate: Callable[..., LocatedIncident]) -> None:
    version = versions.build(locate("FJ-2018-9999", lon=180.0, lat=-17.0, country="FJ", precision=Precision.ADMIN1))
    assert version.lon == flat_of(version)["lon"] == json.loads(version.document)["place"]["lon"] == -180.0


def test_words_to_search_for_are_folded(locate: Callable[..., LocatedIncident]) -> None:
    words = versions.build(
        locate(
            "PE-2018-9999",
            title={"en": "Sale of newborns", "es": "Venta de recién nacidos", "id": "Penjualan bayi"},
            outcomes=(Outcome("reported", None, {"en": "Nine people were freed."}, ("invented-news-2018",)),),
        )
    ).words
    assert words == fold(words)
    assert {"pe", "2018", "9999", "newborns", "recien", "bayi", "invented", "town", "peru", "freed"} <= set(
        words.split()
    )


def test_dates_are_served_as_full_days(locate: Callable[..., LocatedIncident]) -> None:
    for edtf, start, end, precision in (
        ("2018", "2018-01-01", "2018-12-31", "year"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("2018-02~", "2018-02-01", "2018-02-28", "month"),
        ("2013/2018-05", "2013-01-01", "2018-05-31", "interval"),
    ):
        flat = flat_of(versions.build(locate("PE-2018-9999", date=edtf)))
        assert [flat[f"date_{name}"] for name in ("edtf", "start", "end", "precision")] == [edtf, start, end, precision]
