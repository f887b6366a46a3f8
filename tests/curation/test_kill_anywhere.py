"""A publish that is killed, on every database: the release before it or the new one, and nothing between.

`KILLS=100 python -m pytest tests/curation/test_kill_anywhere.py` kills a hundred, by hand.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.curation.publish import Published
from api.database.conditions import held_by
from api.database.engine import open_database
from api.database.reads import releases
from api.database.tables import incident, incident_body, registry
from api.domain.release import OPEN, digest_of

pytestmark = pytest.mark.databases("sqlite", "postgresql")

ROOT = Path(__file__).parent.parent.parent
KILLS = int(os.environ.get("KILLS", "12")) // 2  # on each of the two databases
COUNT = 200

# Publishes like the command, and kills itself at the version of that number: in the middle of the transaction.
_KILLED_WITHIN = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from api.curation.publish import publish
def progress(versions, total):
    for number, version in enumerate(versions):
        if number == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield version
publish(Path(sys.argv[1]), sys.argv[2], now=datetime.now(UTC), progress=progress)
"""


def state_of(url: str) -> tuple[int, str]:
    """The number of the latest release, and its digest, which its rows add up to."""
    database = open_database(url, threads=1)
    try:
        with database.reading() as connection:
            latest = releases.latest(connection)
            held = select(incident.c.id, incident.c.digest).where(incident.c.to_release == OPEN)
            pairs = [(f"incident/{row.id}", row.digest) for row in connection.execute(held)]
            assert len(pairs) == latest.incidents
            beside = select(registry.c.kind, registry.c.key, registry.c.digest).where(registry.c.to_release == OPEN)
            pairs += [(f"{row.kind}/{row.key}", row.digest) for row in connection.execute(beside)]
            assert latest.digest == digest_of(pairs)
            rows = connection.scalar(select(func.count()).select_from(incident))
            bodies = connection.scalar(select(func.count()).select_from(incident_body))
            words = connection.exec_driver_sql("SELECT count(*) FROM incident_text").scalar()
            assert rows == bodies == words
            return latest.number, latest.digest
    finally:
        database.engine.dispose()


def start(seeds: Path, url: str, at: int | None) -> "subprocess.Popen[bytes]":
    if at is None:
        command = [sys.executable, "-m", "api.cli.main", "publish", "--seeds", str(seeds)]
    else:
        command = [sys.executable, "-c", _KILLED_WITHIN, str(seeds), url, str(at)]
    environ = os.environ | {"FOUNDLING_DATABASE_URL": url}
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Watcher:
    """A reader who looks at the latest release again and again, and notes each that is not whole."""

    def __init__(self, url: str) -> None:
        self._database = open_database(url, threads=1)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.looks = 0
        self.halves: list[str] = []

    def __enter__(self) -> "Watcher":  # noqa: PYI034 - nobody inherits it
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=30)
        self._database.engine.dispose()

    def _watch(self) -> None:
        while not self._is_over.is_set():
            with self._database.reading() as connection:
                latest = releases.latest(connection)
                held = select(func.count()).select_from(incident).where(held_by(latest.number))
                found = connection.scalar(held)
            self.looks += 1
            if found != latest.incidents or not latest.digest:
                self.halves.append(f"release {latest.number}: {found} of {latest.incidents}")
            time.sleep(0.002)


def test_killed_at_any_moment_the_old_release_stands_or_the_new_one(
    new_url: Callable[[], str],
    tmp_path: Path,
    invent_seeds: Callable[..., Path],
    publish_seeds: Callable[..., Published],
) -> None:
    url = new_url()
    sides = [invent_seeds(tmp_path / "one", COUNT), invent_seeds(tmp_path / "other", COUNT, "Told anew.")]
    digests = []
    began = time.monotonic()
    for seeds in sides:
        with start(seeds, url, None) as process:
            assert process.wait(timeout=120) == 0
        digests.append(state_of(url)[1])
    lasted_s = (time.monotonic() - began) / 2
    chance = random.Random(20181106)
    with Watcher(url) as watcher:
        for kill in range(KILLS):
            number, digest = state_of(url)
            other = 1 - digests.index(digest)
            is_within = kill % 3 > 0
            with start(sides[other], url, chance.randint(0, COUNT - 1) if is_within else None) as process:
                if is_within:
                    assert process.wait(timeout=120) == -signal.SIGKILL
                else:
                    time.sleep(lasted_s * chance.uniform(0.3, 1.0))
                    process.kill()
            stands = state_of(url)
            assert stands in ((number, digest), *([] if is_within else [(number + 1, digests[other])]))
    assert watcher.looks > KILLS
    assert watcher.halves == []
    number, digest = state_of(url)
    other = 1 - digests.index(digest)
    assert not publish_seeds(sides[other], url).is_refused
    assert state_of(url) == (number + 1, digests[other])
