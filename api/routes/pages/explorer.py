"""The map: every incident with its uncertainty, and the same incidents as a table."""

from flask import Blueprint, render_template

blueprint = Blueprint("explorer", __name__)


@blueprint.get("/")
def explorer() -> str:
    """The page; its scripts ask the API for the rest."""
    return render_template("explorer.html")
