"""What an incident was made from, as one digest: equal to the published one's, nothing need be checked or built.

It covers the record as written, the sources and points that it refers to, the codelists, and the software that checks
and builds. Names that may stand in texts (`privacy.AllowList`) count only where a text was let pass because of one:
else every new place would be a new check of everything. Days only pass, and what was not in the future stays so.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from api.curation.dataset import Dataset
from api.curation.privacy import AllowList

_CODE = Path(__file__).parent.parent
_ROOMS = ("curation", "domain", "schemas/seeds")


@cache
def code_digest() -> bytes:
    """Of the software's own text, so that no version number can be forgotten."""
    total = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((_CODE / room).rglob("*.py")):
            total.update(path.read_bytes())
    return total.digest()


class Digests:
    """Digests of the registries' entries, by which those of incidents are made."""

    def __init__(self, dataset: Dataset, allowed: AllowList) -> None:
        rules = hashlib.sha256(code_digest() + orjson.dumps([dataset.codelists, dataset.description]))
        self._rules = rules.digest()
        self._names = allowed.digest()
        self._sources = {entry.value.id: _of(entry.raw) for entry in dataset.sources}
        self._places = {
            (raw["text"], raw["country"], raw["subdivision"]): _of(raw)
            for raw in (entry.raw for entry in dataset.geocodes)
        }

    def of(self, raw: Mapping[str, Any], name: str) -> tuple[str, str] | None:
        """The two digests that a record of the file `name` may have been published with, None when there is none.

        The first does not count the names that may stand in texts. Of anything that is no proper record, None.
        """
        try:
            places = (raw["place"], *raw["other_places"])
            parts = [self._places[place["text"], place["country"], place["subdivision"]] for place in places]
            parts += [self._sources[source] for source in raw["sources"]]
            written = orjson.dumps(raw)
        except (KeyError, TypeError, ValueError):
            return None
        total = hashlib.sha256(b"".join([self._rules, name.partition(".")[0].encode(), *parts, written]))
        without = total.hexdigest()
        total.update(self._names)
        return without, total.hexdigest()


def _of(raw: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(orjson.dumps(raw)).digest()
