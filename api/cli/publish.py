"""`foundling publish`."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.check import show
from api.cli.options import seeds_option, settings
from api.curation.publish import publish as publish_seeds
from api.database.append import IncidentVersion

_SHOWN_IDS = 10


@click.command()
@seeds_option
def publish(seeds: Path) -> None:
    """Publish the seeds as a new release, all or nothing.

    The seeds are checked first; an error stops the publish. Publishing the same seeds twice changes nothing.
    The network is never used: places must have been geocoded and reviewed.

    \b
    Examples:
      foundling publish
      FOUNDLING_DATABASE_URL=sqlite:////srv/foundling.sqlite foundling publish --seeds seeds
    """
    result = publish_seeds(seeds, settings().effective_database_url, now=datetime.now(UTC), progress=_progress)
    show(result.findings)
    if result.is_refused:
        click.echo("Nothing was published: correct the errors above, then publish again.", err=True)
        sys.exit(1)
    if result.release is None or result.changes is None:
        click.echo("Nothing changed: the seeds are published already.")
        return
    release = result.release
    click.echo(f"Release {release.number} of {release.published}: {release.incidents} incidents.")
    click.echo(f"Digest {release.digest}")
    for name in ("entered", "changed", "left"):
        ids: tuple[str, ...] = getattr(result.changes, name)
        if ids:
            more = f" and {len(ids) - _SHOWN_IDS} more" if len(ids) > _SHOWN_IDS else ""
            click.echo(f"  {name} {len(ids)}: {', '.join(ids[:_SHOWN_IDS])}{more}")


def _progress(versions: Iterable[IncidentVersion], total: int) -> Iterator[IncidentVersion]:
    # On standard error, and drawn only where somebody looks at it.
    with click.progressbar(
        versions, length=total, label="Publishing", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield from bar
