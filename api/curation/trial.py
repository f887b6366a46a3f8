"""A publish that writes nothing: what would enter, change and leave with the next release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from api.curation import attach, check, versions
from api.curation.publish import history_of
from api.database.append import entry_digests, open_ids, open_versions
from api.database.engine import looking_into
from api.database.rows import IncidentVersion

MOST_TOLD = 100
_BATCH = 500
_STAMPED = frozenset({"updated", "updated_release"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A column of an incident that would change."""

    column: str
    before: Any
    after: Any


@dataclass(slots=True)
class Trial:
    """How many incidents would enter, change and leave, and the first of them; `others` counts registry entries."""

    checked: check.Checked
    entered: int = 0
    changed: int = 0
    left: int = 0
    others: int = 0
    first_entered: list[str] = field(default_factory=list)
    first_changed: dict[str, list[Difference]] = field(default_factory=dict)
    first_left: list[str] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether errors would stop the publish."""
        return self.checked.errors > 0


def try_publish(seeds: Path, database_url: str, *, today: date, checking: check.Progress = check.in_silence) -> Trial:
    """Checks the seeds and holds them against what is published; makes no database where there is none."""
    with (
        check.examine(seeds, today=today, database_url=database_url) as examination,
        looking_into(database_url) as known,
    ):
        examination.judge(checking)
        examination.hold_against(history_of(known) if known else check.History())
        trial = Trial(examination.checked)
        if trial.is_refused:
            return trial
        built = (IncidentVersion(*values) for values in examination.build())
        while batch := list(islice(built, _BATCH)):
            _compare(trial, batch, open_versions(known, [one.id for one in batch]) if known else {})
        if known:
            redacted = {entry.value.id for entry in examination.dataset.redactions}
            for identifier in open_ids(known):
                if identifier not in examination.across.ids and identifier not in redacted:
                    trial.left += 1
                    if trial.left <= MOST_TOLD:
                        trial.first_left.append(identifier)
        used = examination.across.used(examination.dataset)
        wanted = (versions.build_entry(*one) for one in attach.registry_documents(used))
        digests = {(entry.kind, entry.key): entry.digest for entry in wanted}
        published = entry_digests(known) if known else {}
        trial.others = sum(published.get(key) != digests.get(key) for key in published.keys() | digests.keys())
        return trial


def _compare(trial: Trial, batch: list[IncidentVersion], published: Mapping[str, tuple[str, bytes]]) -> None:
    for version in batch:
        digest, flat = published.get(version.id, ("", b""))
        if not digest:
            trial.entered += 1
            if trial.entered <= MOST_TOLD:
                trial.first_entered.append(version.id)
        elif digest != version.digest:
            trial.changed += 1
            if trial.changed <= MOST_TOLD:
                trial.first_changed[version.id] = _differences(orjson.loads(flat), orjson.loads(version.flat))


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(name, before.get(name), value)
        for name, value in after.items()
        if name not in _STAMPED and before.get(name) != value
    ]
