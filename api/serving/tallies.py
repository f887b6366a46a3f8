"""Statistics for readers: counted, labelled, put in order and cut."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.domain.countries import COUNTRIES
from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.release import Release
from api.domain.stats import ADDITIVE_COLUMNS, INCIDENTS, MOST_ROWS, MULTIPLE, RANGE_COLUMNS, StatsQuery, StatsSort
from api.serving.counting import mask_of
from api.serving.state import state
from api.snapshot.columns import Snapshot
from api.snapshot.counts import Question, Row, TooManyGroups, count, possible_duplicates

_PLAIN = frozenset({"year", "month"})


@dataclass(frozen=True, slots=True)
class Tally:
    """Rows and their columns, in order; what `meta` tells of them."""

    columns: tuple[str, ...]
    rows: list[Row]
    meta: dict[str, Any]


def tally(query: StatsQuery, snapshot: Snapshot, release: Release, language: str) -> Tally:
    """The statistics of a question. Raises InvalidQuery for a sort by what is not there, and for too many rows."""
    measure = state().codes("measure", release.number).get(query.measure, {})
    is_additive = measure.get("additive", False)
    measured = () if query.measure == INCIDENTS else ADDITIVE_COLUMNS if is_additive else RANGE_COLUMNS
    sort = _sort(query, measured)
    question = Question(query.by, None if query.measure == INCIDENTS else query.measure, is_additive, query.figure)
    mask = mask_of(snapshot, query.where, release)
    try:
        found = count(snapshot, mask, question, most=MOST_ROWS)
    except TooManyGroups as error:
        rule = f"that makes {error.number:,} rows; at most {MOST_ROWS:,} are answered: fewer dimensions, or a filter"
        raise InvalidQuery([ParameterProblem("by", rule)]) from None
    ordered = _ordered(found, query, sort)
    shown = ordered if query.top is None else ordered[: query.top]
    labels = [_labels(name, release, language) for name in query.by]
    rows = [_labelled(row, query.by, labels) for row in shown]
    meta = {
        "by": query.by,
        "measure": query.measure,
        "measure_label": measure.get(f"label_{language}", _INCIDENTS_LABEL.get(language)),
        "unit": measure.get("unit") if measured else INCIDENTS,
        "figure": query.figure if measured else None,
        "rows": len(found),
        "returned": len(rows),
        "totals": count(snapshot, mask, Question((), question.measure, is_additive, query.figure)),
        "overlapping": [name for name in query.by if name in MULTIPLE],
        "possible_duplicates": possible_duplicates(snapshot, mask),
    }
    columns = [column for name in query.by for column in (name, *_beside(name))]
    return Tally((*columns, INCIDENTS, *measured), rows, meta)


_INCIDENTS_LABEL = {"en": "Incidents", "es": "Incidentes", "id": "Insiden"}


def _sort(query: StatsQuery, measured: Sequence[str]) -> StatsSort | None:
    columns = (*query.by, INCIDENTS, *measured)
    if query.sort is not None:
        if query.sort.key not in columns:
            rule = f"this answer has no column {query.sort.key}; it has {', '.join(columns)}"
            raise InvalidQuery([ParameterProblem("sort", rule)])
        return query.sort
    if query.top is None:
        return None
    greatest = {ADDITIVE_COLUMNS: "best", RANGE_COLUMNS: "n"}.get(tuple(measured), INCIDENTS)
    return StatsSort(greatest, is_descending=True)


def _ordered(rows: list[Row], query: StatsQuery, sort: StatsSort | None) -> list[Row]:
    # Python's sorting keeps equal ones as they stood: first the ties, last what matters most.
    ordered = sorted(rows, key=lambda row: [_place(row[name]) for name in (*query.by, *_currency(row))])
    if sort is not None:
        known = [row for row in ordered if row[sort.key] is not None]
        missing = [row for row in ordered if row[sort.key] is None]
        ordered = sorted(known, key=lambda row: row[sort.key], reverse=sort.is_descending) + missing
    return ordered


def _currency(row: Row) -> tuple[str, ...]:
    return ("currency",) if "currency" in row else ()


def _place(value: Any) -> tuple[bool, Any]:
    return value is None, value


def _beside(dimension: str) -> tuple[str, ...]:
    """The columns that say in words what a dimension says in codes."""
    if dimension == "country":
        return ("country_iso3", "country_name")
    if dimension == "admin1":
        return ("admin1_name",)
    return () if dimension in _PLAIN else (f"{dimension}_label",)


def _labels(dimension: str, release: Release, language: str) -> Callable[[Any], tuple[str | None, ...]]:
    """From a code to the values of the columns beside it."""
    if dimension in _PLAIN:
        return lambda _: ()
    if dimension == "country":
        return lambda code: (COUNTRIES[code].alpha3, COUNTRIES[code].name) if code in COUNTRIES else (None, None)
    names: Mapping[str, str]
    if dimension == "admin1":
        names = state().area_names(release.number)
    else:
        entries = state().codes(dimension, release.number)
        names = {code: entry[f"label_{language}"] for code, entry in entries.items()}
    return lambda code: (names.get(code),)


def _labelled(row: Row, by: Sequence[str], labels: Sequence[Callable[[Any], tuple[str | None, ...]]]) -> Row:
    labelled: Row = {}
    for name, beside in zip(by, labels, strict=True):
        labelled[name] = row[name]
        labelled |= zip(_beside(name), beside(row[name]), strict=True)
    return labelled | {name: value for name, value in row.items() if name not in by}
