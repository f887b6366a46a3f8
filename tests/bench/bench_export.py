"""What storing the files of a release takes: seconds, size and greatest memory of each format.

python -m tests.bench.bench_export DATABASE_URL FOLDER writes every format into FOLDER, by a process of its own, and
takes it away again. The database is only read. Memory is what the process has for itself: pages of the database's
file, which SQLite maps, are the system's to take back.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import TypeVar

import click

from api.database.engine import open_database
from api.exports.registry import EXTENSIONS, available
from api.exports.write import Exporter

T = TypeVar("T")

_MEGA = 1e6
_KIB = 1024


@click.command()
@click.argument("database_url")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--format", "extension", type=click.Choice(EXTENSIONS), help="Only this format, in this process.")
def main(database_url: str, folder: Path, extension: str | None) -> None:
    """Measure what the files of the current release of DATABASE_URL take."""
    if extension is None:
        total = sum(_measured_apart(database_url, folder, form.extension) for form in available())
        click.echo(f"in all: {total:.1f} s")
        return
    most = [0.0]
    Thread(target=_watch_memory, args=(most,), daemon=True).start()
    database = open_database(database_url, threads=1)
    forms = [form for form in available() if form.extension == extension]
    begun, processor = time.perf_counter(), time.process_time()
    try:
        written = Exporter(database, folder.parent / "snapshots", "http://127.0.0.1:8000", _unwatched).write_to(
            folder, forms
        )
        seconds, processor = time.perf_counter() - begun, time.process_time() - processor
        size = written.files[0].bytes
        click.echo(
            f"{extension}: {written.release.incidents:,} incidents, {seconds:.1f} s ({processor:.1f} s of processor), "
            f"{size / _MEGA:,.1f} MB, memory {most[0]:,.0f} MB"
        )
    finally:
        database.engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def _measured_apart(database_url: str, folder: Path, extension: str) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tests.bench.bench_export", database_url, str(folder), "--format", extension]
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


def _watch_memory(most: list[float]) -> None:
    while True:
        found = re.search(r"RssAnon:\s+([0-9]+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
        assert found
        most[0] = max(most[0], int(found[1]) * _KIB / _MEGA)
        time.sleep(0.05)


def _unwatched(name: str, parts: Iterable[T], *, total: int, size_of: Callable[[T], int]) -> Iterable[T]:  # noqa: ARG001
    return parts


if __name__ == "__main__":
    main()
