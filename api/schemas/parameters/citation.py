"""What may be asked of citations: any question, and the form."""

from typing import Any

from marshmallow import post_load

from api.domain.query import CitationQuery
from api.schemas.parameters.fields import Word
from api.schemas.parameters.queries import FilterQuery


def citation_schema(forms: tuple[str, ...]) -> FilterQuery:
    """The parameters of a citation in one of these forms, of which the first is the default."""
    form = Word(forms, description=f"Form of the citation; {forms[0]} without it.", x_example="bibtex")
    schema: FilterQuery = _CitationSchema.from_dict({"format": form}, name="CitationSchema")()  # type: ignore[assignment]
    return schema


class _CitationSchema(FilterQuery):
    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> CitationQuery:
        return CitationQuery(self._filter(data), data.get("format"), data.get("release"), data.get("lang"))
