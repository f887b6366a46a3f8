"""A database to fill, invented incidents with every nasty case, and an oracle that judges both in plain Python.

The oracle knows the domain and no SQL: the same bodies run on whatever database `new_store` gives.
"""

import itertools
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

import pytest
from geopy.distance import great_circle
from sqlalchemy import Engine, event, update

from api.curation import tombstone
from api.curation.claims import marked
from api.database.append import Changes, RegistryEntry, append_release
from api.database.dialects.protocol import Dialect
from api.database.engine import dialect_of
from api.database.redact import Tombstone, apply
from api.database.rows import IncidentVersion
from api.database.tables import redaction
from api.database.upgrade import upgrade
from api.domain.area import EARTH_RADIUS_M, HALF_ROUND_M, Bbox, Circle, normal_lon
from api.domain.dates import Interval, parse_edtf
from api.domain.folding import fold
from api.domain.query import IncidentFilter, Sort
from api.domain.redaction import Redaction
from api.domain.release import Release
from tests.postgresql import drop

NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)


@dataclass(slots=True)
class Store:
    """A database with its writer and its reader, and what was appended to it, release by release."""

    url: str
    dialect: Dialect
    writer: Engine
    reader: Engine
    # Not shown: hypothesis would rather fail than print them all.
    states: list[dict[str, IncidentVersion]] = field(default_factory=list, repr=False)
    since: list[dict[str, int]] = field(default_factory=list, repr=False)

    def append(
        self, versions: Sequence[IncidentVersion], entries: Sequence[RegistryEntry] = (), *, now: datetime = NOW
    ) -> tuple[Release, Changes] | None:
        """Appends a state, and remembers it when it made a release."""
        moment = now + timedelta(days=len(self.states))
        done = append_release(self.writer, self.dialect, versions=versions, entries=entries, now=moment)
        if done is not None:
            before, known = (self.states[-1], self.since[-1]) if self.states else ({}, {})
            state = {version.id: version for version in versions}
            number = len(self.states) + 1
            self.since.append(
                {id_: known[id_] if before.get(id_) == version else number for id_, version in state.items()}
            )
            self.states.append(state)
        return done

    def redact(self, version: IncidentVersion) -> None:
        """Puts a version in the place of every stored one of its id."""
        apply(self.writer, self.dialect, [Tombstone(version, "privacy", "2026-11-24")])
        with self.writer.begin() as connection:  # as if before the first release: /v1/changes tells of later ones
            connection.execute(update(redaction).values(release=0))
        for state in self.states:
            if version.id in state:
                state[version.id] = version

    def close(self) -> None:
        """Lets go of both engines, and of a server's copy."""
        self.writer.dispose()
        self.reader.dispose()
        if self.url.startswith("postgresql:"):
            drop(self.url)


@pytest.fixture(scope="session")
def new_store(new_url: Callable[[], str]) -> Iterator[Callable[[], Store]]:
    """Makes an empty database with its tables."""
    stores: list[Store] = []

    def make() -> Store:
        url = new_url()
        dialect = dialect_of(url)
        writer = dialect.open_writer()
        upgrade(writer)
        store = Store(url, dialect, writer, dialect.open_reader(threads=2))
        stores.append(store)
        return store

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Iterator[Store]:
    """An empty database."""
    made = new_store()
    yield made
    made.close()


