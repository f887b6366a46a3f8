"""How to cite any answer."""

from flask import Response

from api.domain.citation import cite
from api.domain.query import CitationQuery
from api.domain.wording import in_words
from api.formats.citations import FORMS
from api.schemas.parameters.citation import citation_schema
from api.serving import responses
from api.serving.language import answered_in
from api.serving.links import address
from api.serving.openapi import Blueprint
from api.serving.state import pinned, state

blueprint = Blueprint("citation", __name__, url_prefix="/v1", description="How to cite.")

_FIRST = next(iter(FORMS.values()))


@blueprint.resource(
    "/citation",
    operation_id="getCitation",
    query=citation_schema(tuple(FORMS)),
    answer={"type": "string"},
    media_type=_FIRST.media_type,
    other_media_types={
        form.media_type: {"type": "array", "items": {"type": "object"}}
        if "json" in form.media_type
        else {"type": "string"}
        for form in FORMS.values()
        if form is not _FIRST
    },
    fails=(404,),
)
def citation(query: CitationQuery) -> Response:
    """How to cite the answer to a question: the filters are those of /v1/incidents.

    The address in it is pinned to the release, and gives the same incidents for ever.
    """
    release, form = pinned(query.release), FORMS.get(query.form or "", _FIRST)
    asked = query.where.parameters() | {"release": str(release.number)}
    cited = cite(
        state().dataset(release.number),
        release,
        address("/v1/incidents", asked),
        question=in_words(query.where),
        language=answered_in(),
    )
    return responses.data(form.write(cited).encode(), form.media_type)
