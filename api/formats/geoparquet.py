"""GeoParquet 1.1: points as WKB, a box beside each, row groups of neighbours; licence and citation in its metadata."""

from collections.abc import Iterable
from pathlib import Path

import orjson
from arro3.io import write_parquet

from api.formats import arrow
from api.formats.contents import Contents
from api.formats.rows import Incidents

_ROWS_IN_A_GROUP = 50_000
"""Enough to pack well, few enough to be skipped, and to be held in memory while one is written."""


def write(batches: Iterable[Incidents], contents: Contents, path: Path) -> None:
    """Writes the file, a row group at a time. Neighbours should come together: readers skip groups by their boxes."""
    metadata = {"geo": orjson.dumps(_geo(contents)).decode(), **contents.terms()}
    write_parquet(
        arrow.reader(batches, has_bounds=True),
        path,
        compression="zstd(3)",
        key_value_metadata=metadata,
        max_row_group_size=_ROWS_IN_A_GROUP,
    )


def _geo(contents: Contents) -> dict[str, object]:
    # Without `crs` it is OGC:CRS84, longitude before latitude.
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "covering": {"bbox": {side: [arrow.BOUNDS, side] for side in arrow.SIDES}},
    }
    if contents.bounds:
        column["bbox"] = list(contents.bounds)
    return {"version": "1.1.0", "primary_column": arrow.GEOMETRY, "columns": {arrow.GEOMETRY: column}}
