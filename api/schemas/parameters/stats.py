"""What may be asked of statistics: the filters of incidents, dimensions, a measure."""

from typing import Any

from marshmallow import ValidationError, post_load, validates_schema

from api.domain.figures import CHOICES
from api.domain.stats import (
    ADDITIVE_COLUMNS,
    DIMENSIONS,
    INCIDENTS,
    MOST_DIMENSIONS,
    MOST_ROWS,
    RANGE_COLUMNS,
    StatsQuery,
    StatsSort,
)
from api.schemas.parameters.fields import Code, Codes, Whole, Word
from api.schemas.parameters.queries import FilterQuery

_COLUMNS = (INCIDENTS, *ADDITIVE_COLUMNS, *RANGE_COLUMNS)
SORTS = tuple(sign + name for name in (*DIMENSIONS, *dict.fromkeys(_COLUMNS)) for sign in ("", "-"))
"""Every column that an answer may have, with and without a sign."""


class MeasuredQuery(FilterQuery):
    """Incidents, or the figures of a measure."""

    measure = Code(
        "[a-z][a-z0-9_]{0,62}",
        str.lower,
        description=f"`{INCIDENTS}` (the default), or a code of the codelist `measure`: figures that may be added up "
        "are totalled as `low`, `best` and `high`; the others have `n`, `min`, `median` and `max` by currency.",
        x_example="arrested",
    )
    figure = Word(
        CHOICES,
        description="Which claim of an incident counts where there are several: `best` (the default) is the one that "
        "the `_best` columns show, `min` gives the least number, `max` the greatest, `latest` is said for the latest "
        "day; of equal ones the better counts.",
        x_example="latest",
    )

    @validates_schema
    def _check_figure(self, data: dict[str, Any], **_: Any) -> None:
        if "figure" in data and data.get("measure", INCIDENTS) == INCIDENTS:
            raise ValidationError("it chooses among claims of a measure: give measure=, such as arrested", "figure")

    def measured(self, data: dict[str, Any]) -> dict[str, Any]:
        """The fields of domain.stats.MeasuredQuery."""
        names = ("measure", "figure", "release", "lang")
        return {"where": self._filter(data)} | {name: data[name] for name in names if name in data}


class StatsSchema(MeasuredQuery):
    """Counts by group."""

    by = Codes(
        "[a-z0-9]{1,20}",
        str.lower,
        most=MOST_DIMENSIONS,
        choices=DIMENSIONS,
        description=f"Up to {MOST_DIMENSIONS} dimensions, in the order of the answer's columns; without any, one row "
        "of all. An incident with several methods or purposes stands in a row for each of them.",
        x_example=["country", "year"],
    )
    sort = Word(
        SORTS,
        description="A column of the answer, with - before it for descending; what is missing comes last, ties go by "
        "the dimensions. Without it, rows are in the order of the dimensions; with `top`, the greatest come first.",
        x_example="-incidents",
    )
    top = Whole(
        most=MOST_ROWS,
        description="So many rows at most: `meta.rows` says how many there are in all.",
        x_example=10,
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> StatsQuery:
        asked = self.measured(data) | {name: data[name] for name in ("by", "top") if name in data}
        if sort := data.get("sort"):
            asked["sort"] = StatsSort(sort.removeprefix("-"), sort.startswith("-"))
        return StatsQuery(**asked)


class StatsFileSchema(StatsSchema):
    """Counts by group, for a spreadsheet."""

    bom = Word(("true", "false"), description="true puts a byte order mark first, for Excel.", x_example="true")