# What the invented incidents are made of, and the questions too.
CODES: dict[str, list[str]] = {
    "country": ["PE", "NG", "ID", "NA", "FJ"],
    "admin1": ["", "PE-ARE", "NG-LA", "ID-JI", "FJ-N"],
    "category": ["infant_sale_ring", "baby_factory", "other"],
    "outcome": ["reported", "released", "convicted"],
    "precision": ["settlement", "admin2", "admin1", "country"],
    "verification": ["single_source", "multiple_sources", "official_record"],
    "methods": ["purchase_from_parent", "clinic_cover", "abduction", "document_forgery"],
    "purposes": ["illegal_adoption", "resale"],
}
POINTS = [
    (0.0, 0.0), (-180.0, 0.0), (179.999, 0.0), (-179.999, 0.0), (180.0, -17.0), (-180.0, -17.0), (179.9, -16.5),
    (-179.9, -16.5), (0.0, 90.0), (123.4, 90.0), (0.0, -90.0), (-77.0, -90.0), (10.0, 89.99), (-170.0, 89.99),
    (-71.537, -16.399), (-71.537, -16.399), (-71.537, -16.399), (3.393, 6.455), (112.751, -7.249), (0.0, 51.5),
    (0.001, 51.5), (-0.001, 51.5), (17.08, -22.57), (0.1, 0.1), (1e-5, -1e-5), (-71.537, -16.399), (-71.537, -16.399),
    (178.0, 64.0), (-176.5, 66.0), (179.5, -52.0), (-179.99, 71.2), (90.0, 84.0), (-90.0, -79.5), (12.0, -88.0),
    (108.463, 16.399), (-68.0, 71.0), (150.0, -60.0),
]  # fmt: skip
REACHES_M = [
    0, 0, 1, 3000, 3000, 3000, 40_000, 90_000, 1_000_000, 5_000_000, 12_000_000, 20_015_000, 20_016_000, 2_000_000_000,
]  # fmt: skip
DATES = [
    "2018-11-06", "2018-11", "2018", "2018?", "2018~", "2013", "0001", "9999", "2016-02-29", "2016-02",
    "2018-11-06?", "2018-11~", "2018%", "2018-04?/2018-06",
    "2017-12-31/2018-01-01", "2013/2018", "2018-12-31", "2019-01-01", "2018-04-25/2018-04-27",
]  # fmt: skip
TEXTS = [
    "", "Newborn sale ring in Arequipa", "Recién nacidos, Ñuñoa", "recien nacidos nunoa", "Straße in Łódź", "N’Djamena",
    "बच्चा बेचना दिल्ली", "ขายเด็ก กรุงเทพ", "新生儿 买卖", "الأطفال", "Продажа младенца", "baby babies BABY-HOME",
    "x y z 2018", "İstanbul ısı", "Ƙaura ɗan", "a" * 300, "½ ﬁ Ⅳ", "newborns AND NOT newborn OR near",
]  # fmt: skip

CITED = [
    {"id": "court", "publisher_kind": "court", "kind": "overview"},
    {"id": "original", "publisher_kind": "press", "kind": "original"},
    {"id": "copy", "publisher_kind": "press", "kind": "copy"},
    {"id": "overview", "publisher_kind": "ngo", "kind": "overview"},
]
CURRENCIES: dict[str, list[str | None]] = {
    "arrested": [None],
    "children_recovered": [None],
    "price_per_child": ["PEN", "NGN"],
    "sentence_years": [None],
}


def make_figures(chance: random.Random) -> list[dict[str, Any]]:
    """Invented claims of a few measures: they agree, disagree, grow, leave ends open."""
    figures = []
    for measure in chance.choices(list(CURRENCIES), k=chance.choice([0, 0, 1, 2, 3, 6])):
        low, best, high = sorted(chance.choice([0, 1, 2, 3, 5, 8, 1000, 16_777_217]) for _ in range(3))
        kept = chance.choice([(1, 1, 1), (0, 1, 0), (0, 1, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1), (1, 0, 1), (1, 1, 0)])
        part = 0.1 if measure == "price_per_child" else 1
        drawn = zip((low, best, high), kept, strict=True)
        numbers = [number * part if is_kept else None for number, is_kept in drawn]
        figures.append(
            {"measure": measure, "low": numbers[0], "best": numbers[1], "high": numbers[2]}
            | {"currency": chance.choice(CURRENCIES[measure])}
            | {"as_of": chance.choice([None, "2018", "2018-11", "2018-11-06", "2018-11-06", "2019-01-01"])}
            | {"sources": chance.sample([str(one["id"]) for one in CITED], chance.randint(1, 2))}
        )
    return figures


