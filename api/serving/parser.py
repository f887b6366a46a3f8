"""Hands a view the value of its query schema, or raises with the address that was probably meant."""

from typing import Any

from flask import Request, request
from webargs.flaskparser import FlaskParser

from api.domain.errors import InvalidQuery
from api.formats.registry import EXTENSIONS
from api.schemas.parameters.load import Codelists, load
from api.schemas.parameters.queries import FileSchema
from api.serving.corrections import correct
from api.serving.query_string import Pairs, decode, encode
from api.serving.state import current, state


class StrictParser(FlaskParser):
    """webargs' place in flask-smorest, with one way to read a query string.

    (webargs by itself ignores what it does not know and takes the first of repeated values.)
    """

    DEFAULT_VALIDATION_STATUS = 400

    def parse(self, argmap: Any, req: Request | None = None, **_: Any) -> Any:
        """The value of the request's query string."""
        query_string = (req or request).query_string
        pairs = decode(query_string)
        codelists = state().codelists(current().number) if pairs else {}
        try:
            return load(argmap, pairs, codelists)
        except InvalidQuery as error:
            error.did_you_mean = _meant(argmap, pairs, error, codelists)
            raise


def _meant(schema: Any, pairs: Pairs, error: InvalidQuery, codelists: Codelists) -> str | None:
    def check(path: str, guess: Pairs) -> object:
        return load(schema if path == request.path else FileSchema(), guess, codelists)

    extensions = EXTENSIONS if request.path == "/v1/incidents" else ()
    found = correct(request.path, pairs, error, extensions=extensions, check=check)
    if found is None:
        return None
    path, corrected = found
    return f"{state().public_url}{path}" + (f"?{encode(corrected)}" if corrected else "")
