"""Questions to the index: which places have this name, and which areas lie around them."""

import sqlite3
import string
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

from api.domain.folding import fold
from api.domain.place import GazetteerPlace, Precision
from api.geocoding import naming, romanising, tables

PRECISIONS = (Precision.COUNTRY, Precision.ADMIN1, Precision.ADMIN2, Precision.SETTLEMENT)

_COLUMNS = (
    "place.id, place.gazetteer_id, level, place.name, country, admin1, admin2, lon, lat, population, radius_m, iso,"
    " feature, is_namesake"
)
_LETTERS = string.ascii_lowercase + " "
_MOST_NAMESAKES = 5_000
# A city known by the beginning of its name, as Ouaga: the shorter the beginning, the more there are.
_SHORTEST_CLIPPED = 5
_LEAST_CLIPPED_POPULATION = 500_000
_LEAST_LIKENESS = 0.6
_LIKENESS_GAP = 0.1
_LONGEST_ID = 12
# A shorter name is a letter away from too many others; a longer one is no name.
_LENGTHS_FOR_TYPOS = range(5, 61)


@dataclass(frozen=True, slots=True)
class Row:
    """A place as the index stores it; `admin1` and `admin2` are GeoNames codes, `population` 0 when unknown."""

    id: int
    gazetteer_id: str
    level: int
    name: str
    country: str
    admin1: str
    admin2: str
    lon: float
    lat: float
    population: int
    radius_m: int
    iso: str
    feature: str
    is_namesake: int
    """1 for the seat of an area of its own name."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place found under a key; `trust` is one of `naming`'s, `is_typo` when one letter differs."""

    row: Row
    trust: int
    is_typo: bool = False


