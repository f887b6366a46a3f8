"""Snapshots on disk: one file each, whole or not there, mapped into memory and shared by all who read it."""

import json
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from api.snapshot.columns import Array, Identity, Measured, Snapshot

FORMAT = 3
"""Raised when equal databases are to give other files than before."""

FOLDER = "snapshots"
_MAGIC = b"FOUNDLING SNAPSHOT\n"
_SUFFIX = ".snapshot"
_ALIGNED = 64
_LENGTH = 8


def path_of(folder: Path, identity: Identity) -> Path:
    """Where the snapshot of a state lies: named by release, digest, generation and all that was published."""
    name = f"{identity.release}-{identity.digest[:12]}-{identity.generation}-{identity.history[:12]}-{FORMAT}"
    return folder / f"{name}{_SUFFIX}"


def write(snapshot: Snapshot, folder: Path) -> Path:
    """Puts a snapshot into the folder, at once. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = path_of(folder, snapshot.identity)
    descriptor, temporary = tempfile.mkstemp(prefix=".new-", suffix=_SUFFIX, dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for part in _parts(snapshot):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return target


def read(folder: Path, identity: Identity) -> Snapshot | None:
    """The snapshot of a state; None when there is no such file, or it is not whole."""
    try:
        with path_of(folder, identity).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError):  # mmap refuses an empty file by a ValueError
        return None
    try:
        found = _parsed(mapped)
    except (ValueError, KeyError, TypeError):
        return None
    return found if found is not None and found.identity == identity else None


def has_any(folder: Path) -> bool:
    """Whether there is a snapshot of any state."""
    return next(folder.glob(f"*{_SUFFIX}"), None) is not None


def remove_older(folder: Path, identity: Identity) -> None:
    """Removes the files that this one takes the place of: of earlier releases and generations, and broken-off ones.

    Whoever has one mapped keeps it until another is mapped. Raises OSError.
    """
    kept = path_of(folder, identity)
    for path in folder.glob(f"*{_SUFFIX}"):
        release, _, generation, *_ = [*path.name.split("-"), "", "", ""][:4]
        is_later = release.isdigit() and int(release) > identity.release
        is_later |= generation.isdigit() and int(generation) > identity.generation
        if path != kept and not is_later:
            path.unlink(missing_ok=True)


def _parts(snapshot: Snapshot) -> Iterator[bytes | memoryview]:
    """Magic, the lengths of head and its checksum, a head in JSON, then every column, aligned."""
    places: dict[str, Any] = {}
    end = 0
    for name, array in snapshot.arrays.items():
        places[name] = {"kind": array.dtype.str, "start": end, "length": len(array)}
        end += -(-array.nbytes // _ALIGNED) * _ALIGNED
    check = 0
    for part in _columns(snapshot):
        check = zlib.crc32(part, check)
    head: dict[str, Any] = {
        "identity": asdict(snapshot.identity),
        "codes": snapshot.codes,
        "measures": [asdict(one) for one in snapshot.measures],
        "columns": places,
        "bytes": end,
        "checksum": check,
    }
    packed = json.dumps(head).encode()
    packed += b" " * (-(len(_MAGIC) + 2 * _LENGTH + len(packed)) % _ALIGNED)
    yield _MAGIC
    yield len(packed).to_bytes(_LENGTH, "little")
    yield zlib.crc32(packed).to_bytes(_LENGTH, "little")
    yield packed
    yield from _columns(snapshot)


def _columns(snapshot: Snapshot) -> Iterator[bytes | memoryview]:
    for array in snapshot.arrays.values():
        yield array.view(np.uint8).data if len(array) else b""
        yield b"\0" * (-array.nbytes % _ALIGNED)


def _parsed(mapped: mmap.mmap) -> Snapshot | None:
    start = len(_MAGIC) + 2 * _LENGTH
    if mapped[: len(_MAGIC)] != _MAGIC:
        return None
    length, check = (int.from_bytes(mapped[at : at + _LENGTH], "little") for at in (start - 16, start - 8))
    packed = mapped[start : start + length]
    if len(packed) != length or zlib.crc32(packed) != check:
        return None
    head = json.loads(packed)
    begin = start + length
    if len(mapped) != begin + head["bytes"] or zlib.crc32(memoryview(mapped)[begin:]) != head["checksum"]:
        return None
    arrays: dict[str, Array] = {
        name: np.frombuffer(mapped, place["kind"], place["length"], begin + place["start"])
        for name, place in head["columns"].items()
    }
    codes = {name: tuple(some) for name, some in head["codes"].items()}
    return Snapshot(Identity(**head["identity"]), codes, [Measured(**one) for one in head["measures"]], arrays)
