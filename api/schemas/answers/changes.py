"""Changes between two releases, and the versions of one incident, as they are answered."""

from typing import get_args

from marshmallow import Schema, fields

from api.domain.changes import Kind, Reason
from api.schemas.answers.incidents import AboutSchema, FlatIncidentSchema, PageLinksSchema


class FieldChangeSchema(Schema):
    """One difference."""

    field = fields.String(
        required=True,
        metadata={
            "description": "A column of the flat record; or, for what only the nested record holds (figures, outcomes, "
            "roles, sources, further places, texts in other languages), a JSON Pointer (RFC 6901) into `data` of "
            "/v1/incidents/{id}, such as /figures or /title/es. A list is told whole."
        },
    )
    before = fields.Raw(
        required=True, allow_none=True, metadata={"description": "Any JSON value; null where none was."}
    )
    after = fields.Raw(required=True, allow_none=True, metadata={"description": "Any JSON value; null where none is."})


_FIELDS = "What differs, columns first, in the language of the answer. `updated` and `updated_release` are left out."


class ChangeSchema(Schema):
    """What became of one incident."""

    id = fields.String(required=True)
    change = fields.String(
        required=True,
        metadata={
            "enum": list(get_args(Kind)),
            "description": "`entered`: it matches now and did not then. `changed`: it matches both times, and differs. "
            "`left`: it matched then and does not now. What changed and changed back is not listed.",
        },
    )
    reason = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "enum": list(get_args(Reason)),
            "description": "Why it entered (`published` since, or published before and `now_matches` the filter) or "
            "left (`withdrawn`, or published still and `no_longer_matches`); null when it changed. `redacted`: since "
            "then its text was taken out of every release, and copies should drop it; told whatever the filter is, as "
            "`left` where what remains does not match.",
        },
    )
    withdrawal_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why it was withdrawn, as in the 410 of the record: `merged`, `duplicate`, …"},
    )
    superseded_by = fields.String(
        required=True, allow_none=True, metadata={"description": "The incident that replaces a withdrawn one, if any."}
    )
    release = fields.Integer(
        required=True, metadata={"description": "The release that made the newest change of the incident."}
    )
    fields_ = fields.List(
        fields.Nested(FieldChangeSchema),
        required=True,
        data_key="fields",
        metadata={
            "description": f"{_FIELDS} Empty when it was published since, was withdrawn, or only its internal "
            "representation differs."
        },
    )
    incident = fields.Nested(
        FlatIncidentSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The flat object as it is now, to replace the one that you have; null when it left."},
    )


class ChangeMetaSchema(AboutSchema):
    """What a reader should know of a page of changes."""

    since = fields.Integer(required=True, metadata={"description": "The release that is compared with `release`."})
    returned = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ChangePageSchema(Schema):
    """A page of changes, ordered by the incidents' ids."""

    data = fields.List(fields.Nested(ChangeSchema), required=True)
    links = fields.Nested(PageLinksSchema, required=True)
    meta = fields.Nested(ChangeMetaSchema, required=True)


class VersionLinksSchema(Schema):
    """Where a version is."""

    self = fields.String(
        required=True, metadata={"format": "uri", "description": "The record as this version has it, for ever."}
    )


class VersionSchema(Schema):
    """A state of an incident, and the releases that have it."""

    from_release = fields.Integer(required=True, metadata={"description": "The first release that has it."})
    last_release = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The last release that has it; null while it is open."}
    )
    published = fields.String(
        required=True, metadata={"format": "date-time", "description": "UTC time of `from_release`."}
    )
    digest = fields.String(required=True, metadata={"description": "sha256 of the record."})
    change = fields.String(
        required=True,
        metadata={
            "enum": ["entered", "changed", "returned"],
            "description": "How it came about; `returned` after the incident had been withdrawn.",
        },
    )
    ended = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "enum": ["changed", "withdrawn"],
            "description": "What ended it: another version, or a withdrawal. Null while it is open.",
        },
    )
    fields_ = fields.List(
        fields.Nested(FieldChangeSchema),
        required=True,
        data_key="fields",
        metadata={"description": f"{_FIELDS} Compared with the version before; empty for the first."},
    )
    links = fields.Nested(VersionLinksSchema, required=True)


class HistoryLinksSchema(Schema):
    """Where the history is, and the record that it is of."""

    self = fields.String(required=True, metadata={"format": "uri"})
    incident = fields.String(required=True, metadata={"format": "uri"})
    older = fields.String(metadata={"format": "uri", "description": "Only when there are more than 200 versions."})


class HistorySchema(Schema):
    """Every version of one incident up to a release, newest first; the newest 200 of them."""

    data = fields.List(fields.Nested(VersionSchema), required=True)
    links = fields.Nested(HistoryLinksSchema, required=True)
    meta = fields.Nested(AboutSchema, required=True)
