"""What became of incidents between two releases, as a question and as an answer, column by column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from api.domain.errors import InvalidQuery, ParameterProblem
from api.domain.query import Cursor, IncidentFilter

Kind = Literal["entered", "changed", "left"]
Reason = Literal["published", "now_matches", "withdrawn", "no_longer_matches", "redacted"]

CURSOR_SORT = "changes"
"""The `sort` of a cursor through changes, whose key is `since`: no other page takes it."""

_DATED = frozenset({"updated", "updated_release"})
SHOWN_AS: Mapping[str, str] = {
    "/id": "id",
    "/category": "category",
    "/date/edtf": "date_edtf",
    "/date/start": "date_start",
    "/date/end": "date_end",
    "/date/precision": "date_precision",
    "/place/text": "place",
    "/place/name": "place_name",
    "/place/country": "country",
    "/place/country_name": "country_name",
    "/place/admin1": "admin1",
    "/place/admin1_name": "admin1_name",
    "/place/lon": "lon",
    "/place/lat": "lat",
    "/place/precision": "precision",
    "/place/uncertainty_m": "uncertainty_m",
    "/place/gazetteer_id": "place_id",
    "/methods": "methods",
    "/purposes": "purposes",
    "/outcome": "outcome",
    "/verification": "verification",
    "/confidence": "confidence",
    "/updated": "updated",
    "/updated_release": "updated_release",
}
"""Columns that are values of the nested record, by JSON Pointer; English texts are as well."""

_TEXTS: Mapping[str, str] = {"/title": "title", "/summary": "summary", "/date/note": "date_note"}


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """What became of the incidents of a filter after the release `since`; 0 is before the first.

    `release` None means up to the current one; a cursor pins its own. `lang` is the language that the address names.
    """

    where: IncidentFilter
    since: int
    limit: int
    cursor: Cursor | None
    release: int | None
    lang: str | None = None


def check_since(since: int, release: int) -> None:
    """Raises InvalidQuery when `since` is later than the release that ends the question."""
    if since > release:
        told = f"release {release} is where the answer ends; write a number from 0 to {release}"
        raise InvalidQuery([ParameterProblem("since", told)])


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference between two versions of an incident.

    `field` is a column of the flat record, or what only the nested record holds, as a JSON Pointer (RFC 6901).
    """

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one incident: `release` made the newest of its changes.

    `fields` is empty unless the incident is published at both ends; nothing is told of what was withdrawn but why.
    `incident` is the flat object as it is in the end, as JSON; None when it left.
    """

    id: str
    kind: Kind
    release: int
    reason: Reason | None
    withdrawal_reason: str | None
    superseded_by: str | None
    fields: tuple[FieldChange, ...]
    incident: bytes | None


@dataclass(frozen=True, slots=True)
class Version:
    """A state of one incident, from the release that opened it to the last one that has it; None while it is open.

    It `returned` when the incident had been withdrawn before. `fields` compares with the version before.
    """

    from_release: int
    last_release: int | None
    published: str
    digest: str
    change: Literal["entered", "changed", "returned"]
    ended: Literal["changed", "withdrawn"] | None
    fields: tuple[FieldChange, ...]


def differences(
    before: tuple[Mapping[str, Any], Mapping[str, Any]],
    after: tuple[Mapping[str, Any], Mapping[str, Any]],
    *,
    language: str,
) -> tuple[FieldChange, ...]:
    """What differs between two versions, each the flat object in `language` and the nested record.

    Columns come first, in their order; what they show is not told again from the nested record. Which release
    updated a version is no difference.
    """
    shown = SHOWN_AS.keys() | {f"{text}/{language}" for text in _TEXTS}
    flat = _compared(before[0], after[0])
    nested = _compared(dict(_leaves(before[1])), dict(_leaves(after[1])))
    columns = [change for change in flat if change.field not in _DATED]
    return tuple(columns + [change for change in nested if change.field not in shown])


def _compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    names = dict.fromkeys([*after, *before])
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return [FieldChange(name, old, new) for name, old, new in pairs if old != new]


def _leaves(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    # A list is one value: which of two claims "became" a third nobody can tell.
    for name, inner in value.items():
        pointer = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
        if isinstance(inner, Mapping):
            yield from _leaves(inner, pointer)
        else:
            yield pointer, inner
