"""What describes the stored files of a release."""

from marshmallow import INCLUDE, Schema, fields

from api.schemas.answers.incidents import AboutSchema


class StoredFileSchema(Schema):
    """A stored file."""

    name = fields.String(required=True)
    url = fields.String(required=True, metadata={"format": "uri"})
    media_type = fields.String(required=True)
    bytes = fields.Integer(required=True)
    sha256 = fields.String(required=True, metadata={"description": "Of the file's bytes, in hexadecimal digits."})


class ManifestSchema(AboutSchema):
    """The stored files of a release."""

    digest = fields.String(required=True, metadata={"description": "Of the release, as in /v1/releases."})
    published = fields.String(required=True, metadata={"format": "date-time"})
    generation = fields.Integer(required=True, metadata={"description": "Redactions before the files were written."})
    incidents = fields.Integer(required=True)
    files = fields.List(fields.Nested(StoredFileSchema), required=True)


class DataPackageSchema(Schema):
    """A Frictionless data package, whose own specification says more."""

    class Meta:
        unknown = INCLUDE

    name = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True, metadata={"description": "Number of the release."})
    created = fields.String(required=True, metadata={"format": "date-time"})
    licenses = fields.List(fields.Dict(), required=True)
    resources = fields.List(fields.Dict(), required=True)
