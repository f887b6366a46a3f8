"""Files packed with gzip, as they are stored: the bytes depend on nothing but what is in them."""

from collections.abc import Iterable
from pathlib import Path

from isal import isal_zlib

_LEVEL = 3  # ISA-L's best
GZIP = 16 + isal_zlib.MAX_WBITS  # with a header of no name and no time


def write(chunks: Iterable[bytes], path: Path) -> None:
    """Writes the chunks of a streamed format."""
    packing = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, GZIP)
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(packing.compress(chunk))
        file.write(packing.flush())
