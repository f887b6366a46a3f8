"""The plans of PostgreSQL: no question reads every row of a large table where an index should serve."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, event

from api.database.reads import incidents
from api.domain.area import Bbox, Circle
from api.domain.dates import Interval
from api.domain.query import Cursor, IncidentFilter, PageQuery, Sort

if TYPE_CHECKING:
    from tests.oracle import Store

pytestmark = pytest.mark.databases("postgresql")

COPIES = 40

# Twenty thousand rows, all different where it matters to a planner: place, day, radius and words.
_COPY = f"""
CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT i.*, i.row_id AS m, n FROM incident AS i
  CROSS JOIN generate_series(1, {COPIES}) AS n;
UPDATE fresh SET row_id = row_id + 1000 * n, id = id || '-' || n,
  date_start = to_char(date '2010-01-01' + (random() * 3600)::int, 'YYYY-MM-DD'),
  lon = random() * 360 - 180, lat = random() * 170 - 85, uncertainty_m = 1000 + (random() * 500000)::int;
UPDATE fresh SET date_end = date_start, disk_west = lon - 1, disk_east = lon + 1, disk_south = lat - 1,
  disk_north = lat + 1;
"""


@pytest.fixture(scope="module")
def large(new_store: "Callable[[], Store]", version: Callable[..., Any]) -> Iterator["Store"]:
    """Enough rows for a full scan to be the wrong answer."""
    store = new_store()
    store.append(
        [version(f"PE-2018-{n:04d}", words="common", date="2018-11-06", uncertainty_m=3000) for n in range(500)]
    )
    with store.writer.begin() as connection:
        names = "SELECT attname FROM pg_attribute WHERE attrelid = 'incident'::regclass AND attnum > 0 "
        columns = ", ".join(connection.exec_driver_sql(f"{names} AND attgenerated = '' AND NOT attisdropped").scalars())
        for statement in _COPY.split(";")[:-1]:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql(f"INSERT INTO incident ({columns}) SELECT {columns} FROM fresh")
        for statement in (
            "INSERT INTO incident_body SELECT f.row_id, flat, document FROM fresh f JOIN incident_body b ON b.row_id=m",
            "INSERT INTO incident_code SELECT list, code, f.row_id FROM fresh f JOIN incident_code c ON c.row_id = m",
            "INSERT INTO incident_text SELECT row_id, array_to_tsvector(ARRAY['common', 'word' || row_id]) FROM fresh",
        ):
            connection.exec_driver_sql(statement)
    store.dialect.settle(store.writer)
    yield store
    store.close()


def plan(engine: Engine, ask: Callable[[Any], object]) -> list[dict[str, Any]]:
    """The nodes of every statement that `ask` sends."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection)
        event.remove(connection, "before_cursor_execute", note)
        nodes: list[dict[str, Any]] = []
        for statement, parameters in sent:
            (told,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
            nodes += _nodes(told["Plan"])
    assert nodes
    return nodes


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", []):
        yield from _nodes(inner)


def reads_every_row(node: dict[str, Any]) -> bool:
    return bool(node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("incident"))


def indexes(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in nodes if "Index Name" in node}


FEW = [
    (IncidentFilter(ids=("PE-2018-0007",)), "incident_by_id"),
    (IncidentFilter(bbox=Bbox(10.0, 10.0, 10.5, 10.5)), "incident_by_point"),
    (IncidentFilter(bbox=Bbox(179.5, -1.0, -179.5, 1.0)), "incident_by_point"),
    (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0)), "incident_by_point"),
    (IncidentFilter(near=Circle(10.0, 10.0, 50_000.0), match="certain"), "incident_by_point"),
    (IncidentFilter(bbox=Bbox(10.0, 10.0, 10.5, 10.5), match="possible"), "incident_by_disk"),
    (IncidentFilter(near=Circle(179.9, 10.0, 50_000.0), match="possible"), "incident_by_disk"),
    (IncidentFilter(q=("word700",)), "incident_text_by_words"),
    (IncidentFilter(q=("common", "word7003")), "incident_text_by_words"),
    (IncidentFilter(datetime=Interval(date(2018, 11, 7), date(2018, 11, 7))), "incident_by_date_"),
    (IncidentFilter(datetime=Interval(date(2019, 12, 1), None)), "incident_by_date_"),
    (IncidentFilter(max_uncertainty_m=1500.0), "incident_by_uncertainty"),
]


