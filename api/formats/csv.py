"""CSV (RFC 4180): comma, quotes where needed, CRLF, a header always; safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from api.domain.columns import COLUMN_NAMES
from api.formats.record import Record

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BOM = "\ufeff"
CHUNK = 500
"""Rows that are sent at a time."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(records: Iterable[Record], *, has_bom: bool = False) -> Iterator[bytes]:
    """The header, then a row a record; numbers as JSON writes them, nothing for null.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers never do.
    """
    return table(COLUMN_NAMES, (record.values() for record in records), has_bom=has_bom)


def table(header: Sequence[str], rows: Iterable[Mapping[str, Any]], *, has_bom: bool) -> Iterator[bytes]:
    """The header, then each row's values of that name."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if has_bom:
        buffer.write(BOM)
    writer.writerow(header)
    waiting = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in header])
        waiting += 1
        if waiting == CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
            waiting = 0
    yield buffer.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value
