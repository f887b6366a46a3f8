"""The rows of each table that is given as a file, batch by batch: between two of them no connection is held."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import itemgetter
from typing import Any

import orjson

from api.database.reads import changes as changed
from api.database.reads import incidents, reference
from api.domain.changes import ChangesQuery
from api.domain.query import FileQuery, IncidentFilter
from api.domain.release import Release
from api.domain.tables import CHANGES, FIGURES, INCIDENTS, PLACES, SOURCES, Table
from api.formats import changes, entries, figures
from api.formats.rows import Incidents, Made, Rows, made
from api.serving import responses
from api.serving.language import answered_in
from api.serving.state import state

_AT_ONCE = 1000

Entry = dict[str, Any]


def rows(table: Table, query: FileQuery, release: Release) -> Iterator[Rows]:
    """Every row that is asked for; nothing is read before the first is taken."""
    return _READERS[table.name](query, release)


def _incidents(query: FileQuery, release: Release) -> Iterator[Rows]:
    database = state().database
    is_cited = not query.columns or "citation" in query.columns
    citing = responses.citing(release) if is_cited else None
    found = incidents.stream(
        database.engine, query.where, query.sort, release.number, database.dialect, language=answered_in()
    )
    return (Incidents(records, citing) for records in found)


def _figures(query: FileQuery, release: Release) -> Iterator[Rows]:
    language = answered_in()
    return made(row for documents in _documents(query, release) for row in figures.rows(documents, language))


def _changes(query: FileQuery, release: Release) -> Iterator[Rows]:
    database, language = state().database, answered_in()
    asked = ChangesQuery(query.where, query.since or 0, _AT_ONCE, None, query.release, query.lang)
    return made(
        changes.rows(changed.stream(database.engine, asked, release.number, database.dialect, language=language))
    )


def _sources(query: FileQuery, release: Release) -> Iterator[Rows]:
    language = answered_in()
    found = _entries("source", query, release, lambda record: record["sources"], itemgetter("id"))
    return (Made([entries.source(entry, language) for entry in some]) for some in found)


def _places(query: FileQuery, release: Release) -> Iterator[Rows]:
    # Records do not say which area a place was asked for with; what it stands for tells two of a name apart.
    which = itemgetter("country", "text", "gazetteer_id")
    found = _entries("place", query, release, lambda record: [record["place"], *record["other_places"]], which)
    return (Made([entries.place(entry) for entry in some]) for some in found)


_READERS: dict[str, Callable[[FileQuery, Release], Iterator[Rows]]] = {
    INCIDENTS.name: _incidents,
    FIGURES.name: _figures,
    SOURCES.name: _sources,
    PLACES.name: _places,
    CHANGES.name: _changes,
}


def _documents(query: FileQuery, release: Release) -> Iterator[list[bytes]]:
    database = state().database
    return incidents.documents(database.engine, query.where, query.sort, release.number, database.dialect)


def _entries(
    kind: str,
    query: FileQuery,
    release: Release,
    named_in: Callable[[Entry], Iterable[Entry]],
    key_of: Callable[[Entry], Hashable],
) -> Iterator[list[Entry]]:
    """Without a filter, all that are published, by key; with one, those of its incidents, as these come."""
    if query.where == IncidentFilter():
        yield from _every_entry(kind, release)
        return
    told: set[Hashable] = set()
    for documents in _documents(query, release):
        found = {key_of(entry): entry for document in documents for entry in named_in(orjson.loads(document))}
        new = {key: entry for key, entry in found.items() if key not in told}
        told.update(new)
        if new:
            yield list(new.values())


def _every_entry(kind: str, release: Release) -> Iterator[list[Entry]]:
    after: str | int | None = None
    while True:
        with state().database.reading() as connection:
            found = reference.page(connection, kind, release.number, after=after, limit=_AT_ONCE)
        if found:
            yield [orjson.loads(document) for _, document in found]
        if len(found) < _AT_ONCE:
            return
        after = found[-1][0]
