"""Stored files as commands write them: progress, what is told of them, and what is missing."""

import sys
from collections.abc import Collection, Iterable, Iterator

import click

from api.database.engine import Database, dialect_of
from api.domain.errors import FoundlingError
from api.exports import registry, sets
from api.exports.registry import StoredFormat
from api.exports.write import Exporter, Written
from api.formats.rows import Incidents
from api.settings import Settings

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


def watching(name: str, batches: Iterable[Incidents], total: int) -> Iterator[Incidents]:
    """Shows on standard error how far a file is, where somebody looks at it."""
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=total, label=f"Writing {name}", file=sys.stderr, hidden=is_hidden) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch.records))


def tell(written: Written) -> None:
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
        exporter = Exporter(Database(writer, dialect), chosen.effective_public_url, watching)
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
