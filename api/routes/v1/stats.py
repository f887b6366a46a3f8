"""Statistics: incidents and figures by group."""

from collections.abc import Callable

import orjson
from flask import Response, request

from api.domain.incident import ENGLISH
from api.domain.release import Release
from api.domain.stats import INCIDENTS, StatsQuery
from api.formats import csv
from api.schemas.answers.stats import StatsSchema as StatsAnswerSchema
from api.schemas.parameters.stats import StatsFileSchema, StatsSchema
from api.serving import responses
from api.serving.counting import counted
from api.serving.language import answered_in
from api.serving.links import address
from api.serving.openapi import Blueprint
from api.serving.state import state
from api.serving.tallies import Tally, tally

blueprint = Blueprint("stats", __name__, url_prefix="/v1", description="Counts and figures by group.")

_PATH = "/v1/incidents/stats"


@blueprint.resource(
    "/incidents/stats", operation_id="getStatistics", query=StatsSchema(), answer=StatsAnswerSchema, fails=(404,)
)
def stats(query: StatsQuery) -> Response:
    """Incidents and figures by up to three dimensions.

    A row for each group that has any incident; a missing value is a group of its own. Of a measure, one claim of each
    incident counts, as `figure` says. Money and other ranges are never added up.
    """

    def write(found: Tally, release: Release) -> bytes:
        links = {
            "self": address(_PATH, _parameters(query)),
            "csv": address(f"{_PATH}.csv", _parameters(query)),
            "incidents": address("/v1/incidents", query.where.parameters() | _release(query)),
        }
        return orjson.dumps({"data": found.rows(), "links": links, "meta": responses.about(release) | found.meta})

    return responses.data(_answer(query, write)[0])


@blueprint.resource(
    "/incidents/stats.csv",
    operation_id="downloadStatisticsCsv",
    query=StatsFileSchema(),
    answer={"type": "string"},
    media_type=csv.MEDIA_TYPE,
    fails=(404,),
)
def download(query: StatsQuery) -> Response:
    """The rows of /v1/incidents/stats as CSV, with the same columns."""
    has_bom = request.args.get("bom") == "true"

    def write(found: Tally, _: Release) -> bytes:
        return b"".join(csv.table(tuple(found.columns), found.rows(), has_bom=has_bom))

    body, release = _answer(query, write, has_bom)
    answer = responses.data(body, csv.MEDIA_TYPE)
    filename = f"foundling-statistics-release-{release.number}.csv"
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer


def _answer(query: StatsQuery, write: Callable[[Tally, Release], bytes], *form: object) -> tuple[bytes, Release]:
    snapshot, release = counted(query.release)
    responses.cite(release, _asked(query))
    language = answered_in()
    key = (request.path, query, release, state().generation, language, *form)
    return state().answers.answer(key, lambda: write(tally(query, snapshot, release, language), release)), release


def _parameters(query: StatsQuery) -> dict[str, str]:
    spoken = {"lang": answered_in()} if query.lang or answered_in() != ENGLISH else {}
    return _asked(query) | spoken | _release(query)


def _asked(query: StatsQuery) -> dict[str, str]:
    asked = query.where.parameters()
    if query.by:
        asked["by"] = ",".join(query.by)
    if query.measure != INCIDENTS:
        asked |= {"measure": query.measure, "figure": query.figure}
    if query.sort is not None:
        asked["sort"] = str(query.sort)
    if query.top is not None:
        asked["top"] = str(query.top)
    return asked


def _release(query: StatsQuery) -> dict[str, str]:
    return {"release": str(query.release)} if query.release is not None else {}
