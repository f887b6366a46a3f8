"""Vector tiles, their TileJSON, and a style that draws them."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

from api.domain.errors import UnknownTile
from api.domain.tiles import LAST_ZOOM, TileQuery
from api.schemas.answers.tiles import StyleSchema, TileJsonSchema
from api.schemas.parameters.tiles import TileSchema
from api.serving import mapping, responses
from api.serving.counting import counted
from api.serving.links import address
from api.serving.openapi import TILE, Blueprint
from api.serving.state import pinned, state
from api.tiles import layers, mvt
from api.tiles.grid import Tile
from api.tiles.style import style as map_style

blueprint = Blueprint("tiles", __name__, url_prefix="/v1", description="Maps of any size.")

_DESCRIPTIONS = {
    layers.INCIDENTS: "Incidents whose settlement is known, put together where they would lie on each other.",
    layers.AREAS: "Incidents of which no more than a district, region or country is known, area by area.",
}


@blueprint.resource(
    "/tiles/<tile:z>/<tile:x>/<tile:y>.mvt",
    operation_id="getTile",
    query=TileSchema(),
    answer={"type": "string", "format": "binary"},
    media_type=mvt.MEDIA_TYPE,
    fails=(404,),
    path_parameters=TILE,
)
def tile(query: TileQuery, z: int, x: int, y: int) -> Response:
    """A Mapbox Vector Tile with the layers `incidents` and `areas`.

    What matches is all there, at every zoom: the `incidents` of both layers add up to the total. A tile in which
    nothing lies is empty.
    """
    if z > LAST_ZOOM or x >= 2**z or y >= 2**z:
        raise UnknownTile(z, x, y, last_zoom=LAST_ZOOM)
    snapshot, release = counted(query.release)
    responses.cite(release, query.where.parameters())
    found = mapping.places_of(snapshot, query.where, release)
    body = mapping.written(snapshot, found, query.where, Tile(z, x, y, is_last=z == LAST_ZOOM))
    return responses.data(body, mvt.MEDIA_TYPE)


@blueprint.resource("/tiles.json", operation_id="getTileJson", query=TileSchema(), answer=TileJsonSchema, fails=(404,))
def tile_json(query: TileQuery) -> Response:
    """TileJSON 3.0.0 of the tiles, which carry the filter and the release: a map never shows two of them."""
    snapshot, release = counted(query.release)
    found = mapping.places_of(snapshot, query.where, release)
    box = mapping.bounds(snapshot, found)
    dataset = state().dataset(release.number)
    asked = TileQuery(query.where, release.number).parameters()
    body = {
        "tilejson": "3.0.0",
        "name": dataset["title"]["en"],
        "description": dataset["description"]["en"],
        "version": f"{release.number}.0.0",
        "scheme": "xyz",
        "tiles": [address("/v1/tiles/{z}/{x}/{y}.mvt", asked)],
        "minzoom": 0,
        "maxzoom": LAST_ZOOM,
        "bounds": [box.west, box.south, box.east, box.north],
        "center": [round((box.west + box.east) / 2, 4), round((box.south + box.north) / 2, 4), 1],
        "vector_layers": [
            {"id": name, "description": _DESCRIPTIONS[name], "minzoom": 0, "maxzoom": LAST_ZOOM, "fields": told}
            for name, told in layers.FIELDS.items()
        ],
        "incidents": int(found.incidents.sum()),
    }
    about = responses.about(release, query.where.parameters())
    # A text in this format; renderers refuse a list.
    return responses.data(orjson.dumps(body | about | {"attribution": _attribution(dataset)}))


@blueprint.resource("/style.json", operation_id="getStyle", query=TileSchema(), answer=StyleSchema, fails=(404,))
def style(query: TileQuery) -> Response:
    """A style for MapLibre, QGIS and whatever reads such: the countries, and the tiles over them."""
    release = pinned(query.release)
    dataset = state().dataset(release.number)
    responses.cite(release, query.where.parameters())
    body = map_style(
        dataset["title"]["en"],
        tiles=address("/v1/tiles.json", query.parameters()),
        basemap=address("/static/basemap/countries-50m.geojson"),
        attribution=_attribution(dataset),
        centre=[0.0, 15.0, 1.0],
    )
    return responses.data(orjson.dumps(body))


def _attribution(dataset: Mapping[str, Any]) -> str:
    return " · ".join(dataset["attribution"])
