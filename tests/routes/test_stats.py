"""Statistics over HTTP: rows, labels, totals, files, errors, and what is told while there is nothing to count with."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create_app
from api.curation.attach import LocatedIncident
from api.domain.incident import Figure, Relation
from api.domain.release import Release
from api.settings import Settings
from api.snapshot.keeper import Keeper
from tests.conftest import PUBLIC_URL

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PATH = "/v1/incidents/stats"
Locate = Callable[..., LocatedIncident]
Append = Callable[..., Release]


def claim(measure: str, best: float | None = None, **values: Any) -> Figure:
    plain = {"low": None, "high": None, "unit": None, "currency": None, "as_of": None, "note": None} | values
    return Figure(measure=measure, best=best, said_by="police", sources=("invented-news-2018",), **plain)


@pytest.fixture(scope="module")
def told(locate: Locate) -> list[LocatedIncident]:
    """Six incidents of which every number below can be told by hand."""
    return [
        locate(
            "PE-2018-0001", admin1="PE-ARE", date="2018-11-06", methods=("abduction", "clinic_cover"),
            figures=(
                claim("arrested", 3), claim("arrested", 5, high=6), claim("price_per_child", 100.5, currency="USD"),
            ),
            related=(Relation("PE-2018-0002", "possible_duplicate"), Relation("NG-2018-0001", "same_network")),
        ),
        locate("PE-2018-0002", admin1="PE-LIM", date="2018-11", figures=(claim("arrested", 2, low=1),)),
        locate("PE-2013-0001", date="2013/2018", methods=("abduction",), figures=(claim("arrested", low=500),)),
        locate("NG-2018-0001", country="NG", date="2018", figures=(claim("price_per_child", 300, currency="NGN"),)),
        locate(
            "NG-2018-0002", country="NG", date="2018",
            figures=(claim("price_per_child", 100, currency="NGN"), claim("arrested", 0)),
        ),
        locate("NA-2017-0001", country="NA", date="2017-12-31/2018-01-01"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def told_url(new_url: Callable[[], str], told: list[LocatedIncident], append_incidents: Append) -> str:
    url = new_url()
    append_incidents(url, told[:4])
    append_incidents(url, told)
    return url


@pytest.fixture(scope="module")
def counting(told_url: str, make_app: Callable[[str], Flask]) -> FlaskClient:
    return make_app(told_url).test_client()


def rows(client: FlaskClient, query: str) -> list[dict[str, Any]]:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.get_data()
    found: list[dict[str, Any]] = answer.get_json()["data"]
    return found


def meta(client: FlaskClient, query: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{PATH}?{query}").get_json()["meta"]
    return found


def test_a_row_has_its_dimensions_with_words_beside_them(counting: FlaskClient) -> None:
    answer = counting.get(f"{PATH}?by=country")
    assert answer.get_json()["data"] == [
        {"country": "NA", "country_iso3": "NAM", "country_name": "Namibia", "incidents": 1},
        {"country": "NG", "country_iso3": "NGA", "country_name": "Nigeria", "incidents": 2},
        {"country": "PE", "country_iso3": "PER", "country_name": "Peru", "incidents": 3},
    ]
    told = answer.get_json()["meta"]
    assert (told["release"], told["measure"], told["figure"], told["rows"], told["returned"]) == (
        2, "incidents", None, 3, 3,
    )  # fmt: skip
    assert told["totals"] == [{"incidents": 6}]
    assert told["citation"].endswith("/v1/incidents/stats?by=country&release=2&lang=en")
    assert answer.get_json()["links"] == {
        "self": f"{PUBLIC_URL}{PATH}?by=country",
        "csv": f"{PUBLIC_URL}{PATH}.csv?by=country",
        "incidents": f"{PUBLIC_URL}/v1/incidents",
    }


def test_without_a_dimension_there_is_one_row(counting: FlaskClient) -> None:
    assert rows(counting, "country=PE,NG") == [{"incidents": 5}]
    assert rows(counting, "country=ZW") == [{"incidents": 0}]
    assert rows(counting, "country=ZW&by=year") == []


def test_what_a_date_does_not_tell_is_a_group(counting: FlaskClient) -> None:
    assert rows(counting, "by=year") == [{"year": 2018, "incidents": 4}, {"year": None, "incidents": 2}]
    assert rows(counting, "by=month") == [{"month": "2018-11", "incidents": 2}, {"month": None, "incidents": 4}]
    assert rows(counting, "by=year&sort=-year")[-1] == {"year": None, "incidents": 2}


def test_an_incident_with_several_methods_stands_in_several_rows(counting: FlaskClient) -> None:
    found = rows(counting, "by=method&lang=es")
    assert [(row["method"], row["incidents"]) for row in found] == [("abduction", 2), ("clinic_cover", 1), (None, 4)]
    assert [row["method_label"] is None for row in found] == [False, False, True]
    assert found != rows(counting, "by=method&lang=en")
    assert meta(counting, "by=country,method")["overlapping"] == ["method"]
    assert meta(counting, "by=method")["totals"] == [{"incidents": 6}]
    assert meta(counting, "by=country")["overlapping"] == []


def test_figures_that_may_be_added_up_are(counting: FlaskClient) -> None:
    found = {row["country"]: row for row in rows(counting, "by=country&measure=arrested")}
    columns = ("incidents", "low", "best", "high", "claims", "incidents_with_figure", "disputed", "open_ended")
    assert tuple(found["PE"][name] for name in columns) == (3, 504, None, None, 4, 3, 1, 1)
    assert tuple(found["NG"][name] for name in columns) == (2, 0, 0, 0, 1, 1, 0, 0)
    assert tuple(found["NA"][name] for name in columns) == (1, None, None, None, 0, 0, 0, 0)
    two = "by=admin1&country=PE&datetime=2018-11&match=certain&measure=arrested&figure="
    choices = {choice: rows(counting, two + choice) for choice in ("best", "min", "max", "latest")}
    assert {choice: [row["high"] for row in found] for choice, found in choices.items()} == {
        "best": [3, 2], "min": [3, 2], "max": [6, 2], "latest": [3, 2],
    }  # fmt: skip
    assert [row["admin1"] for row in choices["best"]] == ["PE-ARE", "PE-LIM"]
    assert meta(counting, "measure=arrested&by=year")["totals"][0]["low"] == 504
    assert meta(counting, "measure=arrested")["unit"] == "persons"


def test_money_has_a_range_by_currency_and_no_total(counting: FlaskClient) -> None:
    found = rows(counting, "by=country&measure=price_per_child")
    assert [{name: row[name] for name in ("country", "currency", "n", "min", "median", "max")} for row in found] == [
        {"country": "NA", "currency": None, "n": 0, "min": None, "median": None, "max": None},
        {"country": "NG", "currency": "NGN", "n": 2, "min": 100, "median": 200, "max": 300},
        {"country": "PE", "currency": "USD", "n": 1, "min": 100.5, "median": 100.5, "max": 100.5},
    ]
    told = meta(counting, "by=country&measure=price_per_child")
    assert [(row["currency"], row["n"], row["incidents"]) for row in told["totals"]] == [("NGN", 2, 6), ("USD", 1, 6)]
    assert not {"low", "best", "high", "sum"} & {*found[0]}


def test_possible_duplicates_among_those_counted_are_told(counting: FlaskClient) -> None:
    assert meta(counting, "")["possible_duplicates"] == 2
    assert meta(counting, "ids=PE-2018-0001,NG-2018-0001")["possible_duplicates"] == 0


def test_a_release_is_counted_as_it_was(counting: FlaskClient) -> None:
    assert rows(counting, "release=1") == [{"incidents": 4}]
    answer = counting.get(f"{PATH}?release=1")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.get_json()["links"]["incidents"] == f"{PUBLIC_URL}/v1/incidents?release=1"


def test_top_gives_the_greatest_and_sort_any_order(counting: FlaskClient) -> None:
    assert [row["country"] for row in rows(counting, "by=country&top=2")] == ["PE", "NG"]
    assert meta(counting, "by=country&top=2")["rows"] == 3
    assert [row["country"] for row in rows(counting, "by=country&sort=incidents")] == ["NA", "NG", "PE"]
    assert [row["country"] for row in rows(counting, "by=country&sort=-country&top=1")] == ["PE"]
    assert [row["country"] for row in rows(counting, "by=country&measure=arrested&sort=-low")] == ["PE", "NG", "NA"]
    # What is open is not the greatest: it is not known.
    assert [row["country"] for row in rows(counting, "by=country&measure=arrested&top=3")] == ["NG", "NA", "PE"]


@pytest.mark.parametrize(
    "query",
    ["", "by=country,year", "by=method,purpose,outcome", "by=admin1&measure=arrested&figure=max",
     "by=month&measure=price_per_child&lang=es", "country=ZW&by=country"],
)  # fmt: skip
def test_the_file_has_the_rows_of_the_page(counting: FlaskClient, query: str) -> None:
    answer = counting.get(f"{PATH}.csv?{query}")
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'inline; filename="foundling-statistics-release-2.csv"'
    reader = csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline=""))
    read = list(reader)
    wanted = rows(counting, query)
    assert read == [{name: "" if value is None else str(value) for name, value in row.items()} for row in wanted]
    assert reader.fieldnames is not None
    if wanted:
        assert list(reader.fieldnames) == list(wanted[0])
    assert counting.get(f"{PATH}.csv?{query}&bom=true").get_data().startswith("\ufeff".encode())


def test_an_answer_is_not_made_twice_and_not_sent_twice(counting: FlaskClient) -> None:
    first = counting.get(f"{PATH}?by=country,year")
    again = counting.get(f"{PATH}?by=country,year")
    assert first.get_data() == again.get_data()
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    assert counting.get(f"{PATH}?by=country,year", headers={"If-None-Match": tag}).status_code == 304
    assert counting.get(f"{PATH}?by=year,country").headers["ETag"] != tag
    assert counting.get(f"{PATH}.csv?by=country,year").headers["ETag"] != tag


REFUSED: list[tuple[str, str, str | None]] = [
    ("by=cuntry", "by", "by=country"),
    ("by=country,yera", "by", "by=country,year"),
    ("by=country,year,month,admin1", "by", None),
    ("by=lat", "by", None),
    ("by=", "by", None),
    ("by=country%00", "by", None),
    ("measure=arested", "measure", "measure=arrested"),
    ("measure=arrested,charged", "measure", None),
    ("measure=arrested&measure=charged", "measure", None),
    ("measure=" + "a" * 200, "measure", None),
    ("measure=1", "measure", None),
    ("figure=max", "figure", None),
    ("measure=arrested&figure=bets", "figure", "measure=arrested&figure=best"),
    ("measure=incidents&figure=best", "figure", None),
    ("sort=-best", "sort", None),
    ("sort=country", "sort", None),
    ("sort=-lon", "sort", None),
    ("measure=price_per_child&sort=best", "sort", None),
    ("top=0", "top", None),
    ("top=-1", "top", None),
    ("top=1e3", "top", None),
    ("top=50001", "top", None),
    ("top=" + "9" * 5000, "top", None),
    ("top=1&top=2", "top", None),
    ("top=٣", "top", None),
    ("limit=5", "limit", "top=5"),
    ("group_by=country", "group_by", None),
    ("bom=true", "bom", None),
    ("country=XX", "country", None),
    ("bbox=1,2,3", "bbox", None),
]


@pytest.mark.parametrize(("query", "parameter", "meant"), REFUSED, ids=[row[0][:40] for row in REFUSED])
def test_a_mistake_is_named(
    counting: FlaskClient,
    read_problem: Callable[[TestResponse, int], dict[str, Any]],
    query: str,
    parameter: str,
    meant: str | None,
) -> None:
    problem = read_problem(counting.get(f"{PATH}?{query}"), 400)
    assert parameter in {one["parameter"] for one in problem["errors"]}
    if meant is not None:
        assert problem["did_you_mean"] == f"{PUBLIC_URL}{PATH}?{meant}"
        address = problem["did_you_mean"].removeprefix(PUBLIC_URL)
        assert counting.get(address).status_code == 200


def test_an_unknown_release_is_not_found(counting: FlaskClient) -> None:
    assert counting.get(f"{PATH}?release=99").status_code == 404


def test_codes_are_taken_in_any_case_and_repeated(counting: FlaskClient) -> None:
    assert rows(counting, "by=COUNTRY&by=Year&measure=ARRESTED") == rows(counting, "by=country,year&measure=arrested")


class Busy(Keeper):
    """A keeper whose snapshot takes as long as it is told."""

    is_busy = True

    def _make(self) -> None:
        if not self.is_busy:
            super()._make()


@pytest.fixture
def slow(
    new_url: Callable[[], str], told: list[LocatedIncident], append_incidents: Append, tmp_path: Path
) -> Iterator[tuple[Flask, str, Busy]]:
    """An application whose snapshots are long in coming, over a database of its own."""
    url = new_url()
    append_incidents(url, told[:4])
    append_incidents(url, told)
    app = create_app(Settings(data=tmp_path, database_url=url, public_url=PUBLIC_URL, threads=4))
    state = app.extensions["foundling"]
    state.snapshots = keeper = Busy(state.database, tmp_path / "snapshots", patience_s=60)
    yield app, url, keeper
    state.database.engine.dispose()


def test_while_there_is_nothing_to_count_with_it_says_so(
    slow: tuple[Flask, str, Busy], read_problem: Callable[[TestResponse, int], dict[str, Any]]
) -> None:
    app, _, keeper = slow
    answer = app.test_client().get(f"{PATH}?by=country")
    problem = read_problem(answer, 503)
    assert problem["type"].endswith("#not-counted-yet")
    assert int(answer.headers["Retry-After"]) > 0
    keeper.is_busy = False
    assert app.test_client().get(f"{PATH}?by=country").status_code == 200


def test_while_a_release_is_prepared_the_one_before_answers(
    slow: tuple[Flask, str, Busy], told: list[LocatedIncident], append_incidents: Append
) -> None:
    app, url, keeper = slow
    client, state = app.test_client(), app.extensions["foundling"]
    keeper.is_busy = False
    assert rows(client, "") == [{"incidents": 6}]
    keeper.is_busy = True
    append_incidents(url, told[:2])
    state.clock = lambda: 1e9
    answer = client.get(PATH)
    assert answer.get_json()["data"] == [{"incidents": 6}]
    assert (answer.get_json()["meta"]["release"], answer.headers["Foundling-Release"]) == (2, "2")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    assert "Content-Location" not in answer.headers
    assert client.get(f"{PATH}?release=3").status_code == 503
    assert client.get(f"{PATH}?release=1").get_json()["data"] == [{"incidents": 4}]
    keeper.is_busy = False
    while (answer := client.get(PATH)).headers["Foundling-Release"] == "2":
        pass
    assert answer.get_json()["data"] == [{"incidents": 2}]
    assert answer.headers["ETag"]


def test_areas_have_the_names_of_the_places(client: FlaskClient) -> None:
    found = rows(client, "by=admin1&country=PE,NG")
    assert {"admin1": "PE-ARE", "admin1_name": "Arequipa", "incidents": 1} in found
    assert all(row["admin1_name"] for row in found if row["admin1"])


def test_rows_of_single_codes_add_up_to_every_incident(client: FlaskClient) -> None:
    total = client.get("/v1/incidents?limit=1").get_json()["meta"]["total"]
    for dimension in ("country", "admin1", "category", "outcome", "precision", "verification", "year", "month"):
        assert sum(row["incidents"] for row in rows(client, f"by={dimension}")) == total, dimension


def test_the_best_total_is_the_sum_of_the_best_column(client: FlaskClient) -> None:
    text = client.get("/v1/incidents.csv").get_data(as_text=True)
    for measure in ("arrested", "children_recovered", "premises_searched"):
        values = [row[f"{measure}_best"] for row in csv.DictReader(io.StringIO(text, newline=""))]
        (total,) = rows(client, f"measure={measure}")
        if total["best"] is not None:
            assert total["best"] == sum(int(value) for value in values if value)
        else:
            assert total["open_ended"] > 0
