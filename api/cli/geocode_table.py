"""The table of places to review, as a terminal shows it."""

from collections.abc import Collection, Iterator

from api.curation import review
from api.curation.review import Entry
from api.domain.place import ReportedPlace

_HEADINGS = ("place", "answer", "in", "precision", "km", "people", "runner-up")
_NUMBERS = frozenset({"km", "people"})
_WIDEST = 44


def stream_lines(entries: list[Entry], doubtful: Collection[ReportedPlace]) -> Iterator[str]:
    """The unreviewed entries, a line each below the headings; nothing when there are none."""
    rows = [cells(e, is_doubtful=review.place_of(e) in doubtful) for e in entries if e["reviewed"] is not True]
    if not rows:
        return
    widths = [max(len(cell) for cell in column) for column in zip(_HEADINGS, *rows, strict=True)]
    for row in (_HEADINGS, *rows):
        padded = (
            cell.rjust(width) if heading in _NUMBERS else cell.ljust(width)
            for heading, cell, width in zip(_HEADINGS, row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()


def cells(entry: Entry, *, is_doubtful: bool) -> tuple[str, ...]:
    """What a line says of an entry; `is_doubtful` that its name is spelt differently."""
    runner_up = next((f"{other['name']} ({other['precision']})" for other in entry["candidates"]), "")
    people = entry["population"]
    areas = dict.fromkeys(filter(None, [entry["admin2_name"], entry["admin1_name"], entry["country"]]))
    return (
        _shortened(review.query_of(review.place_of(entry))),
        _shortened(entry["name"]),
        _shortened(", ".join(area for area in areas if area != entry["name"])),
        entry["precision"],
        f"{entry['uncertainty_m'] / 1000:.1f}",
        f"{people:,}" if people else "",
        _shortened(runner_up or ("spelt differently" if is_doubtful else "")),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
