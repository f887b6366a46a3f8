"""Names that may stand in a text: the places and publishers of the data."""

import hashlib
from collections.abc import Iterable, Sequence

from api.domain.folding import fold


class AllowList:
    """Names of places and publishers, compared folded.

    Give the names the record at hand uses, not a whole gazetteer: many towns share their name with people.
    """

    __slots__ = ("_longest", "_names", "granted")

    def __init__(self, places: Iterable[str] = (), publishers: Iterable[str] = ()) -> None:
        """Take names as written; "Kasingila, Maiha LGA" also allows each of its parts."""
        names: set[tuple[str, ...]] = set()
        for name in (*places, *publishers):
            parts = name.replace("(", ",").replace(")", ",").replace("/", ",").split(",")
            names.update(tuple(fold(part).split()) for part in (name, *parts))
        names.discard(())
        self._names = frozenset(names)
        self._longest = max(map(len, names), default=0)
        self.granted = 0
        """How often a text was let pass because of a name: where never, the list did not matter."""

    def plus(self, places: Iterable[str]) -> "AllowList":
        """These names and some more."""
        more = AllowList(places)
        more._names |= self._names
        more._longest = max(more._longest, self._longest)
        return more

    def digest(self) -> bytes:
        """Equal for lists of the same names."""
        return hashlib.sha256(repr(sorted(self._names)).encode()).digest()

    def covers(self, words: Sequence[str]) -> bool:
        """Whether the words are nothing but allowed names, one after another."""
        folded = fold(" ".join(word.removesuffix("'s") for word in words)).split()
        reached = {0}
        for end in range(1, len(folded) + 1):
            starts = range(max(0, end - self._longest), end)
            if any(start in reached and tuple(folded[start:end]) in self._names for start in starts):
                reached.add(end)
        is_covered = len(folded) in reached
        self.granted += is_covered
        return is_covered
