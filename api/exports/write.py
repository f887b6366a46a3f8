"""Writing the files of a release: beside what is there, and put in its place when all of them are whole."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

from api.database.engine import Database
from api.database.reads import incidents, reference, releases
from api.domain.citation import about
from api.domain.errors import CannotExport, FoundlingError
from api.domain.query import IncidentFilter, Sort
from api.domain.release import Release
from api.exports import descriptions, maps, sets
from api.exports.registry import FORMATS, Drawing, Export, StoredFormat
from api.exports.sets import DATA_PACKAGE, MANIFEST, StoredFile
from api.formats.cited import Citing, citing_of
from api.formats.contents import Contents
from api.formats.rows import Incidents
from api.snapshot.keeper import ensure, only_one

T = TypeVar("T")


class Watch(Protocol):
    """Shows how far a file is."""

    def __call__(self, name: str, parts: Iterable[T], *, total: int, size_of: Callable[[T], int]) -> Iterable[T]:
        """Passes the parts on; their sizes add up to the total."""


_UNFINISHED = ".new-"
_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Written:
    """A release and its files; those that were there already are not among the `fresh`."""

    release: Release
    files: tuple[StoredFile, ...]
    fresh: frozenset[str]


class Exporter:
    """Writes files of a database's releases; citations in them begin with the public address."""

    def __init__(self, database: Database, snapshots: Path, public_url: str, watch: Watch) -> None:
        self._database = database
        self._snapshots = snapshots
        self._public_url = public_url
        self._watch = watch

    def to_keep(self, folder: Path, *, newest: int) -> list[int]:
        """Which releases are to have files: the current one and those that have a folder, the `newest` of them.

        What was written before the last redaction is taken away at once. Raises NothingPublished,
        DatabaseUnavailable, OSError.
        """
        current, generation = self._release(None)
        sets.empty_stale(folder, generation)
        there = {number for number in sets.releases_in(folder) if number < current.number}
        return sorted({current.number, *there}, reverse=True)[:newest]

    def keep(
        self,
        folder: Path,
        formats: Collection[StoredFormat],
        *,
        number: int | None = None,
        newest: int,
        is_anew: bool = False,
    ) -> Written:
        """Puts the set of a release into the folder, and takes away those of releases that are not the `newest`.

        Files of the same content that are there stay, unless `is_anew` asks for them; nobody ever sees half a set.
        Raises CannotExport, UnknownRelease, NothingPublished, DatabaseUnavailable, OSError.
        """
        with only_one(folder):
            _remove_unfinished(folder)
            release, generation = self._release(number)
            sets.empty_stale(folder, generation)
            newer = [other for other in sets.releases_in(folder) if other > release.number]
            if len(newer) >= newest:
                raise CannotExport(
                    f"Files are kept of {newest} releases (FOUNDLING_KEEP_FILES), and newer ones than release "
                    f"{release.number} have them. Write them elsewhere with --to."
                )
            identity = sets.identity_of(release, generation, self._public_url)
            there = sets.find(folder, identity)
            chosen = [one for one in formats if is_anew or there is None or one.file not in there.files]
            if there is not None and not chosen:
                return Written(release, tuple(there.files.values()), frozenset())
            with _unfinished(folder) as made:
                files = self._write(made, chosen, release, generation, there)
                target = sets.next_writing(folder, identity)
                made.replace(target)
            _flush(folder)
            sets.remove_others(folder, target, newest=newest)
            return Written(release, _moved(files, target), frozenset(one.file for one in chosen))

    def write_to(self, folder: Path, formats: Collection[StoredFormat], *, number: int | None = None) -> Written:
        """Puts files of a release into any folder, each at once, the manifest last; others that it knows go away.

        Raises CannotExport, UnknownRelease, NothingPublished, DatabaseUnavailable, OSError.
        """
        with only_one(folder):
            _remove_unfinished(folder)
            release, generation = self._release(number)
            with _unfinished(folder) as made:
                files = self._write(made, formats, release, generation, None)
                (folder / MANIFEST).unlink(missing_ok=True)
                for name in {one.file for one in FORMATS} - {one.path.name for one in files}:
                    (folder / name).unlink(missing_ok=True)
                for name in (*(one.path.name for one in files), MANIFEST):
                    (made / name).replace(folder / name)
            _flush(folder)
        return Written(release, _moved(files, folder), frozenset(one.file for one in formats))

    def _release(self, number: int | None) -> tuple[Release, int]:
        with self._database.reading() as connection:
            current, generation = releases.current(connection)
            return (current if number is None else releases.one(connection, number)), generation

    def _write(
        self,
        folder: Path,
        formats: Collection[StoredFormat],
        release: Release,
        generation: int,
        there: sets.FileSet | None,
    ) -> list[StoredFile]:
        with self._database.reading() as connection:
            dataset = reference.one(connection, "dataset", "dataset", release.number)
            bounds = incidents.bounds(connection, release.number)
        base = f"{self._public_url}/v1/releases/{release.number}"
        contents = Contents(
            title=dataset["title"]["en"],
            description=dataset["description"]["en"],
            codebook=f"{self._public_url}/v1/codebook?release={release.number}",
            published=release.published,
            bounds=bounds,
        )
        files: list[StoredFile] = []
        for form in FORMATS:
            path = folder / form.file
            if form in formats:
                address = f"{base}/{form.file}"
                told = replace(contents, about=about(dataset, release, address), address=address)
                self._write_one(form, path, told, release, citing_of(dataset, self._public_url))
            elif there is not None and form.file in there.files:
                os.link(there.files[form.file].path, path)
            else:
                continue
            files.append(_described(path, form.media_type))
        cited = about(dataset, release, f"{base}/{MANIFEST}")
        package = folder / DATA_PACKAGE
        package.write_bytes(descriptions.data_package(release, dataset, cited, files, base))
        files.append(_described(package, "application/json"))
        (folder / MANIFEST).write_bytes(descriptions.manifest(release, generation, cited, files, base))
        _flush(folder / MANIFEST)
        _flush(folder)
        if self._release(None)[1] != generation:
            raise CannotExport("Something was redacted while the files were written. Write them again.")
        return files

    def _write_one(self, form: StoredFormat, path: Path, contents: Contents, release: Release, citing: Citing) -> None:
        database = self._database

        def read(sort: Sort) -> Iterable[Incidents]:
            found = incidents.stream(database.engine, IncidentFilter(), sort, release.number, database.dialect)
            batches = (Incidents(records, citing) for records in found)
            return self._watch(form.file, batches, total=release.incidents, size_of=lambda batch: len(batch.records))

        def draw() -> Drawing:
            drawing = maps.draw(ensure(database, self._snapshots), release)
            return replace(
                drawing,
                drawn=lambda tiles: self._watch(form.file, drawing.drawn(tiles), total=len(tiles), size_of=lambda _: 1),
            )

        try:
            form.write(Export(contents, read, draw), path)
        except FoundlingError:
            raise
        except Exception as error:  # whatever the libraries raise
            raise CannotExport(f"{form.file} could not be written: {error}") from error


def _described(path: Path, media_type: str) -> StoredFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        return StoredFile(path, media_type, os.fstat(file.fileno()).st_size, digest)


def _moved(files: Iterable[StoredFile], folder: Path) -> tuple[StoredFile, ...]:
    return tuple(replace(one, path=folder / one.path.name) for one in files)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder to write in, which is gone in the end unless it was renamed."""
    made = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
    made.chmod(_MODE)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob(f"{_UNFINISHED}*"):  # of a process that was killed
        shutil.rmtree(path, ignore_errors=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