def make_version(identifier: str, chance: random.Random, **chosen: Any) -> IncidentVersion:
    """An invented incident whose every value is drawn, or chosen."""
    when = parse_edtf(chosen.pop("date", None) or chance.choice(DATES))
    lon, lat = chosen.pop("point", None) or chance.choice(POINTS)
    text = chosen.pop("text", None) or " ".join(chance.sample(TEXTS, 2))
    values: dict[str, Any] = {name: chance.choice(CODES[name]) for name in list(CODES)[:6]}
    for name in ("methods", "purposes"):
        values[name] = tuple(chance.sample(CODES[name], chance.randint(0, 2)))
    values |= {
        "date_start": when.start.isoformat(),
        "date_end": when.end.isoformat(),
        "is_date_certain": when.is_certain,
        "lon": normal_lon(lon),
        "lat": lat,
        "uncertainty_m": chance.choice(REACHES_M),
        "words": fold(f"{identifier} {text}"),
    }
    values |= chosen
    place = {"country": values["country"], "text": text, "gazetteer_id": "test:1"}
    told: dict[str, Any] = {
        "id": identifier,
        "text": text,
        "salt": chance.random(),
        "place": place,
        "other_places": [],
        "sources": [],
    }
    sorted_by = ("date_start", "date_end", "country", "admin1", "category", "uncertainty_m")
    flat = told | {name: values[name] for name in sorted_by} | {"admin1": values["admin1"] or None}
    told["figures"] = make_figures(random.Random(f"{identifier} {told['salt']}"))
    return IncidentVersion(
        id=identifier,
        digest=f"{chance.getrandbits(256):064x}",
        seed_digest="",
        flat=json.dumps(flat, ensure_ascii=False).encode(),
        document=json.dumps(told, ensure_ascii=False).encode(),
        figures=marked(told["figures"], CITED),
        **values,
    )


@pytest.fixture(scope="session")
def version() -> Callable[..., IncidentVersion]:
    """Makes an invented incident: an id, a seed, and anything that is to be chosen."""

    def make(identifier: str, seed: int = 0, **chosen: Any) -> IncidentVersion:
        return make_version(identifier, random.Random(f"{identifier} {seed}"), **chosen)

    return make


@pytest.fixture(scope="session")
def filled(new_store: Callable[[], Store]) -> Store:
    """Five releases of some two hundred incidents that enter, change, leave and come back."""
    chance = random.Random(20181106)
    made = new_store()
    numbers = list(range(1, 221))
    chance.shuffle(numbers)
    # Ids of several lengths, cases and countries, in no order, so that nothing agrees with the order of entry.
    pool = [f"{chance.choice(CODES['country'])}-{2010 + n % 9}-{n:04d}{'9' * (n % 3)}" for n in numbers]
    state: dict[str, IncidentVersion] = {}
    for release in range(1, 6):
        leaving = [id_ for id_ in state if chance.random() < 0.15]
        changing = [id_ for id_ in state if chance.random() < 0.25]
        entering = [id_ for id_ in pool if id_ not in state and chance.random() < 0.6]
        state = {id_: version for id_, version in state.items() if id_ not in leaving}
        state |= {id_: make_version(id_, chance) for id_ in [*sorted(set(changing) - set(leaving)), *entering]}
        state = {id_: replace(one, duplicates=_some_other(id_, pool)) for id_, one in state.items()}
        versions = list(state.values())
        chance.shuffle(versions)
        assert made.append(versions) is not None, release
    for identifier in chance.sample(sorted(state), 3):
        made.redact(tombstone.build(Redaction(identifier, "privacy", "2026-11-24", "other", identifier[:2], "2018")))
    return made


def _some_other(identifier: str, pool: Sequence[str]) -> tuple[str, ...]:
    chance = random.Random(identifier)
    return (chance.choice(pool),) if chance.random() < 0.1 else ()


