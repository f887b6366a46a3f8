"""Sets of incident ids that stay small when there are millions: a bit for each number of a country and year."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

_DIGITS = 3


class IdSet(AbstractSet[str]):
    """Ids such as PE-2018-0001: what stands before the last three digits leads to a thousand bits.

    Numbers that follow each other cost next to nothing. Anything else is kept as it is.
    """

    __slots__ = ("_bits", "_count", "_others")

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._bits: dict[str, int] = {}
        self._others: set[str] = set()
        self._count = 0
        for identifier in ids:
            self.add(identifier)

    def add(self, identifier: str) -> bool:
        """Whether the id is new."""
        tail = identifier[-_DIGITS:]
        if not _is_number(tail):
            before = len(self._others)
            self._others.add(identifier)
            is_new = len(self._others) > before
        else:
            head, bit = identifier[:-_DIGITS], 1 << int(tail)
            bits = self._bits.get(head, 0)
            is_new = not bits & bit
            self._bits[head] = bits | bit
        self._count += is_new
        return is_new

    def __contains__(self, identifier: object) -> bool:
        if not isinstance(identifier, str):
            return False
        tail = identifier[-_DIGITS:]
        if not _is_number(tail):
            return identifier in self._others
        return bool(self._bits.get(identifier[:-_DIGITS], 0) >> int(tail) & 1)

    def __iter__(self) -> Iterator[str]:
        for head, bits in self._bits.items():
            yield from (f"{head}{number:0{_DIGITS}d}" for number in range(10**_DIGITS) if bits >> number & 1)
        yield from self._others

    def __len__(self) -> int:
        return self._count


def _is_number(tail: str) -> bool:
    return len(tail) == _DIGITS and tail.isascii() and tail.isdigit()
