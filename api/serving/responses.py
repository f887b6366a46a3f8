"""Answers from bytes: a page, one record, a stream."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson
from flask import Response, current_app

from api.domain.release import Release
from api.serving.state import state

JSON = "application/json"


def data(body: bytes, media_type: str = JSON) -> Response:
    """A whole answer."""
    return current_app.response_class(body, content_type=media_type)


def envelope(rows: Iterable[bytes], links: dict[str, str], meta: dict[str, Any]) -> Response:
    """A page: rows that are JSON already, between their brackets."""
    tail = orjson.dumps({"links": links, "meta": meta})[1:]
    return data(b'{"data":[' + b",".join(rows) + b"]," + tail)


def stream(chunks: Iterator[bytes], media_type: str, filename: str) -> Response:
    """A file that is sent while it is read; browsers show it or save it under `filename`."""
    response = current_app.response_class(_begun(chunks), content_type=media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return response


def about(release: Release) -> dict[str, Any]:
    """What belongs to every answer: release, licence, attribution, citation."""
    dataset = state().dataset(release.number)
    when = release.published[:10]
    return {
        "release": release.number,
        "licence": dataset["licence"],
        "licence_url": dataset["licence_url"],
        "attribution": dataset["attribution"],
        "citation": f"{dataset['citation'].rstrip('.')}. Release {release.number}, {when}. {state().public_url}",
    }


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    # The first chunk is read before the status line is sent, so that a database that is down is a 503, not a torn file.
    first = next(chunks, b"")

    def rest() -> Iterator[bytes]:
        yield first
        yield from chunks

    return rest()
