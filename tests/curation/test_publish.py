"""Publishing: from a directory of seeds to a release, or to nothing at all."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from api.curation.publish import Published, publish, read_history
from api.database.engine import open_database
from api.database.reads import incidents, reference, releases
from api.domain.errors import DatabaseUnavailable, UnknownIncident, UnusableDatabase, WithdrawnIncident
from api.domain.query import IncidentFilter, Sort

NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)

Publish = Callable[..., Published]
Edit = Callable[[Path, str, Callable[[Any], Any]], None]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'er' / 'foundling.sqlite'}"


def test_the_first_publish_makes_release_one(seeds: Path, url: str, publish_seeds: Publish) -> None:
    done = publish_seeds(seeds, url)
    assert (done.is_refused, [finding.rule for finding in done.findings]) == (False, ["placeholder-contact"])
    assert done.release is not None
    assert done.changes is not None
    written = {raw["id"] for file in (seeds / "incidents").glob("*.json") for raw in json.loads(file.read_text())}
    assert (done.release.number, done.release.published) == (1, "2026-11-24T07:00:00Z")
    assert done.release.incidents == done.release.entered == len(written)
    assert set(done.changes.entered) == written == read_history(url).ids
    assert (done.changes.changed, done.changes.left) == ((), ())


def test_progress_is_told_of_every_incident(seeds: Path, url: str) -> None:
    seen: list[str] = []
    totals: list[int] = []

    def progress(versions: Any, total: int) -> Any:
        totals.append(total)
        for version in versions:
            seen.append(version.id)
            yield version

    publish(seeds, url, now=NOW, progress=progress)
    assert totals == [len(seen)] == [len(set(seen))]


def test_the_same_seeds_again_change_nothing(seeds_copy: Path, url: str, publish_seeds: Publish) -> None:
    assert publish_seeds(seeds_copy, url).release
    again = publish_seeds(seeds_copy, url, NOW + timedelta(days=1))
    assert (again.is_refused, again.release, again.changes) == (False, None, None)


def test_another_order_in_the_files_changes_nothing(
    seeds_copy: Path, url: str, publish_seeds: Publish, edit: Edit
) -> None:
    publish_seeds(seeds_copy, url)
    for name in ("incidents/ID.json", "sources.json", "geocodes.json"):
        edit(seeds_copy, name, lambda entries: entries[::-1])
    assert publish_seeds(seeds_copy, url).release is None


def test_the_same_seeds_have_the_same_digest_in_any_database(
    seeds: Path, tmp_path: Path, publish_seeds: Publish
) -> None:
    digests = {
        getattr(
            publish_seeds(seeds, f"sqlite:///{tmp_path / name}", NOW + timedelta(days=days)).release, "digest", None
        )
        for days, name in enumerate(("one.sqlite", "other.sqlite"))
    }
    assert len(digests) == 1
    assert None not in digests


def test_incidents_change_leave_and_are_withdrawn(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path]
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 5)
    publish_seeds(seeds, url)

    def change(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        entries[0]["summary"]["en"] = "Another summary."
        return [*entries[:-1], {**entries[-1], "id": "PE-2018-0006"}]

    edit(seeds, "incidents/PE.json", change)
    refused = publish_seeds(seeds, url)
    assert refused.is_refused
    assert [(f.rule, f.record) for f in refused.findings] == [("vanished-id", "PE-2018-0005")]
    assert len(read_history(url).ids) == 5, "nothing was published"

    gone = {"id": "PE-2018-0005", "reason": "merged", "date": "2026-11-24", "superseded_by": "PE-2018-0006"}
    edit(seeds, "withdrawn.json", lambda _: [gone])
    done = publish_seeds(seeds, url)
    assert done.changes is not None
    assert (done.changes.entered, done.changes.changed, done.changes.left, done.changes.total) == (
        ("PE-2018-0006",), ("PE-2018-0001",), ("PE-2018-0005",), 5,
    )  # fmt: skip
    database = open_database(url, threads=1)
    with database.reading() as connection:
        assert incidents.one(connection, "PE-2018-0005", 1)[0].id == "PE-2018-0005"
        with pytest.raises(WithdrawnIncident) as told:
            incidents.one(connection, "PE-2018-0005", 2)
        assert (told.value.last_release, told.value.reason, told.value.superseded_by) == (1, "merged", "PE-2018-0006")
        with pytest.raises(UnknownIncident, match=r"There is no incident PE-2018-0006 before release 2\."):
            incidents.one(connection, "PE-2018-0006", 1)
        before, after = (incidents.one(connection, "PE-2018-0001", number)[0].values() for number in (1, 2))
    assert (before["updated_release"], after["updated_release"]) == (1, 2)

    edit(seeds, "withdrawn.json", lambda _: [])
    forgotten = publish_seeds(seeds, url)
    assert [(f.rule, f.record) for f in forgotten.findings] == [("vanished-id", "PE-2018-0005")]
    edit(seeds, "incidents/PE.json", lambda entries: [*entries, {**entries[-1], "id": "PE-2018-0005"}])
    minted_again = publish_seeds(seeds, url)
    assert [(f.rule, f.record) for f in minted_again.findings] == [("withdrawn-id", "PE-2018-0005")]
    edit(seeds, "incidents/PE.json", lambda entries: entries[:-1])
    edit(seeds, "withdrawn.json", lambda _: [gone])
    assert before["summary"] != after["summary"] == "Another summary."
    database.engine.dispose()

    edit(seeds, "incidents/PE.json", lambda entries: [*entries, {**entries[-1], "id": "PE-2018-0005"}])
    again = publish_seeds(seeds, url)
    assert [(f.rule, f.record) for f in again.findings] == [("withdrawn-id", "PE-2018-0005")]


SPOILT: list[tuple[str, str, Callable[[Any], Any]]] = [
    ("geocode-unreviewed", "geocodes.json", lambda entries: [{**entry, "reviewed": False} for entry in entries]),
    ("geocode-missing", "geocodes.json", lambda _: []),
    ("name-title", "incidents/PE.json", lambda e: e[0]["summary"].update(en="Mr Testa Fictiva ran it.")),
    ("schema", "incidents/PE.json", lambda e: e[0].update(date="yesterday")),
]


@pytest.mark.parametrize(("rule", "name", "change"), SPOILT, ids=[row[0] for row in SPOILT])
def test_seeds_with_errors_publish_nothing_at_all(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path], *,
    rule: str, name: str, change: Callable[[Any], Any],
) -> None:  # fmt: skip
    seeds = invent_seeds(tmp_path / "seeds", 2)
    edit(seeds, name, change)
    done = publish_seeds(seeds, url)
    assert done.is_refused
    assert {finding.rule for finding in done.findings} == {rule}
    assert (done.release, done.changes) == (None, None)
    assert read_history(url).ids == frozenset()


def test_warnings_do_not_stop_a_publish(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path]
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 1)
    edit(seeds, "sources.json", lambda entries: [*entries, {**entries[0], "id": "uncited-2018"}])
    done = publish_seeds(seeds, url)
    assert [(f.rule, f.is_warning) for f in done.findings] == [("uncited-source", True)]
    assert done.release is not None


def test_a_change_of_a_place_changes_its_incidents(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path]
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 2)
    publish_seeds(seeds, url)
    edit(seeds, "geocodes.json", lambda entries: entries[0].update(uncertainty_m=4000))
    done = publish_seeds(seeds, url)
    assert done.changes is not None
    assert done.changes.changed == ("PE-2018-0001", "PE-2018-0002")


def test_a_change_of_a_codelist_alone_is_a_release_without_changed_incidents(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path]
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 2)
    publish_seeds(seeds, url)
    edit(seeds, "codelists.json", lambda lists: lists["category"][0]["label"].update(en="Another label"))
    done = publish_seeds(seeds, url)
    assert done.release is not None
    assert (done.release.number, done.release.changed) == (2, 0)
    database = open_database(url, threads=1)
    with database.reading() as connection:
        first = [json.loads(reference.page(connection, "codelist", n, after=None, limit=1)[0][1]) for n in (1, 2)]
        assert releases.latest_number(connection) == 2
    database.engine.dispose()
    assert first[0]["label_en"] != first[1]["label_en"] == "Another label"


def test_an_empty_record_can_be_published(
    tmp_path: Path, url: str, publish_seeds: Publish, invent_seeds: Callable[..., Path], edit: Edit
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 0)
    edit(seeds, "sources.json", lambda _: [])
    edit(seeds, "geocodes.json", lambda _: [])
    done = publish_seeds(seeds, url)
    assert done.release is not None
    assert done.release.incidents == 0
    database = open_database(url, threads=1)
    assert not list(incidents.stream(database.engine, IncidentFilter(), Sort(), 1, database.dialect))
    database.engine.dispose()


def test_publishing_needs_no_gazetteer_and_no_network(
    seeds: Path, tmp_path: Path, url: str, publish_seeds: Publish
) -> None:
    """Sockets are closed to tests; the gazetteer is left behind here."""
    bare = tmp_path / "seeds"
    shutil.copytree(seeds, bare, ignore=shutil.ignore_patterns("gazetteer"))
    assert publish_seeds(bare, url).release


def test_ids_of_a_database_that_is_not_there_are_none(tmp_path: Path) -> None:
    assert read_history(f"sqlite:///{tmp_path / 'absent.sqlite'}").ids == frozenset()
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_another_version_wrote_is_left_alone(seeds: Path, url: str, publish_seeds: Publish) -> None:
    publish_seeds(seeds, url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UnusableDatabase, match="newer version"):
        publish_seeds(seeds, url)


def test_while_another_process_writes_a_publish_says_so(seeds: Path, url: str, publish_seeds: Publish) -> None:
    publish_seeds(seeds, url)
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match=r"Another process is writing to .*foundling\.sqlite"):
            publish_seeds(seeds, url)
        connection.exec_driver_sql("ROLLBACK")
    engine.dispose()
