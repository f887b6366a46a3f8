"""Checks the seeds: every finding of every rule in one run, with a memory that does not grow with the incidents."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from api.curation import places, rules, wording
from api.curation.across import Across, History
from api.curation.crew import Crew
from api.curation.dataset import Dataset, load
from api.curation.digests import Digests
from api.curation.findings import Finding, Findings
from api.curation.judge import Judge, Judged, Work
from api.curation.known import known_of
from api.curation.seeds import Piece, pieces, read, split

__all__ = ["Checked", "Examination", "History", "Progress", "check", "examine"]

_REGISTRY_RULES = (*rules.REGISTRY_RULES, *places.REGISTRY_RULES, *wording.REGISTRY_RULES)

Progress = Callable[[Iterable[Judged], int], Iterable[Judged]]
"""Wraps pieces as they are judged; the number is that of all bytes to read."""


def in_silence(judged: Iterable[Judged], _size: int) -> Iterable[Judged]:
    """A progress bar that nobody sees."""
    return judged


@dataclass(frozen=True, slots=True)
class Checked:
    """The registries, the number of incidents, and what is wrong with them, in the order of files and lines.

    `findings` are the first of them; `errors`, which stop a publish, and `warnings` count all.
    """

    dataset: Dataset
    incidents: int
    findings: list[Finding]
    errors: int
    warnings: int


def check(seeds: Path, *, today: date, history: History | None = None, progress: Progress = in_silence) -> Checked:
    """Reads, loads and checks a directory of seeds, and holds it against what was published before."""
    with examine(seeds, today=today, database_url=None) as examination:
        examination.judge(progress)
        examination.hold_against(history or History())
        return examination.checked


@contextmanager
def examine(seeds: Path, *, today: date, database_url: str | None) -> "Iterator[Examination]":
    """An examination of a directory of seeds; what is published in the database already is not checked again."""
    files, faults = read(seeds)
    dataset, more_faults = load(files)
    whole, file_faults = pieces(seeds)
    known = known_of(dataset, today)
    arguments = (known, Digests(dataset, known.allowed), database_url)
    with Crew(Judge, arguments, size=sum(piece.size for piece in whole)) as crew:
        yield Examination(dataset, whole, crew, today=today, faults=[*faults, *more_faults, *file_faults])


class Examination:
    """One directory of seeds on its way: judged, held against what was published, and built."""

    def __init__(self, dataset: Dataset, whole: list[Piece], crew: Crew, *, today: date, faults: list[Finding]) -> None:
        self.dataset = dataset
        self.across = Across(dataset)
        self.records = 0
        """How many incidents have to be built."""
        self._whole = whole
        self._crew = crew
        self._is_whole = not faults
        self._work: list[Work] = []
        self._findings = Findings()
        self._findings.add(faults)
        for rule in _REGISTRY_RULES:
            self._findings.add(rule(dataset, today))

    def judge(self, progress: Progress) -> None:
        """Every rule on every incident."""
        judged = self._crew.run(Judge.judge, chain.from_iterable(map(split, self._whole)))
        for one in progress(judged, sum(piece.size for piece in self._whole)):
            self._is_whole = self._is_whole and one.is_whole
            self._findings.add(one.findings)
            self._findings.add(self.across.add(one.piece, one.mentions))
            if one.work:
                self._work.append(one.work)
                self.records += len(one.work.records)
        self._findings.add(self.across.relations(self.dataset))
        if self._is_whole:  # what could not be read may well use what seems unused
            self._findings.add(self.across.unused(self.dataset))

    def hold_against(self, history: History) -> None:
        """Ids that are gone, unless there is something that could not be read and may hold them."""
        if self._is_whole:
            self._findings.add(self.across.against(history))

    @property
    def checked(self) -> Checked:
        """What was found so far."""
        found = self._findings
        return Checked(self.dataset, len(self.across.ids), found.first, found.errors, found.warnings)

    def build(self) -> Iterator[tuple[Any, ...]]:
        """The values of every version that is not published already; once, and then there are no workers any more.

        Raises SeedsChanged.
        """
        yield from chain.from_iterable(self._crew.run(Judge.build, self._work))
        self._crew.close()  # what follows is the database's work
