"""Writes a seeds directory of any size, all invented: `python tests/bench/make_seeds.py 1000000 /tmp/million/seeds`.

The same arguments write the same bytes. Words and towns are random syllables, and nobody is named; only countries,
their first-level areas and the codelists are real. The skew is what makes it a test: few countries and towns hold most
records, recent years hold more than old ones, and some sources are cited again and again.

`--change 1` writes the state that follows it: of that share of the records most are told anew, some leave
(withdrawn.json names them) and as many enter. All other records stay byte for byte what they were.
"""

import csv
import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import click

REAL = Path(__file__).parents[2] / "seeds"
# From the most records to the fewest.
COUNTRIES = """
NG IN ID CN PE BR MX PH VN TH BD PK NP KE ET GH CD ZA UG TZ CO AR BO EC GT HN SV HT DO GB FR DE IT ES GR BG RO UA PL TR
SY IQ IR AF EG LY MA ML BF CI CM SN SD LK MM KH LA RU US FJ
""".split()
TOWNS = 60  # in each country
DISTRICTS = 15
SOURCES = 40_000
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2026, 10, 31)
ONSETS = "b br d dr f fl g gl h k kr l m n p pl r s sk t tr v z".split()
# What of these syllables would be a number, a child, a post or a title in one of the languages.
REAL_WORDS = frozenset(
    "lima tiga hari hora semana bebe nino nina putra putri siswa siswi bupati hija hijo mama".split()
)
UNCOUNTED = frozenset({"official", "security_officer", "lawyer"})
STATUSES = (None, None, None, "suspected", "detained", "at_large", "charged")

Record = dict[str, Any]


@dataclass
class World:
    """What incidents are made of."""

    rng: random.Random
    words: list[str]
    word_sums: list[float]
    places: dict[str, list[Record]]  # by country, the most frequent first
    place_sums: list[float]
    sources: list[Record]
    codes: dict[str, list[str]]
    measures: list[Record]
    used_places: set[int] = field(default_factory=set)
    used_sources: set[int] = field(default_factory=set)


@click.command()
@click.argument("count", type=click.IntRange(1))
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--change", type=click.FloatRange(0, 50), default=0, help="Per cent of the records that differ.")
@click.option("--seed", type=int, default=20181106, help="Of the random numbers.")
def main(count: int, directory: Path, change: float, seed: int) -> None:
    """Write COUNT invented incidents, and all that they need, into DIRECTORY."""
    (directory / "incidents").mkdir(parents=True, exist_ok=True)
    for name in ("codelists.json", "dataset.json"):
        shutil.copy(REAL / name, directory / name)
    world = make_world(random.Random(seed))
    withdrawn = write_incidents(world, count, directory / "incidents", change=change)
    every_place = [place for places in world.places.values() for place in places]
    _write(directory / "geocodes.ndjson", (place for place in every_place if id(place) in world.used_places))
    _write(directory / "sources.ndjson", (world.sources[number] for number in sorted(world.used_sources)))
    for name, value in (("context", []), ("coverage", []), ("withdrawn", withdrawn), ("redactions", [])):
        (directory / f"{name}.json").write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def write_incidents(world: World, count: int, directory: Path, *, change: float) -> list[Record]:
    """One file a country; what is withdrawn with the change is given back."""
    rng = world.rng
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    country_sums = list(accumulate(rank**-0.9 for rank in range(1, len(COUNTRIES) + 1)))
    year_sums = list(accumulate(1.07 ** (year - years[0]) for year in years))
    counted = Counter(
        zip(
            rng.choices(COUNTRIES, cum_weights=country_sums, k=count),
            rng.choices(years, cum_weights=year_sums, k=count),
            strict=True,
        )
    )
    withdrawn: list[Record] = []
    number = 0
    for country in sorted(COUNTRIES):
        with (directory / f"{country}.ndjson").open("w", encoding="utf-8") as file:
            for year in years:
                entered: list[Record] = []
                for serial in range(1, counted[country, year] + 1):
                    record = make_incident(world, country, year, serial)
                    number += 1
                    if is_chosen(number, change):
                        turn = int(number * change / 100) % 10
                        if turn == 0:
                            gone = {"id": record["id"], "reason": "duplicate", "date": "2026-11-01"}
                            withdrawn.append(gone | {"superseded_by": None})
                            new = counted[country, year] + len(entered) + 1
                            entered.append(record | {"id": f"{country}-{year}-{new:04d}"})
                            continue
                        record["summary"] = {"en": record["summary"]["en"] + " Told anew."}
                    file.write(_line(record))
                file.writelines(map(_line, entered))
    return withdrawn


