"""Making stored bytes anew: what is kept beside a document is a cache of it, in the layout of one software version."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, func, select, update

from api.database import rows
from api.database.dialects.protocol import Dialect
from api.database.failures import explained
from api.database.rows import IncidentVersion
from api.database.tables import incident, incident_body, layout
from api.domain.columns import LAYOUT

_BATCH = 500
_MEANT = ("digest", "seed_digest", "document")
"""Columns that are not made from a document."""

Restore = Callable[[Mapping[str, Any]], IncidentVersion]
Progress = Callable[[Iterable[int], int], Iterable[int]]


def _in_silence(numbers: Iterable[int], _total: int) -> Iterable[int]:
    return numbers


def rebuild(
    engine: Engine, dialect: Dialect, restore: Restore, *, progress: Progress = _in_silence, is_forced: bool = False
) -> int | None:
    """Makes all that follows from the documents anew, in one transaction; how many rows, None when it was not due.

    `restore` gives the version that a document stands for; `progress` wraps the number of rows made in each batch, its
    second argument is their sum. Documents, digests and releases stay as they are.
    Raises DatabaseUnavailable, UnusableDatabase.
    """
    with explained(engine), engine.begin() as connection:
        if not is_forced and connection.scalar(select(layout.c.name)) == LAYOUT:
            return None
        total = connection.scalar(select(func.count()).select_from(incident)) or 0
        done = sum(progress(_batches(connection, dialect, restore), total))
        connection.execute(update(layout).values(name=LAYOUT))
    dialect.settle(engine)
    return done


def _batches(connection: Connection, dialect: Dialect, restore: Restore) -> Iterable[int]:
    last = 0
    while True:
        query = select(incident_body.c.row_id, incident_body.c.document).where(incident_body.c.row_id > last)
        found = connection.execute(query.order_by(incident_body.c.row_id).limit(_BATCH)).all()
        if not found:
            return
        last = found[-1].row_id
        stored = []
        for row in found:
            document = orjson.loads(row.document)
            published, number = document.pop("updated"), document.pop("updated_release")
            stored.append(rows.Stored(row.row_id, number, published, restore(document)))
        rows.rewrite(connection, dialect, stored, kept=_MEANT)
        yield len(found)