class Oracle:
    """What a question should give: brute force over what was appended."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ids(self, asked: IncidentFilter, sort: Sort, release: int) -> list[str]:
        """Ids of the incidents that a release held and that are asked for, in order."""
        found = [v for v in self._store.states[release - 1].values() if self.matches(v, asked)]
        found.sort(key=lambda v: (self._key(v, sort.key, release), v.id), reverse=sort.is_descending)
        return [version.id for version in found]

    def _key(self, version: IncidentVersion, key: str, release: int) -> Any:
        return self._store.since[release - 1][version.id] if key == "updated" else getattr(version, key)

    def matches(self, version: IncidentVersion, asked: IncidentFilter) -> bool:
        """Whether an incident is asked for, filter by filter."""
        return (
            all(
                not getattr(asked, name) or getattr(version, name) in getattr(asked, name)
                for name in ("country", "admin1", "category", "outcome", "precision", "verification")
            )
            and (not asked.method or not set(asked.method).isdisjoint(version.methods))
            and (not asked.purpose or not set(asked.purpose).isdisjoint(version.purposes))
            and (not asked.ids or version.id in asked.ids)
            and (asked.datetime is None or self._is_on(version, asked.datetime, asked.match))
            and (asked.bbox is None or self._is_in_box(version, asked.bbox, asked.match))
            and (asked.near is None or self._is_in_circle(version, asked.near, asked.match))
            and (asked.max_uncertainty_m is None or version.uncertainty_m <= asked.max_uncertainty_m)
            and self._says(version, asked.q)
        )

    @staticmethod
    def _is_on(version: IncidentVersion, interval: Interval, match: str) -> bool:
        first, last = (date.fromisoformat(day) for day in (version.date_start, version.date_end))
        least, most = interval.start or date.min, interval.end or date.max
        if match == "certain":
            return version.is_date_certain and least <= first and last <= most
        return least <= last and first <= most

    @staticmethod
    def _is_in_box(version: IncidentVersion, box: Bbox, match: str) -> bool:
        point, reach_m = (version.lon, version.lat), version.uncertainty_m
        if match == "possible":
            return to_box_m(point, box) <= reach_m or reach_m > HALF_ROUND_M
        return is_in_box(point, box) and (match == "point" or reach_m == 0 or to_edge_m(point, box) >= reach_m)

    @staticmethod
    def _is_in_circle(version: IncidentVersion, circle: Circle, match: str) -> bool:
        way_m, reach_m = to_centre_m(version, circle), version.uncertainty_m
        if match == "certain":
            return circle.radius_m > HALF_ROUND_M or way_m + reach_m <= circle.radius_m
        return way_m <= circle.radius_m + (reach_m if match == "possible" else 0)

    @staticmethod
    def _says(version: IncidentVersion, words: Sequence[str]) -> bool:
        said = version.words.split()
        return all(word in said for word in words[:-1]) and (
            not words or any(word.startswith(words[-1]) for word in said)
        )

    def is_on_the_line(self, asked: IncidentFilter) -> bool:
        """Whether a point or a disk comes so near an edge that two ways of measuring may differ."""
        every = itertools.chain.from_iterable(state.values() for state in self._store.states)
        different = {(one.lon, one.lat, one.uncertainty_m): one for one in every}
        return any(
            math.isclose(way_m, edge_m, rel_tol=1e-7, abs_tol=0.01)
            for version in different.values()
            for way_m, edge_m in self._near_ties(version, asked)
        )

    @staticmethod
    def _near_ties(version: IncidentVersion, asked: IncidentFilter) -> Iterator[tuple[float, float]]:
        point, reach_m, circle, box = (version.lon, version.lat), version.uncertainty_m, asked.near, asked.bbox
        if circle is not None:
            sign = {"point": 0, "possible": 1, "certain": -1}[asked.match]
            yield to_centre_m(version, circle), circle.radius_m + sign * reach_m
        # To lie in a box is a comparison of numbers, which has no ties; only ways have.
        if box is not None and asked.match == "possible" and to_box_m(point, box) > 0:
            yield to_box_m(point, box), reach_m
        if box is not None and asked.match == "certain" and reach_m > 0 and is_in_box(point, box):
            yield to_edge_m(point, box), reach_m


def to_centre_m(version: IncidentVersion, circle: Circle) -> float:
    """The way along the sphere, as geopy measures it."""
    return float(great_circle((version.lat, version.lon), (circle.lat, circle.lon), radius=EARTH_RADIUS_M / 1000).m)


def is_in_box(point: tuple[float, float], box: Bbox) -> bool:
    """By the numbers of the point. Fractions, because a hair west of the meridian is not the meridian."""
    lon, lat = point
    return box.south <= lat <= box.north and (Fraction(lon) - Fraction(box.west)) % 360 <= _width(box)


@lru_cache(maxsize=50_000)
def to_box_m(point: tuple[float, float], box: Bbox) -> float:
    """The way to the nearest point of a box: 0 inside, and for a pole that the box reaches."""
    if is_in_box(point, box) or (abs(point[1]) == 90 and point[1] in (box.south, box.north)):
        return 0.0
    return min(_to_sides_m(point, box), _to_parallel_m(point, box, box.south), _to_parallel_m(point, box, box.north))


@lru_cache(maxsize=50_000)
def to_edge_m(point: tuple[float, float], box: Bbox) -> float:
    """The way from a point of a box to the rest of the world; infinite when the box leaves nothing over."""
    ways = [math.inf]
    if _width(box) < 360:
        ways.append(_to_sides_m(point, box))
    if box.south > -90:
        ways.append(_to_parallel_m(point, box, box.south))
    if box.north < 90:
        ways.append(_to_parallel_m(point, box, box.north))
    return min(ways)


def _width(box: Bbox) -> Fraction:
    if (box.west, box.east) == (-180, 180):
        return Fraction(360)
    return (Fraction(box.east) - Fraction(box.west)) % 360


def _to_sides_m(point: tuple[float, float], box: Bbox) -> float:
    return min(_to_side_m(point, box, lon) for lon in (box.west, box.east))


def _to_side_m(point: tuple[float, float], box: Bbox, lon: float) -> float:
    return _least(lambda lat: _way_m(point, (lon, lat)), box.south, box.north)


def _to_parallel_m(point: tuple[float, float], box: Bbox, lat: float) -> float:
    # All the way round there is no edge to start from: the far side is as good as any, and never the nearest.
    west = point[0] - 180 if _width(box) == 360 else box.west
    return _least(lambda lon: _way_m(point, (lon, lat)), west, west + float(_width(box)))


def _least(way: Callable[[float], float], start: float, end: float) -> float:
    """The least value from start to end: look at many places, then close in on the best of them."""
    places = [start + (end - start) * step / 40 for step in range(41)]
    best = min(range(41), key=lambda step: way(places[step]))
    low, high = places[max(best - 1, 0)], places[min(best + 1, 40)]
    for _ in range(70):
        third = (high - low) / 3
        low, high = (low, high - third) if way(low + third) < way(high - third) else (low + third, high)
    return min(way(places[best]), way(low), way(high))


def _way_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the sphere, by the formula that is exact near and far (Vincenty's, for a sphere)."""
    turn, here, there = math.radians(other[0] - one[0]), math.radians(one[1]), math.radians(other[1])
    side = math.cos(there) * math.sin(turn)
    rise = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(turn)
    ahead = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(turn)
    return math.atan2(math.hypot(side, rise), ahead) * EARTH_RADIUS_M


@pytest.fixture(scope="session")
def oracle_of() -> Callable[[Store], Oracle]:
    """The judge of a database."""
    return Oracle


@pytest.fixture(scope="session")
def material() -> dict[str, list[Any]]:
    """What invented incidents are made of: codes by column, points, dates, texts."""
    return {**CODES, "points": POINTS, "dates": DATES, "texts": TEXTS}


@pytest.fixture(scope="session")
def changed() -> Callable[[IncidentVersion], IncidentVersion]:
    """The next version of an incident, which differs in its text alone."""

    def change(version: IncidentVersion) -> IncidentVersion:
        return replace(version, digest=version.digest[::-1], flat=version.flat.replace(b'"salt"', b'"salts"'))

    return change


@pytest.fixture(scope="session")
def plan() -> Callable[[Engine, Callable[[Any], object]], list[str]]:
    """The steps by which SQLite answers every statement that a question sends."""
    return _plan


def _plan(engine: Engine, ask: Callable[[Any], object]) -> list[str]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection)
        event.remove(connection, "before_cursor_execute", note)
        steps: list[str] = []
        for statement, parameters in sent:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row.detail for row in rows]
    assert steps
    return steps
