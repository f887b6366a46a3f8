"""The questions, in each server's dialect, and what is to be reached.

What they are about is taken from the records themselves: the busiest town, its country, a word of middling frequency.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.bench.servers import fetch

CONSTANT, PLAIN = "constant", "uncompressed"
PEERS = ("tipg", "pygeoapi", "datasette")
BEST_PEER = "best peer"
_TIPG = "/collections/public.incidents/items"
_PYGEOAPI = "/collections/incidents/items"
_SORTS = ("date_start", "date_end", "id", "country", "admin1", "category", "uncertainty_m", "updated")
_SIZES = (100, 1_000, 5_000, 20_000, 100_000, 500_000)
_DEEP_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class Goal:
    """At least `least` times the rate of `against`, on that database."""

    database: str
    against: str
    least: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the product's path, the same question to the peers, and the goals."""

    name: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    peers: Mapping[str, str] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    baseline: str = ""
    """Another path of the product that this one is measured against, if not an empty text."""


def questions(product: str, datasette: str) -> list[Question]:
    """What is asked of the product at this address; `datasette` is the name of the peers' SQLite database."""
    about = _subject(product)
    table = f"/{datasette}/incidents.json?_shape=objects"
    box = ",".join(f"{side:.3f}" for side in about.box)
    west, south, east, north = about.box
    columns = f"{table}&_size=100&lon__gte={west}&lon__lte={east}&lat__gte={south}&lat__lte={north}"
    by_date = f"country={about.country}&datetime=2015-01-01/2018-12-31&sort=date_start&limit=100"
    peers_by_date = f"limit=100&country={about.country}&sortby=date_start&datetime="
    datasette_by_date = "&_size=100&date_start__gte=2015-01-01&date_start__lte=2018-12-31&_sort=date_start"
    page = "/v1/incidents?limit=100"
    tag = {"If-None-Match": fetch(product + page)[1]["ETag"]}
    return [
        Question(
            "page of 100",
            page,
            peers={
                "tipg": f"{_TIPG}?f=geojson&limit=100",
                "pygeoapi": f"{_PYGEOAPI}?f=json&limit=100",
                "datasette": f"{table}&_size=100",
            },
            goals=(
                *_goals("sqlite", {CONSTANT: 0.5, "datasette": 12, "tipg": 60}),
                *_goals("postgresql", {CONSTANT: 0.3, "tipg": 35, "pygeoapi": 50}),
            ),
        ),
        Question(
            "page of 1,000",
            "/v1/incidents?limit=1000",
            peers={
                "tipg": f"{_TIPG}?f=geojson&limit=1000",
                "pygeoapi": f"{_PYGEOAPI}?f=json&limit=1000",
                "datasette": f"{table}&_size=1000",
            },
            goals=_on_both({"tipg": 15}),
        ),
        Question(
            "one record",
            f"/v1/incidents/{about.id}",
            peers={
                "tipg": f"{_TIPG}/{about.id}?f=geojson",
                "pygeoapi": f"{_PYGEOAPI}/{about.id}?f=json",
                "datasette": f"{table}&id={about.id}&_size=1",
            },
            goals=_on_both(dict.fromkeys(PEERS, 4)),
        ),
        Question(
            "city box",
            f"/v1/incidents?bbox={box}&limit=100",
            peers={
                "tipg": f"{_TIPG}?f=geojson&limit=100&bbox={box}",
                "pygeoapi": f"{_PYGEOAPI}?f=json&limit=100&bbox={box}",
                "datasette": columns,
            },
            goals=(*_goals("sqlite", {"datasette": 20, "tipg": 40}), *_goals("postgresql", {"tipg": 25})),
        ),
        Question(
            "country and dates, by date",
            f"/v1/incidents?{by_date}",
            peers={
                "tipg": f"{_TIPG}?f=geojson&{peers_by_date}2015-01-01T00:00:00Z/2018-12-31T00:00:00Z",
                "pygeoapi": f"{_PYGEOAPI}?f=json&{peers_by_date}2015-01-01/2018-12-31",
                "datasette": f"{table}&country={about.country}{datasette_by_date}",
            },
            goals=(*_goals("sqlite", {BEST_PEER: 8}), *_goals("postgresql", {BEST_PEER: 5})),
        ),
        Question(
            "full text",
            f"/v1/incidents?q={quote(about.word)}&limit=100",
            peers={"datasette": f"{table}&_size=100&_search={quote(about.word)}"},
            goals=(*_goals("sqlite", {"datasette": 8}), *_goals("postgresql", {"datasette": 2})),
        ),
        Question("304", page, headers=tag, goals=_on_both({CONSTANT: 0.8})),
        Question(
            "gzip page",
            page,
            headers={"Accept-Encoding": "gzip"},
            goals=_on_both({PLAIN: 0.6}),
            baseline=page,
        ),
    ]


