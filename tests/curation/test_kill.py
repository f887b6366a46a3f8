"""A publish that is killed at any moment leaves the release before it, or the new one, and nothing between."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.curation.publish import Published
from api.database.engine import looking_into
from api.database.reads.releases import latest_number
from api.domain.release import OPEN, digest_of

ROOT = Path(__file__).parent.parent.parent
COUNT = 250

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
    if int(sys.argv[3]) == total:
        os.kill(os.getpid(), signal.SIGKILL)
publish(Path(sys.argv[1]), sys.argv[2], now=datetime.now(UTC), progress=progress)
"""


@dataclass(frozen=True)
class Scene:
    """The database before, the seeds of what should follow, and the digests of both."""

    before: Path
    seeds: Path
    old: str
    new: str


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, invent_seeds: Callable[..., Path], publish_seeds: Callable[..., Published]
) -> Scene:
    folder = tmp_path_factory.mktemp("kill")
    old, new = invent_seeds(folder / "old", COUNT), invent_seeds(folder / "new", COUNT + 50, "Told anew.")
    before, after = folder / "before.sqlite", folder / "after.sqlite"
    first = publish_seeds(old, f"sqlite:///{before}").release
    shutil.copy(before, after)
    second = publish_seeds(new, f"sqlite:///{after}").release
    assert first is not None
    assert second is not None
    assert second.changed == COUNT
    return Scene(before, new, first.digest, second.digest)


def state_of(path: Path) -> tuple[int, str]:
    """The number of the latest release, and the digest that its rows add up to."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO incident_text (incident_text) VALUES ('integrity-check')")
        connection.rollback()
        told = connection.execute("SELECT number, digest, incidents FROM release ORDER BY number").fetchall()
        held = connection.execute("SELECT id, digest FROM incident WHERE to_release = ?", (OPEN,)).fetchall()
        beside = connection.execute("SELECT kind, key, digest FROM registry WHERE to_release = ?", (OPEN,)).fetchall()
        rows = connection.execute("SELECT count(*) FROM incident").fetchone()
        assert rows == connection.execute("SELECT count(*) FROM incident_point").fetchone()
        assert rows == connection.execute("SELECT count(*) FROM incident_text").fetchone()
    number, digest, incidents = told[-1]
    pairs = [(f"incident/{key}", value) for key, value in held] + [(f"{kind}/{k}", value) for kind, k, value in beside]
    assert digest == digest_of(pairs)
    assert incidents == len(held)
    assert [row[0] for row in told] == list(range(1, number + 1))
    return number, digest


def start_command(scene: Scene, path: Path) -> subprocess.Popen[bytes]:
    environ = os.environ | {"FOUNDLING_DATABASE_URL": f"sqlite:///{path}"}
    command = [sys.executable, "-m", "api.cli.main", "publish", "--seeds", str(scene.seeds)]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def start_suicide(scene: Scene, path: Path, number: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _KILLED_WITHIN, str(scene.seeds), f"sqlite:///{path}", str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def assert_old_or_new(scene: Scene, path: Path) -> None:
    assert state_of(path) in ((1, scene.old), (2, scene.new))


def assert_publishes_again(scene: Scene, path: Path, publish_seeds: Callable[..., Published]) -> None:
    done = publish_seeds(scene.seeds, f"sqlite:///{path}")
    assert not done.is_refused
    assert state_of(path) == (2, scene.new)


@pytest.mark.parametrize("number", [0, 1, 137, COUNT, COUNT + 50])
def test_killed_within_the_transaction_the_old_release_stands(
    scene: Scene, tmp_path: Path, publish_seeds: Callable[..., Published], number: int
) -> None:
    path = tmp_path / "foundling.sqlite"
    shutil.copy(scene.before, path)
    with start_suicide(scene, path, number) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    assert state_of(path) == (1, scene.old)
    assert_publishes_again(scene, path, publish_seeds)


@pytest.mark.parametrize("number", [0, 137, COUNT + 50])
def test_a_first_publish_that_was_killed_left_nothing(
    scene: Scene, tmp_path: Path, publish_seeds: Callable[..., Published], number: int
) -> None:
    path = tmp_path / "foundling.sqlite"
    with start_suicide(scene, path, number) as process:
        assert process.wait(timeout=60) == -signal.SIGKILL
    with looking_into(f"sqlite:///{path}") as connection:
        assert connection is not None
        assert latest_number(connection) == 0
    assert publish_seeds(scene.seeds, f"sqlite:///{path}").release is not None
    assert state_of(path) == (1, scene.new)


def test_killed_at_any_moment_the_old_release_stands_or_the_new_one(
    scene: Scene, tmp_path: Path, publish_seeds: Callable[..., Published]
) -> None:
    whole = tmp_path / "whole.sqlite"
    shutil.copy(scene.before, whole)
    began = time.monotonic()
    with start_command(scene, whole) as process:
        assert process.wait(timeout=60) == 0
    lasted_s = time.monotonic() - began
    assert state_of(whole) == (2, scene.new)

    chance = random.Random(20181106)
    path = tmp_path / "foundling.sqlite"
    for _ in range(7):
        for leftover in tmp_path.glob("foundling.sqlite*"):
            leftover.unlink()
        shutil.copy(scene.before, path)
        with start_command(scene, path) as process:
            time.sleep(lasted_s * chance.uniform(0.3, 1.0))
            process.kill()
        assert_old_or_new(scene, path)
    assert_publishes_again(scene, path, publish_seeds)


def test_killed_while_the_log_grows_the_old_release_stands_or_the_new_one(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "foundling.sqlite"
    log = Path(f"{path}-wal")
    for bytes_written in (1, 40_000, 200_000):
        for leftover in tmp_path.glob("foundling.sqlite*"):
            leftover.unlink()
        shutil.copy(scene.before, path)
        with start_command(scene, path) as process:
            while process.poll() is None and not (log.exists() and log.stat().st_size >= bytes_written):
                time.sleep(0.0005)
            process.kill()
        assert_old_or_new(scene, path)
