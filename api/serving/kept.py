"""What is asked for again, kept in memory: maps, dashboards and front pages ask the same all day."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST_BYTES = 32 * 2**20
_LARGE = 4 * 2**20
_MOST_ASKED = 4096

Headers = list[tuple[str, str]]


class Kept(Generic[T]):
    """Values by what they follow from, as many as fit into some memory; large ones are not kept. Safe among threads.

    Those that were not asked for lately make room for others.
    """

    def __init__(self, size_of: Callable[[T], int], *, most_bytes: int, large: int) -> None:
        self._size_of = size_of
        self._most_bytes, self._large = most_bytes, large
        self._bytes = 0
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        """What is kept under a key."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, value: T) -> None:
        """Keeps a value, unless it is large."""
        size = self._size_of(value)
        with self._lock:
            if size <= self._large and key not in self._kept:
                self._kept[key] = value
                self._bytes += size
            while self._bytes > self._most_bytes:
                self._bytes -= self._size_of(self._kept.popitem(last=False)[1])

    def find(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, or is made now."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def clear(self) -> None:
        """Lets go of all."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A body as it is sent, its headers, and those that are added last (headers.add_late)."""

    body: bytes
    headers: Headers
    late: Headers


class KeptAnswers(Kept[Answer]):
    """Whole answers, up to 32 MB; none above 4 MB.

    One is kept when it is asked for a second time: whoever walks through everything once drives nothing out.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        super().__init__(lambda answer: len(answer.body), most_bytes=most_bytes, large=_LARGE)
        self._asked: OrderedDict[Hashable, None] = OrderedDict()

    def offer(self, key: Hashable, answer: Answer) -> None:
        """Keeps an answer, if it was asked for before."""
        with self._lock:
            is_first = key not in self._asked
            self._asked[key] = None
            self._asked.move_to_end(key)
            if len(self._asked) > _MOST_ASKED:
                self._asked.popitem(last=False)
        if not is_first:
            self.put(key, answer)
