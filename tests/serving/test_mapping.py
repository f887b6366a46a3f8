"""Tiles against brute force: whatever is asked for is there at every zoom, once, and where it belongs."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import parse_qsl

import mapbox_vector_tile
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from api.database.engine import Database
from api.database.reads import columns as reads
from api.database.rows import IncidentVersion
from api.domain.area import EARTH_RADIUS_M
from api.domain.query import MATCHES, IncidentFilter, Match, Sort
from api.domain.tiles import LAST_ZOOM
from api.maps.drawing import written
from api.schemas.parameters.load import load
from api.schemas.parameters.tiles import TileSchema
from api.snapshot.build import build
from api.snapshot.columns import Array, Snapshot
from api.snapshot.places import Places, placed
from api.snapshot.select import matching, versions_of
from api.tiles import clusters
from api.tiles.grid import Tile
from tests.oracle import Oracle, Store
from tests.questions import SCATTERED_AREAS, questions

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5
BY_ID = Sort("id", is_descending=False)
TILES = TileSchema()
ZOOMS = st.integers(0, LAST_ZOOM)

Address = tuple[int, int]


def tile_of(version: IncidentVersion, zoom: int) -> Address:
    """Column and row, by the textbook."""
    size = 2**zoom
    angle = math.radians(min(max(version.lat, -85.06), 85.06))
    x, y = (version.lon + 180) / 360, (1 - math.asinh(math.tan(angle)) / math.pi) / 2
    column, row = (min(max(math.floor(part * size), 0), size - 1) for part in (x, y))
    return column, row


def around(tiles: Iterable[Address], zoom: int) -> set[Address]:
    """Tiles and all of their neighbours; at low zooms, all there are."""
    inside = range(2**zoom)
    if zoom <= 2:
        return set(product(inside, inside))
    steps = list(product((-1, 0, 1), (-1, 0, 1)))
    found = {(x + right, y + down) for x, y in tiles for right, down in steps}
    return {(x, y) for x, y in found if x in inside and y in inside}


class Map:
    """The tiles of one question, as a map reads them."""

    def __init__(self, store: Store, snapshot: Snapshot, where: IncidentFilter, release: int) -> None:
        self._snapshot, self._where, self._release = snapshot, where, release
        self._saying: Array | None = None
        if where.q:
            with store.reader.connect() as connection:
                row_ids = reads.saying(connection, where.q, store.dialect)
            self._saying = versions_of(snapshot, row_ids)
        self.places: Places = placed(snapshot, self._matching(where))

    def layers(self, zoom: int, address: Address) -> dict[str, list[dict[str, Any]]]:
        body = written(self._snapshot, self.places, self._where, Tile(zoom, *address, is_last=zoom == LAST_ZOOM))
        decoded = mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})
        return {name: layer["features"] for name, layer in decoded.items()}

    def asked_by(self, members: str) -> int:
        """How many incidents the filter gives when the parameters of a feature take the place of its own."""
        told = load(TILES, parse_qsl(members, strict_parsing=True), {}).where
        asked = replace(self._where, **{name: getattr(told, name) for name in told.given()})
        return len(self._matching(asked))

    def _matching(self, where: IncidentFilter) -> Array:
        return matching(self._snapshot, where, self._release, saying=self._saying)


def check_map(shown: Map, expected: list[IncidentVersion], zoom: int) -> None:
    counts: Counter[tuple[str, Address]] = Counter()
    for version in expected:
        counts["incidents" if version.precision == "settlement" else "areas", tile_of(version, zoom)] += 1
    found: Counter[tuple[str, Address]] = Counter()
    for address in around((address for _, address in counts), zoom):
        for name, features in shown.layers(zoom, address).items():
            assert len({feature["id"] for feature in features}) == len(features)
            for feature in features:
                assert all(0 <= part < 4096 for part in feature["geometry"]["coordinates"])
                found[name, address] += check_feature(shown, feature["properties"])
    assert found == counts


def check_feature(shown: Map, told: dict[str, Any]) -> int:
    incidents: int = told["incidents"]
    assert ("id" in told) == (incidents == 1)
    if "members" in told:
        assert shown.asked_by(told["members"]) == incidents > 1
    return incidents


@pytest.fixture(scope="module")
def of_filled(filled: Store) -> Snapshot:
    return build(Database(filled.reader, filled.dialect))


@pytest.fixture(scope="module")
def of_scattered(scattered: Store) -> Snapshot:
    return build(Database(scattered.reader, scattered.dialect))


@given(data=st.data(), release=st.integers(1, LATEST))
def test_every_incident_is_in_one_tile_of_every_zoom(
    filled: Store,
    of_filled: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    material: dict[str, list[Any]],
    ids: list[str],
    *,
    data: st.DataObject,
    release: int,
) -> None:
    oracle = oracle_of(filled)
    asked, zoom = data.draw(questions(material, ids)), data.draw(ZOOMS)
    assume(not oracle.is_on_the_line(asked))
    state = filled.states[release - 1]
    check_map(Map(filled, of_filled, asked, release), [state[id_] for id_ in oracle.ids(asked, BY_ID, release)], zoom)


@given(area=SCATTERED_AREAS, match=st.sampled_from(MATCHES), zoom=ZOOMS, most=st.sampled_from([0, 5, 2000]))
def test_points_and_areas_all_over_the_globe_are_where_they_belong(
    scattered: Store,
    of_scattered: Snapshot,
    oracle_of: Callable[[Store], Oracle],
    *,
    area: dict[str, Any],
    match: Match,
    zoom: int,
    most: int,
) -> None:
    oracle, asked = oracle_of(scattered), IncidentFilter(match=match, **area)
    assume(not oracle.is_on_the_line(asked))
    expected = [scattered.states[0][id_] for id_ in oracle.ids(asked, BY_ID, 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clusters, "MOST_AREAS", most)
        check_map(Map(scattered, of_scattered, asked, 1), expected, zoom)


def test_without_match_every_feature_of_several_tells_which_they_are(filled: Store, of_filled: Snapshot) -> None:
    shown = Map(filled, of_filled, IncidentFilter(), LATEST)
    features = [one for some in shown.layers(0, (0, 0)).values() for one in some]
    several = [one["properties"] for one in features if one["properties"]["incidents"] > 1]
    assert len(several) > 20
    assert [told["places"] for told in several if "members" not in told] in ([], [1])


def test_with_match_few_are_named_one_by_one(filled: Store, of_filled: Snapshot) -> None:
    interval = load(TILES, [("datetime", "2010/2020"), ("match", "certain")], {}).where
    told = [
        one["properties"]
        for some in Map(filled, of_filled, interval, LATEST).layers(0, (0, 0)).values()
        for one in some
    ]
    assert [one["members"][:4] for one in told if 1 < one["incidents"] <= 20]
    assert all(one["members"].startswith("ids=") for one in told if 1 < one["incidents"] <= 20)
    assert all("members" not in one for one in told if one["incidents"] > 20)


def test_an_area_tells_its_radius_on_the_screen(new_store: Callable[[], Store], version: Callable[..., Any]) -> None:
    store = new_store()
    quarter_m = round(EARTH_RADIUS_M * math.pi / 2)
    store.append(
        [
            version("PE-2018-0001", point=(10.0, 0.0), uncertainty_m=quarter_m, precision="country"),
            version("PE-2018-0002", point=(10.0, 60.0), uncertainty_m=quarter_m, precision="admin1"),
        ]
    )
    snapshot = build(Database(store.reader, store.dialect))
    found = Map(store, snapshot, IncidentFilter(), 1).layers(0, (0, 0))
    radii = {one["properties"]["precision"]: one["properties"]["radius_z0_px"] for one in found["areas"]}
    assert radii == {"country": pytest.approx(128, abs=0.001), "admin1": pytest.approx(256, abs=0.001)}


def test_narrow_areas_share_a_feature_where_a_tile_has_too_many(
    new_store: Callable[[], Store], version: Callable[..., Any]
) -> None:
    store = new_store()
    points = [(round(-70 + n % 50 * 0.01, 2), round(-10 + n // 50 * 0.01, 2)) for n in range(clusters.MOST_AREAS + 50)]
    versions = [
        version(f"PE-2018-{n:04d}", point=point, uncertainty_m=20_000, precision="admin2", date="2018")
        for n, point in enumerate(points)
    ]
    store.append(versions)
    shown = Map(store, build(Database(store.reader, store.dialect)), IncidentFilter(), 1)
    (features,) = shown.layers(0, (0, 0)).values()
    assert len(features) < 10
    check_map(shown, versions, 0)
    assert len(shown.layers(4, tile_of(versions[0], 4))["areas"]) < 300
    check_map(shown, versions, 4)
    assert sum(one["properties"]["places"] for one in features) == len(points)
    last = shown.layers(LAST_ZOOM, tile_of(versions[0], LAST_ZOOM))["areas"]
    assert {one["properties"]["places"] for one in last} == {1}


def test_clusters_lie_in_the_middle_of_their_incidents(
    new_store: Callable[[], Store], version: Callable[..., Any]
) -> None:
    store = new_store()
    points = [(1.0, 0.0)] * 3 + [(2.0, 0.0)]
    store.append(
        [version(f"PE-2018-{n:04d}", point=at, precision="settlement", uncertainty_m=1) for n, at in enumerate(points)]
    )
    shown = Map(store, build(Database(store.reader, store.dialect)), IncidentFilter(), 1)
    (feature,) = shown.layers(0, (0, 0))["incidents"]
    assert feature["geometry"]["coordinates"] == [math.floor(4096 * (180 + 1.25) / 360), 2048]
    assert feature["properties"] == {
        "incidents": 4,
        "places": 2,
        "uncertainty_m": 1,
        "members": "bbox=1.0,0.0,2.0,0.0&precision=settlement",
    }
    assert len(shown.layers(LAST_ZOOM, tile_of(store.states[0]["PE-2018-0000"], LAST_ZOOM))["incidents"]) == 1
