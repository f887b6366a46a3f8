"""The spelling that was probably meant: a word at most two edits away."""

from collections.abc import Iterable

_MOST_EDITS = 2
_LONGEST = 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word with the fewest edits, at most two and fewer than half its letters.

    None when there is none, or when two are equally near: Nigera may be Niger or Nigeria.
    """
    if not 0 < len(word) <= _LONGEST:
        return None
    found = [
        (edits(word, candidate), candidate) for candidate in known if abs(len(candidate) - len(word)) <= _MOST_EDITS
    ]
    close = sorted((count, name) for count, name in found if count <= _MOST_EDITS and 2 * count < len(name))
    is_clear = len(close) == 1 or (len(close) > 1 and close[0][0] < close[1][0])
    return close[0][1] if is_clear else None


def edits(one: str, other: str) -> int:
    """Letters to insert, remove, replace or swap with their neighbour (optimal string alignment distance)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
