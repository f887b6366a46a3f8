"""From a filter to the versions of a release that match it: the same rows as database.conditions gives."""

import math
from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from api.domain.area import HALF_ROUND_M, Bbox, Circle, enclosing_boxes, is_world
from api.domain.dates import Interval
from api.domain.query import IncidentFilter, Match
from api.snapshot import areas, ids
from api.snapshot.columns import MULTIPLE, SINGLE, WORD, Array, Mask, Snapshot

_FEW = 8
"""An eighth of all are few: they are looked at one by one, more all together."""


def versions_of(snapshot: Snapshot, row_ids: Sequence[int]) -> Array:
    """Versions by their keys in the database, ascending; those that it has not are left out."""
    known = np.array(row_ids, np.int64)
    versions = np.unique(snapshot["version_of"][known[known < len(snapshot["version_of"])]])
    found: Array = versions[versions < snapshot.versions]
    return found


def matching(snapshot: Snapshot, asked: IncidentFilter, release: int, *, saying: Array | None = None) -> Array:
    """Versions, ascending, that a release held and that `asked` describes.

    `saying` holds the versions that have the words of `q` (keeper.Keeper.saying), which only the database can tell: it
    is needed when `q` is given. Raises ValueError without it, and for a release that is later than the snapshot's.
    """
    if release > snapshot.identity.release:
        raise ValueError(f"a snapshot of release {snapshot.identity.release} knows nothing of release {release}")
    if asked.q and saying is None:
        raise ValueError("the words of `q` are looked up in the database first")
    spots = _on_spots(snapshot, asked)
    few = _few(snapshot, asked, spots, saying if asked.q else None)
    rows = _Rows(snapshot, few)
    mask: Mask = (rows["from_release"] <= release) & (rows["to_release"] > release)
    for name in (*SINGLE, *MULTIPLE):
        if codes := getattr(asked, name):
            mask &= _has_one(rows, name, codes) if name in SINGLE else _has_any(rows, name, codes)
    if asked.datetime:
        mask &= _in_days(rows, asked.datetime) if asked.match == "certain" else _on_days(rows, asked.datetime)
    if spots is not None:
        mask &= spots.take(rows["spot"])  # twice as fast as an index
    return np.flatnonzero(mask) if few is None else few[mask]


class _Rows:
    """Columns of all versions, or of the few that a filter leaves."""

    def __init__(self, snapshot: Snapshot, few: Array | None) -> None:
        self._snapshot, self._few = snapshot, few
        self.codes = snapshot.codes
        self.size = snapshot.versions if few is None else len(few)

    def __getitem__(self, name: str) -> Array:
        column = self._snapshot[name]
        return column if self._few is None else column[self._few]


def _few(snapshot: Snapshot, asked: IncidentFilter, spots: Mask | None, saying: Array | None) -> Array | None:
    """The versions, ascending, among which are all that match; None where no filter leaves few."""
    found = [] if saying is None else [saying]
    if asked.ids:
        of_ids = ids.places(snapshot["id"], snapshot["by_id"], asked.ids)
        found.append(np.unique(np.concatenate(of_ids)) if of_ids else np.zeros(0, np.int64))
    on_spots = None if spots is None else _on_few_spots(snapshot, spots)
    if on_spots is not None:
        found.append(on_spots)
    if not found:
        return None
    return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), found)


def _on_few_spots(snapshot: Snapshot, spots: Mask) -> Array | None:
    """The versions on spots, unless that is a large part of all: they stand in the order of their spots."""
    column = snapshot["spot"]
    some = np.flatnonzero(spots).astype(column.dtype)
    if len(some) * _FEW > len(spots):
        return None
    start, stop = (np.searchsorted(column, some, side) for side in ("left", "right"))
    size = stop - start
    if size.sum() * _FEW > snapshot.versions:
        return None
    versions: Array = np.repeat(stop - np.cumsum(size), size) + np.arange(size.sum())
    return versions


def _has_one(rows: _Rows, name: str, codes: Sequence[str]) -> Mask:
    is_wanted = np.array([code != "" and code in codes for code in rows.codes[name]], bool)
    return is_wanted[rows[name]]


def _has_any(rows: _Rows, name: str, codes: Sequence[str]) -> Mask:
    mask = np.zeros(rows.size, bool)
    for number, code in enumerate(rows.codes[name]):
        if code in codes:
            mask |= _has_code(rows, name, number)
    return mask


def _has_code(rows: _Rows, name: str, number: int) -> Mask:
    word, bit = divmod(number, WORD)
    column = rows[f"{name}_{word}"]
    mask: Mask = (column & column.dtype.type(1 << bit)) != 0
    return mask


def _on_days(rows: _Rows, interval: Interval) -> Mask:
    # Any of an incident's possible days may lie in the interval.
    return _all(
        rows,
        [rows["date_start"] <= interval.end.toordinal()] if interval.end else [],
        [rows["date_end"] >= interval.start.toordinal()] if interval.start else [],
    )


def _in_days(rows: _Rows, interval: Interval) -> Mask:
    # All of an incident's possible days must, and its sources must not doubt them.
    return rows["is_date_certain"] & _all(
        rows,
        [rows["date_start"] >= interval.start.toordinal()] if interval.start else [],
        [rows["date_end"] <= interval.end.toordinal()] if interval.end else [],
    )


def _all(rows: _Rows, *conditions: Sequence[Array]) -> Mask:
    mask = np.ones(rows.size, bool)
    for condition in (one for some in conditions for one in some):
        mask &= condition
    return mask


def _on_spots(snapshot: Snapshot, asked: IncidentFilter) -> Mask | None:
    """Spots that the filters of areas and uncertainty leave; None when none is given."""
    masks = []
    # An area that is the whole globe holds everything, whatever its disks reach.
    if asked.bbox and not is_world(asked.bbox):
        masks.append(_in_box(snapshot, asked.bbox, asked.match))
    if asked.near and asked.near.radius_m < HALF_ROUND_M:
        masks.append(_in_circle(snapshot, asked.near, asked.match))
    if asked.max_uncertainty_m is not None:
        masks.append((snapshot["uncertainty_m"] <= math.floor(asked.max_uncertainty_m))[snapshot["reach"]])
    return np.logical_and.reduce(masks) if masks else None


def _in_box(snapshot: Snapshot, box: Bbox, match: Match) -> Mask:
    if match == "possible":
        return _among(snapshot, areas.disks_near(snapshot, [box]), lambda some: areas.disk_touches_box(some, box))
    return areas.disk_in_box(snapshot, box) if match == "certain" else areas.point_in_box(snapshot, box)


def _in_circle(snapshot: Snapshot, circle: Circle, match: Match) -> Mask:
    boxes = enclosing_boxes(circle)
    if match == "possible":
        near = areas.disks_near(snapshot, boxes)
        return _among(snapshot, near, lambda some: areas.disk_touches_circle(some, circle))
    test = areas.disk_in_circle if match == "certain" else areas.point_in_circle
    return _among(snapshot, areas.points_near(snapshot, boxes), lambda some: test(some, circle))


def _among(snapshot: Snapshot, near: Array, test: Callable[[areas.Spots], Mask]) -> Mask:
    """Comparisons leave few spots, as an index of the database would, for the sums that are exact."""
    mask = np.zeros(snapshot.spots, bool)
    mask[near] = test(areas.Some(snapshot, near))
    return mask
