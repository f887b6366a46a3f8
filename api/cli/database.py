"""`foundling db`."""

import sys
from collections.abc import Iterable, Iterator

import click

from api.cli.options import settings
from api.curation.versions import restore
from api.database.engine import dialect_of
from api.database.rebuild import rebuild
from api.database.roles import reading_role
from api.database.upgrade import upgrade as upgrade_database


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@click.option("--rebuild", "is_forced", is_flag=True, help="Make them anew even if they seem up to date.")
def upgrade(is_forced: bool) -> None:
    """Bring the database's schema, and what is stored beside the documents, up to date; makes no release.

    `foundling publish` does so by itself.

    \b
    Examples:
      foundling db upgrade
      foundling db upgrade --rebuild
    """
    dialect = dialect_of(settings().effective_database_url)
    writer = dialect.open_writer()
    try:
        is_upgraded = upgrade_database(writer)
        made = rebuild(writer, dialect, restore, progress=_rebuilding, is_forced=is_forced)
    finally:
        writer.dispose()
    if made is not None:
        click.echo(f"{made:,} stored versions were made anew from their documents.")
    click.echo("Upgraded." if is_upgraded or made is not None else "Up to date.")


def _rebuilding(numbers: Iterable[int], total: int) -> Iterator[int]:
    # On standard error, and drawn only where somebody looks at it.
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=total, label="Rebuilding", file=sys.stderr, hidden=is_hidden) as bar:
        for number in numbers:
            bar.update(number)
            yield number


@db.command()
@click.argument("name")
def role(name: str) -> None:
    """Print the SQL that makes a PostgreSQL role NAME which may read and nothing else; it has no password.

    \b
    Examples:
      foundling db role foundling_web
      foundling db role foundling_web | sudo -u postgres psql --set ON_ERROR_STOP=1 --dbname foundling
    """
    click.echo(reading_role(settings().effective_database_url, name), nl=False)
