"""Which tiles have something in them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.tiles.grid import Tile

_BITS = 32


def covering(z_order: NDArray[Any], last_zoom: int) -> Iterator[Tile]:
    """Every tile of every zoom that holds one of these places in Z-order; the one of zoom 0 in any case."""
    yield Tile(0, 0, 0, is_last=last_zoom == 0)
    for zoom in range(1, last_zoom + 1):
        for number in np.unique(z_order >> np.uint64(2 * (_BITS - zoom))).tolist():
            yield Tile(zoom, _every_other_bit(number), _every_other_bit(number >> 1), is_last=zoom == last_zoom)


def _every_other_bit(number: int) -> int:
    return sum((number >> 2 * bit & 1) << bit for bit in range(_BITS))
