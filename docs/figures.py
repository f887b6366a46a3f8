"""Writes the tables and charts of docs/dataset.md from the public API, so that anyone can repeat them.

    python docs/figures.py http://127.0.0.1:8000

The same release gives the same bytes.
"""
# ruff: noqa: INP001 - a script beside the documents, no package

import argparse
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.request import urlopen

Row = Mapping[str, str]

DOCS = Path(__file__).parent
SECTION = re.compile(r"(<!-- figures: [^\n]*-->\n).*?(<!-- end of figures -->)", re.DOTALL)

INK, SOFT, LINE, PAPER = "#1f2a30", "#55616a", "#e4e0d8", "#ffffff"
BLUE, PALE = "#1b5576", "#a9cbdd"
# Units of a picture below which a line from low to high would be a blot.
NARROWEST = 5
# From how many incidents on a cell has this colour, and that of its number.
HEAT = ((7, "#1b5576", "#ffffff"), (4, "#2f6f94", "#ffffff"), (2, "#93bcd3", INK), (1, "#d3e4ed", INK))

SEARCHED = {
    "searched": "well searched",
    "sampled": "sampled",
    "nothing_usable": "searched, nothing usable",
    "not_searched": "not searched",
}
PRECISION = {
    "settlement": "a town or city",
    "admin2": "a district or the like (second level)",
    "admin1": "a state, province or region (first level)",
    "country": "a country",
}
VERIFICATION = {
    "official_record": "an official record",
    "multiple_sources": "several independent sources",
    "single_source": "a single source",
}
OUTCOME = {
    "reported": "reported",
    "detained": "detained",
    "charged": "charged",
    "released": "released",
    "evidence_annulled": "evidence annulled",
    "convicted": "convicted",
    "acquitted": "acquitted",
    "dismissed": "dismissed",
}
DECIDED = ("convicted", "acquitted", "dismissed")
CAVEAT = "Reported cases, not prevalence; countries were not searched alike."


@dataclass(frozen=True, slots=True)
class Recovered:
    """Children recovered in a country: sums over the incidents that have a figure with a best value."""

    country: str
    incidents: int
    told: int
    low: int
    best: int
    high: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many of all incidents have a value."""

    label: str
    count: int
    of: int

    @property
    def percent(self) -> str:
        """Without decimals, which so few incidents would not bear."""
        return percent(self.count, self.of)


def parse(text: str) -> list[Row]:
    """The rows of an `incidents.csv`."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def percent(part: int, whole: int) -> str:
    """A share in whole per cent; what is there is never 0 %, what lacks something never 100 %."""
    if not whole or part in (0, whole):
        return "100 %" if whole and part else "0 %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"


def year(row: Row) -> int:
    """The year in which the incident took place or began."""
    return int(row["date_start"][:4])


def countries(rows: Iterable[Row]) -> list[str]:
    """The names of countries, those with most incidents first."""
    counts = Counter(row["country_name"] for row in rows)
    return sorted(counts, key=lambda name: (-counts[name], name))


def by_country_and_year(rows: Iterable[Row]) -> Counter[tuple[str, int]]:
    """How many incidents each country has in each year."""
    return Counter((row["country_name"], year(row)) for row in rows)


def recovered(rows: Sequence[Row]) -> list[Recovered]:
    """Children recovered by country, the greatest best sum first; countries without a figure are left out."""
    sums = [_recovered(name, [row for row in rows if row["country_name"] == name]) for name in countries(rows)]
    return sorted((one for one in sums if one.told), key=lambda one: (-one.best, one.country))


def total(rows: Sequence[Row]) -> Recovered:
    """The same over all countries."""
    return _recovered("All", rows)


def _recovered(country: str, rows: Sequence[Row]) -> Recovered:
    # A record with "at least" alone has no best value; it stays out of all three sums, so that they can be compared.
    told = [row for row in rows if row["children_recovered_best"]]
    low, best, high = (
        sum(int(row[f"children_recovered_{bound}"]) for row in told) for bound in ("low", "best", "high")
    )
    return Recovered(country, len(rows), len(told), low, best, high)


