"""What follows from claims and sources: which figure counts of each measure, and how well an incident is verified."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.domain.columns import MONEY_MEASURES, WIDE_MEASURES
from api.domain.dates import parse_edtf
from api.domain.figures import BEST, DISPUTED, GREATEST, LATEST, LEAST, Claim, exclude_each_other
from api.domain.incident import Source

_OFFICIAL = frozenset({"official", "court"})
_NO_CLAIMS = {
    f"{measure}_{bound}": None
    for measure in WIDE_MEASURES
    for bound in ("low", "best", "high", *(("currency",) if measure in MONEY_MEASURES else ()))
}
_KIND_RANK = {"original": 2, "copy": 1, "overview": 0}


def verification(sources: Sequence[Source]) -> str:
    """`official_record` with a document of a court or authority, else by the number of independent originals.

    A copy stands for the publisher whose text it repeats; an overview for nobody.
    """
    if any(source.publisher_kind in _OFFICIAL for source in sources):
        return "official_record"
    originals = {source.publisher for source in sources if source.kind == "original"}
    originals |= {
        source.original_publisher for source in sources if source.kind == "copy" and source.original_publisher
    }
    return "multiple_sources" if len({name.casefold() for name in originals}) > 1 else "single_source"


def wide_values(
    figures: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]
) -> dict[str, float | str | None]:
    """The columns of every wide measure: least, best and greatest claim, and for money the currency.

    Claims and sources are those of a document. Currencies are never mixed: the columns speak of the best claim's
    currency alone.
    """
    rank = {source["id"]: _rank(source) for source in sources}
    values: dict[str, float | str | None] = dict(_NO_CLAIMS)
    for measure in WIDE_MEASURES:
        claims = [figure for figure in figures if figure["measure"] == measure]
        if not claims:
            continue
        best = _best(claims, rank)
        currency = best["currency"] if best else None
        numbers = [
            claim[bound]
            for claim in claims
            if claim["currency"] == currency
            for bound in ("low", "best", "high")
            if claim[bound] is not None
        ]
        values[f"{measure}_low"] = min(numbers, default=None)
        values[f"{measure}_best"] = best["best"] if best else None
        values[f"{measure}_high"] = max(numbers, default=None)
        if measure in MONEY_MEASURES:
            values[f"{measure}_currency"] = currency
    return values


def marked(figures: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]) -> tuple[Claim, ...]:
    """The claims of a document as totals need them, in its order: which of them is the best, least, greatest, latest.

    Each of these is told among the claims of one measure and currency; where two are equal, the stronger one is it.
    """
    rank = {source["id"]: _rank(source) for source in sources}
    plain = [Claim(one["measure"], one["currency"] or "", one["low"], one["best"], one["high"], 0) for one in figures]
    groups: dict[tuple[str, str], list[int]] = {}
    for place, claim in enumerate(plain):
        groups.setdefault((claim.measure, claim.currency), []).append(place)
    marks = [0] * len(plain)
    for places in groups.values():
        if len(places) == 1:
            marks[places[0]] = BEST | LEAST | GREATEST | LATEST
            continue
        strengths = {place: _strength(figures[place], rank) for place in places}
        best = max(places, key=strengths.__getitem__)
        marks[best] |= BEST | (DISPUTED if exclude_each_other([plain[place] for place in places]) else 0)
        marks[max(places, key=lambda place: (-plain[place].numbers()[0], strengths[place]))] |= LEAST
        marks[max(places, key=lambda place: (plain[place].numbers()[-1], strengths[place]))] |= GREATEST
        marks[max(places, key=lambda place: (_as_of(figures[place]), strengths[place]))] |= LATEST
    return tuple(claim._replace(marks=mark) for claim, mark in zip(plain, marks, strict=True))


def _best(claims: Sequence[Mapping[str, Any]], rank: Mapping[str, int]) -> Mapping[str, Any] | None:
    return max(claims, key=lambda claim: _strength(claim, rank)) if len(claims) > 1 else next(iter(claims), None)


def _strength(claim: Mapping[str, Any], rank: Mapping[str, int]) -> tuple[bool, int, date, int]:
    # The strongest source decides, then the latest as-of, then the number of sources, then the order in the file.
    strongest = max(rank[source] for source in claim["sources"])
    return claim["best"] is not None, strongest, _as_of(claim), len(claim["sources"])


def _as_of(claim: Mapping[str, Any]) -> date:
    return parse_edtf(claim["as_of"]).end if claim["as_of"] else date.min


def _rank(source: Mapping[str, Any]) -> int:
    return 3 if source["publisher_kind"] in _OFFICIAL else _KIND_RANK[source["kind"]]
