"""Turns: a process works on a few requests at a time, and sends to as many readers as there are."""

import threading
from collections.abc import Iterable
from typing import Any

from api.serving.turns import Turns


def answer_to(path: str, application: Any) -> list[bytes]:
    return list(application({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, lambda *_: None))


def test_no_more_requests_run_at_once_than_there_are_places_and_none_is_lost() -> None:
    running, most, guard, go_on = 0, 0, threading.Lock(), threading.Event()
    two_are_in = threading.Semaphore(0)

    def application(_environ: Any, _start: Any) -> Iterable[bytes]:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        two_are_in.release()
        go_on.wait(timeout=20)
        with guard:
            running -= 1
        return [b"done"]

    turns, answers = Turns(application, at_once=2), []
    threads = [threading.Thread(target=lambda: answers.append(answer_to("/v1/incidents", turns))) for _ in range(6)]
    for thread in threads:
        thread.start()
    assert two_are_in.acquire(timeout=20)
    assert two_are_in.acquire(timeout=20)
    assert not two_are_in.acquire(timeout=0.2), "a third came in"
    go_on.set()
    for thread in threads:
        thread.join(timeout=20)
    assert answers == [[b"done"]] * 6
    assert most == 2


def test_sending_takes_no_turn() -> None:
    turns = Turns(lambda _environ, _start: iter([b"a", b"b"]), at_once=1)
    start: Any = lambda *_: None  # noqa: E731
    first = turns({"PATH_INFO": "/v1/incidents.csv"}, start)
    assert answer_to("/v1/incidents", turns) == [b"a", b"b"], "while the first is not sent yet"
    assert list(first) == [b"a", b"b"]


def test_a_failure_gives_its_place_back() -> None:
    def application(environ: Any, _start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("broken")
        return [b"done"]

    turns = Turns(application, at_once=1)
    for _ in range(3):
        try:
            answer_to("/broken", turns)
        except ValueError:
            continue
    assert answer_to("/v1/incidents", turns) == [b"done"]


def test_whether_the_process_lives_is_told_while_all_places_are_taken() -> None:
    go_on, is_in = threading.Event(), threading.Event()

    def application(environ: Any, _start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/livez":
            is_in.set()
            go_on.wait(timeout=20)
        return [b"done"]

    turns = Turns(application, at_once=1)
    slow = threading.Thread(target=lambda: answer_to("/v1/incidents", turns))
    slow.start()
    assert is_in.wait(timeout=20)
    assert answer_to("/livez", turns) == [b"done"]
    go_on.set()
    slow.join(timeout=20)
