"""Texts as numbers: codes, dates and lists of codes, of which a million versions have few different ones."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from api.database.reads.columns import SEPARATOR
from api.snapshot.columns import MULTIPLE, SINGLE, WORD, Array

_PLACE, _KIND = SINGLE[:2], SINGLE[2:]


class Coder(dict[str, int]):
    """Numbers texts as they come."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number

    def numbers(self, texts: Sequence[str]) -> Array:
        """The number of each."""
        return np.fromiter(map(self.__getitem__, texts), np.uint32, len(texts))


class Texts:
    """The four texts of a version that reads.columns.versions joins: each is numbered first and taken apart once."""

    NAMES = ("place", "kind", "days", "lists")

    def __init__(self) -> None:
        self._coders = {name: Coder() for name in self.NAMES}

    def numbers(self, name: str, texts: Sequence[str]) -> Array:
        """The number of each text."""
        return self._coders[name].numbers(texts)

    def columns(self, numbered: Mapping[str, Array]) -> tuple[dict[str, tuple[str, ...]], dict[str, Array]]:
        """Codes by list, and the columns (columns.Snapshot) that the numbers of NAMES stand for."""
        codes: dict[str, tuple[str, ...]] = {}
        columns: dict[str, Array] = {}
        *kinds, certain = self._parts("kind", len(_KIND) + 1)
        columns["is_date_certain"] = np.array([text == "1" for text in certain], bool)[numbered["kind"]]
        starts, ends = self._parts("days", 2)
        for name, days in (("date_start", starts), ("date_end", ends)):
            columns[name] = np.array([date.fromisoformat(day).toordinal() for day in days], np.int32)[numbered["days"]]
        # A month or year is known where every possible day lies in it.
        years, months = (
            [start[:length] if start[:length] == end[:length] else "" for start, end in zip(starts, ends, strict=True)]
            for length in (4, 7)
        )
        for names, parts, of in (
            (_PLACE, self._parts("place", 2), "place"),
            (_KIND, kinds, "kind"),
            (("year", "month"), [years, months], "days"),
        ):
            for name, texts in zip(names, parts, strict=True):
                codes[name], numbers = _coded(texts)
                columns[name] = numbers[numbered[of]]
        for name, texts in zip(MULTIPLE, self._parts("lists", 2), strict=True):
            codes[name], words = _bits([[code for code in text.split(";") if code] for text in texts])
            columns |= {f"{name}_{number}": word[numbered["lists"]] for number, word in enumerate(words)}
        return codes, columns

    def _parts(self, name: str, count: int) -> list[tuple[str, ...]]:
        split = [text.split(SEPARATOR) for text in self._coders[name]]
        return list(zip(*split, strict=True)) if split else [()] * count


def _coded(texts: Sequence[str]) -> tuple[tuple[str, ...], Array]:
    """The codes of a list, of which number 0 stands for none, and the number of each text."""
    codes = ("", *sorted({*texts} - {""}))
    number_of = {code: number for number, code in enumerate(codes)}
    return codes, np.array([number_of[text] for text in texts], np.min_scalar_type(len(codes)))


def _bits(held: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], list[Array]]:
    """The codes of a list, and as many columns of bits as they need, one row for each of `held`."""
    codes = tuple(sorted({code for some in held for code in some}))
    place_of = {code: divmod(number, WORD) for number, code in enumerate(codes)}
    words = [[0] * len(held) for _ in range(-(-max(len(codes), 1) // WORD))]
    for row, some in enumerate(held):
        for code in some:
            word, bit = place_of[code]
            words[word][row] |= 1 << bit
    kind = np.min_scalar_type((1 << min(len(codes), WORD)) - 1)
    return codes, [np.array(bits, kind) for bits in words]
