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
_NEED_ALL = frozenset({"geocode-unused", "uncited-source"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A record, and what is wrong with it, in the order of files and lines."""

    dataset: Dataset
    findings: list[Finding]

    @property
    def errors(self) -> list[Finding]:
        """Findings that stop a publish."""
        return [finding for finding in self.findings if not finding.is_warning]


@dataclass(frozen=True, slots=True)
class History:
    """What was published before: every id that a release held, and every one that a release withdrew."""

    ids: AbstractSet[str] = frozenset()
    withdrawn: AbstractSet[str] = frozenset()


def check(seeds: Path, *, today: date, history: History | None = None) -> Checked:
    """Reads, loads and checks a directory of seeds, and holds it against what was published before."""
    files, findings = read(seeds)
    dataset, faults = load(files)
    findings += faults
    is_whole = not findings
    for rule in _RULES:
        findings += rule(dataset, today)
    if is_whole:
        findings += against(dataset, history or History())
    else:
        # What could not be read may well use what seems unused, and hold what seems gone.
        findings = [finding for finding in findings if finding.rule not in _NEED_ALL]
    return Checked(dataset, sorted(findings))


def against(dataset: Dataset, history: History) -> Iterator[Finding]:
    """Ids are for ever: none that was published vanishes without a word, none that was withdrawn comes back."""
    present = {entry.value.id for entry in dataset.incidents}
    withdrawn = {entry.value["id"] for entry in dataset.withdrawn}
    for identifier in sorted(history.ids - present - withdrawn):
        message = "Published before and gone now: bring it back, or name it in withdrawn.json with the reason."
        yield Finding("withdrawn.json", 0, identifier, "vanished-id", message)
    for identifier in sorted(present & history.withdrawn - withdrawn):
        message = "Withdrawn before: name it in withdrawn.json again, and give the new incident a new id."
        yield Finding("withdrawn.json", 0, identifier, "withdrawn-id", message)
