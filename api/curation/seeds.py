"""Seed files, read from disk: every fault of a file is a finding, never a traceback."""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from api.curation.findings import Finding, Path
from api.curation.positions import Positions, positions

REGISTRIES = ("sources", "codelists", "geocodes", "context", "coverage", "withdrawn", "dataset")
MAX_FILE_BYTES = 256 * 2**20
MAX_LINE_BYTES = 2**20
MAX_DEPTH = 32

_COUNTRY_FILE = re.compile(r"[A-Z]{2}\.json")
# Line breaks are the file's own; within texts nothing but characters that print.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]")
# A text, which is passed over, or what Python takes for a number and JSON does not.
_NO_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|Infinity|[0-9]{4000,})')


class SeedFile:
    """One file's content, and the line on which each value of it stands."""

    def __init__(self, name: str, text: str, value: Any) -> None:
        self.name = name
        self.value = value
        self._text = text

    @cached_property
    def positions(self) -> Positions:
        """Lines by path, found when they are first needed."""
        return positions(self._text)

    def finding(self, path: Path, record: str, rule: str, message: str, *, is_warning: bool = False) -> Finding:
        """A finding about the value at `path`."""
        return Finding(self.name, self.positions.line_of(path), record, rule, message, is_warning)


def read(directory: FilePath) -> tuple[dict[str, SeedFile], list[Finding]]:
    """All files of a seeds directory by name, such as `incidents/PE.json` and `sources.json`."""
    findings: list[Finding] = []
    files: dict[str, SeedFile] = {}
    try:
        is_directory = directory.is_dir()
    except OSError as error:
        return {}, [Finding(str(directory), 0, "", "file-unreadable", f"Cannot be read: {error.strerror}.")]
    if not is_directory:
        return {}, [Finding(str(directory), 0, "", "file-missing", "There is no such directory of seeds.")]
    for path in _paths(directory):
        name = path.relative_to(directory).as_posix()
        file, faults = _read_file(path, name)
        findings += faults
        if file is not None:
            files[name] = file
    return files, findings


def _paths(directory: FilePath) -> Iterator[FilePath]:
    yield from (directory / f"{name}.json" for name in REGISTRIES)
    incidents = directory / "incidents"
    try:
        found = sorted(path for path in incidents.iterdir() if not path.name.startswith("."))
    except OSError:
        found = [incidents]  # missing, no directory or closed: reading it tells which
    yield from found


def _read_file(path: FilePath, name: str) -> tuple[SeedFile | None, list[Finding]]:
    def fault(rule: str, message: str, line: int = 0) -> tuple[None, list[Finding]]:
        return None, [Finding(name, line, "", rule, message)]

    if name.startswith("incidents/") and not _COUNTRY_FILE.fullmatch(path.name):
        return fault("file-name", "Files of incidents are named after the country: incidents/PE.json.")
    try:
        if unfit := _unfit(path, name):
            return fault(*unfit)
        raw = path.read_bytes()
    except OSError as error:
        return fault("file-unreadable", f"Cannot be read: {error.strerror}.")
    if raw.startswith(b"\xef\xbb\xbf"):
        return fault("encoding", "Save the file as UTF-8 without a byte order mark.", 1)
    longest = max((len(line) for line in raw.split(b"\n")), default=0)
    if longest > MAX_LINE_BYTES:
        return fault("file-line", "A line is longer than 1 MiB: write one value a line.")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return fault("encoding", "Save the file as UTF-8.", raw.count(b"\n", 0, error.start) + 1)
    return _parse(text, name)


def _unfit(path: FilePath, name: str) -> tuple[str, str] | None:
    if not path.exists():
        return "file-missing", "This is missing."
    if name == "incidents":
        return "file-kind", "This must be a directory that can be read, with a file a country."
    if not path.is_file():
        return "file-kind", "This is no regular file."
    if path.stat().st_size > MAX_FILE_BYTES:
        return "file-size", f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB: split it."
    return None


def _parse(text: str, name: str) -> tuple[SeedFile | None, list[Finding]]:
    has_repetition = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_repetition
        built = dict(items)
        has_repetition = has_repetition or len(built) < len(items)
        return built

    def constant(word: str) -> None:
        raise ValueError(word)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        return None, [Finding(name, error.lineno, "", "json", f"Not JSON: {error.msg} (column {error.colno}).")]
    except ValueError:
        message = "NaN, Infinity and endless digits are no JSON numbers: write null, or a number."
        return None, [Finding(name, _line_of_no_number(text), "", "json", message)]
    except RecursionError:
        return None, [Finding(name, 0, "", "json-depth", f"Nested deeper than {MAX_DEPTH} levels.")]
    if _depth(value) > MAX_DEPTH:
        return None, [Finding(name, 0, "", "json-depth", f"Nested deeper than {MAX_DEPTH} levels.")]
    file = SeedFile(name, text, value)
    findings = [
        file.finding(path, "", "control-character", "Holds a character that does not print: remove it.")
        for path, found in _texts(value)
        if _HIDDEN.search(found)
    ]
    if has_repetition:
        findings += [
            Finding(name, line, "", "duplicate-key", "This object has the same key twice: keep one.")
            for _, line in file.positions.repeated_keys
        ]
    return file, findings


def _line_of_no_number(text: str) -> int:
    found = next((match for match in _NO_NUMBER.finditer(text) if match.group(1)), None)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _depth(value: Any) -> int:
    deepest, layer = 0, [value]
    while layer and deepest <= MAX_DEPTH:
        deepest += 1
        layer = [
            inner
            for outer in layer
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return deepest


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), key
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
