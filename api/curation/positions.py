"""Line numbers in a JSON text: where each value starts, and which keys stand twice.

Read only when a finding needs a line: loading itself is left to the standard library.
"""

import re
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out

from api.curation.findings import Path

_TOKEN = re.compile(r'[\[\]{},:"]|[^\s\[\]{},:"]+')


@dataclass(slots=True)
class Positions:
    """Lines by path, and the paths of keys that an object holds more than once."""

    lines: dict[Path, int] = field(default_factory=dict)
    repeated_keys: list[tuple[Path, int]] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of the value, or of the nearest value around it that exists."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(slots=True)
class _Container:
    path: Path
    is_object: bool
    index: int = 0
    key: str | None = None
    keys: set[str] = field(default_factory=set)


def positions(text: str) -> Positions:
    """The positions in a text that is known to be valid JSON."""
    found = Positions()
    stack: list[_Container] = []
    at, line, counted = 0, 1, 0
    while match := _TOKEN.search(text, at):
        mark, start = match.group(), match.start()
        at = match.end()
        line += text.count("\n", counted, start)
        counted = start
        value = ""
        if mark == '"':
            value, at = scanstring(text, at, False)
        top = stack[-1] if stack else None
        if mark in "]}":
            stack.pop()
        elif mark == ",":
            if top is not None:
                top.index += 1
                top.key = None
        elif mark == '"' and top is not None and top.is_object and top.key is None:
            top.key = value
            path = (*top.path, value)
            if value in top.keys:
                found.repeated_keys.append((path, line))
            top.keys.add(value)
        elif mark != ":":
            path = () if top is None else (*top.path, (top.key or "") if top.is_object else top.index)
            found.lines[path] = line
            if mark in "[{":
                stack.append(_Container(path, mark == "{"))
    return found
