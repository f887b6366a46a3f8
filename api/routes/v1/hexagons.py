"""Hexagons: incidents and figures by cell of a grid."""

from flask import Response, request

from api.domain.hexagons import HexagonsQuery
from api.domain.release import Release
from api.formats import csv, geojson
from api.formats import hexagons as format_of_hexagons
from api.schemas.answers.hexagons import HexagonsSchema as HexagonsAnswerSchema
from api.schemas.parameters.hexagons import HexagonsFileSchema, HexagonsSchema
from api.serving import responses
from api.serving.counting import counted
from api.serving.hexagons import Comb, comb
from api.serving.language import answered_in
from api.serving.openapi import Blueprint
from api.snapshot.hexagons import corners, name

blueprint = Blueprint("hexagons", __name__, url_prefix="/v1", description="Counts and figures by cell of a grid.")


@blueprint.resource(
    "/incidents/hexagons.geojson",
    operation_id="getHexagons",
    query=HexagonsSchema(),
    answer=HexagonsAnswerSchema,
    media_type=geojson.MEDIA_TYPE,
    fails=(404,),
)
def hexagons(query: HexagonsQuery) -> Response:
    """Incidents and figures by cell of the H3 grid, to be coloured.

    A cell is there if it holds any incident. One whose place is known no better than to an area larger than a cell is
    in none of them: the collection counts these as `unplaced`.
    """
    found, release = _answer(query)
    cells = [(cell, {"h3": name(cell), **row}) for cell, row in found.cells]
    body = format_of_hexagons.write(cells, responses.about(release) | found.about, corners)
    return responses.data(body, geojson.MEDIA_TYPE)


@blueprint.resource(
    "/incidents/hexagons.csv",
    operation_id="downloadHexagonsCsv",
    query=HexagonsFileSchema(),
    answer={"type": "string"},
    media_type=csv.MEDIA_TYPE,
    fails=(404,),
)
def download(query: HexagonsQuery) -> Response:
    """The cells of /v1/incidents/hexagons.geojson as CSV; incidents that are in none come last, without `h3_id`."""
    found, release = _answer(query)
    rows = [{"h3_id": name(cell), **row} for cell, row in found.cells]
    rows += [{"h3_id": None, **row} for row in found.unplaced]
    lines = csv.table(("h3_id", *found.columns), rows, has_bom=request.args.get("bom") == "true")
    answer = responses.data(b"".join(lines), csv.MEDIA_TYPE)
    filename = f"foundling-hexagons-release-{release.number}.csv"
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer


def _answer(query: HexagonsQuery) -> tuple[Comb, Release]:
    snapshot, release = counted(query.release)
    responses.cite(release, query.parameters() | {"resolution": str(query.resolution)})
    return comb(query, snapshot, release, answered_in()), release
