"""What is published already is neither checked nor built again; what might be judged otherwise is."""

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.curation import digests, judge
from api.curation.publish import Published
from api.curation.seeds import Piece
from api.database.append import seed_digests
from api.database.engine import open_database
from api.database.reads import releases

NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)

Edit = Callable[[Path, str, Callable[[Any], Any]], None]
Publish = Callable[..., Published]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'foundling.sqlite'}"


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records that went through the rules."""
    seen: list[str] = []
    rule = judge._RULES[0]

    def watched(entry: Any, known: Any) -> Any:
        seen.append(entry.value.id)
        return rule(entry, known)

    monkeypatch.setattr(judge, "_RULES", (watched, *judge._RULES[1:]))
    return seen


@pytest.fixture
def published(seeds_copy: Path, url: str, publish_seeds: Publish, looked_at: list[str]) -> Path:
    """Seeds of four incidents, published once."""
    assert publish_seeds(seeds_copy, url).release
    assert len(looked_at) == 4
    looked_at.clear()
    return seeds_copy


def test_the_same_seeds_are_not_looked_at_again(
    published: Path, url: str, publish_seeds: Publish, looked_at: list[str]
) -> None:
    assert publish_seeds(published, url).release is None
    assert looked_at == []


def test_only_what_was_written_anew_is_looked_at(
    published: Path, url: str, publish_seeds: Publish, looked_at: list[str], edit: Edit
) -> None:
    edit(published, "incidents/PE.json", lambda records: records[0].update(confidence="low"))
    done = publish_seeds(published, url)
    assert looked_at == ["PE-2018-0001"]
    assert done.changes is not None
    assert (done.changes.changed, done.changes.total) == (("PE-2018-0001",), 4)


def _cited(published: Path) -> str:
    identifier: str = json.loads((published / "incidents" / "PE.json").read_text(encoding="utf-8"))[0]["sources"][0]
    return identifier


def test_a_source_or_a_point_that_changes_brings_its_incidents_along(
    published: Path, url: str, publish_seeds: Publish, looked_at: list[str], edit: Edit
) -> None:
    cited = _cited(published)
    edit(published, "sources.json", lambda all_of: next(
        source.update(language="fr") for source in all_of if source["id"] == cited
    ))  # fmt: skip
    assert publish_seeds(published, url).release
    assert looked_at == ["PE-2018-0001"]


def test_a_codelist_that_changes_is_a_new_check_of_everything_and_no_new_version(
    published: Path, url: str, publish_seeds: Publish, looked_at: list[str], edit: Edit
) -> None:
    edit(published, "codelists.json", lambda lists: lists["category"][0]["label"].update(en="Another label"))
    done = publish_seeds(published, url)
    assert len(looked_at) == 4
    assert done.release is not None
    assert done.release.changed == 0


def test_other_software_checks_everything_once_and_makes_no_release(
    published: Path, url: str, publish_seeds: Publish, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "code_digest", lambda: b"another version")
    before = _told(url)
    assert publish_seeds(published, url).release is None
    assert len(looked_at) == 4
    after = _told(url)
    assert before.keys() == after.keys()
    assert all(before[identifier] != after[identifier] for identifier in before)
    looked_at.clear()
    assert publish_seeds(published, url).release is None
    assert looked_at == []
    database = open_database(url, threads=1)
    with database.reading() as connection:
        assert releases.latest_number(connection) == 1
    database.engine.dispose()


def _told(url: str) -> dict[str, str]:
    database = open_database(url, threads=1)
    with database.reading() as connection:
        told = seed_digests(connection, ["PE-2018-0001", "NG-2018-0001", "ID-2018-0001", "ID-2013-0001"])
    database.engine.dispose()
    assert len(told) == 4
    assert all(len(digest) == 64 for digest in told.values())
    return told


def test_a_rule_that_a_published_record_breaks_now_is_found_by_other_software(
    published: Path, url: str, publish_seeds: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(entry: Any, _known: Any) -> Any:
        yield entry.finding("schema", "Nothing passes.")

    monkeypatch.setattr(judge, "_RULES", (refuse,))
    assert not publish_seeds(published, url).is_refused  # the software says that it is the same
    monkeypatch.setattr(digests, "code_digest", lambda: b"another version")
    assert publish_seeds(published, url).is_refused


def test_a_name_that_may_stand_no_longer_is_found_in_records_that_did_not_change(
    tmp_path: Path, url: str, publish_seeds: Publish, edit: Edit, invent_seeds: Callable[..., Path]
) -> None:
    seeds = invent_seeds(tmp_path / "seeds", 2)
    edit(
        seeds,
        "sources.json",
        lambda entries: [*entries, {**entries[0], "id": "other-2018", "publisher": "Testa Fictiva"}],
    )
    edit(seeds, "incidents/PE.json", lambda e: e[0]["summary"].update(en="A group called Testa Fictiva told it."))
    edit(seeds, "incidents/PE.json", lambda e: e[1].update(sources=["invented-2018", "other-2018"]))
    assert publish_seeds(seeds, url).release
    edit(seeds, "sources.json", lambda entries: entries[1].update(publisher="Invented News"))
    refused = publish_seeds(seeds, url)
    assert [(f.record, f.rule) for f in refused.findings] == [("PE-2018-0001", "name-introduced")]


def test_a_record_that_moves_to_another_country_s_file_is_looked_at(
    published: Path, url: str, publish_seeds: Publish
) -> None:
    (published / "incidents" / "PE.json").rename(published / "incidents" / "BO.json")
    assert {finding.rule for finding in publish_seeds(published, url).findings} == {"country-file"}


def test_ids_relations_and_use_are_told_of_records_that_did_not_change(
    published: Path, url: str, publish_seeds: Publish, edit: Edit
) -> None:
    edit(published, "incidents/PE.json", lambda records: [records[0], records[0]])
    assert {finding.rule for finding in publish_seeds(published, url).findings} == {"duplicate-id"}
    edit(published, "incidents/PE.json", lambda _: [])
    gone = {"id": "PE-2018-0001", "reason": "duplicate", "date": "2026-11-24", "superseded_by": None}
    edit(published, "withdrawn.json", lambda _: [gone])
    done = publish_seeds(published, url)
    assert {finding.rule for finding in done.findings} >= {"uncited-source"}
    assert done.changes is not None
    assert done.changes.left == ("PE-2018-0001",)


def test_seeds_that_change_between_check_and_publication_publish_nothing(
    published: Path, url: str, publish_seeds: Publish, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(published, "incidents/PE.json", lambda records: records[0].update(confidence="low"))
    build = judge.Judge.build

    def meanwhile(self: judge.Judge, work: judge.Work) -> Any:
        edit(published, "incidents/PE.json", lambda records: records[0].update(confidence="medium"))
        return build(self, work)

    monkeypatch.setattr(judge.Judge, "build", meanwhile)
    with pytest.raises(judge.SeedsChanged, match=r"incidents/PE\.json was changed"):
        publish_seeds(published, url)
    database = open_database(url, threads=1)
    with database.reading() as connection:
        assert releases.latest_number(connection) == 1
    database.engine.dispose()


def test_a_piece_is_small_enough_to_be_sent() -> None:
    assert {field.name for field in dataclasses.fields(Piece)} == {"path", "name", "start", "size", "line"}
