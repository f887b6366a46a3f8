"""Hexagons as they are answered."""

from marshmallow import Schema, fields

from api.domain.figures import CHOICES
from api.schemas.answers.incidents import AboutSchema
from api.schemas.answers.stats import TotalSchema


class CellSchema(TotalSchema):
    """What is counted in a cell; a measure that is no sum has a feature for each currency."""

    h3 = fields.String(required=True, metadata={"description": "The cell, https://h3geo.org; in CSV `h3_id`."})


class OutlineSchema(Schema):
    """The cell, cut in two where it crosses the antimeridian."""

    type = fields.String(required=True, metadata={"enum": ["MultiPolygon"]})
    coordinates = fields.List(fields.Raw(), required=True)


class HexagonSchema(Schema):
    """A cell as a GeoJSON feature."""

    type = fields.String(required=True, metadata={"enum": ["Feature"]})
    geometry = fields.Nested(OutlineSchema, required=True)
    properties = fields.Nested(CellSchema, required=True)


class HexagonsSchema(AboutSchema):
    """GeoJSON (RFC 7946), with what a reader should know of it as members of the collection."""

    type = fields.String(required=True, metadata={"enum": ["FeatureCollection"]})
    resolution = fields.Integer(required=True, metadata={"description": "Of all its cells."})
    measure = fields.String(required=True)
    measure_label = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True)
    figure = fields.String(required=True, allow_none=True, metadata={"enum": [*CHOICES, None]})
    total = fields.Integer(required=True, metadata={"description": "How many incidents match."})
    unplaced = fields.Integer(
        required=True,
        metadata={
            "description": "How many of them are in no cell: their `uncertainty_m` is greater than the mean edge of a "
            "cell. With those in cells they make up `total`."
        },
    )
    features = fields.List(fields.Nested(HexagonSchema), required=True)
