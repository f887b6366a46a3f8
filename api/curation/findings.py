"""A finding: one thing in the seeds that a curator must put right, and where."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where in a JSON file: keys and list indexes from the top."""


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
