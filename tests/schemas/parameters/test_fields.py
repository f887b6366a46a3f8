"""Raw text becomes a value, or the rule that it breaks."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domain.area import Bbox, Circle
from api.domain.dates import Interval
from api.domain.errors import InvalidQuery
from api.domain.query import Cursor, IncidentFilter, Sort, question_hash
from api.schemas.parameters.load import load
from api.schemas.parameters.queries import ListQuery, PageSchema, ReleaseQuery
from api.serving.files import BY_PATH

GEOJSON, CSV = BY_PATH["/v1/incidents.geojson"], BY_PATH["/v1/incidents.csv"]
CODES = {"country": frozenset({"PE", "ID", "NA"}), "category": frozenset({"online_sale", "other"})}


def where(*pairs: tuple[str, str]) -> IncidentFilter:
    found: IncidentFilter = load(PageSchema(), pairs, CODES).where
    return found


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("country", "pe", ("PE",)),
        ("country", "PE,id,Pe", ("ID", "PE")),
        ("country", " PE , ID ", ("ID", "PE")),
        ("country", "NA", ("NA",)),
        ("admin1", "pe-are", ("PE-ARE",)),
        ("category", "Online_Sale", ("online_sale",)),
        ("ids", "pe-2018-0001,NG-2018-000123", ("NG-2018-000123", "PE-2018-0001")),
        ("datetime", "2018", Interval(date(2018, 1, 1), date(2018, 12, 31))),
        ("datetime", "2018-02", Interval(date(2018, 2, 1), date(2018, 2, 28))),
        ("datetime", "2018-11-06T23:59:59Z", Interval(date(2018, 11, 6), date(2018, 11, 6))),
        ("datetime", "2018/..", Interval(date(2018, 1, 1), None)),
        ("datetime", "/2018", Interval(None, date(2018, 12, 31))),
        ("bbox", "-82,-19,-68,0", Bbox(-82, -19, -68, 0)),
        ("bbox", ".5,-.5,1.,1.0", Bbox(0.5, -0.5, 1, 1)),
        ("bbox", "170,-25,190,-10", Bbox(170, -25, -170, -10)),
        ("bbox", "170,-25,-170,-10", Bbox(170, -25, -170, -10)),
        ("bbox", "-500,-90,500,90", Bbox(-180, -90, 180, 90)),
        ("q", "Niño, ÑANDÚ", ("nino", "nandu")),
        ("q", "O'Higgins", ("ohiggins",)),
        ("max_uncertainty_m", "0", 0.0),
        ("max_uncertainty_m", "-0", 0.0),
        ("max_uncertainty_m", "25000", 25_000.0),
        ("max_uncertainty_m", "2.5e4", 25_000.0),
        ("max_uncertainty_m", "0.5", 0.5),
        ("max_uncertainty_m", "20037508", 20_037_508.0),
        ("match", "possible", "point"),
    ],
)
def test_a_filter_is_read_and_made_canonical(name: str, text: str, value: object) -> None:
    assert getattr(where((name, text)), name) == value


def test_lists_are_united_whether_repeated_or_written_with_commas() -> None:
    assert where(("country", "PE"), ("country", "ID,PE")).country == ("ID", "PE")


def test_near_and_its_radius_make_a_circle() -> None:
    assert where(("near", "112.75,-7.25"), ("radius_m", "5e4")).near == Circle(112.75, -7.25, 50_000)


@pytest.mark.parametrize("match", ["point", "possible", "certain"])
def test_match_is_read_where_it_governs_something(match: str) -> None:
    assert where(("match", match), ("bbox", "1,2,3,4")).match == match
    assert where(("bbox", "1,2,3,4"), ("match", match), ("country", "PE")).match == match
    assert where(("match", match), ("country", "PE")) == where(("country", "PE"))
    in_time = where(("match", match), ("datetime", "2018")).match
    assert in_time == ("certain" if match == "certain" else "point")


def test_count_is_asked_for_by_its_one_word() -> None:
    assert load(PageSchema(), [("count", "exact")], CODES).is_counted
    assert not load(PageSchema(), [], CODES).is_counted


def test_a_cursor_goes_on_with_or_without_a_count() -> None:
    cursor = Cursor(1, "-date_start", "2018", "PE-2018-0001", question_hash(IncidentFilter())).encode()
    for pairs in ([], [("count", "exact")], [("limit", "7")]):
        assert load(PageSchema(), [("cursor", cursor), *pairs], CODES).cursor.encode() == cursor


def test_a_cursor_belongs_to_its_match_and_its_limit_of_uncertainty() -> None:
    asked = [("near", "1,2"), ("radius_m", "5")]
    cursor = ("cursor", Cursor(1, "-date_start", "2018", "PE-2018-0001", question_hash(where(*asked))).encode())
    load(PageSchema(), [*asked, cursor, ("match", "point")], CODES)
    for other in (("match", "possible"), ("match", "certain"), ("max_uncertainty_m", "0")):
        with pytest.raises(InvalidQuery, match="another filter"):
            load(PageSchema(), [*asked, cursor, other], CODES)


def test_a_canonical_question_reads_back_as_itself() -> None:
    asked = where(("country", "pe,ID"), ("datetime", "2018/.."), ("bbox", "170,-25,190,-10"), ("q", "Niño robado"),
                  ("near", "1,2"), ("radius_m", "1000.5"), ("ids", "PE-2018-0001"), ("category", "other"),
                  ("match", "certain"), ("max_uncertainty_m", "0"))  # fmt: skip
    assert where(*asked.parameters().items()) == asked


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 20_037_508, exclude_min=True))
def test_any_point_and_radius_reads_back_as_itself(lon: float, lat: float, radius_m: float) -> None:
    asked = IncidentFilter(near=Circle(lon, lat, radius_m))
    assert where(*asked.parameters().items()) == asked


@given(st.floats(0, 20_037_508))
def test_any_limit_of_uncertainty_reads_back_as_itself(most: float) -> None:
    asked = IncidentFilter(max_uncertainty_m=most)
    assert where(*asked.parameters().items()) == asked


@given(st.floats(-180, 179.9), st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90))
def test_any_box_reads_back_as_itself(west: float, south: float, east: float, north: float) -> None:
    asked = where(("bbox", f"{west!r},{min(south, north)!r},{east!r},{max(south, north)!r}"))
    assert where(*asked.parameters().items()) == asked


@pytest.mark.parametrize(
    ("schema", "pairs", "parameter", "words"),
    [
        (PageSchema(), [("country", "ZZ")], "country", "no such code: ZZ"),
        (PageSchema(), [("category", "x,y")], "category", "no such codes: x, y"),
        (PageSchema(), [("category", "x")], "category", "online_sale, other"),
        (PageSchema(), [("country", ",".join(["PE"] * 3 + [""]))], "country", "commas between them"),
        (PageSchema(), [("ids", ",".join(f"PE-2018-{n:04d}" for n in range(201)))], "ids", "at most 200"),
        (PageSchema(), [("radius_m", "5")], "near", "go together"),
        (PageSchema(), [("near", "1,2")], "radius_m", "go together"),
        (PageSchema(), [("near", "-12,-177"), ("radius_m", "5")], "near", "order is lon,lat"),
        (PageSchema(), [("bbox", "0,10,10,0")], "bbox", "south is greater than north"),
        (PageSchema(), [("bbox", "1,2,3")], "bbox", "four numbers"),
        *(
            (PageSchema(), [("max_uncertainty_m", text)], "max_uncertainty_m", "plain decimal number")
            for text in (
                "NaN",
                "nan",
                "inf",
                "-inf",
                "1e999",
                "1_0",
                "٣",
                "３",
                "+3",
                "0x10",
                "1,5",
                "5 km",
                "5m",
                "\x005",
                "--1",
                "9" * 5000,
            )
        ),
        (PageSchema(), [("max_uncertainty_m", "-1")], "max_uncertainty_m", "from 0 to 20,037,508"),
        (PageSchema(), [("max_uncertainty_m", "-1e-9")], "max_uncertainty_m", "from 0 to 20,037,508"),
        (PageSchema(), [("max_uncertainty_m", "20037508.1")], "max_uncertainty_m", "from 0 to 20,037,508"),
        (PageSchema(), [("max_uncertainty_m", "1"), ("max_uncertainty_m", "2")], "max_uncertainty_m", "given 2 times"),
        (PageSchema(), [("max_uncertainty_m", "")], "max_uncertainty_m", "empty"),
        (PageSchema(), [("near", "1,2"), ("radius_m", "0")], "radius_m", "above 0, up to 20,037,508"),
        *(
            (PageSchema(), [("match", text)], "match", "point, possible, certain")
            for text in (
                "Possible",
                "POSSIBLE",
                " possible",
                "possible,certain",
                "possib",
                "all",
                "pоssible",
                "possible\x00",
            )
        ),
        (PageSchema(), [("match", "point"), ("match", "point")], "match", "given 2 times"),
        (PageSchema(), [("match", " ")], "match", "empty"),
        (GEOJSON, [("match", "some")], "match", "point, possible, certain"),
        (PageSchema(), [("count", "Exact")], "count", "one of exact"),
        (PageSchema(), [("count", "10")], "count", "one of exact"),
        (PageSchema(), [("count", "exact"), ("count", "exact")], "count", "given 2 times"),
        (GEOJSON, [("count", "exact")], "count", "no such parameter"),
        (PageSchema(), [("limit", "0")], "limit", "1 or more"),
        (PageSchema(), [("limit", "1"), ("limit", "1")], "limit", "given 2 times"),
        (PageSchema(), [("limit", " ")], "limit", "empty"),
        (PageSchema(), [("bom", "true")], "bom", "no such parameter"),
        (PageSchema(), [("sort", "place")], "sort", "sort by one of"),
        (GEOJSON, [("limit", "5")], "limit", "no such parameter"),
        (GEOJSON, [("bom", "true")], "bom", "no such parameter"),
        (GEOJSON, [("geometry", "areas")], "geometry", "point, area"),
        (GEOJSON, [("geometry", "point"), ("geometry", "area")], "geometry", "given 2 times"),
        (GEOJSON, [("fields", "id,nope")], "fields", "no such column: nope; there are id, title"),
        (GEOJSON, [("fields", "id,,lon")], "fields", "no such column: ;"),
        (GEOJSON, [("fields", ",".join(["id"] * 100))], "fields", "give each column once"),
        (GEOJSON, [("fields", " ")], "fields", "empty"),
        (GEOJSON, [("fields", "x" * 5000)], "fields", "no such column: xxx"),
        (GEOJSON, [("fields", "id\x00")], "fields", "no such column"),
        (GEOJSON, [("fields", "__class__")], "fields", "no such column"),
        (PageSchema(), [("fields", "id")], "fields", "no such parameter"),
        (CSV, [("bom", "yes")], "bom", "true, false"),
        (CSV, [("geometry", "area")], "geometry", "no such parameter"),
        (BY_PATH["/v1/figures.csv"], [("fields", "title")], "fields", "no such column: title; there are incident_id"),
        (BY_PATH["/v1/sources.csv"], [("sort", "id")], "sort", "no such parameter"),
        (BY_PATH["/v1/changes.csv"], [], "since", "write the number of the release"),
        (ListQuery(), [("country", "PE")], "country", "no such parameter"),
        (ReleaseQuery(), [("release", "2147483647")], "release", "from 1 to 2,147,483,646"),
    ],
)
def test_a_broken_rule_is_named(schema: Any, pairs: list[tuple[str, str]], parameter: str, words: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        load(schema, pairs, CODES)
    (problem,) = caught.value.problems
    assert problem.parameter == parameter
    assert words in problem.rule


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidQuery) as caught:
        load(PageSchema(), [("nope", "1"), ("limit", "x"), ("country", "ZZ"), ("q", ""), ("sort", "x")], CODES)
    assert {problem.parameter for problem in caught.value.problems} == {"nope", "limit", "country", "q", "sort"}


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("007", 7), ("1000", 1000), ("1001", 1000), ("9" * 4000, 1000)])
def test_a_great_limit_is_clamped(text: str, limit: int) -> None:
    assert load(PageSchema(), [("limit", text)], CODES).limit == limit
    assert load(ListQuery(), [("limit", text)], CODES)["limit"] == limit


@pytest.mark.parametrize(
    ("cursor", "words"),
    [
        (Cursor(1, "id", "x", "x", question_hash(IncidentFilter())), "another filter or sort"),
        (Cursor(1, "-date_start", "x", "x", "another"), "another filter or sort"),
        (Cursor(1, "-date_start", 5, "x", question_hash(IncidentFilter())), "another filter or sort"),
        (Cursor(2, "-date_start", "x", "x", question_hash(IncidentFilter())), "another release"),
    ],
)
def test_a_cursor_of_another_question_is_refused(cursor: Cursor, words: str) -> None:
    with pytest.raises(InvalidQuery) as caught:
        load(PageSchema(), [("cursor", cursor.encode()), ("release", "1")], CODES)
    assert words in caught.value.problems[0].rule


@pytest.mark.parametrize("sort", ["updated", "-uncertainty_m"])
def test_a_cursor_of_a_whole_number_holds_one(sort: str) -> None:
    question = question_hash(IncidentFilter())
    good, bad = Cursor(1, sort, 5, "x", question).encode(), Cursor(1, sort, "5", "x", question).encode()
    query = load(PageSchema(), [("cursor", good), ("sort", sort)], CODES)
    assert (query.cursor.key, query.release, query.sort) == (5, 1, Sort(sort.strip("-"), sort.startswith("-")))
    with pytest.raises(InvalidQuery):
        load(PageSchema(), [("cursor", bad), ("sort", sort)], CODES)


def test_a_file_asks_for_columns_in_any_spelling_and_in_their_order() -> None:
    query = load(CSV, [("fields", "Lon, lat"), ("fields", "id,lon"), ("bom", "true"), ("lang", "es")], CODES)
    assert query.columns == ("lon", "lat", "id")
    assert (query.has_bom, query.lang, query.geometry, query.since) == (True, "es", "point", None)
    assert query.parameters() == {"fields": "lon,lat,id"}


def test_a_file_says_what_it_asks_for() -> None:
    query = load(GEOJSON, [("geometry", "area"), ("sort", "id"), ("country", "id,PE"), ("release", "3")], CODES)
    assert query.parameters() == {"country": "ID,PE", "sort": "id", "geometry": "area"}
    changes = load(BY_PATH["/v1/changes.csv"], [("since", "2"), ("fields", "field")], CODES)
    assert (changes.since, changes.parameters()) == (2, {"fields": "field", "since": "2"})
