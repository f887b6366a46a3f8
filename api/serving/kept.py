"""Whole answers that are asked for again: maps, dashboards and front pages ask the same all day."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

_MOST_BYTES = 32 * 2**20
_LARGE = 4 * 2**20
_MOST_ASKED = 4096

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A body as it is sent, its headers, and those that are added last (headers.add_late)."""

    body: bytes
    headers: Headers
    late: Headers


class KeptAnswers:
    """Answers by what they follow from, as many as fit into 32 MB; those above 4 MB are not kept.

    One is kept when it is asked for a second time: whoever walks through everything once drives nothing out.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._asked: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def offer(self, key: Hashable, answer: Answer) -> None:
        """Keeps an answer, if it is worth it; others make room for it, those that were not asked for lately."""
        if len(answer.body) > _LARGE:
            return
        with self._lock:
            if key in self._kept:
                return
            if key not in self._asked:
                self._asked[key] = None
                if len(self._asked) > _MOST_ASKED:
                    self._asked.popitem(last=False)
                return
            del self._asked[key]
            self._kept[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def clear(self) -> None:
        """Lets go of all: something in them was redacted."""
        with self._lock:
            self._kept.clear()
            self._asked.clear()
            self._bytes = 0
