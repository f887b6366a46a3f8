"""The flat object as it is served: what publishing stored, and behind it the citation of the record.

A citation holds the public address, which is a setting; so it is made on the way out, from the bytes alone. It names
the release that made the version, not the one that is read: the same version is cited alike by every release.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from api.domain.citation import licence_name
from api.domain.columns import COLUMN_NAMES, STORED_NAMES

# Pieces of text are cut out of stored bytes, which begin and end alike: {"id":"PE-2018-0001","title":"…","summary": and
# "updated":"2026-11-24T07:00:00Z","updated_release":1}. A quote within a text is escaped, and is no key.
_ID, _TITLE, _AFTER_TITLE = len('{"id":"'), len('","title":"'), b'","summary":'
_DAY = len("2026-11-24")
_DAY_ENDS = len('T07:00:00Z","updated_release"')  # before the colon of the last value
_PARTS = (STORED_NAMES[:3], STORED_NAMES[-2:], COLUMN_NAMES[-1])
if _PARTS != (("id", "title", "summary"), ("updated", "updated_release"), "citation"):
    raise AssertionError("domain.columns and formats.cited disagree on where the columns stand")


class Citing:
    """Completes stored flat objects with their citation, as bytes or as values."""

    def __init__(self, publisher: str, licence: str, public_url: str) -> None:
        self._before, self._licence = f"{publisher}. ", f". {licence}. {public_url}/v1/incidents/"
        self._begins = b',"citation":"' + _inner(self._before)
        self._ends = _inner(self._licence)

    def complete(self, flat: bytes) -> bytes:
        """The object as it is served."""
        after_id = flat.index(b'"', _ID)
        incident_id, title_at = flat[_ID:after_id], after_id + _TITLE
        title = flat[title_at : flat.index(_AFTER_TITLE, title_at)]
        colon = flat.rindex(b":")
        number, day_ends = flat[colon + 1 : -1], colon - _DAY_ENDS
        parts = (
            flat[:-1], self._begins, title, b" (", incident_id, b"). Release ", number, b", ",
            flat[day_ends - _DAY : day_ends], self._ends, incident_id, b"?release=", number, b'"}',
        )  # fmt: skip
        return b"".join(parts)

    def values(self, flat: bytes) -> dict[str, Any]:
        """The same, column by column; quicker than reading what `complete` gives."""
        values: dict[str, Any] = orjson.loads(flat)
        values["citation"] = self._of(values)
        return values

    def _of(self, values: Mapping[str, Any]) -> str:
        incident_id, number = values["id"], values["updated_release"]
        dated = f"Release {number}, {values['updated'][:_DAY]}"
        return f"{self._before}{values['title']} ({incident_id}). {dated}{self._licence}{incident_id}?release={number}"


def citing_of(dataset: Mapping[str, Any], public_url: str) -> Citing:
    """What completes the objects of a data set, from the description of it."""
    return Citing(dataset["publisher"], f"Licence {licence_name(dataset['licence'])}", public_url)


def _inner(text: str) -> bytes:
    """A text as it stands between the quotes of JSON."""
    return orjson.dumps(text)[1:-1]
