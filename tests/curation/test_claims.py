"""What follows from claims: the best figure, its bounds, and how well an incident is verified."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from api.curation.claims import marked, verification, wide_values
from api.domain.columns import COLUMN_NAMES
from api.domain.dates import parse_edtf
from api.domain.figures import BEST, DISPUTED, GREATEST, LATEST, LEAST
from api.domain.incident import Figure, Source


def source(identifier: str, kind: str = "original", publisher: str = "", **values: Any) -> Source:
    plain = Source(
        identifier, publisher or identifier, "press", "Headline", None, None, None, "en", None, None, None, kind, None
    )
    return replace(plain, **values)


def claim(best: float | None, *cited: str, measure: str = "arrested", **values: Any) -> Figure:
    as_of = values.pop("as_of", None)
    plain = Figure(measure, None, best, None, None, None, as_of and parse_edtf(as_of), "police", cited, None)
    return replace(plain, **values)


def told(figures: list[Figure], sources: list[Source]) -> dict[str, float | str | None]:
    """The columns of figures and sources as a document tells them."""
    documents = [asdict(one) | {"as_of": one.as_of.edtf if one.as_of else None} for one in figures]
    return wide_values(documents, [asdict(one) for one in sources])


VERIFIED: list[tuple[str, list[Source]]] = [
    ("single_source", [source("a")]),
    ("single_source", [source("a"), source("b", publisher="a")]),
    ("single_source", [source("a"), source("b", publisher="A")]),
    ("single_source", [source("a", publisher="STRASSE"), source("b", publisher="Straße")]),
    ("single_source", [source("a"), source("b", "copy", original_publisher="A")]),
    ("single_source", [source("a"), source("b", "copy")]),
    ("single_source", [source("a"), source("b", "overview")]),
    ("single_source", [source("a", "overview"), source("b", "overview")]),
    ("single_source", [source("a", "copy", original_publisher="x"), source("b", "copy", original_publisher="X")]),
    ("multiple_sources", [source("a"), source("b")]),
    ("multiple_sources", [source("a"), source("b", "copy", original_publisher="c")]),
    ("multiple_sources", [source("a", "copy", original_publisher="x"), source("b", "copy", original_publisher="y")]),
    ("official_record", [source("a", publisher_kind="official")]),
    ("official_record", [source("a"), source("b", "overview", publisher_kind="court")]),
    ("official_record", [source("a"), source("b"), source("c", publisher_kind="official")]),
    ("single_source", [source("a", publisher_kind="ngo")]),
]


@pytest.mark.parametrize(("expected", "cited"), VERIFIED)
def test_verification_counts_independent_originals(expected: str, cited: list[Source]) -> None:
    assert verification(cited) == expected
    assert verification(cited[::-1]) == expected


SOURCES = [
    source("official", publisher_kind="official"), source("court", "overview", publisher_kind="court"),
    source("original"), source("other-original"), source("copy", "copy"), source("overview", "overview"),
]  # fmt: skip

BESTS: list[tuple[str, list[Figure], tuple[float | None, float | None, float | None]]] = [
    ("none", [], (None, None, None)),
    ("one", [claim(14, "original")], (14, 14, 14)),
    ("the official one", [claim(14, "original"), claim(9, "official"), claim(20, "copy")], (9, 9, 20)),
    ("a court's overview is official", [claim(14, "original"), claim(9, "court")], (9, 9, 14)),
    ("the original before the copy", [claim(1, "copy", "overview"), claim(2, "original")], (1, 2, 2)),
    ("the copy before the overview", [claim(1, "overview"), claim(2, "copy")], (1, 2, 2)),
    ("the strongest of its sources", [claim(1, "copy"), claim(2, "overview", "original")], (1, 2, 2)),
    (
        "then the latest",
        [claim(1, "original", as_of="2018-11-23"), claim(2, "other-original", as_of="2018-11-06")],
        (1, 1, 2),
    ),
    ("a dated one before an undated one", [claim(1, "original"), claim(2, "original", as_of="2013")], (1, 2, 2)),
    (
        "strength before date",
        [claim(1, "copy", as_of="2020"), claim(2, "original", as_of="2018")],
        (1, 2, 2),
    ),
    ("then the most sources", [claim(1, "original"), claim(2, "original", "other-original")], (1, 2, 2)),
    ("then the first in the file", [claim(7, "original"), claim(5, "other-original")], (5, 7, 7)),
    ("bounds count too", [claim(14, "original", low=10.0, high=20.0), claim(15, "copy")], (10, 14, 20)),
    ("bounds without a best", [claim(None, "official", low=3.0, high=5.0)], (3, None, 5)),
    ("a best before bounds alone", [claim(None, "official", low=3.0), claim(8, "overview")], (3, 8, 8)),
    ("zero is a number", [claim(0, "original"), claim(None, "copy", high=2.0)], (0, 0, 2)),
    ("another measure does not count", [claim(3, "original", measure="women_recovered")], (None, None, None)),
]


@pytest.mark.parametrize(("claims", "expected"), [row[1:] for row in BESTS], ids=[row[0] for row in BESTS])
def test_the_best_claim_is_the_strongest_then_latest(
    claims: list[Figure], expected: tuple[float | None, float | None, float | None]
) -> None:
    values = told(claims, SOURCES)
    assert tuple(values[f"arrested_{name}"] for name in ("low", "best", "high")) == expected


def test_money_is_never_mixed() -> None:
    claims = [
        claim(1_000, "copy", measure="price_per_child", currency="USD"),
        claim(5_000, "original", measure="price_per_child", currency="PEN"),
        claim(None, "overview", measure="price_per_child", currency="PEN", low=900.0, high=7_000.0),
    ]
    values = told(claims, SOURCES)
    assert [values[f"price_per_child_{name}"] for name in ("low", "best", "high", "currency")] == [
        900, 5_000, 7_000, "PEN",
    ]  # fmt: skip
    assert values["cash_seized_currency"] is None


def test_the_values_are_the_columns_of_wide_measures_in_their_order() -> None:
    names = list(wide_values([], []))
    first = COLUMN_NAMES.index("arrested_low")
    assert tuple(names) == COLUMN_NAMES[first : first + len(names)]
    assert COLUMN_NAMES[first + len(names)] == "verification"


def marks_of(figures: list[Figure], sources: list[Source]) -> list[int]:
    """The marks of figures and sources as a document tells them."""
    documents = [asdict(one) | {"as_of": one.as_of.edtf if one.as_of else None} for one in figures]
    return [one.marks for one in marked(documents, [asdict(one) for one in sources])]


ALL = BEST | LEAST | GREATEST | LATEST


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([claim(5, "press")], [ALL]),
        ([claim(5, "press"), claim(5, "press", measure="charged")], [ALL, ALL]),
        ([claim(5, "press", currency="PEN"), claim(9, "press", currency="USD")], [ALL, ALL]),
        # The strongest source is the best, and stands for equals.
        ([claim(5, "press"), claim(5, "official")], [0, ALL]),
        ([claim(5, "press"), claim(7, "official")], [LEAST, BEST | GREATEST | LATEST | DISPUTED]),
        ([claim(5, "press", as_of="2019"), claim(7, "official", as_of="2018")],
         [LEAST | LATEST, BEST | GREATEST | DISPUTED]),
        # Ranges that overlap are no dispute; what only says "at least" is least by what it gives, and never the best.
        ([claim(5, "press", low=4, high=8), claim(7, "official")], [LEAST | GREATEST, BEST | LATEST]),
        ([claim(None, "official", low=6), claim(7, "press")], [LEAST, BEST | GREATEST | LATEST]),
        ([claim(None, "official", low=8), claim(7, "press")], [GREATEST, BEST | LEAST | LATEST | DISPUTED]),
        ([claim(None, "official", high=6), claim(7, "press")], [LEAST, BEST | GREATEST | LATEST | DISPUTED]),
    ],
)  # fmt: skip
def test_a_claim_is_marked_for_what_it_is_among_its_like(figures: list[Figure], expected: list[int]) -> None:
    sources = [source("press"), source("official", publisher_kind="official")]
    assert marks_of(figures, sources) == expected
