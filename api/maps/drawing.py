"""Tiles of a snapshot: from the places of incidents to features, to bytes."""

from collections.abc import Iterator, Sequence
from itertools import islice

import orjson

from api.domain.area import MAX_RADIUS_M, Bbox, spans
from api.domain.place import Precision
from api.domain.query import IncidentFilter
from api.domain.tiles import LAST_ZOOM
from api.snapshot import places as of_snapshot
from api.snapshot.columns import Snapshot
from api.snapshot.places import Places
from api.tiles import clusters, layers
from api.tiles.clusters import Features, Spots
from api.tiles.cover import covering
from api.tiles.grid import Tile

_MOST_IDS = 20
_WORLD = Bbox(-180.0, -85.0511, 180.0, 85.0511)
_MARGIN = 0.01
"""Degrees. A point on the very edge of the bounds would lie in a tile that no map asks for."""


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


def tiles_with_incidents(snapshot: Snapshot, found: Places) -> Iterator[Tile]:
    """Every tile of every zoom in which something lies."""
    return covering(snapshot["z_order"][found.spot], LAST_ZOOM)


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
    # With another `match` a box would ask for disks, or certain days. One of the filter may leave a gap that a
    # feature's own would fill.
    is_told = features.is_told & features.lie_in(spans(where.bbox or _WORLD)) & (where.match == "point")
    if is_area:
        is_told &= features.uncertainty_m <= MAX_RADIUS_M
    several = features.incidents > 1
    found = dict.fromkeys(several.nonzero()[0].tolist(), b"")
    few = several & ~is_told & (features.incidents <= _MOST_IDS)
    found |= _by_ids(snapshot, places, features, few.nonzero()[0].tolist())
    if is_told.any():
        by_box = _by_box(snapshot, features, is_area=is_area)
        found |= {number: by_box[number] for number in (several & is_told).nonzero()[0].tolist()}
    return list(found.values())


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


def _by_ids(snapshot: Snapshot, places: Places, features: Features, few: list[int]) -> dict[int, bytes]:
    versions: list[int] = []
    for start, spots in zip(features.start[few].tolist(), features.spots[few].tolist(), strict=True):
        of_one = features.order[start : start + spots]
        for first, incidents in zip(places.first[of_one].tolist(), places.incidents[of_one].tolist(), strict=True):
            versions += places.versions[first : first + incidents].tolist()
    # All at once: each time costs as much as a hundred of them.
    every = iter(of_snapshot.identified(snapshot, versions))
    counts = features.incidents[few].tolist()
    return {
        number: b"ids=" + b",".join(sorted(islice(every, count))) for number, count in zip(few, counts, strict=True)
    }
