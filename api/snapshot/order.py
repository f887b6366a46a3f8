"""The first of some versions in any order: the same rows as database.reads gives, and no walk through an order."""

from bisect import bisect_left
from datetime import date

import numpy as np

from api.domain.query import Sort
from api.snapshot import ids
from api.snapshot.columns import SINGLE, Array, Snapshot

_ID_BITS = 32
_SAMPLED = 4096


def first(
    snapshot: Snapshot, versions: Array, sort: Sort, *, after: tuple[str | int, str] | None, limit: int
) -> list[int]:
    """Keys in the database of the first `limit` of some versions, behind the key and the id of `after`."""
    places = (_numbers(snapshot, versions, sort.key).astype(np.int64) << _ID_BITS) + snapshot["rank"][versions]
    start = None if after is None else _place(snapshot, sort.key, *after)
    if sort.is_descending:
        places, start = -places, None if start is None else -start
    if start is not None:
        is_behind = places > start
        versions, places = versions[is_behind], places[is_behind]
    if len(places) > limit:
        some = _least(places, limit)
        versions, places = versions[some], places[some]
    keys: list[int] = snapshot["row_id"][versions[np.argsort(places)]].tolist()
    return keys


def _least(places: Array, limit: int) -> Array:
    """Where the `limit` least of more numbers are, in any order."""
    step = len(places) // _SAMPLED
    if step > 1:
        # A sample tells below what they lie, at four times the number to be sure; where it misleads, all are looked at.
        sample = np.sort(places[::step])
        some = np.flatnonzero(places <= sample[min(4 * (limit // step + 1), len(sample) - 1)])
        if len(some) > limit:
            found: Array = some[np.argpartition(places[some], limit)[:limit]]
            return found
    return np.argpartition(places, limit)[:limit]


def _numbers(snapshot: Snapshot, versions: Array, key: str) -> Array:
    """Of each version a number that sorts as the column does."""
    if key == "id":
        return np.zeros(len(versions), np.int64)
    if key == "uncertainty_m":
        return snapshot["uncertainty_m"][snapshot["reach"][snapshot["spot"][versions]]]
    return snapshot["from_release" if key == "updated" else key][versions]


def _place(snapshot: Snapshot, key: str, value: str | int, incident_id: str) -> int:
    """The place in an order of a value and an id."""
    if key == "id":
        number = 0
    elif key in SINGLE:
        number = bisect_left(snapshot.codes[key], str(value))
    elif key.startswith("date_"):
        number = date.fromisoformat(str(value)).toordinal()
    else:
        number = int(value)
    versions = ids.places(snapshot["id"], snapshot["by_id"], [incident_id])[0]
    return (number << _ID_BITS) + int(snapshot["rank"][versions[0]])
