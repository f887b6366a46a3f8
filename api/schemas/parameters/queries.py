"""One query schema an operation; the incident ones load into values of domain.query."""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, post_load, validates_schema

from api.domain.area import MAX_RADIUS_M, Circle
from api.domain.incident import LANGUAGES
from api.domain.query import MATCHES, SORT_KEYS, IncidentFilter, PageQuery, Sort, question_hash
from api.schemas.parameters.fields import (
    MAX_IDS,
    Box,
    Codes,
    CursorText,
    Days,
    Number,
    Position,
    SortKey,
    Whole,
    Word,
    Words,
)

MAX_LIMIT = 1000
MAX_RELEASE = 2**31 - 2
WHOLE_SORT_KEYS = frozenset({"uncertainty_m", "updated"})
"""Sort keys whose values are whole numbers; a cursor of any other holds text."""

_CODE = r"[a-z][a-z0-9_]{0,62}"


class ReleaseQuery(Schema):
    """Which release to read."""

    class Meta:
        unknown = RAISE

    release = Whole(
        most=MAX_RELEASE,
        description="Number of a release: the data as it was then. Without it, the current release.",
        examples=[1],
    )


class FlatQuery(ReleaseQuery):
    """Which release, in which language."""

    lang = Word(
        LANGUAGES,
        description="Language of titles, summaries, date notes and labels; English stands in where there is no "
        "translation. Without it, Accept-Language decides.",
        x_example="es",
    )


class FilterQuery(FlatQuery):
    """Which incidents: everything that is given must hold."""

    country = Codes(
        "[A-Z]{2}", str.upper, description="ISO 3166-1 alpha-2 codes, comma-separated.", x_example=["PE", "ID"]
    )
    admin1 = Codes(
        "[A-Z]{2}-[A-Z0-9]{1,3}", str.upper, description="ISO 3166-2 codes of first-level areas.", x_example=["PE-ARE"]
    )
    category = Codes(_CODE, str.lower, description="Codes of the codelist `category`.", x_example=["online_sale"])
    method = Codes(_CODE, str.lower, description="Codes of the codelist `method`.", x_example=["document_forgery"])
    purpose = Codes(_CODE, str.lower, description="Codes of the codelist `purpose`.", x_example=["illegal_adoption"])
    outcome = Codes(_CODE, str.lower, description="Latest known outcome; codelist `outcome`.", x_example=["released"])
    precision = Codes(_CODE, str.lower, description="What the point stands for.", x_example=["settlement", "admin2"])
    verification = Codes(_CODE, str.lower, description="How well verified.", x_example=["multiple_sources"])
    datetime = Days(
        metadata={
            "type": "string",
            "description": "A date or interval, closed or open: 2018, 2018-11-06, 2018-01-01/2018-12-31, 2018/.. "
            "An incident matches when any of its possible days lies in it; with match=certain, when all do.",
            "x_example": "2018-01-01/2018-12-31",
        }
    )
    bbox = Box(
        metadata={
            "type": "string",
            "description": "west,south,east,north in degrees. West greater than east crosses the antimeridian; "
            "longitudes beyond ±180 are wrapped.",
            "x_example": "-82,-19,-68,0",
        }
    )
    near = Position(
        metadata={"type": "string", "description": "lon,lat in degrees; needs radius_m.", "x_example": "112.75,-7.25"}
    )
    radius_m = Number(most=MAX_RADIUS_M, description="Metres around `near`, on the sphere.", x_example=50000)
    match = Word(
        MATCHES,
        description="What has to lie in `bbox` and `near`: `point` (the default) the point; `possible` any place that "
        "is within `uncertainty_m` of it, so that nothing is left out that may lie there; `certain` every such place, "
        "so that nothing is found that may lie elsewhere. For `datetime`, `certain` asks that every possible day lies "
        "in it and that the sources do not doubt the date. Without these three it changes nothing.",
        x_example="possible",
    )
    max_uncertainty_m = Number(
        most=MAX_RADIUS_M,
        takes_zero=True,
        description="Metres: `uncertainty_m` is at most this. Leaves out what is known only to a large area.",
        x_example=25000,
    )
    q = Words(
        metadata={
            "type": "string",
            "description": "Words in titles, summaries, places and outcomes; accents and case do not matter. "
            "All must occur; the last may be the beginning of a word.",
            "x_example": "surabaya instagram",
        }
    )
    ids = Codes(
        r"[A-Z]{2}-\d{4}-\d{4,12}",
        str.upper,
        most=MAX_IDS,
        description=f"Identifiers of incidents, at most {MAX_IDS}.",
        x_example=["PE-2018-0001", "NG-2018-0001"],
    )

    @validates_schema
    def _check_pairs(self, data: dict[str, Any], **_: Any) -> None:
        if ("near" in data) != ("radius_m" in data):
            missing = "radius_m" if "near" in data else "near"
            raise ValidationError("near=lon,lat and radius_m=metres go together", missing)

    def _filter(self, data: dict[str, Any]) -> IncidentFilter:
        known = {name: data[name] for name in IncidentFilter.__slots__ if name in data}
        if "near" in data:
            known["near"] = Circle(data["near"][0], data["near"][1], data["radius_m"])
        return IncidentFilter(**known)


SORT = {
    "type": "string",
    "enum": [sign + key for key in SORT_KEYS for sign in ("", "-")],
    "description": "Column to sort by, with - before it for descending; ties go by id. Default -date_start.",
    "x_example": "-date_start",
}


class PageSchema(FilterQuery):
    """A page of incidents."""

    sort = SortKey(metadata=SORT)
    limit = Whole(
        most=MAX_LIMIT,
        clamps=True,
        load_default=100,
        description=f"Rows a page; more than {MAX_LIMIT:,} gives {MAX_LIMIT:,}, and meta.limit says so.",
        x_example=100,
    )
    cursor = CursorText(metadata={"type": "string", "description": "Where the page before ended: meta.next_cursor."})
    count = Word(
        ("exact",),
        description="`exact` counts beyond 10,000, for a few seconds at most: `meta.total_is_lower_bound` says whether "
        "they were enough. Without any filter the total is exact anyway.",
        x_example="exact",
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> PageQuery:
        where, cursor = self._filter(data), data.get("cursor")
        sort, release = data.get("sort", Sort()), data.get("release")
        if cursor is not None:
            is_of_this_sort = cursor.sort == str(sort) and isinstance(cursor.key, int) == (sort.key in WHOLE_SORT_KEYS)
            if cursor.question != question_hash(where) or not is_of_this_sort:
                raise ValidationError(
                    "this cursor belongs to another filter or sort; repeat them as they were", "cursor"
                )
            if release not in (None, cursor.release):
                raise ValidationError("this cursor reads another release; leave `release` out", "cursor")
            release = cursor.release
        return PageQuery(
            where, sort, data["limit"], cursor, release, data.get("lang"), is_counted=data.get("count") == "exact"
        )


class ListQuery(ReleaseQuery):
    """A page of a reference list."""

    limit = Whole(
        most=MAX_LIMIT,
        clamps=True,
        load_default=MAX_LIMIT,
        description=f"Rows a page, at most {MAX_LIMIT:,}.",
        x_example=100,
    )
    cursor = CursorText(metadata={"type": "string", "description": "Where the page before ended: meta.next_cursor."})


class LabelledListQuery(ListQuery, FlatQuery):
    """A page of a reference list whose labels are in one language."""


class EmptyQuery(Schema):
    """No parameters at all."""

    class Meta:
        unknown = RAISE
