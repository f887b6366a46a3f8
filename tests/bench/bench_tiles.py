"""How long tiles take in the process, by zoom and filter: python -m tests.bench.bench_tiles DATABASE_URL.

Each filter at each zoom around one town: `first` is a question that nothing is kept of, `next` another tile of a map
whose places are kept. The answer of the application is timed, with headers and all but the network.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import click
from flask import Flask

from api.app import create_app
from api.domain.tiles import LAST_ZOOM
from api.serving.kept import KeptAnswers
from api.serving.state import kept_places
from api.settings import Settings

FILTERS = (
    "",
    "country=NG",
    "category=baby_factory&datetime=2018",
    "bbox=-10,-10,40,30&match=possible",
    "near=3.4,6.5&radius_m=500000&match=certain",
    "max_uncertainty_m=25000&verification=multiple_sources",
    "q=kraf",
)
TOWN = (3.393, 0.4818)
"""Its longitude, and how far down the square world it lies."""

_ROUNDS = 9
_READY_S = 120


@click.command()
@click.argument("database_url")
@click.option("--data", type=click.Path(path_type=Path), help="Where a snapshot is, or is to be; else a new folder.")
def main(database_url: str, data: Path | None) -> None:
    """Time the tiles of DATABASE_URL."""
    settings = Settings(data or Path(mkdtemp()), database_url=database_url, public_url="http://127.0.0.1", threads=2)
    app = create_app(settings)
    _wait(app)
    click.echo(f"{'filter':55} zoom  first ms  next ms      KB")
    for query in FILTERS:
        for zoom in range(LAST_ZOOM + 1):
            _measure(app, zoom, query)


def _wait(app: Flask) -> None:
    end = time.monotonic() + _READY_S
    while app.test_client().get("/v1/tiles/0/0/0.mvt").status_code == 503:
        assert time.monotonic() < end, "the snapshot took too long"
        time.sleep(1)


def _measure(app: Flask, zoom: int, query: str) -> None:
    client, state, size = app.test_client(), app.extensions["foundling"], 2**zoom
    path = f"/v1/tiles/{zoom}/{int((TOWN[0] + 180) / 360 * size)}/{int(TOWN[1] * size)}.mvt?{query}"
    body = b""

    def forget_answers() -> None:
        state.answers = KeptAnswers()

    def forget_all() -> None:
        forget_answers()
        state.places = kept_places()

    def ask() -> None:
        nonlocal body
        answer = client.get(path)
        assert answer.status_code == 200, answer.get_data()
        body = answer.get_data()

    first, following = _median_ms(forget_all, ask), _median_ms(forget_answers, ask)
    click.echo(f"{query:55} {zoom:4} {first:9.1f} {following:8.1f} {len(body) / 1000:7.1f}")


def _median_ms(prepare: Callable[[], None], ask: Callable[[], None]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        prepare()
        begin = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - begin))
    return statistics.median(taken)


if __name__ == "__main__":
    main()
