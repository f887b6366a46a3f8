"""Reads against an oracle that knows no SQL: the same rows, in the same order, in every release."""

import json
import random
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from api.database.dialects.protocol import TookTooLong
from api.database.reads import incidents, releases
from api.domain.area import MAX_RADIUS_M, Bbox, Circle
from api.domain.dates import Interval
from api.domain.errors import NothingPublished, UnknownIncident, UnknownRelease, WithdrawnIncident
from api.domain.folding import fold
from api.domain.query import MATCHES, SORT_KEYS, Cursor, IncidentFilter, Match, PageQuery, Sort, parse_cursor
from tests.questions import SCATTERED_AREAS, SORTS, questions

if TYPE_CHECKING:
    from tests.oracle import Oracle, Store

pytestmark = pytest.mark.databases("sqlite", "postgresql")

LATEST = 5


def ids_of(page: incidents.Page) -> list[str]:
    return [json.loads(row)["id"] for row in page.rows]


def read_all(store: "Store", asked: IncidentFilter, sort: Sort, release: int, *, limit: int) -> list[str]:
    """Ids of every page, each asked for with the cursor that the page before gave."""
    found: list[str] = []
    cursor: Cursor | None = None
    with store.reader.connect() as connection:
        # As the web asks: with what makes it quicker, and must not change what is found.
        broad = store.dialect.broad(connection, asked, rows=limit)
        longest = incidents.longest_years(connection) if asked.datetime else None
        while True:
            query = PageQuery(asked, sort, limit, cursor, release)
            page = incidents.page(connection, query, release, store.dialect, broad=broad, longest_years=longest)
            assert len(page.rows) <= limit
            found += ids_of(page)
            if page.next is None:
                return found
            assert page.rows, "an empty page promises another"
            cursor = parse_cursor(page.next.encode())


@given(data=st.data(), sort=SORTS, release=st.integers(1, LATEST), limit=st.integers(1, 60))
def test_pages_give_the_oracles_rows_in_its_order(
    filled: "Store",
    oracle_of: "Callable[[Store], Oracle]",
    material: dict[str, list[Any]],
    ids: list[str],
    *,
    data: st.DataObject,
    sort: Sort,
    release: int,
    limit: int,
) -> None:
    oracle = oracle_of(filled)
    asked = data.draw(questions(material, ids))
    assume(not oracle.is_on_the_line(asked))
    expected = oracle.ids(asked, sort, release)
    assert read_all(filled, asked, sort, release, limit=limit) == expected
    with filled.reader.connect() as connection:
        assert incidents.count(connection, asked, release, filled.dialect, most=10_000) == len(expected)
        assert incidents.count(connection, asked, release, filled.dialect, most=None) == len(expected)
        assert incidents.count(connection, asked, release, filled.dialect, most=3) == min(3, len(expected))
        assert incidents.any_match(connection, asked, release, filled.dialect) == bool(expected)
    streamed = incidents.stream(filled.reader, asked, sort, release, filled.dialect)
    assert [record.id for records in streamed for record in records] == expected


