"""Which snapshot a process counts with: mapped where its file is there, and made by one process a host where not."""

import fcntl
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from api.database.engine import Database
from api.database.reads import columns as reads
from api.domain.errors import FoundlingError, SnapshotNotReady
from api.domain.release import Release
from api.snapshot import files
from api.snapshot.build import Moved, build, current
from api.snapshot.columns import Array, Snapshot
from api.snapshot.select import versions_of

log = logging.getLogger(__name__)

_LOCK = ".lock"
_KEPT_QUESTIONS = 64
_SHORT_S = 0.25
"""How long to wait for a new snapshot where an earlier one could answer."""


def ensure(database: Database, folder: Path) -> Snapshot:
    """The snapshot of the current release: from its file, or made and written now, while others wait for it.

    Where the folder cannot be written to, it is kept in memory, and a warning says so.
    Raises NothingPublished, DatabaseUnavailable, Moved.
    """
    found = files.read(folder, current(database))
    if found is not None:
        return found
    try:
        with _only_one(folder):
            found = files.read(folder, current(database))
            return found if found is not None else _written(build(database), folder)
    except OSError as error:
        log.warning("Snapshots cannot be kept in %s (%s): each process makes its own, in memory.", folder, error)
        return build(database)


def _written(made: Snapshot, folder: Path) -> Snapshot:
    files.write(made, folder)
    files.remove_older(folder, made.identity)
    # Mapped again, so that its pages are those of all processes.
    return files.read(folder, made.identity) or made


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Held by one process of this host at a time; the others wait. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Keeper:
    """One per process. Whoever needs a snapshot starts its making, in the background, and waits for a while."""

    def __init__(self, database: Database, folder: Path, *, patience_s: float = 2.0) -> None:
        self._database = database
        self._folder = folder
        self._patience_s = patience_s
        self._held: Snapshot | None = None
        self._making: threading.Thread | None = None
        self._lock = threading.Lock()
        self._saying: OrderedDict[tuple[object, ...], Array] = OrderedDict()

    def snapshot(self, release: Release, generation: int) -> Snapshot:
        """The one that knows a release as it is after `generation` redactions.

        While it is being made, an earlier one: its `identity.release` says what it can answer for.
        Raises SnapshotNotReady when there is none.
        """
        held = self._held
        if held is not None and _knows(held, release, generation):
            return held
        before = held if held is not None and held.identity.generation == generation else None
        self._start().join(self._patience_s if before is None else _SHORT_S)
        held = self._held
        if held is not None and held.identity.generation == generation:
            return held
        raise SnapshotNotReady

    def ready(self, release: Release, generation: int) -> Snapshot | None:
        """The one that knows a release, without waiting; None while there is none.

        Where publishing left files, one of them is on its way; for the sake of this alone none is made.
        """
        held = self._held
        if held is not None and _knows(held, release, generation):
            return held
        if files.has_any(self._folder):
            self._start()
        return None

    def forget(self) -> None:
        """Lets go of what is held: something in it was redacted. Where there is any, the next takes its place at once.

        So no file outlives what it holds, even when nobody asks for statistics.
        """
        is_used = self._held is not None or files.has_any(self._folder)
        self._held = None
        with self._lock:
            self._saying.clear()
        if is_used:
            self._start()

    def saying(self, snapshot: Snapshot, words: Sequence[str]) -> Array:
        """Versions whose text has the words of `q`, ascending; the database is asked once.

        Raises DatabaseUnavailable.
        """
        key = (snapshot.identity, *words)
        kept = self._saying.get(key)
        if kept is None:
            with self._database.reading() as connection:
                row_ids = reads.saying(connection, words, self._database.dialect)
            kept = _kept(versions_of(snapshot, row_ids), snapshot.versions)
            with self._lock:
                self._saying[key] = kept
                while len(self._saying) > _KEPT_QUESTIONS:
                    self._saying.popitem(last=False)
        is_packed = kept.dtype == np.uint8
        return np.flatnonzero(np.unpackbits(kept, count=snapshot.versions)) if is_packed else kept

    def _start(self) -> threading.Thread:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._make, name="snapshot", daemon=True)
                self._making.start()
            return self._making

    def _make(self) -> None:
        try:
            self._held = ensure(self._database, self._folder)
        except (FoundlingError, Moved):
            log.exception("No snapshot could be made; the next question tries again.")


def _kept(versions: Array, every: int) -> Array:
    """Some of the versions as they take the least memory: their numbers, or a bit for each."""
    if len(versions) * 32 < every:
        return versions.astype(np.uint32)
    mask = np.zeros(every, bool)
    mask[versions] = True
    return np.packbits(mask)


def _knows(held: Snapshot, release: Release, generation: int) -> bool:
    known = held.identity
    is_newer = known.release > release.number
    return known.generation == generation and (
        is_newer or (known.release, known.digest) == (release.number, release.digest)
    )
