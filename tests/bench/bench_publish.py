"""How fast a publish is, and what it takes: `python tests/bench/bench_publish.py SEEDS DATABASE_URL [CHANGED]`.

Prints; nothing is asserted. SEEDS and CHANGED are directories that make_seeds.py wrote, the second with `--change`.
They are published one after the other into a database that should be empty; between them the first again, which changes
nothing. Memory is that of all processes together, looked at twenty times a second.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import click

from api.curation.publish import publish


class Memory:
    """The most that this process and its children held at one moment."""

    def __init__(self) -> None:
        self.most_bytes = 0
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._is_over.wait(0.05):
            self.most_bytes = max(self.most_bytes, sum(map(_held_bytes, [os.getpid(), *_children()])))


def _children() -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        found += [int(child) for child in path.read_text().split()]
    return found


def _held_bytes(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    # What is private, and a fair share of what is shared: pages of files that the system keeps do not count.
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon", "Pss_Shmem")))


class Clock:
    """Wraps what streams by, to know when the first and the last came."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.count = 0

    def __call__(self, things: Iterable[Any], _total: int) -> Iterator[Any]:
        begun = time.perf_counter()
        for thing in things:
            self.count += 1
            yield thing
        self.seconds = time.perf_counter() - begun


@click.command()
@click.argument("seeds", type=click.Path(path_type=Path))
@click.argument("database_url")
@click.argument("changed", type=click.Path(path_type=Path), required=False)
def main(seeds: Path, database_url: str, changed: Path | None) -> None:
    """Print a line for every publish."""
    for name, directory in (("first", seeds), ("the same again", seeds), ("changed", changed)):
        if directory is not None:
            _publish(name, directory, database_url)


def _publish(name: str, directory: Path, database_url: str) -> None:
    checking, writing = Clock(), Clock()
    begun = time.perf_counter()
    with Memory() as memory:
        done = publish(directory, database_url, now=datetime.now(UTC), progress=writing, checking=checking)
    seconds = time.perf_counter() - begun
    number = f"release {done.release.number}" if done.release else "no release"
    click.echo(
        f"{name:15} {number:11} {done.checked.incidents:9,} incidents, {done.checked.errors} errors: {seconds:7.1f} s, "
        f"{done.checked.incidents / seconds:7,.0f} a second; checked in {checking.seconds:6.1f} s, "
        f"{writing.count:,} written in {writing.seconds:6.1f} s; {memory.most_bytes / 2**20:4.0f} MiB"
    )


if __name__ == "__main__":
    main()
