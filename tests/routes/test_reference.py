"""What stands beside the incidents: complete lists, walked page by page, of any release."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.domain.release import Release
from api.exports.write import Written

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
LISTS = ("/v1/codelists", "/v1/sources", "/v1/places", "/v1/context", "/v1/releases")
SEED_FILES = {"/v1/sources": "sources.json", "/v1/context": "context.json"}

Read = Callable[[TestResponse, int], dict[str, Any]]


def walk(client: FlaskClient, target: str) -> list[dict[str, Any]]:
    """All pages, by following `next`."""
    pages = [client.get(target).get_json()]
    while "next" in pages[-1]["links"]:
        pages.append(client.get(pages[-1]["links"]["next"].removeprefix(PUBLIC_URL)).get_json())
        assert pages[-1]["data"], "a next that leads nowhere"
    assert pages[-1]["meta"]["next_cursor"] is None
    return pages


@pytest.mark.parametrize("path", LISTS)
def test_a_list_comes_whole_and_has_exactly_these_members(client: FlaskClient, path: str) -> None:
    body = client.get(path).get_json()
    assert list(body) == ["data", "links", "meta"]
    assert body["links"] == {"self": f"{PUBLIC_URL}{path}?limit=1000"}
    assert set(body["meta"]) == {
        "returned", "limit", "total", "next_cursor", "release", "licence", "licence_url", "attribution", "citation",
    }  # fmt: skip
    assert body["meta"]["returned"] == body["meta"]["total"] == len(body["data"]) > 0


@pytest.mark.parametrize("limit", [1, 3])
@pytest.mark.parametrize("path", LISTS)
def test_a_walk_through_a_list_gives_each_entry_once_and_in_order(client: FlaskClient, path: str, limit: int) -> None:
    whole = client.get(path).get_json()["data"]
    pages = walk(client, f"{path}?limit={limit}")
    assert [entry for page in pages for entry in page["data"]] == whole
    assert all(page["meta"]["returned"] == limit for page in pages[:-1])
    assert {page["meta"]["total"] for page in pages} == {len(whole)}


@pytest.mark.parametrize(("path", "name"), SEED_FILES.items())
def test_entries_are_those_of_the_seeds(client: FlaskClient, seeds: Path, path: str, name: str) -> None:
    entries = orjson.loads((seeds / name).read_bytes())
    served = client.get(path).get_json()["data"]
    assert sorted(served, key=orjson.dumps) == sorted(entries, key=orjson.dumps)


def test_every_code_is_listed_with_its_label_and_stands_in_the_order_of_its_list(
    client: FlaskClient, seeds: Path
) -> None:
    codelists = orjson.loads((seeds / "codelists.json").read_bytes())
    served = client.get("/v1/codelists").get_json()["data"]
    for name, codes in codelists.items():
        assert [entry["code"] for entry in served if entry["list"] == name] == [code["code"] for code in codes]
    assert {entry["list"] for entry in served} == set(codelists)
    assert all(entry["label_en"] and entry["label_es"] and entry["label_id"] for entry in served)


def test_every_listed_code_is_a_filter_that_works(client: FlaskClient) -> None:
    filters = ("category", "method", "purpose", "outcome", "precision", "verification")
    for entry in client.get("/v1/codelists").get_json()["data"]:
        if entry["list"] in filters:
            response = client.get("/v1/incidents", query_string={entry["list"]: entry["code"]})
            assert response.status_code == 200, entry


def test_every_source_that_an_incident_cites_is_listed(client: FlaskClient) -> None:
    listed = {source["id"] for source in client.get("/v1/sources").get_json()["data"]}
    cited = {name for row in client.get("/v1/incidents").get_json()["data"] for name in row["source_ids"].split(";")}
    assert cited <= listed


@pytest.fixture(scope="module")
def client_of_three(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
    store_files: Callable[..., Written],
) -> FlaskClient:
    """Three releases: an incident and a source enter with each; the last one loses what the first brought."""
    url = new_url()
    sources = [("source", f"zz-invented-{number}", {"id": f"zz-invented-{number}"}) for number in (1, 2, 3)]
    incidents = [locate(f"PE-2018-000{number}") for number in (1, 2, 3)]
    append_incidents(url, incidents[:1], others=sources[:1])
    append_incidents(url, incidents[:2], others=sources[:2])
    append_incidents(url, incidents[1:], others=sources[1:])
    app = make_app(url)
    store_files(app, "csv.gz")
    return app.test_client()


@pytest.mark.parametrize(("release", "numbers"), [(1, [1]), (2, [1, 2]), (3, [2, 3])])
def test_a_list_is_of_any_release(client_of_three: FlaskClient, release: int, numbers: list[int]) -> None:
    pages = walk(client_of_three, f"/v1/sources?release={release}&limit=7")
    entries = [entry for page in pages for entry in page["data"] if entry["id"].startswith("zz-invented")]
    assert [entry["id"] for entry in entries] == [f"zz-invented-{number}" for number in numbers]
    assert {page["meta"]["release"] for page in pages} == {release}
    assert {page["meta"]["total"] for page in pages} == {sum(page["meta"]["returned"] for page in pages)}


def test_releases_are_listed_newest_first_with_what_they_changed(client_of_three: FlaskClient) -> None:
    listed = client_of_three.get("/v1/releases").get_json()["data"]
    counts = [(one["number"], one["incidents"], one["entered"], one["changed"], one["left"]) for one in listed]
    assert counts == [(3, 2, 1, 0, 1), (2, 2, 1, 0, 0), (1, 1, 1, 0, 0)]
    assert len({one["digest"] for one in listed}) == 3
    assert [one["number"] for page in walk(client_of_three, "/v1/releases?limit=1") for one in page["data"]] == [
        3,
        2,
        1,
    ]


def test_releases_as_of_a_release_leave_out_those_that_came_later(client_of_three: FlaskClient) -> None:
    body = client_of_three.get("/v1/releases?release=2").get_json()
    assert [one["number"] for one in body["data"]] == [2, 1]
    assert body["meta"]["total"] == 2
    assert body["links"]["self"] == f"{PUBLIC_URL}/v1/releases?limit=1000&release=2"


def test_a_cursor_stays_in_its_release_and_its_list(client_of_three: FlaskClient, read_problem: Read) -> None:
    cursor = client_of_three.get("/v1/sources?limit=1&release=1").get_json()["meta"]["next_cursor"]
    page = client_of_three.get(f"/v1/sources?cursor={cursor}").get_json()
    assert page["meta"]["release"] == 1
    assert client_of_three.get(f"/v1/sources?cursor={cursor}&release=1").status_code == 200
    assert (
        "another release" in read_problem(client_of_three.get(f"/v1/sources?cursor={cursor}&release=2"), 400)["detail"]
    )
    assert "another list" in read_problem(client_of_three.get(f"/v1/places?cursor={cursor}"), 400)["detail"]


@pytest.mark.parametrize("release", [None, 1, 2, 3])
def test_the_index_names_everything_there_is(client_of_three: FlaskClient, release: int | None) -> None:
    body = client_of_three.get("/v1/" if release is None else f"/v1/?release={release}").get_json()
    assert body["meta"]["release"] == (release or 3)
    paths = [link["href"].removeprefix(PUBLIC_URL) for link in body["links"]]
    assert set(LISTS) | {"/v1/incidents", "/v1/incidents.csv", "/v1/incidents.geojson", "/", "/docs"} <= set(paths)
    for link in body["links"]:
        assert link["href"].startswith(f"{PUBLIC_URL}/")
        assert link["title"]
        with client_of_three.get(link["href"].removeprefix(PUBLIC_URL)) as response:
            assert response.status_code == 200, link
