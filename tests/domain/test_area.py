"""Boxes and circles on the globe, judged by independent definitions."""

import math

import pytest
from geopy.distance import great_circle
from hypothesis import assume, example, given
from hypothesis import strategies as st

from api.domain.area import (
    EARTH_RADIUS_M,
    MAX_RADIUS_M,
    Bbox,
    Circle,
    chord_squared,
    disk_bounds,
    enclosing_boxes,
    half_angle,
    is_world,
    normal_lon,
    parse_bbox,
    spans,
    unit_vector,
    unwrapped,
)
from api.domain.errors import InvalidValue

PARSED = [
    ([-80, -20, -68, 0], Bbox(-80, -20, -68, 0)),
    ([170, -20, -170, 20], Bbox(170, -20, -170, 20)),
    ([170, -20, 190, 20], Bbox(170, -20, -170, 20)),
    ([-190, -20, -170, 20], Bbox(170, -20, -170, 20)),
    ([-180, -90, 180, 90], Bbox(-180, -90, 180, 90)),
    ([0, -90, 360, 90], Bbox(-180, -90, 180, 90)),
    ([-540, -90, 540, 90], Bbox(-180, -90, 180, 90)),
    ([100, 0, 180, 10], Bbox(100, 0, 180, 10)),
    ([-180, 0, -170, 10], Bbox(-180, 0, -170, 10)),
    ([180, 0, 190, 10], Bbox(-180, 0, -170, 10)),
    ([180, 0, 180, 10], Bbox(-180, 0, -180, 10)),
    ([-180, 0, -180, 10], Bbox(-180, 0, -180, 10)),
    ([540, 0, 540, 10], Bbox(-180, 0, -180, 10)),
    ([12, 34, 12, 34], Bbox(12, 34, 12, 34)),
    ([730, 0, 740, 10], Bbox(10, 0, 20, 10)),
    ([0, 90, 10, 90], Bbox(0, 90, 10, 90)),
]


@pytest.mark.parametrize(("numbers", "box"), PARSED)
def test_a_box_is_wrapped_round_the_world(numbers: list[float], box: Bbox) -> None:
    assert parse_bbox(numbers) == box


@pytest.mark.parametrize(
    "numbers",
    [
        [], [1], [1, 2, 3], [1, 2, 3, 4, 5], [0, 1, 10, -1], [0, -91, 10, 0], [0, 0, 10, 90.001], [1e6, 0, 1e6, 1],
        [0, 0, -1e6, 1], [math.nan, 0, 1, 1], [0, math.nan, 1, 1], [0, 0, math.nan, 1], [0, 0, 1, math.nan],
        [math.inf, 0, 1, 1], [0, -math.inf, 1, 1], [0, 0, -math.inf, 1], [0, 0, 1, math.inf],
    ],
)  # fmt: skip
def test_a_box_that_cannot_be_is_refused(numbers: list[float]) -> None:
    with pytest.raises(InvalidValue):
        parse_bbox(numbers)


# Eighths of a degree are exact in binary, so that edges can be judged without a tolerance.
def _eighths(least: int, most: int) -> st.SearchStrategy[float]:
    return st.integers(least * 8, most * 8).map(lambda eighth: eighth / 8)


_edges = st.sampled_from([-540.0, -360.0, -180.125, -180.0, -179.875, 0.0, 179.875, 180.0, 180.125, 360.0, 540.0])
_stored_lon = _eighths(-180, 179) | st.sampled_from([-180.0, -179.875, 179.875, 0.0])


def _in_ranges(lon: float, box: Bbox) -> bool:
    return any(west <= lon <= east for west, east in spans(box))


@given(_eighths(-720, 720) | _edges, _eighths(0, 400) | st.sampled_from([0.0, 0.125, 359.875, 360.0]), _stored_lon)
@example(180.0, 0.0, -180.0)
@example(180.0, 0.0, 0.0)
def test_a_point_is_in_the_ranges_of_a_box_that_a_map_sends_iff_it_lies_east_of_west_and_within_the_width(
    west: float, width: float, lon: float
) -> None:
    box = parse_bbox([west, -10.0, west + width, 10.0])
    assert _in_ranges(lon, box) == (width >= 360 or (lon - west) % 360 <= width)


