"""redactions.json: the decision to redact, written before anything is changed, and carried out from there."""

import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from api.curation import tombstone
from api.database.current import require_current
from api.database.engine import dialect_of
from api.database.redact import Held, Tombstone, apply, erase, held
from api.domain.errors import CannotRedact
from api.domain.redaction import Redaction
from api.schemas.seeds.load import load

FILE = "redactions.json"
PATIENCE_S = 30.0

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A redaction to carry out: the entry, whether it is written down already, and what is stored of the record."""

    entry: Redaction
    is_written: bool
    held: Held


def plan(seeds: Path, database_url: str, incident_id: str, *, reason: str, today: str) -> Plan:
    """What redacting would do; nothing is changed.

    An entry that is there already stays as it is, so that an interrupted redaction is taken up again.
    Raises CannotRedact, UnusableDatabase, OSError.
    """
    written = {entry.id: entry for entry in read(seeds)}
    stored = held(database_url, incident_id)
    if incident_id in written:
        return Plan(written[incident_id], is_written=True, held=stored)
    if not stored.documents:
        raise CannotRedact(
            "No release holds a record of this id, so there is nothing to redact. "
            "If it stands in the seeds, take it out there, before it is published."
        )
    latest = stored.documents[-1]
    if before := latest.get("redaction"):
        # The database knows of a redaction that the file has lost.
        reason, today = before["reason"], before["date"]
    return Plan(tombstone.entry_for(latest, reason=reason, today=today), is_written=False, held=stored)


def carry_out(chosen: Plan, seeds: Path, database_url: str, *, told: Told) -> str:
    """Writes the entry down, then redacts; what remains of the text in the database's files, "" when nothing does.

    Whatever else redactions.json names and the database has not redacted yet is redacted as well.
    Raises DatabaseUnavailable, UnusableDatabase, OSError; the entry stays, so that the same may be tried again.
    """
    if not chosen.is_written:
        write(seeds, [*read(seeds), chosen.entry])
    if not chosen.held.documents:
        return ""
    dialect = dialect_of(database_url)
    writer = dialect.open_writer()
    try:
        require_current(writer)
        apply(writer, dialect, tombstones(read(seeds)))
        return erase(writer, dialect, patience_s=PATIENCE_S, told=told, is_forced=True)
    finally:
        writer.dispose()


def tombstones(entries: Iterable[Redaction]) -> list[Tombstone]:
    """What the database is to put in the place of redacted records."""
    return [Tombstone(tombstone.build(entry), entry.reason, entry.redacted) for entry in entries]


def read(seeds: Path) -> list[Redaction]:
    """The entries of redactions.json; none when there is no such file yet. Raises CannotRedact, OSError."""
    path = seeds / FILE
    if not path.exists():
        return []
    try:
        entries = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        entries = None
    loaded = [load("redactions", entry)[0] for entry in entries] if isinstance(entries, list) else [None]
    whole: list[Redaction] = [entry for entry in loaded if entry is not None]
    if len({entry.id for entry in whole}) < len(loaded):
        raise CannotRedact(f"{path} has faults: see what `foundling check` says of it, mend it, and try again.")
    return whole


def write(seeds: Path, entries: Iterable[Redaction]) -> None:
    """Puts the entries, sorted by id, in the place of the file at once; whatever happens, it is the old or the new."""
    path = seeds / FILE
    listed = [asdict(entry) for entry in sorted(entries, key=lambda entry: entry.id)]
    text = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
    descriptor, temporary = tempfile.mkstemp(prefix=f".{FILE}.", dir=seeds)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    folder = os.open(seeds, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
