"""Seed files, read from disk: every fault of a file is a finding, never a traceback.

A list may be a JSON file, which is read whole, or NDJSON, a record a line, which is read piece by piece.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any

import orjson

from api.curation.findings import Finding, Path
from api.curation.positions import Positions, positions

LISTS = ("sources", "geocodes", "context", "coverage", "withdrawn", "redactions")
REGISTRIES = ("codelists", "dataset", *LISTS)
MAX_FILE_BYTES = 256 * 2**20
MAX_NDJSON_BYTES = 16 * 2**30
MAX_LINE_BYTES = 2**20
MAX_DEPTH = 32
PIECE_BYTES = 2**19

_COUNTRY_FILE = re.compile(r"[A-Z]{2}\.(?:nd)?json")
# Line breaks are the file's own; within texts nothing but characters that print.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]")
# A text, which is passed over, or what Python takes for a number and JSON does not.
_NO_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|(NaN|Infinity|[0-9]{4000,})')
_LONGEST_READ = max(MAX_FILE_BYTES, MAX_LINE_BYTES + PIECE_BYTES)
_BOM = b"\xef\xbb\xbf"


class SeedFile:
    """One file's content, and the line on which each value of it stands."""

    def __init__(self, name: str, value: Any, text: str = "") -> None:
        self.name = name
        self.value = value
        self._text = text

    @cached_property
    def positions(self) -> Positions:
        """Lines by path, found when they are first needed."""
        return positions(self._text)

    def line_of(self, path: Path) -> int:
        """The line of the value at `path`."""
        return self.positions.line_of(path)

    def finding(self, path: Path, record: str, rule: str, message: str, *, is_warning: bool = False) -> Finding:
        """A finding about the value at `path`."""
        return Finding(self.name, self.line_of(path), record, rule, message, is_warning)

    def number_of(self, index: int) -> int:
        """What `lines_of` finds a record by: its index, or in NDJSON its line."""
        return index


class SeedLines(SeedFile):
    """Records of NDJSON: `lines` tells where each of them stands, which is as fine as it gets."""

    def __init__(self, name: str, value: list[Any], lines: list[int]) -> None:
        super().__init__(name, value)
        self._lines = lines

    def line_of(self, path: Path) -> int:
        """The line of the record that `path` begins with."""
        return self._lines[path[0]] if path and isinstance(path[0], int) else 0

    def number_of(self, index: int) -> int:
        """Its line."""
        return self._lines[index]


