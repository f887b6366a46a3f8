"""Disks as polygons hold what lies in the disk, and are what RFC 7946 asks of polygons."""

import math
from itertools import pairwise

import h3
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from api.domain.area import EARTH_RADIUS_M, HALF_ROUND_M, unit_vector
from api.domain.outline import Polygon, Position, Ring, enclosed, outline

LONS = st.one_of(st.floats(-180, 179.999), st.sampled_from([-180.0, 179.99, 0.0, -0.001]))
LATS = st.one_of(st.floats(-90, 90), st.sampled_from([90.0, -90.0, 89.9, -89.9, 0.0]))
RADII = st.one_of(st.floats(1, HALF_ROUND_M * 1.01), st.floats(1000, 3_000_000), st.sampled_from([10_007_543.0]))


def distance_m(one: Position, other: Position) -> float:
    chord = math.dist(unit_vector(*one), unit_vector(*other))
    return 2 * math.asin(min(1.0, chord / 2)) * EARTH_RADIUS_M


def holds(polygons: list[Polygon], point: Position) -> int:
    """In how many polygons a point lies (even and odd crossings of each)."""
    return sum(sum(crossings(ring, point) for ring in polygon) % 2 for polygon in polygons)


def crossings(ring: Ring, point: Position) -> int:
    x, y = point
    return sum(
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in pairwise(ring)
    )


@given(LONS, LATS, RADII, st.floats(-179.99, 179.99), st.floats(-89.99, 89.99))
@example(179.5, 0.0, 200_000.0, -179.0, 0.5)
@example(0.0, 89.0, 300_000.0, 179.9, 88.5)
@example(-180.0, 90.0, 1_000_000.0, 10.0, 85.0)
@example(10.0, -20.0, 15_000_000.0, -170.0, 20.0)
def test_a_point_lies_in_the_polygon_when_it_lies_in_the_disk(
    lon: float, lat: float, radius_m: float, east: float, north: float
) -> None:
    distance = distance_m((lon, lat), (east, north))
    # Between its corners the polygon is narrower than the disk, and its edges are straight in degrees.
    width = min(radius_m, max(HALF_ROUND_M - radius_m, 0.0))
    assume(abs(distance - radius_m) > 0.03 * width + 1)
    assert holds(outline(lon, lat, radius_m), (east, north)) == (distance < radius_m)


@given(LONS, LATS, RADII)
@example(0.0, 10.0, 15_000_000.0)
@example(5.0, -40.0, 18_000_000.0)
def test_rings_are_closed_within_the_map_and_turn_as_they_should(lon: float, lat: float, radius_m: float) -> None:
    for polygon in outline(lon, lat, radius_m):
        for number, ring in enumerate(polygon):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
            turned = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
            assert number == 0 or all(abs(x) < 180 for x, _ in ring), "a hole that touches the edge is no hole"
            if radius_m > 1000:
                assert (turned > 0) == (number == 0), "outer rings run counter-clockwise, holes clockwise"


@given(LONS, st.floats(-60, 60), st.floats(1000, 1_000_000))
def test_corners_away_from_the_edge_of_the_map_lie_on_the_circle(lon: float, lat: float, radius_m: float) -> None:
    corners = [one for (ring,) in outline(lon, lat, radius_m) for one in ring if abs(one[0]) < 180]
    assert all(distance_m((lon, lat), corner) == pytest.approx(radius_m, abs=1) for corner in corners)


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m", "parts"),
    [(0, 0, 50_000, 1), (179.9, 0, 50_000, 2), (-180, -45, 50_000, 2), (179.9, 89.9, 50_000, 1), (0, 0, 20_037_508, 1)],
)
def test_what_crosses_the_antimeridian_is_cut_and_what_holds_a_pole_is_not(
    lon: float, lat: float, radius_m: float, parts: int
) -> None:
    polygons = outline(lon, lat, radius_m)
    assert len(polygons) == parts
    if parts == 2:
        (west,), (east,) = sorted(polygons, key=lambda polygon: max(x for x, _ in polygon[0]))
        assert min(x for x, _ in west) == -180
        assert max(x for x, _ in west) < 0 < min(x for x, _ in east)
        assert max(x for x, _ in east) == 180


def test_a_cap_reaches_from_edge_to_edge_and_to_its_pole() -> None:
    ((ring,),) = outline(30, 85, 1_000_000)
    assert {(-180, 90), (180, 90)} <= set(ring)
    assert min(y for _, y in ring) == pytest.approx(85 - math.degrees(1_000_000 / EARTH_RADIUS_M), abs=0.01)


def test_no_radius_at_all_is_a_metre_and_the_whole_globe_is_the_map() -> None:
    assert outline(10, 10, 0) == outline(10, 10, 1)
    assert outline(1, 2, HALF_ROUND_M) == [[[(-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)]]]


def corners(cell: str) -> Ring:
    return [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]


def halfway(one: Position, other: Position) -> Position:
    x, y, z = (a + b for a, b in zip(unit_vector(*one), unit_vector(*other), strict=True))
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


@given(LONS, LATS, st.integers(0, 5))
@example(180.0, 10.0, 0)
@example(-179.9, -17.0, 2)
@example(12.0, 90.0, 0)
@example(12.0, -90.0, 3)
@example(100.0, 89.9, 5)
def test_a_cell_holds_what_lies_in_it_and_nothing_of_its_neighbours(lon: float, lat: float, resolution: int) -> None:
    cell = h3.latlng_to_cell(lat, lon, resolution)
    middle = h3.cell_to_latlng(cell)[::-1]
    polygons = enclosed(corners(cell))
    # Halfway to the middle, so that the point does not lie on a side.
    inside = halfway((lon, lat), middle)
    assume(abs(inside[0]) < 179.999)
    assert holds(polygons, inside) == 1
    others = {h3.cell_to_latlng(other)[::-1] for other in h3.grid_ring(cell, 1)} if _has_ring(cell) else set()
    assert not any(holds(polygons, other) for other in others)
    for (ring,) in polygons:
        assert ring[0] == ring[-1]
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)
        assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) > 0, "counter-clockwise"
        assert all(abs(x2 - x1) <= 180 or abs(y1) == 90 for (x1, y1), (x2, y2) in pairwise(ring))


def _has_ring(cell: str) -> bool:
    return not any(h3.is_pentagon(one) for one in h3.grid_disk(cell, 1))


def test_all_cells_together_cover_the_map_once() -> None:
    """The area in degrees of all cells is that of the map: nothing is drawn twice, nothing left out."""
    for resolution in (0, 1):
        cells = [one for base in h3.get_res0_cells() for one in h3.cell_to_children(base, resolution)]
        area = sum(
            (x1 * y2 - x2 * y1) / 2
            for cell in cells
            for (ring,) in enclosed(corners(cell))
            for (x1, y1), (x2, y2) in pairwise(ring)
        )
        assert area == pytest.approx(360 * 180, rel=1e-4)
