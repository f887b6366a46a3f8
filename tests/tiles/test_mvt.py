"""Tiles as another library reads them."""

from itertools import pairwise

import mapbox_vector_tile
import numpy as np
import pytest

from api.tiles import mvt
from api.tiles.grid import Tile
from api.tiles.mvt import Points


def test_points_of_several_kinds_come_back_as_they_were() -> None:
    several = Points(
        np.array([1, 2**35 - 1]),
        np.array([0, 4095]),
        np.array([4095, 0]),
        {"incidents": np.array([300, 2**35 - 1]), "members": [b"bbox=1,2,3,4", "Ñuñoa 新".encode() * 100]},
    )
    one = Points(
        np.array([7]), np.array([128]), np.array([64]), {"incidents": np.array([1]), "radius": np.array([0.1])}
    )
    found = mapbox_vector_tile.decode(mvt.layer("here", [several, one]), default_options={"y_coord_down": True})
    assert list(found) == ["here"]
    assert (found["here"]["extent"], found["here"]["version"]) == (4096, 2)
    assert [(one["id"], one["geometry"]["coordinates"], one["properties"]) for one in found["here"]["features"]] == [
        (1, [0, 4095], {"incidents": 300, "members": "bbox=1,2,3,4"}),
        (2**35 - 1, [4095, 0], {"incidents": 2**35 - 1, "members": "Ñuñoa 新" * 100}),
        (7, [128, 64], {"incidents": 1, "radius": 0.1}),
    ]


def test_a_layer_without_features_is_not_there() -> None:
    nothing = np.zeros(0, np.int64)
    assert mvt.layer("none", [Points(nothing, nothing, nothing, {"incidents": nothing, "id": []})]) == b""
    assert mapbox_vector_tile.decode(b"") == {}


def test_a_number_that_does_not_fit_is_never_cut() -> None:
    one = np.array([1])
    with pytest.raises(AssertionError):
        mvt.layer("wide", [Points(np.array([2**35]), one, one, {})])
    with pytest.raises(AssertionError):
        mvt.layer("wide", [Points(one, one, one, {"incidents": np.array([2**35])})])


def test_texts_of_every_length_come_back() -> None:
    texts = [b"x" * length for length in (*range(130), 20_000)]
    places = np.arange(len(texts))
    body = mvt.layer("texts", [Points(places, places, places, {"text": texts})])
    found = mapbox_vector_tile.decode(body)["texts"]["features"]
    assert [one["properties"]["text"].encode() for one in found] == texts


def test_tiles_are_one_after_the_other_in_z_order() -> None:
    tiles = [Tile(3, x, y) for x in range(8) for y in range(8)]
    ranges = sorted((tile.start, tile.stop) for tile in tiles)
    assert ranges[0][0] == 0
    assert ranges[-1][1] == 2**64 - 1
    assert all(one[1] + 1 == other[0] for one, other in pairwise(ranges))
    assert Tile(1, 1, 0).start == 2**62  # east before south
    assert (Tile(0, 0, 0).start, Tile(0, 0, 0).stop) == (0, 2**64 - 1)
