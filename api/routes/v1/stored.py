"""Stored files of releases: one address each, and what describes them."""

from typing import Any

from flask import Response

from api.exports.registry import FORMATS, StoredFormat
from api.exports.sets import DATA_PACKAGE, MANIFEST
from api.schemas.answers.stored import DataPackageSchema, ManifestSchema
from api.schemas.parameters.queries import EmptyQuery
from api.serving import stored
from api.serving.openapi import RELEASE, Blueprint

blueprint = Blueprint(
    "stored",
    __name__,
    url_prefix=stored.PREFIX,
    description="Whole releases as files that lie ready: with ranges, sizes and digests.",
)

_MORE = (
    "Ranges and HEAD work, so that DuckDB, GDAL and browsers read only what they need. `latest` is the newest release "
    "that has this file; `Content-Location` tells which. Of older releases than the newest few there are none."
)


def _declare(form: StoredFormat) -> None:
    def file(_query: dict[str, Any], which: str) -> Response:
        return stored.answer(which, form.file)

    file.__doc__ = f"Every incident of a release as {form.title}.\n\n{_MORE}"
    name = "".join(part.capitalize() for part in form.extension.split("."))
    rule, operation_id = f"/<release:which>/{form.file}", f"getStored{name}"
    if form.is_available:
        blueprint.resource(
            rule,
            operation_id=operation_id,
            query=EmptyQuery(),
            answer={"type": "string", "format": "binary"},
            media_type=form.media_type,
            fails=(404, 416),
            path_parameters=[RELEASE],
        )(file)
    else:
        # Another host may have written it; what this one cannot, it does not document.
        blueprint.undocumented(rule, operation_id=operation_id, query=EmptyQuery())(file)


for _form in FORMATS:
    _declare(_form)


@blueprint.resource(
    f"/<release:which>/{MANIFEST}",
    operation_id="getManifest",
    query=EmptyQuery(),
    answer=ManifestSchema,
    fails=(404,),
    path_parameters=[RELEASE],
)
def manifest(_query: dict[str, Any], which: str) -> Response:
    """Which files of a release there are, with sizes and sha256."""
    return stored.answer(which, MANIFEST)


@blueprint.resource(
    f"/<release:which>/{DATA_PACKAGE}",
    operation_id="getDataPackage",
    query=EmptyQuery(),
    answer=DataPackageSchema,
    fails=(404,),
    path_parameters=[RELEASE],
)
def data_package(_query: dict[str, Any], which: str) -> Response:
    """The files of a release as a data package (Frictionless): licence, sources, and the columns of the CSV."""
    return stored.answer(which, DATA_PACKAGE)
