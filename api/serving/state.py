"""What the web process knows: where the data is, which release is current, and what was counted in it."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import current_app, g

from api.database.engine import Database
from api.database.reads import incidents, reference, releases
from api.domain.countries import COUNTRIES
from api.domain.errors import DatabaseUnavailable
from api.domain.query import IncidentFilter
from api.domain.release import Release

T = TypeVar("T")

_FRESH_S = 1.0
_MEMORIES = 4096
_CODED = ("category", "method", "purpose", "outcome", "precision", "verification")


@dataclass(slots=True)
class State:
    """One per process. Everything remembered belongs to a release, and so never goes stale."""

    database: Database
    public_url: str
    build: str
    downloads: threading.BoundedSemaphore
    clock: Callable[[], float] = time.monotonic
    _current: Release | None = None
    _asked_at: float = 0.0
    _memories: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def latest(self) -> Release:
        """The current release, asked for again when the answer is over a second old.

        While the database does not answer, the last known release stays current: what is cached can still be served.
        Raises NothingPublished, DatabaseUnavailable.
        """
        is_stale = self._current is None or self.clock() - self._asked_at > _FRESH_S
        # One request asks; the others take what is known, and wait only when that is nothing.
        if is_stale and self._asking.acquire(blocking=self._current is None):
            try:
                self._ask()
            finally:
                self._asked_at = self.clock()
                self._asking.release()
        assert self._current is not None
        return self._current

    def _ask(self) -> None:
        try:
            with self.database.reading() as connection:
                found = releases.latest(connection)
        except DatabaseUnavailable:
            if self._current is None:
                raise
            return
        if self._current is None or found.number >= self._current.number:
            self._current = found

    def release(self, number: int) -> Release:
        """The release of that number. Raises UnknownRelease."""

        def find() -> Release:
            with self.database.reading() as connection:
                return releases.one(connection, number)

        return self._remember(("release", number), find)

    def codelists(self, release: int) -> Mapping[str, AbstractSet[str]]:
        """Codes that a release knows, by query parameter."""

        def find() -> Mapping[str, AbstractSet[str]]:
            with self.database.reading() as connection:
                codes = reference.codes(connection, release)
            return {"country": frozenset(COUNTRIES)} | {name: codes.get(name, frozenset()) for name in _CODED}

        return self._remember(("codelists", release), find)

    def dataset(self, release: int) -> dict[str, Any]:
        """Title, licence, attribution and citation of the data set in a release."""

        def find() -> dict[str, Any]:
            with self.database.reading() as connection:
                return reference.one(connection, "dataset", "dataset", release)

        return self._remember(("dataset", release), find)

    def total(self, where: IncidentFilter, release: int, *, most: int) -> int:
        """How many incidents match, counted no further than `most`."""

        def find() -> int:
            with self.database.reading() as connection:
                return incidents.count(connection, where, release, self.database.dialect, most=most)

        return self._remember((where, release, most), find)

    def covered(self, release: int) -> dict[str, Any]:
        """First day, last day and countries of a release."""

        def find() -> dict[str, Any]:
            with self.database.reading() as connection:
                first, last, countries = incidents.covered(connection, release)
            return {"start": first, "end": last, "countries": countries}

        return self._remember(("covered", release), find)

    def filters_in_the_way(self, where: IncidentFilter, release: int, *, most: int) -> list[str]:
        """Filters of a question without answer of which any one, left out, would give rows; `most` are tried."""

        def find() -> list[str]:
            dialect, given = self.database.dialect, where.given()[:most]
            with self.database.reading() as connection:
                return [
                    name for name in given if incidents.any_match(connection, where.without(name), release, dialect)
                ]

        return self._remember((where, release, "in the way"), find)

    def of_areas(self, kind: str, areas: frozenset[str], release: int) -> list[dict[str, Any]]:
        """Reference entries of a kind that speak of one of the areas."""

        def find() -> list[dict[str, Any]]:
            with self.database.reading() as connection:
                return reference.of_areas(connection, kind, areas, release)

        return self._remember((kind, areas, release), find)

    def entries(self, kind: str, release: int) -> int:
        """How many reference entries of a kind a release holds."""

        def find() -> int:
            with self.database.reading() as connection:
                return reference.count(connection, kind, release)

        return self._remember(("entries", kind, release), find)

    def _remember(self, key: Hashable, find: Callable[[], T]) -> T:
        with self._lock:
            if key in self._memories:
                self._memories.move_to_end(key)
                found: T = self._memories[key]
                return found
        found = find()
        with self._lock:
            self._memories[key] = found
            while len(self._memories) > _MEMORIES:
                self._memories.popitem(last=False)
        return found


def state() -> State:
    """The state of the application that answers this request."""
    found: State = current_app.extensions["foundling"]
    return found


def current() -> Release:
    """The release that this request calls current, the same from its beginning to its end."""
    if "release" not in g:
        g.release = state().latest()
    found: Release = g.release
    return found


def answered() -> Release:
    """The release that this request is answered from: the one that it names, or the current one."""
    found: Release = g.answered if "answered" in g else current()
    return found


def pinned(number: int | None) -> Release:
    """The release that a question names; the current one when it names none."""
    return current() if number is None or number == current().number else state().release(number)
