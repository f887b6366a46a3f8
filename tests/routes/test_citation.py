"""Every answer says how to cite it, by an address that gives it again."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PUBLIC_URL = "https://data.example.org"
Read = Callable[[TestResponse, int], dict[str, Any]]


@pytest.mark.parametrize(
    ("form", "media_type", "words"),
    [
        ("", "text/plain; charset=utf-8", "Query: country PE. Release 1, 2026-11-24. Licence CC BY 4.0. "),
        ("&format=text", "text/plain; charset=utf-8", "Foundling. Foundling: reported"),
        ("&format=bibtex", "application/x-bibtex; charset=utf-8", "@misc{foundling-1-"),
        ("&format=csl-json", "application/vnd.citationstyles.csl+json", '"type": "dataset"'),
        ("&format=ris", "application/x-research-info-systems; charset=utf-8", "TY  - DATA\r\n"),
    ],
)
def test_a_question_is_cited_in_every_form(client: FlaskClient, form: str, media_type: str, words: str) -> None:
    response = client.get(f"/v1/citation?country=pe{form}")
    assert response.status_code == 200
    assert response.content_type == media_type
    body = response.get_data().decode()
    assert words in body
    assert f"{PUBLIC_URL}/v1/incidents?country=PE&release=1" in body


def test_a_citation_speaks_the_language_and_keeps_the_release(client: FlaskClient) -> None:
    (item,) = json.loads(client.get("/v1/citation?format=csl-json&lang=es&release=1").get_data())
    assert item["title"].startswith("Foundling: casos informados")
    assert item["URL"] == f"{PUBLIC_URL}/v1/incidents?release=1"


@pytest.mark.parametrize(
    "query",
    ["format=apa", "format=", "format=text&format=ris", "sort=id", "country=ZZ", "format=TEXT%00", "release=99"],
)
def test_what_cannot_be_cited_is_refused(client: FlaskClient, read_problem: Read, query: str) -> None:
    read_problem(client.get(f"/v1/citation?{query}"), 404 if query == "release=99" else 400)


PATHS = [
    ("/v1/incidents?country=pe&limit=2&sort=id", "/v1/incidents?country=PE&sort=id&release=1&lang=en"),
    ("/v1/incidents.geojson?country=pe", "/v1/incidents.geojson?country=PE&release=1&lang=en"),
    ("/v1/incidents.csv?bom=true&fields=id,lon", "/v1/incidents.csv?fields=id,lon&release=1&lang=en"),
    ("/v1/incidents.json?lang=es", "/v1/incidents.json?release=1&lang=es"),
    ("/v1/incidents/PE-2018-0001", "/v1/incidents/PE-2018-0001?release=1"),
    ("/v1/incidents/PE-2018-0001.geojson", "/v1/incidents/PE-2018-0001.geojson?release=1&lang=en"),
    ("/v1/sources?limit=3", "/v1/sources?release=1"),
    ("/v1/changes?since=0&country=pe", "/v1/changes?country=PE&since=0&release=1&lang=en"),
    ("/v1/codebook", "/v1/codebook?release=1&lang=en"),
]


@pytest.mark.parametrize(("path", "cited"), PATHS)
def test_every_answer_links_to_what_can_be_cited(client: FlaskClient, path: str, cited: str) -> None:
    response = client.get(path)
    assert f'<{PUBLIC_URL}{cited}>; rel="cite-as"' in response.headers["Link"]
    assert "Link" in response.headers["Access-Control-Expose-Headers"]
    again = client.get(cited)
    assert again.status_code == 200
    assert f'<{PUBLIC_URL}{cited}>; rel="cite-as"' in again.headers["Link"], "and that is its own"
    if again.is_json and "meta" in again.get_json():
        assert again.get_json()["meta"]["citation"].endswith(f" {PUBLIC_URL}{cited}")
        assert response.get_json()["meta"]["citation"] == again.get_json()["meta"]["citation"]


def test_pages_of_a_walk_are_cited_alike(client: FlaskClient) -> None:
    first = client.get("/v1/incidents?limit=1").get_json()
    second = client.get(f"/v1/incidents?limit=1&cursor={first['meta']['next_cursor']}").get_json()
    assert first["meta"]["citation"] == second["meta"]["citation"]


def test_errors_and_what_is_of_no_release_link_to_nothing(client: FlaskClient) -> None:
    for path in ("/v1/incidents?contry=PE", "/v1/schemas/incident.json", "/livez", "/v1/incidents/ZZ-0000-0000"):
        assert "cite-as" not in client.get(path).headers.get("Link", "")


def test_a_record_is_cited_by_its_version(client: FlaskClient) -> None:
    (row,) = client.get("/v1/incidents?ids=PE-2018-0001").get_json()["data"]
    assert row["citation"] == (
        f"Foundling. {row['title']} (PE-2018-0001). Release 1, 2026-11-24. Licence CC BY 4.0. "
        f"{PUBLIC_URL}/v1/incidents/PE-2018-0001?release=1"
    )
    feature = client.get("/v1/incidents/PE-2018-0001.geojson").get_json(force=True)
    assert feature["properties"] == row
