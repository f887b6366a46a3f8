"""What is asked of statistics, and what one row of the answer holds."""

from dataclasses import dataclass
from typing import Literal, get_args

from api.domain.figures import Choice
from api.domain.query import CODE_FILTERS, IncidentFilter

Dimension = Literal[
    "country", "admin1", "category", "method", "purpose", "outcome", "precision", "verification", "year", "month"
]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
MULTIPLE: frozenset[Dimension] = frozenset({"method", "purpose"})
"""Dimensions in which one incident may stand in several rows."""

MOST_DIMENSIONS = 3
MOST_ROWS = 50_000
"""More are refused: a file of incidents is the better answer."""

INCIDENTS = "incidents"
"""The measure that counts incidents and no figures."""

ADDITIVE_COLUMNS = ("low", "best", "high", "claims", "incidents_with_figure", "disputed", "open_ended")
RANGE_COLUMNS = ("currency", "n", "min", "median", "max")
"""Columns that a measure adds to `incidents`: one whose figures may be added up, and any other."""

assert set(CODE_FILTERS) <= set(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class StatsSort:
    """The column that orders the rows; ties go by the dimensions, ascending. Missing values come last."""

    key: str
    is_descending: bool

    def __str__(self) -> str:
        return f"-{self.key}" if self.is_descending else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredQuery:
    """The incidents of `where`, or the figures of a measure.

    `figure` says which claim of an incident counts where there are several. `release` None means the current one;
    `lang` is the language that the address names, if any.
    """

    where: IncidentFilter
    measure: str = INCIDENTS
    figure: Choice = "best"
    release: int | None = None
    lang: str | None = None

    def parameters(self) -> dict[str, str]:
        """The question in canonical spelling, but for release and language."""
        measured = {"measure": self.measure, "figure": self.figure} if self.measure != INCIDENTS else {}
        return self.where.parameters() | measured


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsQuery(MeasuredQuery):
    """Rows for each group that `by` makes, at most `top` of them.

    `sort` None is the order of the dimensions, or the greatest first where there is a `top`.
    """

    by: tuple[Dimension, ...] = ()
    sort: StatsSort | None = None
    top: int | None = None
