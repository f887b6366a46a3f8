"""Hands a view the value of its query schema, or raises with the address that was probably meant."""

from typing import Any

from flask import Request, request
from webargs.flaskparser import FlaskParser

from api.domain.errors import InvalidQuery
from api.formats.registry import EXTENSIONS
from api.schemas.parameters.load import load
from api.schemas.parameters.queries import CsvSchema, FileSchema, FilterQuery, PageSchema
from api.serving.caching import named_release
from api.serving.corrections import correct
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import answered, pinned, state

_FILES: dict[str, FilterQuery] = {
    "/v1/incidents": PageSchema(),
    **{f"/v1/incidents.{extension}": FileSchema() for extension in EXTENSIONS},
    "/v1/incidents.csv": CsvSchema(),
}


class StrictParser(FlaskParser):
    """webargs' place in flask-smorest, with one way to read a query string.

    (webargs by itself ignores what it does not know and takes the first of repeated values.)
    """

    DEFAULT_VALIDATION_STATUS = 400

    def parse(self, argmap: Any, req: Request | None = None, **_: Any) -> Any:
        """The value of the request's query string."""
        query_string = (req or request).query_string
        pairs = decode(query_string)
        # Only questions about incidents hold codes; the others need no database to be refused.
        has_codes = bool(pairs) and isinstance(argmap, FilterQuery)
        codelists = state().codelists(answered().number) if has_codes else {}
        try:
            return load(argmap, pairs, codelists)
        except InvalidQuery as error:
            error.did_you_mean = _meant(argmap, pairs, error)
            raise


def _meant(schema: Any, pairs: Pairs, error: InvalidQuery) -> str | None:
    def check(path: str, guess: Pairs) -> object:
        release = pinned(named_release(guess))
        return load(_FILES.get(path, schema), guess, state().codelists(release.number))

    is_record = "incident_id" in (request.view_args or {})
    extensions = EXTENSIONS if request.path in _FILES else ("geojson",) if is_record else ()
    found = correct(request.path, pairs, error, extensions=extensions, check=check)
    if found is None:
        return None
    path, corrected = found
    return f"{state().public_url}{path}" + (f"?{encode(corrected)}" if corrected else "")
