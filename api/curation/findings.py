"""A finding: one thing in the seeds that a curator must put right, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where in a JSON file: keys and list indexes from the top."""

MOST_KEPT = 10_000
"""Errors and warnings that are kept of each; beyond them they are only counted."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`rule` is a stable code; `message` says what to write instead, and never repeats text that may do harm.

    `line` counts from 1; 0 means the file as a whole. A warning does not stop a publish.
    """

    file: str
    line: int
    record: str
    rule: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        record = f" {self.record}" if self.record else ""
        kind = "warning" if self.is_warning else "error"
        return f"{place}:{record} {kind} [{self.rule}] {self.message}"


class Findings:
    """What was found: all of it counted, the first of it kept in the order of files and lines."""

    def __init__(self) -> None:
        self._errors: list[Finding] = []
        self._warnings: list[Finding] = []
        self.errors = 0
        self.warnings = 0

    def add(self, found: Iterable[Finding]) -> None:
        """Takes more in, in any order."""
        for finding in found:
            if finding.is_warning:
                self.warnings += 1
                _keep(self._warnings, finding)
            else:
                self.errors += 1
                _keep(self._errors, finding)

    @property
    def first(self) -> list[Finding]:
        """The first errors and warnings, at most MOST_KEPT of each."""
        return sorted([*sorted(self._errors)[:MOST_KEPT], *sorted(self._warnings)[:MOST_KEPT]])


def _keep(kept: list[Finding], finding: Finding) -> None:
    kept.append(finding)
    if len(kept) >= 2 * MOST_KEPT:
        kept.sort()
        del kept[MOST_KEPT:]
