"""`foundling accuracy` as a curator and as CI meet it."""

import json
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from api.cli.accuracy import accuracy
from api.geocoding.accuracy import COLUMNS

Run = Callable[..., Result]

HEADER = ",".join(COLUMNS)
ROWS = (
    '1,"Surabaya, East Java",ID,settlement,ID,ID-JI,112.75,-7.25,15,by hand,plain',
    "2,Peru,,country,PE,,-75,-9.5,1200,by hand,country",
    "3,Instagram,,none,,,,,,by hand,must not resolve",
    "4,Mararaba,Nigeria,settlement,NG,NG-NA|NG-NI,7.6,9.0,900,by hand,ambiguous",
)
WRONG = "5,Lima,PE,settlement,PE,PE-LMA,-77.04,12.05,15,by hand,plain"


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., str]:
    """Writes a file of rows and gives its path."""

    def write(*rows: str, header: str = HEADER) -> str:
        path = tmp_path / "places.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return str(path)

    return write


def test_the_table_shows_levels_kinds_and_the_figures_that_goals_are_set_for(
    run: Run, table: Callable[..., str]
) -> None:
    result = run("accuracy", table(*ROWS))
    assert result.exit_code == 0, result.stderr
    lines = {line.partition("  ")[0]: line.split() for line in result.stdout.splitlines()}
    assert lines["all"][1:3] == ["3", "100.0"]
    assert lines["settlement"][1] == "2"
    assert lines["ambiguous"][1] == "1"
    assert "wrong resolves" in result.stdout
    assert "0 of 1" in result.stdout


def test_json_names_every_row_that_was_got_wrong(run: Run, table: Callable[..., str]) -> None:
    report = json.loads(run("accuracy", table(*ROWS, WRONG), "--json").stdout)
    assert report["rows"] == 4
    assert report["tolerance"] == 0.75
    assert [(failure["id"], failure["faults"]) for failure in report["failures"]] == [("5", ["tolerance"])]
    assert report["by_level"]["country"]["country"] == 1.0


def test_figures_that_reach_their_thresholds_exit_0(run: Run, table: Callable[..., str]) -> None:
    options = ["--min-country", "100", "--min-tolerance", "75", "--min-level", "100", "--max-wrong", "0"]
    result = run("accuracy", table(*ROWS, WRONG), *options)
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--min-tolerance", "75.1"], "tolerance: 75.00 %, at least 75.1 %"),
        (["--min-tolerance", "nan"], "tolerance: 75.00 %, at least nan %"),
        (["--min-inside", "99", "--min-country", "100"], "inside: 50.00 %"),
        (["--max-radius-km", "1"], "median settlement radius:"),
        (["--max-radius-km", "nan"], "median settlement radius:"),
        (["--min-within-10-km", "90"], "within_10_km: "),
    ],
)
def test_a_figure_that_misses_its_threshold_is_named(
    run: Run, table: Callable[..., str], options: list[str], message: str
) -> None:
    result = run("accuracy", table(*ROWS, WRONG), *options)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "all" in result.stdout


def test_texts_without_a_place_that_get_one_are_counted(run: Run, table: Callable[..., str]) -> None:
    result = run("accuracy", table("1,Lima,PE,none,,,,,,by hand,must not resolve"), "--max-wrong", "0")
    assert result.exit_code == 1
    assert "wrong resolves: 1 of 1, at most 0 were allowed." in result.stderr


def test_a_share_of_nothing_reaches_no_threshold(run: Run, table: Callable[..., str]) -> None:
    result = run("accuracy", table(ROWS[2]), "--min-country", "1", "--max-radius-km", "8")
    assert result.exit_code == 1
    assert "country: no row to measure it on" in result.stderr
    assert "median settlement radius: none was found" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"", "lacks the column id, text"),
        (b"id,text\n1,Lima\n", "lacks the column country_hint"),
        (HEADER.encode() + b"\n", "has no rows"),
        (HEADER.encode() + b"\n1,S\xe3o Paulo,BR\n", "not UTF-8"),
        (HEADER.encode() + b"\n1,Lima\n", "has a line with fewer cells"),
        (HEADER.encode() + b"\n1,Lima,PE,village,PE,,1,1,1,x,plain\n", "line 2: expected_level"),
        (HEADER.encode() + b"\n1,Lima,PE,settlement,PE,,east,1,1,x,plain\n", "line 2: lon, lat"),
        (HEADER.encode() + b"\n1," + b"a" * 200_000 + b",PE,settlement,PE,,1,1,1,x,plain\n", "is not CSV"),
    ],
)
def test_a_bad_file_is_explained(run: Run, tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    result = run("accuracy", str(path))
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("options", [["--min-country", "101"], ["--min-level", "x"], ["--max-wrong", "-1"]])
def test_a_threshold_that_is_none_is_refused(run: Run, table: Callable[..., str], options: list[str]) -> None:
    assert run("accuracy", table(*ROWS), *options).exit_code == 2


def test_help_shows_examples_and_every_option_says_what_it_does(run: Run) -> None:
    assert "foundling accuracy places.csv --min-country 99.5" in run("accuracy", "--help").stdout
    assert all(option.help for option in accuracy.params if isinstance(option, click.Option))
