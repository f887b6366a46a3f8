"""What may be asked of changes: the filters of incidents, and the release that the reader has."""

from typing import Any

from marshmallow import ValidationError, post_load

from api.domain.changes import CURSOR_SORT, ChangesQuery
from api.domain.query import question_hash
from api.schemas.parameters.fields import CursorText, Whole
from api.schemas.parameters.queries import MAX_LIMIT, MAX_RELEASE, FilterQuery


class SinceQuery(FilterQuery):
    """Which incidents, and the release that the reader has."""

    since = Whole(
        least=0,
        most=MAX_RELEASE,
        needed="write the number of the release that you have, such as since=12; since=0 gives everything",
        description="Number of the release that you have: what became of it is told. 0 is before the first release, "
        "so that every incident has entered. `release` ends the comparison; without it, the current release does.",
        x_example=0,
    )


class ChangesSchema(SinceQuery):
    """A page of changes."""

    limit = Whole(
        most=MAX_LIMIT,
        clamps=True,
        load_default=100,
        description=f"Incidents a page; more than {MAX_LIMIT:,} gives {MAX_LIMIT:,}, and meta.limit says so.",
        x_example=100,
    )
    cursor = CursorText(metadata={"type": "string", "description": "Where the page before ended: meta.next_cursor."})

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> ChangesQuery:
        where, since, cursor = self._filter(data), data["since"], data.get("cursor")
        release = data.get("release")
        if cursor is not None:
            if (cursor.sort, cursor.key, cursor.question) != (CURSOR_SORT, since, question_hash(where)):
                raise ValidationError(
                    "this cursor belongs to another filter or `since`; repeat them as they were", "cursor"
                )
            if release not in (None, cursor.release):
                raise ValidationError("this cursor reads another release; leave `release` out", "cursor")
            release = cursor.release
        return ChangesQuery(where, since, data["limit"], cursor, release, data.get("lang"))
