"""Groups of versions: which combination of codes each belongs to, and several where it has several codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.domain.stats import MULTIPLE
from api.snapshot.columns import WORD, Array, Snapshot

_DENSE = 2**22
"""As many combinations are counted in a table; more are sorted."""


@dataclass(frozen=True, slots=True)
class Groups:
    """`codes` holds a row for each group and a column for each dimension: places in `texts`.

    `version` and `group` pair the versions that are counted with their groups, in ascending order of the versions; one
    that has several codes is there several times.
    """

    codes: Array
    version: Array
    group: Array

    def of(self, versions: Array) -> tuple[Array, Array]:
        """Of some versions, in any order and repeated, the groups; and to which of them each group belongs."""
        first = np.searchsorted(self.version, versions, "left")
        count = np.searchsorted(self.version, versions, "right") - first
        which = np.repeat(np.arange(len(versions)), count)
        place = np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(which))
        return self.group[place], which


def grouped(snapshot: Snapshot, version: Array, by: Sequence[str]) -> Groups:
    """The groups that dimensions make of versions, which ascend; without any dimension, one group of all."""
    group = np.zeros(len(version), np.int64)
    codes = np.zeros((1, 0), np.int64)
    is_every = len(version) == snapshot.versions
    for name in by:
        if name in MULTIPLE:
            place, number = _several(snapshot, version, name)
            version, group, is_every = version[place], group[place], False
        else:
            number = snapshot[name] if is_every else snapshot[name][version]
        # None comes last, so that groups stand in the order in which they are read.
        size = len(texts(snapshot, name))
        codes, group = _combined(codes, group, np.roll(np.arange(size), 1)[number], size)
    return Groups(codes, version, group)


def texts(snapshot: Snapshot, name: str) -> list[str | None]:
    """The codes of a dimension in their order, and None, for none, in the end."""
    codes = snapshot.codes[name]
    return [*(codes if name in MULTIPLE else codes[1:]), None]


def _several(snapshot: Snapshot, version: Array, name: str) -> tuple[Array, Array]:
    """For each code of each version its place among them and the code's number from 1 on; 0 for one without any."""
    words = [word[version] for word in snapshot.words(name)]
    has_none = np.logical_and.reduce([word == 0 for word in words])
    places = [np.flatnonzero(has_none)]
    for bit in range(len(snapshot.codes[name])):
        word = words[bit // WORD]
        places.append(np.flatnonzero(word & word.dtype.type(1 << bit % WORD)))
    place = np.concatenate(places)
    number = np.repeat(np.arange(len(places)), [len(some) for some in places])
    order = np.argsort(place, kind="stable")
    return place[order], number[order]


def _combined(codes: Array, group: Array, number: Array, size: int) -> tuple[Array, Array]:
    """Groups by one dimension more, whose numbers are below `size`; only combinations that occur get a number."""
    combination = group * size + number
    if len(codes) * size <= _DENSE:
        occurs = np.bincount(combination, minlength=len(codes) * size) > 0
        found = np.flatnonzero(occurs)
        group = (np.cumsum(occurs) - 1)[combination]
    else:
        found, group = np.unique(combination, return_inverse=True)
    return np.column_stack([codes[found // size], found % size]), group
