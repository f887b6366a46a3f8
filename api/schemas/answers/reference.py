"""Reference lists as they are answered, page by page."""

from typing import get_args

from marshmallow import Schema, fields

from api.domain.columns import ColumnType
from api.schemas.answers.incidents import AboutSchema, PageLinksSchema
from api.schemas.seeds.registries import ContextSchema, CoverageSchema, GeocodeSchema, SourceSchema, StandardSchema
from api.schemas.seeds.values import LocalizedSchema


class ListMetaSchema(AboutSchema):
    """What a reader should know of a page of a list."""

    returned = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    total = fields.Integer(required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class CodeEntrySchema(Schema):
    """A code of a codelist; `unit`, `money`, `additive` and `wide` with measures only."""

    list = fields.String(required=True)
    code = fields.String(required=True)
    label = fields.String(required=True, metadata={"description": "In the language of the answer."})
    label_en = fields.String(required=True)
    label_es = fields.String(required=True)
    label_id = fields.String(required=True)
    definition = fields.Nested(LocalizedSchema, required=True)
    standard = fields.List(fields.Nested(StandardSchema), required=True)
    folds = fields.List(fields.String(), metadata={"description": "Free words of researchers that it takes in."})
    unit = fields.String(allow_none=True)
    money = fields.Boolean()
    additive = fields.Boolean()
    wide = fields.Boolean()


class ReleaseSchema(Schema):
    """One release."""

    number = fields.Integer(required=True)
    digest = fields.String(
        required=True,
        metadata={"description": "sha256 over everything that it holds; only a redaction changes it."},
    )
    published = fields.String(required=True, metadata={"format": "date-time"})
    incidents = fields.Integer(required=True)
    entered = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    left = fields.Integer(required=True)


def _page_of(schema: type[Schema], name: str) -> type[Schema]:
    return Schema.from_dict(
        {
            "data": fields.List(fields.Nested(schema), required=True),
            "links": fields.Nested(PageLinksSchema, required=True),
            "meta": fields.Nested(ListMetaSchema, required=True),
        },
        name=name,
    )


SourcePageSchema = _page_of(SourceSchema, "SourcePageSchema")
CodePageSchema = _page_of(CodeEntrySchema, "CodePageSchema")
PlacePageSchema = _page_of(GeocodeSchema, "PlacePageSchema")
CoveragePageSchema = _page_of(CoverageSchema, "CoveragePageSchema")
ContextPageSchema = _page_of(ContextSchema, "ContextPageSchema")
ReleasePageSchema = _page_of(ReleaseSchema, "ReleasePageSchema")


class IndexEntrySchema(Schema):
    """One thing that the API offers."""

    href = fields.String(required=True, metadata={"format": "uri"})
    title = fields.String(required=True)


class IndexSchema(Schema):
    """What there is, and what it is about."""

    title = fields.String(required=True)
    description = fields.String(required=True)
    generation = fields.Integer(
        required=True, metadata={"description": "How often a redaction changed what earlier releases say; 0 for never."}
    )
    links = fields.List(fields.Nested(IndexEntrySchema), required=True)
    meta = fields.Nested(AboutSchema, required=True)


class ColumnSchema(Schema):
    """A column of the flat record."""

    name = fields.String(required=True)
    type = fields.String(required=True, metadata={"enum": list(get_args(ColumnType))})
    is_nullable = fields.Boolean(required=True)
    unit = fields.String(required=True, allow_none=True)
    codelist = fields.String(required=True, allow_none=True)
    description = fields.String(required=True)


class TableSchema(Schema):
    """A table beside the flat record that is given as a file; a row is a claim, a publication, a place, a change."""

    name = fields.String(required=True)
    row_is = fields.String(required=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True)


class DerivationSchema(Schema):
    """How a computed value is computed."""

    name = fields.String(required=True)
    rule = fields.String(required=True)


class CodebookSchema(Schema):
    """What every column and code means."""

    columns = fields.List(fields.Nested(ColumnSchema), required=True)
    tables = fields.List(fields.Nested(TableSchema), required=True)
    derivations = fields.List(fields.Nested(DerivationSchema), required=True)
    codes = fields.List(fields.Nested(CodeEntrySchema), required=True)
    links = fields.List(fields.Nested(IndexEntrySchema), required=True)
    meta = fields.Nested(AboutSchema, required=True)


class HealthSchema(Schema):
    """Whether the service can answer."""

    status = fields.String(required=True, metadata={"enum": ["ok"]})
    release = fields.Integer(metadata={"description": "The current release."})
