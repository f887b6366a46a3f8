"""`foundling check`."""

import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from api.cli.options import seeds_option, settings
from api.curation.check import Checked
from api.curation.check import check as check_seeds
from api.curation.judge import Judged
from api.curation.publish import read_history
from api.curation.rulebook import RULEBOOK


@click.command()
@seeds_option
@click.option("--rules", is_flag=True, help="Print every rule with its code, and check nothing.")
def check(seeds: Path, rules: bool) -> None:
    """Check the seeds and list every problem in one run.

    Each line tells the file and line, the record, the rule and what to write instead; text that may do harm is
    never repeated. Ids that were published before are looked up in the database, if there is one.

    \b
    Examples:
      foundling check
      foundling check --seeds ~/incidents/seeds
      foundling check --rules

    Exits 1 when there is an error; warnings alone exit 0.
    """
    if rules:
        click.echo("| rule | what it refuses |\n| --- | --- |")
        for code, meaning in RULEBOOK.items():
            click.echo(f"| `{code}` | {meaning} |")
        return
    history = read_history(settings().effective_database_url)
    checked = check_seeds(seeds, today=datetime.now(UTC).date(), history=history, progress=bar_of_pieces)
    show(checked)
    if any(finding.rule == "schema" for finding in checked.findings):
        click.echo(
            "Records with [schema] errors could not be checked any further: mend these, then check again.", err=True
        )
    told = ", ".join((counted(checked.errors, "error"), counted(checked.warnings, "warning")))
    click.echo(f"{counted(checked.incidents, 'incident')} checked: {told}.", err=bool(checked.errors))
    sys.exit(1 if checked.errors else 0)


def counted(number: int, noun: str) -> str:
    """A number with its noun."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else many}"


def show(checked: Checked) -> None:
    """Prints the first findings, errors in red where the terminal has colours, and says how many more there are."""
    for finding in checked.findings:
        click.secho(str(finding), fg="yellow" if finding.is_warning else "red", err=True)
    if more := checked.errors + checked.warnings - len(checked.findings):
        click.echo(f"… and {more:,} more: mend these first.", err=True)


def bar_of_pieces(judged: Iterable[Judged], size: int) -> Iterator[Judged]:
    """A progress bar by bytes, which tells incidents a second; drawn only where somebody looks at it."""
    begun, incidents = time.monotonic(), 0
    bar: Any
    with click.progressbar(
        length=size,
        label="Checking",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        item_show_func=lambda _: f"{incidents / max(time.monotonic() - begun, 0.001):,.0f} a second",
    ) as bar:
        for one in judged:
            incidents += len(one.mentions.ids)
            bar.update(one.piece.size, one)
            yield one
