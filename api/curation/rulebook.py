"""Every rule of `foundling check` by its code, in a line."""

from collections.abc import Mapping
from types import MappingProxyType

from api.curation.privacy import RULES as PRIVACY_RULES

_FILES = {
    "file-missing": "A file that every record needs is missing.",
    "file-kind": "A file is something else: a directory, a device.",
    "file-name": "A file of incidents is not named after its country.",
    "file-size": "A file is larger than 256 MiB (NDJSON of incidents: 16 GiB).",
    "file-line": "A line is longer than 1 MiB.",
    "file-unreadable": "A file cannot be read.",
    "encoding": "A file is not UTF-8, or begins with a byte order mark.",
    "json": "A file, or a line of NDJSON, is not JSON.",
    "json-depth": "A file is nested deeper than 32 levels.",
    "duplicate-key": "An object has the same key twice.",
    "control-character": "A text holds a character that does not print.",
    "schema": "A value has not the form of the record.",
}
_REFERENCES = {
    "duplicate-id": "An id, a place or a code stands twice.",
    "duplicate-source": "Two sources have the same address.",
    "uncited-source": "Nothing cites a source (a warning).",
    "unfit-site": "A source's address leads to a site that is not fit to be shown.",
    "placeholder-contact": "dataset.json has a placeholder for the contact (a warning).",
    "unknown-code": "A code is not in its codelist.",
    "unknown-source": "A source is cited that sources.json does not hold.",
    "unlisted-source": "A claim's source is missing from its incident's own list.",
    "unknown-incident": "A related or succeeding incident does not exist.",
    "withdrawn-id": "An id is used again after its withdrawal.",
    "vanished-id": "A published id is gone, and no withdrawal says why.",
    "redacted-record": "The record of a redacted id still stands in the seeds; it is not published (a warning).",
    "forgotten-redaction": "An id was redacted, and redactions.json names it no longer.",
    "too-many-codes": "Methods, purposes or roles have more than 25 codes.",
    "wide-measures": "The measures marked `wide` are not the ones that have columns.",
}
_CLAIMS = {
    "currency": "Money without an ISO 4217 code, or a currency with what is no money.",
    "unit": "A figure's unit is not its measure's.",
    "whole-number": "A count is no whole number.",
    "outcome-order": "Outcomes are not in the order of their dates.",
    "outcome-missing": "Somebody was released or judged, and no outcome tells it.",
    "role-count": "Officials, security officers or lawyers are counted.",
    "future-date": "A date lies in the future.",
}
_PLACES = {
    "country": "A country is not in ISO 3166-1.",
    "subdivision": "A subdivision lies in another country.",
    "country-file": "An incident stands in another country's file.",
    "geocode-missing": "A place has no point yet.",
    "geocode-unreviewed": "Nobody has reviewed a place's point.",
    "geocode-unused": "A point belongs to no place (a warning).",
    "population-floor": "A point is finer than a populated place of 5,000 people.",
    "coordinate-precision": "A point keeps more decimals than its precision allows.",
    "licence": "A point's licence does not fit the data set's.",
    "parents-date": "Only parents are accused, and the date is a day.",
    "parents-place": "Only parents are accused, and the place is a settlement.",
}

RULEBOOK: Mapping[str, str] = MappingProxyType(_FILES | _REFERENCES | _CLAIMS | _PLACES | dict(PRIVACY_RULES))
"""What each code means."""
