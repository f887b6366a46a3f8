"""What stands beside the incidents: codelists, sources, places, context."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import orjson
from flask import Response

from api.database.reads import reference as reads
from api.domain.columns import COLUMNS
from api.domain.derivations import DERIVATIONS
from api.domain.tables import TABLES
from api.schemas.answers.reference import (
    CodebookSchema,
    CodePageSchema,
    ContextPageSchema,
    CoveragePageSchema,
    PlacePageSchema,
    SourcePageSchema,
)
from api.schemas.parameters.queries import FlatQuery, LabelledListQuery, ListQuery
from api.serving import lists, responses
from api.serving.language import answered_in
from api.serving.links import address
from api.serving.openapi import Blueprint
from api.serving.state import pinned, state

_ALL = 100_000  # codes are hundreds

blueprint = Blueprint("reference", __name__, url_prefix="/v1", description="Codes, sources, places, context.")


@blueprint.resource(
    "/codelists", operation_id="listCodes", query=LabelledListQuery(), answer=CodePageSchema, fails=(404,)
)
def codelists(query: dict[str, Any]) -> Response:
    """Every code of every codelist, with labels, definition and standard terms."""
    language = answered_in()
    return _page("codelist", query, render=lambda document: _labelled(document, language))


@blueprint.resource("/codebook", operation_id="getCodebook", query=FlatQuery(), answer=CodebookSchema, fails=(404,))
def codebook(query: dict[str, Any]) -> Response:
    """Every column of the flat record and every code, with what they mean."""
    release = pinned(query.get("release"))
    language = answered_in()
    with state().database.reading() as connection:
        rows = reads.page(connection, "codelist", release.number, after=None, limit=_ALL)
    codes = [orjson.Fragment(_labelled(document, language)) for _, document in rows]
    links = [
        {"href": address("/v1/schemas/incident.json"), "title": "JSON Schema of a record in the seeds"},
        {"href": address("/openapi.json"), "title": "OpenAPI document"},
    ]
    body = {
        "columns": [asdict(column) for column in COLUMNS],
        "tables": [
            {"name": table.name, "row_is": table.row_is, "columns": [asdict(column) for column in table.columns]}
            for table in TABLES[1:]
        ],
        "derivations": [{"name": name, "rule": rule} for name, rule in DERIVATIONS.items()],
        "codes": codes,
        "links": links,
        "meta": responses.about(release),
    }
    return responses.data(orjson.dumps(body))


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


@blueprint.resource(
    "/coverage", operation_id="listCoverage", query=ListQuery(), answer=CoveragePageSchema, fails=(404,)
)
def coverage(query: dict[str, Any]) -> Response:
    """What was searched for reports, by country or region, and what was not."""
    return _page("coverage", query)


def _page(kind: str, query: dict[str, Any], *, render: Callable[[bytes], bytes] = bytes) -> Response:
    release = lists.release_of(query)
    after = lists.start_of(query, kind, str)
    with state().database.reading() as connection:
        rows = reads.page(connection, kind, release.number, after=after, limit=query["limit"] + 1)
    shown: list[tuple[str | int, bytes]] = [(key, render(document)) for key, document in rows]
    return lists.answer(shown, query, name=kind, total=state().entries(kind, release.number), release=release)


def _labelled(document: bytes, language: str) -> bytes:
    code = orjson.loads(document)
    return orjson.dumps({"list": code["list"], "code": code["code"], "label": code[f"label_{language}"]} | code)
