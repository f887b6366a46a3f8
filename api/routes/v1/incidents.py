"""Incidents: a page of them, and one."""

from typing import Any

import orjson
from flask import Response

from api.database.reads import incidents as reads
from api.domain.incident import ENGLISH
from api.domain.query import IncidentFilter, PageQuery, Sort
from api.domain.regions import WORLD, areas_of
from api.domain.release import Release
from api.formats import geojson
from api.schemas.answers.incidents import FeatureSchema, IncidentAnswerSchema, IncidentPageSchema
from api.schemas.parameters.queries import FlatQuery, PageSchema, ReleaseQuery
from api.serving import caching, responses
from api.serving.language import answered_in
from api.serving.links import address, here
from api.serving.openapi import INCIDENT_ID, Blueprint
from api.serving.state import pinned, state
from api.snapshot.order import first

blueprint = Blueprint("incidents", __name__, url_prefix="/v1", description="Reported incidents.")

_GEOGRAPHIC = frozenset({"id", "country", "admin1", "updated"})
MOST_GUESSES = 12
FEW = 10
MANY = 100_000


@blueprint.resource(
    "/incidents", operation_id="listIncidents", query=PageSchema(), answer=IncidentPageSchema, fails=(404,)
)
def page(query: PageQuery) -> Response:
    """A page of incidents, latest first.

    For everything at once take /v1/incidents.geojson or /v1/incidents.csv: the same filters, no pages.
    """
    release, database, language = pinned(query.release), state().database, answered_in()
    keys = _keys(query, release)
    if keys is not None:
        with database.reading() as connection:
            found = reads.page_of(connection, query, release.number, keys, language=language)
    else:
        broad = state().broad(query.where, release.number, rows=query.limit)
        longest_years = state().longest_years(release.number) if query.where.datetime else None
        with database.reading() as connection:
            found = reads.page(
                connection,
                query,
                release.number,
                database.dialect,
                language=language,
                broad=broad,
                longest_years=longest_years,
            )
    total = state().total(query.where, release, is_counted=query.is_counted)
    if query.is_counted and total.is_lower_bound:
        caching.keep_no_copy()  # the next count may be quicker
    asked, sorted_by = _parameters(query, language), _sort_parameter(query)
    links = {"self": here(asked)}
    following = found.next.encode() if found.next else None
    meta = responses.about(release, query.where.parameters() | sorted_by) | {
        "returned": len(found.rows),
        "limit": query.limit,
        "total": total.number,
        "total_is_lower_bound": total.is_lower_bound,
        "next_cursor": following,
    }
    if following:
        asked.pop("release", None)
        links["next"] = here(asked | {"cursor": following})
    if not found.rows and query.cursor is None:
        meta["empty"] = _why_empty(query.where, release)
    if total.number < FEW:
        meta["coverage"] = _searched(query.where, release)
    complete = responses.citing(release).complete
    return responses.envelope(map(complete, found.rows), links, meta)


@blueprint.resource(
    "/incidents/<incident:incident_id>",
    operation_id="getIncident",
    query=ReleaseQuery(),
    answer=IncidentAnswerSchema,
    fails=(404, 410),
    path_parameters=[INCIDENT_ID],
)
def incident(query: dict[str, int], incident_id: str) -> Response:
    """One incident with every claim, outcome and source."""
    release = pinned(query.get("release"))
    with state().database.reading() as connection:
        record, document = reads.one(connection, incident_id, release.number)
    context = state().of_areas("context", areas_of(record.values()["country"]), release.number)
    path = f"/v1/incidents/{incident_id}"
    links = {
        "self": address(path, _release_parameter(query)),
        "geojson": address(f"{path}.geojson", _release_parameter(query)),
        "history": address(f"{path}/history", _release_parameter(query)),
        "collection": address("/v1/incidents"),
    }
    about = responses.about(release)
    tail = orjson.dumps({"context": context, "links": links, "meta": about})[1:]
    return responses.data(b'{"data":' + document + b"," + tail)


@blueprint.resource(
    "/incidents/<incident:incident_id>.geojson",
    operation_id="getIncidentFeature",
    query=FlatQuery(),
    answer=FeatureSchema,
    media_type=geojson.MEDIA_TYPE,
    fails=(404, 410),
    path_parameters=[INCIDENT_ID],
)
def feature(query: dict[str, Any], incident_id: str) -> Response:
    """One incident as a GeoJSON feature."""
    release = pinned(query.get("release"))
    with state().database.reading() as connection:
        record, _ = reads.one(connection, incident_id, release.number, language=answered_in())
    return responses.data(geojson.feature(record, responses.citing(release).complete(record.json)), geojson.MEDIA_TYPE)


def _keys(query: PageQuery, release: Release) -> list[int] | None:
    """Keys of the rows of a page of areas or words; None where the database finds them sooner, or nobody knows them.

    What lies in an area, or has a word, has no order by itself; the more it is, the sooner a walk through any order
    meets it, but for orders that follow geography.
    """
    where = query.where
    if not (where.q or where.bbox or where.near):
        return None
    if not where.q and query.sort.key not in _GEOGRAPHIC and state().is_more_than(MANY, where, release):
        return None
    selected = state().selected(where, release.number)
    if selected is None:
        return None
    after = (query.cursor.key, query.cursor.id) if query.cursor else None
    return first(*selected, query.sort, after=after, limit=query.limit + 1)


def _parameters(query: PageQuery, language: str) -> dict[str, str]:
    asked = query.where.parameters() | _sort_parameter(query)
    asked["limit"] = str(query.limit)
    if query.is_counted:
        asked["count"] = "exact"
    if query.lang or language != ENGLISH:
        asked["lang"] = language
    if query.cursor:
        asked["cursor"] = query.cursor.encode()
    elif query.release is not None:
        asked["release"] = str(query.release)
    return asked


def _sort_parameter(query: PageQuery) -> dict[str, str]:
    return {"sort": str(query.sort)} if query.sort != Sort() else {}


def _release_parameter(query: dict[str, int]) -> dict[str, str]:
    return {"release": str(query["release"])} if "release" in query else {}


def _searched(where: IncidentFilter, release: Release) -> list[dict[str, Any]]:
    # Little may be little reported or little searched: only the second can be told.
    countries = {*where.country, *(code.partition("-")[0] for code in where.admin1)}
    areas = frozenset({WORLD}).union(*(areas_of(country) for country in countries))
    return state().of_areas("coverage", areas, release.number)


def _why_empty(where: IncidentFilter, release: Release) -> dict[str, Any]:
    in_the_way = state().filters_in_the_way(where, release.number, most=MOST_GUESSES)
    return {"without": in_the_way, "covered": state().covered(release.number)}
