"""Where the seeds still hold what was redacted: files and lines, never the text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from pathlib import Path
from typing import Any

from api.curation.redact import FILE
from api.curation.seeds import Piece, read_piece, split
from api.database.redact import Place
from api.schemas.seeds.load import load

Unlisted = Callable[[AbstractSet[str], AbstractSet[Place]], tuple[set[str], set[Place]]]
"""Those of the sources and places given that no release holds."""

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CITED = ("title", "url", "archived_url")


def lines_holding(seeds: Path, texts: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    """File by file, the lines on which one of `texts` stands as a whole value; files that hold none are left out."""
    wanted = frozenset(texts)
    for path in (*sorted(seeds.glob("*.*json")), *sorted((seeds / "incidents").glob("*.*json"))):
        if path.name == FILE:
            continue
        with path.open(encoding="utf-8", errors="replace") as file:
            found = [number for number, line in enumerate(file, 1) if not wanted.isdisjoint(_values(line))]
        if found:
            yield path.relative_to(seeds).as_posix(), found


def texts_of(seeds: Path, incident_id: str, documents: Sequence[Mapping[str, Any]], *, unlisted: Unlisted) -> set[str]:
    """The id, every free text of the record as it was stored and as the seeds have it, and what only it cited.

    `documents` are those that were stored. What of the seeds breaks the schema is left out.
    """
    stored = [document for document in documents if "redaction" not in document]
    written = [one for one in _entries(seeds / "incidents" / incident_id[:2], "incidents") if one["id"] == incident_id]
    records = [*stored, *written]
    own = {source["id"] if isinstance(source, dict) else source for record in records for source in record["sources"]}
    places = {
        (place["country"], place["text"]) for record in records for place in (record["place"], *record["other_places"])
    }
    sources, places = unlisted(own, places)
    found = {incident_id, *(text for _, text in places)}
    for record in records:
        found.update(_told(record))
    inlined = chain.from_iterable(document["sources"] for document in stored)
    for source in chain(inlined, _entries(seeds / "sources", "sources")):
        if source["id"] in sources:
            found.update(_told_of(source))
    return found


def _entries(path: Path, kind: str) -> Iterator[dict[str, Any]]:
    """What can be loaded of a list of the seeds, in either of its forms; `path` is without an ending."""
    for file in (path.with_suffix(".json"), path.with_suffix(".ndjson")):
        for piece in split(Piece(file, file.name, 0, file.stat().st_size, 1)) if file.is_file() else ():
            read, _ = read_piece(piece)
            entries = read.value if read is not None and isinstance(read.value, list) else []
            yield from (entry for entry in entries if load(kind, entry)[0] is not None)


def _told(document: Mapping[str, Any]) -> Iterator[str]:
    date_note = document["date"]["note"] if isinstance(document["date"], dict) else document["date_note"]
    told = [document["title"], document["summary"], date_note]
    told += [claim["note"] for name in ("roles", "figures", "outcomes") for claim in document[name]]
    for text in told:
        yield from (text or {}).values()


def _told_of(source: Mapping[str, Any]) -> Iterator[str]:
    yield source["id"]
    yield from (source[name] for name in _CITED if source[name])
    yield from (source["description"] or {}).values()


def ranges(lines: Sequence[int]) -> str:
    """Line numbers in short: 3-5,9."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _values(line: str) -> Iterator[str]:
    for match in _LITERAL.finditer(line):
        if "\\" not in match[1]:
            yield match[1]
            continue
        try:
            yield json.loads(match[0])
        except ValueError:
            continue  # no JSON, which `foundling check` tells
