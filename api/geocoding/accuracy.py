"""How often a geocoder is right: its answers to a file of place texts, held against known truth."""

import csv
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.domain.place import GazetteerPlace, Precision
from api.geocoding.extent import distance_m

COLUMNS = (
    "id", "text", "country_hint", "expected_level", "country", "admin1_iso", "lon", "lat", "tolerance_km",
    "truth_source", "note",
)  # fmt: skip

_NOTHING = "none"
# Truth that is not the city's own point: an airport lies outside, a time zone's city to the minute of a degree.
_NOT_THE_CITY = ("OurAirports", "tz database")
_CITY_DISTANCES_KM = (10, 25, 161)

# The kinds of texts, by the words of the rows' notes; the first that fits.
_KINDS = (
    ("must not resolve", r"must not resolve"),
    ("ambiguous", r"ambiguous"),
    ("exonym", r"exonym|endonym|another language|localcountry"),
    ("old name", r"old (name|spelling)"),
    ("misspelt", r"typo|spelling"),
    ("no accents", r"noaccent|upper|lower"),
    ("near or outskirts", r"^near|outskirts|qualifier|^between"),
    ("script", r"script"),
    ("district, regency, chain", r"district|province|regency|LGA|levels|^admin$|paren|preposition"),
    ("abbreviation", r"abbreviation|short|suffix|city of|hyphen"),
    ("no country", r"^(bare|no country)"),
    ("first-level area", r"admin1"),
    ("country", r"^country"),
    ("plain", r""),
)

Locate = Callable[[str, str | None], GazetteerPlace | None]
"""Asks a geocoder for a text, with the ISO 3166-1 alpha-2 code of the country it lies in or None."""


@dataclass(frozen=True, slots=True)
class Row:
    """A text and where it is. `levels` and `subdivisions` (ISO 3166-2) are all that count as right.

    A text that names no place has no levels, and neither country nor point nor tolerance.
    """

    id: str
    text: str
    country_hint: str | None
    levels: frozenset[str]
    country: str
    subdivisions: frozenset[str]
    lon: float
    lat: float
    tolerance_m: float
    source: str
    note: str

    @property
    def kind(self) -> str:
        """The kind of text, as the note tells."""
        return next(kind for kind, words in _KINDS if re.search(words, self.note))

    @property
    def has_city_truth(self) -> bool:
        """Whether the text means a settlement whose own point is known."""
        return self.levels == {Precision.SETTLEMENT} and not self.source.startswith(_NOT_THE_CITY)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A row with the place that it was answered with. A text that names no place is right when `place` is None."""

    row: Row
    place: GazetteerPlace | None

    @property
    def distance_m(self) -> float:
        """Metres from the truth; infinite without an answer."""
        if self.place is None:
            return float("inf")
        return distance_m(self.place.lon, self.place.lat, self.row.lon, self.row.lat)

    @property
    def is_right_country(self) -> bool:
        """Whether the country is that of the truth."""
        return self.place is not None and self.place.country == self.row.country

    @property
    def is_right_level(self) -> bool:
        """Whether the answer is as fine as the text, neither finer nor coarser."""
        return self.place is not None and self.place.precision in self.row.levels

    @property
    def is_in_tolerance(self) -> bool:
        """Whether the answer lies in the right country within the row's tolerance."""
        return self.is_right_country and self.distance_m <= self.row.tolerance_m

    @property
    def is_right_subdivision(self) -> bool | None:
        """Whether the ISO 3166-2 code is among the row's; None where either side has none."""
        if self.place is None or self.place.admin1 is None or not self.row.subdivisions:
            return None
        return self.place.admin1 in self.row.subdivisions

    @property
    def is_inside(self) -> bool:
        """Whether the truth lies within the answer's own uncertainty."""
        return self.place is not None and self.distance_m <= self.place.uncertainty_m

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, as the table's columns call it; `inside` is none: 1 in 20 is meant to lie outside."""
        if not self.row.levels:
            return ("resolved",) if self.place else ()
        if self.place is None:
            return ("answered",)
        checks = {
            "country": self.is_right_country,
            "level": self.is_right_level,
            "tolerance": self.is_in_tolerance,
            "iso": self.is_right_subdivision,
        }
        return tuple(name for name, is_right in checks.items() if is_right is False)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1 of `rows` texts that name a place; None where there is nothing to divide by.

    `iso` is of the rows where both sides have a code, the others of all: no answer is not right.
    """

    rows: int
    answered: float | None
    country: float | None
    level: float | None
    tolerance: float | None
    iso: float | None
    inside: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured: over all texts that name a place, by expected level, by kind of text.

    `within` holds the shares of settlements found within some kilometres of the city's own point, `wrong_resolves` how
    many of `placeless` texts that name no place were given one.
    """

    overall: Score
    by_level: dict[str, Score]
    by_kind: dict[str, Score]
    within: dict[int, float | None]
    placeless: int
    wrong_resolves: int
    median_settlement_radius_m: float | None
    failures: tuple[Judgement, ...]

    def measures(self) -> dict[str, float | int | None]:
        """The figures that thresholds are set for, by name."""
        overall = {name: getattr(self.overall, name) for name in Score.__slots__}
        return {
            **overall,
            **{f"within_{km}_km": share for km, share in self.within.items()},
            "placeless": self.placeless,
            "wrong_resolves": self.wrong_resolves,
            "median_settlement_radius_m": self.median_settlement_radius_m,
        }

    def table(self) -> list[tuple[str, ...]]:
        """The report in cells of text, the header first, each line as long as the header."""
        header = ("", *Score.__slots__)
        lines = [header, _line("all", self.overall)]
        lines += [_line(level, score) for level, score in self.by_level.items()]
        lines += [_line(kind, score) for kind, score in self.by_kind.items()]
        radius_m = self.median_settlement_radius_m
        notes = [(f"settlements within {km} km", _percent(share)) for km, share in self.within.items()]
        notes.append(("wrong resolves", f"{self.wrong_resolves} of {self.placeless}"))
        notes.append(("median settlement radius", "" if radius_m is None else f"{radius_m / 1000:.1f} km"))
        return [*lines, *((*note, *[""] * (len(header) - 2)) for note in notes)]

    def as_dict(self) -> dict[str, object]:
        """The report as JSON can hold it."""
        return {
            **self.measures(),
            "by_level": {level: _as_dict(score) for level, score in self.by_level.items()},
            "by_kind": {kind: _as_dict(score) for kind, score in self.by_kind.items()},
            "failures": [
                {"id": failure.row.id, "text": failure.row.text, "faults": list(failure.faults)}
                for failure in self.failures
            ],
        }


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file with the columns of `COLUMNS`. Raises ValueError, naming the column or the line."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path} lacks the column {', '.join(missing)}.")
        return [_row(cells, path, reader.line_num) for cells in reader]