@given(area=SCATTERED_AREAS, match=st.sampled_from(MATCHES))
def test_points_and_disks_all_over_the_globe_are_where_the_oracle_finds_them(
    scattered: "Store", oracle_of: "Callable[[Store], Oracle]", area: dict[str, Any], match: Match
) -> None:
    oracle, asked = oracle_of(scattered), IncidentFilter(match=match, **area)
    assume(not oracle.is_on_the_line(asked))
    sort = Sort("id", is_descending=False)
    assert read_all(scattered, asked, sort, 1, limit=1000) == oracle.ids(asked, sort, 1)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        # A box that reaches a pole holds the pole: every disk over it touches, whatever its longitude.
        (Bbox(100.0, 80.0, 110.0, 90.0), {"over the pole", "at the pole", "to the pole's edge"}),
        (Bbox(-180.0, 90.0, 180.0, 90.0), {"over the pole", "at the pole"}),
        (Bbox(179.0, -1.0, -179.0, 1.0), {"from the west", "from the east"}),
        (Bbox(179.99, -1.0, 180.0, 1.0), {"from the west", "from the east"}),
        (Bbox(-180.0, -1.0, -179.99, 1.0), {"from the west", "from the east"}),
        (Bbox(-10.0, -60.0, 10.0, -60.0), {"below its edge"}),
        (Bbox(0.0, -60.0, 0.0, -60.0), set()),
    ],
    ids=lambda value: str(value) if isinstance(value, Bbox) else "expected",
)
def test_disks_touch_across_poles_and_the_antimeridian(
    store: "Store", version: Callable[..., Any], box: Bbox, expected: set[str]
) -> None:
    disks = {
        "over the pole": (-70.0, 89.0, 150_000),
        "at the pole": (-70.0, 90.0, 0),
        "to the pole's edge": (105.0, 79.0, 120_000),
        "short of the pole": (-70.0, 88.0, 150_000),
        "from the west": (179.5, 0.0, 60_000),
        "from the east": (-179.5, 0.0, 60_000),
        # Halfway along an edge, a degree away; both corners are farther.
        "below its edge": (5.0, -61.0, 112_000),
    }
    made = {
        f"PE-2018-{n:04d}": (name, version(f"PE-2018-{n:04d}", point=(lon, lat), uncertainty_m=reach_m))
        for n, (name, (lon, lat, reach_m)) in enumerate(disks.items())
    }
    store.append([one for _, one in made.values()])
    found = read_all(store, IncidentFilter(bbox=box, match="possible"), Sort(), 1, limit=3)
    assert {made[id_][0] for id_ in found} == expected


@pytest.mark.parametrize(
    "asked",
    [
        IncidentFilter(),
        IncidentFilter(near=Circle(0.0, 0.0, 90_000.0), match="possible", max_uncertainty_m=20_000_000.0),
        IncidentFilter(bbox=Bbox(-60.0, -30.0, 60.0, 30.0), datetime=Interval(date(2018, 1, 1), None), match="certain"),
    ],
    ids=lambda asked: str(asked.parameters()),
)
def test_walks_of_any_step_agree_while_releases_are_published(
    store: "Store", version: Callable[..., Any], oracle_of: "Callable[[Store], Oracle]", asked: IncidentFilter
) -> None:
    # Many at the same place, on the same day, of the same radius: only the id tells them apart.
    chance = random.Random(5)
    state = {
        f"PE-2018-{n:04d}": version(
            f"PE-2018-{n:04d}",
            point=chance.choice([(0.0, 0.0), (0.0, 0.0), (0.9, 0.0), (40.0, 20.0), (-90.0, 5.0)]),
            uncertainty_m=chance.choice([0, 3000, 3000, 40_000, 12_000_000]),
            date=chance.choice(["2018-11-06", "2018-11-06", "2018-11-06?", "2018"]),
        )
        for n in range(120)
    }
    store.append(list(state.values()))
    for sort in (Sort(), Sort("uncertainty_m", is_descending=False), Sort("updated")):
        expected = oracle_of(store).ids(asked, sort, 1)
        assert len(expected) > 20
        for limit in (1, 7, 100, 1000):
            rows, cursor, steps = [], None, 0
            while cursor is not None or not steps:
                with store.reader.connect() as connection:
                    page = incidents.page(connection, PageQuery(asked, sort, limit, cursor, 1), 1, store.dialect)
                rows += ids_of(page)
                cursor, steps = page.next, steps + 1
                if steps <= 2:
                    changed = chance.choice(sorted(state))
                    state.pop(chance.choice(sorted(state)))
                    state[changed] = version(changed, seed=len(store.states), point=(0.0, 0.0), uncertainty_m=1)
                    assert store.append(list(state.values())) is not None
            assert rows == expected