def is_chosen(number: int, change: float) -> bool:
    """Whether the record of this number differs: evenly spread, without a random number."""
    return int(number * change / 100) > int((number - 1) * change / 100)


def make_incident(world: World, country: str, year: int, serial: int) -> Record:
    """The incident of an id."""
    rng = world.rng
    (place,) = rng.choices(world.places[country], cum_weights=world.place_sums)
    world.used_places.add(id(place))
    cited = sorted({int(rng.random() ** 2 * SOURCES) for _ in range(rng.choice((1, 1, 2, 2, 3)))})
    world.used_sources.update(cited)
    sources = [world.sources[number]["id"] for number in cited]
    day = min(date(year, 1, 1) + timedelta(days=rng.randrange(365)), LAST_DAY)
    words = rng.choices(world.words, cum_weights=world.word_sums, k=rng.randint(20, 60))
    middle = 7 + (len(words) - 7) // 2
    return {
        "id": f"{country}-{year}-{serial:04d}",
        "category": rng.choice(world.codes["category"]),
        "title": {"en": _sentence(words[:7])},
        "summary": {"en": f"{_sentence(words[7:middle])}. {_sentence(words[middle:])}."},
        "date": _date(rng, day),
        "date_note": None,
        "place": {name: place[name] for name in ("text", "country", "subdivision")},
        "other_places": [],
        "methods": rng.sample(world.codes["method"], rng.choice((0, 1, 1, 2))),
        "purposes": rng.sample(world.codes["purpose"], rng.choice((0, 1, 1, 2))),
        "roles": [_role(rng, role) for role in rng.sample(world.codes["role"], rng.choice((0, 0, 1, 2)))],
        "figures": [
            _figure(world, measure, day, rng.choice(sources))
            for measure in rng.sample(world.measures, rng.choice((1, 1, 2, 2, 3, 4)))
        ],
        "outcomes": _outcomes(world, day, sources[0]),
        "sources": sources,
        "confidence": rng.choice(("high", "medium", "low")),
        "related": [],
    }


def make_world(rng: random.Random) -> World:
    """Words, towns, sources and codes."""
    codelists = json.loads((REAL / "codelists.json").read_text(encoding="utf-8"))
    codes = {name: [entry["code"] for entry in entries] for name, entries in codelists.items()}
    codes["role"].remove("parent")  # alone, it would ask for coarser dates and places
    words = _words(rng, 6000)
    towns = [name.capitalize() for name in _words(rng, 8000) if len(name) > 5]
    places = {country: list(_places(rng, country, areas, towns)) for country, areas in _areas().items()}
    return World(
        rng=rng,
        words=words,
        word_sums=list(accumulate((rank + 8) ** -0.85 for rank in range(len(words)))),
        places=places,
        place_sums=list(accumulate(rank**-1.1 for rank in range(1, len(places["NG"]) + 1))),
        sources=list(_sources(rng, words, towns)),
        codes=codes,
        measures=codelists["measure"],
    )


