"""Changes between releases, against an oracle that compares the two answers: nothing missed, nothing told twice."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, insert, select, update

from api.database.append import RegistryEntry
from api.database.reads import changes, incidents
from api.database.rows import IncidentVersion
from api.database.tables import incident, incident_body, redaction
from api.domain.area import Bbox, Circle
from api.domain.changes import Change, ChangesQuery, FieldChange
from api.domain.dates import Interval
from api.domain.errors import UnknownIncident, WithdrawnIncident
from api.domain.query import Cursor, IncidentFilter, Sort, parse_cursor, question_hash

if TYPE_CHECKING:
    from tests.oracle import Oracle, Store

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5
BY_ID = Sort("id", is_descending=False)
PAIRS = [(since, until) for until in range(1, LATEST + 1) for since in range(until + 1)]
FILTERS = [
    IncidentFilter(),
    IncidentFilter(country=("PE",)),
    IncidentFilter(outcome=("released", "reported"), precision=("settlement",)),
    IncidentFilter(method=("abduction",)),
    IncidentFilter(purpose=("resale",), category=("other",)),
    IncidentFilter(datetime=Interval(date(2018, 1, 1), None)),
    IncidentFilter(bbox=Bbox(170.0, -20.0, -170.0, 20.0)),
    IncidentFilter(near=Circle(-71.537, -16.399, 3_000_000.0)),
    IncidentFilter(q=("newb",)),
    IncidentFilter(ids=("ZZ-1900-0001",)),
]

Make = Callable[..., IncidentVersion]


def walk(store: "Store", asked: IncidentFilter, since: int, until: int, *, limit: int) -> list[Change]:
    """Every page, each asked for with the cursor that the page before gave."""
    found: list[Change] = []
    cursor: Cursor | None = None
    with store.reader.connect() as connection:
        while True:
            query = ChangesQuery(asked, since, limit, cursor, until)
            page = changes.page(connection, query, until, store.dialect)
            assert len(page.changes) <= limit
            found += page.changes
            if page.next is None:
                return found
            assert len(page.changes) == limit, "a page that is not full promises another"
            cursor = parse_cursor(page.next.encode())
            assert (cursor.release, cursor.key, cursor.question) == (until, since, question_hash(asked))


def streamed(store: "Store", asked: IncidentFilter, since: int, until: int) -> list[Change]:
    return list(changes.stream(store.reader, ChangesQuery(asked, since, 1, None, until), until, store.dialect))


def expected(
    store: "Store", oracle: "Oracle", asked: IncidentFilter, since: int, until: int
) -> Iterator[tuple[str, str, int, str | None]]:
    """Id, kind, release and reason of every change, by looking at both states."""
    empty: dict[str, IncidentVersion] = {}
    before, after = (store.states[number - 1] if number else empty for number in (since, until))
    then, now = ({id_ for id_, v in state.items() if oracle.matches(v, asked)} for state in (before, after))
    for id_ in sorted(then | now):
        newest = store.since[until - 1].get(id_) or max(
            number
            for number in range(2, until + 1)
            if id_ in store.states[number - 2] and id_ not in store.states[number - 1]
        )
        if id_ not in then:
            yield id_, "entered", newest, "now_matches" if id_ in before else "published"
        elif id_ not in now:
            yield id_, "left", newest, "no_longer_matches" if id_ in after else "withdrawn"
        elif before[id_].digest != after[id_].digest:
            yield id_, "changed", newest, None


@pytest.mark.parametrize(("since", "until"), PAIRS)
def test_changes_are_those_that_a_look_at_both_states_finds(
    filled: "Store", oracle_of: "Callable[[Store], Oracle]", since: int, until: int
) -> None:
    oracle = oracle_of(filled)
    for asked in FILTERS:
        wanted = list(expected(filled, oracle, asked, since, until))
        for found in (
            streamed(filled, asked, since, until),
            *(walk(filled, asked, since, until, limit=limit) for limit in (1, 7, 100)),
        ):
            assert [(one.id, one.kind, one.release, one.reason) for one in found] == wanted, asked


def test_every_kind_and_reason_comes_up(filled: "Store") -> None:
    """An oracle that finds nothing proves nothing."""
    every = [one for asked in FILTERS for pair in PAIRS for one in streamed(filled, asked, *pair)]
    assert {(one.kind, one.reason) for one in every} == {
        ("entered", "published"), ("entered", "now_matches"), ("changed", None),
        ("left", "withdrawn"), ("left", "no_longer_matches"),
    }  # fmt: skip
    assert any(one.fields for one in every if one.kind == "entered")
    assert not any(one.fields for one in every if one.reason in ("published", "withdrawn"))


def copy_of(store: "Store", asked: IncidentFilter, release: int) -> dict[str, Any]:
    """What a reader has who took everything; when it was updated apart."""
    if not release:
        return {}
    every = incidents.stream(store.reader, asked, BY_ID, release, store.dialect)
    return {record.id: undated(record.values()) for records in every for record in records}


def undated(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in ("updated", "updated_release")}


def put(copy: dict[str, Any], found: list[Change]) -> None:
    for one in found:
        if one.incident is None:
            del copy[one.id]
        else:
            copy[one.id] = undated(json.loads(one.incident))


@pytest.mark.parametrize(("since", "until"), PAIRS)
def test_a_copy_with_the_changes_put_in_is_the_later_release(filled: "Store", since: int, until: int) -> None:
    for asked in FILTERS:
        copy = copy_of(filled, asked, since)
        put(copy, walk(filled, asked, since, until, limit=7))
        assert copy == copy_of(filled, asked, until)


def test_a_copy_kept_up_release_by_release_ends_where_one_jump_does(filled: "Store") -> None:
    for asked in FILTERS:
        copy: dict[str, Any] = {}
        for since, until in itertools.pairwise(range(LATEST + 1)):
            put(copy, streamed(filled, asked, since, until))
        assert copy == copy_of(filled, asked, LATEST)


@pytest.mark.parametrize(("since", "until"), PAIRS)
def test_fields_turn_the_version_before_into_the_one_after(filled: "Store", since: int, until: int) -> None:
    before, after = copy_of(filled, IncidentFilter(), since), copy_of(filled, IncidentFilter(), until)
    for one in streamed(filled, IncidentFilter(), since, until):
        if one.kind == "changed":
            assert one.fields
            columns = [field for field in one.fields if not field.field.startswith("/")]
            assert before[one.id] | {field.field: field.after for field in columns} == after[one.id]
            assert after[one.id] | {field.field: field.before for field in columns} == before[one.id]


def shown(version: IncidentVersion, **values: Any) -> IncidentVersion:
    """A version that shows these values, and has a digest of its own."""
    packed = json.dumps({"id": version.id} | values).encode()
    return replace(version, flat=packed, document=packed, digest=f"{hash(packed) % 2**64:064x}")


@pytest.fixture
def moved(store: "Store", version: Make) -> "Store":
    """Four incidents: one changes and changes back, one leaves and comes back, one leaves for good, one stays."""
    back, returning, gone, same = (version(f"PE-2018-000{n}", category="other") for n in (1, 2, 3, 4))
    withdrawal = {"id": gone.id, "reason": "merged", "date": "2026-11-25", "superseded_by": same.id}
    entry = RegistryEntry("withdrawn", gone.id, "d", json.dumps(withdrawal).encode())
    store.append([shown(back, title="A"), shown(returning, title="B"), shown(gone, title="Secret"), same])
    store.append([shown(back, title="Other"), shown(gone, title="Secret"), same])
    store.append([shown(back, title="A"), shown(returning, title="New"), same], [entry])
    return store


def test_what_changed_and_changed_back_is_no_change(moved: "Store") -> None:
    found = [(one.id, one.kind) for one in streamed(moved, IncidentFilter(), 1, 3)]
    assert found == [("PE-2018-0002", "changed"), ("PE-2018-0003", "left")]
    assert [one.id for one in streamed(moved, IncidentFilter(), 2, 3)] == [
        "PE-2018-0001", "PE-2018-0002", "PE-2018-0003",
    ]  # fmt: skip


def test_of_what_was_withdrawn_nothing_is_told_but_why(moved: "Store") -> None:
    gone = streamed(moved, IncidentFilter(), 1, 3)[-1]
    assert gone == Change("PE-2018-0003", "left", 3, "withdrawn", "merged", "PE-2018-0004", (), None)
    assert "Secret" not in str(gone)


def test_a_release_that_ends_the_comparison_knows_nothing_of_later_ones(moved: "Store") -> None:
    (one, other) = streamed(moved, IncidentFilter(), 1, 2)
    assert (one.id, one.kind, one.release) == ("PE-2018-0001", "changed", 2)
    assert one.fields == (FieldChange("title", "A", "Other"), FieldChange("/title", "A", "Other"))
    assert (other.id, other.kind, other.release, other.withdrawal_reason) == ("PE-2018-0002", "left", 2, None)
    assert streamed(moved, IncidentFilter(), 3, 3) == []


def test_pages_are_full_however_many_changed_back(store: "Store", version: Make) -> None:
    plain = [version(f"PE-2018-{n:04d}") for n in range(400)]
    store.append(plain)
    store.append([shown(one, title="For a while") for one in plain])
    store.append([shown(one, title="At last") if n in (7, 390, 391) else one for n, one in enumerate(plain)])
    wanted = ["PE-2018-0007", "PE-2018-0390", "PE-2018-0391"]
    for limit in (1, 2, 3, 100):
        assert [one.id for one in walk(store, IncidentFilter(), 1, 3, limit=limit)] == wanted


def test_a_stream_reads_in_batches_and_keeps_its_releases(
    store: "Store", version: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "BATCH", 50)
    monkeypatch.setattr(changes, "_AT_ONCE", 20)
    versions = [version(f"PE-2018-{n:05d}") for n in range(120)]
    store.append(versions)
    store.append([shown(one, title="Then") for one in versions])
    rows = changes.stream(store.reader, ChangesQuery(IncidentFilter(), 1, 1, None, 2), 2, store.dialect)
    first = next(rows)
    store.append([shown(one, title="Later") for one in versions])
    assert [first.id, *(row.id for row in rows)] == [one.id for one in versions]


def redact(store: "Store", identifier: str, left: IncidentVersion, latest: int) -> None:
    """As database.redact does: every version becomes what is left, and that is noted."""
    with store.writer.begin() as connection:
        known = incident.c.id == identifier
        values = {"digest": left.digest, "category": left.category}
        connection.execute(update(incident).where(known).values(values))
        bodies = incident_body.c.row_id.in_(select(incident.c.row_id).where(known))
        connection.execute(update(incident_body).where(bodies).values(flat=left.flat, document=left.document))
        row = {"generation": 1, "id": identifier, "reason": "privacy", "date": "2026-11-24", "release": latest}
        connection.execute(insert(redaction), row)


def test_whoever_may_have_what_was_redacted_is_told_until_the_next_release(store: "Store", version: Make) -> None:
    one, other, third = (shown(version(f"PE-2018-000{n}", category="other"), title="Secret") for n in (1, 2, 3))
    store.append([one, third])
    store.append([one, other, third])
    left = replace(shown(other, title="Redacted"), category="abduction")
    redact(store, other.id, left, 2)
    (told,) = streamed(store, IncidentFilter(), 2, 2)
    assert (told.id, told.kind, told.reason, told.fields) == (other.id, "changed", "redacted", ())
    assert json.loads(told.incident or b"")["title"] == "Redacted"
    # Whether it matched nobody can tell any more: a copy that does not have it has nothing to remove.
    (gone,) = streamed(store, IncidentFilter(category=("other",)), 2, 2)
    assert (gone.id, gone.kind, gone.reason, gone.incident) == (other.id, "left", "redacted", None)
    assert [(one.id, one.reason) for one in streamed(store, IncidentFilter(), 1, 2)] == [(other.id, "published")]
    store.append([one, left, shown(third, title="New")])
    assert [one.id for one in walk(store, IncidentFilter(), 2, 3, limit=1)] == [other.id, third.id]
    assert streamed(store, IncidentFilter(), 3, 3) == []


def test_a_history_tells_how_each_version_came_and_went(moved: "Store") -> None:
    with moved.reader.connect() as connection:
        back, _ = changes.history(connection, "PE-2018-0001", 3, most=9)
        assert [(one.from_release, one.last_release, one.change, one.ended) for one in back] == [
            (3, None, "changed", None), (2, 2, "changed", "changed"), (1, 1, "entered", "changed"),
        ]  # fmt: skip
        assert [[field.after for field in one.fields] for one in back] == [["A", "A"], ["Other", "Other"], []]
        assert back[0].digest == back[2].digest
        assert len({one.published for one in back}) == 3
        returned, older = changes.history(connection, "PE-2018-0002", 3, most=9)
        assert older is None
        assert [(one.from_release, one.last_release, one.change, one.ended) for one in returned] == [
            (3, None, "returned", None), (1, 1, "entered", "withdrawn"),
        ]  # fmt: skip
        # As of then: what ended later is open.
        then, _ = changes.history(connection, "PE-2018-0001", 2, most=9)
        assert [(one.from_release, one.last_release) for one in then] == [(2, None), (1, 1)]
        with pytest.raises(WithdrawnIncident):
            changes.history(connection, "PE-2018-0003", 3, most=9)
        with pytest.raises(WithdrawnIncident):
            changes.history(connection, "PE-2018-0002", 2, most=9)
        with pytest.raises(UnknownIncident):
            changes.history(connection, "PE-2018-0009", 3, most=9)


def test_a_long_history_comes_in_parts_that_know_each_other(moved: "Store") -> None:
    with moved.reader.connect() as connection:
        whole, _ = changes.history(connection, "PE-2018-0001", 3, most=9)
        newest, older = changes.history(connection, "PE-2018-0001", 3, most=1)
        assert (newest, older) == (whole[:1], 2)
        middle, older = changes.history(connection, "PE-2018-0001", 2, most=1)
        assert (middle[0].fields, older) == (whole[1].fields, 1)
        assert changes.history(connection, "PE-2018-0001", 1, most=1) == (
            [replace(whole[2], last_release=None, ended=None)], None,
        )  # fmt: skip


@pytest.fixture(scope="module")
def large(new_store: "Callable[[], Store]", version: Make) -> "Store":
    """Enough rows for a choice of plan to matter: a release of three changes, one of fifty, one of all."""
    made = new_store()
    versions = [version(f"PE-2018-{n:04d}", text=f"word{n} common") for n in range(3000)]
    for step in (1000, 60, 1):
        made.append(versions)
        versions = [
            replace(one, digest=f"{n:032x}{step:032x}") if not n % step else one for n, one in enumerate(versions)
        ]
    made.append(versions)
    return made


OF_ONE = {"incident_by_release (from_release=? AND id>?)", "incident_by_end (to_release=? AND id>?)"}
OF_SEVERAL = {
    "incident_by_release (from_release>? AND from_release<?)",
    "incident_by_end (to_release>? AND to_release<?)",
}
BY_IDS = {"incident_by_id (id>?)"}
BY_COUNTRY = {"incident_in_order_of_country (country=? AND id>?)"}
PE, ABDUCTION, RELEASED = (
    IncidentFilter(country=("PE",)), IncidentFilter(method=("abduction",)), IncidentFilter(outcome=("released",)),
)  # fmt: skip


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("asked", "since", "until", "has_many", "indexes"),
    [
        (IncidentFilter(), 1, 2, False, OF_ONE),
        (IncidentFilter(), 1, 3, False, OF_SEVERAL),
        (IncidentFilter(), 3, 4, False, OF_ONE),
        (IncidentFilter(), 0, 4, False, BY_IDS),
        (IncidentFilter(), 1, 4, False, BY_IDS),
        # Few changes, whatever else is an index: they are tried one by one.
        (PE, 1, 2, False, OF_ONE),
        (ABDUCTION, 1, 3, False, OF_SEVERAL),
        (IncidentFilter(q=("word7",)), 1, 2, False, OF_ONE),
        # Many changes: what is asked may be rare, or may be no help at all.
        (PE, 1, 4, False, BY_COUNTRY),
        (ABDUCTION, 1, 4, True, BY_IDS),
        (RELEASED, 1, 4, True, BY_IDS),
        (RELEASED, 3, 4, True, OF_ONE),
    ],
)
def test_a_page_of_changes_is_read_from_the_index_that_finds_least(
    large: "Store",
    plan: Callable[[Engine, Callable[[Any], object]], list[str]],
    *,
    asked: IncidentFilter,
    since: int,
    until: int,
    indexes: set[str],
    has_many: bool,
) -> None:
    cursor = Cursor(until, "changes", since, "PE-2018-0007", "")
    query = ChangesQuery(asked, since, 100, cursor, until)
    steps = plan(
        large.reader, lambda connection: changes.page(connection, query, until, large.dialect, has_many=has_many)
    )
    found = {step.partition("INDEX ")[2] for step in steps if step.startswith("SEARCH incident USING INDEX")}
    # Then versions are looked up by id, to tell why one entered or left.
    assert indexes <= found <= indexes | {"incident_by_id (id=?)"}, steps
    # Only few that several releases made have to be sorted.
    assert any("TEMP B-TREE FOR ORDER BY" in step for step in steps) == (indexes is OF_SEVERAL), steps
    assert not [step for step in steps if step.startswith("SCAN incident USING")], steps
    assert "SCAN incident" not in steps
