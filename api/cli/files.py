"""Stored files as commands write them: progress, what is told of them, and what is missing."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

from api.database.engine import Database, dialect_of
from api.domain.errors import FoundlingError
from api.exports import registry, sets
from api.exports.registry import StoredFormat
from api.settings import Settings

if TYPE_CHECKING:
    from api.exports.write import Exporter, Written

T = TypeVar("T")

UNWRITTEN = 4
"""The exit code when all was done but for stored files, which could not be written."""

_UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB"))


def store(chosen: Settings, done: str, *, is_wanted: bool = True) -> bool:
    """Stores the files of the current release, and again those of kept releases that a redaction reached.

    What is there and true stays. What is not goes first, whether files are wanted or not.
    When they cannot be written, says that this is `done`, and gives False: the command should end with UNWRITTEN.
    """
    try:
        _store(chosen, is_wanted=is_wanted and chosen.keep_files > 0)
    except (FoundlingError, OSError) as error:
        click.echo(f"{done}, but stored files are not written: {error}", err=True)
        click.echo("Run the same command again, or `foundling export`, once that is mended.", err=True)
        return False
    return True


def exporter_of(chosen: Settings, database: Database) -> "Exporter":
    """What writes files of a database's releases."""
    # numpy comes with it, which takes a tenth of a second and more that every `--help` would wait for.
    from api.exports.write import Exporter  # noqa: PLC0415
    from api.snapshot.files import FOLDER as SNAPSHOTS  # noqa: PLC0415

    return Exporter(database, chosen.data / SNAPSHOTS, chosen.effective_public_url, watching)


def watching(name: str, parts: Iterable[T], *, total: int, size_of: Callable[[T], int]) -> Iterator[T]:
    """Shows on standard error how far a file is, where somebody looks at it."""
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=total, label=f"Writing {name}", file=sys.stderr, hidden=is_hidden) as bar:
        for part in parts:
            yield part
            bar.update(size_of(part))


def tell(written: "Written") -> None:
    """Says what was written."""
    fresh = [one for one in written.files if one.path.name in written.fresh]
    if fresh:
        size = _size(sum(one.bytes for one in fresh))
        click.echo(f"Stored files of release {written.release.number}, {size}: {_names(written.fresh)}.")


def tell_missing(missing: Collection[StoredFormat]) -> None:
    """Says in a line which formats are not written for want of libraries."""
    if missing:
        names = ", ".join(one.extension for one in missing)
        click.echo(f"Not stored, because their libraries are not installed: {names} (`make files` installs them).")


def _store(chosen: Settings, *, is_wanted: bool) -> None:
    folder = chosen.data / sets.FOLDER
    if not is_wanted and not folder.exists():
        return
    dialect = dialect_of(chosen.effective_database_url)
    # As the publisher: a reader of SQLite could not tidy up behind itself, and the file is to be whole by itself.
    writer = dialect.open_writer()
    try:
        exporter = exporter_of(chosen, Database(writer, dialect))
        numbers = exporter.to_keep(folder, newest=chosen.keep_files)
        for number in numbers if is_wanted else ():
            tell(exporter.keep(folder, registry.available(), number=number, newest=chosen.keep_files))
    finally:
        writer.dispose()
    if is_wanted:
        tell_missing(registry.missing())


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _size(count: int) -> str:
    for unit, name in _UNITS:
        if count >= unit:
            return f"{count / unit:,.1f} {name}"
    return f"{count} bytes"