_FOR_EVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT max(i) FROM n"


def test_a_statement_that_takes_too_long_is_broken_off_and_the_connection_goes_on(store: "Store") -> None:
    with store.reader.connect() as connection:
        with pytest.raises(TookTooLong), store.dialect.within(connection, 0.05):
            connection.exec_driver_sql(_FOR_EVER)
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        with store.dialect.within(connection, 60):
            assert connection.exec_driver_sql("SELECT 2").scalar() == 2
        with pytest.raises(DBAPIError), store.dialect.within(connection, 60):
            connection.exec_driver_sql("SELECT nothing FROM nowhere")
        assert connection.exec_driver_sql("SELECT 3").scalar() == 3


SINGLE: list[IncidentFilter] = [
    IncidentFilter(country=("NA",)), IncidentFilter(admin1=("PE-ARE",)), IncidentFilter(category=("baby_factory",)),
    IncidentFilter(outcome=("released",)), IncidentFilter(precision=("country",)), IncidentFilter(purpose=("resale",)),
    IncidentFilter(verification=("official_record",)), IncidentFilter(method=("abduction",)),
    IncidentFilter(method=("abduction", "clinic_cover"), purpose=("illegal_adoption",)),
    IncidentFilter(datetime=Interval(date(2018, 12, 31), None)),
    IncidentFilter(datetime=Interval(None, date(2013, 1, 1))),
    IncidentFilter(datetime=Interval(date(9999, 12, 31), date(9999, 12, 31))),
    IncidentFilter(datetime=Interval(date(1, 1, 1), date(1, 1, 1))),
    IncidentFilter(bbox=Bbox(170.0, -20.0, -170.0, 20.0)),
    IncidentFilter(bbox=Bbox(-180.0, -90.0, -180.0, 90.0)),
    IncidentFilter(bbox=Bbox(179.0, -90.0, 180.0, 90.0)),
    IncidentFilter(bbox=Bbox(-180.0, 90.0, 180.0, 90.0)),
    IncidentFilter(bbox=Bbox(-71.537, -16.399, -71.537, -16.399)),
    IncidentFilter(near=Circle(180.0, 0.0, 500.0)),
    IncidentFilter(near=Circle(0.0, 90.0, 2000.0)),
    IncidentFilter(near=Circle(50.0, -90.0, 1.0)),
    IncidentFilter(near=Circle(-71.537, -16.399, 0.001)),
    IncidentFilter(near=Circle(12.3, 45.6, float(MAX_RADIUS_M))),
    IncidentFilter(near=Circle(0.0, 0.0, float(MAX_RADIUS_M))),
    IncidentFilter(max_uncertainty_m=0.0), IncidentFilter(max_uncertainty_m=2999.5),
    IncidentFilter(max_uncertainty_m=float(MAX_RADIUS_M)),
    IncidentFilter(datetime=Interval(date(2018, 1, 1), date(2018, 12, 31)), match="certain"),
    IncidentFilter(datetime=Interval(date(2018, 11, 6), None), match="certain"),
    IncidentFilter(datetime=Interval(None, date(2018, 12, 31)), match="certain"),
    *(
        IncidentFilter(match=match, **area)
        for match in ("possible", "certain")
        for area in cast("list[dict[str, Any]]", [
            {"bbox": Bbox(170.0, -20.0, -170.0, 20.0)},
            {"bbox": Bbox(-71.6, -16.5, -71.5, -16.3)},
            {"bbox": Bbox(-71.537, -16.399, -71.537, -16.399)},
            {"bbox": Bbox(100.0, 80.0, 110.0, 90.0)},
            {"bbox": Bbox(-180.0, 60.0, 180.0, 90.0)},
            {"bbox": Bbox(-180.0, -90.0, 180.0, -80.0)},
            {"bbox": Bbox(-180.0, -90.0, 180.0, 90.0)},
            {"bbox": Bbox(0.0, -10.0, 179.0, 10.0)},
            {"bbox": Bbox(20.0, -60.0, 10.0, 70.0)},
            {"bbox": Bbox(0.0, -90.0, -1e-222, 90.0)},
            {"near": Circle(180.0, 0.0, 500_000.0)},
            {"near": Circle(20.0, 89.0, 150_000.0)},
            {"near": Circle(3.393, 6.455, 10_000.0)},
            {"near": Circle(50.0, -20.0, 11_000_000.0)},
            {"near": Circle(50.0, -20.0, float(MAX_RADIUS_M))},
            # Products of numbers as small as these are too small for a double, which PostgreSQL refuses.
            {"near": Circle(5e-324, 1e-200, 1e-300)},
            {"near": Circle(1e-170, 0.0, 1e-162)},
            {"bbox": Bbox(-5e-324, -1e-310, 1e-170, 1e-200)},
            {"near": Circle(0.0, 51.5, 3_000.5), "bbox": Bbox(-1.0, 51.0, 1.0, 52.0)},
        ])
    ),
    IncidentFilter(q=("newb",)), IncidentFilter(q=("recien", "nacidos", "nun")), IncidentFilter(q=("नई",)),
    IncidentFilter(q=(fold("बच्चा"), fold("दिल्ली"))), IncidentFilter(q=("新生儿",)), IncidentFilter(q=("near",)),
]  # fmt: skip


