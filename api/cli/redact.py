"""`foundling redact`."""

import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from api.cli import files
from api.cli.options import REMAINS, seeds_option, settings
from api.cli.snapshots import prepare
from api.curation import leftovers
from api.curation import redact as redaction
from api.database.redact import unlisted
from api.domain.errors import DatabaseUnavailable, UnusableDatabase
from api.domain.redaction import REASONS
from api.exports import sets
from api.settings import Settings

_PREFIXES = ("incidents", "sources", "places", "changes", "releases", "figures", "tiles")


@click.command()
@click.argument("incident_id", metavar="ID")
@click.option("--reason", required=True, type=click.Choice(REASONS), help="Why: it is published with the record.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@seeds_option
def redact(incident_id: str, reason: str, yes: bool, seeds: Path) -> None:
    """Take a record's text out of every release, for ever.

    Its kind, country and year stay, with the reason and the day. The entry in redactions.json comes first: it keeps
    the record redacted in every database that is published from these seeds. Running servers notice by themselves.
    The same command again finishes what was interrupted.

    \b
    Examples:
      foundling redact PE-2018-0001 --reason privacy
      foundling redact PE-2018-0001 --reason legal --yes

    Stored files of all releases are removed and written anew.

    Exits 3 while somebody's reading keeps deleted text in the database's files, 4 when files could not be written anew.
    """
    chosen = settings()
    today = datetime.now(UTC).date().isoformat()
    plan = redaction.plan(seeds, chosen.effective_database_url, incident_id, reason=reason, today=today)
    entry, numbers = plan.entry, plan.held.releases
    if plan.is_written:
        click.echo(
            f"{entry.id} is redacted already ({entry.reason}, {entry.redacted}): making sure that nothing is left."
        )
    elif not yes:
        releases = f"{len(numbers)} release" + ("" if len(numbers) == 1 else "s")
        click.confirm(f"Take the text of {entry.id} out of {releases}? It cannot be brought back", abort=True)
    try:
        remains = redaction.carry_out(plan, seeds, chosen.effective_database_url, told=partial(click.echo, err=True))
    except (DatabaseUnavailable, UnusableDatabase):
        click.echo(f"{redaction.FILE} names {entry.id}, the database is not redacted yet. Run this again.", err=True)
        raise
    if plan.held.documents:
        click.echo(f"Redacted {entry.id} in release {leftovers.ranges(numbers)}.")
        prepare(chosen)
    else:
        click.echo("This database never held it.")
    is_stored = not plan.held.documents or files.store(chosen, f"{entry.id} is redacted", is_wanted=_has_files(chosen))
    _tell_lines(seeds, chosen.effective_database_url, plan)
    _tell_addresses(chosen.effective_public_url, entry.id, numbers)
    if remains:
        click.echo(f"{remains} Wait for it, or stop it, then run this again.", err=True)
        sys.exit(REMAINS)
    if not is_stored:
        sys.exit(files.UNWRITTEN)


def _has_files(chosen: Settings) -> bool:
    return bool(sets.releases_in(chosen.data / sets.FOLDER))


def _tell_lines(seeds: Path, database_url: str, plan: redaction.Plan) -> None:
    texts = leftovers.texts_of(seeds, plan.entry.id, plan.held.documents, unlisted=partial(unlisted, database_url))
    found = list(leftovers.lines_holding(seeds, texts))
    if found:
        click.echo("\nThe seeds still hold it or name it. Take out what is not meant to stay, then `foundling check`:")
        for name, lines in found:
            click.echo(f"  {seeds / name}:{leftovers.ranges(lines)}")
    click.echo("\nGit keeps every version of the seeds that was committed: rewrite its history, and ask for clones.")


def _tell_addresses(public_url: str, incident_id: str, numbers: tuple[int, ...]) -> None:
    root = f"{public_url}/v1"
    record = f"{root}/incidents/{incident_id}"
    click.echo("\nRunning servers notice within a second. Purge from caches and CDNs, with every query after them:")
    for address in (record, f"{record}.geojson", f"{record}/history"):
        click.echo(f"  {address}")
        for number in numbers:
            click.echo(f"  {address}?release={number}")
    click.echo("and everything that begins with")
    for prefix in _PREFIXES:
        click.echo(f"  {root}/{prefix}")