@dataclass(frozen=True, slots=True)
class Piece:
    """As much of a file of incidents as is worked on at once: a JSON file, or some lines of NDJSON.

    `line` is that of its first byte.
    """

    path: FilePath
    name: str
    start: int
    size: int
    line: int

    def read(self) -> bytes:
        """The bytes on disk. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(min(self.size, _LONGEST_READ))


def read(directory: FilePath) -> tuple[dict[str, SeedFile], list[Finding]]:
    """The registries of a seeds directory by file name, such as `sources.json` and `sources.ndjson`."""
    findings: list[Finding] = []
    files: dict[str, SeedFile] = {}
    try:
        is_directory = directory.is_dir()
    except OSError as error:
        return {}, [Finding(str(directory), 0, "", "file-unreadable", f"Cannot be read: {error.strerror}.")]
    if not is_directory:
        return {}, [Finding(str(directory), 0, "", "file-missing", "There is no such directory of seeds.")]
    for name in _registry_names(directory):
        if fault := _unfit(directory / name, name, most=MAX_FILE_BYTES):
            findings.append(fault)
            continue
        try:
            file, faults = _parse_whole((directory / name).read_bytes(), name)
        except OSError as error:
            file, faults = None, [unreadable(name, error)]
        findings += faults
        if file is not None:
            files[name] = file
    return files, findings


def pieces(directory: FilePath) -> tuple[list[Piece], list[Finding]]:
    """Every file of incidents, whole; `split` makes less of what is large."""
    found: list[Piece] = []
    findings: list[Finding] = []
    incidents = directory / "incidents"
    try:
        paths = sorted(path for path in incidents.iterdir() if not path.name.startswith("."))
    except OSError:
        # Missing, no directory or closed: looking at it tells which.
        paths = [incidents] if os.path.isdir(directory) else []  # noqa: PTH112 - never raises
    for path in paths:
        name = path.relative_to(directory).as_posix()
        if path != incidents and not _COUNTRY_FILE.fullmatch(path.name):
            message = "Files of incidents are named after the country: incidents/PE.json or incidents/PE.ndjson."
            findings.append(Finding(name, 0, "", "file-name", message))
        elif fault := _unfit(path, name, most=MAX_NDJSON_BYTES if name.endswith(".ndjson") else MAX_FILE_BYTES):
            findings.append(fault)
        else:
            found.append(Piece(path, name, 0, path.stat().st_size, 1))
    return found, findings


def split(whole: Piece) -> Iterator[Piece]:
    """A JSON file as it is, NDJSON in pieces that end with a line, in their order. Raises OSError.

    A line that is too long is a piece of its own, however long it is: nobody reads more of it than the limit.
    """
    if not whole.name.endswith(".ndjson"):
        yield whole
        return
    start, line = 0, 1
    with whole.path.open("rb") as file:
        while block := file.read(PIECE_BYTES):
            end = block.rfind(b"\n") + 1
            size, lines = end or len(block), block.count(b"\n")
            if not end:
                while rest := file.readline(PIECE_BYTES):
                    size += len(rest)
                    if rest.endswith(b"\n"):
                        break
                lines = 1
            yield Piece(whole.path, whole.name, start, size, line)
            start, line = start + size, line + lines
            file.seek(start)


def read_piece(piece: Piece) -> tuple[SeedFile | None, list[Finding]]:
    """The records of a piece, as far as they can be read."""
    try:
        return parse_piece(piece, piece.read())
    except OSError as error:
        return None, [unreadable(piece.name, error)]


def parse_piece(piece: Piece, raw: bytes) -> tuple[SeedFile | None, list[Finding]]:
    """The records of a piece whose bytes are `raw`."""
    if not piece.name.endswith(".ndjson"):
        return _parse_whole(raw, piece.name)
    return parse_lines(raw, piece.name, piece.line)


def lines_of(piece: Piece, raw: bytes, numbers: Iterable[int]) -> SeedFile:
    """Some records of a piece that is known to be clean, by the numbers that `SeedFile.number_of` gives them."""
    if not piece.name.endswith(".ndjson"):
        value = orjson.loads(raw)
        chosen = list(numbers)
        return SeedLines(piece.name, [value[number] for number in chosen], chosen)
    lines = raw.split(b"\n")
    chosen = list(numbers)
    return SeedLines(piece.name, [orjson.loads(lines[number - piece.line]) for number in chosen], chosen)


def _registry_names(directory: FilePath) -> Iterator[str]:
    for name in REGISTRIES:
        has_forms = name in LISTS and name != "redactions"  # which `foundling redact` writes
        forms = [f"{name}.json", f"{name}.ndjson"] if has_forms else [f"{name}.json"]
        there = [form for form in forms if (directory / form).exists() or (directory / form).is_symlink()]
        yield from there or forms[:1]


def _parse_whole(raw: bytes, name: str) -> tuple[SeedFile | None, list[Finding]]:
    if name.endswith(".ndjson"):
        return parse_lines(raw, name, 1)
    if raw.startswith(_BOM):
        return None, [Finding(name, 1, "", "encoding", "Save the file as UTF-8 without a byte order mark.")]
    if max((len(line) for line in raw.split(b"\n")), default=0) > MAX_LINE_BYTES:
        return None, [_too_long(name, 0)]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Finding(name, line, "", "encoding", "Save the file as UTF-8.")]
    return _parse(text, name)


def unreadable(name: str, error: OSError) -> Finding:
    """A file that the system does not hand out."""
    return Finding(name, 0, "", "file-unreadable", f"Cannot be read: {error.strerror}.")


def _too_long(name: str, line: int) -> Finding:
    return Finding(name, line, "", "file-line", "A line is longer than 1 MiB: write one value a line.")


def _unfit(path: FilePath, name: str, *, most: int) -> Finding | None:
    try:
        if not path.exists():
            return Finding(name, 0, "", "file-missing", "This is missing.")
        if name == "incidents":
            message = "This must be a directory that can be read, with a file a country."
            return Finding(name, 0, "", "file-kind", message)
        if not path.is_file():
            return Finding(name, 0, "", "file-kind", "This is no regular file.")
        if path.stat().st_size > most:
            return Finding(name, 0, "", "file-size", f"The file is larger than {most // 2**20:,} MiB: split it.")
    except OSError as error:
        return unreadable(name, error)
    return None


def parse_lines(raw: bytes, name: str, first_line: int) -> tuple[SeedLines, list[Finding]]:
    """The records of some whole lines of NDJSON, and what is wrong with the other lines."""
    values: list[Any] = []
    numbers: list[int] = []
    findings: list[Finding] = []
    lines = raw.split(b"\n")
    if not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, first_line):
        found, faults = _parse_line(line, name, number)
        findings += faults
        values += found
        numbers += [number] * len(found)
    return SeedLines(name, values, numbers), findings


def _parse_line(line: bytes, name: str, number: int) -> tuple[list[Any], list[Finding]]:
    """The value of a line in a list, which is empty when there is none."""
    if len(line) > MAX_LINE_BYTES:
        return [], [_too_long(name, number)]
    if number == 1 and line.startswith(_BOM):
        return [], [Finding(name, 1, "", "encoding", "Save the file as UTF-8 without a byte order mark.")]
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return [], [Finding(name, number, "", "encoding", "Save the file as UTF-8.")]
    if (value := _clean_at_a_glance(text)) is not None:
        return [value], []
    if not text.strip():
        return [], [Finding(name, number, "", "json", "An empty line: write one record a line.")]
    file, faults = _parse(text, name)
    return [file.value] if file else [], sorted({replace(fault, line=number) for fault in faults})


def _clean_at_a_glance(text: str) -> Any:
    """The object of a line in which nothing can be wrong; None where it takes a closer look to tell.

    What is written back as it stood holds no key twice. Else, without escapes a text holds no quotation mark, so that
    `":` ends a key, and counting them finds repeated keys.
    """
    if "\\" in text or '" ' in text or (not _is_plain(text) and _HIDDEN.search(text)):
        return None
    try:
        value = orjson.loads(text)
    except ValueError:
        return None
    if type(value) is not dict:
        return None
    is_shallow = text.count("{") + text.count("[") < MAX_DEPTH
    if is_shallow and orjson.dumps(value).decode() == text:
        return value
    return value if text.count('":') == _keys(value, MAX_DEPTH - 1) else None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _keys(value: Any, depth: int) -> int:
    """The number of keys in an object and all that it holds; -1 and less when it is nested deeper than `depth`."""
    if depth == 0:
        return -(2**60)
    if type(value) is dict:
        count = len(value)
        inner: Any = value.values()
    else:
        count, inner = 0, value
    for one in inner:
        if type(one) is dict or type(one) is list:
            count += _keys(one, depth - 1)
    return count


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
    file = SeedFile(name, value, text)
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
