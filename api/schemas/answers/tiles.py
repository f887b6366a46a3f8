"""TileJSON and map styles as they are answered."""

from marshmallow import Schema, fields

from api.schemas.answers.incidents import AboutSchema


class LayerSchema(Schema):
    """A layer of the tiles."""

    id = fields.String(required=True)
    description = fields.String(required=True)
    minzoom = fields.Integer(required=True)
    maxzoom = fields.Integer(required=True)
    fields_ = fields.Dict(
        fields.String(),
        fields.String(),
        required=True,
        data_key="fields",
        metadata={"description": "What each property of a feature means."},
    )


class TileJsonSchema(AboutSchema):
    """TileJSON 3.0.0: tiles of what matches, in one release."""

    tilejson = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    version = fields.String(required=True, metadata={"description": "The release, as a version of three numbers."})
    scheme = fields.String(required=True, metadata={"enum": ["xyz"]})
    tiles = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The address of a tile, which carries the filter and the release."},
    )
    minzoom = fields.Integer(required=True)
    maxzoom = fields.Integer(required=True)
    bounds = fields.List(
        fields.Float(),
        required=True,
        metadata={"description": "west, south, east, north of what matches, a little wider; the world for nothing."},
    )
    center = fields.List(fields.Float(), required=True, metadata={"description": "lon, lat, zoom."})
    vector_layers = fields.List(fields.Nested(LayerSchema), required=True)
    incidents = fields.Integer(required=True, metadata={"description": "How many match."})
    attribution = fields.String(  # type: ignore[assignment]  # a list everywhere else
        required=True, metadata={"description": "One text: renderers refuse a list."}
    )


class StyleSchema(Schema):
    """A MapLibre style."""

    version = fields.Integer(required=True)
    name = fields.String(required=True)
    metadata = fields.Dict(fields.String(), fields.String(), required=True)
    center = fields.List(fields.Float(), required=True)
    zoom = fields.Float(required=True)
    sources = fields.Dict(fields.String(), fields.Dict(), required=True)
    layers = fields.List(fields.Dict(), required=True)
