"""The finished product beside its peers: the same records and questions, in rounds that go round all servers in turn.

    python -m tests.bench.head_to_head --database sqlite:////tmp/million/foundling.sqlite --scratch /tmp/bench

Run it from the top of the checkout, with the project's Python. Each --database holds the same published records (a
million of them: tests/bench/make_seeds.py, then `foundling publish`); tipg and pygeoapi need --peers-postgresql, an
empty database with PostGIS that is filled once. wrk and, for that, psql are taken from the system. A moment in which
the machine is busy hits all servers alike: quote ratios, never single rates.
"""

import http.client
import math
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from urllib.request import urlretrieve

import click

from api.cli.snapshots import prepare
from api.settings import from_environ
from tests.bench import peers, questions
from tests.bench.questions import BEST_PEER, CONSTANT, PEERS, PLAIN, Goal, Question
from tests.bench.servers import Command, Rate, Running, fetch, wrk

ROOT = Path(__file__).parents[2]
DEEP_PAGE = 10_000
START_GOALS_S = {"sqlite": 1.0, "postgresql": 1.5}
MEMORY_GOALS_MB = {"sqlite": 120, "postgresql": 140}
MOST_TIMES_UNFILTERED = 3.0
_BOX_ROUNDS, _BOX_PATIENCE_S = 40, 1.0
_FIRST_PORT = 8700
_ANSWERS, _LONGEST_S = 3, 20
_ANEW = ", asked anew"
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how often."""

    rounds: int
    seconds: int
    connections: int
    workers: int
    only: str


@dataclass(slots=True)
class Bench:
    """Everything that runs: the product by database, the peers and the constant view by name."""

    options: Options
    scratch: Path
    products: dict[str, Running] = field(default_factory=dict)
    """As they are served, by database."""
    anew: dict[str, Running] = field(default_factory=dict)
    """The same, but that no answer is kept: each question is asked as if for the first time."""
    others: dict[str, Running] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def say(self, line: str = "") -> None:
        """Prints a line of the report, and keeps it."""
        click.echo(line)
        self.lines.append(line)


@click.command(help=__doc__)
@click.option("--database", "databases", multiple=True, required=True, help="URL of a published database; repeat it.")
@click.option(
    "--scratch", type=click.Path(path_type=Path), required=True, help="Folder for peers, their data and logs."
)
@click.option("--peers-postgresql", help="URL of a database with PostGIS for tipg and pygeoapi.")
@click.option("--rounds", default=3, show_default=True, help="Of each question to each server.")
@click.option("--seconds", default=2, show_default=True, help="Of each round.")
@click.option("--connections", default=16, show_default=True)
@click.option(
    "--workers", default=2, show_default=True, help="Processes of the product and of each peer that has them."
)
@click.option("--only", default="", help="Part of the name of the questions to ask.")
@click.option("--without-boxes", is_flag=True, help="Leave out every box in every order.")
@click.option("--report", type=click.Path(path_type=Path), help="Markdown page whose figures are written anew.")
def main(
    databases: Sequence[str],
    scratch: Path,
    *,
    peers_postgresql: str | None,
    without_boxes: bool,
    report: Path | None,
    **options: int | str,
) -> None:
    """Measure, print, and write the report."""
    if not shutil.which("wrk"):
        raise click.ClickException("wrk is not installed; on Debian: apt-get install wrk.")
    scratch = scratch.absolute()
    (scratch / "bodies").mkdir(parents=True, exist_ok=True)
    bench = Bench(Options(**options), scratch)  # type: ignore[arg-type]  # click has checked them
    with ExitStack() as running:
        for number, url in enumerate(databases):
            name = url.partition(":")[0].partition("+")[0]
            environ = _environ(url, scratch / f"data-{name}")
            prepare(from_environ(environ))  # as `foundling publish` does
            for servers, program, port in (
                (bench.products, [str(Path(sys.executable).parent / "foundling")], _FIRST_PORT + number),
                (bench.anew, [sys.executable, "-m", "tests.bench.unkept"], _FIRST_PORT + 5 + number),
            ):
                command = product(program, environ, name, port, bench.options)
                servers[name] = _run(running, command, scratch)
        _start_peers(running, bench, peers_postgresql)
        base = next(iter(bench.products.values())).base
        asked = [one for one in questions.questions(base, "peers") if bench.options.only in one.name]
        for one in asked:
            body, _ = fetch(base + one.path)
            (scratch / "bodies" / _slug(one)).write_bytes(body)
        argv = [sys.executable, "-m", "tests.bench.constant", str(scratch / "bodies"), str(_FIRST_PORT + 20)]
        argv += ["--workers", str(bench.options.workers)]
        (scratch / "bodies" / "ready").write_bytes(b"ready")
        bench.others[CONSTANT] = _run(
            running, Command(CONSTANT, argv, _FIRST_PORT + 20, "/ready", directory=ROOT), scratch
        )
        _tell_machine(bench, base)
        _tell_starts(bench)
        _tell_questions(bench, asked)
        if bench.options.only in "deep page":
            _tell_deep_page(bench)
        if not without_boxes and bench.options.only in "boxes":
            _tell_boxes(bench)
    if report is not None:
        _write(report, "\n".join(bench.lines))


def _write(report: Path, figures: str) -> None:
    """Puts the figures between the marks of a page that is written by hand, or into a page of their own."""
    before, after = "", ""
    if report.exists():
        before, found, rest = report.read_text(encoding="utf-8").partition(_BEGIN)
        _, _, after = rest.partition(_END)
        if not found:
            raise click.ClickException(f"{report} has no line {_BEGIN}: nothing is overwritten.")
    report.write_text(f"{before}{_BEGIN}\n\n{figures}\n\n{_END}{after or chr(10)}", encoding="utf-8")


def _environ(url: str, data: Path) -> dict[str, str]:
    return {"FOUNDLING_DATABASE_URL": url, "FOUNDLING_READ_DATABASE_URL": "", "FOUNDLING_DATA": str(data)}


def product(program: Sequence[str], environ: Mapping[str, str], name: str, port: int, options: Options) -> Command:
    """`foundling serve` over a database."""
    argv = [*program, "serve", "--port", str(port), "--workers", str(options.workers)]
    told = {**environ, "FOUNDLING_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    return Command(f"foundling-{name}-{port}", argv, port, "/v1/incidents?limit=1", told, ROOT)


def _run(running: ExitStack, command: Command, scratch: Path) -> Running:
    server = command.start(scratch)
    running.callback(server.stop)
    return server


def _start_peers(running: ExitStack, bench: Bench, postgresql: str | None) -> None:
    records, database = bench.scratch / "records.csv", bench.scratch / "peers.sqlite"
    if not records.exists():
        unfinished = records.with_suffix(".unfinished")
        urlretrieve(f"{next(iter(bench.products.values())).base}/v1/incidents.csv?sort=id", unfinished)
        unfinished.rename(records)
    peers.fill_sqlite(records, database)
    programs = {name: peers.install(name, bench.scratch / "venvs") for name in (PEERS if postgresql else PEERS[2:])}
    commands = [peers.datasette(programs["datasette"], database, _FIRST_PORT + 12)]
    if postgresql:
        peers.fill_postgresql(records, postgresql)
        workers = bench.options.workers
        commands.append(peers.tipg(programs["tipg"], postgresql, _FIRST_PORT + 10, workers=workers))
        commands.append(
            peers.pygeoapi(programs["pygeoapi"], postgresql, _FIRST_PORT + 11, workers=workers, folder=bench.scratch)
        )
    for command in commands:
        bench.others[command.name] = _run(running, command, bench.scratch)


def _tell_machine(bench: Bench, base: str) -> None:
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    body, _ = fetch(base + "/v1/incidents?limit=100")
    with closing(sqlite3.connect(bench.scratch / "peers.sqlite")) as connection:
        (records,) = connection.execute("SELECT max(pk) FROM incidents").fetchone()
    packages = ("flask", "gunicorn", "sqlalchemy")
    told = ", ".join(f"{name} {version(name)}" for name in packages)
    python = platform.python_version()
    bench.say(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({processor}), Python {python}, {told}.")
    named = "; ".join(" ".join(peers.PACKAGES[name][:1]) for name in PEERS if name in bench.others)
    bench.say(f"Peers: {named}. {records:,} records; a page of 100 has {len(body):,} bytes.")
    chosen = bench.options
    bench.say(
        f"Medians of {chosen.rounds} interleaved rounds of {chosen.seconds} s, {chosen.connections} connections, "
        f"{chosen.workers} workers; load of the machine at the start {os.getloadavg()[0]:.1f}."
    )


def _tell_starts(bench: Bench) -> None:
    bench.say("\n| server | start to first answer, s | anonymous memory, idle, MB | goals |\n| --- | --- | --- | --- |")
    for name, server in bench.products.items():
        goals = f"≤ {START_GOALS_S[name]:g} s, ≤ {MEMORY_GOALS_MB[name]} MB"
        bench.say(f"| {server.name} | {server.first_answer_s:.2f} | {server.anonymous_mb():.0f} | {goals} |")
    for server in bench.others.values():
        bench.say(f"| {server.name} | {server.first_answer_s:.2f} | {server.anonymous_mb():.0f} | |")


def _tell_questions(bench: Bench, asked: Sequence[Question]) -> None:
    bench.say("\n| question | server | req/s | p50 ms | p99 ms | bad | goals: times its rate |\n" + "| --- " * 7 + "|")
    for question in asked:
        rates = dict(_measure(bench, _targets(bench, question)))
        for name, rate in rates.items():
            goals = [goal for goal in question.goals if goal.database == name.removesuffix(_ANEW)]
            reached = ", ".join(_reached(goal, name, rates) for goal in goals)
            bench.say(
                f"| {question.name} | {name} | {rate.per_s:,.0f} | {rate.p50_ms:.1f} | {rate.p99_ms:.1f} "
                f"| {rate.bad} | {reached} |"
            )


def _targets(bench: Bench, question: Question) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    constant = bench.others[CONSTANT].base
    anew = {f"{name}{_ANEW}": server for name, server in bench.anew.items() if question.name != "304"}
    for name, server in (bench.products | anew).items():
        headers = dict(question.headers)
        if "If-None-Match" in headers:  # each product has a tag of its own
            headers["If-None-Match"] = fetch(server.base + question.path)[1]["ETag"]
        yield name, server.base + question.path, headers
        if question.baseline:
            yield f"{PLAIN} {name}", server.base + question.baseline, {}
    yield CONSTANT, f"{constant}/{'empty' if question.name == '304' else _slug(question)}", {}
    for name, path in question.peers.items():
        if name in bench.others:
            yield name, bench.others[name].base + path, {}


def _measure(bench: Bench, targets: Iterator[tuple[str, str, Mapping[str, str]]]) -> Iterator[tuple[str, Rate]]:
    told, chosen = list(targets), bench.options
    seen: dict[str, list[Rate]] = {name: [] for name, _, _ in told}
    seconds = {}
    for name, url, headers in told:
        warm = wrk(url, headers=headers, connections=1, seconds=1)
        # Long enough for each connection to get some answers; a server that gives none within a second is a slow one.
        slow = math.ceil(_ANSWERS * chosen.connections / warm.per_s) if warm.per_s else _LONGEST_S
        seconds[name] = min(max(chosen.seconds, slow), _LONGEST_S)
    for _ in range(chosen.rounds):
        for name, url, headers in told:
            seen[name].append(wrk(url, headers=headers, connections=chosen.connections, seconds=seconds[name]))
    for name, rates in seen.items():
        yield (
            name,
            Rate(
                statistics.median(rate.per_s for rate in rates),
                statistics.median(rate.p50_ms for rate in rates),
                statistics.median(rate.p99_ms for rate in rates),
                sum(rate.bad for rate in rates),
            ),
        )


def _reached(goal: Goal, name: str, rates: Mapping[str, Rate]) -> str:
    """`name` is that of the product's row."""
    known = {name: one.per_s for name, one in rates.items() if name in PEERS and not one.bad}
    if goal.against == BEST_PEER:
        other = max(known.values(), default=0.0)
    elif goal.against == PLAIN:
        other = rates[f"{PLAIN} {name}"].per_s
    else:
        other = rates[goal.against].per_s if goal.against in rates else 0.0
    if not other:
        return f"{goal.against}: not run"
    ratio = rates[name].per_s / other
    return f"{goal.against} {_mark(is_met=ratio >= goal.least)}{ratio:.2f} (≥ {goal.least:g})"


