"""The map of a release, tile by tile."""

from collections.abc import Iterator

from api.domain.query import IncidentFilter
from api.domain.release import Release
from api.domain.tiles import LAST_ZOOM
from api.exports.registry import Drawing
from api.maps import drawing
from api.snapshot.columns import Snapshot
from api.snapshot.places import placed
from api.snapshot.select import matching
from api.tiles.grid import Tile
from api.tiles.layers import vector_layers


def draw(snapshot: Snapshot, release: Release) -> Drawing:
    """All tiles of a release in which something lies; what is in them is what the API serves."""
    everything = IncidentFilter()
    found = placed(snapshot, matching(snapshot, everything, release.number))
    box = drawing.bounds(snapshot, found)

    def drawn(tiles: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int, bytes]]:
        for z, x, y in tiles:
            yield z, x, y, drawing.written(snapshot, found, everything, Tile(z, x, y, is_last=z == LAST_ZOOM))

    return Drawing(
        (box.west, box.south, box.east, box.north),
        vector_layers(LAST_ZOOM),
        [(tile.z, tile.x, tile.y) for tile in drawing.tiles_with_incidents(snapshot, found)],
        drawn,
    )
