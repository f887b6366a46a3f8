"""Statistics: incidents and figures by group, added up where that means something, else their range."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from api.domain.figures import BEST, DISPUTED, MARK, Choice
from api.snapshot.columns import Array, Snapshot
from api.snapshot.groups import Groups, grouped, texts

Columns = dict[str, list[Any]]
"""Values by column, row by row."""


@dataclass(frozen=True, slots=True)
class Question:
    """Dimensions, and the measure whose figures are asked for; `measure` None counts incidents alone.

    The figures of a measure that `is_additive` are added up; those of another have a range by currency.
    """

    by: tuple[str, ...]
    measure: str | None = None
    is_additive: bool = True
    figure: Choice = "best"


class TooManyGroups(Exception):
    """There are more groups than anybody wants to read; `number` tells how many."""

    def __init__(self, number: int) -> None:
        super().__init__(f"{number} groups")
        self.number = number


def count(snapshot: Snapshot, versions: Array, question: Question, *, most: int | None = None) -> Columns:
    """A row for each group of versions, which ascend: dimensions (None for missing), and what was asked for.

    Rows stand in the order of the dimensions, codes ascending, what is missing last; without dimensions there is one
    row, of all. Raises TooManyGroups when there are more than `most`.
    """
    groups = grouped(snapshot, versions, question.by)
    if most is not None and len(groups.codes) > most:
        raise TooManyGroups(len(groups.codes))
    row_of, values = measured(snapshot, groups, question)
    columns: Columns = {}
    for position, name in enumerate(question.by):
        known: list[Any] = texts(snapshot, name)
        if name == "year":
            known = [None if text is None else int(text) for text in known]
        columns[name] = [known[number] for number in groups.codes[row_of, position].tolist()]
    return columns | values


def measured(snapshot: Snapshot, groups: Groups, question: Question) -> tuple[Array, Columns]:
    """The group of each row, and its columns but for the dimensions: `incidents`, and those of the measure.

    Rows stand in the order of the groups, one for each; a measure that is not added up has one for each currency.
    """
    incidents = np.bincount(groups.group, minlength=len(groups.codes))
    row_of = np.arange(len(groups.codes))
    values: Columns = {}
    if question.measure is not None and question.is_additive:
        values = _sums(snapshot, groups, question.measure, question.figure)
    elif question.measure is not None:
        row_of, values = _ranges(snapshot, groups, question.measure, question.figure)
    return row_of, {"incidents": incidents[row_of].tolist()} | values


def possible_duplicates(snapshot: Snapshot, versions: Array) -> int:
    """How many of some incidents are linked, by either side, with another one of them that may be the same."""
    mask = np.zeros(snapshot.versions, bool)
    mask[versions] = True
    one, other = snapshot["duplicate"], snapshot["duplicate_of"]
    both = mask[one] & mask[other] & (one != other)
    return len(np.unique(np.concatenate([one[both], other[both]])))


@dataclass(frozen=True, slots=True)
class _Figures:
    """Claims of the versions of groups, once for each group: `group`, marks, and the three numbers, NaN for none."""

    group: Array
    marks: Array
    low: Array
    best: Array
    high: Array

    def only(self, mark: int) -> "_Figures":
        """Those that bear a mark."""
        chosen = (self.marks & mark) != 0
        return _Figures(*(getattr(self, name)[chosen] for name in self.__slots__))


def _figures(snapshot: Snapshot, groups: Groups, start: int, stop: int) -> _Figures:
    group, which = groups.of(snapshot["figure_version"][start:stop])
    numbers = (snapshot["number"][snapshot[f"figure_{name}"][start:stop][which]] for name in ("low", "best", "high"))
    return _Figures(group, snapshot["figure_marks"][start:stop][which], *numbers)


def _sums(snapshot: Snapshot, groups: Groups, measure: str, figure: Choice) -> Columns:
    size = len(groups.codes)
    totals: dict[str, Array] = {name: np.zeros(size) for name in ("low", "best", "high")}
    counts = {name: np.zeros(size, np.int64) for name in ("claims", "incidents_with_figure", "disputed", "open_ended")}
    for one in snapshot.measures:
        if one.measure != measure:
            continue
        claims = _figures(snapshot, groups, one.start, one.stop)
        chosen = claims.only(MARK[figure])
        ends = {
            "low": np.where(np.isnan(chosen.low), chosen.best, chosen.low),
            "best": chosen.best,
            "high": np.where(np.isnan(chosen.high), chosen.best, chosen.high),
        }
        for name, end in ends.items():
            # One number that is missing makes the sum NaN.
            totals[name] += np.bincount(chosen.group, end, minlength=size)
        is_open = np.logical_or.reduce([np.isnan(end) for end in ends.values()])
        for name, group in (
            ("claims", claims.group),
            ("incidents_with_figure", claims.only(BEST).group),
            ("disputed", claims.only(DISPUTED).group),
            ("open_ended", chosen.group[is_open]),
        ):
            counts[name] += np.bincount(group, minlength=size)
    is_known = counts["incidents_with_figure"] > 0
    columns: Columns = {name: _plain(np.where(is_known, total, np.nan)) for name, total in totals.items()}
    return columns | {name: number.tolist() for name, number in counts.items()}


def _ranges(snapshot: Snapshot, groups: Groups, measure: str, figure: Choice) -> tuple[Array, Columns]:
    """The group of each row, and the values: a row for each currency of a group, one for a group without any figure."""
    size = len(groups.codes)
    names = ("n", "min", "median", "max")
    parts: list[tuple[Array, ...]] = []
    currencies: list[str | None] = []
    for one in snapshot.measures:
        if one.measure != measure:
            continue
        chosen = _figures(snapshot, groups, one.start, one.stop).only(MARK[figure])
        value = _value(chosen, figure)
        order = np.lexsort((value, chosen.group))
        value, group = value[order], chosen.group[order]
        first = np.flatnonzero(np.diff(group, prepend=-1))
        number = np.diff(first, append=len(group))
        # The middle one, or halfway between the two in the middle.
        median = (value[first + (number - 1) // 2] + value[first + number // 2]) / 2
        parts.append((group[first], number, value[first], median, value[first + number - 1]))
        currencies += [one.currency or None] * len(first)
    # A group without a figure is a group.
    without = np.setdiff1d(np.arange(size), np.concatenate([np.zeros(0, np.int64), *(part[0] for part in parts)]))
    nothing = np.full(len(without), np.nan)
    parts.append((without, np.zeros(len(without), np.int64), nothing, nothing, nothing))
    currencies += [None] * len(without)
    row_of, *values = (np.concatenate(some) for some in zip(*parts, strict=True))
    order = np.argsort(row_of, kind="stable")
    columns: Columns = {"currency": [currencies[place] for place in order.tolist()]}
    columns |= {name: _plain(value[order]) for name, value in zip(names, values, strict=True)}
    return row_of[order], columns


def _value(claims: _Figures, figure: Choice) -> Array:
    """One number for each: its best, or for the least and greatest claim its end; else what it gives."""
    names = {"min": ("low", "best", "high"), "max": ("high", "best", "low")}.get(figure, ("best", "low", "high"))
    value = np.full(len(claims.group), np.nan)
    for name in names:
        value = np.where(np.isnan(value), getattr(claims, name), value)
    return value


def _plain(numbers: Array) -> list[float | int | None]:
    """As JSON has them: whole ones without a fraction, None for NaN."""
    return [
        None if number != number else int(number) if number.is_integer() else number  # noqa: PLR0124 - NaN
        for number in numbers.astype(float).tolist()
    ]
