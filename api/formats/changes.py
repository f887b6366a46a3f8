"""Changes as rows and as JSON: a row a difference, an object an incident."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

import orjson

from api.domain.changes import Change


def rows(changes: Iterable[Change]) -> Iterator[dict[str, Any]]:
    """A row a difference; a change without any still has a row, whose field is empty.

    Lists, which only the nested record holds, are compact JSON.
    """
    for change in changes:
        yield from _rows(change)


def as_json(change: Change, complete: Callable[[bytes], bytes] = bytes) -> bytes:
    """One object; the stored incident is spliced in, completed."""
    return orjson.dumps(
        {
            "id": change.id,
            "change": change.kind,
            "reason": change.reason,
            "withdrawal_reason": change.withdrawal_reason,
            "superseded_by": change.superseded_by,
            "release": change.release,
            "fields": [asdict(field) for field in change.fields],
            "incident": orjson.Fragment(complete(change.incident)) if change.incident is not None else None,
        }
    )


def _rows(change: Change) -> Iterator[dict[str, Any]]:
    told = {
        "incident_id": change.id,
        "change": change.kind,
        "release": change.release,
        "reason": change.reason,
        "withdrawal_reason": change.withdrawal_reason,
        "superseded_by": change.superseded_by,
    }
    if not change.fields:
        yield told | {"field": None, "before": None, "after": None}
    for one in change.fields:
        yield told | {"field": one.field, "before": _text(one.before), "after": _text(one.after)}


def _text(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
