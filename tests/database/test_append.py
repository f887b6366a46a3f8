"""Appending: versions open and close, nothing is lost, and the digest is of the state alone."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from api.database.append import RegistryEntry, append_release, known_ids
from api.database.engine import dialect_of
from api.database.reads import incidents, reference, releases
from api.database.rows import IncidentVersion
from api.database.tables import incident, incident_code, registry
from api.domain.query import IncidentFilter, Sort
from api.domain.release import OPEN, digest_of, utc_text

if TYPE_CHECKING:
    from tests.oracle import Store

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATER = datetime(2026, 12, 24, 7, 0, 0, tzinfo=UTC)

Make = Callable[..., IncidentVersion]
Change = Callable[[IncidentVersion], IncidentVersion]


def entry(kind: str, key: str, text: str) -> RegistryEntry:
    document = json.dumps({"id": key, "text": text}).encode()
    return RegistryEntry(kind, key, f"{text:>064}", document)


def held(store: "Store", release: int) -> list[str]:
    order = Sort("id", is_descending=False)
    found = incidents.stream(store.reader, IncidentFilter(), order, release, store.dialect)
    return [row.id for rows in found for row in rows]


def test_the_first_release_holds_what_entered(store: "Store", version: Make) -> None:
    done = store.append([version("PE-2018-0002"), version("PE-2018-0001")])
    assert done is not None
    release, changes = done
    assert (release.number, release.incidents, release.entered, release.changed, release.left) == (1, 2, 2, 0, 0)
    assert changes.entered == ("PE-2018-0002", "PE-2018-0001")
    with store.reader.connect() as connection:
        assert releases.one(connection, 1) == release
        assert set(known_ids(connection)) == {"PE-2018-0001", "PE-2018-0002"}


def test_the_same_state_again_changes_nothing(store: "Store", version: Make) -> None:
    versions, entries = [version("PE-2018-0001"), version("PE-2018-0002")], [entry("source", "a", "x")]
    assert store.append(versions, entries) is not None
    assert store.append(versions[::-1], entries) is None
    with store.reader.connect() as connection:
        assert releases.latest_number(connection) == 1
        assert connection.scalar(select(func.count()).select_from(incident)) == 2
    assert store.append(versions[:1], entries) is not None, "the writer works on after a roll-back"


def test_an_empty_state_of_an_empty_database_is_no_release(store: "Store") -> None:
    assert store.append([]) is None


def test_an_incident_changes_leaves_and_comes_back(store: "Store", version: Make, changed: Change) -> None:
    one, other = version("PE-2018-0001"), version("NG-2018-0001")
    states = [[one, other], [changed(one), other], [other], [one, other]]
    expected = [
        (("PE-2018-0001", "NG-2018-0001"), (), ()),
        ((), ("PE-2018-0001",), ()),
        ((), (), ("PE-2018-0001",)),
        (("PE-2018-0001",), (), ()),
    ]
    for state, (entered, altered, left) in zip(states, expected, strict=True):
        done = store.append(state)
        assert done is not None
        assert (done[1].entered, done[1].changed, done[1].left, done[1].total) == (entered, altered, left, len(state))
    with store.reader.connect() as connection:
        bounds = select(incident.c.from_release, incident.c.to_release).where(incident.c.id == one.id)
        assert sorted(tuple(row) for row in connection.execute(bounds)) == [(1, 2), (2, 3), (4, OPEN)]
    assert [held(store, number) for number in (1, 2, 3, 4)] == [sorted(v.id for v in state) for state in states]


def test_a_release_that_changes_the_registry_alone_is_a_release(store: "Store", version: Make) -> None:
    versions = [version("PE-2018-0001")]
    store.append(versions, [entry("source", "a", "1"), entry("source", "b", "1"), entry("codelist", "a", "1")])
    second = store.append(versions, [entry("source", "a", "2"), entry("codelist", "a", "1")])
    third = store.append(versions, [entry("source", "a", "2"), entry("source", "b", "1"), entry("codelist", "a", "1")])
    assert second is not None
    assert third is not None
    assert (second[0].entered, second[0].changed, second[0].left) == (0, 0, 0)
    with store.reader.connect() as connection:
        told = [
            [json.loads(row)["text"] for _, row in reference.page(connection, "source", number, after=None, limit=9)]
            for number in (1, 2, 3)
        ]
        assert told == [["1", "1"], ["2"], ["2", "1"]]
        assert [reference.count(connection, "source", number) for number in (0, 1, 2, 3)] == [0, 2, 1, 2]
        assert reference.one(connection, "source", "b", 2) == {}
        assert reference.one(connection, "codelist", "a", 3)["text"] == "1"
        rows = connection.scalar(select(func.count()).where(registry.c.kind == "codelist"))
        assert rows == 1, "what did not change is not written again"


def test_pages_of_the_registry_go_by_key(store: "Store", version: Make) -> None:
    keys = ["é", "a", "B", "a/b", "PE//Ñuñoa", "10", "9"]
    store.append([version("PE-2018-0001")], [entry("place", key, "1") for key in keys])
    with store.reader.connect() as connection:
        found: list[str | int] = []
        while rows := reference.page(connection, "place", 1, after=found[-1] if found else None, limit=2):
            found += [key for key, _ in rows]
    assert found == sorted(keys)


def test_methods_and_purposes_are_codes_of_their_version(store: "Store", version: Make) -> None:
    first = version("PE-2018-0001", methods=("abduction", "clinic_cover"), purposes=("resale",))
    second = version("PE-2018-0001", 1, methods=(), purposes=("illegal_adoption",))
    store.append([first])
    store.append([second])
    query = select(incident_code.c.list, incident_code.c.code, incident.c.from_release).join_from(
        incident_code, incident, incident_code.c.row_id == incident.c.row_id
    )
    with store.reader.connect() as connection:
        assert {tuple(row) for row in connection.execute(query)} == {
            ("method", "abduction", 1),
            ("method", "clinic_cover", 1),
            ("purpose", "resale", 1),
            ("purpose", "illegal_adoption", 2),
        }


def test_the_digest_is_of_the_state_and_not_of_the_way_there(
    new_store: "Callable[[], Store]", version: Make, changed: Change
) -> None:
    one, other = version("PE-2018-0001"), version("PE-2018-0002")
    entries = [entry("source", "a", "1"), entry("source", "b", "1")]
    straight, roundabout = new_store(), new_store()
    direct = straight.append([one, other], entries)
    roundabout.append([changed(other)], entries[:1])
    last = roundabout.append([other, one], entries[::-1])
    assert direct is not None
    assert last is not None
    assert direct[0].digest == last[0].digest
    pairs = [(f"incident/{v.id}", v.digest) for v in (one, other)] + [(f"{e.kind}/{e.key}", e.digest) for e in entries]
    assert direct[0].digest == digest_of(pairs)


def test_many_incidents_are_appended_in_batches(store: "Store", version: Make) -> None:
    versions = [version(f"PE-2018-{number:04d}") for number in range(1, 1302)]
    done = store.append(versions)
    assert done is not None
    assert done[0].entered == done[0].incidents == 1301
    again = store.append(versions[650:])
    assert again is not None
    assert (again[0].left, again[0].changed, again[0].incidents) == (650, 0, 651)
    assert held(store, 2) == sorted(v.id for v in versions[650:])


def test_what_fails_half_way_leaves_nothing_behind(store: "Store", version: Make) -> None:
    store.append([version("PE-2018-0001")], [entry("source", "a", "1")])

    def broken() -> Iterator[IncidentVersion]:
        yield from (version(f"PE-2018-{number:04d}") for number in range(2, 1000))
        raise RuntimeError("the light went out")

    with pytest.raises(RuntimeError, match="the light went out"):
        append_release(store.writer, store.dialect, versions=broken(), entries=[], now=LATER)
    assert held(store, 1) == ["PE-2018-0001"]
    with store.reader.connect() as connection:
        assert releases.latest_number(connection) == 1
        assert connection.scalar(select(func.count()).select_from(incident)) == 1
    done = store.append([version("PE-2018-0002")])
    assert done is not None
    assert done[0].number == 2


def test_a_first_release_leaves_every_index_as_it_was(store: "Store", version: Make) -> None:
    def indexes() -> list[tuple[object, ...]]:
        with store.writer.connect() as connection:
            held = {
                "sqlite": "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name",
                "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            }[connection.dialect.name]
            return [tuple(row) for row in connection.exec_driver_sql(held)]

    before = indexes()
    assert len(before) > len(incident.indexes)
    store.append([version(f"PE-2018-{number:04d}") for number in range(1, 1200)])
    assert indexes() == before


def test_the_index_knows_every_version_once(store: "Store", version: Make) -> None:
    store.append([version("PE-2018-0001", text="first words", point=(1.0, 2.0))])
    store.append([version("PE-2018-0001", 1, text="second words", point=(170.0, 2.0))])
    with store.reader.connect() as connection:
        for words, release, number in ((("first",), 1, 1), (("first",), 2, 0), (("second",), 2, 1), (("words",), 1, 1)):
            asked = IncidentFilter(q=words)
            assert incidents.count(connection, asked, release, store.dialect, most=9) == number


_histories = st.lists(
    st.dictionaries(st.sampled_from(["PE-1", "PE-10", "pe-2", "É-3", "NG-1"]), st.integers(0, 2), max_size=5),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15)
@given(_histories)
def test_every_release_holds_its_state_for_ever(
    new_store: "Callable[[], Store]", version: Make, history: list[dict[str, int]]
) -> None:
    store = new_store()
    for state in history:
        before = store.states[-1] if store.states else {}
        versions = {identifier: version(identifier, seed) for identifier, seed in state.items()}
        done = store.append(list(versions.values()))
        assert (done is None) == (versions == before)
        if done is not None:
            _, changes = done
            assert set(changes.entered) == versions.keys() - before.keys()
            assert set(changes.left) == before.keys() - versions.keys()
            assert set(changes.changed) == {i for i in versions.keys() & before.keys() if versions[i] != before[i]}
    for number, kept in enumerate(store.states, 1):
        with store.reader.connect() as connection:
            assert held(store, number) == sorted(kept)
            for identifier, meant in kept.items():
                record, _ = incidents.one(connection, identifier, number)
                assert record.json.startswith(meant.flat.removesuffix(b"}"))
    store.close()


def test_writers_at_once_lose_nothing(store: "Store", version: Make) -> None:
    """Each replaces the whole state; each gets a number of its own, and its release is exactly what it gave."""
    count = 8
    states = {who: [version(f"PE-2018-{who:04d}"), version("PE-2018-9999", who)] for who in range(1, count + 1)}
    given_numbers: dict[int, int] = {}
    failures: list[BaseException] = []
    start = threading.Barrier(count)

    def write(who: int) -> None:
        dialect = dialect_of(store.url)
        writer = dialect.open_writer()
        try:
            start.wait(timeout=20)
            done = append_release(writer, dialect, versions=states[who], entries=[], now=LATER)
            assert done is not None
            given_numbers[who] = done[0].number
        except BaseException as error:  # noqa: BLE001 - told by the test itself
            failures.append(error)
        finally:
            writer.dispose()

    threads = [threading.Thread(target=write, args=(who,)) for who in states]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert sorted(given_numbers.values()) == list(range(1, count + 1))
    for who, number in given_numbers.items():
        assert held(store, number) == sorted(v.id for v in states[who])


def test_the_moment_of_publishing_stands_in_the_release(store: "Store", version: Make) -> None:
    done = store.append([version("PE-2018-0001")], now=LATER)
    assert done is not None
    assert done[0].published == utc_text(LATER)
