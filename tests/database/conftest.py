"""A database to fill, invented incidents with every nasty case, and an oracle that judges both in plain Python.

The oracle knows the domain and no SQL: the same bodies run on whatever database `new_store` gives.
"""

import itertools
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from geopy.distance import great_circle
from sqlalchemy import Engine

from api.database.append import Changes, IncidentVersion, RegistryEntry, append_release
from api.database.dialects.protocol import Dialect
from api.database.engine import dialect_of
from api.database.upgrade import upgrade
from api.domain.area import EARTH_RADIUS_M, normal_lon
from api.domain.dates import Interval, parse_edtf
from api.domain.folding import fold
from api.domain.query import IncidentFilter, Sort
from api.domain.release import Release

NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)


@dataclass(slots=True)
class Store:
    """A database with its writer and its reader, and what was appended to it, release by release."""

    url: str
    dialect: Dialect
    writer: Engine
    reader: Engine
    states: list[dict[str, IncidentVersion]] = field(default_factory=list)
    since: list[dict[str, int]] = field(default_factory=list)

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

    def close(self) -> None:
        """Lets go of both engines."""
        self.writer.dispose()
        self.reader.dispose()


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Store]]:
    """Makes an empty database with its tables. A further database engine is a further value here."""
    stores: list[Store] = []

    def make() -> Store:
        path = Path(tmp_path_factory.mktemp("store")) / "foundling.sqlite"
        url = f"sqlite:///{path}"
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
def store(new_store: Callable[[], Store]) -> Store:
    """An empty database."""
    return new_store()


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
    (0.001, 51.5), (-0.001, 51.5), (17.08, -22.57), (0.1, 0.1), (1e-5, -1e-5),
]  # fmt: skip
DATES = [
    "2018-11-06", "2018-11", "2018", "2018?", "2018~", "2013", "0001", "9999", "2016-02-29", "2016-02",
    "2017-12-31/2018-01-01", "2013/2018", "2018-12-31", "2019-01-01", "2018-04-25/2018-04-27",
]  # fmt: skip
TEXTS = [
    "", "Newborn sale ring in Arequipa", "Recién nacidos, Ñuñoa", "recien nacidos nunoa", "Straße in Łódź", "N’Djamena",
    "बच्चा बेचना दिल्ली", "ขายเด็ก กรุงเทพ", "新生儿 买卖", "الأطفال", "Продажа младенца", "baby babies BABY-HOME",
    "x y z 2018", "İstanbul ısı", "Ƙaura ɗan", "a" * 300, "½ ﬁ Ⅳ", "newborns AND NOT newborn OR near",
]  # fmt: skip


def make_version(identifier: str, chance: random.Random, **chosen: Any) -> IncidentVersion:
    """An invented incident whose every value is drawn, or chosen."""
    date = parse_edtf(chosen.pop("date", None) or chance.choice(DATES))
    lon, lat = chosen.pop("point", None) or chance.choice(POINTS)
    text = chosen.pop("text", None) or " ".join(chance.sample(TEXTS, 2))
    values: dict[str, Any] = {name: chance.choice(CODES[name]) for name in list(CODES)[:6]}
    for name in ("methods", "purposes"):
        values[name] = tuple(chance.sample(CODES[name], chance.randint(0, 2)))
    values |= {
        "date_start": date.start.isoformat(),
        "date_end": date.end.isoformat(),
        "is_date_certain": date.is_certain,
        "lon": normal_lon(lon),
        "lat": lat,
        "uncertainty_m": chance.choice([0, 1, 3000, 3000, 3000, 90_000, 2_000_000_000]),
        "words": fold(f"{identifier} {text}"),
    }
    values |= chosen
    shown = json.dumps({"id": identifier, "text": text, "salt": chance.random()}, ensure_ascii=False).encode()
    return IncidentVersion(
        id=identifier,
        digest=f"{chance.getrandbits(256):064x}",
        seed_digest="",
        flat=shown,
        document=shown,
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
        versions = list(state.values())
        chance.shuffle(versions)
        assert made.append(versions) is not None, release
    return made


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
            and (asked.datetime is None or self._is_on(version, asked.datetime))
            and (asked.bbox is None or self._is_in_box(version, asked))
            and (asked.near is None or self.distance_m(version, asked) <= asked.near.radius_m)
            and self._says(version, asked.q)
        )

    @staticmethod
    def _is_on(version: IncidentVersion, interval: Interval) -> bool:
        starts_late = interval.end is not None and version.date_start > f"{interval.end:%Y-%m-%d}".rjust(10, "0")
        ends_early = interval.start is not None and version.date_end < f"{interval.start:%Y-%m-%d}".rjust(10, "0")
        return not (starts_late or ends_early)

    @staticmethod
    def _is_in_box(version: IncidentVersion, asked: IncidentFilter) -> bool:
        box = asked.bbox
        assert box is not None
        # Fractions, because a hair west of the meridian is not the meridian.
        west, east, lon = Fraction(box.west), Fraction(box.east), Fraction(version.lon)
        width = 360 if (box.west, box.east) == (-180, 180) else (east - west) % 360
        return box.south <= version.lat <= box.north and (width == 360 or (lon - west) % 360 <= width)

    @staticmethod
    def distance_m(version: IncidentVersion, asked: IncidentFilter) -> float:
        """The way along the sphere."""
        assert asked.near is not None
        way = great_circle((version.lat, version.lon), (asked.near.lat, asked.near.lon), radius=EARTH_RADIUS_M / 1000)
        return float(way.m)

    @staticmethod
    def _says(version: IncidentVersion, words: Sequence[str]) -> bool:
        said = version.words.split()
        return all(word in said for word in words[:-1]) and (
            not words or any(word.startswith(words[-1]) for word in said)
        )

    def is_on_the_line(self, asked: IncidentFilter) -> bool:
        """Whether a point lies so near the circle's edge that two ways of measuring may differ."""
        if asked.near is None:
            return False
        every = itertools.chain.from_iterable(state.values() for state in self._store.states)
        radius_m = asked.near.radius_m
        return any(
            math.isclose(self.distance_m(version, asked), radius_m, rel_tol=1e-7, abs_tol=0.01) for version in every
        )


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
