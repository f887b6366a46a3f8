"""What changed between two releases, and the versions of one incident."""

from dataclasses import asdict
from typing import Any

import orjson
from flask import Response

from api.database.reads import changes as reads
from api.domain.changes import ChangesQuery, check_since
from api.domain.incident import ENGLISH
from api.domain.release import Release
from api.formats import changes as formats
from api.schemas.answers.changes import ChangePageSchema, HistorySchema
from api.schemas.parameters.changes import ChangesSchema
from api.schemas.parameters.queries import FlatQuery
from api.serving import responses
from api.serving.language import answered_in
from api.serving.links import address, here
from api.serving.openapi import INCIDENT_ID, Blueprint
from api.serving.state import pinned, state

blueprint = Blueprint("changes", __name__, url_prefix="/v1", description="What changed, and when.")

MOST_VERSIONS = 200


@blueprint.resource(
    "/changes", operation_id="listChanges", query=ChangesSchema(), answer=ChangePageSchema, fails=(404,)
)
def changes(query: ChangesQuery) -> Response:
    """What entered, changed or left a filter since a release.

    The filter is applied to the release `since` and to `release` (the current one unless it is named), and the two
    answers are compared, whatever happened in between. Put every `incident` in the place of the one that you have,
    remove what left, keep `meta.release` as your next `since`: your copy is the answer of /v1/incidents again.
    """
    release, database, language = _end(query), state().database, answered_in()
    with database.reading() as connection:
        found = reads.page(
            connection,
            query,
            release.number,
            database.dialect,
            language=language,
            broad=state().broad(query.where, release.number, rows=query.limit),
            has_many=state().total(query.where, release).is_lower_bound,
        )
    asked = _parameters(query, language)
    following = found.next.encode() if found.next else None
    links = {"self": here(asked | _place(query))}
    if following:
        links["next"] = here(asked | {"cursor": following})
    meta = responses.about(release, query.where.parameters() | {"since": str(query.since)}) | {
        "since": query.since,
        "returned": len(found.changes),
        "limit": query.limit,
        "next_cursor": following,
    }
    complete = responses.citing(release).complete
    return responses.envelope((formats.as_json(change, complete) for change in found.changes), links, meta)


@blueprint.resource(
    "/incidents/<incident:incident_id>/history",
    operation_id="getIncidentHistory",
    query=FlatQuery(),
    answer=HistorySchema,
    fails=(404, 410),
    path_parameters=[INCIDENT_ID],
)
def history(query: dict[str, Any], incident_id: str) -> Response:
    """Every version of one incident, newest first, with what each changed.

    `release` leaves out what came later. At most the newest 200 come at once; `links.older` leads to the others.
    """
    release, language = pinned(query.get("release")), answered_in()
    with state().database.reading() as connection:
        versions, older = reads.history(connection, incident_id, release.number, most=MOST_VERSIONS, language=language)
    path = f"/v1/incidents/{incident_id}"
    spoken = {"lang": language} if "lang" in query or language != ENGLISH else {}
    at_release = {"release": str(query["release"])} if "release" in query else {}
    links = {"self": address(f"{path}/history", at_release | spoken), "incident": address(path, at_release)}
    if older is not None:
        links["older"] = address(f"{path}/history", {"release": str(older)} | spoken)
    data = [
        asdict(version) | {"links": {"self": address(path, {"release": str(version.from_release)})}}
        for version in versions
    ]
    return responses.envelope(map(orjson.dumps, data), links, responses.about(release))


def _end(query: ChangesQuery) -> Release:
    release = pinned(query.release)
    check_since(query.since, release.number)
    return release


def _parameters(query: ChangesQuery, language: str) -> dict[str, str]:
    asked = query.where.parameters() | {"since": str(query.since), "limit": str(query.limit)}
    if query.lang or language != ENGLISH:
        asked["lang"] = language
    return asked


def _place(query: ChangesQuery) -> dict[str, str]:
    if query.cursor:
        return {"cursor": query.cursor.encode()}
    return {"release": str(query.release)} if query.release is not None else {}
