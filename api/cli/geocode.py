"""`foundling geocode`."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from api.cli.options import data_option, seeds_option
from api.curation import review
from api.curation.review import Comparison, Entry, Proposal
from api.domain.place import ReportedPlace

_HEADINGS = ("place", "answer", "precision", "km", "people", "runner-up")
_WIDEST = 44


@click.command()
@click.option("--accept", "accepts", is_flag=True, help="Accept every unreviewed entry that is not a close call.")
@click.option("--accept-all", is_flag=True, help="Accept close calls, too: read the table first.")
@click.option(
    "--pick",
    "picks",
    type=(str, str),
    multiple=True,
    metavar="TEXT ID",
    help="Choose and accept a gazetteer id for the place of this text, as in: --pick Aba geonames:2353151",
)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when a place lacks a reviewed entry.")
@seeds_option
@data_option
def geocode(
    *, accepts: bool, accept_all: bool, picks: tuple[tuple[str, str], ...], only_check: bool, seeds: Path, data: Path
) -> None:
    """Find the places of the seeds and write them down for review.

    Every place that incidents name and geocodes.json lacks is looked up in the gazetteer, generalised to the
    population floor, and added unreviewed; entries that no incident names are removed. Review the table and the
    diff, then accept. What the gazetteer does not know, or may not be stored so finely, is listed with advice.

    \b
    Examples:
      foundling geocode
      foundling geocode --accept
      foundling geocode --pick "Santa Cruz" geonames:3904906
      foundling geocode --check

    Exits 1 when a place is left without an entry.
    """
    path = seeds / "geocodes.json"
    comparison = review.compare(_read_places(seeds), _read_entries(path))
    if only_check:
        _check(comparison)
        return
    proposals = _propose(comparison, picks, seeds, data) if comparison.new or picks else []
    stored = {p.place: review.entry_of(p.geocode) for p in proposals if p.geocode}
    entries = [*(e for e in comparison.kept if review.place_of(e) not in stored), *stored.values()]
    _show(entries, proposals)
    doubtful = {p.place for p in proposals if p.is_close_call}
    accepted = {
        review.place_of(entry)
        for entry in entries
        if accept_all or (accepts and not entry["candidates"] and review.place_of(entry) not in doubtful)
    }
    picked = {p.place for p in proposals if p.is_picked}
    entries = review.accept(entries, accepted | picked)
    has_changed = review.write(path, entries)
    _summarise(entries, comparison, path if has_changed else None)
    left = [p for p in proposals if p.geocode is None]
    for proposal in left:
        click.secho(f"{review.query_of(proposal.place)}: {proposal.advice}", fg="red", err=True)
    sys.exit(1 if left else 0)


def _propose(comparison: Comparison, picks: tuple[tuple[str, str], ...], seeds: Path, data: Path) -> list[Proposal]:
    # geopy brings an HTTP client: 0.1 s that --check and --help need not wait for.
    from api.geocoding.gazetteer import Gazetteer  # noqa: PLC0415
    from api.geocoding.matching import Answer  # noqa: PLC0415

    gazetteer = Gazetteer(
        seeds / "gazetteer", data / "gazetteer.sqlite", progress=lambda message: click.echo(message, err=True)
    )
    today = datetime.now(UTC).date().isoformat()
    proposals = {place: review.propose(place, gazetteer, today=today) for place in comparison.new}
    for text, gazetteer_id in picks:
        place = _place_of_text(text, comparison)
        found = gazetteer.by_id(gazetteer_id)
        if found is None or found.country != place.country:
            raise click.BadParameter(f"{gazetteer_id} is no place of {place.country}.", param_hint="--pick")
        picked = review.geocode_of(place, Answer((found,)), gazetteer, today=today)
        if picked.found.gazetteer_id != gazetteer_id:
            raise click.BadParameter(f"{gazetteer_id} is below the population floor.", param_hint="--pick")
        proposals[place] = Proposal(place, picked, is_picked=True)
    return list(proposals.values())


def _place_of_text(text: str, comparison: Comparison) -> ReportedPlace:
    known = {*comparison.new, *map(review.place_of, comparison.kept)}
    found = [place for place in known if text in {place.text, review.query_of(place)}]
    if len(found) != 1:
        hint = "; ".join(sorted(map(review.query_of, found))) or "no incident names it"
        raise click.BadParameter(f"{text!r} must be one place of the incidents: {hint}.", param_hint="--pick")
    return found[0]


def _check(comparison: Comparison) -> None:
    for place in comparison.new:
        click.secho(f"{review.query_of(place)}: no entry; run `foundling geocode`.", fg="red", err=True)
    for entry in comparison.unreviewed:
        name = review.query_of(review.place_of(entry))
        click.secho(f"{name}: not reviewed; look at it, then `foundling geocode --accept`.", fg="red", err=True)
    for entry in comparison.orphaned:
        click.secho(f"{review.query_of(review.place_of(entry))}: no incident names it.", fg="yellow", err=True)
    missing = len(comparison.new) + len(comparison.unreviewed)
    click.echo(
        f"{len(comparison.kept) - len(comparison.unreviewed)} places reviewed, {missing} not.", err=bool(missing)
    )
    sys.exit(1 if missing else 0)


def _show(entries: list[Entry], proposals: list[Proposal]) -> None:
    doubtful = {p.place for p in proposals if p.is_close_call}
    rows = [_cells(e, is_doubtful=review.place_of(e) in doubtful) for e in entries if e["reviewed"] is not True]
    if not rows:
        return
    widths = [max(len(cell) for cell in column) for column in zip(_HEADINGS, *rows, strict=True)]
    for row in (_HEADINGS, *rows):
        cells = (
            cell.rjust(width) if at in {3, 4} else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        click.echo("  ".join(cells).rstrip())


def _cells(entry: Entry, *, is_doubtful: bool) -> tuple[str, ...]:
    runner_up = next((f"{other['name']} ({other['precision']})" for other in entry["candidates"]), "")
    people = entry["population"]
    return (
        _shortened(review.query_of(review.place_of(entry))),
        _shortened(", ".join(dict.fromkeys(filter(None, [entry["name"], entry["admin1_name"]])))),
        entry["precision"],
        f"{entry['uncertainty_m'] / 1000:.1f}",
        f"{people:,}" if people else "",
        _shortened(runner_up or ("spelt differently" if is_doubtful else "")),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _summarise(entries: list[Entry], comparison: Comparison, written: Path | None) -> None:
    reviewed = sum(entry["reviewed"] is True for entry in entries)
    click.echo(f"{reviewed} places reviewed, {len(entries) - reviewed} to review, {len(comparison.orphaned)} removed.")
    if written:
        click.echo(f"Wrote {written}.")


def _read_places(seeds: Path) -> set[ReportedPlace]:
    """Every place that an incident of the seeds names."""
    paths = sorted((seeds / "incidents").glob("*.json"))
    if not paths:
        raise click.ClickException(f"There are no incidents in {seeds / 'incidents'}: give --seeds.")
    return {review.place_of(place) for path in paths for place in _stream_places(path)}


def _stream_places(path: Path) -> Iterator[dict[str, Any]]:
    for incident in _read_list(path):
        try:
            yield from [_checked(place) for place in (incident["place"], *incident["other_places"])]
        except (KeyError, TypeError) as error:
            raise click.ClickException(f"{path} has a malformed place: run `foundling check`.") from error


def _checked(place: dict[str, Any]) -> dict[str, Any]:
    if not all(isinstance(place[key], str) for key in ("text", "country")):
        raise TypeError
    if not isinstance(place["subdivision"], str | None):
        raise TypeError
    return place


def _read_entries(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    entries: list[Entry] = _read_list(path)
    for entry in entries:
        try:
            _checked(entry)
            _cells(entry, is_doubtful=False)
            is_known = isinstance(entry["reviewed"], bool)
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
    except ValueError as error:
        raise click.ClickException(f"{path} is not JSON: run `foundling check`.") from error
    if not isinstance(value, list):
        raise click.ClickException(f"{path} must hold a list: run `foundling check`.")
    return value
