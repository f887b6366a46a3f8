"""Copies of the real seeds to plant faults in, and seeds of any size that are all invented."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def seeds_copy(first_four: Path, tmp_path: Path) -> Path:
    """Real seeds, to change: four incidents, so that a check of them is quick."""
    copied = tmp_path / "seeds"
    shutil.copytree(first_four, copied)
    rewrite(copied, "dataset.json", _name_a_contact)
    return copied


def _name_a_contact(dataset: dict[str, Any]) -> None:
    # The real one is a placeholder, which every check warns of.
    dataset["contact"] = "https://invented.invalid/corrections"


def rewrite(directory: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Changes a file's JSON, one value a line as the seeds are written. `change` may return a new value."""
    path = directory / name
    value = json.loads(path.read_text(encoding="utf-8"))
    changed = change(value)
    text = json.dumps(value if changed is None else changed, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def edit() -> Callable[[Path, str, Callable[[Any], Any]], None]:
    """Changes the JSON of a seed file."""
    return rewrite


def _source(identifier: str) -> dict[str, Any]:
    return {
        "id": identifier, "publisher": "Invented News", "publisher_kind": "press", "title": "Invented headline",
        "description": None, "url": None, "withheld": None, "language": "en", "published": "2018-11-07",
        "retrieved": None, "archived_url": None, "kind": "original", "original_publisher": None,
    }  # fmt: skip


def _incident(number: int, note: str) -> dict[str, Any]:
    return {
        "id": f"PE-2018-{number:04d}", "category": "other",
        "title": {"en": "An invented incident"}, "summary": {"en": f"Nothing of this happened. {note}"},
        "date": "2018-11", "date_note": None,
        "place": {"text": "Inventedville", "country": "PE", "subdivision": None},
        "other_places": [], "methods": [], "purposes": [], "roles": [], "figures": [],
        "outcomes": [{"status": "reported", "as_of": None, "note": None, "sources": ["invented-2018"]}],
        "sources": ["invented-2018"], "confidence": "low", "related": [],
    }  # fmt: skip


def _geocode() -> dict[str, Any]:
    return {
        "text": "Inventedville", "country": "PE", "subdivision": None, "lon": -71.5, "lat": -16.4,
        "precision": "settlement", "uncertainty_m": 3000, "name": "Inventedville", "admin1": "PE-ARE",
        "admin1_name": "Arequipa", "admin2_name": None, "iso_3166_2": "PE-ARE", "population": 10_000, "feature": "PPL",
        "gazetteer_id": "test:1", "provider": "test", "licence": "CC0-1.0", "query": "Inventedville",
        "date": "2026-11-24", "reviewed": True, "candidates": [],
    }  # fmt: skip


@pytest.fixture(scope="session")
def invent_seeds(seeds: Path) -> Callable[..., Path]:
    """Writes seeds of `count` invented incidents, whose summaries end with `note`."""

    def write(directory: Path, count: int, note: str = "") -> Path:
        (directory / "incidents").mkdir(parents=True, exist_ok=True)
        for name in ("codelists.json", "dataset.json"):
            shutil.copy(seeds / name, directory / name)
        rewrite(directory, "dataset.json", _name_a_contact)
        contents: dict[str, list[Any]] = {
            "sources.json": [_source("invented-2018")],
            "geocodes.json": [_geocode()],
            "context.json": [],
            "coverage.json": [],
            "withdrawn.json": [],
            "redactions.json": [],
            "incidents/PE.json": [_incident(number, note) for number in range(1, count + 1)],
        }
        for name, value in contents.items():
            (directory / name).write_text(json.dumps(value, indent=1), encoding="utf-8")
        return directory

    return write
