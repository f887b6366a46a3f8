"""A redaction: what may still be told of a record that must not have been published as it was."""

import re
from dataclasses import dataclass

from api.domain.dates import parse_edtf

REASONS = ("privacy", "legal", "error")

YEARS = re.compile(r"\d{4}[?~%]?(?:/\d{4}[?~%]?)?", re.ASCII)
"""An EDTF year, or a closed interval of years."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """An entry of redactions.json: all that a redacted record is made from, in every release.

    `redacted` is the ISO day of the redaction, `years` as in YEARS.
    """

    id: str
    reason: str
    redacted: str
    category: str
    country: str
    years: str


def years_of(edtf: str) -> str:
    """The year or years of an EDTF date; what the sources doubt stays in doubt."""
    date = parse_edtf(edtf)
    mark = "" if date.is_certain else "?"
    first, last = (f"{day.year:04d}{mark}" for day in (date.start, date.end))
    return first if first == last else f"{first}/{last}"
