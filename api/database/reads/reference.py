"""What is published beside incidents: sources, codelists, places, context."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, select

from api.database.tables import registry


def page(
    connection: Connection, kind: str, release: int, *, after: str | int | None, limit: int
) -> list[tuple[str | int, bytes]]:
    """Keys and documents of one kind, ordered by key."""
    query = select(registry.c.key, registry.c.document).where(_held(kind, release)).order_by(registry.c.key)
    if after is not None:
        query = query.where(registry.c.key > str(after))
    return [(row.key, row.document) for row in connection.execute(query.limit(limit))]


def count(connection: Connection, kind: str, release: int) -> int:
    """How many entries of one kind a release holds."""
    return connection.scalar(select(func.count()).select_from(registry).where(_held(kind, release))) or 0


def one(connection: Connection, kind: str, key: str, release: int) -> dict[str, Any]:
    """One entry, empty when the release holds none of that key."""
    document = connection.scalar(select(registry.c.document).where(_held(kind, release), registry.c.key == key))
    entry: dict[str, Any] = orjson.loads(document) if document else {}
    return entry


def several(connection: Connection, kind: str, keys: Collection[str], release: int) -> dict[str, dict[str, Any]]:
    """The entries of a kind that a release holds under these keys, by key."""
    query = select(registry.c.key, registry.c.document).where(_held(kind, release), registry.c.key.in_(keys))
    return {row.key: orjson.loads(row.document) for row in connection.execute(query)}


def of_areas(connection: Connection, kind: str, areas: AbstractSet[str], release: int) -> list[dict[str, Any]]:
    """Entries of a kind that speak of one of the areas, ordered by key."""
    query = select(registry.c.document).where(_held(kind, release)).order_by(registry.c.key)
    entries = (orjson.loads(document) for document in connection.scalars(query))
    return [entry for entry in entries if entry["area"] in areas]


def codes(connection: Connection, release: int) -> dict[str, set[str]]:
    """The codes of every codelist, by list."""
    found: dict[str, set[str]] = {}
    for document in connection.scalars(select(registry.c.document).where(_held("codelist", release))):
        entry = orjson.loads(document)
        found.setdefault(entry["list"], set()).add(entry["code"])
    return found


def of_list(connection: Connection, name: str, release: int) -> dict[str, dict[str, Any]]:
    """The entries of a codelist, by code."""
    documents = connection.scalars(select(registry.c.document).where(_held("codelist", release)))
    entries = (orjson.loads(document) for document in documents)
    return {entry["code"]: entry for entry in entries if entry["list"] == name}


def area_names(connection: Connection, release: int) -> dict[str, str]:
    """The name of each first-level area that a place lies in, by code; of several spellings the first by place."""
    query = select(registry.c.document).where(_held("place", release)).order_by(registry.c.key)
    names: dict[str, str] = {}
    for document in connection.scalars(query):
        place = orjson.loads(document)
        if place["admin1"] and place["admin1_name"]:
            names.setdefault(place["admin1"], place["admin1_name"])
    return names


def _held(kind: str, release: int) -> ColumnElement[bool]:
    return and_(registry.c.kind == kind, registry.c.from_release <= release, registry.c.to_release > release)
