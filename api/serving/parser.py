"""Hands a view the value of its query schema, or raises with the address that was probably meant."""

from typing import Any

from flask import Request, request
from webargs.flaskparser import FlaskParser

from api.domain.changes import ChangesQuery, check_since
from api.domain.errors import InvalidQuery
from api.domain.query import FileQuery
from api.domain.release import Release
from api.schemas.parameters.changes import ChangesSchema
from api.schemas.parameters.hexagons import HexagonsFileSchema, HexagonsSchema
from api.schemas.parameters.load import load
from api.schemas.parameters.queries import FilterQuery, ListQuery, PageSchema, ReleaseQuery
from api.schemas.parameters.stats import StatsFileSchema, StatsSchema
from api.serving import files
from api.serving.caching import named_release
from api.serving.corrections import PAGE, correct
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import answered, pinned, state

_STATS = "/v1/incidents/stats"
_HEXAGONS = "/v1/incidents/hexagons"
_PAGES: dict[str, ReleaseQuery] = {
    "/v1/incidents": PageSchema(),
    "/v1/changes": ChangesSchema(),
    "/v1/sources": ListQuery(),
    "/v1/places": ListQuery(),
    _STATS: StatsSchema(),
}
_COUNTED: dict[str, ReleaseQuery] = {
    f"{_STATS}.csv": StatsFileSchema(),
    f"{_HEXAGONS}.geojson": HexagonsSchema(),
    f"{_HEXAGONS}.csv": HexagonsFileSchema(),
}
_COUNTED_AS = {_STATS: (PAGE, "csv"), _HEXAGONS: ("geojson", "csv")}
_KNOWN = _PAGES | files.BY_PATH | _COUNTED
# Longer questions are rarely asked twice, and memory is for those that are.
_LONG = 1000


class StrictParser(FlaskParser):
    """webargs' place in flask-smorest, with one way to read a query string.

    (webargs by itself ignores what it does not know and takes the first of repeated values.)
    """

    DEFAULT_VALIDATION_STATUS = 400

    def parse(self, argmap: Any, req: Request | None = None, **_: Any) -> Any:
        """The value of the request's query string."""
        query_string = (req or request).query_string
        # Only questions about incidents hold codes; the others need no database to be refused, and load into
        # dictionaries, which are for one view alone.
        if not (query_string and isinstance(argmap, FilterQuery)):
            return _load(argmap, query_string, None)
        release = answered()
        if len(query_string) > _LONG:
            return _load(argmap, query_string, release)
        return state().remember((argmap, query_string, release), lambda: _load(argmap, query_string, release))


def _load(schema: Any, query_string: bytes, release: Release | None) -> Any:
    pairs = decode(query_string)
    try:
        return load(schema, pairs, state().codelists(release.number) if release else {})
    except InvalidQuery as error:
        error.did_you_mean = _meant(schema, pairs, error)
        raise


def _meant(schema: Any, pairs: Pairs, error: InvalidQuery) -> str | None:
    def check(path: str, guess: Pairs) -> object:
        release = pinned(named_release(guess))
        loaded = load(_KNOWN.get(path, schema), guess, state().codelists(release.number))
        if isinstance(loaded, ChangesQuery | FileQuery) and loaded.since is not None:
            check_since(loaded.since, release.number)
        return loaded

    found = correct(request.path, pairs, error, extensions=_extensions(request.path), check=check)
    if found is None:
        return None
    path, corrected = found
    return f"{state().public_url}{path}" + (f"?{encode(corrected)}" if corrected else "")


def _extensions(path: str) -> tuple[str, ...]:
    """What the address may end in instead."""
    if counted := _COUNTED_AS.get(path.partition(".")[0]):
        return counted
    if path in _KNOWN:
        page = (PAGE,) if path.partition(".")[0] in _PAGES else ()
        return (*page, *files.extensions(path))
    is_record = "incident_id" in (request.view_args or {}) and not path.endswith("/history")
    return (PAGE, "geojson") if is_record else ()
