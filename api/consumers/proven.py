"""What was proven of each tool: written by `make consumers`, read by the page and by docs/consumers.md."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Literal

How = Literal["ran", "rules"]
"""The tool itself opened the data; or what it demands was tested without it."""

FILE = Path(__file__).parent / "proven.json"


@dataclass(frozen=True, slots=True)
class Proof:
    """`with_` names what ran, and its version; for rules, what was tested in the tool's stead."""

    how: How
    with_: str
    on: str

    @property
    def day(self) -> str:
        """The date in words."""
        when = date.fromisoformat(self.on)
        return f"{when.day} {when:%B %Y}"

    def __str__(self) -> str:
        if self.how == "ran":
            return f"Run with {self.with_} on {self.day}."
        return f"Not run in the tool itself. Tested in its stead on {self.day}: {self.with_}."


def parse(text: str) -> dict[str, Proof]:
    """The proofs of a file, by the key of the tool."""
    return {key: Proof(**entry) for key, entry in json.loads(text).items()}


def write(proofs: Mapping[str, Proof]) -> str:
    """The file of these proofs."""
    return json.dumps({key: asdict(proofs[key]) for key in sorted(proofs)}, indent=1, ensure_ascii=False) + "\n"


PROVEN: Mapping[str, Proof] = parse(FILE.read_text(encoding="utf-8"))
