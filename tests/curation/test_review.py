"""The curator's loop: pure comparisons, proposals, and a file that does not change without reason."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.curation import review
from api.domain.place import GazetteerPlace, Precision, ReportedPlace
from api.geocoding.answer import Answer

ELM = GazetteerPlace(
    gazetteer_id="geonames:1", name="Elm", precision=Precision.SETTLEMENT, lon=10.5, lat=-3.25, uncertainty_m=9_000,
    country="AA", admin1="AA-EL", admin1_name="Elm", admin2_name=None, iso_3166_2="AA-EL", population=90_000,
    feature="PPLA",
)  # fmt: skip
STATE = replace(
    ELM, gazetteer_id="geonames:2", precision=Precision.ADMIN1, population=1_000_000, feature=None, uncertainty_m=90_000
)
OAK = replace(ELM, gazetteer_id="geonames:3", name="Oak", population=None, feature="PPL")


class Known:
    """A provider that knows Elm, its state, and the village Oak in it."""

    name = "known"
    licence = "CC0-1.0"

    def answer(self, text: str, *, country: str | None, subdivision: str | None) -> Answer | None:
        """Elm by several names, all of them in AA."""
        answers = {
            "Elm": Answer((ELM, STATE), (STATE,)),
            "Elm city": Answer((ELM,)),
            "Elmm": Answer((ELM,), is_misspelt=True),
            "Oak": Answer((OAK,)),
            "Foo, Elm city": Answer((ELM,), dropped=("Foo",)),
        }
        return answers.get(text) if country == "AA" and subdivision in {None, "AA-EL"} else None

    def generalised(self, place: GazetteerPlace) -> GazetteerPlace:
        """Oak is too small to be stored."""
        return STATE if place == OAK else place


def place(text: str, subdivision: str = "", country: str = "AA") -> ReportedPlace:
    return ReportedPlace(country, subdivision, text)


def entry(text: str, subdivision: str | None = None, country: str = "AA", *, reviewed: bool = True) -> review.Entry:
    return {"text": text, "country": country, "subdivision": subdivision, "reviewed": reviewed}


def test_places_are_new_kept_or_orphaned() -> None:
    found = review.compare(
        [place("b"), place("a"), place("c", "AA-EL"), place("a")],
        [entry("c"), entry("c", "AA-EL", reviewed=False), entry("b")],
    )
    assert found.new == [place("a")]
    assert found.kept == [entry("b"), entry("c", "AA-EL", reviewed=False)]
    assert found.orphaned == [entry("c")]
    assert found.unreviewed == [entry("c", "AA-EL", reviewed=False)]


def test_a_proposal_is_unreviewed_and_tells_how_it_was_reached() -> None:
    proposal = review.propose(place("Elm city", "AA-EL"), Known(), today="2026-11-24")
    assert proposal.geocode is not None
    assert not proposal.is_close_call
    assert review.entry_of(proposal.geocode) == {
        "text": "Elm city", "country": "AA", "subdivision": "AA-EL", "lon": 10.5, "lat": -3.25,
        "precision": "settlement", "uncertainty_m": 9_000, "name": "Elm", "admin1": "AA-EL", "admin1_name": "Elm",
        "admin2_name": None, "iso_3166_2": "AA-EL", "population": 90_000, "feature": "PPLA",
        "gazetteer_id": "geonames:1", "provider": "known", "licence": "CC0-1.0", "query": "Elm city, AA-EL, AA",
        "date": "2026-11-24", "reviewed": False, "candidates": [],
    }  # fmt: skip


def test_a_close_call_stores_its_runner_up() -> None:
    proposal = review.propose(place("Elm"), Known(), today="2026-11-24")
    assert proposal.is_close_call
    assert proposal.geocode is not None
    assert review.entry_of(proposal.geocode)["candidates"] == [
        {"gazetteer_id": "geonames:2", "name": "Elm", "precision": "admin1", "lon": 10.5, "lat": -3.25,
         "uncertainty_m": 90_000, "admin1": "AA-EL"},
    ]  # fmt: skip


def test_a_misspelt_name_is_a_close_call_without_runner_up() -> None:
    proposal = review.propose(place("Elmm"), Known(), today="2026-11-24")
    assert proposal.is_close_call
    assert proposal.geocode is not None
    assert proposal.geocode.candidates == ()


@pytest.mark.parametrize(
    ("text", "subdivision", "advice"),
    [
        ("Oak", "", "Below the population floor"),
        ("Foo, Elm city", "", "Below the population floor, or unknown"),
        ("Nowhere", "", "Not known"),
        ("Elm city", "AA-ZZ", "Known in AA-EL, not in AA-ZZ"),
    ],
)
def test_what_may_not_be_stored_is_advised_upon(text: str, subdivision: str, advice: str) -> None:
    proposal = review.propose(place(text, subdivision), Known(), today="2026-11-24")
    assert proposal.geocode is None
    assert proposal.advice.startswith(advice)


def test_accepting_marks_those_places_only() -> None:
    before = [entry("a", reviewed=False), entry("b", reviewed=False)]
    assert review.accept(before, {place("b")}) == [entry("a", reviewed=False), entry("b")]
    assert before[1]["reviewed"] is False


def test_the_file_is_sorted_by_country_subdivision_and_text_whatever_the_order() -> None:
    entries = [entry("b"), entry("É", "AA-EL"), entry("a", country="AB"), entry("a")]
    text = review.serialise(entries)
    assert text == review.serialise(entries[::-1])
    assert [e["text"] for e in json.loads(text)] == ["a", "b", "É", "a"]
    assert text.startswith('[\n {\n  "text": "a",')
    assert text.endswith("\n]\n")
    assert "É" in text


def test_writing_the_same_again_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "geocodes.json"
    assert review.write(path, [entry("a")])
    path.chmod(0o640)
    before = path.stat()
    assert not review.write(path, [entry("a")])
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert review.write(path, [entry("b")])
    assert path.stat().st_mode == before.st_mode
    assert [file.name for file in tmp_path.iterdir()] == ["geocodes.json"]
