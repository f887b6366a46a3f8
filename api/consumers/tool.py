"""A tool: what it is for, what to paste where, and the catch to know of."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["address", "formula", "code", "query"]
Group = Literal["Spreadsheets", "Dashboards and charts", "Maps without code", "Maps in web pages", "Programs"]

GROUPS: tuple[Group, ...] = (
    "Spreadsheets",
    "Dashboards and charts",
    "Maps without code",
    "Maps in web pages",
    "Programs",
)


@dataclass(frozen=True, slots=True)
class Paste:
    """Something to copy. `where` says where it goes, `text` has places for the words of a Question."""

    kind: Kind
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that opens the data. `key` is its name in addresses and in the record of what was proven.

    `is_online` when the tool's own servers or pages fetch the data, so that the API needs a public https address.
    """

    key: str
    name: str
    group: Group
    purpose: str
    pastes: tuple[Paste, ...]
    catch: str
    is_online: bool = False
