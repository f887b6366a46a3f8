"""The gazetteer's index: one SQLite file, built from the tables when they or the rules for names have changed."""

import csv
import hashlib
import json
import lzma
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.domain import folding
from api.domain.errors import FoundlingError
from api.geocoding import extent, naming, parsing, romanising, tables, words

Progress = Callable[[str], None]

_RULES = (folding, words, parsing, romanising, naming, tables, extent)

_SCHEMA = """
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE place (
    id INTEGER PRIMARY KEY, gazetteer_id TEXT, level INTEGER NOT NULL, name TEXT NOT NULL,
    country TEXT NOT NULL, admin1 TEXT NOT NULL, admin2 TEXT NOT NULL, lon INTEGER NOT NULL, lat INTEGER NOT NULL,
    population INTEGER NOT NULL, radius_m INTEGER NOT NULL, iso TEXT NOT NULL, feature TEXT NOT NULL,
    is_namesake INTEGER NOT NULL
);
CREATE TABLE name (key TEXT, id INTEGER, trust INTEGER NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TEMP TABLE unsorted (key TEXT, id INTEGER, trust INTEGER);
"""

# Ids of entries without a GeoNames id start here, far above GeoNames'.
_FIRST_OWN_ID = 10_000_000_000


class UnusableTables(FoundlingError):
    """The gazetteer's tables are missing or broken; the message names the folder, and the files or the fault."""


class UnwritableIndex(FoundlingError):
    """The index cannot be written where the settings say; the message names the place and the reason."""


def ensure(folder: Path, index: Path, *, progress: Progress = lambda _: None) -> Path:
    """The index, built first when it is missing or no longer fits the tables in `folder`.

    Building takes some 20 seconds and writes beside the index, then renames: two processes at once build twice and
    harm nothing. `progress` is told in a sentence. Raises UnusableTables,
    UnwritableIndex.
    """
    missing = [name for name in tables.FILES if not (folder / name).is_file()]
    if missing:
        raise UnusableTables(f"The gazetteer's tables are missing from {folder}: {', '.join(missing)}.")
    if index.is_file() and _looks_unchanged(folder, index):
        return index
    digest = fingerprint(folder)
    if not index.is_file() or _digest_of(index) != digest:
        build(folder, index, digest=digest, progress=progress)
    # A stamp only saves the next look: an index in a folder of somebody else's is used without.
    with suppress(OSError):
        _replace(_stamp_path(index), json.dumps(_stamp(folder, index)).encode())
    return index


def fingerprint(folder: Path) -> str:
    """The sha256 of the tables and of the rules that turn them into an index."""
    digest = hashlib.sha256()
    for path in [*(folder / name for name in tables.FILES), *_rule_files()]:
        with path.open("rb") as file:
            digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def build(folder: Path, index: Path, *, digest: str, progress: Progress = lambda _: None) -> None:
    """Write the index; the same tables give the same bytes."""
    progress("Building the gazetteer's index (once, some 20 seconds) …")
    try:
        _write(folder, index, digest)
    except (KeyError, ValueError, TypeError, EOFError, csv.Error, lzma.LZMAError, sqlite3.IntegrityError) as error:
        raise UnusableTables(f"The gazetteer's tables in {folder} are broken: {error!r}.") from error
    except (OSError, sqlite3.OperationalError) as error:
        message = f"The gazetteer's index {index} cannot be written: {error}. Set FOUNDLING_DATA to another directory."
        raise UnwritableIndex(message) from error
    progress(f"The gazetteer's index is ready: {index} ({index.stat().st_size / 1e6:.0f} MB).")


def _write(folder: Path, index: Path, digest: str) -> None:
    index.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{index.name}.", dir=index.parent)
    os.close(descriptor)
    try:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as database:
            _fill(database, folder, digest)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(index)
    finally:
        Path(temporary).unlink(missing_ok=True)


class _Areas:
    """What settlements need to know of the areas that were read before them."""

    def __init__(self) -> None:
        self.radius_m: dict[tuple[str, str], int] = {}
        self._keys: dict[tuple[str, str, str], frozenset[str]] = {}

    def add(self, entry: tables.Entry, keys: dict[str, int]) -> None:
        self._keys[entry.country, entry.admin1, entry.admin2] = frozenset(keys)
        if entry.level == tables.FIRST:
            self.radius_m[entry.country, entry.admin1] = entry.radius_m

    def names_shared_with(self, entry: tables.Entry) -> frozenset[str]:
        """All names of the area that an entry bears the name of as its seat; none for other entries."""
        if entry.feature not in words.SEATS:
            return frozenset()
        admin2 = entry.admin2 if entry.feature == "PPLA2" else ""
        keys = self._keys.get((entry.country, entry.admin1, admin2), frozenset())
        name = folding.fold(entry.name)
        return keys if keys & {name, parsing.bare_name(name)} else frozenset()


