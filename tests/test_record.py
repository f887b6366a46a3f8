"""The record itself: languages, links, and nothing below what may be told."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "seeds" / "incidents").glob("*.json"))
INCIDENTS = {record["id"]: record for path in FILES for record in json.loads(path.read_text(encoding="utf-8"))}
CODELISTS = json.loads((ROOT / "seeds" / "codelists.json").read_text(encoding="utf-8"))
SPANISH = {"AR", "BO", "BR", "CL", "CO", "CR", "EC", "GT", "HN", "MX", "PE", "PY"}


def test_the_record_is_large_and_spread() -> None:
    assert len(INCIDENTS) >= 165
    assert len(FILES) >= 30


@pytest.mark.parametrize("incident_id", INCIDENTS)
def test_titles_and_summaries_are_in_the_languages_of_the_place(incident_id: str) -> None:
    record = INCIDENTS[incident_id]
    country = record["place"]["country"]
    wanted = {"en"} | ({"es"} if country in SPANISH else set()) | ({"id"} if country == "ID" else set())
    for name in ("title", "summary"):
        assert wanted <= record[name].keys()
        assert all(text == text.strip() for text in record[name].values())


@pytest.mark.parametrize("incident_id", INCIDENTS)
def test_relations_are_told_from_both_sides(incident_id: str) -> None:
    for relation in INCIDENTS[incident_id]["related"]:
        back = INCIDENTS[relation["id"]]["related"]
        assert any(one["id"] == incident_id for one in back), relation


@pytest.mark.parametrize("incident_id", INCIDENTS)
def test_the_disputed_term_is_always_in_quotation_marks(incident_id: str) -> None:
    record = INCIDENTS[incident_id]
    for text in (record["title"]["en"], record["summary"]["en"]):
        position = text.lower().find("baby factor")
        while position >= 0:
            assert text[position - 1] in "“\"‘'", text
            position = text.lower().find("baby factor", position + 1)


@pytest.mark.parametrize("name", ["method", "purpose", "role", "measure"])
def test_a_free_word_is_folded_into_one_code_and_is_no_code_itself(name: str) -> None:
    codes = {entry["code"] for entry in CODELISTS[name]}
    folded = [word for entry in CODELISTS[name] for word in entry.get("folds", ())]
    assert folded
    assert not codes & set(folded)
