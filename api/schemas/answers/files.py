"""What files hold, as the OpenAPI document tells it: with `fields`, some of the columns only."""

from typing import Any

from marshmallow import Schema, fields

from api.domain.tables import INCIDENTS, TABLES, Table
from api.schemas.answers.incidents import AboutSchema, column_field

_TEXT = {"type": "string"}
_BINARY = {"type": "string", "format": "binary"}


def _row_schema(table: Table) -> type[Schema]:
    columns = {column.name: column_field(column, is_required=False) for column in table.columns}
    return Schema.from_dict(columns, name=f"{table.name.capitalize()}RowSchema")


_ROWS = {table.name: _row_schema(table) for table in TABLES}


class GeometrySchema(Schema):
    """A GeoJSON point, or with geometry=area the MultiPolygon of the disk around it."""

    type = fields.String(required=True, metadata={"enum": ["Point", "MultiPolygon"]})
    coordinates = fields.List(fields.Raw(), required=True)


class FileFeatureSchema(Schema):
    """A GeoJSON feature."""

    type = fields.String(required=True, metadata={"enum": ["Feature"]})
    id = fields.String(required=True)
    geometry = fields.Nested(GeometrySchema, required=True)
    properties = fields.Nested(_ROWS[INCIDENTS.name], required=True)


class FeatureCollectionSchema(AboutSchema):
    """GeoJSON (RFC 7946), with what a reader should know of it as members of the collection."""

    type = fields.String(required=True, metadata={"enum": ["FeatureCollection"]})
    features = fields.List(fields.Nested(FileFeatureSchema), required=True)


def file_answer(table: Table, extension: str) -> Any:
    """The schema of a table's file."""
    if extension == "geojson":
        return FeatureCollectionSchema
    if extension == "json":
        return _ROWS[table.name](many=True)
    return _BINARY if extension == "xlsx" else _TEXT
