"""Seeds with a record a line: the same checks, with the line of the record, and faults that spoil only their line."""

import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.curation import crew, seeds
from api.curation.check import Checked, check
from api.curation.publish import Published

TODAY = date(2026, 11, 24)

Invent = Callable[..., Path]
Edit = Callable[[Path, str, Callable[[Any], Any]], None]


def to_lines(directory: Path, name: str) -> Path:
    """Writes a list as NDJSON in its place."""
    old = directory / f"{name}.json"
    new = directory / f"{name}.ndjson"
    entries = json.loads(old.read_text(encoding="utf-8"))
    new.write_text("".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8")
    old.unlink()
    return new


@pytest.fixture
def lines(tmp_path: Path, invent_seeds: Invent) -> Path:
    """Three invented incidents in seeds/incidents/PE.ndjson."""
    return to_lines(invent_seeds(tmp_path / "seeds", 3), "incidents/PE")


def told(checked: Checked) -> list[tuple[str, int, str]]:
    return [(finding.file, finding.line, finding.rule) for finding in checked.findings]


def spoil(path: Path, number: int, change: Callable[[bytes], bytes]) -> None:
    """Changes the line of that number."""
    content = path.read_bytes().split(b"\n")
    content[number - 1] = change(content[number - 1])
    path.write_bytes(b"\n".join(content))


FAULTS: list[tuple[str, int, Callable[[bytes], bytes], list[tuple[int, str]]]] = [
    ("a bad line", 2, lambda line: line[:-1], [(2, "json")]),
    ("an empty line", 2, lambda line: b"\n" + line, [(2, "json")]),
    ("white space", 2, lambda line: b" \t\n" + line, [(2, "json")]),
    ("two records on a line", 2, lambda line: line + line, [(2, "json")]),
    ("two lines torn apart", 2, lambda line: line.replace(b', "category"', b',\n"category"'), [
        (2, "json"), (3, "json"),
    ]),
    ("a list", 2, lambda line: b"[" + line + b"]", [(2, "schema")]),
    ("null", 2, lambda _: b"null", [(2, "schema")]),
    ("a byte order mark", 1, lambda line: b"\xef\xbb\xbf" + line, [(1, "encoding")]),
    ("a byte order mark within", 2, lambda line: b"\xef\xbb\xbf" + line, [(2, "json")]),
    ("latin-1", 3, lambda line: line.replace(b"invented", b"invent\xe9d"), [(3, "encoding")]),
    ("NaN", 2, lambda line: line.replace(b'"low"', b"NaN"), [(2, "json")]),
    ("a key twice", 2, lambda line: line[:-1] + b', "id": "PE-2018-0002"}', [(2, "duplicate-key")]),
    ("a key twice, compact", 2, lambda line: line[:-1] + b',"id":"PE-2018-0002"}', [(2, "duplicate-key")]),
    ("a key twice, spaced", 2, lambda line: line[:-1] + b',"id" :"PE-2018-0002"}', [(2, "duplicate-key")]),
    ("a key twice by escapes", 2, lambda line: line[:-1] + b',"\\u0069d":"PE-2018-0002"}', [(2, "duplicate-key")]),
    ("a control character", 2, lambda line: line.replace(b"Nothing", b"No\\u0007thing"), [(2, "control-character")]),
    ("zero width", 2, lambda line: line.replace(b"Nothing", b"No\xe2\x80\x8bthing"), [(2, "control-character")]),
    ("too deep", 2, lambda line: line.replace(b'"low"', b"[" * 40 + b"]" * 40), [(2, "json-depth")]),
    ("900 levels", 2, lambda line: line.replace(b'"low"', b"[" * 900 + b"]" * 900), [(2, "json-depth")]),
    ("100,000 levels", 2, lambda _: b"[" * 100_000, [(2, "json-depth")]),
    ("a huge line", 2, lambda _: b'{"id": "' + b"x" * 2**20 + b'"}', [(2, "file-line")]),
    ("a line beyond all bounds", 2, lambda _: b"x" * 3 * 2**20, [(2, "file-line")]),
    ("a truncated last line", 3, lambda line: line[: len(line) // 2], [(3, "json")]),
    ("a broken rule", 2, lambda line: line.replace(b'"low"', b'"fictive"'), [(2, "unknown-code")]),
    ("a number for a text", 2, lambda line: line.replace(b'"low"', b"7"), [(2, "schema")]),
    ("a name", 3, lambda line: line.replace(b"Nothing", b"Mr Testa Fictiva: nothing"), [(3, "name-title")]),
    ("an id twice", 3, lambda line: line.replace(b"PE-2018-0003", b"PE-2018-0001"), [(3, "duplicate-id")]),
    ("another country", 2, lambda line: line.replace(b'"country": "PE"', b'"country": "BO"'), [
        (2, "country-file"), (2, "geocode-missing"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "change", "expected"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_fault_is_told_with_its_line_and_spoils_no_other(
    lines: Path, number: int, change: Callable[[bytes], bytes], expected: list[tuple[int, str]]
) -> None:
    spoil(lines, number, change)
    checked = check(lines.parent.parent, today=TODAY)
    assert told(checked) == [("incidents/PE.ndjson", line, rule) for line, rule in expected]
    assert checked.errors == len(expected)


def test_findings_do_not_depend_on_where_a_file_is_cut(lines: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, change in ((1, b"\xef\xbb\xbf"), (2, b"x" * 3 * 2**20), (3, b"Mr Testa Fictiva")):
        spoil(lines, number, lambda line, change=change: change + line)  # type: ignore[misc]  # mypy and defaults
    whole = told(check(lines.parent.parent, today=TODAY))
    for size in (1, 100, 1000):
        monkeypatch.setattr(seeds, "PIECE_BYTES", size)
        assert told(check(lines.parent.parent, today=TODAY)) == whole


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_the_last_line_may_end_as_it_likes(lines: Path, ending: bytes) -> None:
    lines.write_bytes(lines.read_bytes().rstrip(b"\n").replace(b"\n", ending or b"\n") + ending)
    assert told(check(lines.parent.parent, today=TODAY)) == []


def test_an_empty_file_holds_no_incidents(lines: Path) -> None:
    lines.write_bytes(b"")
    assert check(lines.parent.parent, today=TODAY).incidents == 0


def test_a_country_may_have_both_files_and_an_id_stands_once_in_them(lines: Path, invent_seeds: Invent) -> None:
    directory = lines.parent.parent
    invent_seeds(directory, 1)
    checked = check(directory, today=TODAY)
    assert told(checked) == [("incidents/PE.ndjson", 1, "duplicate-id")]


def test_relations_reach_across_files_forwards_and_backwards(seeds_copy: Path, edit: Edit) -> None:
    relation = [{"id": "PE-2018-0001", "kind": "same_network"}]
    edit(seeds_copy, "incidents/ID.json", lambda records: records[0].update(related=relation))
    other = [{"id": "ID-2018-0001", "kind": "same_network"}, {"id": "PE-1999-0009", "kind": "same_network"}]
    edit(seeds_copy, "incidents/PE.json", lambda records: records[0].update(related=other))
    path = to_lines(seeds_copy, "incidents/PE")
    assert told(check(seeds_copy, today=TODAY)) == [(f"incidents/{path.name}", 1, "unknown-incident")]


@pytest.mark.parametrize("name", ["sources", "geocodes", "context", "coverage", "withdrawn"])
def test_registries_that_are_lists_may_be_ndjson(seeds_copy: Path, name: str) -> None:
    path = to_lines(seeds_copy, name)
    assert told(check(seeds_copy, today=TODAY)) == []
    content = path.read_bytes()
    path.write_bytes(content + b"{}\n")
    found = told(check(seeds_copy, today=TODAY))
    assert {(file, line, rule) for file, line, rule in found} == {
        (f"{name}.ndjson", content.count(b"\n") + 1, "schema")
    }


def test_the_form_of_a_file_changes_nothing(
    tmp_path: Path, seeds_copy: Path, publish_seeds: Callable[..., Published]
) -> None:
    url = f"sqlite:///{tmp_path / 'foundling.sqlite'}"
    assert publish_seeds(seeds_copy, url).release
    for name in ("sources", "geocodes", "incidents/ID", "incidents/NG", "incidents/PE"):
        to_lines(seeds_copy, name)
    assert publish_seeds(seeds_copy, url).release is None


def test_workers_find_what_one_process_finds(
    tmp_path: Path, invent_seeds: Invent, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = to_lines(invent_seeds(tmp_path / "seeds", 400), "incidents/PE")
    chance = random.Random(20181106)
    for number in chance.sample(range(1, 401), 40):
        spoil(path, number, chance.choice(FAULTS[:3] + FAULTS[-5:-2])[2])
    alone = check(tmp_path / "seeds", today=TODAY)
    monkeypatch.setattr(seeds, "PIECE_BYTES", 20_000)
    monkeypatch.setattr(crew, "WORTHWHILE_BYTES", 0)
    monkeypatch.setattr(crew, "_processors", lambda: 2)
    together = check(tmp_path / "seeds", today=TODAY)
    assert together.findings == alone.findings
    assert len(alone.findings) >= 30
    assert together.incidents == alone.incidents


def test_of_very_many_findings_the_first_are_kept_and_all_are_counted(
    tmp_path: Path, invent_seeds: Invent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.curation.findings.MOST_KEPT", 5)
    path = to_lines(invent_seeds(tmp_path / "seeds", 50), "incidents/PE")
    path.write_bytes(path.read_bytes().replace(b'"low"', b'"fictive"'))
    checked = check(tmp_path / "seeds", today=TODAY)
    assert [finding.line for finding in checked.findings] == [1, 2, 3, 4, 5]
    assert (checked.errors, checked.warnings) == (50, 0)
