"""Seeds for commands: an empty directory over the whole gazetteer, and a copy of the real ones."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli.main import main

ROOT = Path(__file__).parents[2]

Run = Callable[..., Result]


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    (tmp_path / "seeds" / "incidents").mkdir(parents=True)
    (tmp_path / "seeds" / "gazetteer").symlink_to(ROOT / "seeds" / "gazetteer")
    return tmp_path / "seeds"


@pytest.fixture
def write_places(seeds: Path) -> Callable[[list[tuple[str, str, str | None]]], None]:
    """Writes one incident a place: text, country, subdivision."""

    def write(places: list[tuple[str, str, str | None]]) -> None:
        incidents: list[dict[str, Any]] = [
            {"place": {"text": text, "country": country, "subdivision": subdivision}, "other_places": []}
            for text, country, subdivision in places
        ]
        (seeds / "incidents" / "XX.json").write_text(json.dumps(incidents), encoding="utf-8")

    return write


@pytest.fixture
def run(seeds: Path) -> Run:
    """Runs `foundling COMMAND …` on the seeds."""

    def call(command: str, *arguments: str, stdin: bytes | None = None) -> Result:
        options = ["--seeds", str(seeds), "--data", str(ROOT / "var")]
        return CliRunner().invoke(main, [command, *arguments, *options], input=stdin)

    return call


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The real seeds to spoil, with a contact that is no placeholder."""
    target = tmp_path / "copy"
    shutil.copytree(ROOT / "seeds", target, ignore=shutil.ignore_patterns("gazetteer"))
    dataset = (target / "dataset.json").read_text(encoding="utf-8")
    assert "corrections@foundling.example" in dataset, "the real contact is a placeholder, which checks warn of"
    (target / "dataset.json").write_text(dataset.replace("foundling.example", "foundling.invalid"), encoding="utf-8")
    return target
