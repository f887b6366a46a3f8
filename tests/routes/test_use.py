"""The page of tools as the server writes it: whole without a script, and strict about filters."""

import html
import re

import pytest
from flask.testing import FlaskClient

from api.consumers.question import Question
from api.consumers.tools import BY_KEY, TOOLS

HOME = "https://data.example.org"


def pasted(text: str) -> dict[str, str]:
    """What the page offers to copy, by its place."""
    found = re.findall(r'<pre id="([^"]+)"[^>]*><code>(.*?)</code></pre>', text, re.DOTALL)
    return {key: html.unescape(snippet) for key, snippet in found}


def test_every_tool_has_its_place_and_its_snippets(client: FlaskClient) -> None:
    response = client.get("/use")
    assert response.status_code == 200
    text = response.get_data(as_text=True)
    shown = pasted(text)
    assert len(shown) == sum(len(tool.pastes) for tool in TOOLS)
    question = Question(HOME)
    for tool in TOOLS:
        assert f'id="{tool.key}"' in text
        assert f'href="#{tool.key}"' in text
        for number, paste in enumerate(tool.pastes, start=1):
            assert shown[f"{tool.key}-{number}"] == question.fill(paste.text)


OF_EVERYTHING = ("duckdb-3", "gdal-4")
"""Stored files have no filter."""


def test_filters_of_the_address_are_in_every_snippet_in_canonical_spelling(client: FlaskClient) -> None:
    text = client.get("/use?datetime=2018&country=pe&country=NG&category=&utm_source=x").get_data(as_text=True)
    asked = Question(HOME, {"country": "NG,PE", "datetime": "2018-01-01/2018-12-31"})
    assert pasted(text)["pandas-1"] == asked.fill(BY_KEY["pandas"].pastes[0].text)
    for key, snippet in pasted(text).items():
        is_filtered = "NG,PE" in snippet or "NG%2CPE" in snippet
        assert is_filtered == (key not in OF_EVERYTHING), key
    assert re.search(r'<option value="NG,PE" selected>Nigeria, Peru</option>', text)
    assert f'value="{HOME}/v1/incidents?{asked.query}"' in html.unescape(text)


def test_what_the_form_has_no_field_for_is_kept(client: FlaskClient) -> None:
    text = client.get("/use?max_uncertainty_m=25000&release=1&lang=es").get_data(as_text=True)
    assert 'name="max_uncertainty_m" value="25000"' in text
    assert pasted(text)["tableau-2"].endswith("/v1/incidents.csv?max_uncertainty_m=25000&release=1&lang=es")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("countri=PE", "<code>country</code>?"),
        ("country=XX", "no such code"),
        ("bbox=1,2", "four numbers"),
        ("q=%FF", "UTF-8"),
        ("near=1,2", "go together"),
    ],
)
def test_a_filter_that_is_none_is_refused_and_nothing_is_offered_in_its_stead(
    client: FlaskClient, query: str, said: str
) -> None:
    response = client.get(f"/use?{query}")
    assert response.status_code == 400
    text = response.get_data(as_text=True)
    assert response.content_type == "text/html; charset=utf-8"
    assert said in text
    assert pasted(text) == {}


def test_what_was_written_stays_in_the_form_to_be_mended(client: FlaskClient) -> None:
    text = client.get("/use?bbox=1,2&countri=PE").get_data(as_text=True)
    assert 'name="bbox" value="1,2"' in text
    assert 'name="countri" value="PE"' in text


def test_hostile_words_stay_words(client: FlaskClient) -> None:
    text = client.get("/use?q=%3Cscript%3Ealert(1)%3C/script%3E%22'&ids=PE-2018-0001").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "alert(1)" not in pasted(text)["curl-1"]


def test_a_slash_more_leads_to_the_page(client: FlaskClient) -> None:
    response = client.get("/use/", headers={"Host": "evil.example"})
    assert (response.status_code, response.headers["Location"]) == (308, "../use")


def test_the_map_and_the_reference_lead_there(client: FlaskClient) -> None:
    for path in ("/", "/docs"):
        assert 'href="use"' in client.get(path).get_data(as_text=True)
