"""Statistics as they are answered."""

from typing import Any

from marshmallow import Schema, fields

from api.domain.figures import CHOICES
from api.domain.stats import DIMENSIONS
from api.schemas.answers.incidents import AboutSchema

_SUM = "null where no incident has a figure, or one leaves this open (`open_ended`)."


def _number(description: str) -> fields.Field[Any]:
    return fields.Float(allow_none=True, metadata={"description": description})


def _whole(description: str) -> fields.Field[Any]:
    return fields.Integer(metadata={"description": description})


class TotalSchema(Schema):
    """Counts and figures of some incidents; which columns there are follows from the measure."""

    incidents = fields.Integer(required=True, metadata={"description": "How many there are."})
    low = _number(f"The least that the chosen claims leave possible, added up; {_SUM}")
    best = _number(f"Their best values, added up; {_SUM}")
    high = _number(f"The most that they leave possible, added up; {_SUM}")
    claims = _whole("How many claims of the measure there are, chosen or not.")
    incidents_with_figure = _whole("How many of the incidents have any.")
    disputed = _whole("How many of these have claims of which no number fits all.")
    open_ended = _whole("How many of the chosen claims leave `low`, `best` or `high` open.")
    currency = fields.String(allow_none=True, metadata={"description": "ISO 4217; null for what is no money."})
    n = _whole("How many incidents have a claim in this currency.")
    min = _number("The least of the chosen claims.")
    median = _number("The middle one, or halfway between the two in the middle.")
    max = _number("The greatest.")


class StatsRowSchema(TotalSchema):
    """A group; of the dimensions it has those that were asked for, null where the incidents have no value."""

    country = fields.String(allow_none=True, metadata={"description": "ISO 3166-1 alpha-2. NA is Namibia."})
    country_iso3 = fields.String(allow_none=True)
    country_name = fields.String(allow_none=True)
    admin1 = fields.String(allow_none=True, metadata={"description": "ISO 3166-2."})
    admin1_name = fields.String(allow_none=True)
    category = fields.String(allow_none=True)
    category_label = fields.String(allow_none=True)
    method = fields.String(allow_none=True)
    method_label = fields.String(allow_none=True)
    purpose = fields.String(allow_none=True)
    purpose_label = fields.String(allow_none=True)
    outcome = fields.String(allow_none=True)
    outcome_label = fields.String(allow_none=True)
    precision = fields.String(allow_none=True)
    precision_label = fields.String(allow_none=True)
    verification = fields.String(allow_none=True)
    verification_label = fields.String(allow_none=True)
    year = fields.Integer(allow_none=True, metadata={"description": "null when the date reaches over several."})
    month = fields.String(
        allow_none=True, metadata={"description": "YYYY-MM; null when the date is not known to the month."}
    )


class StatsLinksSchema(Schema):
    """Where these statistics are, and what they were made from."""

    self = fields.String(required=True, metadata={"format": "uri"})
    csv = fields.String(required=True, metadata={"format": "uri"})
    incidents = fields.String(required=True, metadata={"format": "uri", "description": "The incidents counted."})


class StatsMetaSchema(AboutSchema):
    """What a reader should know of statistics."""

    by = fields.List(fields.String(metadata={"enum": list(DIMENSIONS)}), required=True)
    measure = fields.String(required=True)
    measure_label = fields.String(required=True)
    unit = fields.String(required=True, allow_none=True, metadata={"description": "What is counted; null for money."})
    figure = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": [*CHOICES, None], "description": "Which claim of an incident counts; null for incidents."},
    )
    rows = fields.Integer(required=True, metadata={"description": "How many rows there are, shown or not."})
    returned = fields.Integer(required=True)
    totals = fields.List(
        fields.Nested(TotalSchema),
        required=True,
        metadata={"description": "The same columns for everything that matches, each incident once; a row a currency."},
    )
    overlapping = fields.List(
        fields.String(metadata={"enum": ["method", "purpose"]}),
        required=True,
        metadata={
            "description": "Dimensions of which an incident may have several values: it stands in a row for each, so "
            "that rows add up to more than `totals`."
        },
    )
    possible_duplicates = fields.Integer(
        required=True,
        metadata={
            "description": "How many of the incidents counted are linked with another one of them as possibly the same."
        },
    )


class StatsSchema(Schema):
    """Counts by group."""

    data = fields.List(fields.Nested(StatsRowSchema), required=True)
    links = fields.Nested(StatsLinksSchema, required=True)
    meta = fields.Nested(StatsMetaSchema, required=True)