def _tell_deep_page(bench: Bench) -> None:
    bench.say("\nMilliseconds over one connection, first quartile, no answer kept:\n")
    bench.say(f"| database | page {DEEP_PAGE:,} | page 1 | times (≤ 1.2) |\n| --- | --- | --- | --- |")
    for name, server in bench.anew.items():
        pages = DEEP_PAGE
        while (path := questions.deep_page(server.base, pages)) is None:
            pages //= 10
        deep, first = _both_ms(server, path, "/v1/incidents?limit=100")
        mark = _mark(is_met=deep <= 1.2 * first)
        bench.say(f"| {name}, page {pages:,} | {deep:.2f} | {first:.2f} | {mark}{deep / first:.2f} |")


def _tell_boxes(bench: Bench) -> None:
    sorts = questions.sorts()
    for name, server in bench.anew.items():
        bench.say(f"\n{name}: milliseconds of the first page of 100 over one connection, first quartile,")
        bench.say("by the records that a box holds:\n")
        sizes = list(questions.boxes(bench.scratch / "peers.sqlite"))
        heads = " | ".join(f"{found:,}" for found, _ in sizes)
        bench.say(f"| sort | no box | {heads} | worst / no box (≤ 3) |\n" + "| --- " * (len(sizes) + 3) + "|")
        for sort in sorts:
            page = f"/v1/incidents?limit=100&sort={sort}"
            plain = _quartile_ms(server, page)
            times = [_quartile_ms(server, f"{page}&bbox={box}") for _, box in sizes]
            worst = max(times, default=plain) / plain
            told = " | ".join(f"{one:.1f}" for one in times)
            mark = _mark(is_met=worst <= MOST_TIMES_UNFILTERED)
            bench.say(f"| `{sort}` | {plain:.1f} | {told} | {mark}{worst:.1f} |")


def _both_ms(server: Running, one: str, other: str) -> tuple[float, float]:
    pairs = [(_quartile_ms(server, one), _quartile_ms(server, other)) for _ in range(5)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def _quartile_ms(server: Running, path: str) -> float:
    """The first quartile of some answers over one kept connection, after one that warms: what others disturb least."""
    host = server.base.removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=120)
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) <= _BOX_ROUNDS and (len(times) < 4 or time.perf_counter() - begun < _BOX_PATIENCE_S):
        asked = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - asked) * 1e3)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {path}")
    connection.close()
    return sorted(times[1:])[(len(times) - 1) // 4]


def _mark(*, is_met: bool) -> str:
    return "" if is_met else "**missed** "


def _slug(question: Question) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in question.name)


if __name__ == "__main__":
    main()
