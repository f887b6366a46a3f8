"""What was made before, as much as fits into some memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST_BYTES = 16 * 2**20
_LARGE = 2**20


class Kept(Generic[T]):
    """What was made, by what was asked, as many as fit into `most_bytes`; those above `large` are not kept."""

    def __init__(self, size_of: Callable[[T], int], *, most_bytes: int, large: int) -> None:
        self._size_of = size_of
        self._most_bytes, self._large = most_bytes, large
        self._bytes = 0
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under a key before, or is made now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        size = self._size_of(made)
        with self._lock:
            if size <= self._large and key not in self._kept:
                self._kept[key] = made
                self._bytes += size
            while self._bytes > self._most_bytes:
                self._bytes -= self._size_of(self._kept.popitem(last=False)[1])
        return made


class KeptAnswers(Kept[bytes]):
    """Whole answers by what was asked, as many as fit into 16 MB; those above 1 MB are not kept."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        super().__init__(len, most_bytes=most_bytes, large=_LARGE)
