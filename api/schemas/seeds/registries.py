"""What stands beside the incidents in seeds/: sources, codelists, places, context, withdrawals, the data set."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from api.domain.countries import COUNTRIES
from api.domain.dates import parse_edtf
from api.domain.errors import InvalidValue
from api.domain.incident import Source
from api.domain.place import GazetteerPlace, Geocode, Precision
from api.domain.redaction import REASONS, YEARS, Redaction
from api.schemas.seeds.values import (
    CODE,
    COUNTRY,
    INCIDENT_ID,
    LANGUAGE,
    SLUG,
    SUBDIVISION,
    WEB_ADDRESS,
    Count,
    Degrees,
    Edtf,
    Flag,
    day,
    listed,
    localized,
    matching,
    prose,
    reported_place,
)

CODELISTS = (
    "category", "method", "purpose", "role", "role_status", "measure", "outcome", "speaker", "place_role",
    "precision", "verification", "confidence", "relation", "publisher_kind", "source_kind", "withheld",
    "context", "withdrawal", "redaction",
)  # fmt: skip


AREA = r"^([A-Z]{2}|\d{3})$"
COVERAGE_STATUSES = ("searched", "sampled", "nothing_usable", "not_searched")


class SourceSchema(Schema):
    """A publication. `title` is the published headline, and null when it was not seen."""

    id = matching(SLUG)
    publisher = prose(200)
    publisher_kind = matching(CODE)
    title = prose(400, nullable=True)
    description = localized(1000, nullable=True)
    url = matching(WEB_ADDRESS, nullable=True)
    withheld = matching(CODE, nullable=True)
    language = matching(LANGUAGE)
    published = Edtf(allow_none=True)
    retrieved = Edtf(allow_none=True)
    archived_url = matching(WEB_ADDRESS, nullable=True)
    kind = fields.String(required=True, validate=validate.OneOf(["original", "copy", "overview"]))
    original_publisher = prose(200, nullable=True)

    @validates_schema
    def _check_whole(self, data: dict[str, Any], **_: Any) -> None:
        if not data.get("title") and not data.get("description"):
            raise ValidationError("Without a title, say in `description` what the publication is.", "description")
        if data.get("original_publisher") and data.get("kind") != "copy":
            raise ValidationError("Only a copy has an original publisher.", "original_publisher")
        if data.get("withheld") and data.get("url") and data.get("title"):
            raise ValidationError("Nothing is withheld: url and title are both given.", "withheld")

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Source:
        return Source(**data)


class StandardSchema(Schema):
    """A term of a public standard. `code` is null where the standard has words only."""

    scheme = prose(80)
    code = prose(80, nullable=True)
    term = prose(200)


class LabelSchema(Schema):
    """A label in every language of the record."""

    en = prose(120)
    es = prose(120)
    id = prose(120)


class CodeSchema(Schema):
    """An entry of a codelist."""

    code = matching(CODE)
    label = fields.Nested(LabelSchema, required=True)
    definition = localized(600)
    standard = listed(fields.Nested(StandardSchema))
    folds = fields.List(matching(CODE), metadata={"description": "Free words of researchers that this code takes in."})


class MeasureSchema(CodeSchema):
    """A measure: what is counted or paid, in which unit, and whether its figures may be added up."""

    unit = prose(40, nullable=True)
    money = Flag()
    additive = Flag()
    wide = Flag()

    @validates_schema
    def _check_unit(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("money") and data.get("unit") is not None:
            raise ValidationError("Money has a currency with each figure, and no unit.", "unit")
        if data.get("money") is False and data.get("unit") is None:
            raise ValidationError("A measure that is no money needs a unit.", "unit")
        if data.get("money") and data.get("additive"):
            raise ValidationError("Money is never added up.", "additive")


CodelistsSchema = Schema.from_dict(
    {name: listed(fields.Nested(MeasureSchema if name == "measure" else CodeSchema), least=1) for name in CODELISTS},
    name="CodelistsSchema",
)


class ContextSchema(Schema):
    """A condition that the reporting names, by country (ISO 3166-1) or region (UN M49)."""

    id = matching(SLUG)
    area = matching(AREA)
    code = matching(CODE)
    text = localized(1000)
    as_of = Edtf(allow_none=True)
    sources = listed(matching(SLUG), least=1)


class CoverageSchema(Schema):
    """What was searched for reports, by country (ISO 3166-1) or region (UN M49), and what was not."""

    area = matching(AREA)
    status = fields.String(required=True, validate=validate.OneOf(COVERAGE_STATUSES))
    from_year = Count(required=True, allow_none=True)
    to_year = Count(required=True, allow_none=True)
    languages = listed(matching(LANGUAGE))
    source_kinds = listed(matching(CODE))
    as_of = Edtf()
    note = localized(1000, nullable=True)


class WithdrawnSchema(Schema):
    """An id that was published and is not any more."""

    id = matching(INCIDENT_ID)
    reason = matching(CODE)
    date = day()
    superseded_by = matching(INCIDENT_ID, nullable=True)


class RedactionSchema(Schema):
    """All that may still be told of a record whose text was taken out of every release."""

    id = matching(INCIDENT_ID)
    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    redacted = day()
    category = matching(CODE)
    country = fields.String(required=True, validate=validate.OneOf(COUNTRIES, error="Write an ISO 3166-1 code."))
    years = matching(rf"^{YEARS.pattern}$")

    @validates_schema
    def _check_years(self, data: dict[str, Any], **_: Any) -> None:
        try:
            parse_edtf(data.get("years", "2018"))
        except InvalidValue as error:
            raise ValidationError(f"{error.rule[0].upper()}{error.rule[1:]}.", "years") from None

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Redaction:
        return Redaction(**data)


class DatasetSchema(Schema):
    """The data set as a whole."""

    title = localized(200)
    description = localized(2000)
    publisher = prose(200)
    licence = prose(40)
    licence_url = matching(WEB_ADDRESS)
    attribution = listed(prose(400), least=1)
    contact = prose(200)
    citation = prose(400)


class CandidateSchema(Schema):
    """A runner-up of a close call."""

    gazetteer_id = prose(80)
    name = prose(200)
    precision = fields.Enum(Precision, by_value=fields.String, required=True)
    lon = Degrees(180)
    lat = Degrees(90)
    uncertainty_m = Count(required=True)
    admin1 = matching(SUBDIVISION, nullable=True)


class GeocodeSchema(Schema):
    """The reviewed answer for a place."""

    text = prose(200)
    country = matching(COUNTRY)
    subdivision = matching(SUBDIVISION, nullable=True)
    lon = Degrees(180)
    lat = Degrees(90)
    precision = fields.Enum(Precision, by_value=fields.String, required=True)
    uncertainty_m = Count(required=True)
    name = prose(200)
    admin1 = matching(SUBDIVISION, nullable=True)
    admin1_name = prose(200, nullable=True)
    admin2_name = prose(200, nullable=True)
    iso_3166_2 = matching(SUBDIVISION, nullable=True)
    population = Count(required=True, allow_none=True)
    feature = prose(10, nullable=True)
    gazetteer_id = prose(80)
    provider = prose(40)
    licence = prose(40)
    query = prose(400)
    date = day()
    reviewed = Flag()
    candidates = listed(fields.Nested(CandidateSchema))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Geocode:
        place = reported_place(data)
        candidates = tuple(GazetteerPlace(country=place.country, **one) for one in data["candidates"])
        how = {name: data[name] for name in ("provider", "licence", "query", "date")}
        found = {name: data[name] for name in GazetteerPlace.__slots__ if name in data}
        return Geocode(place, GazetteerPlace(**found), **how, is_reviewed=data["reviewed"], candidates=candidates)
