"""The flat object as it is served: what publishing stored, and behind it the citation of the record.

A citation holds the public address, which is a setting; so it is made on the way out, from the bytes alone. It names
the release that made the version, not the one that is read: the same version is cited alike by every release.
"""

from collections.abc import Callable

import orjson

from api.domain.columns import COLUMN_NAMES, STORED_NAMES

_TITLE, _AFTER_TITLE = b'"title":"', b'","summary":'
_UPDATED, _DAY = b',"updated":"', len("2026-11-24")
_RELEASE = b'"updated_release":'

# Pieces of text are cut out where these keys stand in stored bytes; a quote within a text is escaped, and is no key.
_PARTS = (STORED_NAMES[:3], STORED_NAMES[-2:], COLUMN_NAMES[-1])
if _PARTS != (("id", "title", "summary"), ("updated", "updated_release"), "citation"):
    raise AssertionError("domain.columns and formats.cited disagree on where the columns stand")


def citing(publisher: str, licence: str, public_url: str) -> Callable[[bytes], bytes]:
    """What completes a stored flat object with its citation, under these names."""
    whose, under, home = (_inner(text) for text in (publisher, licence, f"{public_url}/v1/incidents/"))
    citation = b'%s,"citation":"' + whose + b". %s (%s). Release %s, %s. " + under + b". " + home + b'%s?release=%s"}'
    title_from, day_from, number_from = len(_TITLE), len(_UPDATED), len(_RELEASE)

    def complete(flat: bytes) -> bytes:
        start = flat.index(_TITLE) + title_from
        title = flat[start : flat.index(_AFTER_TITLE, start)]
        end = flat.rindex(_UPDATED) + day_from
        day, number = flat[end : end + _DAY], flat[flat.rindex(_RELEASE) + number_from : -1]
        incident_id = flat[7 : flat.index(b'"', 7)]
        return citation % (flat[:-1], title, incident_id, number, day, incident_id, number)

    return complete


def _inner(text: str) -> bytes:
    """A text as it stands between the quotes of JSON, and of a template."""
    return orjson.dumps(text)[1:-1].replace(b"%", b"%%")
