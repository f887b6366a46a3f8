"""Tiles for readers: from a question to the places of its incidents, from these to features, to bytes."""

from collections.abc import Sequence

import orjson

from api.domain.area import Bbox, spans
from api.domain.place import Precision
from api.domain.query import IncidentFilter
from api.domain.release import Release
from api.serving.counting import mask_of
from api.serving.state import state
from api.snapshot import places as of_snapshot
from api.snapshot.columns import Snapshot
from api.snapshot.places import Places
from api.tiles import clusters, layers
from api.tiles.clusters import Features, Spots
from api.tiles.grid import Tile

_MOST_IDS = 20
_WORLD = Bbox(-180.0, -85.0511, 180.0, 85.0511)
_MARGIN = 0.01
"""Degrees. A point on the very edge of the bounds would lie in a tile that no map asks for."""


def places_of(snapshot: Snapshot, where: IncidentFilter, release: Release) -> Places:
    """Where the incidents lie that match; kept, because a map asks for twenty tiles of one question.

    Raises DatabaseUnavailable when words are asked for and it does not answer.
    """
    key = (snapshot.identity, where, release.number)
    return state().places.find(key, lambda: of_snapshot.placed(snapshot, mask_of(snapshot, where, release)))


def bounds(snapshot: Snapshot, found: Places) -> Bbox:
    """The least box round all places, a little wider; the world when there is none."""
    if not len(found.spot):
        return _WORLD
    lon, lat = snapshot["lon"][found.spot], snapshot["lat"][found.spot]
    return Bbox(
        max(round(float(lon.min()) - _MARGIN, 4), _WORLD.west),
        min(max(round(float(lat.min()) - _MARGIN, 4), _WORLD.south), _WORLD.north - _MARGIN),
        min(round(float(lon.max()) + _MARGIN, 4), _WORLD.east),
        max(min(round(float(lat.max()) + _MARGIN, 4), _WORLD.north), _WORLD.south + _MARGIN),
    )


def written(snapshot: Snapshot, found: Places, where: IncidentFilter, tile: Tile) -> bytes:
    """A tile of what was found for a question."""
    inside = found.within(snapshot, tile.start, tile.stop)
    return _incidents(snapshot, inside, where, tile) + _areas(snapshot, inside, where, tile)


def _incidents(snapshot: Snapshot, inside: Places, where: IncidentFilter, tile: Tile) -> bytes:
    places = inside.of_precision(snapshot, Precision.SETTLEMENT)
    features = clusters.points(_spots(snapshot, places), tile)
    numbers = places.spot[features.order][features.start].astype(int) + 1
    return layers.write(
        layers.INCIDENTS,
        features,
        numbers,
        {},
        of_one=_of_one(snapshot, places, features),
        members=_members(snapshot, places, features, where, is_area=False),
    )


def _areas(snapshot: Snapshot, inside: Places, where: IncidentFilter, tile: Tile) -> bytes:
    places = inside.of_precision(snapshot, Precision.SETTLEMENT, others=True)
    features = clusters.areas(_spots(snapshot, places), tile)
    codes = [code.encode() for code in snapshot.codes["precision"]]
    spot = places.spot[features.order][features.start].astype(int)
    return layers.write(
        layers.AREAS,
        features,
        spot * len(codes) + features.precision + 1,
        {
            "precision": [codes[number] for number in features.precision.tolist()],
            "radius_z0_px": layers.radius_z0_px(features),
        },
        of_one=_of_one(snapshot, places, features),
        members=_members(snapshot, places, features, where, is_area=True),
    )


def _spots(snapshot: Snapshot, places: Places) -> Spots:
    names = ("z_order", "mercator_x", "mercator_y", "lon", "lat")
    z_order, x, y, lon, lat = (snapshot[name][places.spot] for name in names)
    uncertainty_m = snapshot["uncertainty_m"][snapshot["reach"][places.spot]]
    return Spots(z_order, x, y, lon, lat, places.precision, uncertainty_m, places.incidents)


def _of_one(snapshot: Snapshot, places: Places, features: Features) -> dict[str, list[bytes]]:
    only = features.start[features.incidents == 1]
    return of_snapshot.described(snapshot, places.versions[places.first[features.order[only]]])


def _members(
    snapshot: Snapshot, places: Places, features: Features, where: IncidentFilter, *, is_area: bool
) -> list[bytes]:
    """Of each feature with several incidents the parameters that ask for them, empty where none do."""
    several = (features.incidents > 1).nonzero()[0].tolist()
    # With another `match` a box would ask for disks, or certain days, and is left to the reader.
    # A box of the filter may leave a gap that a feature's own box would fill.
    in_one_piece = features.lie_in(spans(where.bbox or _WORLD))
    is_told = features.is_told & in_one_piece & (where.match == "point")
    by_box = _by_box(snapshot, features, is_area=is_area) if is_told.any() else []
    found = []
    for number in several:
        if is_told[number]:
            found.append(by_box[number])
        elif features.incidents[number] <= _MOST_IDS:
            found.append(_by_id(snapshot, places, features, number))
        else:
            found.append(b"")
    return found


def _by_box(snapshot: Snapshot, features: Features, *, is_area: bool) -> Sequence[bytes]:
    codes = [code.encode() for code in snapshot.codes["precision"]]
    corners = zip(*(getattr(features, side).tolist() for side in ("west", "south", "east", "north")), strict=True)
    boxes = orjson.dumps(list(corners))[2:-2].split(b"],[")
    found = [
        b"bbox=%s&precision=%s" % (box, codes[number])
        for box, number in zip(boxes, features.precision.tolist(), strict=True)
    ]
    if not is_area:
        return found
    most = features.uncertainty_m.tolist()
    return [b"%s&max_uncertainty_m=%d" % (text, radius_m) for text, radius_m in zip(found, most, strict=True)]


def _by_id(snapshot: Snapshot, places: Places, features: Features, number: int) -> bytes:
    start = int(features.start[number])
    spots = features.order[start : start + int(features.spots[number])]
    versions = [
        version
        for first, incidents in zip(places.first[spots].tolist(), places.incidents[spots].tolist(), strict=True)
        for version in places.versions[first : first + incidents].tolist()
    ]
    return b"ids=" + b",".join(of_snapshot.identified(snapshot, versions))
