"""Rows that are read together and written together: as JSON objects or as values, whichever a format takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from api.formats.cited import Citing
from api.formats.contents import Contents
from api.formats.record import Record

AT_ONCE = 500
"""Rows that are written together where they are made one by one."""


class Rows(Protocol):
    """Some rows of a table."""

    def objects(self) -> list[bytes]:
        """A JSON object each, with every column."""

    def values(self) -> Iterable[Mapping[str, Any]]:
        """The values of each, by column, one by one."""


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents as they are stored; `citing` puts in what is not, where that is asked for."""

    records: Sequence[Record]
    citing: Citing | None = None

    def objects(self) -> list[bytes]:
        """The stored bytes, completed: nothing is made anew."""
        if self.citing is None:
            return [record.json for record in self.records]
        complete = self.citing.complete
        return [complete(record.json) for record in self.records]

    def values(self) -> Iterable[Mapping[str, Any]]:
        """Each is read when it is taken, and let go then: that is half as long as keeping a thousand of them."""
        read: Callable[[bytes], dict[str, Any]] = orjson.loads if self.citing is None else self.citing.values
        return (read(record.json) for record in self.records)


@dataclass(frozen=True, slots=True)
class Made:
    """Rows that were made for this file."""

    rows: Sequence[Mapping[str, Any]]

    def objects(self) -> list[bytes]:
        """A JSON object each."""
        return [orjson.dumps(row) for row in self.rows]

    def values(self) -> Iterable[Mapping[str, Any]]:
        """As they are."""
        return self.rows


def made(rows: Iterable[Mapping[str, Any]], at_once: int = AT_ONCE) -> Iterator[Made]:
    """Rows that come one by one, some at a time."""
    waiting: list[Mapping[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == at_once:
            yield Made(waiting)
            waiting = []
    if waiting:
        yield Made(waiting)


def chosen_objects(rows: Rows, contents: Contents) -> list[bytes]:
    """A JSON object each, with the columns that are asked for."""
    if not contents.chosen:
        return rows.objects()
    names = contents.chosen
    return [orjson.dumps({name: row[name] for name in names}) for row in rows.values()]
