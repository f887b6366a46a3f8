"""`foundling locate`."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from api.cli.options import data_option, seeds_option
from api.domain.place import GazetteerPlace
from api.geocoding.matching import Answer, Frame, Matcher, open_matcher

IN_COLUMNS = ("id", "text", "country_hint")
OUT_COLUMNS = ("id", "lon", "lat", "precision", "country", "admin1", "uncertainty_m", "gazetteer_id", "name")
_CODE_LENGTH = 2


@click.command()
@click.argument("text", required=False)
@click.option("--country", metavar="CODE", help="Only in this country (ISO 3166-1 alpha-2: ID).")
@click.option("--subdivision", metavar="CODE", help="Only in this area (ISO 3166-2: ID-JI).")
@click.option("--json", "as_json", is_flag=True, help="Print all that is known, candidates included.")
@click.option(
    "--csv",
    "csv_path",
    type=click.Path(path_type=Path, allow_dash=True),
    help=f"Look up every row of a file with the columns {', '.join(IN_COLUMNS)} ('-' is standard input).",
)
@seeds_option
@data_option
def locate(
    text: str | None,
    *,
    country: str | None,
    subdivision: str | None,
    as_json: bool,
    csv_path: Path | None,
    seeds: Path,
    data: Path,
) -> None:
    """Look a place up in the gazetteer, offline.

    Answers as the gazetteer knows the place: what `foundling geocode` stores is generalised.

    \b
    Examples:
      foundling locate "Surabaya, East Java"
      foundling locate Lagos --country NG --subdivision NG-LA --json
      foundling locate --csv places.csv > points.csv

    The CSV has the columns id, lon, lat, precision, country, admin1, uncertainty_m, gazetteer_id, name; a row that
    is not found keeps its id and nothing else. Exits 1 when a single place is not found.
    """
    if (text is None) == (csv_path is None):
        raise click.UsageError('Give a place, as in `foundling locate "Surabaya, East Java"`, or --csv FILE.')
    if csv_path is not None and (country or subdivision or as_json):
        raise click.UsageError("--csv takes country codes from the file's country_hint column and prints CSV only.")
    frame = Frame(
        _code("--country", country, "[A-Z]{2}", "ID"),
        _code("--subdivision", subdivision, "[A-Z]{2}-[A-Z0-9]{1,3}", "ID-JI"),
    )
    rows = _read_rows(csv_path) if csv_path is not None else []
    matcher = open_matcher(
        seeds / "gazetteer", data / "gazetteer.sqlite", progress=lambda message: click.echo(message, err=True)
    )
    if text is None:
        _write_rows(matcher, rows)
        return
    answer = matcher.find(text, frame)
    if answer is None:
        raise click.ClickException(
            "Nothing is known by that name. Name the district, state or country too"
            " (“Badagry, Lagos State, Nigeria”), check --country and --subdivision, or try another spelling."
        )
    click.echo(_as_json(answer) if as_json else _as_text(answer))


def find_row(matcher: Matcher, text: str, hint: str) -> Answer | None:
    """What a row of a file means: its hint is "", a country's code, or a country's name."""
    hint = hint.strip()
    is_code = len(hint) == _CODE_LENGTH
    # A hint that is a country's name says as much as one at the end of the text.
    return matcher.find(text if is_code or not hint else f"{text}, {hint}", Frame(hint if is_code else None))


def _code(option: str, code: str | None, pattern: str, example: str) -> str | None:
    if code is None:
        return None
    if not re.fullmatch(pattern, code, re.ASCII | re.IGNORECASE):
        raise click.BadParameter(f"write an ISO code such as {example}.", param_hint=option)
    return code.upper()


def _as_json(answer: Answer) -> str:
    return json.dumps(
        {
            **asdict(answer.best),
            "is_close_call": answer.is_close_call,
            "dropped": answer.dropped,
            "candidates": [asdict(place) for place in answer.places[1:]],
        },
        indent=1,
        ensure_ascii=False,
    )


def _as_text(answer: Answer) -> str:
    lines = [_line(answer.best)]
    if answer.dropped:
        lines.append(f"  nothing is known of: {', '.join(answer.dropped)}")
    if answer.is_misspelt:
        lines.append("  spelt differently: make sure that this is the place")
    lines += [f"  or {_line(place)}" for place in answer.runners_up]
    return "\n".join(lines)


def _line(place: GazetteerPlace) -> str:
    around = dict.fromkeys(filter(None, [place.admin2_name, place.admin1_name, place.country]))
    people = f", {place.population:,} people" if place.population else ""
    return (
        f"{place.name} ({', '.join(name for name in around if name != place.name)}): {place.precision},"
        f" lon {place.lon:.4f}, lat {place.lat:.4f}, within {place.uncertainty_m / 1000:.1f} km{people},"
        f" {place.iso_3166_2 or place.country}, {place.gazetteer_id}"
    )


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise click.ClickException(f"{path} is not UTF-8 (line {line}): save it as UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in IN_COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            wanted = ",".join(IN_COLUMNS)
            raise click.ClickException(f"{path} lacks the column {', '.join(missing)}: its first line is {wanted}.")
        return [{column: row[column] or "" for column in IN_COLUMNS} for row in reader]
    except csv.Error as error:
        raise click.ClickException(f"{path} is not CSV (line {reader.line_num}): {error}.") from error


def _write_rows(matcher: Matcher, rows: Iterable[dict[str, str]]) -> None:
    writer = csv.DictWriter(sys.stdout, OUT_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        answer = find_row(matcher, row["text"], row["country_hint"])
        writer.writerow({"id": row["id"]} | (_cells(answer.best) if answer else {}))


def _cells(place: GazetteerPlace) -> dict[str, Any]:
    values = asdict(place)
    return {column: values[column] for column in OUT_COLUMNS if column != "id"} | {"precision": place.precision.value}
