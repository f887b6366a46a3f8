"""`foundling locate` as a user meets it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.main import main

Run = Callable[..., Result]


def test_a_place_is_answered_in_one_line(run: Run) -> None:
    result = run("locate", "Surabaya, East Java")
    assert result.exit_code == 0
    assert result.stdout.startswith("Surabaya (Kota Surabaya, Jawa Timur, ID): settlement, lon 112.75")
    assert "ID-JI, geonames:1625822" in result.stdout


def test_a_close_call_lists_the_other_place(run: Run) -> None:
    result = run("locate", "Arequipa", "--country", "pe", "--subdivision", "PE-ARE")
    first, second = result.stdout.splitlines()
    assert ": settlement," in first
    assert second.startswith("  or Arequipa (PE): admin1,")


def test_what_was_not_understood_is_said(run: Run) -> None:
    assert "nothing is known of: Wonokromo" in run("locate", "Wonokromo, Surabaya", "--country", "ID").stdout
    assert "spelt differently" in run("locate", "Belo Hnrizonte, Brazil").stdout


def test_json_holds_all_that_is_known(run: Run) -> None:
    answer = json.loads(run("locate", "Lagos", "--country", "NG", "--json").stdout)
    assert (answer["precision"], answer["admin1"]) == ("settlement", "NG-LA")
    assert 8_000 < answer["uncertainty_m"] <= 50_000
    assert answer["is_close_call"] is True
    assert answer["candidates"][0]["precision"] == "admin1"


@pytest.mark.parametrize("text", ["Narnia", "online", "", "\0", "🙂", "a" * 10_240, "?!,;", "'; DROP TABLE name; --"])
def test_an_unknown_place_exits_1_and_says_what_to_try(run: Run, text: str) -> None:
    result = run("locate", text)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Name the district, state or country too" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Give a place"),
        (["Lima", "--csv", "x.csv"], "Give a place"),
        (["--csv", "x.csv", "--json"], "country_hint"),
        (["Lima", "--country", "Peru"], "such as ID"),
        (["Lima", "--country", "٣٣"], "such as ID"),
        (["Lima", "--subdivision", "PE"], "such as ID-JI"),
        (["Lima", "--subdivision", "PE-LIMA"], "such as ID-JI"),
    ],
)
def test_a_wrong_call_is_explained(run: Run, arguments: list[str], message: str) -> None:
    result = run("locate", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def _table(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_file_is_answered_row_by_row(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text(
        "id,text,country_hint,note\n"
        'a,"Surabaya, East Java",ID,x\n'
        "b,Narnia,,\n"
        '"c,1","San José",Costa Rica,\n'
        "d,Bali,id\n"
        "e,online,ID,\n",
        encoding="utf-8",
    )
    rows = _table(run("locate", "--csv", str(path)))
    assert list(rows[0]) == [
        "id", "lon", "lat", "precision", "country", "admin1", "uncertainty_m", "gazetteer_id", "name",
    ]  # fmt: skip
    assert 8_000 < int(rows[0].pop("uncertainty_m")) <= 50_000
    assert rows[0] == {
        "id": "a", "lon": "112.7508", "lat": "-7.2492", "precision": "settlement", "country": "ID",
        "admin1": "ID-JI", "gazetteer_id": "geonames:1625822", "name": "Surabaya",
    }  # fmt: skip
    assert set(rows[1].values()) == {"b", ""}
    assert (rows[2]["id"], rows[2]["admin1"]) == ("c,1", "CR-SJ")
    assert rows[3]["precision"] == "admin1"
    assert set(rows[4].values()) == {"e", ""}


def test_standard_input_a_byte_order_mark_and_an_empty_table_are_fine(run: Run) -> None:
    rows = _table(run("locate", "--csv", "-", stdin="\ufeffid,text,country_hint\r\n1,Лагос,NG\r\n".encode()))
    assert rows[0]["name"] == "Lagos"
    assert _table(run("locate", "--csv", "-", stdin=b"id,text,country_hint\n")) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"", "lacks the column id, text, country_hint"),
        (b"id,place\n1,Lima\n", "lacks the column text, country_hint"),
        (b"id,text,country_hint\n1,S\xe3o Paulo,BR\n", "is not UTF-8 (line 2)"),
        (b'id,text,country_hint\n1,"Lima,PE\n', "is not CSV"),
    ],
)
def test_a_bad_file_is_explained(run: Run, tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "in.csv"
    if content is not None:
        path.write_bytes(content)
    result = run("locate", "--csv", str(path))
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stdout == ""


def test_missing_tables_are_named_without_a_traceback(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["locate", "Lima", "--seeds", str(tmp_path), "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "countries.csv" in result.stderr


def test_help_shows_examples(run: Run) -> None:
    assert 'foundling locate "Surabaya, East Java"' in run("locate", "--help").stdout
