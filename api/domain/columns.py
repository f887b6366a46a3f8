"""The flat record: one row a column, in order. Files, pages, sorting and the codebook follow this table."""

import hashlib
from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "code", "date", "datetime", "integer", "number", "list"]

WIDE_MEASURES = (
    "arrested",
    "children_recovered",
    "women_recovered",
    "children_sold_alleged",
    "premises_searched",
    "price_per_child",
    "payment_to_parent",
    "cash_seized",
)
"""Measures with columns of their own; seeds/codelists.json marks the same ones `wide`."""

MONEY_MEASURES = frozenset({"price_per_child", "payment_to_parent", "cash_seized"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the flat record. A `list` holds codes or ids joined by `;`.

    `codelist` names the list that its codes are of; `unit` is given where the number has one.
    """

    name: str
    type: ColumnType
    description: str
    is_nullable: bool = False
    codelist: str | None = None
    unit: str | None = None


def _columns_of(measure: str) -> list[Column]:
    words = measure.replace("_", " ")
    kind: ColumnType = "number" if measure in MONEY_MEASURES else "integer"
    bounds = [
        Column(f"{measure}_low", kind, f"The least that any source claims: {words}.", is_nullable=True),
        Column(f"{measure}_best", kind, f"The claim of the strongest, then latest source: {words}.", is_nullable=True),
        Column(f"{measure}_high", kind, f"The most that any source claims: {words}.", is_nullable=True),
    ]
    if measure in MONEY_MEASURES:
        bounds.append(
            Column(f"{measure}_currency", "code", f"ISO 4217 currency of the three: {words}.", is_nullable=True)
        )
    return bounds


COLUMNS: tuple[Column, ...] = (
    Column("id", "code", "Stable identifier of the incident; never reused."),
    Column("title", "text", "What happened, in neutral words."),
    Column("summary", "text", "What the sources report, in our own words."),
    Column("category", "code", "Kind of incident; codelist `category`.", codelist="category"),
    Column("date_edtf", "text", "Date no finer than the evidence, in EDTF (ISO 8601-2), level 1."),
    Column("date_start", "date", "First day on which it can have happened."),
    Column("date_end", "date", "Last day on which it can have happened."),
    Column("date_precision", "code", "day, month, year or interval."),
    Column("date_note", "text", "What the sources disagree on about the date.", is_nullable=True),
    Column("country", "code", "ISO 3166-1 alpha-2. NA is Namibia, not a missing value."),
    Column("country_iso3", "code", "ISO 3166-1 alpha-3."),
    Column("country_name", "text", "Short name of the country in English."),
    Column("admin1", "code", "ISO 3166-2 code of the first-level area, where known.", is_nullable=True),
    Column("admin1_name", "text", "Name of the first-level area, where known.", is_nullable=True),
    Column("place", "text", "The place as reported."),
    Column("place_name", "text", "The gazetteer's name of what the point stands for."),
    Column("lon", "number", "Longitude in degrees, WGS 84; the centre of an area, see `precision`.", unit="degrees"),
    Column("lat", "number", "Latitude in degrees, WGS 84.", unit="degrees"),
    Column(
        "precision", "code", "What the point stands for: settlement, admin2, admin1 or country.", codelist="precision"
    ),
    Column(
        "uncertainty_m", "integer", "Radius in metres around the point that contains the named area.", unit="metres"
    ),
    Column("place_id", "code", "Gazetteer identifier of the place, such as geonames:3947322."),
    Column("methods", "list", "How it was done; codelist `method`.", codelist="method"),
    Column("purposes", "list", "What for: suspected, unless a court found it; codelist `purpose`.", codelist="purpose"),
    Column("roles", "list", "What the accused did; codelist `role`.", codelist="role"),
    Column(
        "outcome",
        "code",
        "The latest known step; codelist `outcome`; empty when the record is redacted.",
        is_nullable=True,
        codelist="outcome",
    ),
    Column("outcome_date", "text", "EDTF date of that step, where known.", is_nullable=True),
    *(column for measure in WIDE_MEASURES for column in _columns_of(measure)),
    Column(
        "verification",
        "code",
        "single_source, multiple_sources or official_record, by independent originals; empty when redacted.",
        is_nullable=True,
        codelist="verification",
    ),
    Column(
        "confidence",
        "code",
        "How far the curators trust the record: high, medium or low; empty when redacted.",
        is_nullable=True,
        codelist="confidence",
    ),
    Column("source_count", "integer", "Number of publications cited."),
    Column("source_ids", "list", "Identifiers of the publications cited."),
    Column("source_urls", "list", "Their addresses, where they can be shown."),
    Column("related", "list", "Identifiers of related incidents."),
    Column("redacted", "date", "Day on which the record was redacted; empty for every other record.", is_nullable=True),
    Column(
        "redaction_reason",
        "code",
        "Why it was redacted; codelist `redaction`; empty for every other record.",
        is_nullable=True,
        codelist="redaction",
    ),
    Column("updated", "datetime", "UTC time of the release that last changed the record."),
    Column("updated_release", "integer", "Number of that release."),
    Column("citation", "text", "How to cite the record: it names the release above, and the address that keeps it."),
)

COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)

STORED_NAMES: tuple[str, ...] = COLUMN_NAMES[:-1]
"""What publishing stores. The citation is put behind it on the way out: it holds the public address, a setting."""

DERIVATION = 2
"""Raised by hand when equal documents are to give other flat values, words, codes or figures than before."""

LAYOUT = hashlib.sha256(f"{DERIVATION} {' '.join(STORED_NAMES)}".encode()).hexdigest()[:16]
"""Names what this software stores beside a document: bytes of another layout have to be made anew."""
