"""The interactive reference, and what each kind of problem means."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from api.serving.problems import HTTP_PROBLEMS, PROBLEMS

blueprint = Blueprint("docs", __name__)


# Addresses within pages are relative, so that they hold under any prefix: a slash more would break them.
@blueprint.get("/docs", strict_slashes=True)
def docs() -> str:
    """The reference, in which every call can be tried."""
    return render_template("docs.html")


@blueprint.get("/docs/", strict_slashes=True)
def docs_without_slash() -> Response:
    """What a reader gets who writes a slash more."""
    return redirect("../docs", 308)


@blueprint.get("/docs/errors", strict_slashes=True)
def errors() -> str:
    """The page that the `type` of every problem document leads to."""
    found = {problem.slug: problem for problem in (*PROBLEMS.values(), *HTTP_PROBLEMS.values())}
    return render_template("errors.html", problems=sorted(found.values(), key=lambda problem: problem.status))
