"""The columns of a snapshot: versions in Z-order of their points, the points themselves, figures.

A version is a row, named by its position. Many versions share a point and a radius, a *spot*: what follows from the
two is held once. Both lie in the Z-order of Web Mercator, so that what is near lies near; versions of one spot stand by
their precision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Mask = NDArray[np.bool_]

SINGLE = ("country", "admin1", "category", "outcome", "precision", "verification")
"""Lists of which a version has one code or none: a number, 0 for none."""
MULTIPLE = ("method", "purpose")
"""Lists of which a version may have several codes: a bit each."""

WORD = 64
"""Bits that stand in one column; a longer list takes more columns."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Where the figures of one measure and currency (empty for what is no money) lie."""

    measure: str
    currency: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Identity:
    """Which state of which database a snapshot is of: `history` names everything that was published and redacted."""

    release: int
    digest: str
    generation: int
    history: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every version that releases up to `identity.release` opened.

    `codes` holds the codes of each list by their number; number 0 of SINGLE lists is "", for none. `arrays`, by name:

    - of versions: `row_id` (the key in the database), `id` (ids.packed), `from_release`, `to_release`, `spot` (their
      place among spots), `date_start`, `date_end` (proleptic ordinals), `is_date_certain`, each SINGLE list, and
      `method_0`, `purpose_0` … (64 codes each); `year` and `month` (YYYY-MM) are lists as well, 0 where the date does
      not tell them
    - `version_of`: the version of each row_id, or as many as there are versions where there is none; `by_id`: versions
      in the order of `id`; `rank`: the place of each version's id in that order
    - of spots: `lon`, `lat`, `x`, `y`, `z` (domain.area.unit_vector), `disk_west`, `disk_east`
      (domain.area.disk_bounds), `reach` (their place among reaches), `mercator_x`, `mercator_y` (32 bits, from the
      north-west), `z_order` (the bits of the two in turns), by which they ascend
    - of reaches: `uncertainty_m`, `reach_sin`, `reach_cos` (domain.area.half_angle), `reach_degrees`, `reach_angle`
    - of figures, measure by measure: `figure_version`, `figure_low`, `figure_best`, `figure_high` (places in
      `number`), `figure_marks` (domain.figures); `number` holds each number once, first the missing one
    - of links between possible duplicates, each end a version: `duplicate`, `duplicate_of`
    """

    identity: Identity
    codes: Mapping[str, tuple[str, ...]]
    measures: Sequence[Measured]
    arrays: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    @property
    def versions(self) -> int:
        """How many there are."""
        return len(self.arrays["row_id"])

    @property
    def spots(self) -> int:
        """How many there are."""
        return len(self.arrays["lon"])

    def words(self, name: str) -> list[Array]:
        """The columns that hold the bits of a MULTIPLE list, lowest codes first."""
        return [self.arrays[f"{name}_{word}"] for word in range(-(-max(len(self.codes[name]), 1) // WORD))]

    def of_spots(self, mask: Mask) -> Mask:
        """Which versions lie on the spots of a mask."""
        return mask[self.arrays["spot"]]