def linked(rows: Iterable[Row]) -> list[Row]:
    """Incidents with a figure of children recovered that are related to another one with such a figure."""
    told = {row["id"]: row for row in rows if row["children_recovered_best"]}
    return [row for row in told.values() if any(other in told for other in row["related"].split(";"))]


def largest(rows: Iterable[Row], many: int = 3) -> list[Row]:
    """The incidents with most children recovered."""
    told = [row for row in rows if row["children_recovered_best"]]
    return sorted(told, key=lambda row: (-int(row["children_recovered_best"]), row["id"]))[:many]


def shares(rows: Sequence[Row], column: str, labels: Mapping[str, str]) -> list[Share]:
    """How the incidents are spread over the codes of a column, in the order of `labels`."""
    counts = Counter(row[column] for row in rows)
    known = [Share(label, counts.pop(code, 0), len(rows)) for code, label in labels.items()]
    return known + [Share(code.replace("_", " "), count, len(rows)) for code, count in sorted(counts.items()) if code]


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> str:
    """A Markdown table whose first columns are words and whose others are numbers."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    lines = [head, rule, *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def section(rows: Sequence[Row], searched: Mapping[str, str], release: str) -> str:
    """All tables with their charts and caveats, as Markdown; `searched` tells how well by country code."""
    head = (
        f"Release {release}: {len(rows)} incidents in {len(countries(rows))} countries. Repeat it: "
        f"`/v1/incidents.csv?release={release}`.\n"
    )
    parts = [head, *_incidents(rows, searched), *_children(rows), *_outcomes(rows), *_quality(rows)]
    return "\n".join(parts)


def _incidents(rows: Sequence[Row], searched: Mapping[str, str]) -> Iterator[str]:
    counts, names = by_country_and_year(rows), countries(rows)
    yield "### Incidents by country and year\n"
    yield (
        "![Number of recorded incidents by country and year; the tables below hold the sums]"
        "(figures/incidents-by-country-and-year.svg)\n"
    )
    codes = {row["country_name"]: row["country"] for row in rows}
    lines = []
    for name in names:
        years = sorted(at for country, at in counts if country == name)
        span = f"{years[0]}–{years[-1]}" if years[0] != years[-1] else f"{years[0]}"
        lines.append((name, span, searched.get(codes[name], "not told"), sum(counts[name, at] for at in years)))
    yield table(("country", "years", "how searched", "incidents"), lines, words=3)
    first, rest = names[:5], names[5:]
    by_year = [
        (at, *(counts[name, at] for name in first), sum(counts[name, at] for name in rest), sum(per))
        for at in sorted({at for _, at in counts}, reverse=True)
        for per in [[counts[name, at] for name in names]]
    ]
    yield table(("year", *first, "other countries", "all"), by_year)
    yield (
        "An incident counts in the year in which it took place or began; a year without a row has none. "
        "**Reported cases, not prevalence.** More incidents may mean more search, more reporting or more cases: the "
        "order is no ranking, and neither countries nor years should be compared. Older reports are harder to find, "
        "and the last year is not whole, so that the sums tell nothing about a rise or a fall.\n"
    )


def _children(rows: Sequence[Row]) -> Iterator[str]:
    everywhere, most, twice = total(rows), largest(rows), linked(rows)
    yield "### Children recovered\n"
    yield "![Children recovered by country, low, best and high](figures/children-recovered.svg)\n"
    lines = [(one.country, one.incidents, one.told, one.low, one.best, one.high) for one in recovered(rows)]
    last = (everywhere.incidents, everywhere.told, everywhere.low, everywhere.best, everywhere.high)
    yield table(
        ("country", "incidents", "with a figure", "low", "best", "high"), [*lines, ("all, also those without", *last)]
    )
    yield (
        f"{everywhere.told} of {everywhere.incidents} incidents have a figure; countries in whose records none has one "
        "have no row. Low and high add up the least and the greatest claim of each incident, best the claim of the "
        "strongest source. A low far below the best is often an early count of an operation that went on.\n"
    )
    share = percent(sum(int(row["children_recovered_best"]) for row in most), everywhere.best)
    yield (
        "**Reported recoveries, not prevalence**: the sums neither estimate how many children are sold nor how many "
        "are found. "
        f"{_and(row['id'] for row in most)} alone make up {share} of the best sum. "
        f"{len(twice)} incidents with {sum(int(row['children_recovered_best']) for row in twice)} children are linked "
        "with one another (`related`: one network, the same premises, a follow-up, a possible duplicate), so that some "
        "children may be counted twice; other repetitions may not have been noticed. “Recovered” is the word of the "
        "authorities: in some records families or homes contest it.\n"
    )


def _outcomes(rows: Sequence[Row]) -> Iterator[str]:
    spread = shares(rows, "outcome", OUTCOME)
    beyond = sum(row["outcome"] not in ("", "reported") for row in rows)
    decided = sum(row["outcome"] in DECIDED for row in rows)
    yield "### What followed\n"
    yield "![Incidents by latest known outcome](figures/outcomes.svg)\n"
    yield table(("latest known outcome", "incidents", "share"), [(one.label, one.count, one.percent) for one in spread])
    yield (
        f"{beyond} of {len(rows)} incidents ({percent(beyond, len(rows))}) have an outcome beyond “reported”; the "
        f"latest of {decided} ({percent(decided, len(rows))}) is a conviction, an acquittal or a dismissal.\n"
    )
    yield (
        "**The latest that is known, not the end.** “Detained” means that nothing later was found: the people may have "
        "been released, acquitted or convicted since. One word stands for all people in a record, who may have fared "
        "differently; read its `outcomes` before you write about one of them. The shares tell how the press follows "
        "up, not how courts decide.\n"
    )


def _quality(rows: Sequence[Row]) -> Iterator[str]:
    yield "### How well places and reports are known\n"
    yield ("![Incidents by precision of the place and by verification](figures/precision-and-verification.svg)\n")
    places, reports = shares(rows, "precision", PRECISION), shares(rows, "verification", VERIFICATION)
    yield table(("the point stands for", "incidents", "share"), [(one.label, one.count, one.percent) for one in places])
    yield table(
        ("the incident rests on", "incidents", "share"), [(one.label, one.count, one.percent) for one in reports]
    )
    yield (
        "A point that stands for an area is the centre of that area; draw its circle (`uncertainty_m`). Independent "
        "sources often repeat one police statement: `multiple_sources` says that several reported it, not that it "
        "happened as told. Shares describe these records, not the cases that nobody reported.\n"
    )


def heat(rows: Sequence[Row]) -> str:
    """Countries down, years across, the number of incidents in each cell."""
    counts, names = by_country_and_year(rows), countries(rows)
    years = range(min(map(year, rows)), max(map(year, rows)) + 1)
    left, top, cell, line = 134, 78, 25, 21
    width, height = left + cell * len(years) + 62, top + line * len(names) + 40
    drawn = []
    for across, at in enumerate(years):
        x = left + cell * across + cell / 2
        drawn.append(_text(x, top - 10, f"’{at % 100:02d}", "middle", size=11, colour=SOFT))
    drawn.append(_text(width - 20, top - 10, "all", "end", size=11, colour=SOFT))
    for down, name in enumerate(names):
        y = top + line * down
        drawn.append(_text(left - 10, y + 15, name, "end"))
        drawn.append(f'<path d="M{left} {y + line - 0.5:.1f}H{width - 20}" stroke="{LINE}"/>')
        for across, at in enumerate(years):
            if counts[name, at]:
                drawn += _cell(left + cell * across, y, cell, line, counts[name, at])
        drawn.append(_text(width - 20, y + 15, str(sum(counts[name, at] for at in years)), "end", weight="bold"))
    drawn.append(_text(20, height - 14, CAVEAT, size=12, colour=SOFT))
    described = "; ".join(f"{name} {sum(counts[name, at] for at in years)}" for name in names)
    return _svg(
        width,
        height,
        f"Recorded incidents by country and year, {years[0]}–{years[-1]}",
        f"{CAVEAT} {described}.",
        drawn,
    )


def _cell(x: float, y: float, width: float, height: float, count: int) -> list[str]:
    fill, ink = next((fill, ink) for least, fill, ink in HEAT if count >= least)
    box = f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{height - 3:g}" rx="2" fill="{fill}"/>'
    return [box, _text(x + width / 2, y + 14.5, str(count), "middle", size=11, colour=ink)]


def ranges(rows: Sequence[Row]) -> str:
    """A bar up to the best sum of each country, and a line from its low to its high one."""
    sums = recovered(rows)
    left, top, line, width = 134, 84, 23, 800
    height, scale = top + line * len(sums) + 40, 430 / max((one.high for one in sums), default=1)
    drawn = [
        _text(left, top - 14, "best sum, with a line from low to high", size=11, colour=SOFT),
        _text(width - 110, top - 14, "best (low–high)", "end", size=11, colour=SOFT),
        _text(width - 20, top - 14, "with a figure", "end", size=11, colour=SOFT),
    ]
    for down, one in enumerate(sums):
        y = top + line * down
        drawn.append(_text(left - 10, y + 12, one.country, "end"))
        drawn.append(f'<rect x="{left}" y="{y}" width="{max(one.best * scale, 1):.1f}" height="15" fill="{PALE}"/>')
        if (one.high - one.low) * scale >= NARROWEST:
            low, high = left + one.low * scale, left + one.high * scale
            whisker = f"M{low:.1f} {y + 7.5}H{high:.1f}M{low:.1f} {y + 3}v9M{high:.1f} {y + 3}v9"
            drawn.append(f'<path d="{whisker}" stroke="{BLUE}" stroke-width="2" fill="none"/>')
        drawn.append(_text(width - 110, y + 12, _figure(one), "end", weight="bold"))
        drawn.append(_text(width - 20, y + 12, f"{one.told} of {one.incidents}", "end", colour=SOFT))
    drawn.append(
        _text(
            20,
            height - 14,
            f"{CAVEAT} No ranking; some children may be counted twice.",
            size=12,
            colour=SOFT,
        )
    )
    described = "; ".join(f"{one.country} {_figure(one)}, {one.told} of {one.incidents} incidents" for one in sums)
    return _svg(width, height, "Children reported as recovered, by country", f"{CAVEAT} {described}.", drawn)


def _figure(one: Recovered) -> str:
    return f"{one.best}" if one.low == one.high else f"{one.best} ({one.low}–{one.high})"


def bars(heading: str, groups: Mapping[str, Sequence[Share]], note: str) -> str:
    """Shares as bars, a group under its own name."""
    left, line, width, y = 290, 25, 740, 58
    scale, drawn = 300.0, []
    for name, spread in groups.items():
        if len(groups) > 1:
            drawn.append(_text(20, y + 14, name, weight="bold"))
            y += line
        for one in spread:
            long = one.count / max(one.of, 1) * scale
            drawn.append(_text(left - 10, y + 14, one.label, "end"))
            drawn.append(f'<rect x="{left}" y="{y + 1}" width="{scale:g}" height="17" fill="#f4f1ea"/>')
            drawn.append(f'<rect x="{left}" y="{y + 1}" width="{long:.1f}" height="17" fill="{BLUE}"/>')
            drawn.append(_text(left + scale + 12, y + 14, f"{one.count}", weight="bold"))
            drawn.append(_text(width - 20, y + 14, one.percent, "end", colour=SOFT))
            y += line
        y += 8
    drawn.append(_text(20, y + 18, note, size=12, colour=SOFT))
    told = "; ".join(f"{one.label} {one.count} ({one.percent})" for spread in groups.values() for one in spread)
    return _svg(width, y + 34, heading, f"{note} {told}.", drawn)


def _text(
    x: float, y: float, words: str, anchor: str = "start", *, size: int = 13, colour: str = INK, weight: str = "normal"
) -> str:
    kind = f' font-size="{size}"' if size != 13 else ""
    kind += f' fill="{colour}"' if colour != INK else ""
    kind += f' font-weight="{weight}"' if weight != "normal" else ""
    kind += f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:g}" y="{y:g}"{kind}>{escape(words)}</text>'


def _svg(width: float, height: float, heading: str, described: str, drawn: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        ' aria-labelledby="title desc" font-family="Helvetica Neue, Helvetica, Arial, sans-serif" font-size="13"'
        f' fill="{INK}">'
    )
    named = [f'<title id="title">{escape(heading)}</title>', f'<desc id="desc">{escape(described)}</desc>']
    paper = f'<rect width="{width:g}" height="{height:g}" fill="{PAPER}"/>'
    return "\n".join([head, *named, paper, _text(20, 30, heading, size=17, weight="bold"), *drawn, "</svg>\n"])


def _and(words: Iterable[str]) -> str:
    *first, last = list(words) or ["none"]
    return f"{', '.join(first)} and {last}" if first else last


def pictures(rows: Sequence[Row]) -> dict[str, str]:
    """Every chart, by the name of its file."""
    outcomes = {"": shares(rows, "outcome", OUTCOME)}
    quality = {
        "The point stands for": shares(rows, "precision", PRECISION),
        "The incident rests on": shares(rows, "verification", VERIFICATION),
    }
    found = f"{len(rows)} recorded incidents: reported cases, not prevalence."
    return {
        "incidents-by-country-and-year.svg": heat(rows),
        "children-recovered.svg": ranges(rows),
        "outcomes.svg": bars(
            "Latest known outcome", outcomes, f"{found} “Detained” means that nothing later was found."
        ),
        "precision-and-verification.svg": bars("How well places and reports are known", quality, found),
    }


def rewrite(document: str, written: str) -> str:
    """The document with its marked section written anew."""
    if not SECTION.search(document):
        raise ValueError("the document has no section between <!-- figures: … --> and <!-- end of figures -->")
    return SECTION.sub(lambda found: f"{found[1]}{written}{found[2]}", document)


def how_searched(entries: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """How well each area was searched, from the entries of `/v1/coverage`."""
    return {str(entry["area"]): SEARCHED.get(str(entry["status"]), str(entry["status"])) for entry in entries}


def main() -> None:
    """Asks the API, and writes the section and the charts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="where Foundling is served, such as http://127.0.0.1:8000")
    parser.add_argument("--document", type=Path, default=DOCS / "dataset.md")
    parser.add_argument("--pictures", type=Path, default=DOCS / "figures")
    chosen = parser.parse_args()
    address = chosen.address.rstrip("/")
    with urlopen(f"{address}/v1/incidents.csv") as answer:  # noqa: S310 - the address is the caller's own
        rows, release = parse(answer.read().decode()), answer.headers["Foundling-Release"]
    if not rows:
        parser.error(f"{address} serves no incidents")
    with urlopen(f"{address}/v1/coverage?limit=1000&release={release}") as answer:  # noqa: S310
        searched = how_searched(json.load(answer)["data"])
    document = chosen.document.read_text(encoding="utf-8")
    chosen.document.write_text(rewrite(document, section(rows, searched, release)), encoding="utf-8")
    chosen.pictures.mkdir(exist_ok=True)
    for name, drawn in pictures(rows).items():
        (chosen.pictures / name).write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
