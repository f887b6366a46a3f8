"""The plans of SQLite: frequent questions are answered from an index, never by reading every row."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine

from api.database.reads import incidents
from api.domain.area import MAX_RADIUS_M, Bbox, Circle
from api.domain.dates import Interval
from api.domain.query import Cursor, IncidentFilter, PageQuery, Sort

if TYPE_CHECKING:
    from tests.oracle import Store

Plan = Callable[[Engine, Callable[[Any], object]], list[str]]


@pytest.fixture(scope="module")
def large(new_store: "Callable[[], Store]", version: Callable[..., Any]) -> "Store":
    """Enough rows for a choice of plan to matter; words and places all but unique."""
    store = new_store()
    versions = [
        version(f"PE-2018-{n:04d}", text=f"word{n} common", point=((n * 7.3) % 360 - 180, (n * 3.1) % 180 - 90))
        for n in range(3000)
    ]
    store.append(versions)
    return store


def reads_every_row(step: str) -> bool:
    """A table read from end to end in no order; a virtual table without a constraint."""
    if "VIRTUAL TABLE INDEX" in step:
        return step.endswith(("INDEX 0:", "INDEX 2:"))
    # `found` is a page's worth of keys, which their bodies are looked up for.
    return (
        step.startswith("SCAN")
        and step != "SCAN found"
        and not any(word in step for word in ("USING", "SUBQUERY", "CONSTANT"))
    )


QUESTIONS = [
    (IncidentFilter(ids=("PE-2018-0007",)), Sort(), "incident_by_id"),
    (IncidentFilter(bbox=Bbox(10.0, 10.0, 10.5, 10.5)), Sort(), "incident_point VIRTUAL TABLE"),
    (IncidentFilter(bbox=Bbox(179.5, -1.0, -179.5, 1.0)), Sort("id"), "incident_point VIRTUAL TABLE"),
    (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0)), Sort(), "incident_point VIRTUAL TABLE"),
    (IncidentFilter(bbox=Bbox(10.0, 10.0, 10.5, 10.5), match="possible"), Sort(), "incident_disk VIRTUAL TABLE"),
    (IncidentFilter(bbox=Bbox(179.5, -1.0, -179.5, 1.0), match="possible"), Sort(), "incident_disk VIRTUAL TABLE"),
    (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0), match="possible"), Sort(), "incident_disk VIRTUAL TABLE"),
    (IncidentFilter(bbox=Bbox(10.0, 10.0, 10.5, 10.5), match="certain"), Sort("id"), "incident_point VIRTUAL TABLE"),
    (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0), match="certain"), Sort(), "incident_point VIRTUAL TABLE"),
    (IncidentFilter(bbox=Bbox(-180.0, -90.0, 180.0, 90.0), match="possible"), Sort(), "incident_by_date_start"),
    (IncidentFilter(near=Circle(1.0, 2.0, float(MAX_RADIUS_M))), Sort(), "incident_by_date_start"),
    (IncidentFilter(max_uncertainty_m=3000.0), Sort("uncertainty_m"), "incident_by_uncertainty"),
    (IncidentFilter(q=("word7",)), Sort(), "incident_text VIRTUAL TABLE"),
    (IncidentFilter(method=("abduction",)), Sort(), "PRIMARY KEY"),
    (IncidentFilter(country=("PE",)), Sort(), "incident_by_country"),
    (IncidentFilter(category=("other",)), Sort(), "incident_by_category"),
    (IncidentFilter(admin1=("PE-ARE",)), Sort(), "incident_by_admin1"),
    (IncidentFilter(), Sort(), "incident_by_date_start"),
    (IncidentFilter(), Sort("date_end", is_descending=False), "incident_by_date_end"),
    (IncidentFilter(), Sort("uncertainty_m"), "incident_by_uncertainty"),
    (IncidentFilter(), Sort("updated"), "incident_by_release"),
    (IncidentFilter(), Sort("id"), "incident_by_id"),
    (IncidentFilter(datetime=Interval(date(2018, 11, 6), date(2018, 11, 6))), Sort(), "incident_by_date"),
]


@pytest.mark.parametrize(("asked", "sort", "index"), QUESTIONS, ids=lambda value: str(value)[:60])
def test_a_page_is_read_from_an_index(
    large: "Store", plan: Plan, asked: IncidentFilter, sort: Sort, index: str
) -> None:
    query = PageQuery(asked, sort, 100, None, 1)
    steps = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if reads_every_row(step)], steps


@pytest.mark.parametrize("key", ["date_start", "date_end", "id", "uncertainty_m", "updated"])
@pytest.mark.parametrize("is_descending", [True, False])
def test_a_later_page_neither_sorts_nor_reads_the_earlier_ones(
    large: "Store", plan: Plan, key: str, *, is_descending: bool
) -> None:
    sort = Sort(key, is_descending)
    after = Cursor(1, str(sort), 1 if key in ("uncertainty_m", "updated") else "2018", "PE-2018-0007", "")
    query = PageQuery(IncidentFilter(), sort, 100, after, 1)
    steps = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    assert not any("TEMP B-TREE" in step for step in steps), steps
    assert any(step.startswith("SEARCH incident USING INDEX") for step in steps), steps


def test_a_single_incident_is_found_by_its_id(large: "Store", plan: Plan) -> None:
    steps = plan(large.reader, lambda connection: incidents.one(connection, "PE-2018-0007", 1))
    assert steps == [
        "SEARCH incident USING INDEX incident_by_id (id=?)",
        "SEARCH incident_body USING INTEGER PRIMARY KEY (rowid=?)",
    ]


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 FROM incident WHERE x > 1", "SELECT 1 FROM incident_point", "SELECT 1 FROM incident_text"],
)
def test_a_full_scan_would_be_seen(large: "Store", plan: Plan, statement: str) -> None:
    steps = plan(large.reader, lambda connection: connection.exec_driver_sql(statement))
    assert any(reads_every_row(step) for step in steps), steps


WIDE = Bbox(-170.0, -80.0, 170.0, 80.0)
NARROW = Bbox(10.0, 10.0, 10.5, 10.5)


@pytest.mark.parametrize(
    ("asked", "broad"),
    [
        (IncidentFilter(bbox=NARROW), set()),
        (IncidentFilter(bbox=WIDE), {"bbox"}),
        (IncidentFilter(bbox=WIDE, match="possible"), {"bbox"}),
        (IncidentFilter(near=Circle(0.0, 0.0, 15_000_000.0)), {"near"}),
        (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0)), set()),
        (IncidentFilter(q=("common",)), {"q"}),
        (IncidentFilter(q=("word7",)), set()),
        (IncidentFilter(method=("abduction",), bbox=NARROW), {"method"}),
        (IncidentFilter(country=("PE",)), set()),
    ],
    ids=lambda value: str(value)[-60:],
)
def test_what_finds_too_much_is_known_before_the_search(large: "Store", asked: IncidentFilter, broad: set[str]) -> None:
    with large.reader.connect() as connection:
        assert large.dialect.broad(connection, asked, rows=100) == broad


@pytest.mark.parametrize("key", ["date_start", "date_end", "id", "uncertainty_m", "updated", "country", "admin1"])
def test_a_box_that_holds_much_is_tested_while_the_order_is_read(large: "Store", plan: Plan, key: str) -> None:
    query = PageQuery(IncidentFilter(bbox=WIDE), Sort(key), 100, None, 1)
    steps = plan(
        large.reader,
        lambda connection: incidents.page(connection, query, 1, large.dialect, broad=frozenset({"bbox"})),
    )
    assert steps[0].startswith("SCAN incident USING INDEX incident_"), steps
    assert not any("TEMP B-TREE" in step or "VIRTUAL TABLE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("key", "index"), [("date_start", "incident_by_date_start"), ("date_end", "incident_by_date_end")]
)
def test_an_order_by_date_begins_where_the_question_does(large: "Store", plan: Plan, key: str, index: str) -> None:
    asked = IncidentFilter(datetime=Interval(date(2015, 1, 1), date(2018, 12, 31)))
    query = PageQuery(asked, Sort(key, is_descending=False), 100, None, 1)
    steps = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect, longest_years=1))
    assert f"SEARCH incident USING INDEX {index} ({key}>? AND {key}<?)" in steps, steps
