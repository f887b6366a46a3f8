"""The one table from exceptions to problem documents (RFC 9457)."""

import logging
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, current_app
from werkzeug.exceptions import HTTPException

from api.domain import errors
from api.domain.errors import FoundlingError, InvalidQuery, TooManyRows, WithdrawnIncident
from api.serving.links import address

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "5"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem: `slug` is the fragment of its type's address, `advice` is for its documentation."""

    status: int
    slug: str
    title: str
    advice: str


PROBLEMS: dict[type[Exception], Problem] = {
    errors.InvalidQuery: Problem(
        400, "invalid-parameters", "The query has parameters that are not understood",
        "`errors` names each parameter and the rule; `did_you_mean`, when there, is an address that works.",
    ),
    errors.TooManyRows: Problem(
        400, "too-many-rows", "More rows match than this format holds",
        "`did_you_mean` gives all of them in another format; a narrower filter gives fewer.",
    ),
    errors.UnknownIncident: Problem(
        404, "unknown-incident", "There is no such incident", "Look the identifier up in /v1/incidents.",
    ),
    errors.WithdrawnIncident: Problem(
        410, "withdrawn-incident", "The incident was withdrawn",
        "`last_release` still has it; `superseded_by` is the incident that replaces it, if any.",
    ),
    errors.UnknownRelease: Problem(
        404, "unknown-release", "There is no such release", "Look the number up in /v1/releases.",
    ),
    errors.UnknownTile: Problem(
        404, "unknown-tile", "There is no such tile", "Zooms go from 0 to 10, x and y from 0 to 2^z - 1.",
    ),
    errors.NothingPublished: Problem(
        503, "nothing-published", "Nothing is published yet", "The operator has to run `foundling publish`.",
    ),
    errors.TooManyDownloads: Problem(
        503, "too-many-downloads", "Too many files are being downloaded", "Try again after the time in Retry-After."
    ),
    errors.SnapshotNotReady: Problem(
        503, "not-counted-yet", "What is to be counted is not ready yet", "Try again after the time in Retry-After."
    ),
    errors.DatabaseUnavailable: Problem(
        503, "unavailable", "The service is unavailable for the moment", "Try again after the time in Retry-After.",
    ),
}  # fmt: skip
HTTP_PROBLEMS: dict[int, Problem] = {
    404: Problem(404, "not-found", "There is nothing at this address", "See /v1/ for what there is."),
    405: Problem(
        405, "method-not-allowed", "This method is not allowed", "Everything public is read with GET or HEAD."
    ),
    414: Problem(414, "address-too-long", "The address is too long", "Keep it within 8,192 bytes; `ids` takes 200."),
    500: Problem(500, "internal-error", "Something went wrong on our side", "Try again; tell us if it happens again."),
}
_DETAILS = {
    404: "See /v1/ for what there is. The address of an incident ends in an id such as PE-2018-0001.",
    500: "Something went wrong on our side.",
}
_OTHER = Problem(400, "bad-request", "The request is not understood", "See `detail`.")


def from_foundling(error: FoundlingError) -> Response:
    """The answer to an error of our own."""
    problem = PROBLEMS.get(type(error))
    if problem is None:
        log.error("An error without a problem document.", exc_info=error)
        problem = HTTP_PROBLEMS[500]
    members: dict[str, Any] = {}
    if isinstance(error, InvalidQuery):
        members["errors"] = [{"parameter": one.parameter, "rule": one.rule} for one in error.problems]
        if error.did_you_mean:
            members["did_you_mean"] = error.did_you_mean
    if isinstance(error, TooManyRows):
        members["did_you_mean"] = error.instead
    if isinstance(error, WithdrawnIncident):
        members |= {
            "last_release": error.last_release,
            "reason": error.reason,
            "superseded_by": error.superseded_by,
        }
    answer = _answer(problem, str(error), members)
    if problem.status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer


def from_http(error: HTTPException) -> Response:
    """The answer to an error of Werkzeug's, with its headers (Allow, Retry-After)."""
    status = error.code or 500
    problem = HTTP_PROBLEMS.get(status, _OTHER)
    detail = _DETAILS.get(status) or error.description or error.name
    answer = _answer(problem, detail, {}, status=status)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _answer(problem: Problem, detail: str, members: dict[str, Any], *, status: int | None = None) -> Response:
    code = status or problem.status
    kind = address(f"/docs/errors#{problem.slug}")
    body = {"type": kind, "title": problem.title, "status": code, "detail": detail} | members
    return current_app.response_class(orjson.dumps(body), status=code, content_type=MEDIA_TYPE)
