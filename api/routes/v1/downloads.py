"""Whole files: every table in every format of the registry."""

from flask import Response

from api.domain.changes import check_since
from api.domain.errors import TooManyRows
from api.domain.query import FileQuery
from api.domain.release import Release
from api.domain.tables import CHANGES
from api.domain.wording import in_words
from api.formats.contents import Contents
from api.formats.registry import File
from api.schemas.answers.files import file_answer
from api.serving import caching, files, responses, tables
from api.serving.language import answered_in
from api.serving.links import address
from api.serving.openapi import Blueprint
from api.serving.state import pinned, state

blueprint = Blueprint(
    "downloads", __name__, url_prefix=files.PREFIX, description="Everything that matches, in one file."
)

_MORE = {
    "figures": "A row a claim, as its source makes it: claims that disagree stand side by side.",
    "sources": "Without a filter, also those that only context entries cite; with one, in the order of the incidents.",
    "places": "Without a filter, all that are published; with one, in the order of the incidents.",
    "changes": "A row a field. An incident that entered or left has one row without a field: its columns are those of "
    "/v1/incidents.csv. What only the nested record holds is compact JSON, under a field that begins with a slash.",
}


def _declare(file: File) -> None:
    form, table = file.format, file.table

    def download(query: FileQuery) -> Response:
        release = pinned(query.release)
        if query.since is not None:
            check_since(query.since, release.number)
        _check_size(file, query, release)
        chunks = form.write(tables.rows(table, query, release), _contents(file, query, release))
        return responses.stream(chunks, form.media_type, _filename(file, query, release))

    download.__doc__ = "\n\n".join(filter(None, [file.summary, _MORE.get(table.name)]))
    blueprint.resource(
        file.path,
        operation_id=f"download{table.name.capitalize()}{form.extension.capitalize()}",
        query=files.QUERIES[file],
        answer=file_answer(table, form.extension),
        media_type=form.media_type,
        fails=(404,),
    )(download)


def _contents(file: File, query: FileQuery, release: Release) -> Contents:
    dataset, about = state().dataset(release.number), responses.about(release, query.parameters())
    return Contents(
        file.table,
        query.columns,
        about,
        title=dataset["title"].get(answered_in(), dataset["title"]["en"]),
        question=in_words(query.where),
        address=caching.cited_address(),
        codebook=address("/v1/codebook", {"release": str(release.number)}),
        has_bom=query.has_bom,
        geometry=query.geometry,
    )


def _filename(file: File, query: FileQuery, release: Release) -> str:
    which = f"{query.since}-to-{release.number}" if file.table == CHANGES else str(release.number)
    return f"foundling-{file.table.name}-release-{which}.{file.format.extension}"


def _check_size(file: File, query: FileQuery, release: Release) -> None:
    most = file.format.most_rows
    if most is not None and state().is_more_than(most, query.where, release):
        pinned_to = {"release": str(query.release)} if query.release is not None else {}
        spoken = {"lang": query.lang} if query.lang else {}
        asked = query.parameters() | pinned_to | spoken
        raise TooManyRows(most, address(f"{files.PREFIX}/{file.table.name}.csv", asked))


for _file in files.QUERIES:
    _declare(_file)
