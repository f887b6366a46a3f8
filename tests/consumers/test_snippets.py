"""What is to be pasted is spelt right, whatever is asked for; and all of it leads to files that there are."""

import json
import re
import urllib.request
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from api.consumers.proven import PROVEN
from api.consumers.question import Question
from api.consumers.tools import BY_KEY, TOOLS
from api.consumers.web import PAGES, page
from api.exports.registry import FORMATS as STORED
from api.formats.registry import FILES

HOME = "https://data.example.org"
HOSTILE = {"q": 'o\'neil "x" `id` $(id) #(lf) <b> 孩子 \\n %41', "bbox": "-82,-19,-68,0"}
ADDRESS = re.compile(r"https?://[^\s'\"`<>]+")


def every_address(question: Question) -> dict[str, str]:
    """Each address of the API that a snippet holds, and the tool; boxes of a map's own are filled in."""
    found = {}
    for tool in TOOLS:
        for paste in tool.pastes:
            text = question.fill(paste.text).replace("{west},{south},{east},{north}", "-200,-80,200,80")
            text = text.replace("${properties.id}", "NA-2018-0000").replace("{z}/{x}/{y}", "0/0/0")
            for address in ADDRESS.findall(text.replace("${box}", "-200.5,-89.9,160.5,89.9")):
                if address.startswith(f"{question.home}/"):
                    found[address] = tool.key
    return found


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.key)
@pytest.mark.parametrize(
    "parameters", [{}, {"country": "PE", "datetime": "2018/.."}, HOSTILE], ids=["all", "some", "hostile"]
)
def test_every_place_of_a_snippet_is_filled(tool: object, parameters: dict[str, str]) -> None:
    question = Question(HOME, parameters)
    for paste in BY_KEY[getattr(tool, "key", "")].pastes:
        text = question.fill(paste.text)
        assert "§" not in text
        assert HOME in unquote(text)
        assert "§" not in question.fill(BY_KEY[getattr(tool, "key", "")].catch)


def test_there_are_at_least_thirty_tools_and_each_has_a_name_of_its_own() -> None:
    assert len(TOOLS) >= 30
    assert len(BY_KEY) == len({tool.name for tool in TOOLS}) == len(TOOLS)
    assert set(PROVEN) <= set(BY_KEY)


def test_nothing_in_an_address_ends_a_quote_or_runs_in_a_shell() -> None:
    question = Question(HOME, HOSTILE)
    assert not set(question.query) & set("'\"`$<>\\ ()#")
    assert "%41" not in question.query  # a percent sign of the reader's own is no escape
    assert "bbox=-82,-19,-68,0" in question.query


def test_the_words_of_other_languages_keep_their_quotes() -> None:
    words = Question(HOME, {"q": 'a "b" #(lf)', "country": "PE"}).words()
    assert words["m_record"] == '[q = "a ""b"" #(#)(lf)", country = "PE"]'
    assert words["python_dict"] == '{"q": "a \\"b\\" #(lf)", "country": "PE"}'
    assert words["r_arguments"] == ', q = "a \\"b\\" #(lf)", country = "PE"'
    assert json.loads(words["python_dict"]) == {"q": 'a "b" #(lf)', "country": "PE"}


def test_without_a_filter_addresses_end_in_their_extension() -> None:
    words = Question(HOME).words()
    assert words["csv"] == f"{HOME}/v1/incidents.csv"
    assert (words["asked"], words["more"], words["begin"], words["m_record"]) == ("", "", "?", "[]")


def test_every_address_leads_to_a_page_or_a_file_that_there_is() -> None:
    paths = {f"/v1{file.path}" for file in FILES} | {"/v1/incidents", "/v1/incidents/stats.csv"}
    paths |= {"/v1/tiles.json", "/v1/style.json", "/v1/incidents/NA-2018-0000"}
    paths |= {f"/v1/incidents/hexagons.{extension}" for extension in ("csv", "geojson")}
    paths |= {"/v1/tiles/0/0/0.mvt", *(f"/v1/releases/latest/{one.file}" for one in STORED)}
    for address, key in every_address(Question(HOME, {"country": "PE"})).items():
        path = address.removeprefix(HOME).partition("?")[0]
        assert path in paths, (key, address)
        assert address.count("?") <= 1, (key, address)


def test_every_address_answers_whoever_asks_with_something_in_it(asked: Question) -> None:
    addresses = every_address(asked)
    assert len(addresses) > 10
    for address, key in addresses.items():
        request = urllib.request.Request(address, headers={"Origin": "https://reader.example"})
        with urllib.request.urlopen(request) as answer:
            assert answer.status == 200, (key, address)
            assert answer.headers["Access-Control-Allow-Origin"] == "*", (key, address)
            assert len(answer.read()) > 40, (key, address)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_at_most_forty_lines(name: str) -> None:
    assert len(page(name).splitlines()) <= 40


def test_filters_are_spelt_as_the_api_links_them(
    asked: Question, read_json: Callable[[str], dict[str, object]]
) -> None:
    body = read_json(f"{asked.home}/v1/incidents{asked.words()['asked']}")
    links = body["links"]
    assert isinstance(links, dict)
    assert f"{asked.query}" in links["self"]
