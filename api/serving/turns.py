"""Requests take turns: as many at a time as a process does well, the others wait outside.

Python runs one thread at a time, and SQLite lets go of it at every row: sixteen pages at once would spend most of their
time taking it from each other. Measured at a million records (docs/decisions/0016).
"""

import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Turns:
    """Around the application, until it has an answer: what is sent afterwards, file by file, takes no turn."""

    def __init__(self, application: WSGIApplication, *, at_once: int) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers as the application does; whether the process lives is told without waiting."""
        if environ.get("PATH_INFO") == "/livez":
            return self._application(environ, start_response)
        with self._places:
            return self._application(environ, start_response)
