"""`foundling export`."""

from pathlib import Path

import click

from api.cli.files import exporter_of, tell, tell_missing
from api.cli.options import settings
from api.database.engine import open_database
from api.domain.errors import CannotExport
from api.exports import registry, sets


@click.command()
@click.option("--release", "number", type=click.IntRange(min=1), help="Number of the release; the current one.")
@click.option("--to", type=click.Path(path_type=Path, file_okay=False), help="Put them into this folder instead.")
@click.option(
    "--format",
    "extensions",
    multiple=True,
    type=click.Choice(registry.EXTENSIONS),
    help="Write this format; may be repeated.  [default: all that are installed]",
)
def export(number: int | None, to: Path | None, extensions: tuple[str, ...]) -> None:
    """Write the files of a release, and store them where the server serves them from.

    `foundling publish` does so by itself. With --to they go into any folder, with a manifest and a data package, for a
    static host or another server.

    \b
    Examples:
      foundling export
      foundling export --format parquet --format csv.gz
      foundling export --release 3 --to /srv/mirror
    """
    chosen = settings()
    formats = [one for one in registry.available() if not extensions or one.extension in extensions]
    missing = [one for one in registry.missing() if not extensions or one.extension in extensions]
    if not formats:
        raise CannotExport("What writes these is not installed: `make files` does, or `pip install '.[files]'`.")
    if to is None and not chosen.keep_files:
        raise CannotExport("FOUNDLING_KEEP_FILES is 0: no files are stored. Write them elsewhere with --to.")
    database = open_database(chosen.effective_read_database_url, threads=1)
    try:
        exporter = exporter_of(chosen, database)
        if to is None:
            folder = chosen.data / sets.FOLDER
            written = exporter.keep(folder, formats, number=number, newest=chosen.keep_files, is_anew=True)
        else:
            written = exporter.write_to(to, formats, number=number)
    finally:
        database.engine.dispose()
    tell(written)
    tell_missing(missing)
