"""Incident ids as whole numbers in the same order, and back: two letters, a year, and digits (PE-2018-0001).

Digits sort as text does, 10000 before 9999: their number counts every text that comes before theirs.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from api.snapshot.columns import Array

_LEAST, _MOST = 4, 12
"""Digits of the number."""
_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
_REFUSAL = "an incident's id is two letters, a year and a number of 4 to 12 digits"
_HEAD = len("PE-2018-")
_BEGUN = [sum(10 ** (length - depth) for length in range(max(depth, _LEAST), _MOST + 1)) for depth in range(_MOST + 1)]
"""How many texts of digits begin with the same `depth` digits: all of a country and year with none of them.

Every id fits into 63 bits.
"""


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
    number = length - _LEAST  # the beginnings of a text come before it
    for depth, column in enumerate(range(_HEAD, letters.shape[1]), 1):
        number += np.where(is_digit[:, column], digits[:, column] * _BEGUN[depth], 0)
    country = (letters[:, 0] - ord("A")) * 26 + letters[:, 1] - ord("A")
    year = digits[:, 3] * 1000 + digits[:, 4] * 100 + digits[:, 5] * 10 + digits[:, 6]
    found: Array = (country * 10_000 + year) * _BEGUN[0] + number
    return found


def unpacked(number: int) -> str:
    """The id that a number stands for."""
    head, rest = divmod(int(number), _BEGUN[0])
    country, year = divmod(head, 10_000)
    digits = ""
    while len(digits) < _LEAST or rest:
        rest -= len(digits) >= _LEAST  # the text so far
        digit, rest = divmod(rest, _BEGUN[len(digits) + 1])
        digits += str(digit)
    return f"{chr(ord('A') + country // 26)}{chr(ord('A') + country % 26)}-{year:04d}-{digits}"


def texts(numbers: Array) -> list[bytes]:
    """The ids that numbers stand for, many at once."""
    head, rest = np.divmod(numbers, _BEGUN[0])
    country, year = np.divmod(head, 10_000)
    letters = np.zeros((len(numbers), _HEAD + _MOST), np.uint8)
    letters[:, 0], letters[:, 1] = ord("A") + country // 26, ord("A") + country % 26
    letters[:, [2, 7]] = ord("-")
    for place, unit in enumerate((1000, 100, 10, 1), 3):
        letters[:, place] = ord("0") + year // unit % 10
    for depth in range(_MOST):
        is_longer = (rest > 0) | (depth < _LEAST)
        digit, after = np.divmod(rest - (depth >= _LEAST), _BEGUN[depth + 1])  # less the text so far
        letters[:, _HEAD + depth] = np.where(is_longer, ord("0") + digit, 0)
        rest = np.where(is_longer, after, rest)
    found: list[bytes] = letters.view(f"S{_HEAD + _MOST}").ravel().tolist()
    return found


def places(numbers: Array, order: Array, identifiers: Sequence[str]) -> list[Array]:
    """Where packed `numbers`, which `order` sorts, hold each of the ids."""
    wanted = packed(identifiers)
    first, last = (np.searchsorted(numbers, wanted, side, sorter=order) for side in _SIDES)
    return [order[start:stop] for start, stop in zip(first.tolist(), last.tolist(), strict=True)]