def measure(rows: Iterable[Row], locate: Locate) -> Report:
    """Ask for every row and hold the answers against the truth."""
    judgements = [Judgement(row, locate(row.text, row.country_hint)) for row in rows]
    placed = [j for j in judgements if j.row.levels]
    placeless = [j for j in judgements if not j.row.levels]
    cities = [j for j in placed if j.row.has_city_truth]
    radii = [j.place.uncertainty_m for j in placed if j.place and j.place.precision is Precision.SETTLEMENT]
    levels = [*Precision]
    kinds = [kind for kind, _ in _KINDS]
    return Report(
        overall=_score(placed),
        by_level={level.value: _score([j for j in placed if _expected(j.row) == level]) for level in levels},
        by_kind={kind: score for kind in kinds if (score := _score([j for j in placed if j.row.kind == kind])).rows},
        within={km: _share([j.distance_m <= km * 1000 for j in cities]) for km in _CITY_DISTANCES_KM},
        placeless=len(placeless),
        wrong_resolves=sum(j.place is not None for j in placeless),
        median_settlement_radius_m=statistics.median(radii) if radii else None,
        failures=tuple(j for j in judgements if j.faults),
    )


def _expected(row: Row) -> Precision:
    """The finest level that counts as right."""
    return next(level for level in Precision if level.value in row.levels)


def _score(judgements: Sequence[Judgement]) -> Score:
    answered = [j for j in judgements if j.place is not None]
    codes = [j.is_right_subdivision for j in answered]
    return Score(
        rows=len(judgements),
        answered=_share([j.place is not None for j in judgements]),
        country=_share([j.is_right_country for j in judgements]),
        level=_share([j.is_right_level for j in judgements]),
        tolerance=_share([j.is_in_tolerance for j in judgements]),
        iso=_share([is_right for is_right in codes if is_right is not None]),
        inside=_share([j.is_inside for j in judgements]),
    )


def _share(claims: Sequence[bool]) -> float | None:
    return sum(claims) / len(claims) if claims else None


def _row(cells: dict[str, str], path: Path, line: int) -> Row:
    levels = frozenset(cells["expected_level"].split("|")) - {_NOTHING}
    unknown = levels - {level.value for level in Precision}
    if unknown or not cells["expected_level"]:
        raise ValueError(f"{path}, line {line}: expected_level is not a level or {_NOTHING}.")
    try:
        lon, lat, tolerance_km = (float(cells[name] if levels else 0) for name in ("lon", "lat", "tolerance_km"))
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path}, line {line}: lon, lat and tolerance_km are numbers.") from error
    return Row(
        id=cells["id"],
        text=cells["text"],
        country_hint=cells["country_hint"] or None,
        levels=levels,
        country=cells["country"],
        subdivisions=frozenset(filter(None, cells["admin1_iso"].split("|"))),
        lon=lon,
        lat=lat,
        tolerance_m=tolerance_km * 1000,
        source=cells["truth_source"],
        note=cells["note"],
    )


def _line(name: str, score: Score) -> tuple[str, ...]:
    shares = (score.answered, score.country, score.level, score.tolerance, score.iso, score.inside)
    return (name, str(score.rows), *map(_percent, shares))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _as_dict(score: Score) -> dict[str, float | None]:
    return {name: getattr(score, name) for name in Score.__slots__}
