"""Citations in every form hold the same, and no text breaks out of its field."""

import json
import re

import pytest

from api.domain.citation import Citation
from api.formats.citations import FORMS
from api.formats.cited import Citing

PLAIN = Citation(
    "Foundling", "Reported incidents", "", 3, "2026-11-24", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/",
    "https://data.example.org/v1/incidents?release=3",
)  # fmt: skip
HOSTILE = Citation(
    "A & B {C}\nER  - ",
    "100 % \\input{x} _a_ #1 ~^$\r\nTY  - JOUR",
    'words: "x"; country PE',
    1,
    "2026-01-02",
    "CC BY 4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://data.example.org/v1/incidents?q=%22x%22&country=PE&release=1",
)


def test_text_is_a_line_to_paste() -> None:
    assert FORMS["text"].write(PLAIN) == (
        "Foundling. Reported incidents. Release 3, 2026-11-24. Licence CC BY 4.0. "
        "https://data.example.org/v1/incidents?release=3\n"
    )
    assert "Query: words:" in FORMS["text"].write(HOSTILE)


def test_bibtex_is_one_entry() -> None:
    assert FORMS["bibtex"].write(PLAIN) == (
        "@misc{foundling-3-all,\n"
        "  author = {{Foundling}},\n"
        "  title = {{Reported incidents}},\n"
        "  year = {2026},\n"
        "  month = {11},\n"
        "  version = {Release 3},\n"
        "  note = {Licence CC BY 4.0},\n"
        "  howpublished = {\\url{https://data.example.org/v1/incidents?release=3}},\n"
        "  url = {https://data.example.org/v1/incidents?release=3},\n"
        "}\n"
    )
    entry = FORMS["bibtex"].write(HOSTILE)
    assert "\\input" not in entry.replace("\\textbackslash{}", "")
    bare = re.sub(r"\\[{}]", "", entry)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[%#]", entry)
    assert entry.count("\n@") == 0


def test_csl_json_is_one_item() -> None:
    for citation in (PLAIN, HOSTILE):
        (item,) = json.loads(FORMS["csl-json"].write(citation))
        assert (item["type"], item["URL"], item["version"]) == ("dataset", citation.url, f"Release {citation.release}")
        assert item["author"] == [{"literal": citation.publisher}]
        assert item["issued"]["date-parts"] == [[int(part) for part in citation.published.split("-")]]
        assert item["title"].startswith(citation.title)
        assert citation.question in item["title"]


def test_ris_is_one_record_whatever_is_in_it() -> None:
    for citation in (PLAIN, HOSTILE):
        lines = FORMS["ris"].write(citation).split("\r\n")
        assert lines[0] == "TY  - DATA"
        assert lines[-2:] == ["ER  - ", ""]
        assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
        assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
        assert f"UR  - {citation.url}" in lines


TITLES = ["Plain", 'quoted "," and ","summary":', "back\\slash\\", "100 %s %d", "é 孩子", "", '\\","summary":"x']


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("summary", ["x", '","updated":"2000-01-01T00:00:00Z","updated_release":9'])
def test_a_stored_record_is_cited_whatever_its_texts_say(title: str, summary: str) -> None:
    stored = {"id": "PE-2018-0001", "title": title, "summary": summary, "lon": 1.5}
    stamped = stored | {"updated": "2026-11-24T07:00:00Z", "updated_release": 12}
    flat = json.dumps(stamped, separators=(",", ":"), ensure_ascii=False).encode()
    citing = Citing('A "quoted" % publisher', "Licence X", "https://data.example.org/100%25")
    assert citing.values(flat) == json.loads(citing.complete(flat))
    assert citing.values(flat) == stamped | {
        "citation": f'A "quoted" % publisher. {title} (PE-2018-0001). Release 12, 2026-11-24. Licence X. '
        "https://data.example.org/100%25/v1/incidents/PE-2018-0001?release=12"
    }
