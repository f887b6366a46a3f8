"""How fast whole files are, beside the database's own cursor, and what they take in memory.

python -m tests.bench.bench_files DATABASE_URL [--query country=PE] serves the database with one worker and asks curl.
For PostgreSQL the yardstick is COPY of the stored bytes, for SQLite a cursor over the same statement.
"""

import re
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import psycopg

from tests.bench.servers import Command, Running
from tests.postgresql import free_port

FILES: tuple[tuple[str, dict[str, str]], ...] = (
    ("incidents.ndjson", {}),
    ("incidents.geojson", {}),
    ("incidents.geojson?geometry=area", {}),
    ("incidents.json", {}),
    ("incidents.csv", {}),
    ("incidents.csv?fields=id,date_start,country,lon,lat", {}),
    ("figures.csv", {}),
    ("incidents.ndjson", {"Accept-Encoding": "gzip"}),
)
_STORED = """
SELECT incident.id, incident.lon, incident.lat, incident_body.flat
FROM incident JOIN incident_body ON incident_body.row_id = incident.row_id
WHERE incident.to_release = 2147483647 ORDER BY incident.date_start DESC, incident.id DESC
"""
_MEGA = 1e6


@click.command()
@click.argument("database_url")
@click.option("--query", default="", help="Filters for all files.")
@click.option(
    "--workbook/--no-workbook", default=False, help="Ask for a workbook too; the query has to leave few rows."
)
def main(database_url: str, query: str, *, workbook: bool) -> None:
    """Measure every file of DATABASE_URL once."""
    port = free_port()
    environ = {"FOUNDLING_DATABASE_URL": database_url, "FOUNDLING_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    argv = ["foundling", "serve", "--port", str(port), "--workers", "1"]
    running = Command("foundling", argv, port, "/readyz", environ).start(Path(tempfile.mkdtemp()))
    try:
        if not query:
            count, seconds = _raw(database_url)
            click.echo(f"raw reading: {count / _MEGA:,.0f} MB in {seconds:.1f} s, {count / seconds / _MEGA:,.0f} MB/s")
        for name, headers in (*FILES, *([("incidents.xlsx", {})] if workbook else [])):
            _measure(running, name, headers, query)
    finally:
        running.stop()


def _measure(running: Running, name: str, headers: dict[str, str], query: str) -> None:
    address = f"{running.base}/v1/{name}{'&' if '?' in name else '?'}{query}"
    before = running.anonymous_mb()
    told = [part for key, value in headers.items() for part in ("-H", f"{key}: {value}")]
    written = "%{http_code} %{size_download} %{time_starttransfer} %{time_total}"
    # Read once more at its greatest: memory that is given back would not be seen at the end.
    with subprocess.Popen(
        ["curl", "-s", *told, "-o", "/dev/null", "-w", written, address], stdout=subprocess.PIPE, text=True
    ) as curl:
        most = max(_watched(curl, running), default=before)
        assert curl.stdout
        status, size, first, total = curl.stdout.read().split()
    assert status == "200", (address, status)
    rate = float(size) / float(total) / _MEGA
    coding = f" {headers['Accept-Encoding']}" if headers else ""
    click.echo(
        f"{name}{coding}: {float(size) / _MEGA:,.1f} MB in {float(total):.2f} s, {rate:,.1f} MB/s, "
        f"first byte {1000 * float(first):,.0f} ms, memory {before:,.0f} + {most - before:,.0f} MB"
    )


def _watched(curl: "subprocess.Popen[str]", running: Running) -> Iterator[float]:
    while curl.poll() is None:
        yield running.anonymous_mb()
        time.sleep(0.2)


def _raw(database_url: str) -> tuple[int, float]:
    begun = time.perf_counter()
    if database_url.startswith("sqlite:"):
        path = re.sub("^sqlite:///", "", database_url)
        reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        size = sum(len(row[3]) for row in reader.execute(_STORED))
    else:
        parts = urlsplit(database_url)
        with psycopg.connect(parts.geturl()) as connection, connection.cursor() as cursor:
            statement = f"COPY ({_STORED.strip()}) TO STDOUT (FORMAT BINARY)".encode()
            with cursor.copy(statement) as copy:
                size = sum(map(len, copy))
    return size, time.perf_counter() - begun


if __name__ == "__main__":
    main()