def deep_page(product: str, pages: int) -> str | None:
    """The path of page number `pages` of 100, reached by its links; None when there are not as many."""
    path = f"/v1/incidents?limit={_DEEP_LIMIT}"
    for _ in range((pages - 1) * 100 // _DEEP_LIMIT):
        following = json.loads(fetch(product + path)[0])["meta"]["next_cursor"]
        if following is None:
            return None
        path = f"/v1/incidents?limit={_DEEP_LIMIT}&cursor={following}"
    return path.replace(f"limit={_DEEP_LIMIT}", "limit=100")


def boxes(peers_sqlite: Path) -> Iterator[tuple[int, str]]:
    """Boxes round the busiest town that hold about 100, 1,000, … records: how many, and west,south,east,north."""
    connection = sqlite3.connect(f"file:{peers_sqlite}?mode=ro", uri=True)
    busiest = (
        "SELECT lon, lat FROM incidents WHERE abs(lat) < 60 GROUP BY lon, lat ORDER BY count(*) DESC LIMIT 1 OFFSET ?"
    )
    inside = (
        "SELECT count(*) FROM incidents WHERE pk IN (SELECT pk FROM incidents_area "
        "WHERE west >= ? AND east <= ? AND south >= ? AND north <= ?)"
    )
    (rows,) = connection.execute("SELECT count(*) FROM incidents").fetchone()
    for size in _SIZES:
        if size > rows:
            break
        # The smaller the box, the smaller the town that it is drawn round: the busiest alone may hold 40,000.
        lon, lat = connection.execute(busiest, (max(0, 200 - size // 100),)).fetchone() or (0, 0)
        low, high = 0.0, 180.0
        for _ in range(30):
            half = (low + high) / 2
            sides = (max(-180, lon - half), min(180, lon + half), max(-90, lat - half / 2), min(90, lat + half / 2))
            (found,) = connection.execute(inside, sides).fetchone()
            low, high = (half, high) if found < size else (low, half)
            if abs(found - size) <= size / 20:
                break
        west, east, south, north = (f"{side:.6f}" for side in sides)
        yield found, f"{west},{south},{east},{north}"
    connection.close()


def sorts() -> tuple[str, ...]:
    """Every order that the product knows."""
    return tuple(sign + name for name in _SORTS for sign in ("", "-"))


@dataclass(frozen=True, slots=True)
class _Subject:
    id: str
    country: str
    box: tuple[float, float, float, float]
    word: str


def _subject(product: str) -> _Subject:
    rows = json.loads(fetch(f"{product}/v1/incidents?limit=1000")[0])["data"]
    country, _ = Counter(row["country"] for row in rows).most_common(6)[-1]
    (lon, lat), _ = Counter((round(row["lon"], 1), round(row["lat"], 1)) for row in rows).most_common(1)[0]
    return _Subject(rows[50]["id"], country, (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1), _word(product, rows))


def _word(product: str, rows: list[dict[str, str]]) -> str:
    words = Counter(word for row in rows for word in row["title"].lower().split() if len(word) > 5)
    found = {
        word: json.loads(fetch(f"{product}/v1/incidents?q={quote(word)}&limit=1")[0])["meta"]["total"]
        for word, _ in words.most_common(400)[::20]
    }
    return min(found, key=lambda word: abs(found[word] - 1_500))


def _goals(database: str, least: Mapping[str, float]) -> tuple[Goal, ...]:
    return tuple(Goal(database, against, ratio) for against, ratio in least.items())


def _on_both(least: Mapping[str, float]) -> tuple[Goal, ...]:
    return tuple(goal for database in ("sqlite", "postgresql") for goal in _goals(database, least))
