"""What stands beside the incidents in the seeds, in memory: loaded into the values of the domain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from api.curation.findings import Finding, Path
from api.curation.seeds import LISTS, SeedFile
from api.domain.incident import Incident, Source
from api.domain.place import Geocode, ReportedPlace
from api.domain.redaction import Redaction
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
    """Everything in `seeds/` but the incidents, as far as it could be loaded.

    Codelists are the plain entries by list name.
    """

    sources: list[Entry[Source]] = field(default_factory=list)
    geocodes: list[Entry[Geocode]] = field(default_factory=list)
    context: list[Entry[dict[str, Any]]] = field(default_factory=list)
    coverage: list[Entry[dict[str, Any]]] = field(default_factory=list)
    withdrawn: list[Entry[dict[str, Any]]] = field(default_factory=list)
    redactions: list[Entry[Redaction]] = field(default_factory=list)
    codelists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)

    def codes(self, name: str) -> frozenset[str]:
        """The codes of one list."""
        return frozenset(entry["code"] for entry in self.codelists.get(name, ()))


def places_of(incident: Incident) -> list[tuple[ReportedPlace, Path]]:
    """Every place that an incident reports, with where it stands in it."""
    others = [(other.place, ("other_places", index)) for index, other in enumerate(incident.other_places)]
    return [(incident.place, ("place",)), *others]


def load(files: Mapping[str, SeedFile]) -> tuple[Dataset, list[Finding]]:
    """The registries, as far as they can be loaded, and a finding for every rule of a schema that is broken."""
    dataset = Dataset()
    findings: list[Finding] = []
    for name, file in files.items():
        kind = name.partition(".")[0]
        if kind in LISTS:
            entries, faults_found = load_list(kind, file)
            findings += faults_found
            getattr(dataset, kind).extend(entries)
            continue
        value, faults = load_value(kind, file.value)
        findings += [_finding(file, path, "", message) for path, message in faults]
        if value is not None:
            # What was written, in its order: loading leaves it as it is.
            setattr(dataset, {"codelists": "codelists", "dataset": "description"}[kind], file.value)
    return dataset, findings


def load_list(kind: str, file: SeedFile) -> tuple[list[Entry[Any]], list[Finding]]:
    """The entries of a file that can be loaded; of incidents and of all registries that are lists."""
    if not isinstance(file.value, list):
        return [], [file.finding((), "", "schema", "Must be a list: [ … ].")]
    entries, findings = [], []
    for index in range(len(file.value)):
        entry, faults = load_entry(kind, file, index)
        entries += [entry] if entry else []
        findings += faults
    return entries, findings


def load_entry(kind: str, file: SeedFile, index: int) -> tuple[Entry[Any] | None, list[Finding]]:
    """One entry of a list, None when it has not the form of its kind."""
    raw = file.value[index]
    value, faults = load_value(kind, raw)
    record = record_of(kind, raw, index)
    findings = [_finding(file, (index, *path), record, message) for path, message in faults]
    return None if value is None else Entry(value, raw, file, (index,), record), findings


def _finding(file: SeedFile, path: Path, record: str, message: str) -> Finding:
    # Only keys of the format are repeated: an unknown one may be anything, a name among them.
    known = [part for part in path if isinstance(part, str)]
    where = known[-1] if known and message != "Unknown field." else ""
    advice = "This key is not part of the format: remove it." if message == "Unknown field." else message
    return file.finding(path, record, "schema", f"{where}: {advice}" if where else advice)


def record_of(kind: str, raw: Any, index: int) -> str:
    """What a finding calls an entry: its id, or its number in the file when it has none that can be told."""
    key = "area" if kind == "coverage" else "id"
    if kind == "geocodes" or not isinstance(raw, dict) or not isinstance(raw.get(key), str):
        return f"#{index + 1}"
    identifier: str = raw[key]
    is_plain = len(identifier) <= 80 and identifier.isascii() and identifier.replace("-", "").isalnum()
    return identifier if is_plain else f"#{index + 1}"
