"""Whole files of incidents, in every format of the registry."""

from flask import Response, request

from api.database.reads import incidents as reads
from api.domain.query import PageQuery
from api.formats.registry import FORMATS, Format
from api.schemas.answers.incidents import FeatureCollectionSchema
from api.schemas.parameters.queries import CsvSchema, FileSchema
from api.serving import responses
from api.serving.language import answered_in
from api.serving.openapi import Blueprint
from api.serving.state import pinned, state

blueprint = Blueprint("downloads", __name__, url_prefix="/v1", description="Everything that matches, in one file.")


def _declare(form: Format) -> None:
    def download(query: PageQuery) -> Response:
        release, database = pinned(query.release), state().database
        records = reads.stream(
            database.engine, query.where, query.sort, release.number, database.dialect, language=answered_in()
        )
        chunks = form.write(records, responses.about(release), request.args)
        filename = f"foundling-incidents-release-{release.number}.{form.extension}"
        return responses.stream(chunks, form.media_type, filename)

    download.__doc__ = form.summary
    blueprint.resource(
        f"/incidents.{form.extension}",
        operation_id=f"downloadIncidents{form.extension.capitalize()}",
        query=CsvSchema() if form.extension == "csv" else FileSchema(),
        answer=FeatureCollectionSchema if form.extension == "geojson" else {"type": "string"},
        media_type=form.media_type,
        fails=(404,),
    )(download)


for _form in FORMATS:
    _declare(_form)
