"""The whole record in memory: every seed file loaded into the values of the domain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from api.curation.findings import Finding, Path
from api.curation.seeds import SeedFile
from api.domain.incident import Incident, Source
from api.domain.place import Geocode, ReportedPlace
from api.schemas.seeds.load import load as load_value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One entry of a seed file: what it means, what was written, and where."""

    value: T
    raw: Mapping[str, Any]
    file: SeedFile
    path: Path
    record: str

    def finding(self, rule: str, message: str, *path: str | int, is_warning: bool = False) -> Finding:
        """A finding about the value at `path` within this entry."""
        return self.file.finding((*self.path, *path), self.record, rule, message, is_warning=is_warning)


@dataclass(slots=True)
class Dataset:
    """Everything in `seeds/` that could be loaded. Codelists are the plain entries by list name."""

    incidents: list[Entry[Incident]] = field(default_factory=list)
    sources: list[Entry[Source]] = field(default_factory=list)
    geocodes: list[Entry[Geocode]] = field(default_factory=list)
    context: list[Entry[dict[str, Any]]] = field(default_factory=list)
    coverage: list[Entry[dict[str, Any]]] = field(default_factory=list)
    withdrawn: list[Entry[dict[str, Any]]] = field(default_factory=list)
    codelists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)

    def codes(self, name: str) -> frozenset[str]:
        """The codes of one list."""
        return frozenset(entry["code"] for entry in self.codelists.get(name, ()))

    def places(self) -> Iterator[tuple[Entry[Incident], ReportedPlace, Path]]:
        """Every reported place, with where it stands in its incident."""
        for entry in self.incidents:
            yield entry, entry.value.place, ("place",)
            for index, other in enumerate(entry.value.other_places):
                yield entry, other.place, ("other_places", index)


def load(files: Mapping[str, SeedFile]) -> tuple[Dataset, list[Finding]]:
    """The record, as far as it can be loaded, and a finding for every rule of a schema that is broken."""
    dataset = Dataset()
    findings: list[Finding] = []
    lists: dict[str, list[Any]] = {
        "sources": dataset.sources,
        "geocodes": dataset.geocodes,
        "context": dataset.context,
        "coverage": dataset.coverage,
        "withdrawn": dataset.withdrawn,
    }
    for name, file in files.items():
        kind = "incidents" if name.startswith("incidents/") else name.removesuffix(".json")
        if kind in ("codelists", "dataset"):
            value, faults = load_value(kind, file.value)
            findings += [_finding(file, path, "", message) for path, message in faults]
            if value is not None and kind == "codelists":
                # What was written, in its order: loading leaves it as it is.
                dataset.codelists = file.value
            elif value is not None:
                dataset.description = file.value
        elif not isinstance(file.value, list):
            findings.append(file.finding((), "", "schema", "Must be a list: [ … ]."))
        else:
            entries, faults_found = _load_list(kind, file)
            findings += faults_found
            (dataset.incidents if kind == "incidents" else lists[kind]).extend(entries)
    return dataset, findings


def _load_list(kind: str, file: SeedFile) -> tuple[list[Entry[Any]], list[Finding]]:
    entries, findings = [], []
    for index, raw in enumerate(file.value):
        value, faults = load_value(kind, raw)
        record = _record(kind, raw, index)
        if value is not None:
            entries.append(Entry(value, raw, file, (index,), record))
        findings += [_finding(file, (index, *path), record, message) for path, message in faults]
    return entries, findings


def _finding(file: SeedFile, path: Path, record: str, message: str) -> Finding:
    # Only keys of the format are repeated: an unknown one may be anything, a name among them.
    known = [part for part in path if isinstance(part, str)]
    where = known[-1] if known and message != "Unknown field." else ""
    advice = "This key is not part of the format: remove it." if message == "Unknown field." else message
    return file.finding(path, record, "schema", f"{where}: {advice}" if where else advice)


def _record(kind: str, raw: Any, index: int) -> str:
    key = "area" if kind == "coverage" else "id"
    if kind == "geocodes" or not isinstance(raw, dict) or not isinstance(raw.get(key), str):
        return f"#{index + 1}"
    identifier: str = raw[key]
    is_plain = len(identifier) <= 80 and identifier.isascii() and identifier.replace("-", "").isalnum()
    return identifier if is_plain else f"#{index + 1}"
