"""How fast the gazetteer answers: `python tests/bench/bench_geocoding.py`, and with `--memory` what it takes.

Prints; nothing is asserted. Builds the index twice into a temporary folder, opens it, and asks each question often,
with the lookups' small caches emptied before every question: what a file of different places meets.
"""

import lzma
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from api.geocoding.matching import Frame, Matcher, open_matcher

TABLES = Path(__file__).parents[2] / "seeds" / "gazetteer"
ROUNDS = 200
QUESTIONS: dict[str, list[tuple[str, str | None]]] = {
    "exact": [("Trujillo", "PE"), ("Bandung", "ID"), ("Kano", "NG"), ("Nairobi", None), ("Chennai", None)],
    "two parts": [("Trujillo, Peru", None), ("Malang, Indonesia", None), ("Kano, Nigeria", None)],
    "three parts": [("Malang, East Java, Indonesia", None), ("Aba, Abia State, Nigeria", None)],
    "one edit": [("Maidugri, Nigeria", None), ("Pontianka, Indonesia", None), ("Chicclayo, Peru", None)],
    "other script": [("Сан-Хосе-де-Чикитос", "BO"), ("马拉喀什", "MA"), ("نيروبي", "KE")],
    "no place": [("online", None), ("various locations", None), ("unknown", "PE")],
    "nonsense": [("qwzrtplk", None), ("lorem ipsum dolor sit amet", None), ("Xyzzyville, Plughland", None)],
    "nonsense, country": [("qwzrtplk", "PE"), ("Xyzzyville, Indonesia", None)],
}


def main() -> None:
    """Print every figure on a line."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder) / "one.sqlite", Path(folder) / "other.sqlite"
        click.echo(f"build                  {_seconds(lambda: open_matcher(TABLES, one)):10.1f} s")
        open_matcher(TABLES, other)
        content = one.read_bytes()
        click.echo(f"same bytes on repeat   {content == other.read_bytes()!s:>10}")
        click.echo(f"index                  {len(content) / 1e6:10.1f} MB")
        click.echo(f"compressed with xz     {len(lzma.compress(content)) / 1e6:10.1f} MB")
        started = time.perf_counter()
        matcher = open_matcher(TABLES, one)
        matcher.find("Trujillo, Peru")
        click.echo(f"open and first answer  {1000 * (time.perf_counter() - started):10.1f} ms")
        for kind, questions in QUESTIONS.items():
            _print_times(kind, questions, matcher)


def _print_times(kind: str, questions: list[tuple[str, str | None]], matcher: Matcher) -> None:
    times = []
    for text, country in questions * ROUNDS:
        matcher.lookup.named.cache_clear()
        matcher.lookup.nearly_named.cache_clear()
        started = time.perf_counter()
        matcher.find(text, Frame(country))
        times.append(1e6 * (time.perf_counter() - started))
    times.sort()
    click.echo(f"{kind:22} {statistics.median(times):10.0f} µs, p99 {times[int(0.99 * len(times))]:.0f} µs")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    if sys.argv[1:] == ["--memory"]:
        # Apart, because building an index takes more than answering from it; the index must be there already.
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        asked = open_matcher(TABLES, Path("var") / "gazetteer.sqlite")
        for asking in QUESTIONS.values():
            for place, code in asking:
                asked.find(place, Frame(code))
        click.echo(
            f"memory                 {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:10.1f} MB"
        )
    else:
        main()
