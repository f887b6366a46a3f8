"""`foundling geocode`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli import geocode_table
from api.cli.geocode_input import read_entries, read_places
from api.cli.options import data_option, seeds_option
from api.curation import preview, review
from api.curation.review import Comparison, Entry, Proposal
from api.domain.place import ReportedPlace

Picks = tuple[tuple[str, str], ...]


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
@click.option(
    "--preview",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.HTML",
    help="Also draw every place on a map, in one HTML file that needs no network.",
)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 when a place lacks a reviewed entry.")
@seeds_option
@data_option
def geocode(
    *,
    accepts: bool,
    accept_all: bool,
    picks: Picks,
    page: Path | None,
    only_check: bool,
    seeds: Path,
    data: Path,
) -> None:
    """Find the places of the seeds and write them down for review.

    Every place that incidents name and geocodes.json lacks is looked up in the gazetteer (or the online service that
    FOUNDLING_GEOCODER names), generalised to the population floor, and added unreviewed; entries that no incident
    names are removed. Review the table, the map and the diff, then accept. What is not known, or may not be stored so
    finely, is listed with advice.

    \b
    Examples:
      foundling geocode
      foundling geocode --preview places.html
      foundling geocode --accept
      foundling geocode --pick "Santa Cruz" geonames:3904906
      foundling geocode --check

    Exits 1 when a place is left without an entry.
    """
    if only_check and (accepts or accept_all or picks or page):
        raise click.UsageError("--check changes nothing: leave the other options out.")
    path = seeds / "geocodes.json"
    comparison = review.compare(read_places(seeds), read_entries(path))
    if only_check:
        _check(comparison)
        return
    found = _find(comparison, picks, seeds, data)
    for line in geocode_table.stream_lines(found.entries, found.doubtful):
        click.echo(line)
    accepted = {
        place
        for place in map(review.place_of, found.entries)
        if accept_all or place in found.picked or (accepts and place not in found.doubtful)
    }
    entries = review.accept(found.entries, accepted)
    has_changed = review.write(path, entries)
    for entry in comparison.orphaned:
        click.echo(f"Removed, because no incident names it: {review.query_of(review.place_of(entry))}")
    reviewed = sum(entry["reviewed"] is True for entry in entries)
    click.echo(f"{reviewed} places reviewed, {len(entries) - reviewed} to review, {len(comparison.orphaned)} removed.")
    if has_changed:
        click.echo(f"Wrote {path}.")
    if page is not None:
        _draw(page, preview.build(entries, found.left, found.doubtful))
    elif reviewed < len(entries):
        click.echo("To see them on a map: foundling geocode --preview places.html")
    for proposal in found.left:
        click.secho(f"{review.query_of(proposal.place)}: {proposal.advice}", fg="red", err=True)
    sys.exit(1 if found.left else 0)


def _draw(page: Path, content: str) -> None:
    try:
        page.write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{page} cannot be written: {error.strerror}.") from error
    click.echo(f"Map: {page.resolve().as_uri()}")


@dataclass(frozen=True, slots=True)
class _Found:
    """The entries as they should be, the places that only a person may accept or has picked, and what got no entry."""

    entries: list[Entry]
    doubtful: set[ReportedPlace]
    picked: set[ReportedPlace]
    left: list[Proposal]


def _find(comparison: Comparison, picks: Picks, seeds: Path, data: Path) -> _Found:
    if not (comparison.new or comparison.unreviewed or picks):
        return _Found(comparison.kept, set(), set(), [])
    # geopy brings an HTTP client: 0.1 s that --check and --help need not wait for.
    from api.cli.geocoders import Geocoders, open_geocoders  # noqa: PLC0415

    now = datetime.now(UTC).date()
    geocoders: Geocoders = open_geocoders(seeds, data, now)
    wanted = {_place_of_text(text, comparison): gazetteer_id for text, gazetteer_id in picks}
    proposals = {
        place: review.propose(place, geocoders.provider, today=now.isoformat())
        for place in comparison.new
        if place not in wanted
    }
    for place, gazetteer_id in wanted.items():
        known = geocoders.pick(place, gazetteer_id)
        if known is None:
            raise click.BadParameter(f"{gazetteer_id} is no place of {place.country}.", param_hint="--pick")
        picked = review.pick(place, *known, today=now.isoformat())
        if picked.geocode is None:
            raise click.BadParameter(f"{gazetteer_id} is below the population floor.", param_hint="--pick")
        proposals[place] = picked
    stored = {place: review.entry_of(p.geocode) for place, p in proposals.items() if p.geocode}
    waiting = [entry for entry in comparison.unreviewed if review.place_of(entry) not in stored]
    doubtful = {place for place, p in proposals.items() if p.is_close_call}
    doubtful |= {review.place_of(entry) for entry in waiting if review.is_doubtful(entry, geocoders.provider)}
    entries = [*(e for e in comparison.kept if review.place_of(e) not in stored), *stored.values()]
    left = [p for p in proposals.values() if p.geocode is None]
    return _Found(entries, doubtful, {place for place, p in proposals.items() if p.is_picked}, left)


def _place_of_text(text: str, comparison: Comparison) -> ReportedPlace:
    known = {*comparison.new, *map(review.place_of, comparison.kept)}
    found = [place for place in known if text in {place.text, review.query_of(place)}]
    if len(found) != 1:
        hint = "; ".join(sorted(map(review.query_of, found))) or "no incident names it"
        raise click.BadParameter(f"{text!r} must be one place of the incidents: {hint}.", param_hint="--pick")
    return found[0]


def _check(comparison: Comparison) -> None:
    for line in _complaints(comparison):
        click.secho(line, fg="red", err=True)
    for entry in comparison.orphaned:
        click.secho(f"{review.query_of(review.place_of(entry))}: no incident names it.", fg="yellow", err=True)
    missing = len(comparison.new) + len(comparison.unreviewed)
    click.echo(
        f"{len(comparison.kept) - len(comparison.unreviewed)} places reviewed, {missing} not.", err=bool(missing)
    )
    sys.exit(1 if missing else 0)


def _complaints(comparison: Comparison) -> Iterator[str]:
    for place in comparison.new:
        yield f"{review.query_of(place)}: no entry; run `foundling geocode`."
    for entry in comparison.unreviewed:
        name = review.query_of(review.place_of(entry))
        yield f"{name}: not reviewed; look at it, then `foundling geocode --accept`."
