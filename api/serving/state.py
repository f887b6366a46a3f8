"""What the web process knows: where the data is, which release is current, and what was counted in it."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app, g

from api.database.dialects.protocol import TookTooLong
from api.database.engine import Database
from api.database.reads import incidents, reference, releases
from api.domain.countries import COUNTRIES
from api.domain.errors import DatabaseUnavailable
from api.domain.query import IncidentFilter
from api.domain.release import Release
from api.domain.stats import DIMENSIONS, INCIDENTS
from api.exports import sets
from api.serving.kept import Kept, KeptAnswers
from api.snapshot.columns import Array, Snapshot
from api.snapshot.hexagons import Grid
from api.snapshot.keeper import Keeper
from api.snapshot.places import Places
from api.snapshot.select import matching

T = TypeVar("T")

log = logging.getLogger(__name__)

EXACT_TOTAL = 10_000
"""Totals up to this are always exact."""

_FRESH_S = 1.0
_MEMORIES = 4096
_CODED = ("category", "method", "purpose", "outcome", "precision", "verification")


@dataclass(frozen=True, slots=True)
class Total:
    """How many incidents match, or at least do."""

    number: int
    is_lower_bound: bool


def kept_places() -> Kept[Places]:
    """Places of questions: of a million incidents 4 MB, and up to 17 where each has a place of its own."""
    return Kept(lambda found: found.nbytes, most_bytes=64 * 2**20, large=32 * 2**20)


@dataclass(slots=True)
class State:
    """One per process. What is remembered belongs to a release, and goes stale only when a redaction reaches it.

    `generation` is the number of redactions that the current release was seen with.
    """

    database: Database
    public_url: str
    build: str
    downloads: threading.BoundedSemaphore
    snapshots: Keeper
    files: Path
    clock: Callable[[], float] = time.monotonic
    counting_s: float = 3.0
    generation: int = 0
    _current: Release | None = None
    _asked_at: float = 0.0
    answers: KeptAnswers = field(default_factory=KeptAnswers)
    grid: Grid = field(default_factory=Grid)
    places: Kept[Places] = field(default_factory=kept_places)
    _memories: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asking: threading.Lock = field(default_factory=threading.Lock)
    _counting: threading.Lock = field(default_factory=threading.Lock)

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
                found, generation = releases.current(connection)
        except DatabaseUnavailable:
            if self._current is None:
                raise
            return
        known = self._current
        # A standby may lag behind another one: nothing is taken back.
        if known is not None and (found.number < known.number or generation < self.generation):
            return
        is_same_number = known is not None and found.number == known.number
        if generation != self.generation:
            self.snapshots.forget()
            self.answers.clear()
            self.places.clear()
            self._forget_files(generation)
        with self._lock:
            if generation != self.generation or (is_same_number and found != known):
                self._memories = OrderedDict()
            self.generation, self._current = generation, found

    def _forget_files(self, generation: int) -> None:
        """Whatever wrote them, on whatever host: no stored file outlives a redaction by more than a second."""
        try:
            sets.empty_stale(self.files, generation)
        except OSError as error:
            log.warning("Stored files from before the last redaction are left in %s: %s", self.files, error)

    def release(self, number: int) -> Release:
        """The release of that number. Raises UnknownRelease."""

        def find() -> Release:
            with self.database.reading() as connection:
                return releases.one(connection, number)

        return self.remember(("release", number), find)

    def codelists(self, release: int) -> Mapping[str, AbstractSet[str]]:
        """Codes that a release knows, by query parameter."""

        def find() -> Mapping[str, AbstractSet[str]]:
            with self.database.reading() as connection:
                codes = reference.codes(connection, release)
            measures = {INCIDENTS, *codes.get("measure", ())}
            fixed = {"country": frozenset(COUNTRIES), "by": frozenset(DIMENSIONS), "measure": frozenset(measures)}
            return fixed | {name: codes.get(name, frozenset()) for name in _CODED}

        return self.remember(("codelists", release), find)

    def dataset(self, release: int) -> dict[str, Any]:
        """Title, licence, attribution and citation of the data set in a release."""

        def find() -> dict[str, Any]:
            with self.database.reading() as connection:
                return reference.one(connection, "dataset", "dataset", release)

        return self.remember(("dataset", release), find)

    def codes(self, name: str, release: int) -> dict[str, dict[str, Any]]:
        """The entries of a codelist in a release, by code: labels, and what a measure is."""

        def find() -> dict[str, dict[str, Any]]:
            with self.database.reading() as connection:
                return reference.of_list(connection, name, release)

        return self.remember(("codes", name, release), find)

    def area_names(self, release: int) -> dict[str, str]:
        """Names of first-level areas, by code, as the places of a release have them."""

        def find() -> dict[str, str]:
            with self.database.reading() as connection:
                return reference.area_names(connection, release)

        return self.remember(("area names", release), find)

    def total(self, where: IncidentFilter, release: Release, *, is_counted: bool = False) -> Total:
        """How many incidents match: exact up to 10,000; beyond, when it `is_counted` and that takes a few seconds.

        All that a release holds is known without counting.
        """
        if where == IncidentFilter():
            return Total(release.incidents, is_lower_bound=False)
        some = EXACT_TOTAL + 1
        number = self.remember((where, release.number, some), lambda: self._count(where, release.number, most=some))
        if number <= EXACT_TOTAL:
            return Total(number, is_lower_bound=False)
        every = self._count_every(where, release.number) if is_counted else None
        return Total(EXACT_TOTAL if every is None else every, is_lower_bound=every is None)

    def is_more_than(self, most: int, where: IncidentFilter, release: Release) -> bool:
        """Whether more incidents match, counted no further."""
        if where == IncidentFilter():
            return release.incidents > most
        key = (where, release.number, "more", most)
        return self.remember(key, lambda: self._count(where, release.number, most=most + 1)) > most

    def _count_every(self, where: IncidentFilter, release: int) -> int | None:
        def find() -> int:
            # One at a time: long counts must not take the machine from everybody else.
            if not self._counting.acquire(timeout=self.counting_s):
                raise TookTooLong
            try:
                return self._count(where, release, most=None)
            finally:
                self._counting.release()

        try:
            return self.remember((where, release, "every"), find)
        except TookTooLong:
            return None

    def longest_years(self, release: int) -> int:
        """Over how many turns of the year the longest date reaches."""

        def find() -> int:
            with self.database.reading() as connection:
                return incidents.longest_years(connection)

        return self.remember(("longest", release), find)

    def broad(self, where: IncidentFilter, release: int, *, rows: int) -> frozenset[str]:
        """Filters of a question that match too much for a search for so many rows to begin with them."""

        def find() -> frozenset[str]:
            with self.database.reading() as connection:
                return self.database.dialect.broad(connection, where, rows=rows)

        return self.remember((where, release, rows, "broad"), find)

    def _count(self, where: IncidentFilter, release: int, *, most: int | None) -> int:
        if most is None or where.bbox or where.near or where.q:
            found = self.selected(where, release)
            if found is not None:
                _, versions = found
                return len(versions) if most is None else min(len(versions), most)
        dialect, broad = self.database.dialect, self.broad(where, release, rows=EXACT_TOTAL)
        with self.database.reading() as connection:
            if most is not None:
                return incidents.count(connection, where, release, dialect, most=most, broad=broad)
            with dialect.within(connection, self.counting_s):
                return incidents.count(connection, where, release, dialect, most=None, broad=broad)

    def selected(self, where: IncidentFilter, release: int) -> tuple[Snapshot, Array] | None:
        """The versions that match, ascending, where a snapshot that knows the release is at hand."""
        snapshot = self.snapshots.ready(self.latest(), self.generation)
        if snapshot is None or release > snapshot.identity.release:
            return None
        return snapshot, self.matching(snapshot, where, release)

    def matching(self, snapshot: Snapshot, where: IncidentFilter, release: int) -> Array:
        """The versions that match, ascending.

        Raises DatabaseUnavailable when words are asked for and it does not answer.
        """
        saying = self.snapshots.saying(snapshot, where.q) if where.q else None
        return matching(snapshot, where, release, saying=saying)

    def covered(self, release: int) -> dict[str, Any]:
        """First day, last day and countries of a release."""

        def find() -> dict[str, Any]:
            with self.database.reading() as connection:
                first, last, countries = incidents.covered(connection, release)
            return {"start": first, "end": last, "countries": countries}

        return self.remember(("covered", release), find)

    def filters_in_the_way(self, where: IncidentFilter, release: int, *, most: int) -> list[str]:
        """Filters of a question without answer of which any one, left out, would give rows; `most` are tried."""

        def find() -> list[str]:
            dialect, given = self.database.dialect, where.given()[:most]
            with self.database.reading() as connection:
                return [
                    name for name in given if incidents.any_match(connection, where.without(name), release, dialect)
                ]

        return self.remember((where, release, "in the way"), find)

    def of_areas(self, kind: str, areas: frozenset[str], release: int) -> list[dict[str, Any]]:
        """Reference entries of a kind that speak of one of the areas."""

        def find() -> list[dict[str, Any]]:
            with self.database.reading() as connection:
                return reference.of_areas(connection, kind, areas, release)

        return self.remember((kind, areas, release), find)

    def entries(self, kind: str, release: int) -> int:
        """How many reference entries of a kind a release holds."""

        def find() -> int:
            with self.database.reading() as connection:
                return reference.count(connection, kind, release)

        return self.remember(("entries", kind, release), find)

    def remember(self, key: Hashable, find: Callable[[], T]) -> T:
        """What was found under a key before, or is found now; the key names the release that it depends on."""
        with self._lock:
            memories = self._memories  # what is found while a redaction makes new ones is not kept in those
            if key in memories:
                memories.move_to_end(key)
                found: T = memories[key]
                return found
        found = find()
        with self._lock:
            memories[key] = found
            while len(memories) > _MEMORIES:
                memories.popitem(last=False)
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