@given(_eighths(-180, 180) | _edges, _eighths(-180, 180) | _edges, _stored_lon)
def test_a_box_whose_west_is_greater_crosses_the_antimeridian(west: float, east: float, lon: float) -> None:
    assume(-360 < east - west < 0)
    box = parse_bbox([west, -10.0, east, 10.0])
    assert _in_ranges(lon, box) == ((lon - west) % 360 <= (east - west) % 360)


@given(st.floats(-100_000, 100_000), st.floats(-100_000, 100_000))
def test_a_parsed_box_lies_within_the_world_and_parses_to_itself(west: float, east: float) -> None:
    box = parse_bbox([west, -1.0, east, 1.0])
    assert -180 <= box.west <= 180
    assert -180 <= box.east <= 180
    assert parse_bbox([box.west, box.south, box.east, box.north]) == box
    assert all(-180 <= low <= high <= 180 for low, high in spans(box))


@given(st.floats(-99_000, 99_000), st.floats(0, 400) | st.sampled_from([0.0, 180.0, 359.999, 360.0]))
def test_a_box_is_unwrapped_from_its_west_as_far_as_it_is_wide(west: float, width: float) -> None:
    box = parse_bbox([west, -90.0, west + width, 90.0])
    start, end = unwrapped(box)
    assert start == box.west
    assert end - start == pytest.approx(min(width, 360), abs=1e-9) or width < 1e-9
    assert is_world(box) == (abs((west + width) - west) >= 360)


@pytest.mark.parametrize(
    ("box", "is_all"),
    [
        (Bbox(-180, -90, 180, 90), True),
        (Bbox(-180, -90, 180, 89.9), False),
        (Bbox(-180, -89.9, 180, 90), False),
        (Bbox(-180, -90, 179.9, 90), False),
        (Bbox(-180, -90, -180, 90), False),
        (Bbox(10, -90, 9.99, 90), False),
    ],
)
def test_only_a_box_that_leaves_nothing_over_is_the_world(box: Bbox, *, is_all: bool) -> None:
    assert is_world(box) == is_all


@given(st.floats(-180, 180))
def test_a_stored_longitude_lies_in_the_half_open_world(lon: float) -> None:
    assert -180 <= normal_lon(lon) < 180
    assert unit_vector(normal_lon(lon), 0) == pytest.approx(unit_vector(lon, 0), abs=1e-15)


@given(st.floats(-1e-30, 1e-30), st.floats(-1e-30, 1e-30), st.floats(0, 1e-30))
def test_what_is_smaller_than_anything_is_nothing(lon: float, lat: float, distance_m: float) -> None:
    for number in (*unit_vector(lon, lat), *half_angle(distance_m)):
        assert number == 0 or abs(number) > 1e-40
    assert unit_vector(1e-50, -1e-50) == unit_vector(0.0, 0.0) == (1.0, 0.0, 0.0)


def test_180_east_is_180_west() -> None:
    assert normal_lon(180.0) == -180.0


_lon = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999, -179.9999])
_lat = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 0.0, 89.9999, -89.9999])
_radius_m = st.floats(0.001, MAX_RADIUS_M) | st.sampled_from([1.0, 1000.0, 10_007_543.0, float(MAX_RADIUS_M)])


def _destination(circle: Circle, bearing: float, distance_m: float) -> tuple[float, float]:
    """Where one arrives on the sphere: lon, lat."""
    angle, phi = distance_m / EARTH_RADIUS_M, math.radians(circle.lat)
    sine = math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(bearing)
    lat = math.asin(max(-1.0, min(1.0, sine)))
    aside = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(phi), math.cos(angle) - math.sin(phi) * math.sin(lat)
    )
    return normal_lon((circle.lon + math.degrees(aside) + 180) % 360 - 180), math.degrees(lat)


def _holds(box: Bbox, lon: float, lat: float, *, slack: float) -> bool:
    return box.south - slack <= lat <= box.north + slack and any(
        west - slack <= lon <= east + slack for west, east in spans(box)
    )


@given(_lon, _lat, _radius_m, st.floats(0, 2 * math.pi), st.floats(0, 1) | st.just(1.0))
@example(0.0, 89.0, 200_000.0, 0.0, 1.0)
@example(180.0, 60.0, 5_000_000.0, math.pi / 2, 1.0)
@example(-180.0, -89.9999, 20.0, 0.3, 1.0)
def test_the_enclosing_boxes_hold_every_point_of_the_circle(
    lon: float, lat: float, radius_m: float, bearing: float, share: float
) -> None:
    circle = Circle(lon, lat, radius_m)
    at_lon, at_lat = _destination(circle, bearing, radius_m * share)
    # The walk itself is known no better than this near a pole, where a hair of distance is many degrees.
    slack = 1e-6 if abs(at_lat) < 89.9 else 1e-3 if abs(at_lat) < 89.999 else 360
    assert any(_holds(box, at_lon, at_lat, slack=slack) for box in enclosing_boxes(circle))


