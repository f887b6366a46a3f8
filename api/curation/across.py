"""What only all incidents together can tell: ids that stand twice or are gone, relations, entries that nobody uses.

Small beside the incidents themselves: a bit for each id, the places and sources in use, and relations to incidents that
have not come by yet.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from api.curation.dataset import Dataset, Entry, load_list
from api.curation.findings import Finding
from api.curation.rules import unknown_relation
from api.curation.seeds import Piece, read_piece
from api.domain.ids import IdSet
from api.domain.incident import Incident
from api.domain.place import ReportedPlace


@dataclass(frozen=True, slots=True)
class History:
    """What was published before: every id that a release held, that a release withdrew, and that was redacted."""

    ids: AbstractSet[str] = frozenset()
    withdrawn: AbstractSet[str] = frozenset()
    redacted: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the incidents of a piece are called, and what they refer to."""

    ids: list[str] = field(default_factory=list)
    related: set[str] = field(default_factory=set)
    places: set[ReportedPlace] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


class Across:
    """Takes in what the pieces mention, in the order of files and lines."""

    def __init__(self, dataset: Dataset) -> None:
        self.ids = IdSet()
        self.withdrawn = {entry.value["id"] for entry in dataset.withdrawn}
        self._redacted = {entry.value.id for entry in dataset.redactions}
        self._places: set[ReportedPlace] = set()
        self._sources: set[str] = set()
        self._open: list[tuple[Piece, set[str]]] = []

    def add(self, piece: Piece, mentions: Mentions) -> Iterator[Finding]:
        """Findings of ids that stood before, or were withdrawn."""
        twice = {index for index, identifier in enumerate(mentions.ids) if not self.ids.add(identifier)}
        if twice or not self.withdrawn.isdisjoint(mentions.ids):
            told = (entry for entry in _entries(piece) if entry.value.id not in self._redacted)
            for index, entry in enumerate(told):
                if index in twice:
                    message = "Another incident has this id: give this one a new id."
                    yield entry.finding("duplicate-id", message, "id")
                if entry.value.id in self.withdrawn:
                    message = "withdrawn.json names this id: it can never be used again."
                    yield entry.finding("withdrawn-id", message, "id")
        self._places |= mentions.places
        self._sources |= mentions.sources
        if ahead := {identifier for identifier in mentions.related if identifier not in self.ids}:
            self._open.append((piece, ahead))

    def relations(self, dataset: Dataset) -> Iterator[Finding]:
        """Once all is in: every related incident exists, and so does what a withdrawn one is superseded by."""
        for withdrawal in dataset.withdrawn:
            successor = withdrawal.value["superseded_by"]
            if successor is not None and successor not in self.ids and successor not in self._redacted:
                message = "Name an incident of the seeds, or write null."
                yield withdrawal.finding("unknown-incident", message, "superseded_by")
        for piece, ahead in self._open:
            missing = set(_without(ahead, self.ids, self._redacted))
            for entry in _entries(piece) if missing else ():
                for index, relation in enumerate(entry.value.related):
                    if relation.id in missing:
                        yield unknown_relation(entry, index)

    def unused(self, dataset: Dataset) -> Iterator[Finding]:
        """Places and sources that nothing refers to."""
        for geocoded in dataset.geocodes:
            if geocoded.value.place not in self._places:
                message = "No incident names this place: remove the entry, or let `foundling geocode` do it."
                yield geocoded.finding("geocode-unused", message, "text", is_warning=True)
        cited = self._cited(dataset)
        for source in dataset.sources:
            if source.value.id not in cited:
                message = "Nothing cites this source: cite it or remove it."
                yield source.finding("uncited-source", message, "id", is_warning=True)

    def used(self, dataset: Dataset) -> Dataset:
        """The registries without the places and sources that nothing refers to: a redacted record may have."""
        cited = self._cited(dataset)
        return replace(
            dataset,
            geocodes=[entry for entry in dataset.geocodes if entry.value.place in self._places],
            sources=[entry for entry in dataset.sources if entry.value.id in cited],
        )

    def _cited(self, dataset: Dataset) -> set[str]:
        return self._sources.union(*(entry.raw["sources"] for entry in dataset.context))

    def against(self, history: History) -> Iterator[Finding]:
        """Ids are for ever: none that was published vanishes without a word, none that was withdrawn comes back."""
        for identifier in sorted(history.redacted - self._redacted):
            message = "Redacted before: name it in redactions.json again, or its text would be published again."
            yield Finding("redactions.json", 0, identifier, "forgotten-redaction", message)
        for identifier in sorted(_without(history.ids, self.ids, self.withdrawn, self._redacted, history.redacted)):
            message = "Published before and gone now: bring it back, or name it in withdrawn.json with the reason."
            yield Finding("withdrawn.json", 0, identifier, "vanished-id", message)
        for identifier in sorted(history.withdrawn - self.withdrawn):
            if identifier in self.ids:
                message = "Withdrawn before: name it in withdrawn.json again, and give the new incident a new id."
                yield Finding("withdrawn.json", 0, identifier, "withdrawn-id", message)


def _entries(piece: Piece) -> list[Entry[Incident]]:
    # Read again: lines are known only where the text is.
    file, _ = read_piece(piece)
    return load_list("incidents", file)[0] if file else []


def _without(ids: Iterable[str], *others: AbstractSet[str]) -> Iterator[str]:
    return (identifier for identifier in ids if not any(identifier in other for other in others))
