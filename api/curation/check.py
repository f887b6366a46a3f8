"""Checks the seeds: every finding of every rule in one run."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.curation import places, rules, wording
from api.curation.dataset import Dataset, load
from api.curation.findings import Finding
from api.curation.seeds import read

_RULES = (*rules.RULES, *places.RULES, *wording.RULES)


@dataclass(frozen=True, slots=True)
class Checked:
    """A record, and what is wrong with it, in the order of files and lines."""

    dataset: Dataset
    findings: list[Finding]

    @property
    def errors(self) -> list[Finding]:
        """Findings that stop a publish."""
        return [finding for finding in self.findings if not finding.is_warning]


def check(seeds: Path, *, today: date, published: AbstractSet[str] = frozenset()) -> Checked:
    """Reads, loads and checks a directory of seeds.

    `published` holds every id that a release ever held: one that is neither here nor withdrawn is an error.
    """
    files, findings = read(seeds)
    dataset, faults = load(files)
    findings += faults
    # Files and entries that could not be loaded are no vanished ones: they have findings of their own.
    is_whole = not findings
    for rule in _RULES:
        findings += rule(dataset, today)
    if is_whole:
        findings += _vanished(dataset, published)
    return Checked(dataset, sorted(findings))


def _vanished(dataset: Dataset, published: AbstractSet[str]) -> Iterator[Finding]:
    kept = {entry.value.id for entry in dataset.incidents} | {entry.value["id"] for entry in dataset.withdrawn}
    for identifier in sorted(published - kept):
        message = "Published before and gone now: bring it back, or name it in withdrawn.json with the reason."
        yield Finding("withdrawn.json", 0, identifier, "vanished-id", message)
