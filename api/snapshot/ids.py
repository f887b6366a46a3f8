"""Incident ids as whole numbers, and back: two letters, a year, and a number whose zeros count (PE-2018-0001)."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from api.snapshot.columns import Array

_LEAST, _MOST = 4, 12
"""Digits of the number."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_REFUSAL = "an incident's id is two letters, a year and a number of 4 to 12 digits"
_HEAD = len("PE-2018-")
_NUMBERS = sum(10**digits for digits in range(_LEAST, _MOST + 1))
"""How many there are of a country and year: 0001 and 00001 are two. Every id fits into 63 bits."""


def packed(ids: Sequence[str]) -> Array:
    """A number for each id, the same for the same id alone. Raises ValueError for anything that is no id."""
    text = np.array(ids, dtype=bytes)
    if not len(text):
        return np.zeros(0, np.int64)
    if text.itemsize < _HEAD + _LEAST:
        raise ValueError(_REFUSAL)
    letters = text.view(np.uint8).reshape(len(text), -1).astype(np.int64)
    digits = letters - ord("0")
    is_digit = (digits >= 0) & (digits <= 9)
    length = is_digit[:, _HEAD:].sum(axis=1)
    is_id = (
        ((letters[:, :2] >= ord("A")) & (letters[:, :2] <= ord("Z"))).all(axis=1)
        & is_digit[:, 3:7].all(axis=1)
        & (letters[:, [2, 7]] == ord("-")).all(axis=1)
        & (length >= _LEAST)
        & (length <= _MOST)
        & (np.count_nonzero(letters, axis=1) == _HEAD + length)
    )
    if not is_id.all():
        raise ValueError(_REFUSAL)
    number = np.zeros(len(text), np.int64)
    for column in range(_HEAD, letters.shape[1]):
        number = np.where(is_digit[:, column], number * 10 + digits[:, column], number)
    shorter = np.array([sum(10**n for n in range(_LEAST, many)) for many in range(_MOST + 1)], np.int64)
    country = (letters[:, 0] - ord("A")) * 26 + letters[:, 1] - ord("A")
    year = digits[:, 3] * 1000 + digits[:, 4] * 100 + digits[:, 5] * 10 + digits[:, 6]
    found: Array = (country * 10_000 + year) * _NUMBERS + shorter[length] + number
    return found


def unpacked(number: int) -> str:
    """The id that a number stands for."""
    head, rest = divmod(int(number), _NUMBERS)
    country, year = divmod(head, 10_000)
    digits = _LEAST
    while rest >= 10**digits:
        rest -= 10**digits
        digits += 1
    return f"{chr(ord('A') + country // 26)}{chr(ord('A') + country % 26)}-{year:04d}-{rest:0{digits}d}"


def places(numbers: Array, order: Array, identifiers: Sequence[str]) -> list[Array]:
    """Where packed `numbers`, which `order` sorts, hold each of the ids."""
    wanted = packed(identifiers)
    first, last = (np.searchsorted(numbers, wanted, side, sorter=order) for side in _SIDES)
    return [order[start:stop] for start, stop in zip(first.tolist(), last.tolist(), strict=True)]
