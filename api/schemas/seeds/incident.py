"""The record as curators write it in seeds/incidents/; also the published JSON Schema."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from api.domain.incident import Figure, Incident, OtherPlace, Outcome, Relation, Role
from api.domain.place import ReportedPlace
from api.schemas.seeds.values import (
    CODE,
    COUNTRY,
    CURRENCY,
    INCIDENT_ID,
    SLUG,
    SUBDIVISION,
    Amount,
    Count,
    Edtf,
    listed,
    localized,
    matching,
    prose,
    reported_place,
)


class PlaceSchema(Schema):
    """A place in the words of the report, never finer than a settlement."""

    text = prose(200)
    country = matching(COUNTRY)
    subdivision = matching(SUBDIVISION, nullable=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> ReportedPlace:
        return reported_place(data)


class OtherPlaceSchema(Schema):
    """A further place that the reports name."""

    text = prose(200)
    country = matching(COUNTRY)
    subdivision = matching(SUBDIVISION, nullable=True)
    role = matching(CODE)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> OtherPlace:
        return OtherPlace(reported_place(data), data["role"])


class RoleSchema(Schema):
    """Accused people by what they did."""

    role = matching(CODE)
    count = Count(required=True, allow_none=True)
    status = matching(CODE, nullable=True)
    note = localized(500, nullable=True)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Role:
        return Role(**data)


class FigureSchema(Schema):
    """One claim of one measure, with who says so and where."""

    measure = matching(CODE)
    low = Amount(required=True, allow_none=True)
    best = Amount(required=True, allow_none=True)
    high = Amount(required=True, allow_none=True)
    unit = prose(40, nullable=True)
    currency = matching(CURRENCY, nullable=True)
    as_of = Edtf(allow_none=True)
    said_by = matching(CODE)
    sources = listed(matching(SLUG), least=1)
    note = localized(1000, nullable=True)

    @validates_schema
    def _check_order(self, data: dict[str, Any], **_: Any) -> None:
        given = [data[name] for name in ("low", "best", "high") if data.get(name) is not None]
        if not given:
            raise ValidationError("Give at least one of low, best and high.", "best")
        if given != sorted(given):
            raise ValidationError("Must be low ≤ best ≤ high.", "best")

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Figure:
        return Figure(**data | {"sources": tuple(data["sources"])})


class OutcomeSchema(Schema):
    """A step of what followed."""

    status = matching(CODE)
    as_of = Edtf(allow_none=True)
    note = localized(1000, nullable=True)
    sources = listed(matching(SLUG), least=1)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Outcome:
        return Outcome(**data | {"sources": tuple(data["sources"])})


class RelationSchema(Schema):
    """Another incident, and how it is related."""

    id = matching(INCIDENT_ID)
    kind = matching(CODE)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Relation:
        return Relation(**data)


class IncidentSchema(Schema):
    """One incident, with everything that is claimed of it."""

    id = matching(INCIDENT_ID)
    category = matching(CODE)
    title = localized(160)
    summary = localized(2000)
    date = Edtf(allow_interval=True)
    date_note = localized(1000, nullable=True)
    place = fields.Nested(PlaceSchema, required=True)
    other_places = listed(fields.Nested(OtherPlaceSchema))
    methods = listed(matching(CODE))
    purposes = listed(matching(CODE))
    roles = listed(fields.Nested(RoleSchema))
    figures = listed(fields.Nested(FigureSchema))
    outcomes = listed(fields.Nested(OutcomeSchema), least=1)
    sources = listed(matching(SLUG), least=1)
    confidence = matching(CODE)
    related = listed(fields.Nested(RelationSchema))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Incident:
        many = ("other_places", "methods", "purposes", "roles", "figures", "outcomes", "sources", "related")
        return Incident(**data | {name: tuple(data[name]) for name in many})
