"""What follows from claims and sources: the best figure of each measure, and how well an incident is verified."""

from collections.abc import Mapping, Sequence
from datetime import date

from api.domain.columns import MONEY_MEASURES, WIDE_MEASURES
from api.domain.incident import Figure, Source

_OFFICIAL = frozenset({"official", "court"})
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


def wide_values(figures: Sequence[Figure], sources: Sequence[Source]) -> dict[str, float | str | None]:
    """The columns of every wide measure: least, best and greatest claim, and for money the currency.

    Currencies are never mixed: the columns speak of the best claim's currency alone.
    """
    by_id = {source.id: source for source in sources}
    values: dict[str, float | str | None] = {}
    for measure in WIDE_MEASURES:
        claims = [figure for figure in figures if figure.measure == measure]
        best = _best(claims, by_id)
        currency = best.currency if best else None
        numbers = [
            number
            for claim in claims
            if claim.currency == currency
            for number in (claim.low, claim.best, claim.high)
            if number is not None
        ]
        values[f"{measure}_low"] = min(numbers, default=None)
        values[f"{measure}_best"] = best.best if best else None
        values[f"{measure}_high"] = max(numbers, default=None)
        if measure in MONEY_MEASURES:
            values[f"{measure}_currency"] = currency
    return values


def _best(claims: Sequence[Figure], sources: Mapping[str, Source]) -> Figure | None:
    # The strongest source decides, then the latest as-of, then the number of sources, then the order in the file.
    def strength(claim: Figure) -> tuple[bool, int, date, int]:
        strongest = max(_rank(sources[source]) for source in claim.sources)
        return claim.best is not None, strongest, claim.as_of.end if claim.as_of else date.min, len(claim.sources)

    return max(claims, key=strength, default=None)


def _rank(source: Source) -> int:
    return 3 if source.publisher_kind in _OFFICIAL else _KIND_RANK[source.kind]
