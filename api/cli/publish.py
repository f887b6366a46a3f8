"""`foundling publish`."""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from api.cli import files
from api.cli.check import bar_of_pieces, counted, show
from api.cli.options import REMAINS, seeds_option, settings
from api.cli.snapshots import prepare
from api.curation.check import Checked
from api.curation.publish import Published
from api.curation.publish import publish as publish_seeds
from api.curation.trial import Trial, try_publish
from api.database.rows import IncidentVersion

_SHOWN_IDS = 10
_LONGEST_TEXT = 160


@click.command()
@seeds_option
@click.option("--dry-run", is_flag=True, help="Show what would enter, change and leave, and write nothing.")
@click.option("--no-files", is_flag=True, help="Store no files of the release.")
def publish(seeds: Path, dry_run: bool, no_files: bool) -> None:
    """Publish the seeds as a new release, all or nothing.

    The seeds are checked first; an error stops the publish. Publishing the same seeds twice changes nothing, and
    incidents that are published already are not checked again.
    The network is never used: places must have been geocoded and reviewed. Then the release's files are stored.

    \b
    Examples:
      foundling publish --dry-run
      foundling publish
      FOUNDLING_DATABASE_URL=sqlite:////srv/foundling.sqlite foundling publish --seeds seeds

    Exits 1 when there is an error in the seeds; --dry-run does so too. Exits 4 when the release is published, but its
    files could not be stored.
    """
    chosen, now = settings(), datetime.now(UTC)
    url = chosen.effective_database_url
    if dry_run:
        trial = try_publish(seeds, url, today=now.date(), checking=bar_of_pieces)
        _show(trial.checked, is_refused=trial.is_refused)
        _tell_trial(trial)
        return
    result = publish_seeds(seeds, url, now=now, progress=_progress, checking=bar_of_pieces, told=_wait)
    _show(result.checked, is_refused=result.is_refused)
    _tell(result)
    prepare(chosen)
    if result.remains:
        click.echo(f"{result.remains} Wait for it, or stop it, then publish again.", err=True)
    is_stored = files.store(chosen, "The release is published", is_wanted=not no_files)
    if result.remains:
        sys.exit(REMAINS)
    if not is_stored:
        sys.exit(files.UNWRITTEN)


def _show(checked: Checked, *, is_refused: bool) -> None:
    show(checked)
    if is_refused:
        click.echo("Nothing was published: correct the errors above, then publish again.", err=True)
        sys.exit(1)


def _tell_trial(trial: Trial) -> None:
    if not (trial.entered or trial.changed or trial.left or trial.others):
        click.echo("Nothing would change: the seeds are published already.")
        return
    others = f"; {counted(trial.others, 'entry')} beside them" if trial.others else ""
    click.echo(f"Would enter {trial.entered:,}, change {trial.changed:,}, leave {trial.left:,}{others}.")
    for sign, ids, count in (("+", trial.first_entered, trial.entered), ("-", trial.first_left, trial.left)):
        for identifier in ids[:_SHOWN_IDS]:
            click.echo(f"{sign} {identifier}")
        if count > _SHOWN_IDS:
            click.echo(f"{sign} … and {count - _SHOWN_IDS:,} more")
    for identifier, differences in islice(trial.first_changed.items(), _SHOWN_IDS):
        click.echo(f"~ {identifier}" + ("" if differences else ": nothing that a column shows"))
        for one in differences:
            click.echo(f"    {one.column}: {_printed(one.before)} → {_printed(one.after)}")
    if trial.changed > _SHOWN_IDS:
        click.echo(f"~ … and {trial.changed - _SHOWN_IDS:,} more")


def _printed(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


def _tell(result: Published) -> None:
    if result.release is None or result.changes is None:
        click.echo("Nothing changed: the seeds are published already.")
        return
    release = result.release
    click.echo(f"Release {release.number} of {release.published}: {release.incidents} incidents.")
    click.echo(f"Digest {release.digest}")
    for name in ("entered", "changed", "left"):
        ids, count = getattr(result.changes, name), getattr(release, name)
        if count:
            more = f" and {count - _SHOWN_IDS:,} more" if count > _SHOWN_IDS else ""
            click.echo(f"  {name} {count:,}: {', '.join(ids[:_SHOWN_IDS])}{more}")


def _wait(told: str) -> None:
    click.echo(told, err=True)


def _progress(versions: Iterable[IncidentVersion], total: int) -> Iterator[IncidentVersion]:
    # On standard error, and drawn only where somebody looks at it.
    with click.progressbar(
        versions,
        length=total,
        label="Publishing",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        update_min_steps=500,
    ) as bar:
        yield from bar
