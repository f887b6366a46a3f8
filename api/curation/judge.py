"""What is done to a piece of the incidents, in this process or another: judged first, and built when all has passed.

The seeds are read twice, so that nothing has to be kept in between: what was judged is known again by its digest.
"""

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from api.curation import places, rules, wording
from api.curation.across import Mentions
from api.curation.attach import attach
from api.curation.dataset import Entry, load_entry, places_of
from api.curation.digests import Digests
from api.curation.findings import Finding
from api.curation.known import Known
from api.curation.seeds import Piece, SeedFile, lines_of, parse_piece, unreadable
from api.curation.versions import build
from api.database.append import seed_digests
from api.database.engine import dialect_of
from api.database.failures import explained
from api.database.rows import IncidentVersion
from api.domain.errors import FoundlingError, NoDatabase
from api.domain.incident import Incident
from api.domain.place import ReportedPlace

_RULES = (*rules.INCIDENT_RULES, *places.INCIDENT_RULES, *wording.INCIDENT_RULES)
_VALUES = attrgetter(*IncidentVersion.__slots__)
_SEED_DIGEST = IncidentVersion.__slots__.index("seed_digest")


class SeedsChanged(FoundlingError):
    """Somebody wrote to the seeds between their check and their publication: publish again."""


@dataclass(frozen=True, slots=True)
class Work:
    """What of a judged piece has to be built: records by `SeedFile.number_of`.

    `named` are those that passed because of names that may stand in texts. `digest` is the sha256 of the piece.
    """

    piece: Piece
    digest: bytes
    records: "array[int]"
    named: AbstractSet[int]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a piece; `is_whole` when every record of it could be loaded."""

    piece: Piece
    findings: list[Finding]
    is_whole: bool
    mentions: Mentions = field(default_factory=Mentions)
    work: Work | None = None


class Judge:
    """Knows the registries, and where releases are published; None while nothing is to be compared with them."""

    def __init__(self, known: Known, digests: Digests, database_url: str | None) -> None:
        self._known = known
        self._digests = digests
        self._reader = _open(database_url) if database_url else None

    def close(self) -> None:
        """Lets go of the database."""
        if self._reader is not None:
            self._reader.dispose()

    def judge(self, piece: Piece) -> Judged:
        """Checks what is not published already."""
        try:
            raw = piece.read()
        except OSError as error:
            return Judged(piece, [unreadable(piece.name, error)], is_whole=False)
        file, findings = parse_piece(piece, raw)
        if file is None or not isinstance(file.value, list):
            if file is not None:
                findings.append(file.finding((), "", "schema", "Must be a list: [ … ]."))
            return Judged(piece, findings, is_whole=False)
        is_whole, mentions = not findings, Mentions()
        digests = [self._digests.of(record, piece.name) for record in file.value]
        published = self._published(file.value, digests)
        records = array("L")
        named: set[int] = set()
        for index, told in enumerate(digests):
            record = file.value[index]
            identifier = record.get("id") if isinstance(record, dict) else None
            if isinstance(identifier, str) and identifier in self._known.redacted:
                findings.append(_redacted(file, identifier, index))
                continue
            if told and published.get(record["id"]) in told:
                _mention(mentions, record["id"], _places_written(record), record["sources"], record["related"])
                continue
            entry, faults = load_entry("incidents", file, index)
            findings += faults
            if entry is None:
                is_whole = False
                continue
            incident = entry.value
            _mention(
                mentions, incident.id, [place for place, _ in places_of(incident)], incident.sources,
                entry.raw["related"],
            )  # fmt: skip
            before = self._known.allowed.granted
            findings += self._broken(entry)
            number = file.number_of(index)
            records.append(number)
            if self._known.allowed.granted > before:
                named.add(number)
        work = Work(piece, hashlib.sha256(raw).digest(), records, named) if records else None
        return Judged(piece, findings, is_whole, mentions, work)

    def build(self, work: Work) -> list[tuple[Any, ...]]:
        """The values of the versions to store. Raises SeedsChanged."""
        try:
            raw = work.piece.read()
        except OSError as error:
            raise SeedsChanged(f"{work.piece.name} cannot be read any more: {error.strerror}.") from error
        if hashlib.sha256(raw).digest() != work.digest:
            raise SeedsChanged(f"{work.piece.name} was changed while it was published: publish again.")
        file = lines_of(work.piece, raw, work.records)
        return [self._build(file, index, number in work.named) for index, number in enumerate(work.records)]

    def _build(self, file: SeedFile, index: int, is_named: bool) -> tuple[Any, ...]:
        entry, _ = load_entry("incidents", file, index)
        told = self._digests.of(file.value[index], file.name)
        assert entry is not None
        assert told is not None
        values = list(_VALUES(build(attach(entry.value, self._known))))
        values[_SEED_DIGEST] = told[is_named]
        return tuple(values)

    def _broken(self, entry: Entry[Incident]) -> list[Finding]:
        findings: list[Finding] = []
        for rule in _RULES:
            findings += rule(entry, self._known)
        return findings

    def _published(self, records: Sequence[Any], digests: Sequence[object]) -> Mapping[str, str]:
        if self._reader is None:
            return {}
        ids = [record["id"] for record, told in zip(records, digests, strict=True) if told]
        with explained(self._reader), self._reader.connect() as connection:
            return seed_digests(connection, [identifier for identifier in ids if isinstance(identifier, str)])


def _redacted(file: SeedFile, identifier: str, index: int) -> Finding:
    # Whatever the record says, nothing of it is checked or published.
    message = "redactions.json names this id, and nothing of this record is published: remove it from the file."
    return file.finding((index, "id"), identifier, "redacted-record", message, is_warning=True)


def _open(database_url: str) -> Any:
    try:
        return dialect_of(database_url).open_reader(threads=1)
    except NoDatabase:
        return None


def _places_written(record: Mapping[str, Any]) -> list[ReportedPlace]:
    return [
        ReportedPlace(place["country"], place["subdivision"] or "", place["text"])
        for place in (record["place"], *record["other_places"])
    ]


def _mention(
    mentions: Mentions, identifier: str, named: Sequence[ReportedPlace], cited: Sequence[str], related: Any
) -> None:
    mentions.ids.append(identifier)
    mentions.places.update(named)
    mentions.sources.update(cited)
    mentions.related.update(relation["id"] for relation in related)
