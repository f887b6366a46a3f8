"""`foundling accuracy`."""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from api.cli.locate import find_row
from api.cli.options import data_option, seeds_option
from api.geocoding.accuracy import COLUMNS, Report, Row, measure, read_rows
from api.geocoding.matching import open_matcher

_SHARES = {
    "country": "in the right country",
    "level": "at the right level",
    "tolerance": "within the row's tolerance",
    "iso": "with the right ISO 3166-2 code, where both sides have one",
    "inside": "with the truth inside uncertainty_m",
    "within_10_km": "within 10 km (settlements whose own point is known)",
    "within_25_km": "within 25 km",
    "within_161_km": "within 161 km",
}


def _threshold_options(command: Any) -> Any:
    for measure_name, meaning in reversed(_SHARES.items()):
        command = click.option(
            f"--min-{measure_name.replace('_', '-')}",
            f"least_{measure_name}",
            type=click.FloatRange(0, 100),
            metavar="PERCENT",
            help=f"Least share {meaning}.",
        )(command)
    return command


@click.command()
@click.argument("path", metavar="DATA.CSV", type=click.Path(path_type=Path))
@_threshold_options
@click.option("--max-wrong", type=click.IntRange(0), metavar="N", help="Most texts without a place that get one.")
@click.option(
    "--max-radius-km", type=click.FloatRange(0), metavar="KM", help="Largest median radius of settlements' answers."
)
@click.option("--json", "as_json", is_flag=True, help="Print all figures, and the rows that were got wrong.")
@seeds_option
@data_option
def accuracy(
    path: Path,
    *,
    max_wrong: int | None,
    max_radius_km: float | None,
    as_json: bool,
    seeds: Path,
    data: Path,
    **least: float | None,
) -> None:
    """Measure the gazetteer against places whose truth is known.

    DATA.CSV has the columns id, text, country_hint, expected_level, country, admin1_iso, lon, lat, tolerance_km,
    truth_source and note. Every text is looked up as `foundling locate --csv` does; the table gives the shares that
    were right, by level and by kind of text.

    \b
    Examples:
      foundling accuracy places.csv
      foundling accuracy places.csv --json > report.json
      foundling accuracy places.csv --min-country 99.5 --min-tolerance 98.5 --min-inside 95 --max-wrong 0

    Exits 1 when a figure misses its threshold, which is then named.
    """
    rows = _read(path)
    matcher = open_matcher(
        seeds / "gazetteer", data / "gazetteer.sqlite", progress=lambda message: click.echo(message, err=True)
    )
    report = measure(rows, lambda text, hint: found.best if (found := find_row(matcher, text, hint or "")) else None)
    click.echo(json.dumps(report.as_dict(), indent=1, ensure_ascii=False) if as_json else _as_text(report))
    thresholds = {name.removeprefix("least_"): share for name, share in least.items() if share is not None}
    misses = [*_shares_below(report, thresholds), *_figures_above(report, max_wrong, max_radius_km)]
    for miss in misses:
        click.secho(miss, fg="red", err=True)
    sys.exit(1 if misses else 0)


def _read(path: Path) -> list[Row]:
    try:
        rows = read_rows(path)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path} is not UTF-8: save it as UTF-8.") from error
    except csv.Error as error:
        raise click.ClickException(f"{path} is not CSV: {error}.") from error
    except (AttributeError, TypeError) as error:
        raise click.ClickException(f"{path} has a line with fewer cells than columns.") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    if not rows:
        raise click.ClickException(f"{path} has no rows below its header ({','.join(COLUMNS)}).")
    return rows


def _as_text(report: Report) -> str:
    table = report.table()
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        first, *others = (
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([first, *others]).rstrip())
    return "\n".join(lines)


def _shares_below(report: Report, thresholds: dict[str, float]) -> Iterator[str]:
    measures = report.measures()
    for name, least in thresholds.items():
        share = measures[name]
        if share is None:
            yield f"{name}: no row to measure it on, at least {least:g} % was asked for."
        # The slack is floating point's; "nan" as a threshold is never reached.
        elif not 100 * share >= least - 1e-9:
            yield f"{name}: {100 * share:.2f} %, at least {least:g} % was asked for."


def _figures_above(report: Report, max_wrong: int | None, max_radius_km: float | None) -> Iterator[str]:
    if max_wrong is not None and report.wrong_resolves > max_wrong:
        yield f"wrong resolves: {report.wrong_resolves} of {report.placeless}, at most {max_wrong} were allowed."
    radius_m = report.median_settlement_radius_m
    if max_radius_km is not None and (radius_m is None or not radius_m <= max_radius_km * 1000):
        found = "none was found" if radius_m is None else f"{radius_m / 1000:.1f} km"
        yield f"median settlement radius: {found}, at most {max_radius_km:g} km was allowed."
