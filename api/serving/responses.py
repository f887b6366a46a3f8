"""Answers from bytes: a page, one record, a stream."""

import socket
import struct
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import orjson
from flask import Response, current_app, request

from api.domain import citation
from api.domain.errors import TooManyDownloads
from api.domain.release import Release
from api.formats.cited import Citing, citing_of
from api.serving import caching, language
from api.serving.links import here
from api.serving.state import state

JSON = "application/json"


def data(body: bytes, media_type: str = JSON) -> Response:
    """A whole answer."""
    return current_app.response_class(body, content_type=media_type)


def envelope(rows: Iterable[bytes], links: dict[str, str], meta: dict[str, Any]) -> Response:
    """A page: rows that are JSON already, between their brackets."""
    # One join: a page is large, and every copy of it would cost as much as reading it.
    parts = [part for row in rows for part in (b",", row)]
    parts[:1] = [b'{"data":[']
    return data(b"".join([*parts, b"],", orjson.dumps({"links": links, "meta": meta})[1:]]))


def stream(chunks: Iterator[bytes], media_type: str, filename: str) -> Response:
    """A file that is sent while it is read; browsers show it or save it under `filename`.

    Half of the threads may send files at a time, so that readers who stall leave the rest to the others.
    Raises TooManyDownloads.
    """
    if request.method == "HEAD":
        return _file(chunks, media_type, filename)  # nothing is sent, so no place is taken
    place = _Place(state().downloads)
    connection = request.environ.get("gunicorn.socket")
    if connection is not None and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        chunks = _reset_at_failure(chunks, connection)
    response = _file(place.while_sending(chunks), media_type, filename)
    response.call_on_close(place.leave)
    return response


def take_a_place(response: Response, opened: BinaryIO) -> None:
    """Makes an answer from an opened file one of the downloads. Raises TooManyDownloads."""
    place, pieces = _Place(state().downloads), response.iter_encoded()

    def sent() -> Iterator[bytes]:
        with opened:
            yield from place.while_sending(pieces)

    response.response = sent()
    response.call_on_close(place.leave)


def _file(chunks: Iterator[bytes], media_type: str, filename: str) -> Response:
    response = current_app.response_class(_begun(chunks), content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


class _Place:
    """One of the places among the downloads of this process, left once, whatever ends the download."""

    def __init__(self, places: threading.BoundedSemaphore) -> None:
        if not places.acquire(blocking=False):
            raise TooManyDownloads
        self._places: threading.BoundedSemaphore | None = places

    def leave(self) -> None:
        places, self._places = self._places, None
        if places is not None:
            places.release()

    def while_sending(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        try:
            yield from chunks
        finally:
            self.leave()


def about(release: Release, asked: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What belongs to every answer: release, licence, attribution, and how to cite this very one.

    `asked` is the question in canonical spelling, where the view knows it.
    """
    if asked is not None:
        cite(release, asked)
    return citation.about(state().dataset(release.number), release, caching.cited_address())


def cite(release: Release, asked: Mapping[str, str]) -> None:
    """Says how this answer is cited: by its question in canonical spelling."""
    spoken = {"lang": language.answered_in()} if language.is_translated(request.endpoint) else {}
    caching.cite(here({**asked, "release": str(release.number)} | spoken))


def citing(release: Release) -> Citing:
    """What completes the stored flat objects of a release with the citation of each."""

    def find() -> Citing:
        dataset, public_url = state().dataset(release.number), state().public_url
        return citing_of(dataset, public_url)

    return state().remember(("citing", release), find)


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    # The first chunk is read before the status line is sent, so that a database that is down is a 503, not a torn file.
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from chunks

    return rest()


def _reset_at_failure(chunks: Iterator[bytes], connection: socket.socket) -> Iterator[bytes]:
    # In HTTP/1.0 a body ends where the connection does: closed in good order, half a file would look like a whole one.
    try:
        yield from chunks
    except Exception:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        raise
