"""Pages of reference lists: where one starts, and how it is answered."""

from typing import Any, TypeVar

from flask import Response

from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.query import Cursor
from api.domain.release import Release
from api.serving import responses
from api.serving.links import here
from api.serving.state import pinned

K = TypeVar("K", str, int)


def release_of(query: dict[str, Any]) -> Release:
    """The release that a list is asked of: a cursor pins its own."""
    cursor: Cursor | None = query.get("cursor")
    return pinned(cursor.release if cursor else query.get("release"))


def start_of(query: dict[str, Any], name: str, kind: type[K]) -> K | None:
    """The key, of type `kind`, after which a page of the list starts. Raises InvalidQuery for another list's cursor."""
    cursor: Cursor | None = query.get("cursor")
    if cursor is None:
        return None
    if cursor.question != name or not isinstance(cursor.key, kind):
        raise InvalidQuery([ParameterProblem("cursor", "this cursor belongs to another list; start without one")])
    if query.get("release") not in (None, cursor.release):
        raise InvalidQuery([ParameterProblem("cursor", "this cursor reads another release; leave `release` out")])
    return cursor.key


def answer(
    rows: list[tuple[str | int, bytes]], query: dict[str, Any], *, name: str, total: int, release: Release
) -> Response:
    """A page of at most `limit` rows; one row more than that in `rows` tells that another page follows."""
    limit: int = query["limit"]
    shown = rows[:limit]
    asked = {"limit": str(limit)}
    following = Cursor(release.number, name, shown[-1][0], "", name).encode() if len(rows) > limit else None
    links = {"self": here(asked | _place(query))}
    if following:
        links["next"] = here(asked | {"cursor": following})
    meta = responses.about(release) | {
        "returned": len(shown),
        "limit": limit,
        "total": total,
        "next_cursor": following,
    }
    return responses.envelope((row for _, row in shown), links, meta)


def _place(query: dict[str, Any]) -> dict[str, str]:
    if query.get("cursor"):
        return {"cursor": query["cursor"].encode()}
    return {"release": str(query["release"])} if "release" in query else {}
