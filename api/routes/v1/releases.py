"""Releases, and the index of the API."""

from dataclasses import asdict
from typing import Any

import orjson
from flask import Response

from api.database.reads import releases as reads
from api.domain.tables import CHANGES
from api.formats.registry import FILES
from api.schemas.answers.reference import IndexSchema, ReleasePageSchema
from api.schemas.parameters.queries import ListQuery, ReleaseQuery
from api.serving import lists, responses
from api.serving.links import address
from api.serving.openapi import Blueprint
from api.serving.state import pinned, state

blueprint = Blueprint("releases", __name__, url_prefix="/v1", description="Releases, and what there is.")


@blueprint.resource("/", operation_id="getIndex", query=ReleaseQuery(), answer=IndexSchema, fails=(404,))
def index(query: dict[str, Any]) -> Response:
    """What there is, with addresses to follow."""
    release = pinned(query.get("release"))
    dataset = state().dataset(release.number)
    changes = f"/v1/changes?since={release.number - 1}"
    paths = [("/v1/incidents", "Incidents, page by page")]
    paths += [(f"/v1{file.path}", file.summary.rstrip(".")) for file in FILES if file.table != CHANGES]
    paths += [
        ("/v1/tiles.json", "Vector tiles, as TileJSON"),
        ("/v1/style.json", "A map of them, as a MapLibre style"),
        ("/v1/codelists", "Codes with labels and standard terms"),
        ("/v1/sources", "Publications cited"),
        ("/v1/places", "Places, with what each point stands for"),
        ("/v1/codebook", "What every column and code means"),
        ("/v1/coverage", "What was searched, and what was not"),
        ("/v1/context", "What the reporting says enables the trade"),
        ("/v1/releases", "Releases"),
        (changes, "What changed since a release, here the one before"),
        ("/v1/citation", "How to cite any answer, as text, BibTeX, CSL-JSON or RIS"),
        ("/v1/schemas/incident.json", "JSON Schema of a record in the seeds"),
        ("/openapi.json", "OpenAPI document"),
        ("/docs", "Documentation to try"),
        ("/", "Map"),
    ]
    body = {
        "title": dataset["title"]["en"],
        "description": dataset["description"]["en"],
        "generation": state().generation,
        "links": [{"href": address(path), "title": title} for path, title in paths],
        "meta": responses.about(release),
    }
    return responses.data(orjson.dumps(body))


@blueprint.resource("/releases", operation_id="listReleases", query=ListQuery(), answer=ReleasePageSchema, fails=(404,))
def releases(query: dict[str, Any]) -> Response:
    """Every release, newest first; `release=` leaves out those that came later."""
    release = lists.release_of(query)
    below = lists.start_of(query, "release", int)
    with state().database.reading() as connection:
        found = reads.page(connection, up_to=release.number, below=below, limit=query["limit"] + 1)
    rows: list[tuple[str | int, bytes]] = [(one.number, orjson.dumps(asdict(one))) for one in found]
    return lists.answer(rows, query, name="release", total=release.number, release=release)
