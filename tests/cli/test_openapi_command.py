"""`foundling openapi`: the documents are printed, written and held fresh."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.main import main

FILES = ("openapi/openapi.json", "openapi/incident.schema.json")


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[CliRunner]:
    """Commands that are called in an empty directory."""
    with contextlib.chdir(tmp_path):
        yield CliRunner()


def invoke(runner: CliRunner, *arguments: str) -> Result:
    return runner.invoke(main, ["openapi", *arguments])


def test_without_options_the_document_is_printed(runner: CliRunner) -> None:
    result = invoke(runner)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["openapi"].startswith("3.1")
    assert result.stdout.endswith("}\n")
    assert list(Path().iterdir()) == []


def test_what_was_written_is_up_to_date(runner: CliRunner) -> None:
    written = invoke(runner, "--write")
    assert written.stdout.splitlines() == [f"Wrote {name}." for name in FILES]
    assert invoke(runner, "--check").stdout == "Up to date.\n"
    assert Path(FILES[0]).read_text(encoding="utf-8") == invoke(runner).stdout
    assert json.loads(Path(FILES[1]).read_text(encoding="utf-8"))["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [None, "", "{}", "stale\n"])
def test_a_stale_or_missing_file_exits_1_with_what_to_do(runner: CliRunner, name: str, content: str | None) -> None:
    invoke(runner, "--write")
    if content is None:
        Path(name).unlink()
    else:
        Path(name).write_text(content, encoding="utf-8")
    result = invoke(runner, "--check")
    assert result.exit_code == 1
    assert result.stderr == f"Not up to date: {name}. Run `foundling openapi --write`.\n"


def test_a_place_that_cannot_be_written_to_is_told_in_a_line(runner: CliRunner) -> None:
    Path("openapi").touch()
    result = invoke(runner, "--write")
    assert result.exit_code == 1
    assert result.stderr == "Error: openapi: File exists.\n"
