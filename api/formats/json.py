"""JSON: an array of flat objects, nothing round it, as dashboards want it; and the same a line an object (NDJSON)."""

from collections.abc import Iterable, Iterator

from api.formats.contents import Contents
from api.formats.rows import Rows, chosen_objects


def write(batches: Iterable[Rows], contents: Contents) -> Iterator[bytes]:
    """An array, a line an object."""
    before = b"[\n"
    for batch in batches:
        yield before + b",\n".join(chosen_objects(batch, contents))
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def write_lines(batches: Iterable[Rows], contents: Contents) -> Iterator[bytes]:
    """A line an object; nothing at all when there is none."""
    for batch in batches:
        yield b"\n".join(chosen_objects(batch, contents)) + b"\n"