@pytest.mark.parametrize(("asked", "index"), FEW, ids=lambda value: str(value)[:60])
def test_what_few_incidents_have_is_found_by_its_index(large: "Store", asked: IncidentFilter, index: str) -> None:
    nodes = plan(large.reader, lambda c: incidents.count(c, asked, 1, large.dialect, most=10_000))
    assert any(name.startswith(index) for name in indexes(nodes)), nodes
    nodes += plan(large.reader, lambda c: incidents.page(c, page_of(asked, Sort()), 1, large.dialect))
    assert not [node for node in nodes if reads_every_row(node)], nodes


MANY = [
    IncidentFilter(), IncidentFilter(country=("PE",)), IncidentFilter(category=("other",)),
    IncidentFilter(admin1=("PE-ARE",)), IncidentFilter(outcome=("reported",)),
    IncidentFilter(precision=("settlement",)),
    IncidentFilter(verification=("single_source",)), IncidentFilter(method=("abduction",)),
    IncidentFilter(purpose=("resale",)), IncidentFilter(bbox=Bbox(-90.0, -80.0, 90.0, 80.0)),
    IncidentFilter(bbox=Bbox(-90.0, -80.0, 90.0, 80.0), match="possible"),
    IncidentFilter(near=Circle(10.0, 10.0, 9_000_000.0)), IncidentFilter(max_uncertainty_m=400_000.0),
    IncidentFilter(datetime=Interval(date(2011, 1, 1), date(2019, 1, 1))),
]  # fmt: skip


@pytest.mark.parametrize("asked", MANY, ids=lambda value: str(value.parameters())[:60])
@pytest.mark.parametrize("key", ["date_start", "date_end", "id", "uncertainty_m", "updated"])
def test_a_page_of_what_many_have_comes_in_the_order_of_an_index(
    large: "Store", asked: IncidentFilter, key: str
) -> None:
    query = page_of(asked, Sort(key))
    nodes = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    assert not [node for node in nodes if reads_every_row(node)], nodes


@pytest.mark.parametrize("key", ["date_start", "date_end", "id", "country", "admin1", "category", "uncertainty_m"])
@pytest.mark.parametrize("is_descending", [True, False])
def test_a_later_page_neither_sorts_nor_reads_the_earlier_ones(
    large: "Store", key: str, *, is_descending: bool
) -> None:
    sort = Sort(key, is_descending)
    after = Cursor(1, str(sort), 200_000 if key == "uncertainty_m" else "2015", "PE-2018-0007", "")
    query = PageQuery(IncidentFilter(), sort, 100, after, 1)
    nodes = plan(large.reader, lambda connection: incidents.page(connection, query, 1, large.dialect))
    order = next(node for node in nodes if node.get("Index Name", "").startswith("incident_"))
    assert "ROW(" in order["Index Cond"] or key == "id", nodes
    assert order["Scan Direction"] == ("Backward" if is_descending else "Forward")
    assert not [node for node in nodes if node["Node Type"] == "Sort" and node["Plan Rows"] > 101], nodes


def test_words_that_many_have_are_told_from_those_that_few_have(large: "Store") -> None:
    with large.reader.connect() as connection:
        for words, rows, is_broad in (
            (("common",), 100, True),
            (("word7003",), 100, False),
            (("common",), 10**6, False),
        ):
            found = large.dialect.broad(connection, IncidentFilter(q=words), rows=rows)
            assert found == (frozenset({"q"}) if is_broad else frozenset())


def test_a_single_incident_is_found_by_its_id(large: "Store") -> None:
    nodes = plan(large.reader, lambda connection: incidents.one(connection, "PE-2018-0007", 1))
    assert "incident_by_id" in indexes(nodes)
    assert not [node for node in nodes if reads_every_row(node)]


def test_a_full_scan_would_be_seen(large: "Store") -> None:
    nodes = plan(large.reader, lambda connection: connection.exec_driver_sql("SELECT 1 FROM incident WHERE lat > 1"))
    assert any(reads_every_row(node) for node in nodes)


def page_of(asked: IncidentFilter, sort: Sort) -> PageQuery:
    return PageQuery(asked, sort, 100, None, 1)
