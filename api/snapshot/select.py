"""From a filter to the versions of a release that match it: a mask, the same rows as database.conditions gives."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from api.domain.area import HALF_ROUND_M, Bbox, Circle, enclosing_boxes, is_world
from api.domain.dates import Interval
from api.domain.query import IncidentFilter, Match
from api.snapshot import areas, ids
from api.snapshot.columns import MULTIPLE, SINGLE, Array, Mask, Snapshot


def held_by(snapshot: Snapshot, release: int) -> Mask:
    """Versions that were open in a release."""
    return (snapshot["from_release"] <= release) & (snapshot["to_release"] > release)


def versions_of(snapshot: Snapshot, row_ids: Sequence[int]) -> Mask:
    """Versions by their keys in the database; those that it has not are left out."""
    mask = np.zeros(snapshot.versions + 1, bool)
    known = np.array(row_ids, np.int64)
    mask[snapshot["version_of"][known[known < len(snapshot["version_of"])]]] = True
    return mask[:-1]


def matching(snapshot: Snapshot, asked: IncidentFilter, release: int, *, saying: Mask | None = None) -> Mask:
    """Versions that a release held and that `asked` describes.

    `saying` marks the versions that have the words of `q` (keeper.Keeper.saying), which only the database can tell: it
    is needed when `q` is given. Raises ValueError without it, and for a release that is later than the snapshot's.
    """
    if release > snapshot.identity.release:
        raise ValueError(f"a snapshot of release {snapshot.identity.release} knows nothing of release {release}")
    mask = held_by(snapshot, release)
    for name in (*SINGLE, *MULTIPLE):
        if codes := getattr(asked, name):
            mask &= _has_one(snapshot, name, codes) if name in SINGLE else _has_any(snapshot, name, codes)
    if asked.ids:
        mask &= _identified(snapshot, asked.ids)
    if asked.datetime:
        mask &= _in_days(snapshot, asked.datetime) if asked.match == "certain" else _on_days(snapshot, asked.datetime)
    spots = _on_spots(snapshot, asked)
    if spots is not None:
        mask &= snapshot.of_spots(spots)
    if asked.q:
        if saying is None:
            raise ValueError("the words of `q` are looked up in the database first")
        mask &= saying
    return mask


def _identified(snapshot: Snapshot, identifiers: Sequence[str]) -> Mask:
    mask = np.zeros(snapshot.versions, bool)
    for versions in ids.places(snapshot["id"], snapshot["by_id"], identifiers):
        mask[versions] = True
    return mask


def _has_one(snapshot: Snapshot, name: str, codes: Sequence[str]) -> Mask:
    is_wanted = np.array([code != "" and code in codes for code in snapshot.codes[name]], bool)
    return is_wanted[snapshot[name]]


def _has_any(snapshot: Snapshot, name: str, codes: Sequence[str]) -> Mask:
    mask = np.zeros(snapshot.versions, bool)
    for number, code in enumerate(snapshot.codes[name]):
        if code in codes:
            mask |= has_code(snapshot, name, number)
    return mask


def has_code(snapshot: Snapshot, name: str, number: int) -> Mask:
    """Versions that have the code of that number of a MULTIPLE list."""
    word, bit = divmod(number, 64)
    column = snapshot.words(name)[word]
    mask: Mask = (column & column.dtype.type(1 << bit)) != 0
    return mask


def _on_days(snapshot: Snapshot, interval: Interval) -> Mask:
    # Any of an incident's possible days may lie in the interval.
    return _all(
        snapshot,
        [snapshot["date_start"] <= interval.end.toordinal()] if interval.end else [],
        [snapshot["date_end"] >= interval.start.toordinal()] if interval.start else [],
    )


def _in_days(snapshot: Snapshot, interval: Interval) -> Mask:
    # All of an incident's possible days must, and its sources must not doubt them.
    return snapshot["is_date_certain"] & _all(
        snapshot,
        [snapshot["date_start"] >= interval.start.toordinal()] if interval.start else [],
        [snapshot["date_end"] <= interval.end.toordinal()] if interval.end else [],
    )


def _all(snapshot: Snapshot, *conditions: Sequence[Array]) -> Mask:
    mask = np.ones(snapshot.versions, bool)
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
