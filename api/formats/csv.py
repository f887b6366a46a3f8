"""CSV (RFC 4180): comma, quotes where needed, CRLF, a header always; safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from api.domain.columns import COLUMNS
from api.formats.record import Record

BOM = "\ufeff"
CHUNK = 500
"""Rows that are sent at a time."""

_TEXT = frozenset(column.name for column in COLUMNS if column.type in ("text", "list", "code"))
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(records: Iterable[Record], *, has_bom: bool = False) -> Iterator[bytes]:
    """The header, then a row a record; numbers as JSON writes them, nothing for null.

    A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers never do.
    """
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer, lineterminator="\r\n")
    if has_bom:
        buffer.write(BOM)
    rows.writerow([column.name for column in COLUMNS])
    waiting = 0
    for record in records:
        values = record.values()
        rows.writerow([_cell(column.name, values[column.name]) for column in COLUMNS])
        waiting += 1
        if waiting == CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
            waiting = 0
    yield buffer.getvalue().encode()


def _cell(name: str, value: Any) -> Any:
    if value is None:
        return ""
    if name in _TEXT and value.startswith(_FORMULA):
        return f"'{value}"
    return value
