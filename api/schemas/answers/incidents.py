"""Incidents as they are answered: flat in pages and files, nested one by one."""

from typing import Any

from marshmallow import Schema, fields

from api.domain.columns import COLUMNS, Column
from api.schemas.seeds.incident import FigureSchema, OutcomeSchema, RelationSchema, RoleSchema
from api.schemas.seeds.registries import ContextSchema, CoverageSchema, SourceSchema
from api.schemas.seeds.values import LocalizedSchema

_TYPES: dict[str, tuple[type[fields.Field[Any]], dict[str, Any]]] = {
    "text": (fields.String, {}),
    "code": (fields.String, {}),
    "list": (fields.String, {}),
    "date": (fields.String, {"format": "date"}),
    "datetime": (fields.String, {"format": "date-time"}),
    "integer": (fields.Integer, {}),
    "number": (fields.Float, {}),
}


def column_field(column: Column, *, is_required: bool = True) -> fields.Field[Any]:
    """A column as a member of an object."""
    kind, extra = _TYPES[column.type]
    metadata = {"description": column.description} | extra
    return kind(required=is_required, allow_none=column.is_nullable, metadata=metadata)


FlatIncidentSchema = Schema.from_dict(
    {column.name: column_field(column) for column in COLUMNS}, name="FlatIncidentSchema"
)


class PageLinksSchema(Schema):
    """Where this page and the next one are."""

    self = fields.String(required=True, metadata={"format": "uri"})
    next = fields.String(metadata={"format": "uri", "description": "Only when a further row exists."})


class AboutSchema(Schema):
    """What a reader should know of any answer."""

    release = fields.Integer(required=True)
    licence = fields.String(required=True)
    licence_url = fields.String(required=True, metadata={"format": "uri"})
    attribution = fields.List(fields.String(), required=True)
    citation = fields.String(required=True)


class CoveredSchema(Schema):
    """What the release covers."""

    start = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    end = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    countries = fields.List(fields.String(), required=True)


class EmptySchema(Schema):
    """Why a page is empty."""

    without = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Parameters of which any one, left out, would give rows."},
    )
    covered = fields.Nested(CoveredSchema, required=True)


class PageMetaSchema(AboutSchema):
    """What a reader should know of a page."""

    returned = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    total = fields.Integer(required=True)
    total_is_lower_bound = fields.Boolean(
        required=True,
        metadata={
            "description": "True when there may be more than `total`, which stops at 10,000: count=exact counts on."
        },
    )
    next_cursor = fields.String(required=True, allow_none=True)
    empty = fields.Nested(EmptySchema)
    coverage = fields.List(
        fields.Nested(CoverageSchema),
        metadata={"description": "With fewer than ten rows: what was searched in the countries asked for."},
    )


class IncidentPageSchema(Schema):
    """A page of incidents."""

    data = fields.List(fields.Nested(FlatIncidentSchema), required=True)
    links = fields.Nested(PageLinksSchema, required=True)
    meta = fields.Nested(PageMetaSchema, required=True)


class PointSchema(Schema):
    """A GeoJSON point: lon, lat."""

    type = fields.String(required=True, metadata={"enum": ["Point"]})
    coordinates = fields.List(fields.Float(), required=True, metadata={"minItems": 2, "maxItems": 2})


class FeatureSchema(Schema):
    """A GeoJSON feature."""

    type = fields.String(required=True, metadata={"enum": ["Feature"]})
    id = fields.String(required=True)
    geometry = fields.Nested(PointSchema, required=True)
    properties = fields.Nested(FlatIncidentSchema, required=True)


class DateSchema(Schema):
    """When it happened, no finer than the evidence."""

    edtf = fields.String(required=True)
    start = fields.String(required=True, metadata={"format": "date"})
    end = fields.String(required=True, metadata={"format": "date"})
    precision = fields.String(required=True, metadata={"enum": ["day", "month", "year", "interval"]})
    note = fields.Nested(LocalizedSchema, required=True, allow_none=True)


class LocatedPlaceSchema(Schema):
    """A place as reported, and the area that its point stands for."""

    text = fields.String(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    country_name = fields.String(required=True)
    admin1 = fields.String(required=True, allow_none=True)
    admin1_name = fields.String(required=True, allow_none=True)
    admin2_name = fields.String(required=True, allow_none=True)
    iso_3166_2 = fields.String(required=True, allow_none=True)
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    precision = fields.String(required=True)
    uncertainty_m = fields.Integer(required=True)
    gazetteer_id = fields.String(required=True)
    provider = fields.String(required=True)
    licence = fields.String(required=True)


class OtherLocatedPlaceSchema(LocatedPlaceSchema):
    """A further place, and the part that it plays."""

    role = fields.String(required=True)


class RedactionSchema(Schema):
    """That the record was redacted, why and when: nothing else of it is told in any release."""

    reason = fields.String(required=True, metadata={"description": "A code of the list `redaction`."})
    date = fields.String(required=True, metadata={"format": "date"})


class IncidentSchema(Schema):
    """One incident with every claim, outcome and source."""

    id = fields.String(required=True)
    category = fields.String(required=True)
    redaction = fields.Nested(RedactionSchema, metadata={"description": "Only when the record is redacted."})
    title = fields.Nested(LocalizedSchema, required=True)
    summary = fields.Nested(LocalizedSchema, required=True)
    date = fields.Nested(DateSchema, required=True)
    place = fields.Nested(LocatedPlaceSchema, required=True)
    other_places = fields.List(fields.Nested(OtherLocatedPlaceSchema), required=True)
    methods = fields.List(fields.String(), required=True)
    purposes = fields.List(fields.String(), required=True)
    roles = fields.List(fields.Nested(RoleSchema), required=True)
    figures = fields.List(fields.Nested(FigureSchema), required=True)
    outcome = fields.String(required=True, allow_none=True, metadata={"description": "Null when redacted."})
    outcomes = fields.List(fields.Nested(OutcomeSchema), required=True)
    verification = fields.String(required=True, allow_none=True, metadata={"description": "Null when redacted."})
    confidence = fields.String(required=True, allow_none=True, metadata={"description": "Null when redacted."})
    related = fields.List(fields.Nested(RelationSchema), required=True)
    sources = fields.List(fields.Nested(SourceSchema), required=True)
    updated = fields.String(required=True, metadata={"format": "date-time"})
    updated_release = fields.Integer(required=True)


class IncidentLinksSchema(Schema):
    """Where this record is, in which forms."""

    self = fields.String(required=True, metadata={"format": "uri"})
    geojson = fields.String(required=True, metadata={"format": "uri"})
    history = fields.String(
        required=True, metadata={"format": "uri", "description": "Every version of the record up to this release."}
    )
    collection = fields.String(required=True, metadata={"format": "uri"})


class IncidentAnswerSchema(Schema):
    """One incident, and beside it what the reporting says enables the trade in its country."""

    data = fields.Nested(IncidentSchema, required=True)
    context = fields.List(fields.Nested(ContextSchema), required=True)
    links = fields.Nested(IncidentLinksSchema, required=True)
    meta = fields.Nested(AboutSchema, required=True)
