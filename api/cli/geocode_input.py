"""What `foundling geocode` reads: the places that incidents name, and the entries of geocodes.json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api.cli.geocode_table import cells
from api.curation import review
from api.curation.review import Entry
from api.domain.place import ReportedPlace

_SHOWN = {"lon", "lat", "iso_3166_2", "feature", "gazetteer_id", "provider", "licence", "query", "date"}


def read_places(seeds: Path) -> set[ReportedPlace]:
    """Every place that an incident of the seeds names."""
    paths = sorted([*(seeds / "incidents").glob("*.json"), *(seeds / "incidents").glob("*.ndjson")])
    if not paths:
        raise click.ClickException(f"There are no incidents in {seeds / 'incidents'}: give --seeds.")
    return {review.place_of(place) for path in paths for place in _stream_places(path)}


def _stream_places(path: Path) -> Iterator[dict[str, Any]]:
    for incident in _stream_lines(path) if path.suffix == ".ndjson" else _read_list(path):
        try:
            yield from [_checked(place) for place in (incident["place"], *incident["other_places"])]
        except (KeyError, TypeError) as error:
            raise click.ClickException(f"{path} has a malformed place: run `foundling check`.") from error


def _stream_lines(path: Path) -> Iterator[Any]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{path} is not NDJSON: run `foundling check`.") from error


def _checked(place: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(place[key], str) for key in ("text", "country")):
        raise TypeError
    if not isinstance(place["subdivision"], str | None):
        raise TypeError
    return place


def read_entries(path: Path) -> list[Entry]:
    """The entries of a file, [] where there is none; what the table and the page show of each is there."""
    if not path.exists():
        return []
    entries: list[Entry] = _read_list(path)
    for entry in entries:
        try:
            _checked(entry)
            cells(entry, is_doubtful=False)
            is_known = isinstance(entry["reviewed"], bool) and entry.keys() >= _SHOWN
        except (KeyError, TypeError, AttributeError, ValueError):
            is_known = False
        if not is_known:
            raise click.ClickException(f"{path} has a malformed entry: run `foundling check`.")
    return entries


def _read_list(path: Path) -> list[Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{path} is not JSON: run `foundling check`.") from error
    if not isinstance(value, list):
        raise click.ClickException(f"{path} must hold a list: run `foundling check`.")
    return value
