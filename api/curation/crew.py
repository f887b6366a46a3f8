"""Processes that share the work on many pieces, and give what comes of it in the order of the pieces."""

import gc
import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self, TypeVar

from api.curation.judge import Judge

T = TypeVar("T")
R = TypeVar("R")

WORTHWHILE_BYTES = 8 * 2**20
"""Below this much to read, starting processes takes longer than doing the work: some thousands of records."""
_MOST_WORKERS = 8
_AHEAD = 2  # pieces that wait for each worker

_judge: Judge | None = None  # of a worker process


class Crew:
    """As many workers as there are processors, or none where it is not worth while: then the work is done here."""

    def __init__(self, make: Callable[..., Judge], arguments: tuple[Any, ...], *, size: int) -> None:
        self._workers = min(_processors(), _MOST_WORKERS) if size >= WORTHWHILE_BYTES else 1
        self._judge = make(*arguments) if self._workers == 1 else None
        self._open = ExitStack()
        if self._judge is not None:
            self._open.callback(self._judge.close)
        self._pool = None if self._workers == 1 else self._start(make, arguments)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Sends the workers home, with the memory that they hold; may be called again."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        self._open.close()

    def _start(self, make: Callable[..., Judge], arguments: tuple[Any, ...]) -> ProcessPoolExecutor:
        # Through a file: what does not fit into a pipe would wait for ever for a worker that does not come to life.
        told = Path(self._open.enter_context(TemporaryDirectory(prefix="foundling-"))) / "arguments"
        told.write_bytes(pickle.dumps(arguments, pickle.HIGHEST_PROTOCOL))
        # Spawned, never forked: a fork would copy this process's connections and threads.
        spawned = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, spawned, _prepare, (make, told))

    def run(self, task: Callable[[Judge, T], R], items: Iterable[T]) -> Iterator[R]:
        """`task` for every item, in their order; never far ahead of whoever takes the results."""
        if self._pool is None:
            assert self._judge is not None
            for item in items:
                yield task(self._judge, item)
            return
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(self._pool.submit(_do, task, item))
            if len(waiting) > self._workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _prepare(make: Callable[..., Judge], told: Path) -> None:
    global _judge  # noqa: PLW0603 - a worker's only memory between two pieces
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts the command interrupts the parent, which ends us
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _judge = make(*pickle.loads(told.read_bytes()))  # noqa: S301 - written by our parent, for us alone
    # The registries stay, and what records leave behind has no cycles: looking for any would cost a sixth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _do(task: Callable[[Judge, T], R], item: T) -> R:
    assert _judge is not None
    return task(_judge, item)