class Lookup:
    """An open index. Read-only, and safe to share between threads as long as each asks in turn."""

    def __init__(self, index: Path) -> None:
        uri = f"{index.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.area = lru_cache(maxsize=4096)(self._area)
        # One question asks for the same name several times; a common one has thousands of places.
        self.named = lru_cache(maxsize=64)(self._named)
        self.nearly_named = lru_cache(maxsize=16)(self._nearly_named)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def digest(self) -> str:
        """The fingerprint of the tables that the index was built from."""
        return str(self._database.execute("SELECT value FROM meta WHERE key = 'digest'").fetchone()[0])

    def _named(self, key: str, country: str | None) -> tuple[Hit, ...]:
        """Every place of that name, of one country or of all."""
        where, parameters = ("AND country = ?", [key, country]) if country else ("", [key])
        rows = self._database.execute(
            f"SELECT {_COLUMNS}, trust FROM name JOIN place USING (id) WHERE key = ? {where} LIMIT {_MOST_NAMESAKES}",  # noqa: S608
            parameters,
        )
        return tuple(Hit(_row(row[:-1]), row[-1]) for row in rows)

    def _nearly_named(self, key: str, country: str) -> tuple[Hit, ...]:
        """Places of that country whose name is one letter away; () where a name could be any other."""
        if len(key) not in _LENGTHS_FOR_TYPOS or not key.isascii():
            return ()
        spellings = sorted({*_one_letter_away(key)} - {key})
        hits = []
        for start in range(0, len(spellings), 500):
            batch = spellings[start : start + 500]
            marks = ",".join("?" * len(batch))
            rows = self._database.execute(
                f"SELECT {_COLUMNS}, trust FROM name JOIN place USING (id) WHERE key IN ({marks}) AND country = ?"  # noqa: S608
                " AND trust < 3 AND level > 0 AND (population > 0 OR level < 3 OR is_namesake)",
                [*batch, country],
            )
            hits += [Hit(_row(row[:-1]), row[-1], is_typo=True) for row in rows]
        return tuple(hits)

    def clipped(self, key: str, *, country: str) -> list[Hit]:
        """The large cities of that country whose name begins with the key."""
        if len(key) < _SHORTEST_CLIPPED or not key.isascii():
            return []
        rows = self._database.execute(
            f"SELECT {_COLUMNS}, trust FROM name JOIN place USING (id) WHERE key >= ? AND key < ? AND country = ?"  # noqa: S608
            " AND trust < 2 AND level = 3 AND population >= ?",
            [key, key + "{", country, _LEAST_CLIPPED_POPULATION],
        )
        return [Hit(_row(row[:-1]), row[-1], is_typo=True) for row in rows]

    def sounding(self, key: str, *, country: str) -> list[Hit]:
        """The places of that country whose name sounds like the key and is spelt most like it."""
        sound = romanising.sound(key)
        if not sound:
            return []
        hits = self.named(naming.SOUND_MARK + sound, country)
        likeness = {hit.row.id: SequenceMatcher(None, key, fold(hit.row.name)).ratio() for hit in hits}
        least = max(_LEAST_LIKENESS, max(likeness.values(), default=0) - _LIKENESS_GAP)
        return [Hit(hit.row, hit.trust, is_typo=True) for hit in hits if likeness[hit.row.id] >= least]

    def by_id(self, gazetteer_id: str) -> Row | None:
        """The place of that id; None when the gazetteer has none."""
        scheme, _, rest = gazetteer_id.partition(":")
        is_number = rest.isascii() and rest.isdecimal() and len(rest) <= _LONGEST_ID
        if scheme == "geonames" and not is_number:
            return None
        column, value = ("id", rest) if scheme == "geonames" else ("gazetteer_id", gazetteer_id)
        found = self._database.execute(f"SELECT {_COLUMNS} FROM place WHERE {column} = ?", [value]).fetchone()  # noqa: S608
        return _row(found) if found else None

    def stream_settlements(self) -> Iterator[Row]:
        """Every settlement of the gazetteer, area by area."""
        query = f"SELECT {_COLUMNS} FROM place WHERE level = 3 ORDER BY country, admin1, admin2"  # noqa: S608
        for row in self._database.execute(query):
            yield _row(row)

    def stream_areas(self, country: str, level: int) -> Iterator[Row]:
        """Every area of a country at a level, by code."""
        query = f"SELECT {_COLUMNS} FROM place WHERE level = ? AND country = ? ORDER BY admin1, admin2"  # noqa: S608
        for row in self._database.execute(query, [level, country]):
            yield _row(row)

    def subdivision(self, code: str) -> Row | None:
        """The area with that ISO 3166-2 code, the larger of two levels; None when the gazetteer has none."""
        found = self._database.execute(
            f"SELECT {_COLUMNS} FROM place WHERE level < 3 AND level > 0 AND country = ? AND iso = ? ORDER BY level",  # noqa: S608
            [code.partition("-")[0], code],
        ).fetchone()
        return _row(found) if found else None

    def areas(self, row: Row) -> list[Row]:
        """The areas that hold a place, from fine to coarse, itself not among them."""
        codes = [(row.admin1, row.admin2), (row.admin1, ""), ("", "")]
        found = [self.area(row.country, *code) for code in dict.fromkeys(codes)]
        return [area for area in found if area is not None and area.id != row.id and area.level < row.level]

    def areas_of(self, place: GazetteerPlace) -> list[GazetteerPlace]:
        """The areas that hold a place of this gazetteer, from fine to coarse; [] for another's."""
        row = self.by_id(place.gazetteer_id)
        return [self.place(area) for area in self.areas(row)] if row else []

    def place(self, row: Row) -> GazetteerPlace:
        """The row in the words of the domain, as the gazetteer knows it."""
        admin1 = self.area(row.country, row.admin1, "") if row.admin1 else None
        admin2 = self.area(row.country, row.admin1, row.admin2) if row.admin2 else None
        isos = [area.iso for area in (admin2, admin1) if area and area.iso]
        return GazetteerPlace(
            gazetteer_id=row.gazetteer_id,
            name=row.name,
            precision=PRECISIONS[row.level],
            lon=row.lon,
            lat=row.lat,
            uncertainty_m=row.radius_m,
            country=row.country,
            admin1=(admin1.iso or None) if admin1 else None,
            admin1_name=admin1.name if admin1 else None,
            admin2_name=admin2.name if admin2 else None,
            iso_3166_2=isos[0] if isos else None,
            population=row.population or None,
            feature=(row.feature or None) if row.level == tables.SETTLEMENT else None,
        )

    def subdivisions_of(self, row: Row) -> set[str]:
        """The ISO 3166-2 codes of a place's areas, its own included."""
        codes = [(row.admin1, row.admin2), (row.admin1, "")]
        return {area.iso for area in (self.area(row.country, *code) for code in codes) if area and area.iso}

    def _area(self, country: str, admin1: str, admin2: str) -> Row | None:
        found = self._database.execute(
            f"SELECT {_COLUMNS} FROM place WHERE country = ? AND admin1 = ? AND admin2 = ? AND level < 3"  # noqa: S608
            " ORDER BY level",
            [country, admin1, admin2],
        ).fetchone()
        return _row(found) if found else None


def _row(columns: tuple[object, ...]) -> Row:
    row_id, gazetteer_id, level, name, country, admin1, admin2, lon, lat, *rest = columns
    point = (lon / tables.POINT_SCALE, lat / tables.POINT_SCALE)  # type: ignore[operator]
    return Row(row_id, gazetteer_id or f"geonames:{row_id}", level, name, country, admin1, admin2, *point, *rest)  # type: ignore[arg-type]


def _one_letter_away(key: str) -> Iterator[str]:
    """One letter lost, doubled, mistaken or swapped with its neighbour; the first is not mistaken."""
    for at in range(len(key)):
        rest = key[at + 1 :]
        yield key[:at] + rest
        if at + 1 < len(key):
            yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]
        for letter in _LETTERS:
            if at:
                yield key[:at] + letter + rest
            yield key[: at + 1] + letter + rest
    yield from (letter + key for letter in _LETTERS)
