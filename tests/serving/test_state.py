"""The current release: asked for once a second, by one request, and never taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import Any, cast

import pytest

from api.database.engine import Database
from api.domain.errors import DatabaseUnavailable
from api.domain.release import Release
from api.serving.kept import Answer
from api.serving.state import State
from api.snapshot.keeper import Keeper


class Clock:
    """A clock that tests wind."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Slow:
    """A database that counts its readers, takes its time, and may be down."""

    def __init__(self, clock: Clock) -> None:
        self.asked = 0
        self.takes_s = 0.0
        self.is_down = False
        self.number = 1
        self.generation = 0
        self.digest = "d" * 64
        self.meanwhile: Callable[[], None] = lambda: None
        self._clock = clock

    @contextmanager
    def reading(self) -> Iterator[Any]:
        self.asked += 1
        self._clock.now += self.takes_s
        self.meanwhile()
        if self.is_down:
            raise DatabaseUnavailable("down")
        yield self

    def execute(self, _question: object) -> "Slow":
        return self

    def first(self) -> tuple[object, ...]:
        release = Release(self.number, self.digest, "2026-11-24T07:00:00Z", 1, 1, 0, 0)
        return (self.generation, *astuple(release))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slow(clock: Clock) -> Slow:
    return Slow(clock)


@pytest.fixture
def state(slow: Slow, clock: Clock) -> State:
    database = cast("Database", slow)
    return State(database, "", "build", BoundedSemaphore(1), Keeper(database, Path("nowhere")), Path("nowhere"), clock)


def test_the_database_is_asked_again_after_a_second(state: State, slow: Slow, clock: Clock) -> None:
    assert [state.latest().number for _ in range(5)] == [1] * 5
    assert slow.asked == 1
    slow.number, clock.now = 2, clock.now + 1.1
    assert state.latest().number == 2
    assert slow.asked == 2


def test_a_database_that_hangs_is_not_asked_by_every_request(state: State, slow: Slow, clock: Clock) -> None:
    state.latest()
    slow.is_down, slow.takes_s, clock.now = True, 5.0, clock.now + 2
    assert [state.latest().number for _ in range(10)] == [1] * 10
    assert slow.asked == 2, "the second counts from the answer, not from the question"


def test_while_one_request_asks_the_others_take_what_is_known(state: State, slow: Slow, clock: Clock) -> None:
    state.latest()
    seen: list[int] = []

    def others() -> None:
        thread = Thread(target=lambda: seen.append(state.latest().number))
        thread.start()
        thread.join(timeout=10)

    slow.meanwhile, clock.now = others, clock.now + 2
    state.latest()
    assert (seen, slow.asked) == ([1], 2)


def test_an_answer_that_comes_late_does_not_take_a_release_back(state: State, slow: Slow, clock: Clock) -> None:
    slow.number = 3
    state.latest()
    slow.number, clock.now = 2, clock.now + 2
    assert state.latest().number == 3


def test_without_any_release_known_the_failure_is_told(state: State, slow: Slow) -> None:
    slow.is_down = True
    with pytest.raises(DatabaseUnavailable):
        state.latest()
    slow.is_down = False
    assert state.latest().number == 1


@pytest.mark.parametrize(("name", "value"), [("generation", 1), ("digest", "e" * 64)])
def test_a_redaction_makes_the_state_forget_what_it_remembers(
    state: State, slow: Slow, clock: Clock, name: str, value: object
) -> None:
    state.latest()
    assert state.remember("key", lambda: "before") == state.remember("key", lambda: "after") == "before"
    setattr(slow, name, value)
    clock.now += 2
    assert state.latest().digest == slow.digest
    assert state.generation == slow.generation
    assert state.remember("key", lambda: "after") == "after"


def test_a_redaction_leaves_no_kept_answer_and_a_release_does(state: State, slow: Slow, clock: Clock) -> None:
    state.latest()
    state.answers.put("key", Answer(b"text", [], []))
    slow.number, slow.digest, clock.now = 2, "e" * 64, clock.now + 2
    state.latest()
    assert state.answers.get("key")
    slow.generation, clock.now = 1, clock.now + 2
    state.latest()
    assert state.answers.get("key") is None


def test_a_new_release_leaves_what_older_ones_said(state: State, slow: Slow, clock: Clock) -> None:
    state.latest()
    state.remember("key", lambda: "before")
    slow.number, slow.digest, clock.now = 2, "e" * 64, clock.now + 2
    state.latest()
    assert state.remember("key", lambda: "after") == "before"


def test_what_is_found_while_a_redaction_arrives_is_not_kept(state: State, slow: Slow, clock: Clock) -> None:
    state.latest()

    def find() -> str:
        slow.generation, clock.now = 1, clock.now + 2
        state.latest()
        return "before"

    assert state.remember("key", find) == "before"
    assert state.remember("key", lambda: "after") == "after"


def test_an_answer_that_comes_late_does_not_take_a_redaction_back(state: State, slow: Slow, clock: Clock) -> None:
    slow.generation = 2
    state.latest()
    slow.generation, slow.number, clock.now = 1, 2, clock.now + 2
    assert state.latest().number == 1
    assert state.generation == 2
