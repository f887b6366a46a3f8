"""Places of versions: what a map draws, one for each spot and precision, in Z-order."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from api.snapshot import ids
from api.snapshot.columns import Array, Mask, Snapshot

DESCRIBED = ("country", "category", "outcome", "verification")
"""Codes that a map tells of a single incident."""


@dataclass(frozen=True, slots=True)
class Places:
    """`versions` holds those of one place after those of another; `first` and `incidents` tell which are whose.

    `spot` and `precision` are numbers, as in columns.Snapshot; `first`, `spot`, `precision` and `incidents` have an
    entry for each place.
    """

    versions: Array
    first: Array
    incidents: Array
    spot: Array
    precision: Array

    @property
    def nbytes(self) -> int:
        """What they take in memory."""
        return sum(getattr(self, name).nbytes for name in self.__slots__)

    def within(self, snapshot: Snapshot, start: int, stop: int) -> "Places":
        """Those whose `z_order` is at least `start` and at most `stop`."""
        of_spots = snapshot["z_order"]
        ends = np.searchsorted(of_spots, np.uint64(start)), np.searchsorted(of_spots, np.uint64(stop), "right")
        low, high = np.searchsorted(self.spot, np.array(ends, self.spot.dtype)).tolist()
        return self._of(slice(low, high))

    def of_precision(self, snapshot: Snapshot, code: str, *, others: bool = False) -> "Places":
        """Those that stand for this, or for anything else."""
        codes = snapshot.codes["precision"]
        number = codes.index(code) if code in codes else len(codes)
        return self._of((self.precision == number) != others)

    def _of(self, which: slice | Mask) -> "Places":
        chosen = (getattr(self, name)[which] for name in ("first", "incidents", "spot", "precision"))
        return Places(self.versions, *chosen)


def placed(snapshot: Snapshot, versions: Array) -> Places:
    """The places of versions, which ascend."""
    spot, precision = snapshot["spot"][versions], snapshot["precision"][versions]
    is_first = np.ones(len(versions), bool)
    is_first[1:] = (spot[1:] != spot[:-1]) | (precision[1:] != precision[:-1])
    first = np.flatnonzero(is_first)
    incidents = np.diff(first, append=len(versions))
    kind = snapshot["spot"].dtype
    return Places(versions.astype(kind), first.astype(kind), incidents.astype(kind), spot[first], precision[first])


def described(snapshot: Snapshot, versions: Array) -> dict[str, list[bytes]]:
    """What a map tells of single incidents, by column: an empty text for what is missing."""
    found = {"id": ids.texts(snapshot["id"][versions])}
    for name in DESCRIBED:
        codes = [code.encode() for code in snapshot.codes[name]]
        found[name] = [codes[number] for number in snapshot[name][versions].tolist()]
    days, which = np.unique(snapshot["date_start"][versions], return_inverse=True)
    dates = [date.fromordinal(day).isoformat().encode() for day in days.tolist()]
    return found | {"date_start": [dates[number] for number in which.tolist()]}


def identified(snapshot: Snapshot, versions: list[int]) -> list[bytes]:
    """The id of each."""
    return ids.texts(snapshot["id"][versions])
