"""The file formats that there are: routes, links and the OpenAPI document follow this table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.formats import csv, geojson
from api.formats.record import Record

Write = Callable[[Iterable[Record], Mapping[str, Any], Mapping[str, str]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """`write` takes records, what to say about the collection, and the format's own parameters as given."""

    extension: str
    media_type: str
    summary: str
    write: Write


FORMATS: tuple[Format, ...] = (
    Format(
        "geojson",
        "application/geo+json",
        "All matching incidents as GeoJSON.",
        lambda records, about, _options: geojson.write(records, about),
    ),
    Format(
        "csv",
        csv.MEDIA_TYPE,
        "All matching incidents as CSV.",
        lambda records, _about, options: csv.write(records, has_bom=options.get("bom") == "true"),
    ),
)

EXTENSIONS = tuple(one.extension for one in FORMATS)
