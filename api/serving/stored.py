"""Stored files of releases as answers: whole or in ranges, with a digest of their bytes."""

import base64
from dataclasses import dataclass
from typing import BinaryIO

from flask import Response, current_app, request
from werkzeug.wsgi import FileWrapper

from api.domain.errors import NoStoredFile, UnknownRelease
from api.domain.release import Release
from api.exports import sets
from api.exports.sets import DATA_PACKAGE, MANIFEST, FileSet, StoredFile
from api.serving import caching, responses
from api.serving.state import state

PREFIX = "/v1/releases"
LATEST = "latest"

_CHUNK = 1 << 16
_DESCRIBING = (MANIFEST, DATA_PACKAGE)


@dataclass(frozen=True, slots=True)
class _Found:
    release: Release
    stored: FileSet


def answer(which: str, name: str) -> Response:
    """A file of a release, by number or `latest`: the newest release that has this file.

    Raises NoStoredFile, UnknownRelease, TooManyDownloads.
    """
    try:
        return _answer(which, name)
    except FileNotFoundError:  # another set was put in its place between two steps
        return _answer(which, name)


def _answer(which: str, name: str) -> Response:
    found = _find(which, name)
    response = _description(found, name) if name in _DESCRIBING else _file(found, name)
    release, path = found.release, f"{PREFIX}/{found.release.number}/{name}"
    caching.mark(response, release, path=path, is_pinned=which != LATEST)
    return response


def _find(which: str, name: str) -> _Found:
    current = state().latest()
    if which != LATEST:
        number = int(which)
        release = current if number == current.number else state().release(number)
        found = _set_of(release)
        if found is not None and (name in _DESCRIBING or name in found.files):
            return _Found(release, found)
    having = [one for one in _having(current) if name in _DESCRIBING or name in one.stored.files]
    if which != LATEST or not having:
        raise NoStoredFile(name, None if which == LATEST else int(which), [one.release.number for one in having])
    return having[0]


def _having(current: Release) -> list[_Found]:
    """Releases that have files, newest first."""
    found: list[_Found] = []
    for number in sets.releases_in(state().files):
        if number > current.number:
            continue  # of which this process will know in a second
        try:
            release = state().release(number)
        except UnknownRelease:
            continue  # of another database
        stored = _set_of(release)
        if stored is not None:
            found.append(_Found(release, stored))
    return found


def _set_of(release: Release) -> FileSet | None:
    return sets.find(state().files, sets.identity_of(release, state().generation, state().public_url))


def _description(found: _Found, name: str) -> Response:
    if name == MANIFEST:
        body = found.stored.manifest
    else:
        body = found.stored.files[name].path.read_bytes()
    response = responses.data(body)
    response.add_etag()
    response.make_conditional(request)
    return response


def _file(found: _Found, name: str) -> Response:
    file = found.stored.files[name]
    opened = file.path.open("rb")
    try:
        response = _opened(opened, file, f"foundling-incidents-release-{found.release.number}.{_extension(name)}")
        if request.method == "GET" and response.status_code != 304:
            responses.take_a_place(response, opened)
        else:
            opened.close()  # of which nothing is sent
    except BaseException:
        opened.close()
        raise
    return response


def _opened(opened: BinaryIO, file: StoredFile, filename: str) -> Response:
    digest = f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:"
    response = current_app.response_class(FileWrapper(opened, _CHUNK), content_type=file.media_type)
    response.call_on_close(opened.close)
    response.content_length = file.bytes
    response.set_etag(file.sha256[:32])
    response.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    response.headers["Repr-Digest"] = digest
    _leave_out_odd_ranges()
    response.make_conditional(request, accept_ranges=True, complete_length=file.bytes)
    if response.status_code == 200:
        response.headers["Content-Digest"] = digest  # of a part or of nothing it would be another
    return response


def _extension(name: str) -> str:
    return name.partition(".")[2]


def _leave_out_odd_ranges() -> None:
    """What is no single range of bytes is answered with everything, as HTTP has it; Werkzeug would refuse it."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        request.environ.pop("HTTP_RANGE", None)
