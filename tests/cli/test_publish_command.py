"""`foundling publish` as a curator meets it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from api.cli.main import main

ROOT = Path(__file__).parents[2]


def invoke(seeds: Path, tmp_path: Path, *options: str) -> Result:
    environ = {"FOUNDLING_SEEDS": str(seeds), "FOUNDLING_DATABASE_URL": "", "FOUNDLING_DATA": str(tmp_path / "v?r 50%")}
    return CliRunner().invoke(main, ["publish", *options], env=environ)


def test_a_release_is_told_with_its_number_digest_and_changes(copied: Path, tmp_path: Path) -> None:
    result = invoke(copied, tmp_path)
    assert result.exit_code == 0
    release, digest, entered, stored = result.stdout.splitlines()
    count = sum(len(json.loads(p.read_text(encoding="utf-8"))) for p in (copied / "incidents").glob("*.json"))
    assert release.startswith("Release 1 of 20")
    assert release.endswith(f"Z: {count} incidents.")
    assert len(digest.removeprefix("Digest ")) == 64
    assert entered.startswith(f"  entered {count}: ")
    assert entered.endswith(f" and {count - 10} more")
    assert stored.startswith("Stored files of release 1, ")
    assert {path.name for path in (tmp_path / "v?r 50%").iterdir()} == {"files", "foundling.sqlite", "snapshots"}


def test_publishing_twice_says_that_nothing_changed(copied: Path, tmp_path: Path) -> None:
    invoke(copied, tmp_path)
    again = invoke(copied, tmp_path)
    assert (again.exit_code, again.stdout) == (0, "Nothing changed: the seeds are published already.\n")


def test_errors_stop_the_publish_with_exit_code_1(copied: Path, tmp_path: Path) -> None:
    (copied / "incidents" / "PE.json").write_text("[", encoding="utf-8")
    result = invoke(copied, tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    *findings, last = result.stderr.splitlines()
    assert [line for line in findings if line.startswith("incidents/PE.json:1: error [json] ")]
    assert last == "Nothing was published: correct the errors above, then publish again."


def test_a_change_is_told_by_its_id(copied: Path, tmp_path: Path) -> None:
    invoke(copied, tmp_path)
    path = copied / "incidents" / "PE.json"
    incidents = json.loads(path.read_text(encoding="utf-8"))
    incidents[0]["confidence"] = "medium" if incidents[0]["confidence"] == "low" else "low"
    path.write_text(json.dumps(incidents), encoding="utf-8")
    result = invoke(copied, tmp_path)
    assert result.stdout.splitlines()[0].startswith("Release 2 of ")
    assert result.stdout.splitlines()[2:-1] == [f"  changed 1: {incidents[0]['id']}"]


def test_long_lists_of_ids_are_cut(copied: Path, tmp_path: Path) -> None:
    path = copied / "incidents" / "PE.json"
    (first, *rest) = json.loads(path.read_text(encoding="utf-8"))
    more = [{**first, "id": f"PE-2018-{number}", "related": []} for number in range(9000, 9020)]
    path.write_text(json.dumps([first, *rest, *more]), encoding="utf-8")
    entered = invoke(copied, tmp_path).stdout.splitlines()[2]
    total = int(entered.split()[1].rstrip(":"))
    assert total >= 23
    assert entered.endswith(f" and {total - 10} more")


def test_a_dry_run_shows_the_difference_and_writes_nothing(copied: Path, tmp_path: Path) -> None:
    first = invoke(copied, tmp_path, "--dry-run")
    assert first.exit_code == 0
    assert first.stdout.startswith("Would enter ")
    assert not (tmp_path / "v?r 50%").exists(), "not even a database"
    invoke(copied, tmp_path)
    assert invoke(copied, tmp_path, "--dry-run").stdout == "Nothing would change: the seeds are published already.\n"
    path = copied / "incidents" / "PE.json"
    incidents = json.loads(path.read_text(encoding="utf-8"))
    incidents[0]["confidence"] = "medium" if incidents[0]["confidence"] == "low" else "low"
    path.write_text(json.dumps(incidents), encoding="utf-8")
    told = invoke(copied, tmp_path, "--dry-run")
    assert told.stdout.splitlines()[0].startswith("Would enter 0, change 1, leave 0")
    assert incidents[0]["id"] in told.stdout
    assert "confidence" in told.stdout
    assert invoke(copied, tmp_path).stdout.startswith("Release 2 of "), "the dry run has published nothing"


def test_a_dry_run_of_seeds_with_errors_exits_1(copied: Path, tmp_path: Path) -> None:
    (copied / "incidents" / "PE.json").write_text("[", encoding="utf-8")
    result = invoke(copied, tmp_path, "--dry-run")
    assert (result.exit_code, result.stdout) == (1, "")
    assert not (tmp_path / "v?r 50%").exists()
