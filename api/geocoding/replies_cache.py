"""What online services have answered, kept on disk so that no question is asked twice within a season."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from api.domain.errors import FoundlingError
from api.domain.place import Precision
from api.geocoding.replies import Reply

KEPT_FOR = timedelta(days=90)
"""Places come to be known; an answer older than this is asked for anew."""

# Part of every key: answers that were kept in another form are never read.
_FORM = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reply (
    form INTEGER, service TEXT, query TEXT, day TEXT NOT NULL, replies TEXT NOT NULL,
    PRIMARY KEY (form, service, query)
) WITHOUT ROWID
"""


class UnusableCache(FoundlingError):
    """The file of kept answers cannot be read or written; the message names it and says what to do."""


class RepliesCache:
    """Replies by service and query in one SQLite file. Only what a `Reply` holds is kept, never an address."""

    def __init__(self, path: Path, *, today: date) -> None:
        self._path = path
        self._today = today

    def get(self, service: str, query: str) -> list[Reply] | None:
        """The replies, [] when the service knew nothing; None when it has not been asked, or too long ago."""
        oldest = (self._today - KEPT_FOR).isoformat()
        found = self._run(
            "SELECT replies FROM reply WHERE form = ? AND service = ? AND query = ? AND day >= ?",
            [_FORM, service, query, oldest],
        )
        return [_parse(document) for document in json.loads(found[0][0])] if found else None

    def put(self, service: str, query: str, replies: Sequence[Reply]) -> None:
        """Keep the replies in the place of older ones."""
        documents = json.dumps([asdict(reply) for reply in replies], ensure_ascii=False)
        self._run(
            "INSERT OR REPLACE INTO reply VALUES (?, ?, ?, ?, ?)",
            [_FORM, service, query, self._today.isoformat(), documents],
        )

    def _run(self, statement: str, parameters: list[Any]) -> list[Any]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=10)) as database, database:
                database.execute(_SCHEMA)
                return database.execute(statement, parameters).fetchall()
        except (sqlite3.Error, OSError) as error:
            message = f"The kept answers in {self._path} cannot be used: {error}. Delete the file and try again."
            raise UnusableCache(message) from error


def _parse(document: dict[str, Any]) -> Reply:
    precision, box = document["precision"], document["box"]
    changed = {
        "precision": Precision(precision) if precision else None,
        "box": tuple(box) if box else None,
        "subdivisions": tuple(document["subdivisions"]),
        "around": tuple((Precision(area), name) for area, name in document["around"]),
    }
    return Reply(**document | changed)
