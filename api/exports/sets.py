"""Where stored files lie: a folder for each release, renamed into place when every file in it is whole."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from api.domain.columns import LAYOUT
from api.domain.release import Release

FOLDER = "files"
MANIFEST = "manifest.json"
DATA_PACKAGE = "datapackage.json"

FORMAT = 1
"""Raised when equal releases are to give other files than before."""

# Release, generation, all that the content follows from, and which writing of it this is.
_NAME = re.compile(r"([1-9][0-9]*)-([0-9]+)-([0-9a-f]{16})-([1-9][0-9]*)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What is in the files of a release: the same identity, the same content."""

    number: int
    generation: int
    key: str

    def name(self, writing: int) -> str:
        """Of the folder."""
        return f"{self.number}-{self.generation}-{self.key}-{writing}"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a set; `sha256` is in hexadecimal digits."""

    path: Path
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileSet:
    """The stored files of a release, by name; `manifest` is the JSON that lists them."""

    folder: Path
    manifest: bytes
    files: dict[str, StoredFile]


def identity_of(release: Release, generation: int, public_url: str) -> Identity:
    """What the files of a release have to be: citations in them hold the public address, redaction changes all."""
    parts = (release.number, release.digest, release.published, generation, LAYOUT, public_url, FORMAT)
    return Identity(release.number, generation, hashlib.sha256(f"{parts}".encode()).hexdigest()[:16])


def find(folder: Path, identity: Identity) -> FileSet | None:
    """The set of that identity; None when there is none."""
    # The newest writing first; one that is being taken away has no manifest any more, or files are missing.
    for _, path in sorted(_writings(folder, identity), reverse=True):
        try:
            manifest = (path / MANIFEST).read_bytes()
        except OSError:
            continue
        return FileSet(path, manifest, _listed(path, orjson.loads(manifest)))
    return None


def releases_in(folder: Path) -> list[int]:
    """Numbers of the releases that have a folder, of whatever identity, newest first."""
    return sorted({found.number for found, _, _ in _folders(folder)}, reverse=True)


def next_writing(folder: Path, identity: Identity) -> Path:
    """Where the next set of that identity goes."""
    last = max((writing for writing, _ in _writings(folder, identity)), default=0)
    return folder / identity.name(last + 1)


def remove_others(folder: Path, kept: Path, *, newest: int) -> None:
    """Removes what this set takes the place of, and the sets of releases that are not among the `newest`.

    Whoever has a file open reads it to its end. Raises OSError.
    """
    numbers = releases_in(folder)[:newest]
    number = int(kept.name.partition("-")[0])
    for found, _, path in _folders(folder):
        if path != kept and (found.number == number or found.number not in numbers):
            _remove(path)


def empty_stale(folder: Path, generation: int) -> None:
    """Removes every file that was written before the last redaction; may be called at any time, by anyone.

    The folders stay, empty: they tell which releases had files. Raises OSError.
    """
    for found, _, path in _folders(folder):
        if found.generation < generation:
            _remove(path)
            path.mkdir()


def _remove(path: Path) -> None:
    # The manifest goes first: from then on nobody finds the others.
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path, ignore_errors=False)


def _folders(folder: Path) -> Iterator[tuple[Identity, int, Path]]:
    try:
        paths = list(folder.iterdir())
    except FileNotFoundError:
        return
    for path in paths:
        match = _NAME.fullmatch(path.name)
        if match:
            number, generation, key, writing = match.groups()
            yield Identity(int(number), int(generation), key), int(writing), path


def _writings(folder: Path, identity: Identity) -> list[tuple[int, Path]]:
    return [(writing, path) for found, writing, path in _folders(folder) if found == identity]


def _listed(folder: Path, manifest: dict[str, Any]) -> dict[str, StoredFile]:
    return {
        one["name"]: StoredFile(folder / one["name"], one["media_type"], one["bytes"], one["sha256"])
        for one in manifest["files"]
    }
