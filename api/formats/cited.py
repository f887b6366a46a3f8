"""The flat object as it is served: what publishing stored, and behind it the citation of the record.

A citation holds the public address, which is a setting; so it is made on the way out, from the bytes alone. It names
the release that made the version, not the one that is read: the same version is cited alike by every release.
"""

from collections.abc import Mapping
from typing import Any

import orjson

from api.domain.columns import COLUMN_NAMES, STORED_NAMES

_TITLE, _AFTER_TITLE = b'"title":"', b'","summary":'
_UPDATED, _DAY = b',"updated":"', len("2026-11-24")
_RELEASE = b'"updated_release":'

# Pieces of text are cut out where these keys stand in stored bytes; a quote within a text is escaped, and is no key.
_PARTS = (STORED_NAMES[:3], STORED_NAMES[-2:], COLUMN_NAMES[-1])
if _PARTS != (("id", "title", "summary"), ("updated", "updated_release"), "citation"):
    raise AssertionError("domain.columns and formats.cited disagree on where the columns stand")


class Citing:
    """Completes stored flat objects with their citation, as bytes or as values."""

    def __init__(self, publisher: str, licence: str, public_url: str) -> None:
        self._before, self._licence = f"{publisher}. ", f". {licence}. {public_url}/v1/incidents/"
        before, licence_and_home = (_inner(text) for text in (self._before, self._licence))
        self._template = (
            b'%s,"citation":"' + before + b"%s (%s). Release %s, %s" + licence_and_home + b'%s?release=%s"}'
        )

    def complete(self, flat: bytes) -> bytes:
        """The object as it is served."""
        start = flat.index(_TITLE) + len(_TITLE)
        title = flat[start : flat.index(_AFTER_TITLE, start)]
        end = flat.rindex(_UPDATED) + len(_UPDATED)
        day, number = flat[end : end + _DAY], flat[flat.rindex(_RELEASE) + len(_RELEASE) : -1]
        incident_id = flat[7 : flat.index(b'"', 7)]
        return self._template % (flat[:-1], title, incident_id, number, day, incident_id, number)

    def values(self, flat: bytes) -> dict[str, Any]:
        """The same, column by column; quicker than reading what `complete` gives."""
        values: dict[str, Any] = orjson.loads(flat)
        values["citation"] = self._of(values)
        return values

    def _of(self, values: Mapping[str, Any]) -> str:
        incident_id, number = values["id"], values["updated_release"]
        dated = f"Release {number}, {values['updated'][:_DAY]}"
        return f"{self._before}{values['title']} ({incident_id}). {dated}{self._licence}{incident_id}?release={number}"


def _inner(text: str) -> bytes:
    """A text as it stands between the quotes of JSON, and of a template."""
    return orjson.dumps(text)[1:-1].replace(b"%", b"%%")
