"""Whole answers that were made before, as many as fit into some memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

_MOST_BYTES = 16 * 2**20
_LARGE = 2**20


class KeptAnswers:
    """Whole answers by what was asked, as many as fit into 16 MB; those above 1 MB are not kept."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """What was made under a key before, or is made now."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            if len(made) <= _LARGE and key not in self._kept:
                self._kept[key] = made
                self._bytes += len(made)
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