def _words(rng: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(rng.choice(ONSETS) + rng.choice("aeiou") for _ in range(rng.choice((2, 3, 3, 4))))
        if word not in REAL_WORDS:
            found[word] = None
    return list(found)


def _areas() -> dict[str, list[Record]]:
    """Of each country its own row of the gazetteer, then those of its first-level areas."""
    found: dict[str, list[Record]] = {country: [] for country in COUNTRIES}
    for name, column in (("countries", "iso2"), ("admin1", "country")):
        with (REAL / "gazetteer" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row[column] in found and (name == "countries" or row["iso_3166_2"]):
                    found[row[column]].append(row)
    return found


def _places(rng: random.Random, country: str, areas: list[Record], towns: list[str]) -> Iterator[Record]:
    """Towns, with a few districts, first-level areas and the country among them: some 75 places."""
    whole, *parts = areas
    for rank in range(TOWNS + DISTRICTS):
        part = parts[rank % len(parts)]
        kind = "admin1" if rank % 10 == 9 and rank // 10 < len(parts) else "admin2" if rank % 5 == 4 else "settlement"
        if rank == 12:
            yield _geocode(country, None, whole, text=whole["name"], precision="country")
        elif kind == "admin1":
            area = parts[rank // 10]
            yield _geocode(country, area["iso_3166_2"], area, text=area["name"], precision="admin1")
        else:
            town = towns.pop()
            reach = min(int(float(part["radius_m"])) / 200_000, 1.0)
            moved = {
                "lon": float(part["lon"]) + rng.uniform(-reach, reach),
                "lat": max(-80.0, min(80.0, float(part["lat"]) + rng.uniform(-reach, reach))),
                "radius_m": rng.randrange(3_000, 15_000) * (3 if kind == "admin2" else 1),
                "name": town,
                "iso_3166_2": part["iso_3166_2"],
                "area": part["name"],
            }
            yield _geocode(country, part["iso_3166_2"], moved, text=town, precision=kind)


def _geocode(country: str, subdivision: str | None, row: Record, *, text: str, precision: str) -> Record:
    decimals = {"settlement": 3, "admin2": 2, "admin1": 1, "country": 1}[precision]
    lon = (float(row["lon"]) + 180) % 360 - 180
    return {
        "text": text,
        "country": country,
        "subdivision": subdivision,
        "lon": round(lon, decimals),
        "lat": round(float(row["lat"]), decimals),
        "precision": precision,
        "uncertainty_m": int(float(row["radius_m"])),
        "name": row["name"],
        "admin1": subdivision,
        "admin1_name": row.get("area", row["name"]) if subdivision else None,
        "admin2_name": text if precision == "admin2" else None,
        "iso_3166_2": subdivision,
        "population": 20_000,
        "feature": "PPL" if precision == "settlement" else None,
        "gazetteer_id": f"invented:{country}-{text.replace(' ', '-')}",
        "provider": "invented",
        "licence": "CC0-1.0",
        "query": text,
        "date": "2026-11-01",
        "reviewed": True,
        "candidates": [],
    }


def _sources(rng: random.Random, words: list[str], towns: list[str]) -> Iterator[Record]:
    kinds = ("press",) * 17 + ("official", "court", "ngo")
    outlets = [(f"{town} {rng.choice(('Gazette', 'Courier', 'Herald'))}", rng.choice(kinds)) for town in towns[:600]]
    for number in range(SOURCES):
        publisher, publisher_kind = rng.choice(outlets)
        kind = rng.choice(("original",) * 8 + ("copy", "overview"))
        has_title = rng.random() < 0.8
        day = FIRST_DAY + timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days))
        slug = f"{publisher.lower().replace(' ', '-')}-{number:05d}"
        yield {
            "id": slug,
            "publisher": publisher,
            "publisher_kind": publisher_kind,
            "title": _sentence(rng.choices(words, k=8)) if has_title else None,
            "description": None if has_title else {"en": f"{_sentence(rng.choices(words, k=6))}."},
            "url": f"https://{slug}.invalid/{'-'.join(rng.choices(words, k=4))}",
            "withheld": None,
            "language": rng.choice(("en", "en", "es", "id", "fr")),
            "published": day.isoformat(),
            "retrieved": None,
            "archived_url": None,
            "kind": kind,
            "original_publisher": rng.choice(outlets)[0] if kind == "copy" else None,
        }


def _sentence(words: list[str]) -> str:
    return " ".join(words).capitalize()


def _date(rng: random.Random, day: date) -> str:
    form = rng.random()
    if form < 0.7:
        return day.isoformat()
    if form < 0.85:
        return day.isoformat()[:7] + rng.choice(("", "", "?"))
    if form < 0.95:
        return f"{day.isoformat()}/{min(day + timedelta(days=rng.randrange(1, 30)), LAST_DAY).isoformat()}"
    return f"{day.year}{rng.choice(('', '~'))}"


def _role(rng: random.Random, role: str) -> Record:
    count = None if role in UNCOUNTED else rng.choice((None, 1, 2, 3))
    return {"role": role, "count": count, "status": rng.choice(STATUSES), "note": None}


def _figure(world: World, measure: Record, day: date, source: str) -> Record:
    rng = world.rng
    best = int(rng.paretovariate(1.2)) * (50 if measure["money"] else 1)
    return {
        "measure": measure["code"],
        "low": rng.choice((None, max(0, best - rng.randrange(3)))),
        "best": best,
        "high": rng.choice((None, best + rng.randrange(4))),
        "unit": measure["unit"],
        "currency": rng.choice(("USD", "EUR", "NGN", "INR", "IDR", "PEN")) if measure["money"] else None,
        "as_of": _later(rng, day, 30).isoformat(),
        "said_by": rng.choice(world.codes["speaker"]),
        "sources": [source],
        "note": None,
    }


def _outcomes(world: World, day: date, source: str) -> list[Record]:
    rng, steps = world.rng, ["reported"]
    steps += rng.choice(([], ["detained"], ["detained", "charged"], ["charged", "convicted"], ["detained", "released"]))
    found = []
    for step in steps:
        day = _later(rng, day, 200)
        found.append({"status": step, "as_of": day.isoformat(), "note": None, "sources": [source]})
    return found


def _later(rng: random.Random, day: date, days: int) -> date:
    return min(day + timedelta(days=rng.randrange(days)), LAST_DAY)


def _write(path: Path, entries: Iterator[Record]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(map(_line, entries))


def _line(entry: Record) -> str:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
