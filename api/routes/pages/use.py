"""Pick incidents and a tool, and take away what to paste into it."""

from collections.abc import Mapping
from itertools import groupby

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from api.consumers.proven import PROVEN
from api.consumers.question import Question
from api.consumers.tools import TOOLS
from api.domain.countries import COUNTRIES
from api.domain.errors import InvalidQuery, ParameterProblem
from api.schemas.parameters.consumers import ConsumersQuery
from api.schemas.parameters.load import load
from api.serving.query_string import decode
from api.serving.state import current, state

blueprint = Blueprint("use", __name__)

_QUERY = ConsumersQuery()
_CODED = ("category", "outcome", "precision", "verification")
_OFFERED = ("country", *_CODED, "datetime", "q", "bbox")


@blueprint.get("/use", strict_slashes=True)
def use() -> tuple[str, int]:
    """The page. Its address takes the filters of the API; a form sends what is left open as an empty value."""
    written, parameters, problems = _asked()
    question = Question(state().public_url, parameters)
    shown = written if problems else parameters
    page = render_template(
        "use.html",
        groups=[(name, list(tools)) for name, tools in groupby(TOOLS, key=lambda tool: tool.group)],
        question=question,
        proven=PROVEN,
        parameters=shown,
        # What the form has no place for is kept all the same.
        further={name: value for name, value in shown.items() if name not in _OFFERED},
        choices=_choices(shown),
        problems=problems,
        is_local=question.words()["host"].startswith(("127.0.0.1", "localhost")),
    )
    return page, 400 if problems else 200


@blueprint.get("/use/", strict_slashes=True)
def use_without_slash() -> Response:
    """What a reader gets who writes a slash more."""
    return redirect("../use", 308)


def _asked() -> tuple[dict[str, str], dict[str, str], list[ParameterProblem]]:
    """The filters as they were written, in canonical spelling, and what is wrong with them."""
    written: dict[str, str] = {}
    try:
        given = [(name, value) for name, value in decode(request.query_string) if value.strip()]
        written = dict(given)
        return written, load(_QUERY, given, state().codelists(current().number)), []
    except InvalidQuery as error:
        return written, {}, error.problems


def _choices(parameters: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What each list offers: codes and words. An address may ask for several codes at once; then they are one more."""
    release = current().number
    countries = ((code, COUNTRIES[code].name) for code in state().covered(release)["countries"])
    found = {"country": sorted(countries, key=lambda one: one[1])}
    for name in _CODED:
        labels = ((code, entry["label_en"]) for code, entry in state().codes(name, release).items())
        found[name] = sorted(labels, key=lambda one: one[1])
    for name, offered in found.items():
        value = parameters.get(name, "")
        if value and value not in dict(offered):
            words = dict(offered)
            offered.append((value, ", ".join(words.get(code, code) for code in value.split(","))))
    return found
