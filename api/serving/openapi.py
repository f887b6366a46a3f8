"""The OpenAPI 3.1 document, and blueprints that keep it true: one decorator tells a route all that it documents."""

from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar

import flask_smorest
from flask import Flask, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from api.domain.tiles import LAST_ZOOM
from api.schemas.answers.problem import ProblemSchema
from api.schemas.documented import describe_metadata
from api.serving import problems
from api.serving.language import TRANSLATED
from api.serving.parser import StrictParser

View = TypeVar("View", bound=Callable[..., Response])

_DESCRIPTION = """
Reported incidents in which children were sold or trafficked: geocoded, sourced, and open. No key is needed.

Every figure is a claim with its sources; every point has a `precision` and an `uncertainty_m`; every answer names the
release that it is of. Without `release=` an answer is of the current one.

The envelope (`data`, `links`, `meta`) resembles JSON:API and is not: there is no `page[size]`. Follow `links.next`, or
take a whole file. Parameters are read strictly: a misspelt one is an error that tells what was probably meant.
`_`, `utm_*`, `fbclid` and `gclid` are ignored. Addresses up to 8,192 bytes are accepted.
Within /v1 only additions are made: no column, parameter or code changes its meaning or goes away.
"""


class IncidentConverter(BaseConverter):
    """An incident's identifier in a path, in any case."""

    regex = "[A-Za-z]{2}-[0-9]{4}-[0-9]{4,12}"

    def to_python(self, value: str) -> str:
        """Identifiers are canonical in capitals."""
        return value.upper()


class TileConverter(BaseConverter):
    """A number of a tile in a path, in its one spelling."""

    regex = "(?:0|[1-9][0-9]{0,8})"

    def to_python(self, value: str) -> int:
        """Nine digits at most: what is beyond the world is the view's to refuse."""
        return int(value)


TILE = [
    {
        "in": "path",
        "name": name,
        "required": True,
        "schema": {"type": "integer", "minimum": 0, "maximum": most},
        "description": description,
        "example": 0,
    }
    for name, most, description in (
        ("z", LAST_ZOOM, f"Zoom, 0 to {LAST_ZOOM}."),
        ("x", 2**LAST_ZOOM - 1, "Column from the west, below 2^z."),
        ("y", 2**LAST_ZOOM - 1, "Row from the north, below 2^z."),
    )
]
"""The path parameters of a tile."""

INCIDENT_ID = {
    "in": "path",
    "name": "incident_id",
    "required": True,
    "schema": {"type": "string", "pattern": f"^{IncidentConverter.regex}$"},
    "example": "PE-2018-0001",
}
"""The path parameter of every operation on one incident."""


class Api(flask_smorest.Api):  # type: ignore[misc]  # flask-smorest is untyped
    """flask-smorest with problem documents, in the OpenAPI document and in answers."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        # What these are documented as is read from the class's default type, which successes share.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.MEDIA_TYPE
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def _register_pagination_header(self) -> None:
        """Pages are described by `meta` and `links`; flask-smorest's X-Pagination is not used."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """flask-smorest's own body would drop Allow and Retry-After."""
        return problems.from_http(error)


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # flask-smorest is untyped
    """A blueprint whose routes are declared, checked and documented in one place."""

    ARGUMENTS_PARSER = StrictParser()

    def resource(
        self,
        rule: str,
        *,
        operation_id: str,
        query: Any,
        answer: Any,
        media_type: str = "application/json",
        other_media_types: Mapping[str, Any] = MappingProxyType({}),
        fails: tuple[int, ...] = (),
        path_parameters: list[dict[str, Any]] | None = None,
    ) -> Callable[[View], View]:
        """Serves `rule` by GET: `query` is a schema instance, `answer` a schema or a JSON Schema of what comes.

        `other_media_types` are those that the query may choose instead, each with what comes then.
        """

        def decorate(view: View) -> View:
            documented = self.doc(operationId=operation_id)(view)
            for status in (*fails, 503):
                documented = self.alt_response(status, response=HTTPStatus(status).name)(documented)
            for other, content in other_media_types.items():
                documented = self.alt_response(200, schema=content, content_type=other)(documented)
            documented = self.response(200, answer, content_type=media_type)(documented)
            documented = self.arguments(query, location="query")(documented)
            if "lang" in query.fields:
                TRANSLATED.add(f"{self.name}.{operation_id}")

            # flask-smorest documents; what it would wrap round every call of the view is left out.
            @wraps(documented)
            def answered(**path: Any) -> Response:
                return view(self.ARGUMENTS_PARSER.parse(query), **path)

            self.route(rule, parameters=path_parameters, endpoint=operation_id)(answered)
            return view

        return decorate


def make_api(app: Flask, version: str) -> Api:
    """The API object of an application; its document is at /openapi.json, served by routes.operations."""
    app.config.update(API_TITLE="Foundling", API_VERSION=version, OPENAPI_VERSION="3.1.0")
    app.url_map.converters |= {"incident": IncidentConverter, "tile": TileConverter}
    options = {
        "info": {
            "description": _DESCRIPTION.strip(),
            "license": {
                "name": "MIT (software), CC BY 4.0 (data)",
                "url": "https://creativecommons.org/licenses/by/4.0/",
            },
        },
        # Relative to the document, so that it holds behind every proxy and prefix.
        "servers": [{"url": "."}],
    }
    api = Api(app, spec_kwargs=options)
    api.register_converter(IncidentConverter, lambda _: {"type": "string", "pattern": f"^{IncidentConverter.regex}$"})
    api.register_converter(TileConverter, lambda _: {"type": "integer"})
    api.ma_plugin.converter.add_attribute_function(describe_metadata)
    api.ma_plugin.converter.add_parameter_attribute_function(_comma_list)
    return api


def _comma_list(_converter: object, field: Any, **_: Any) -> dict[str, Any]:
    return {"style": "form", "explode": False} if field.metadata.get("style") == "form" else {}
