"""Building the index: when, from what, and what a race or a fault leaves behind."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from api.geocoding import index, tables
from api.geocoding.lookup import Lookup


@pytest.fixture
def copied(small_tables: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_tables, tmp_path / "tables"))


def test_the_first_use_builds_and_says_so_and_the_second_does_neither(copied: Path, tmp_path: Path) -> None:
    said: list[str] = []
    path = index.ensure(copied, tmp_path / "new" / "folder" / "g.sqlite", progress=said.append)
    first = path.stat().st_mtime_ns
    assert len(said) == 2
    assert str(path) in said[1]
    index.ensure(copied, path, progress=said.append)
    assert len(said) == 2
    assert path.stat().st_mtime_ns == first


def test_the_same_tables_give_the_same_bytes(copied: Path, tmp_path: Path) -> None:
    one = index.ensure(copied, tmp_path / "one.sqlite")
    other = index.ensure(copied, tmp_path / "other.sqlite")
    assert one.read_bytes() == other.read_bytes()


def test_a_changed_table_builds_anew(copied: Path, tmp_path: Path) -> None:
    path = index.ensure(copied, tmp_path / "g.sqlite")
    before = index.fingerprint(copied)
    with (copied / tables.ADMIN2).open("a", encoding="utf-8") as file:
        file.write("AA.02.z,199,,AA,Willow,0,0,14.4,10.4,9000,voronoi,\n")
    index.ensure(copied, path)
    with closing(Lookup(path)) as lookup:
        assert [hit.row.name for hit in lookup.named("willow", "AA")] == ["Willow"]
        assert lookup.digest() == index.fingerprint(copied) != before


def test_touching_a_table_without_changing_it_does_not_build(copied: Path, tmp_path: Path) -> None:
    path = index.ensure(copied, tmp_path / "g.sqlite")
    (copied / tables.ADMIN1).touch()
    said: list[str] = []
    index.ensure(copied, path, progress=said.append)
    assert said == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(b"this is no database" * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
)
def test_a_harmed_or_lost_index_is_built_anew(copied: Path, tmp_path: Path, harm: Callable[[Path], None]) -> None:
    path = index.ensure(copied, tmp_path / "g.sqlite")
    harm(path)
    index.ensure(copied, path)
    with closing(Lookup(path)) as lookup:
        assert lookup.named("oak", "AA")


def test_two_builders_at_once_leave_one_whole_index_and_no_litter(copied: Path, tmp_path: Path) -> None:
    path = tmp_path / "race" / "g.sqlite"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: index.ensure(copied, path), range(4)))
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert sorted(file.name for file in path.parent.iterdir()) == ["g.sqlite", "g.sqlite.stamp"]


def test_a_failed_build_leaves_nothing_behind(copied: Path, tmp_path: Path) -> None:
    (copied / tables.ADMIN1).write_text("geonames_code\nbroken\n", encoding="utf-8")
    folder = tmp_path / "failed"
    with pytest.raises(index.UnusableTables, match="broken"):
        index.ensure(copied, folder / "g.sqlite")
    assert list(folder.iterdir()) == []


def test_missing_tables_are_named(tmp_path: Path) -> None:
    with pytest.raises(index.UnusableTables, match=r"countries\.csv") as caught:
        index.ensure(tmp_path, tmp_path / "g.sqlite")
    assert str(tmp_path) in str(caught.value)


def test_a_place_that_cannot_be_written_is_named(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(index.UnwritableIndex, match="FOUNDLING_DATA"):
        index.ensure(copied, tmp_path / "file" / "g.sqlite")


def test_the_open_index_cannot_be_written(copied: Path, tmp_path: Path) -> None:
    with (
        closing(Lookup(index.ensure(copied, tmp_path / "g.sqlite"))) as lookup,
        pytest.raises(sqlite3.OperationalError),
    ):
        lookup._database.execute("DELETE FROM place")


def test_the_supplement_replaces_and_wards_name_their_area(copied: Path, tmp_path: Path) -> None:
    with closing(Lookup(index.ensure(copied, tmp_path / "g.sqlite"))) as lookup:
        (cedar,) = lookup.named("cedar", None)
        assert (cedar.row.radius_m, cedar.row.iso) == (12_000, "AA-PX")
        (market,) = lookup.named("old market", None)
        assert (market.row.name, market.row.level) == ("Larch", tables.SECOND)


def test_settlement_radii_are_capped_by_their_first_level_area(copied: Path, tmp_path: Path) -> None:
    with closing(Lookup(index.ensure(copied, tmp_path / "g.sqlite"))) as lookup:
        radii = {row.name: row.radius_m for row in lookup.stream_settlements()}
    assert radii["Pine City"] == 30_000
    assert radii["Thorn"] == 8_000
    assert max(radii.values()) <= 50_000


def test_the_whole_index_is_as_small_as_promised(gazetteer: object) -> None:
    assert gazetteer is not None
    path = Path(__file__).parents[2] / "var" / "gazetteer.sqlite"
    assert path.stat().st_size < 65_000_000
