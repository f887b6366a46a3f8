"""What may be asked of invented incidents, for Hypothesis to draw: every filter, with values that hit and that miss."""

import math
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import strategies as st

from api.domain.area import HALF_ROUND_M, MAX_RADIUS_M, Circle, parse_bbox
from api.domain.dates import Interval
from api.domain.folding import fold
from api.domain.query import MATCHES, SORT_KEYS, IncidentFilter, Sort
from tests.oracle import Store

# Drawn from what the incidents are made of, and from what none has.
_WORDS = [
    "newborn", "newb", "n", "recien", "nunoa", "strasse", "lodz", "ndjamena", "baby", "babies", "home", "2018", "pe",
    "बच्चा", "दिल्ली", "ขายเด็ก", "新生儿", "买", "الأطفال", "продажа", "istanbul", "kaura", "dan", "aaaa", "1", "fi",
    "iv", "and", "not", "or", "near", "absent", "x", "0001", "младен", "ı", "½",
]  # fmt: skip


def _some(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    picked = st.lists(st.sampled_from([*values, "absent"]), min_size=1, max_size=3, unique=True)
    return st.just(()) | picked.map(lambda codes: tuple(sorted(codes)))


_days = st.sampled_from(
    [date(2018, 1, 1), date(2018, 11, 6), date(2017, 12, 31), date(2016, 2, 29), date(1, 1, 1), date(9999, 12, 31)]
) | st.dates(date(2012, 1, 1), date(2020, 1, 1))
_intervals = (
    st.builds(lambda a, b: Interval(min(a, b), max(a, b)), _days, _days)
    | st.builds(Interval, _days, st.none())
    | st.builds(Interval, st.none(), _days)
)
_lon = st.sampled_from([-180.0, 180.0, 0.0, 179.9, -179.9, 179.999, 170.0, -170.0, -71.537, 200.0, -200.0, 1e-5])
_lat = st.sampled_from([-90.0, 90.0, 0.0, -16.399, -17.0, 89.99, 51.5, 6.455, -1e-5])
_any_lon, _any_lat = _lon | st.floats(-360, 360), _lat | st.floats(-90, 90)
_boxes = st.builds(lambda w, e, a, b: parse_bbox([w, min(a, b), e, max(a, b)]), _any_lon, _any_lon, _any_lat, _any_lat)
_radii = st.sampled_from([0.5, 1000.0, 30_000.0, 500_000.0, 5_000_000.0, 10_007_000.0, 19_900_000.0, MAX_RADIUS_M])
_circles = st.builds(
    Circle, st.sampled_from([-180.0, 180.0, 0.0, 179.95, -71.537, 3.4]) | st.floats(-180, 180), _any_lat,
    _radii.map(float) | st.floats(1, MAX_RADIUS_M),
)  # fmt: skip
_words = st.lists(st.sampled_from(_WORDS).map(fold).filter(bool), max_size=3).map(
    lambda texts: tuple(word for text in texts for word in text.split())
)
SORTS = st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans())


@st.composite
def questions(draw: st.DrawFn, material: dict[str, list[Any]], ids: list[str]) -> IncidentFilter:
    # Few filters at a time, or nothing would ever match.
    filters: dict[str, st.SearchStrategy[Any]] = {
        name: _some(material[name]) for name in ("country", "category", "outcome", "precision", "verification")
    }
    filters |= {
        "admin1": _some(material["admin1"][1:]),
        "method": _some(material["methods"]),
        "purpose": _some(material["purposes"]),
        "datetime": _intervals,
        "bbox": _boxes,
        "near": _circles,
        "max_uncertainty_m": st.sampled_from([0.0, 0.5, 1.0, 2999.9, 3000.0, 90_000.0, 1e6, float(MAX_RADIUS_M)]),
        "q": _words,
        "ids": st.lists(st.sampled_from(ids), min_size=1, max_size=60, unique=True).map(tuple),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(filters)), max_size=4, unique=True))
    match = draw(st.sampled_from(MATCHES))
    return IncidentFilter(match=match, **{name: draw(filters[name]) for name in chosen})


_widths = st.sampled_from([0.0, 1e-4, 0.5, 179.999, 180.0, 180.001, 359.9, 360.0]) | st.floats(0, 360)
_scattered_boxes = _boxes | st.builds(
    lambda west, width, a, b: parse_bbox([west, min(a, b), west + width, max(a, b)]), _any_lon, _widths, _any_lat,
    _any_lat,
)  # fmt: skip
SCATTERED_AREAS = _scattered_boxes.map(lambda box: {"bbox": box}) | _circles.map(lambda circle: {"near": circle})


@pytest.fixture(scope="session")
def ids(filled: Store) -> list[str]:
    """Every id that any release held, and one that none did."""
    return sorted({id_ for state in filled.states for id_ in state} | {"ZZ-1900-0001"})


@pytest.fixture(scope="session")
def scattered(new_store: Callable[[], Store], version: Callable[..., Any]) -> Store:
    """Disks of every size all over the globe, many at the poles and at the antimeridian."""
    chance = random.Random(90180)

    def lon() -> float:
        near_the_antimeridian = chance.choice([-1, 1]) * (180 - 10 ** chance.uniform(-5, 1))
        return chance.choice([near_the_antimeridian, chance.uniform(-180, 180), chance.randint(-18, 17) * 10.0])

    def lat() -> float:
        near_a_pole = chance.choice([-1, 1]) * (90 - 10 ** chance.uniform(-5, 1.3))
        anywhere = math.degrees(math.asin(chance.uniform(-1, 1)))
        return chance.choice([near_a_pole, anywhere, anywhere, chance.randint(-9, 9) * 10.0])

    def reach_m() -> int:
        a_quarter, a_half = (int(chance.uniform(0.9, 1.1) * part * HALF_ROUND_M) for part in (0.5, 1))
        return chance.choice([0, a_quarter, a_half, *(int(10 ** chance.uniform(0, 7.3)) for _ in range(6))])

    store = new_store()
    store.append(
        [version(f"PE-2018-{n:04d}", point=(lon(), lat()), uncertainty_m=reach_m(), date="2018") for n in range(150)]
    )
    return store