def _fill(database: sqlite3.Connection, folder: Path, digest: str) -> None:
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    own_ids = iter(range(_FIRST_OWN_ID, 2 * _FIRST_OWN_ID))
    areas = _Areas()
    for entry in _stream_entries(folder):
        keys = naming.keys(entry)
        shared: frozenset[str] = frozenset()
        if entry.level == tables.SETTLEMENT:
            shared = areas.names_shared_with(entry)
            keys = naming.names_of_a_seat(shared) | keys
            within_m = areas.radius_m.get((entry.country, entry.admin1))
            entry.radius_m = extent.settlement_radius_m(entry.population, within_m=within_m)
        else:
            areas.add(entry, keys)
        _insert(database, entry, keys, own_ids, is_namesake=bool(shared))
    known = {row[0] for row in database.execute("SELECT id FROM place WHERE level = 2")}
    for entry in tables.stream_wards(folder):
        scheme, _, number = entry.gazetteer_id.partition(":")
        if scheme == "geonames" and int(number) in known:
            _insert_names(database, int(number), naming.ward_keys(entry))
        else:
            _insert(database, entry, naming.ward_keys(entry) | naming.keys(replace(entry, other_names=())), own_ids)
    database.execute("INSERT OR IGNORE INTO name SELECT key, id, trust FROM unsorted ORDER BY key, id, trust")
    database.execute("CREATE INDEX area ON place (country, admin1, admin2) WHERE level < 3")
    database.execute("INSERT INTO meta VALUES ('digest', ?)", (digest,))
    database.execute("COMMIT")
    database.execute("ANALYZE")


def _stream_entries(folder: Path) -> Iterator[tables.Entry]:
    for stream in (
        tables.stream_countries,
        tables.stream_admin1,
        tables.stream_admin2,
        tables.stream_settlements,
        tables.stream_extra,
    ):
        yield from stream(folder)


def _insert(
    database: sqlite3.Connection,
    entry: tables.Entry,
    keys: dict[str, int],
    own_ids: Iterator[int],
    *,
    is_namesake: bool = False,
) -> None:
    scheme, _, number = entry.gazetteer_id.partition(":")
    row_id = int(number) if scheme == "geonames" else next(own_ids)
    feature = entry.feature
    if entry.level in {tables.FIRST, tables.SECOND}:
        feature = parsing.kind_of_type(entry.feature) or parsing.kind_of_name(entry.name)
    database.execute(
        "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row_id, None if scheme == "geonames" else entry.gazetteer_id, entry.level, entry.name, entry.country,
            entry.admin1, entry.admin2, round(entry.lon * tables.POINT_SCALE), round(entry.lat * tables.POINT_SCALE),
            entry.population, entry.radius_m, entry.iso, feature,
            is_namesake,
        ),
    )  # fmt: skip
    _insert_names(database, row_id, keys)


def _insert_names(database: sqlite3.Connection, row_id: int, keys: dict[str, int]) -> None:
    rows: Iterable[tuple[str, int, int]] = ((key, row_id, trust) for key, trust in keys.items())
    database.executemany("INSERT INTO unsorted VALUES (?, ?, ?)", rows)


def _digest_of(index: Path) -> str | None:
    try:
        with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            row = database.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return str(row[0]) if row else None


def _looks_unchanged(folder: Path, index: Path) -> bool:
    """Whether sizes and times are those of the last look: hashing 14 MB at every start would be felt."""
    try:
        return bool(json.loads(_stamp_path(index).read_bytes()) == _stamp(folder, index))
    except (OSError, ValueError):
        return False


def _stamp(folder: Path, index: Path) -> list[list[Any]]:
    paths = [*(folder / name for name in tables.FILES), *_rule_files(), index]
    return [[str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns] for path in paths]


def _stamp_path(index: Path) -> Path:
    return index.with_name(f"{index.name}.stamp")


def _rule_files() -> list[Path]:
    return [Path(str(module.__file__)) for module in _RULES]


def _replace(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
