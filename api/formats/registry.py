"""The files that there are: routes, parameters, links, media types and the OpenAPI document follow this table."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from api.domain.tables import CHANGES, FIGURES, INCIDENTS, PLACES, SOURCES, TABLES, Table
from api.formats import csv, geojson, json, xlsx
from api.formats.contents import Contents

Write = Callable[[Iterable[Any], Contents], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """`write` takes batches of rows and what they are; every format but GeoJSON takes those of any table.

    `options` names the parameters that only some formats know. `most_rows` is what a file holds at most.
    """

    extension: str
    name: str
    media_type: str
    write: Write
    tables: tuple[Table, ...]
    options: tuple[str, ...] = ()
    is_compressed: bool = False
    most_rows: int | None = None


FORMATS: tuple[Format, ...] = (
    Format("geojson", "GeoJSON", geojson.MEDIA_TYPE, geojson.write, (INCIDENTS,), options=("geometry",)),
    Format("csv", "CSV", csv.MEDIA_TYPE, csv.write, (INCIDENTS, FIGURES, SOURCES, PLACES, CHANGES), options=("bom",)),
    Format("json", "an array of JSON objects", "application/json", json.write, (INCIDENTS, FIGURES)),
    Format("ndjson", "JSON, a line each", "application/x-ndjson", json.write_lines, (INCIDENTS,)),
    Format(
        "xlsx", "an Excel workbook", xlsx.MEDIA_TYPE, xlsx.write, (INCIDENTS,),
        is_compressed=True, most_rows=xlsx.MOST_ROWS,
    ),
)  # fmt: skip

EXTENSIONS = tuple(one.extension for one in FORMATS)


@dataclass(frozen=True, slots=True)
class File:
    """A table in a format, and the path that serves it."""

    table: Table
    format: Format

    @property
    def path(self) -> str:
        """Where it is, under /v1."""
        return f"/{self.table.name}.{self.format.extension}"

    @property
    def summary(self) -> str:
        """What it is, in a sentence."""
        return f"{self.table.title} as {self.format.name}."


FILES: tuple[File, ...] = tuple(File(table, form) for table in TABLES for form in FORMATS if table in form.tables)
