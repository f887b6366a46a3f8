"""Publishing: from a directory of seeds to a release."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.curation import attach, check, versions
from api.curation.findings import Finding
from api.database.append import Changes, IncidentVersion, append_release, known_ids, withdrawn_ids
from api.database.engine import dialect_of
from api.database.failures import explained
from api.database.reads.releases import latest_number
from api.database.upgrade import require_current, upgrade
from api.domain.errors import NoDatabase
from api.domain.release import Release

Progress = Callable[[Iterable[IncidentVersion], int], Iterable[IncidentVersion]]


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: findings that stopped it, or a release with its changes, or neither: nothing changed."""

    findings: list[Finding]
    is_refused: bool
    release: Release | None = None
    changes: Changes | None = None


def read_history(database_url: str) -> check.History:
    """What was published before; nothing when there is no database yet."""
    dialect = dialect_of(database_url)
    try:
        reader = dialect.open_reader(threads=1)
    except NoDatabase:
        return check.History()
    try:
        require_current(reader)
        with explained(reader), reader.connect() as connection:
            return check.History(known_ids(connection), withdrawn_ids(connection))
    finally:
        reader.dispose()


def publish(seeds: Path, database_url: str, *, now: datetime, progress: Progress) -> Published:
    """Checks the seeds, joins them with their places, and appends a release, all or nothing.

    `progress` wraps the versions as they stream by; its second argument is their number. While the seeds have errors,
    nothing is written, not even an empty database.
    """
    dialect = dialect_of(database_url)
    checked = check.check(seeds, today=now.date())
    if checked.errors:
        return Published(checked.findings, is_refused=True)
    writer = dialect.open_writer()
    try:
        upgrade(writer)
        with explained(writer), writer.begin() as connection:
            history = check.History(known_ids(connection), withdrawn_ids(connection))
            latest = latest_number(connection)
        if broken := list(check.against(checked.dataset, history)):
            return Published(sorted([*checked.findings, *broken]), is_refused=True)
        located = attach.attach(checked.dataset)
        built = progress((versions.build(one) for one in located), len(checked.dataset.incidents))
        entries = (versions.build_entry(*one) for one in attach.registry_documents(checked.dataset))
        appended = append_release(writer, dialect, versions=built, entries=entries, now=now, after=latest)
    finally:
        writer.dispose()
    release, changes = appended or (None, None)
    return Published(checked.findings, is_refused=False, release=release, changes=changes)
