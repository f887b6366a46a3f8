"""Publishing: from a directory of seeds to a release."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from api.curation import attach, check, redact, tombstone, versions
from api.curation.findings import Finding
from api.database.append import Changes, append_release, known_ids, withdrawn_ids
from api.database.engine import dialect_of, looking_into
from api.database.failures import explained
from api.database.reads.releases import generation, latest_number
from api.database.rebuild import rebuild
from api.database.redact import apply, erase, redacted_ids
from api.database.rows import IncidentVersion
from api.database.upgrade import upgrade
from api.domain.release import Release

log = logging.getLogger(__name__)

Progress = Callable[[Iterable[IncidentVersion], int], Iterable[IncidentVersion]]
"""Wraps versions as they are written; the number is that of all of them."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: findings that stopped it, or a release with its changes, or neither: nothing changed.

    `remains` tells what the database's files still hold of redacted records, "" when nothing.
    """

    checked: check.Checked
    release: Release | None = None
    changes: Changes | None = None
    remains: str = ""

    @property
    def findings(self) -> list[Finding]:
        """The first of what was found."""
        return self.checked.findings

    @property
    def is_refused(self) -> bool:
        """Whether errors stopped it."""
        return self.checked.errors > 0


def read_history(database_url: str) -> check.History:
    """What was published before; nothing when there is no database yet."""
    with looking_into(database_url) as connection:
        return check.History() if connection is None else history_of(connection)


def history_of(connection: Any) -> check.History:
    """Every id that was published, withdrawn or redacted in a database."""
    return check.History(known_ids(connection), withdrawn_ids(connection), redacted_ids(connection))


def publish(
    seeds: Path,
    database_url: str,
    *,
    now: datetime,
    progress: Progress,
    checking: check.Progress = check.in_silence,
    told: redact.Told = log.info,
) -> Published:
    """Checks the seeds, joins them with their places, and appends a release, all or nothing.

    `checking` wraps what is read as it is checked, `progress` what is written. While the seeds have errors, nothing is
    written, not even an empty database. Redactions that the database lacks are carried out first; `told` hears of it
    when readers keep what they deleted.
    """
    dialect = dialect_of(database_url)
    with check.examine(seeds, today=now.date(), database_url=database_url) as examination:
        examination.judge(checking)
        if examination.checked.errors:
            return Published(examination.checked)
        writer = dialect.open_writer()
        try:
            upgrade(writer)
            rebuild(writer, dialect, versions.restore)
            with explained(writer), writer.begin() as connection:
                history = history_of(connection)
                latest, redactions = latest_number(connection), generation(connection)
            examination.hold_against(history)
            checked = examination.checked
            if checked.errors:
                return Published(checked)
            redacted = [entry.value for entry in examination.dataset.redactions]
            redactions += len(apply(writer, dialect, redact.tombstones(redacted)))
            kept = [tombstone.build(one) for one in redacted if one.id not in examination.across.withdrawn]
            built = chain((IncidentVersion(*values) for values in examination.build()), kept)
            used = examination.across.used(examination.dataset)
            entries = (versions.build_entry(*one) for one in attach.registry_documents(used))
            appended = append_release(
                writer,
                dialect,
                versions=progress(built, examination.records + len(kept)),
                entries=entries,
                now=now,
                after=latest,
                generation=redactions,
                kept=examination.across.ids,
            )
            remains = erase(writer, dialect, patience_s=redact.PATIENCE_S, told=told)
        finally:
            writer.dispose()
        release, changes = appended or (None, None)
        return Published(checked, release=release, changes=changes, remains=remains)