@pytest.mark.parametrize("asked", SINGLE, ids=lambda asked: str(asked.parameters()))
@pytest.mark.parametrize("release", [1, LATEST])
def test_each_filter_alone_agrees_with_the_oracle(
    filled: "Store", oracle_of: "Callable[[Store], Oracle]", asked: IncidentFilter, release: int
) -> None:
    expected = oracle_of(filled).ids(asked, Sort(), release)
    assert read_all(filled, asked, Sort(), release, limit=7) == expected


def test_the_invented_incidents_put_every_filter_to_work(
    filled: "Store", oracle_of: "Callable[[Store], Oracle]"
) -> None:
    """An oracle that finds nothing proves nothing."""
    held = len(filled.states[-1])
    found = [len(oracle_of(filled).ids(asked, Sort(), LATEST)) for asked in SINGLE]
    assert sum(0 < number < held for number in found) > len(SINGLE) * 0.8
    assert held in found, "the widest circle holds all"


@pytest.mark.parametrize("key", SORT_KEYS)
@pytest.mark.parametrize("is_descending", [True, False])
def test_every_order_pages_one_by_one_without_loss_or_repetition(
    filled: "Store", oracle_of: "Callable[[Store], Oracle]", key: str, *, is_descending: bool
) -> None:
    sort = Sort(key, is_descending)
    expected = oracle_of(filled).ids(IncidentFilter(), sort, LATEST)
    assert read_all(filled, IncidentFilter(), sort, LATEST, limit=1) == expected
    assert len(set(expected)) == len(filled.states[-1])


def test_a_page_that_ends_with_the_last_row_promises_no_other(filled: "Store") -> None:
    held = len(filled.states[-1])
    with filled.reader.connect() as connection:
        for limit, has_next in ((held - 1, True), (held, False), (held + 1, False)):
            query = PageQuery(IncidentFilter(), Sort(), limit, None, LATEST)
            assert (incidents.page(connection, query, LATEST, filled.dialect).next is not None) == has_next


def test_records_carry_the_bytes_that_were_appended_with_their_release(filled: "Store") -> None:
    with filled.reader.connect() as connection:
        for number in range(1, LATEST + 1):
            for identifier, version in filled.states[number - 1].items():
                record, document = incidents.one(connection, identifier, number)
                since = filled.since[number - 1][identifier]
                stamp = {"updated": releases.one(connection, since).published, "updated_release": since}
                assert record.values() == json.loads(version.flat) | stamp
                assert json.loads(document) == json.loads(version.document) | stamp
                assert (record.lon, record.lat) == (version.lon, version.lat)


