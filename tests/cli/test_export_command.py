"""`foundling export`, and the files that `foundling publish` stores."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.main import main
from api.exports.registry import FORMATS

ROOT = Path(__file__).parents[2]
ALL = {form.file for form in FORMATS} | {"manifest.json", "datapackage.json"}


@pytest.fixture
def environ(copied: Path, tmp_path: Path) -> dict[str, str]:
    return {"FOUNDLING_SEEDS": str(copied), "FOUNDLING_DATABASE_URL": "", "FOUNDLING_DATA": str(tmp_path / "var")}


def invoke(environ: dict[str, str], *arguments: str, **more: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environ | more)


def sets(environ: dict[str, str]) -> list[Path]:
    return sorted(Path(environ["FOUNDLING_DATA"], "files").glob("[0-9]*"))


def change(environ: dict[str, str], confidence: str) -> None:
    path = Path(environ["FOUNDLING_SEEDS"]) / "incidents" / "PE.json"
    incidents = json.loads(path.read_text(encoding="utf-8"))
    incidents[0]["confidence"] = confidence
    path.write_text(json.dumps(incidents), encoding="utf-8")


def test_publishing_stores_every_format_once(environ: dict[str, str]) -> None:
    first = invoke(environ, "publish")
    assert first.exit_code == 0
    assert "Stored files of release 1, " in first.stdout
    (folder,) = sets(environ)
    assert {path.name for path in folder.iterdir()} == ALL
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for one in manifest["files"]:
        assert hashlib.sha256((folder / one["name"]).read_bytes()).hexdigest() == one["sha256"]
    again = invoke(environ, "publish")
    assert again.stdout == "Nothing changed: the seeds are published already.\n"
    assert sets(environ) == [folder]


def test_the_newest_releases_keep_their_files(environ: dict[str, str]) -> None:
    for confidence in ("low", "medium", "high"):
        change(environ, confidence)
        assert invoke(environ, "publish", FOUNDLING_KEEP_FILES="2").exit_code == 0
    assert [path.name.split("-")[0] for path in sets(environ)] == ["2", "3"]
    old = invoke(environ, "export", "--release", "1", FOUNDLING_KEEP_FILES="2")
    assert old.exit_code == 1
    assert "--to" in old.stderr


@pytest.mark.parametrize("how", [("--no-files", {}), ("--seeds", {"FOUNDLING_KEEP_FILES": "0"})])
def test_publishing_can_leave_files_out(environ: dict[str, str], how: tuple[str, dict[str, str]]) -> None:
    option, more = how
    arguments = [option] if option == "--no-files" else [option, environ["FOUNDLING_SEEDS"]]
    result = invoke(environ, "publish", *arguments, **more)
    assert result.exit_code == 0
    assert "Stored" not in result.output
    assert sets(environ) == []


def test_files_that_cannot_be_stored_do_not_undo_the_publish(environ: dict[str, str]) -> None:
    data = Path(environ["FOUNDLING_DATA"])
    data.mkdir()
    (data / "files").write_text("in the way")
    result = invoke(environ, "publish")
    assert result.exit_code == 4
    assert result.stdout.startswith("Release 1 of ")
    assert "The release is published, but stored files are not written: " in result.stderr
    (data / "files").unlink()
    assert invoke(environ, "publish").exit_code == 0
    assert len(sets(environ)) == 1


def test_equal_releases_give_equal_files(environ: dict[str, str], tmp_path: Path) -> None:
    invoke(environ, "publish", "--no-files")
    for name in ("one", "two"):
        assert invoke(environ, "export", "--to", str(tmp_path / name)).exit_code == 0
        time.sleep(1.1)
    # The names in GeoParquet's metadata come in any order, and descriptions hold the digest of it.
    for name in ALL - {"incidents.parquet", "manifest.json", "datapackage.json"}:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_files_go_to_any_folder_and_replace_what_was_there(environ: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "mirror"
    invoke(environ, "publish", "--no-files")
    assert invoke(environ, "export", "--to", str(target)).exit_code == 0
    (target / "index.html").write_text("mine")
    result = invoke(environ, "export", "--to", str(target), "--format", "csv.gz")
    assert result.stdout.startswith("Stored files of release 1, ")
    names = {path.name for path in target.iterdir()} - {".lock"}
    assert names == {"incidents.csv.gz", "manifest.json", "datapackage.json", "index.html"}
    assert sets(environ) == []


def test_without_anything_published_nothing_is_written(environ: dict[str, str], tmp_path: Path) -> None:
    result = invoke(environ, "export", "--to", str(tmp_path / "mirror"))
    assert result.exit_code == 1
    assert not (tmp_path / "mirror").exists()


def test_an_unknown_release_is_told(environ: dict[str, str]) -> None:
    invoke(environ, "publish", "--no-files")
    result = invoke(environ, "export", "--release", "9")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no release 9; the latest is 1.\n")


def test_a_killed_export_leaves_the_files_that_were_there(environ: dict[str, str]) -> None:
    invoke(environ, "publish")
    (before,) = sets(environ)
    command = [sys.executable, "-m", "api.cli.main", "export"]
    for after_s in (0.3, 0.6, 0.9, 1.2):
        running = subprocess.Popen(command, env=os.environ | environ, cwd=ROOT, stdout=subprocess.DEVNULL)
        time.sleep(after_s)
        running.send_signal(signal.SIGKILL)
        running.wait()
        for folder in sets(environ):
            assert {path.name for path in folder.iterdir()} == ALL
    assert invoke(environ, "export").exit_code == 0
    (folder,) = sets(environ)
    assert folder != before
    assert {path.name for path in folder.iterdir()} == ALL
    assert {path.name for path in folder.parent.iterdir()} == {folder.name, ".lock"}
