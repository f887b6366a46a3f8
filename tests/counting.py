"""Statistics told by hand, from documents alone."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import product
from statistics import median
from typing import Any

import orjson

from api.database.reads import columns as reads
from api.database.rows import IncidentVersion
from api.domain.dates import parse_edtf
from api.domain.figures import Choice
from api.domain.query import IncidentFilter
from api.snapshot.columns import Array, Snapshot
from api.snapshot.counts import Question
from api.snapshot.select import matching, versions_of
from tests.oracle import CURRENCIES, Store

ADDITIVE = {"arrested", "children_recovered"}
RANKS = {"court": 3, "original": 2, "copy": 1, "overview": 0}

Claim = Mapping[str, Any]


def codes_of(version: IncidentVersion, dimension: str) -> list[Any]:
    """The rows in which an incident stands; None where it has no value."""
    first, last = date.fromisoformat(version.date_start), date.fromisoformat(version.date_end)
    if dimension == "year":
        return [first.year if first.year == last.year else None]
    if dimension == "month":
        is_one = (first.year, first.month) == (last.year, last.month)
        return [version.date_start[:7] if is_one else None]
    if dimension in ("method", "purpose"):
        return sorted(getattr(version, f"{dimension}s")) or [None]
    return [getattr(version, dimension) or None]


def claims_of(version: IncidentVersion, measure: str, currency: str | None) -> list[Claim]:
    figures: list[Claim] = orjson.loads(version.document)["figures"]
    return [one for one in figures if one["measure"] == measure and one["currency"] == currency]


def given_by(claim: Claim) -> list[float]:
    return [claim[end] for end in ("low", "best", "high") if claim[end] is not None]


def strength(claim: Claim) -> tuple[Any, ...]:
    return claim["best"] is not None, max(RANKS[one] for one in claim["sources"]), as_of(claim), len(claim["sources"])


def as_of(claim: Claim) -> date:
    return parse_edtf(claim["as_of"]).end if claim["as_of"] else date.min


def chosen(claims: Sequence[Claim], choice: Choice) -> Claim:
    """The claim that counts: the first of the file where nothing tells them apart."""
    keys: dict[Choice, Callable[[Claim], Any]] = {
        "best": strength,
        "min": lambda claim: (-min(given_by(claim)), strength(claim)),
        "max": lambda claim: (max(given_by(claim)), strength(claim)),
        "latest": lambda claim: (as_of(claim), strength(claim)),
    }
    most = max(map(keys[choice], claims))
    return next(claim for claim in claims if keys[choice](claim) == most)


def end_of(claim: Claim, end: str) -> float | None:
    value: float | None = claim[end] if claim[end] is not None else claim["best"]
    return value


def is_disputed(claims: Sequence[Claim]) -> bool:
    """Whether some two claims leave no number that fits both: brute force over pairs."""
    ranges = []
    for claim in claims:
        low, high = end_of(claim, "low"), end_of(claim, "high")
        ranges.append((-math.inf if low is None else low, math.inf if high is None else high))
    return any(one[0] > other[1] for one in ranges for other in ranges)


def summed(versions: Iterable[IncidentVersion], measure: str, choice: Choice) -> dict[str, Any]:
    held = [claims for version in versions if (claims := claims_of(version, measure, None))]
    picked = [chosen(claims, choice) for claims in held]
    totals = {}
    for end in ("low", "best", "high"):
        ends = [end_of(claim, end) for claim in picked]
        totals[end] = None if not ends or None in ends else sum(filter(None, ends))
    return totals | {
        "claims": sum(map(len, held)),
        "incidents_with_figure": len(held),
        "disputed": sum(map(is_disputed, held)),
        "open_ended": sum(None in [end_of(claim, end) for end in ("low", "best", "high")] for claim in picked),
    }


def ranged(versions: Sequence[IncidentVersion], measure: str, choice: Choice) -> list[dict[str, Any]]:
    rows = []
    for currency in sorted(CURRENCIES[measure], key=str):
        values = []
        for version in versions:
            if claims := claims_of(version, measure, currency):
                claim = chosen(claims, choice)
                numbers = given_by(claim)
                best = claim["best"] if claim["best"] is not None else numbers[0]
                values.append({"min": numbers[0], "max": numbers[-1]}.get(choice, best))
        if values:
            told = {"n": len(values), "min": min(values), "median": median(values), "max": max(values)}
            rows.append({"currency": currency} | told)
    return rows or [{"currency": None, "n": 0, "min": None, "median": None, "max": None}]


def expected(versions: Iterable[IncidentVersion], question: Question) -> list[dict[str, Any]]:
    """The rows, told by hand."""
    groups: dict[tuple[Any, ...], list[IncidentVersion]] = defaultdict(list)
    for version in versions:
        for key in product(*(codes_of(version, dimension) for dimension in question.by)):
            groups[key].append(version)
    if not question.by:
        groups.setdefault((), [])
    rows = []
    for key, members in groups.items():
        row = dict(zip(question.by, key, strict=True)) | {"incidents": len(members)}
        if question.measure is None:
            rows.append(row)
        elif question.is_additive:
            rows.append(row | summed(members, question.measure, question.figure))
        else:
            rows += [row | told for told in ranged(members, question.measure, question.figure)]
    return rows


def rows_of(columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def in_order(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(f"{name}={_rounded(value)}" for name, value in row.items()) for row in rows)


def _rounded(value: Any) -> Any:
    return float(f"{value:.12g}") if isinstance(value, int | float) else value


def matched(store: Store, snapshot: Snapshot, asked: IncidentFilter, release: int) -> Array:
    """The versions of a snapshot that match; the store is asked for those that have the words."""
    saying = None
    if asked.q:
        with store.reader.connect() as connection:
            saying = versions_of(snapshot, reads.saying(connection, asked.q, store.dialect))
    return matching(snapshot, asked, release, saying=saying)
