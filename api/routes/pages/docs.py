"""The interactive reference, and what each kind of problem means."""

from flask import Blueprint, render_template

from api.serving.problems import HTTP_PROBLEMS, PROBLEMS

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs")
def docs() -> str:
    """The reference, in which every call can be tried."""
    return render_template("docs.html")


@blueprint.get("/docs/errors")
def errors() -> str:
    """The page that the `type` of every problem document leads to."""
    found = {problem.slug: problem for problem in (*PROBLEMS.values(), *HTTP_PROBLEMS.values())}
    return render_template("errors.html", problems=sorted(found.values(), key=lambda problem: problem.status))
