"""What may be asked of maps: the filters of incidents, and no language, for tiles hold no words."""

from typing import Any

from marshmallow import post_load

from api.domain.tiles import TileQuery
from api.schemas.parameters.queries import FilterQuery


class TileSchema(FilterQuery):
    """Which incidents a map shows."""

    class Meta(FilterQuery.Meta):
        exclude = ("lang",)

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> TileQuery:
        return TileQuery(self._filter(data), data.get("release"))
