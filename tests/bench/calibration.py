"""Draws how often the truth lies within k times the uncertainty that the gazetteer gives.

    .venv/bin/python tests/bench/calibration.py tests/geocoding/places_eval.csv docs/calibration.svg

The file has the columns that `foundling accuracy` reads. The same answers give the same bytes.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.cli.locate import find_row
from api.domain.place import Precision
from api.geocoding.accuracy import Judgement, read_rows
from api.geocoding.matching import Matcher, open_matcher

LEVELS = {
    "all": (tuple(Precision), "#1f2a30"),
    "towns and cities": ((Precision.SETTLEMENT,), "#1b5576"),
    "provinces and districts": ((Precision.ADMIN1, Precision.ADMIN2), "#a23d50"),
    "countries": ((Precision.COUNTRY,), "#7a5c00"),
}
GOAL = 0.95
WIDTH, HEIGHT = 720, 430
LEFT, RIGHT, TOP, BOTTOM = 62, 20, 54, 56
LARGEST = 2.0


def judge(path: Path, matcher: Matcher) -> list[Judgement]:
    """The rows that name a place, with what the gazetteer answers."""
    rows = [row for row in read_rows(path) if row.levels]
    answers = [(row, find_row(matcher, row.text, row.country_hint or "")) for row in rows]
    return [Judgement(row, answer.best if answer else None) for row, answer in answers]


def ratios(judgements: Sequence[Judgement], levels: Sequence[Precision]) -> list[float]:
    """Distance to the truth as a multiple of the uncertainty, ascending; infinite without an answer.

    As in the table of `foundling accuracy`, a row counts for the finest level that its text allows.
    """
    return sorted(
        judged.distance_m / (judged.place.uncertainty_m if judged.place else 1)
        for judged in judgements
        if next(level for level in Precision if level in judged.row.levels) in levels
    )


def draw(judgements: Sequence[Judgement]) -> str:
    """The picture as SVG."""
    curves = {name: (ratios(judgements, levels), colour) for name, (levels, colour) in LEVELS.items()}
    lines = [*_axes(), *(line for at, name in enumerate(curves) for line in _curve(at, name, *curves[name]))]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="Helvetica Neue, Helvetica, Arial, sans-serif" font-size="13" fill="#1f2a30">'
    )
    heading = "How often the truth lies inside k × uncertainty_m"
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    shown = f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{heading}</text>'
    return "\n".join([head, f"<title>{heading}</title>", paper, shown, *lines, "</svg>\n"])


def _x(multiple: float) -> float:
    return LEFT + multiple / LARGEST * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _axes() -> Iterator[str]:
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e4e0d8"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4.5:.1f}" text-anchor="end">{percent} %</text>'
    for tenths in range(0, round(LARGEST * 10) + 1, 5):
        yield f'<text x="{_x(tenths / 10):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{tenths / 10:g}</text>'
    yield f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">k</text>'
    goal = 'stroke="#55616a" stroke-dasharray="5 4"'
    yield f'<path d="M{_x(1):.1f} {_y(1):.1f}V{_y(0):.1f}M{LEFT} {_y(GOAL):.1f}H{WIDTH - RIGHT}" {goal} fill="none"/>'
    at = f'x="{WIDTH - RIGHT - 4}" y="{_y(GOAL) + 16:.1f}" text-anchor="end"'
    yield f'<text {at} fill="#55616a">at least {100 * GOAL:.0f} % at k = 1 is the goal</text>'


def _curve(at: int, name: str, values: list[float], colour: str) -> Iterator[str]:
    if not values:
        return
    steps = [round(step * 0.02, 2) for step in range(round(LARGEST / 0.02) + 1)]
    shares = [sum(value <= step for value in values) / len(values) for step in steps]
    points = " ".join(f"{_x(step):.1f},{_y(share):.1f}" for step, share in zip(steps, shares, strict=True))
    width = 3 if at == 0 else 2
    yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
    y = _y(0.34) + 22 * at
    inside = 100 * sum(value <= 1 for value in values) / len(values)
    yield f'<path d="M{_x(1.06):.1f} {y:.1f}h26" stroke="{colour}" stroke-width="{width}"/>'
    yield f'<text x="{_x(1.06) + 34:.1f}" y="{y + 4.5:.1f}">{name}: {inside:.1f} % of {len(values)}</text>'


def main() -> None:
    """Reads the file and writes the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--data", type=Path, default=Path("var"))
    chosen = parser.parse_args()
    matcher = open_matcher(chosen.seeds / "gazetteer", chosen.data / "gazetteer.sqlite")
    chosen.picture.write_text(draw(judge(chosen.places, matcher)), encoding="utf-8")


if __name__ == "__main__":
    main()
