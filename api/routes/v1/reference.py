"""What stands beside the incidents: codelists, sources, places, context."""

from typing import Any

from flask import Response

from api.database.reads import reference as reads
from api.schemas.answers.reference import CodePageSchema, ContextPageSchema, PlacePageSchema, SourcePageSchema
from api.schemas.parameters.queries import ListQuery
from api.serving import lists
from api.serving.openapi import Blueprint
from api.serving.state import state

blueprint = Blueprint("reference", __name__, url_prefix="/v1", description="Codes, sources, places and context.")


@blueprint.resource("/codelists", operation_id="listCodes", query=ListQuery(), answer=CodePageSchema, fails=(404,))
def codelists(query: dict[str, Any]) -> Response:
    """Every code of every codelist, with labels, definition and standard terms."""
    return _page("codelist", query)


@blueprint.resource("/sources", operation_id="listSources", query=ListQuery(), answer=SourcePageSchema, fails=(404,))
def sources(query: dict[str, Any]) -> Response:
    """Every publication that an incident or a context entry cites."""
    return _page("source", query)


@blueprint.resource("/places", operation_id="listPlaces", query=ListQuery(), answer=PlacePageSchema, fails=(404,))
def places(query: dict[str, Any]) -> Response:
    """Every reported place with its reviewed point, what it stands for, and where it comes from."""
    return _page("place", query)


@blueprint.resource("/context", operation_id="listContext", query=ListQuery(), answer=ContextPageSchema, fails=(404,))
def context(query: dict[str, Any]) -> Response:
    """What the reporting says enables the trade, by country or region."""
    return _page("context", query)


def _page(kind: str, query: dict[str, Any]) -> Response:
    release = lists.release_of(query)
    after = lists.start_of(query, kind, str)
    with state().database.reading() as connection:
        rows = reads.page(connection, kind, release.number, after=after, limit=query["limit"] + 1)
    return lists.answer(rows, query, name=kind, total=state().entries(kind, release.number), release=release)
