"""`foundling geocode`: the curator's loop on a seeds directory."""

import difflib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
WritePlaces = Callable[[list[tuple[str, str, str | None]]], None]


def _entries(seeds: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    return entries


def test_new_places_are_written_unreviewed_sorted_and_shown(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Surabaya", "ID", "ID-JI"), ("Arequipa", "PE", "PE-ARE"), ("Bali", "ID", None)])
    result = run("geocode")
    assert result.exit_code == 0
    entries = _entries(seeds)
    assert [(e["text"], e["precision"], e["reviewed"]) for e in entries] == [
        ("Bali", "admin1", False),
        ("Surabaya", "settlement", False),
        ("Arequipa", "settlement", False),
    ]
    assert [c["precision"] for c in entries[2]["candidates"]] == ["admin1"]
    assert (entries[1]["lon"], entries[1]["lat"], entries[1]["licence"]) == (112.751, -7.249, "CC-BY-4.0")
    assert "Arequipa (admin1)" in result.stdout
    assert "0 places reviewed, 3 to review, 0 removed." in result.stdout


def test_a_second_run_changes_nothing(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Surabaya", "ID", "ID-JI")])
    run("geocode")
    before = (seeds / "geocodes.json").stat().st_mtime_ns
    result = run("geocode")
    assert "Wrote" not in result.stdout
    assert (seeds / "geocodes.json").stat().st_mtime_ns == before


def test_accepting_leaves_close_calls_to_a_person(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Surabaya", "ID", "ID-JI"), ("Arequipa", "PE", "PE-ARE"), ("Belo Hnrizonte", "BR", None)])
    run("geocode", "--accept")
    assert {e["text"]: e["reviewed"] for e in _entries(seeds)} == {
        "Surabaya": True,
        "Arequipa": False,
        "Belo Hnrizonte": False,
    }
    assert run("geocode", "--check").exit_code == 1
    run("geocode", "--accept-all")
    assert all(e["reviewed"] for e in _entries(seeds))
    assert run("geocode", "--check").exit_code == 0


def test_a_misspelt_name_waits_for_a_person_in_later_runs_too(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Surabaya", "ID", "ID-JI"), ("Belo Hnrizonte", "BR", None)])
    run("geocode")
    run("geocode", "--accept")
    assert {e["text"]: e["reviewed"] for e in _entries(seeds)} == {"Surabaya": True, "Belo Hnrizonte": False}


def test_an_entry_that_differs_from_what_would_be_found_waits_for_a_person(
    run: Run, seeds: Path, write_places: WritePlaces
) -> None:
    write_places([("Surabaya", "ID", "ID-JI")])
    run("geocode")
    entries = [entry | {"gazetteer_id": "geonames:1"} for entry in _entries(seeds)]
    (seeds / "geocodes.json").write_text(json.dumps(entries), encoding="utf-8")
    run("geocode", "--accept")
    assert [e["reviewed"] for e in _entries(seeds)] == [False]


def test_a_new_place_and_a_removed_one_change_their_own_lines_only(
    run: Run, seeds: Path, write_places: WritePlaces
) -> None:
    old = [("Surabaya", "ID", "ID-JI"), ("Bali", "ID", None), ("Cusco", "PE", None), ("Enugu", "NG", None)]
    write_places(old)
    run("geocode", "--accept-all")
    before = (seeds / "geocodes.json").read_text(encoding="utf-8").splitlines()
    write_places([*old[1:][::-1], ("Jakarta", "ID", None)])
    run("geocode")
    after = (seeds / "geocodes.json").read_text(encoding="utf-8").splitlines()
    changes = [line for line in difflib.unified_diff(before, after, lineterm="", n=0) if line[0] in "+-"][2:]
    added, removed = ([line[1:] for line in changes if line[0] == sign] for sign in "+-")
    one = len(before) // len(old)
    assert len(added) <= one + 20  # a close call keeps its runners-up
    assert len(removed) <= one
    assert '  "text": "Jakarta",' in added
    assert not any(name in line for line in changes for name in ("Cusco", "Enugu", "Bali"))
    write_places(old)
    run("geocode", "--accept-all")
    assert (seeds / "geocodes.json").read_text(encoding="utf-8").splitlines() == before


def test_a_preview_shows_reviewed_new_and_missing_places(
    run: Run, seeds: Path, write_places: WritePlaces, tmp_path: Path
) -> None:
    write_places([("Bali", "ID", None)])
    run("geocode", "--accept")
    write_places([("Bali", "ID", None), ("Arequipa", "PE", "PE-ARE"), ("Xyzzyx", "PE", None)])
    path = tmp_path / "places on a map.html"
    result = run("geocode", "--preview", str(path))
    assert f"Map: {path.as_uri()}" in result.stdout
    page = path.read_text(encoding="utf-8")
    (data,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page)
    places = json.loads(data)["places"]
    assert [(p["text"], p["state"]) for p in places] == [
        ("Xyzzyx", "missing"), ("Arequipa", "close"), ("Bali", "reviewed"),
    ]  # fmt: skip
    assert len(_entries(seeds)) == 2
    run("geocode", "--preview", str(path))
    assert path.read_text(encoding="utf-8") == page


def test_a_run_that_leaves_places_to_review_names_the_preview(run: Run, write_places: WritePlaces) -> None:
    write_places([("Bali", "ID", None)])
    assert "foundling geocode --preview" in run("geocode").stdout
    assert "--preview" not in run("geocode", "--accept").stdout


def test_a_preview_that_cannot_be_written_is_explained(run: Run, write_places: WritePlaces, tmp_path: Path) -> None:
    write_places([("Bali", "ID", None)])
    result = run("geocode", "--preview", str(tmp_path / "none" / "x.html"))
    assert result.exit_code == 1
    assert "x.html" in result.stderr
    assert run("geocode", "--preview", str(tmp_path)).exit_code == 2


@pytest.mark.parametrize("other", [["--accept"], ["--accept-all"], ["--preview", "x.html"], ["--pick", "a", "b"]])
def test_checking_goes_with_nothing_that_changes(run: Run, write_places: WritePlaces, other: list[str]) -> None:
    write_places([("Bali", "ID", None)])
    assert run("geocode", "--check", *other).exit_code == 2


def test_picking_an_id_settles_a_close_call(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Arequipa", "PE", "PE-ARE")])
    run("geocode")
    result = run("geocode", "--pick", "Arequipa", "geonames:3947319")
    assert result.exit_code == 0, result.stderr
    (entry,) = _entries(seeds)
    assert (entry["precision"], entry["reviewed"], entry["candidates"]) == ("admin1", True, [])


@pytest.mark.parametrize(
    ("pick", "message"),
    [
        (("Lima", "geonames:3947319"), "no incident names it"),
        (("Arequipa", "geonames:1"), "is no place of PE"),
        (("Arequipa", "geonames:1625822"), "is no place of PE"),
        (("Arequipa", "geonames:3934879"), "is below the population floor"),
    ],
)
def test_a_wrong_pick_changes_nothing(
    run: Run, seeds: Path, write_places: WritePlaces, pick: tuple[str, str], message: str
) -> None:
    write_places([("Arequipa", "PE", "PE-ARE")])
    result = run("geocode", "--pick", *pick)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (seeds / "geocodes.json").exists()


def test_places_that_say_too_much_are_not_stored_but_explained(
    run: Run, seeds: Path, write_places: WritePlaces
) -> None:
    write_places([
        ("Umunkpeyi", "NG", "NG-AB"), ("Nsude", "NG", "NG-EN"), ("Xyzzyx", "PE", None),
        ("Matale (house of the broker)", "LK", None), ("Surabaya", "ID", "ID-JI"),
    ])  # fmt: skip
    result = run("geocode")
    assert result.exit_code == 1
    assert [e["text"] for e in _entries(seeds)] == ["Surabaya"]
    assert "write “Abia” (admin1)" in result.stderr
    assert "write “Udi LGA” (admin2)" in result.stderr
    assert "write “Matale” (settlement)" in result.stderr
    assert "Xyzzyx, PE: Not known" in result.stderr


def test_entries_that_no_incident_names_are_removed(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Surabaya", "ID", "ID-JI"), ("Bali", "ID", None)])
    run("geocode", "--accept")
    write_places([("Bali", "ID", None)])
    assert "Surabaya, ID-JI, ID: no incident names it." in run("geocode", "--check").stderr
    assert "1 places reviewed, 0 to review, 1 removed." in run("geocode").stdout
    assert [e["text"] for e in _entries(seeds)] == ["Bali"]


def test_check_writes_nothing_and_needs_no_gazetteer(run: Run, seeds: Path, write_places: WritePlaces) -> None:
    write_places([("Bali", "ID", None)])
    (seeds / "gazetteer").unlink()
    result = run("geocode", "--check")
    assert result.exit_code == 1
    assert "Bali, ID: no entry" in result.stderr
    assert not (seeds / "geocodes.json").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("incidents/XX.json", "[", "is not JSON"),
        ("incidents/XX.json", "{}", "must hold a list"),
        ("incidents/XX.json", '[{"place": {"text": "x"}}]', "malformed place"),
        ("incidents/XX.json", '[{"place": {"text": 1, "country": "PE", "subdivision": 2}}]', "malformed place"),
        ("incidents/XX.json", '["x"]', "malformed place"),
        ("geocodes.json", "[1]", "malformed entry"),
        ("geocodes.json", '[{"text": "x", "country": "PE", "subdivision": null}]', "malformed entry"),
        ("geocodes.json", "\\udc80", "is not JSON"),
        ("geocodes.json", "[" * 100_000, "is not JSON"),
    ],
)  # fmt: skip
def test_malformed_seeds_are_explained(
    run: Run, write_places: WritePlaces, *, seeds: Path, name: str, content: str, message: str
) -> None:
    write_places([("Bali", "ID", None)])
    (seeds / name).write_text(content, encoding="utf-8")
    result = run("geocode")
    assert result.exit_code == 1
    assert message in result.stderr
    assert "foundling check" in result.stderr


def test_seeds_without_incidents_are_explained(run: Run) -> None:
    result = run("geocode")
    assert result.exit_code == 1
    assert "There are no incidents" in result.stderr


def test_help_shows_examples(run: Run) -> None:
    text = run("geocode", "--help").stdout
    assert "foundling geocode --accept" in text
    assert "foundling geocode --preview places.html" in text
