"""The plans of SQLite: frequent questions are answered from an index, never by reading every row."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from api.database.reads import incidents
from api.domain.area import MAX_RADIUS_M, Bbox, Circle
from api.domain.dates import Interval
from api.domain.query import Cursor, IncidentFilter, PageQuery, Sort

if TYPE_CHECKING:
    from tests.database.conftest import Store


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


def plan(engine: Engine, ask: Callable[[Any], object]) -> list[str]:
    """The steps of every statement that `ask` sends."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection)
        event.remove(connection, "before_cursor_execute", note)
        steps: list[str] = []
        for statement, parameters in sent:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps += [row.detail for row in rows]
    assert steps
    return steps


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
def test_a_page_is_read_from_an_index(large: "Store", asked: IncidentFilter, sort: Sort, index: str) -> None:
    query = PageQuery(asked, sort, 100, None, 1)
    steps = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if reads_every_row(step)], steps


@pytest.mark.parametrize("key", ["date_start", "date_end", "id", "uncertainty_m", "updated"])
@pytest.mark.parametrize("is_descending", [True, False])
def test_a_later_page_neither_sorts_nor_reads_the_earlier_ones(
    large: "Store", key: str, *, is_descending: bool
) -> None:
    sort = Sort(key, is_descending)
    after = Cursor(1, str(sort), 1 if key in ("uncertainty_m", "updated") else "2018", "PE-2018-0007", "")
    query = PageQuery(IncidentFilter(), sort, 100, after, 1)
    steps = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    assert not any("TEMP B-TREE" in step for step in steps), steps
    assert any(step.startswith("SEARCH incident USING INDEX") for step in steps), steps


def test_a_single_incident_is_found_by_its_id(large: "Store") -> None:
    steps = plan(large.reader, lambda connection: incidents.one(connection, "PE-2018-0007", 1))
    assert steps == [
        "SEARCH incident USING INDEX incident_by_id (id=?)",
        "SEARCH incident_body USING INTEGER PRIMARY KEY (rowid=?)",
    ]


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1 FROM incident WHERE x > 1", "SELECT 1 FROM incident_point", "SELECT 1 FROM incident_text"],
)
def test_a_full_scan_would_be_seen(large: "Store", statement: str) -> None:
    steps = plan(large.reader, lambda connection: connection.exec_driver_sql(statement))
    assert any(reads_every_row(step) for step in steps), steps
