"""What operators and tools ask for: health, the OpenAPI document, the JSON Schema."""

import hashlib
from typing import Any

import orjson
from flask import Response, current_app, request

from api.database.reads import releases
from api.schemas.answers.reference import HealthSchema
from api.schemas.parameters.queries import EmptyQuery
from api.schemas.seeds.json_schema import incident_json_schema
from api.serving import responses
from api.serving.openapi import Blueprint
from api.serving.state import state

blueprint = Blueprint("operations", __name__, description="Health, and machine-readable descriptions.")


@blueprint.resource("/livez", operation_id="getLiveness", query=EmptyQuery(), answer=HealthSchema)
def livez(_query: dict[str, Any]) -> Response:
    """Whether the process answers at all; the database is not asked."""
    return _unstored(orjson.dumps({"status": "ok"}))


@blueprint.resource("/readyz", operation_id="getReadiness", query=EmptyQuery(), answer=HealthSchema)
def readyz(_query: dict[str, Any]) -> Response:
    """Whether there is a release to serve. The database is asked: what is remembered would hide that it is down."""
    with state().database.reading() as connection:
        release = releases.latest(connection)
    return _unstored(orjson.dumps({"status": "ok", "release": release.number}))


@blueprint.resource("/openapi.json", operation_id="getOpenapi", query=EmptyQuery(), answer={"type": "object"})
def openapi_document(_query: dict[str, Any]) -> Response:
    """This document."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    return _described(orjson.dumps(api.spec.to_dict(), option=orjson.OPT_INDENT_2))


@blueprint.resource(
    "/v1/schemas/incident.json",
    operation_id="getIncidentSchema",
    query=EmptyQuery(),
    answer={"type": "object"},
    media_type="application/schema+json",
)
def incident_schema(_query: dict[str, Any]) -> Response:
    """The JSON Schema of an incident file in the seeds."""
    return _described(orjson.dumps(incident_json_schema(), option=orjson.OPT_INDENT_2), "application/schema+json")


def _unstored(body: bytes) -> Response:
    response = responses.data(body)
    response.headers["Cache-Control"] = "no-store"
    return response


def _described(body: bytes, media_type: str = responses.JSON) -> Response:
    response = responses.data(body, media_type)
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = "public, max-age=300"
    response.make_conditional(request)
    return response
