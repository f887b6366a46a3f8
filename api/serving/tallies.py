"""Statistics for readers: counted, labelled, put in order and cut."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.domain.countries import COUNTRIES
from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.release import Release
from api.domain.stats import (
    ADDITIVE_COLUMNS,
    INCIDENTS,
    MOST_ROWS,
    MULTIPLE,
    RANGE_COLUMNS,
    Dimension,
    MeasuredQuery,
    StatsQuery,
    StatsSort,
)
from api.serving.state import state
from api.snapshot.columns import Snapshot
from api.snapshot.counts import Columns, Question, TooManyGroups, count, possible_duplicates

_PLAIN = frozenset({"year", "month"})


@dataclass(frozen=True, slots=True)
class Tally:
    """Columns in order, row by row; what `meta` tells of them."""

    columns: Columns
    meta: dict[str, Any]

    def rows(self) -> list[dict[str, Any]]:
        """An object for each row."""
        return rows_of(self.columns)


def rows_of(columns: Columns) -> list[dict[str, Any]]:
    """An object for each row."""
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def tally(query: StatsQuery, snapshot: Snapshot, release: Release, language: str) -> Tally:
    """The statistics of a question. Raises InvalidQuery for a sort by what is not there, and for too many rows."""
    question, measured = asked_of(query, release, query.by)
    sort = _sort(query, measured)
    versions = state().matching(snapshot, query.where, release.number)
    try:
        found = count(snapshot, versions, question, most=MOST_ROWS)
    except TooManyGroups as error:
        rule = f"that makes {error.number:,} rows; at most {MOST_ROWS:,} are answered: fewer dimensions, or a filter"
        raise InvalidQuery([ParameterProblem("by", rule)]) from None
    size = len(found[INCIDENTS])
    shown = _shown(found, sort, query.top)
    columns: Columns = {}
    for name, values in shown.items():
        columns[name] = values
        if name in query.by:
            columns |= _beside(name, values, release, language)
    totals = count(snapshot, versions, replace(question, by=()))
    meta = {
        "by": query.by,
        **about_measure(query, release, language),
        "rows": size,
        "returned": len(columns[INCIDENTS]),
        "totals": rows_of(totals),
        "overlapping": [name for name in query.by if name in MULTIPLE],
        "possible_duplicates": possible_duplicates(snapshot, versions),
    }
    return Tally(columns, meta)


def asked_of(
    query: MeasuredQuery, release: Release, by: tuple[Dimension, ...] = ()
) -> tuple[Question, tuple[str, ...]]:
    """What a snapshot is asked, and the columns that the measure adds to `incidents`."""
    if query.measure == INCIDENTS:
        return Question(by), ()
    is_additive = state().codes("measure", release.number).get(query.measure, {}).get("additive", False)
    columns = ADDITIVE_COLUMNS if is_additive else RANGE_COLUMNS
    return Question(by, query.measure, is_additive, query.figure), columns


def about_measure(query: MeasuredQuery, release: Release, language: str) -> dict[str, Any]:
    """What a reader should know of what is counted."""
    if query.measure == INCIDENTS:
        return {"measure": INCIDENTS, "measure_label": _INCIDENTS_LABEL[language], "unit": INCIDENTS, "figure": None}
    measure = state().codes("measure", release.number).get(query.measure, {})
    label, unit = measure.get(f"label_{language}"), measure.get("unit")
    return {"measure": query.measure, "measure_label": label, "unit": unit, "figure": query.figure}


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


def _shown(columns: Columns, sort: StatsSort | None, top: int | None) -> Columns:
    """The columns in order, cut after `top` rows: they come in the order of the dimensions."""
    order: Sequence[int] = range(len(columns[INCIDENTS]))
    if sort is not None:
        key = columns[sort.key]
        # Sorting keeps equal ones as they stood, the other way round as well.
        known = [row for row in order if key[row] is not None]
        missing = [row for row in order if key[row] is None]
        order = sorted(known, key=key.__getitem__, reverse=sort.is_descending) + missing
    elif top is None:
        return columns
    return {name: [values[row] for row in order[:top]] for name, values in columns.items()}


def _beside(dimension: str, codes: Sequence[Any], release: Release, language: str) -> Columns:
    """The columns that say in words what a dimension says in codes."""
    if dimension in _PLAIN:
        return {}
    if dimension == "country":
        countries = [COUNTRIES.get(code) for code in codes]
        return {
            "country_iso3": [None if country is None else country.alpha3 for country in countries],
            "country_name": [None if country is None else country.name for country in countries],
        }
    if dimension == "admin1":
        return {"admin1_name": [*map(state().area_names(release.number).get, codes)]}
    entries = state().codes(dimension, release.number)
    labels = {code: entry[f"label_{language}"] for code, entry in entries.items()}
    return {f"{dimension}_label": [*map(labels.get, codes)]}
