"""Claims as rows: those of a nested record, each with what must be known of its incident."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.domain.countries import COUNTRIES
from api.domain.incident import ENGLISH


def rows(documents: Iterable[bytes], language: str = ENGLISH) -> Iterator[dict[str, Any]]:
    """The claims of nested records, in their order; notes are in `language` where there is a translation."""
    for document in documents:
        yield from _rows(orjson.loads(document), language)


def _rows(record: dict[str, Any], language: str) -> Iterator[dict[str, Any]]:
    date, place = record["date"], record["place"]
    of_the_incident = {
        "category": record["category"],
        "date_edtf": date["edtf"],
        "date_start": date["start"],
        "date_end": date["end"],
        "date_precision": date["precision"],
        "country": place["country"],
        "country_iso3": COUNTRIES[place["country"]].alpha3,
        "country_name": COUNTRIES[place["country"]].name,
        "admin1": place["admin1"],
        "verification": record["verification"],
    }
    for number, figure in enumerate(record["figures"], 1):
        note = figure["note"]
        yield {
            "incident_id": record["id"],
            "claim": number,
            "measure": figure["measure"],
            "low": figure["low"],
            "best": figure["best"],
            "high": figure["high"],
            "unit": figure["unit"],
            "currency": figure["currency"],
            "as_of": figure["as_of"],
            "said_by": figure["said_by"],
            "source_ids": ";".join(figure["sources"]),
            "note": note and note.get(language, note[ENGLISH]),
            **of_the_incident,
        }