def test_a_stream_reads_in_batches_and_keeps_its_release(store: "Store", version: Callable[..., Any]) -> None:
    versions = [version(f"PE-2018-{n:05d}", uncertainty_m=n % 3) for n in range(incidents.BATCH + 2)]
    store.append(versions)
    batches = incidents.stream(
        store.reader, IncidentFilter(), Sort("uncertainty_m", is_descending=False), 1, store.dialect
    )
    first = next(batches)
    assert len(first) == incidents.FIRST_BATCH
    store.append(versions[:1])
    found = [row.id for rows in (first, *batches) for row in rows]
    assert found == [v.id for v in sorted(versions, key=lambda v: (v.uncertainty_m, v.id))]


@pytest.mark.parametrize("word", ['"', "*", "a b", "-x", "NEAR(", "^a", "a:b", "(", "AND", "'"])
def test_the_language_of_full_text_is_out_of_reach(filled: "Store", word: str) -> None:
    """Words are folded before they come here; were one not, it is still no error of the database."""
    with filled.reader.connect() as connection:
        incidents.count(connection, IncidentFilter(q=(word,)), LATEST, filled.dialect, most=10)


def test_what_a_release_covers(filled: "Store") -> None:
    with filled.reader.connect() as connection:
        for number, state in enumerate(filled.states, 1):
            first, last, countries = incidents.covered(connection, number)
            assert first == min(version.date_start for version in state.values())
            assert last == max(version.date_end for version in state.values())
            assert countries == sorted({version.country for version in state.values()})
        assert incidents.covered(connection, LATEST + 1)[0] == first


def test_an_incident_is_found_withdrawn_or_unknown(store: "Store", version: Callable[..., Any]) -> None:
    one, other = version("PE-2018-0001"), version("PE-2018-0002")
    store.append([one])
    store.append([one, other])
    store.append([other])
    with store.reader.connect() as connection:
        assert incidents.one(connection, one.id, 2)[0].id == one.id
        with pytest.raises(WithdrawnIncident) as gone:
            incidents.one(connection, one.id, 3)
        assert (gone.value.last_release, gone.value.reason) == (2, None)
        for identifier, release in (("PE-2018-0003", 3), (other.id, 1), ("", 3), ("pe-2018-0001", 2)):
            with pytest.raises(UnknownIncident):
                incidents.one(connection, identifier, release)


def test_releases_are_listed_newest_first(filled: "Store", store: "Store") -> None:
    with filled.reader.connect() as connection:
        assert releases.latest_number(connection) == releases.latest(connection).number == LATEST
        listed = releases.page(connection, up_to=LATEST, below=None, limit=10)
        assert [release.number for release in listed] == [5, 4, 3, 2, 1]
        assert [r.number for r in releases.page(connection, up_to=4, below=4, limit=2)] == [3, 2]
        assert [r.number for r in releases.page(connection, up_to=2, below=5, limit=9)] == [2, 1]
        for number in (0, -1, 6, 2**31):
            with pytest.raises(UnknownRelease, match="the latest is 5"):
                releases.one(connection, number)
    with store.reader.connect() as connection:
        assert releases.latest_number(connection) == 0
        with pytest.raises(NothingPublished):
            releases.latest(connection)


def test_no_date_reaches_over_more_years_than_the_longest(store: "Store", version: Callable[..., Any]) -> None:
    with store.reader.connect() as connection:
        assert incidents.longest_years(connection) == 0, "of nothing"
    store.append([version("PE-2018-0001", date="2018-11-06"), version("PE-2018-0002", date="2017-12-31/2018-01-01")])
    with store.reader.connect() as connection:
        assert incidents.longest_years(connection) == 1
    store.append([version("PE-2018-0001", 1, date="2013/2018")])
    with store.reader.connect() as connection:
        assert incidents.longest_years(connection) == 5, "of every version, of whatever release"
