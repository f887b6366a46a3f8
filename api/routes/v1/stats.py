"""Statistics: incidents and figures by group."""

import orjson
from flask import Response, request

from api.domain.incident import ENGLISH
from api.domain.release import Release
from api.domain.stats import StatsQuery
from api.formats import csv
from api.schemas.answers.stats import StatsSchema as StatsAnswerSchema
from api.schemas.parameters.stats import StatsFileSchema, StatsSchema
from api.serving import responses
from api.serving.counting import counted
from api.serving.language import answered_in
from api.serving.links import address
from api.serving.openapi import Blueprint
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
    found, release = _answer(query)
    links = {
        "self": address(_PATH, _parameters(query)),
        "csv": address(f"{_PATH}.csv", _parameters(query)),
        "incidents": address("/v1/incidents", query.where.parameters() | _release(query)),
    }
    about = responses.about(release) | found.meta
    return responses.data(orjson.dumps({"data": found.rows(), "links": links, "meta": about}))


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
    found, release = _answer(query)
    rows = csv.table(tuple(found.columns), found.rows(), has_bom=request.args.get("bom") == "true")
    answer = responses.data(b"".join(rows), csv.MEDIA_TYPE)
    filename = f"foundling-statistics-release-{release.number}.csv"
    answer.headers["Content-Disposition"] = f'inline; filename="{filename}"'
    return answer


def _answer(query: StatsQuery) -> tuple[Tally, Release]:
    snapshot, release = counted(query.release)
    responses.cite(release, _asked(query))
    return tally(query, snapshot, release, answered_in()), release


def _parameters(query: StatsQuery) -> dict[str, str]:
    spoken = {"lang": answered_in()} if query.lang or answered_in() != ENGLISH else {}
    return _asked(query) | spoken | _release(query)


def _asked(query: StatsQuery) -> dict[str, str]:
    asked = query.parameters()
    if query.by:
        asked["by"] = ",".join(query.by)
    if query.sort is not None:
        asked["sort"] = str(query.sort)
    if query.top is not None:
        asked["top"] = str(query.top)
    return asked


def _release(query: StatsQuery) -> dict[str, str]:
    return {"release": str(query.release)} if query.release is not None else {}
