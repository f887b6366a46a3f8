"""Seed files as a careless or hostile hand leaves them: every fault is a finding with its line."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.curation.findings import Finding
from api.curation.seeds import REGISTRIES, pieces, read, read_piece, split

ROOT = Path(__file__).parent.parent.parent

Found = tuple[str, int, str]
"""File, line and rule."""


def read_all(directory: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Registries and incidents: what is written in each file, and every fault."""
    files, findings = read(directory)
    values = {name: file.value for name, file in files.items()}
    whole, faults = pieces(directory)
    findings += faults
    for piece in (part for one in whole for part in split(one)):
        file, faults = read_piece(piece)
        findings += faults
        if file is not None:
            values[piece.name] = values.get(piece.name, []) + file.value
    return values, findings


def found_in(directory: Path) -> list[Found]:
    return [(finding.file, finding.line, finding.rule) for finding in read_all(directory)[1]]


def test_the_real_seeds_are_read_whole(seeds: Path) -> None:
    files, findings = read_all(seeds)
    assert findings == []
    assert {f"{name}.json" for name in REGISTRIES} < files.keys()
    assert {"incidents/ID.json", "incidents/NG.json", "incidents/PE.json"} <= files.keys()


TEXTS: list[tuple[str, bytes, list[tuple[int, str]]]] = [
    ("empty", b"", [(1, "json")]),
    ("white", b" \n \n", [(3, "json")]),
    ("no JSON", b"hello", [(1, "json")]),
    ("a comma too many", b"[\n 1,\n 2,\n]", [(4, "json")]),
    ("a comma too few", b'[\n {"a": 1\n  "b": 2}\n]', [(3, "json")]),
    ("not closed", b"[\n [\n  1\n", [(4, "json")]),
    ("two values", b"[]\n[]", [(2, "json")]),
    ("single quotes", b"[\n{'a': 1}]", [(2, "json")]),
    ("a comment", b"[\n // why\n]", [(2, "json")]),
    ("a line break in a text", b'[\n"a\nb"]', [(2, "json")]),
    ("a bad escape", b'[\n\n"\\x"]', [(3, "json")]),
    ("NaN", b"[\n NaN\n]", [(2, "json")]),
    ("Infinity", b'[\n {"a":\n -Infinity}\n]', [(3, "json")]),
    ("NaN after a text that says so", b'[\n "NaN",\n NaN\n]', [(3, "json")]),
    ("digits without end", b"[\n " + b"9" * 5000 + b"\n]", [(2, "json")]),
    ("byte order mark", b"\xef\xbb\xbf[]", [(1, "encoding")]),
    ("UTF-16", "[]".encode("utf-16"), [(1, "encoding")]),
    ("latin-1", '[\n "a",\n "é"\n]'.encode("latin-1"), [(3, "encoding")]),
    ("a surrogate in UTF-8", b'[\n "\xed\xa0\x80"]', [(2, "encoding")]),
    ("overlong", b'["\xc0\xaf"]', [(1, "encoding")]),
    ("a key twice", b'[\n {"a": 1,\n  "b": 2,\n  "a": 3}\n]', [(4, "duplicate-key")]),
    ("a key three times", b'[{"a": 1,\n"a": 2,\n"a": 3}]', [(2, "duplicate-key"), (3, "duplicate-key")]),
    ("a key twice by escapes", b'[{"a": 1,\n"\\u0061": 2}]', [(2, "duplicate-key")]),
    ("NUL", b'[\n "a\\u0000b"]', [(2, "control-character")]),
    ("a bell", b'[\n "a",\n "\\u0007"]', [(3, "control-character")]),
    ("a tab", b'[\n "a\\tb"]', [(2, "control-character")]),
    ("an escaped line break", b'[\n "a\\nb"]', [(2, "control-character")]),
    ("delete", b'["\x7f"]', [(1, "control-character")]),
    ("C1", b'["\\u0085"]', [(1, "control-character")]),
    ("a lone surrogate", b'[\n\n "\\ud800"]', [(3, "control-character")]),
    ("the other half", b'["\\udfff x"]', [(1, "control-character")]),
    ("a line separator", b'["a\\u2028b"]', [(1, "control-character")]),
    ("a mark within", b'["a\\ufeffb"]', [(1, "control-character")]),
    ("zero width", b'["a\\u200bb"]', [(1, "control-character")]),
    ("words turned round", b'["a\\u202eb"]', [(1, "control-character")]),
    ("a control in a key", b'[\n{"a\\u0001": 1}]', [(2, "control-character")]),
    ("33 levels", b"[" * 33 + b"]" * 33, [(0, "json-depth")]),
    ("900 levels", b"[" * 900 + b"]" * 900, [(0, "json-depth")]),
    ("100,000 levels", b"[" * 100_000 + b"]" * 100_000, [(0, "json-depth")]),
    ("100,000 never closed", b"[" * 100_000, [(0, "json-depth")]),
    ("100,000 objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, [(0, "json-depth")]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [row[1:] for row in TEXTS], ids=[row[0] for row in TEXTS])
def test_a_file_that_is_no_clean_json_is_told_with_its_line(
    seeds_copy: Path, content: bytes, expected: list[tuple[int, str]]
) -> None:
    (seeds_copy / "context.json").write_bytes(content)
    assert found_in(seeds_copy) == [("context.json", line, rule) for line, rule in expected]


@pytest.mark.parametrize("content", [
    b"[]", b"[]\r\n", b'["\xc3\xa9\xf0\x9f\x91\xb6"]', b'["\\ud83d\\udc76"]', b"[" * 32 + b"]" * 32, b"[1e5, -0.5]",
    '["हिन्दी", "\u200dا", "\u00a0"]'.encode(),
])  # fmt: skip
def test_clean_json_passes(seeds_copy: Path, content: bytes) -> None:
    (seeds_copy / "context.json").write_bytes(content)
    assert found_in(seeds_copy) == []


def _line_of_100_mib(path: Path) -> None:
    path.write_bytes(b'["' + b"x" * (100 * 2**20) + b'"]')


def _file_of_300_mib(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(300 * 2**20)


def _directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DISK: list[tuple[str, Callable[[Path], object], str]] = [
    ("a line of 100 MiB", _line_of_100_mib, "file-line"),
    ("a file of 300 MiB", _file_of_300_mib, "file-size"),
    ("missing", lambda path: path.unlink(), "file-missing"),
    ("a directory", _directory, "file-kind"),
    ("a link to itself", _loop, "file-missing"),
    ("a pipe", _pipe, "file-kind"),
]


@pytest.mark.parametrize("name", ["sources.json", "incidents/PE.json"])
@pytest.mark.parametrize(("spoil", "rule"), [row[1:] for row in DISK], ids=[row[0] for row in DISK])
def test_what_is_no_proper_file_is_told(
    seeds_copy: Path, name: str, spoil: Callable[[Path], object], rule: str
) -> None:
    spoil(seeds_copy / name)
    # A country without a file is a country without incidents.
    is_absent = name.startswith("incidents/") and not os.path.lexists(seeds_copy / name)
    assert found_in(seeds_copy) == ([] if is_absent else [(name, 0, rule)])


@pytest.mark.parametrize("name", REGISTRIES)
def test_every_registry_must_be_there(seeds_copy: Path, name: str) -> None:
    (seeds_copy / f"{name}.json").unlink()
    assert found_in(seeds_copy) == [(f"{name}.json", 0, "file-missing")]


@pytest.mark.parametrize(
    "name", ["pe.json", "PER.json", "PE.JSON", "PE.json.bak", "README.md", "sources.json", "PE", "é"]
)
def test_files_of_incidents_are_named_after_the_country(seeds_copy: Path, name: str) -> None:
    (seeds_copy / "incidents" / name).write_text("[]", encoding="utf-8")
    assert found_in(seeds_copy) == [(f"incidents/{name}", 0, "file-name")]


def test_hidden_files_of_editors_are_passed_over(seeds_copy: Path) -> None:
    (seeds_copy / "incidents" / ".PE.json.swp").write_bytes(b"\x00")
    assert found_in(seeds_copy) == []


def test_incidents_must_be_a_directory(seeds_copy: Path) -> None:
    (seeds_copy / "incidents").rename(seeds_copy / "elsewhere")
    assert found_in(seeds_copy) == [("incidents", 0, "file-missing")]
    (seeds_copy / "incidents").write_text("[]", encoding="utf-8")
    assert found_in(seeds_copy) == [("incidents", 0, "file-kind")]


def test_a_directory_of_seeds_may_have_any_name(seeds_copy: Path) -> None:
    renamed = seeds_copy.rename(seeds_copy.parent / "incidents")
    assert found_in(renamed) == []


@pytest.mark.parametrize("name", ["absent", "sources.json"])
def test_seeds_that_are_no_directory_are_told(seeds: Path, name: str) -> None:
    assert [finding.rule for finding in read(seeds / name)[1]] == ["file-missing"]


def test_all_faults_are_found_in_one_run(seeds_copy: Path) -> None:
    (seeds_copy / "sources.json").unlink()
    (seeds_copy / "context.json").write_bytes(b'["\xe9"]')
    (seeds_copy / "withdrawn.json").write_bytes(b"[}")
    (seeds_copy / "incidents" / "PE.json").write_bytes(b'[{"a": 1, "a": 2}]')
    assert {rule for _, _, rule in found_in(seeds_copy)} == {"file-missing", "encoding", "json", "duplicate-key"}


_READ_AS_NOBODY = """
import json, os, sys
from pathlib import Path
from api.curation.seeds import pieces, read, read_piece
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
whole, faults = pieces(Path(sys.argv[1]))
found = [*read(Path(sys.argv[1]))[1], *faults, *(fault for piece in whole for fault in read_piece(piece)[1])]
print(json.dumps([[f.file, f.line, f.rule] for f in found]))
"""


@pytest.mark.parametrize(("closed", "expected"), [
    ("sources.json", [["sources.json", 0, "file-unreadable"]]),
    ("incidents/PE.json", [["incidents/PE.json", 0, "file-unreadable"]]),
    ("incidents", [["incidents", 0, "file-kind"]]),
])  # fmt: skip
def test_what_may_not_be_read_is_told(seeds_copy: Path, closed: str, expected: list[list[Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        moved = seeds_copy.rename(Path(folder) / "seeds") if _is_same_disk(seeds_copy, folder) else seeds_copy
        Path(folder).chmod(0o755)
        (moved / closed).chmod(0o000)
        command = [sys.executable, "-c", _READ_AS_NOBODY, str(moved)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        (moved / closed).chmod(0o755)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == expected


def _is_same_disk(one: Path, other: str) -> bool:
    return one.stat().st_dev == Path(other).stat().st_dev


def test_a_finding_is_one_line_of_text() -> None:
    full = Finding("incidents/PE.json", 12, "PE-2018-0001", "currency", "Money needs a code.", is_warning=True)
    assert str(full) == "incidents/PE.json:12: PE-2018-0001 warning [currency] Money needs a code."
    assert str(Finding("sources.json", 0, "", "json", "Not JSON.")) == "sources.json: error [json] Not JSON."
