"""Snapshots come and go with releases and redactions: made once a host, whole or not at all, never of another state."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from api.curation import tombstone
from api.database.engine import Database
from api.database.reads import releases
from api.domain.errors import SnapshotNotReady
from api.domain.query import IncidentFilter
from api.domain.redaction import Redaction
from api.domain.release import Release
from api.snapshot import files
from api.snapshot.build import Moved, build
from api.snapshot.columns import Snapshot
from api.snapshot.keeper import Keeper, ensure
from api.snapshot.select import matching
from tests.oracle import Store

pytestmark = pytest.mark.databases("sqlite", "postgresql")

Make = Callable[..., Any]


def database_of(store: Store) -> Database:
    return Database(store.reader, store.dialect)


def state_of(store: Store) -> tuple[Release, int]:
    with store.reader.connect() as connection:
        return releases.current(connection)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.snapshot"))


def numbers(snapshot: Snapshot) -> list[int]:
    """How many incidents each release held."""
    return [len(matching(snapshot, IncidentFilter(), number)) for number in range(1, snapshot.identity.release + 1)]


@pytest.fixture
def small(store: Store, version: Make) -> Store:
    """A database of two releases."""
    versions = [version(f"PE-2018-{number:04d}", date="2018-11-06") for number in range(8)]
    store.append(versions[:5])
    store.append(versions[1:])
    return store


def test_a_file_gives_back_what_was_built(small: Store, tmp_path: Path) -> None:
    made = build(database_of(small))
    path = files.write(made, tmp_path)
    found = files.read(tmp_path, made.identity)
    assert found is not None
    assert (found.identity, found.codes, found.measures) == (made.identity, made.codes, made.measures)
    assert found.arrays.keys() == made.arrays.keys()
    for name, array in made.arrays.items():
        assert found[name].dtype == array.dtype, name
        assert found[name].tobytes() == array.tobytes(), name
        assert not found[name].flags.writeable, name
    assert kept(tmp_path) == [path.name]
    assert numbers(found) == [5, 7]


def test_a_torn_or_changed_file_is_none_and_is_made_anew(small: Store, tmp_path: Path) -> None:
    made = build(database_of(small))
    path = files.write(made, tmp_path)
    whole = path.read_bytes()
    for damage in (b"", whole[:10], whole[:100], whole[: len(whole) // 2], whole[:-1], whole + b"\0"):
        path.write_bytes(damage)
        assert files.read(tmp_path, made.identity) is None, len(damage)
    for place in {*range(0, len(whole), max(len(whole) // 200, 1)), len(whole) - 1, 20, 30}:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        assert files.read(tmp_path, made.identity) is None, place
    assert numbers(ensure(database_of(small), tmp_path)) == [5, 7]
    assert path.read_bytes() == whole


def test_a_file_under_another_name_answers_for_nobody(small: Store, version: Make, tmp_path: Path) -> None:
    before = build(database_of(small))
    path = files.write(before, tmp_path)
    small.append([version("PE-2018-0001")])
    after = build(database_of(small))
    path.rename(files.path_of(tmp_path, after.identity))
    assert files.read(tmp_path, after.identity) is None
    assert numbers(ensure(database_of(small), tmp_path)) == [5, 7, 1]


def test_many_at_once_make_it_once(small: Store, tmp_path: Path) -> None:
    folder, found = tmp_path / "new" / "folder", list[Snapshot]()
    threads = [threading.Thread(target=lambda: found.append(ensure(database_of(small), folder))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [numbers(one) for one in found] == [[5, 7]] * 6
    assert len(kept(folder)) == 1
    written = (folder / kept(folder)[0]).stat().st_mtime_ns
    ensure(database_of(small), folder)
    assert (folder / kept(folder)[0]).stat().st_mtime_ns == written


def test_a_release_takes_the_place_of_the_one_before(small: Store, version: Make, tmp_path: Path) -> None:
    keeper = Keeper(database_of(small), tmp_path, patience_s=60)
    first = keeper.snapshot(*state_of(small))
    assert keeper.snapshot(*state_of(small)) is first
    small.append([version("PE-2018-0001"), version("NG-2018-0001")])
    release, generation = state_of(small)
    while (found := keeper.snapshot(release, generation)).identity.release < release.number:
        assert found is first
    assert numbers(found) == [5, 7, 2]
    assert len(kept(tmp_path)) == 1
    assert numbers(first) == [5, 7], "what is mapped stays whole"
    with small.reader.connect() as connection:
        assert keeper.snapshot(releases.one(connection, 1), generation) is found


def test_after_a_redaction_nothing_of_before_is_used_or_kept(small: Store, tmp_path: Path) -> None:
    keeper = Keeper(database_of(small), tmp_path, patience_s=60)
    before = keeper.snapshot(*state_of(small))
    names = kept(tmp_path)
    small.redact(tombstone.build(Redaction("PE-2018-0002", "privacy", "2026-11-24", "other", "PE", "2018")))
    keeper.forget()
    for thread in threading.enumerate():
        if thread.name == "snapshot":
            thread.join()
    assert set(kept(tmp_path)).isdisjoint(names), "it is gone though nobody asked"
    found = keeper.snapshot(*state_of(small))
    assert found.identity.generation == 1
    assert set(kept(tmp_path)).isdisjoint(names)
    of_id = matching(found, IncidentFilter(ids=("PE-2018-0002",)), 2)
    assert found["outcome"][of_id].tolist() == [0]
    assert not set(found["figure_version"].tolist()) & set(of_id.tolist())
    assert numbers(before) == numbers(found)


def test_without_patience_it_says_that_it_is_not_ready(small: Store, tmp_path: Path) -> None:
    may_go_on = threading.Event()

    def wait() -> None:
        may_go_on.wait()

    slow = Slow(database_of(small), lambda _: wait())
    keeper = Keeper(slow, tmp_path, patience_s=0.01)  # type: ignore[arg-type]  # a database's stand-in
    with pytest.raises(SnapshotNotReady):
        keeper.snapshot(*state_of(small))
    may_go_on.set()


def test_where_nothing_can_be_written_it_is_kept_in_memory_and_said(
    small: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with caplog.at_level(logging.WARNING):
        found = Keeper(database_of(small), in_the_way, patience_s=60).snapshot(*state_of(small))
    assert numbers(found) == [5, 7]
    assert "in memory" in caplog.text


def test_a_database_of_another_history_has_another_name(new_store: Callable[[], Store], version: Make) -> None:
    one, other = new_store(), new_store()
    versions = [version(f"PE-2018-{number:04d}") for number in range(4)]
    one.append(versions)
    other.append(versions[:2])
    other.append(versions)
    identities = [build(database_of(store)).identity for store in (one, other)]
    assert identities[0].digest == identities[1].digest
    assert files.path_of(Path(), identities[0]) != files.path_of(Path(), identities[1])


class Slow:
    """A database in which something happens before the n-th look into it."""

    def __init__(self, database: Database, happens: Callable[[int], None] = lambda _: None) -> None:
        self.engine, self.dialect = database.engine, database.dialect
        self._database, self._happens, self._looks = database, happens, 0

    def reading(self) -> AbstractContextManager[Any]:
        self._looks += 1
        self._happens(self._looks)
        return self._database.reading()


def test_what_is_published_while_it_is_read_makes_it_start_again(small: Store, version: Make) -> None:
    def publish_once(look: int) -> None:
        if look == 2:
            small.append([version("PE-2018-0001"), version("NG-2018-0001")])

    found = build(Slow(database_of(small), publish_once))  # type: ignore[arg-type]  # a database's stand-in
    assert numbers(found) == [5, 7, 2]


def test_what_never_holds_still_is_given_up(small: Store, version: Make) -> None:
    def publish_always(look: int) -> None:
        small.append([version("PE-2018-0001", seed=look)])

    with pytest.raises(Moved):
        build(Slow(database_of(small), publish_always))  # type: ignore[arg-type]  # a database's stand-in


@pytest.fixture(autouse=True)
def _still(store: Store) -> Iterator[None]:
    """No thread of a keeper outlives its test, and with it the database."""
    assert store.url
    yield
    for thread in threading.enumerate():
        if thread.name == "snapshot":
            thread.join()


def test_words_are_looked_up_once(store: Store, version: Make, tmp_path: Path) -> None:
    store.append([version("PE-2018-0001", text="newborn sale"), version("PE-2018-0002", text="nothing")])
    keeper = Keeper(database_of(store), tmp_path, patience_s=60)
    snapshot = keeper.snapshot(*state_of(store))
    saying = keeper.saying(snapshot, ("newb",))
    assert len(matching(snapshot, IncidentFilter(q=("newb",)), 1, saying=saying)) == 1
    store.append([version("PE-2018-0003", text="newborn too")])
    # Asked again, the answer is that of the snapshot, and no row of a later release is among them.
    assert keeper.saying(snapshot, ("newb",)).tolist() == saying.tolist()
    assert keeper.saying(snapshot, ("absent",)).tolist() == []
