"""Mapbox Vector Tiles 2.1 of points, written by numpy: all features of a kind at once, numbers in fixed widths.

(Protocol buffers allow a number to be written longer than it needs to be: bytes of 0x80 stand for zeros in front.)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tiles.grid import EXTENT

Array = NDArray[Any]

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"

_ID_BYTES, _WHOLE_BYTES, _VALUE_BYTES, _PLACE_BYTES = 5, 5, 3, 2
_VERSION = b"\x78\x02"
_LAYER, _NAME, _FEATURE, _KEY, _VALUE, _EXTENT = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28
_TEXT, _REAL, _WHOLE = 0x0A, 0x19, 0x28


@dataclass(frozen=True, slots=True)
class Points:
    """Features that have the same properties, each of which is a column: texts, or numbers that are whole or not."""

    id: Array
    x: Array
    y: Array
    columns: Mapping[str, Sequence[bytes] | Array]


class _Values:
    """The values of a layer, as they are written, and how many there are."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._count = 0

    def added(self, column: Sequence[bytes] | Array) -> Array:
        """Adds those that a column has, each once, and gives the place of each row's."""
        begin = self._count
        if isinstance(column, np.ndarray):
            different, which = np.unique(column, return_inverse=True)
            self.parts.append(_reals(different) if column.dtype.kind == "f" else _wholes(different))
            self._count += len(different)
            return begin + which
        place: dict[bytes, int] = {}
        found = [place.setdefault(text, len(place)) for text in column]
        self.parts += [_HEADS[len(text)] + text if len(text) < len(_HEADS) else _text(text) for text in place]
        self._count += len(place)
        return begin + np.array(found, np.int64)


def layer(name: str, kinds: Iterable[Points]) -> bytes:
    """A layer of a tile; nothing where there is no feature. A tile is its layers, one after the other."""
    keys: dict[str, int] = {}
    values = _Values()
    features = []
    for kind in kinds:
        if not len(kind.id):
            continue
        pairs = [(keys.setdefault(key, len(keys)), values.added(column)) for key, column in kind.columns.items()]
        features.append(_features(kind, pairs))
    if not features:
        return b""
    parts = [_VERSION, _field(_NAME, name.encode()), *features]
    parts += [_field(_KEY, key.encode()) for key in keys]
    parts += [*values.parts, bytes([_EXTENT]) + _varint(EXTENT)]
    return _field(_LAYER, b"".join(parts))


def _reals(numbers: Array) -> bytes:
    rows = np.tile(np.array([_VALUE, 9, _REAL, *[0] * 8], np.uint8), (len(numbers), 1))
    rows[:, 3:] = numbers.astype("<f8").view(np.uint8).reshape(-1, 8)
    return rows.tobytes()


def _wholes(numbers: Array) -> bytes:
    rows = np.tile(np.array([_VALUE, 1 + _WHOLE_BYTES, _WHOLE, *[0] * _WHOLE_BYTES], np.uint8), (len(numbers), 1))
    _put(rows, 3, numbers, _WHOLE_BYTES)
    return rows.tobytes()


def _features(kind: Points, pairs: Sequence[tuple[int, Array]]) -> bytes:
    """A row of bytes for each feature: id, pairs of keys and values, and one point."""
    tags = 1 + _VALUE_BYTES
    constant = [
        *(0x08, *[0] * _ID_BYTES),
        *(0x12, tags * len(pairs), *[0] * (tags * len(pairs))),
        *(0x18, 0x01),
        *(0x22, 1 + 2 * _PLACE_BYTES, 0x09, *[0] * (2 * _PLACE_BYTES)),
    ]
    # One byte each tells these lengths.
    assert len(constant) < 0x80
    rows = np.tile(np.array([_FEATURE, len(constant), *constant], np.uint8), (len(kind.id), 1))
    at = 3
    at = _put(rows, at, kind.id, _ID_BYTES) + 2
    for key, value in pairs:
        rows[:, at] = key
        at = _put(rows, at + 1, value, _VALUE_BYTES)
    at += 5
    for place in (kind.x, kind.y):
        at = _put(rows, at, place << 1, _PLACE_BYTES)  # zigzag: even numbers are the positive ones
    return rows.tobytes()


def _put(rows: Array, at: int, numbers: Array, width: int) -> int:
    """Writes a number into each row in so many bytes, and gives the place behind."""
    assert not len(numbers) or int(numbers.max()) < 1 << 7 * width
    for byte in range(width):
        more = 0x80 if byte < width - 1 else 0
        rows[:, at + byte] = numbers >> 7 * byte & 0x7F | more
    return at + width


def _field(tag: int, content: bytes) -> bytes:
    return bytes([tag]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


def _text(text: bytes) -> bytes:
    return _field(_VALUE, _field(_TEXT, text))


_HEADS = [_text(b" " * length)[: -length or None] for length in range(120)]
"""What stands before a text of each length: most are short."""
