"""Problem documents (RFC 9457)."""

from marshmallow import Schema, fields


class ParameterProblemSchema(Schema):
    """A parameter, and the rule that it breaks."""

    parameter = fields.String(required=True)
    rule = fields.String(required=True)


class ProblemSchema(Schema):
    """What went wrong, and what to do about it."""

    type = fields.String(required=True, metadata={"format": "uri", "description": "Address of the documentation."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ParameterProblemSchema))
    did_you_mean = fields.String(metadata={"format": "uri", "description": "An address that works."})
    last_release = fields.Integer(metadata={"description": "The last release that had a withdrawn incident."})
    releases = fields.List(fields.Integer(), metadata={"description": "Releases that have the stored file."})
    reason = fields.String(allow_none=True)
    superseded_by = fields.String(allow_none=True)
