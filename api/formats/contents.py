"""What a file holds, and what is to be said of it; every writer takes one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.domain.columns import Column
from api.domain.query import Geometry
from api.domain.tables import INCIDENTS, Table


@dataclass(frozen=True, slots=True)
class Contents:
    """`chosen` names the columns that are asked for, in their order; empty means all.

    `about` is what belongs to every answer: release, licence, attribution, citation. `question` is the filter in
    words, `address` gives the same file for ever. `published` is when the release was, `description` what the data set
    is, `bounds` are west, south, east and north of all points: of stored files.
    """

    table: Table = INCIDENTS
    chosen: tuple[str, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    question: str = ""
    address: str = ""
    codebook: str = ""
    has_bom: bool = False
    geometry: Geometry = "point"
    description: str = ""
    published: str = ""
    bounds: tuple[float, float, float, float] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the file, in order."""
        return self.chosen or self.table.names

    @property
    def columns(self) -> list[Column]:
        """The same, with what is known of them."""
        known = {column.name: column for column in self.table.columns}
        return [known[name] for name in self.names]

    def terms(self) -> dict[str, str]:
        """Title, release, licence, attribution and citation as names and texts, for the metadata of binary formats."""
        about = {"title": self.title, "description": self.description, **self.about, "codebook": self.codebook}
        return {name: "; ".join(value) if isinstance(value, list) else str(value) for name, value in about.items()}
