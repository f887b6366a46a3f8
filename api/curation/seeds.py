"""Seed files, read from disk: every fault of a file is a finding, never a traceback."""

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

from api.curation.findings import Finding, Path
from api.curation.positions import Positions, positions

REGISTRIES = ("sources", "codelists", "geocodes", "context", "withdrawn", "dataset")
MAX_FILE_BYTES = 256 * 2**20
MAX_LINE_BYTES = 2**20
MAX_DEPTH = 32

_COUNTRY_FILE = re.compile(r"[A-Z]{2}\.json")
# Line breaks are the file's own; within texts nothing but characters that print.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufeff]")


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
    if not directory.is_dir():
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
    if incidents.is_dir():
        yield from sorted(path for path in incidents.iterdir() if not path.name.startswith("."))
    else:
        yield incidents


def _read_file(path: FilePath, name: str) -> tuple[SeedFile | None, list[Finding]]:
    def fault(rule: str, message: str, line: int = 0) -> tuple[None, list[Finding]]:
        return None, [Finding(name, line, "", rule, message)]

    if path.parent.name == "incidents" and not _COUNTRY_FILE.fullmatch(path.name):
        return fault("file-name", "Files of incidents are named after the country: incidents/PE.json.")
    try:
        if not path.exists():
            return fault("file-missing", "This file is missing.")
        if not path.is_file():
            return fault("file-kind", "This is no regular file.")
        if path.stat().st_size > MAX_FILE_BYTES:
            return fault("file-size", f"The file is larger than {MAX_FILE_BYTES // 2**20} MiB: split it.")
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


def _parse(text: str, name: str) -> tuple[SeedFile | None, list[Finding]]:
    has_repetition = False

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_repetition
        built = dict(items)
        has_repetition = has_repetition or len(built) < len(items)
        return built

    def constant(word: str) -> None:
        raise ValueError(f"{word} is no JSON number: write null, or a number.")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        return None, [Finding(name, error.lineno, "", "json", f"Not JSON: {error.msg} (column {error.colno}).")]
    except ValueError as error:
        return None, [Finding(name, 0, "", "json", str(error)[:200])]
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
