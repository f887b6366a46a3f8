"""`foundling check`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.options import seeds_option, settings
from api.curation.check import check as check_seeds
from api.curation.findings import Finding
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
    checked = check_seeds(seeds, today=datetime.now(UTC).date(), history=history)
    show(checked.findings)
    if any(finding.rule == "schema" for finding in checked.findings):
        click.echo(
            "Records with [schema] errors could not be checked any further: mend these, then check again.", err=True
        )
    errors, warnings = len(checked.errors), len(checked.findings) - len(checked.errors)
    incidents = len(checked.dataset.incidents)
    told = ", ".join((_counted(errors, "error"), _counted(warnings, "warning")))
    click.echo(f"{_counted(incidents, 'incident')} checked: {told}.", err=bool(errors))
    sys.exit(1 if errors else 0)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def show(findings: list[Finding]) -> None:
    """Prints findings, errors in red where the terminal has colours."""
    for finding in findings:
        click.secho(str(finding), fg="yellow" if finding.is_warning else "red", err=True)