@given(_lon, _lat, _radius_m)
def test_the_enclosing_boxes_hold_the_centre_and_stay_in_the_world(lon: float, lat: float, radius_m: float) -> None:
    boxes = enclosing_boxes(Circle(lon, lat, radius_m))
    assert any(_holds(box, normal_lon(lon), lat, slack=0) for box in boxes)
    assert all(-90 <= box.south <= box.north <= 90 for box in boxes)
    assert all(-180 <= low <= high <= 180 for box in boxes for low, high in spans(box))


@pytest.mark.parametrize("lat", [90.0, -90.0, 89.99999, -89.99999])
def test_a_circle_round_a_pole_goes_all_the_way_round(lat: float) -> None:
    (box,) = enclosing_boxes(Circle(12.0, lat, 5000.0))
    assert (box.west, box.east) == (-180.0, 180.0)
    assert math.copysign(90.0, lat) in (box.south, box.north)


def _chord_squared_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    pairs = zip(unit_vector(*one), unit_vector(*other), strict=True)
    return math.fsum((a - b) ** 2 for a, b in pairs)


@given(_lon, _lat, _lon, _lat)
def test_chords_order_points_as_geopys_great_circle_does(lon: float, lat: float, to_lon: float, to_lat: float) -> None:
    distance_m = great_circle((lat, lon), (to_lat, to_lon), radius=EARTH_RADIUS_M / 1000).m
    between = _chord_squared_between((lon, lat), (to_lon, to_lat))
    # A millionth of the way and a metre: near the antipode a metre changes the chord by nothing at all.
    assert between <= chord_squared(distance_m * (1 + 1e-6) + 1)
    if 1 < distance_m < 19_900_000:
        assert between > chord_squared(distance_m * (1 - 1e-6) - 1)


@given(_lon, _lat)
def test_the_widest_circle_holds_the_whole_world(lon: float, lat: float) -> None:
    antipode = ((lon + 360) % 360 - 180, -lat)
    assert _chord_squared_between((lon, lat), antipode) <= chord_squared(MAX_RADIUS_M)
    (box,) = enclosing_boxes(Circle(lon, lat, MAX_RADIUS_M))
    assert box == Bbox(-180.0, -90.0, 180.0, 90.0)


@given(_lon, _lat)
def test_a_circle_of_a_millimetre_holds_its_own_centre(lon: float, lat: float) -> None:
    assert _chord_squared_between((lon, lat), (lon, lat)) == 0 < chord_squared(0.001)
    assert _chord_squared_between((lon, lat), (normal_lon(lon), lat)) <= chord_squared(0.001)


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 20_100_000), st.floats(0, 360), st.floats(0, 1))
def test_the_bounds_of_a_disk_hold_every_point_of_it(
    lon: float, lat: float, radius_m: float, bearing: float, part: float
) -> None:
    box = disk_bounds(Circle(lon, lat, radius_m))
    found = great_circle(kilometers=radius_m * part / 1000).destination((lat, lon), bearing)
    assert box.south - 1e-6 <= found.latitude <= box.north + 1e-6
    if box.east - box.west < 360 and abs(found.latitude) < 89.9999:
        away = (found.longitude - lon + 180) % 360 - 180
        assert box.west - 1e-5 <= lon + away <= box.east + 1e-5
    assert -90 <= box.south <= box.north <= 90


@given(st.floats(0, 25_000_000), st.floats(0, 25_000_000))
def test_halves_of_two_angles_make_the_chord_of_their_sum(one: float, other: float) -> None:
    (sin_one, cos_one), (sin_other, cos_other) = half_angle(one), half_angle(other)
    together = min(one, math.pi * EARTH_RADIUS_M) + min(other, math.pi * EARTH_RADIUS_M)
    chord = 2 * (sin_one * cos_other + cos_one * sin_other)
    if together < math.pi * EARTH_RADIUS_M:
        assert chord**2 == pytest.approx(chord_squared(together), rel=1e-9, abs=1e-15)
