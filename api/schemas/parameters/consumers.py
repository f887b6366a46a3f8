"""What may be asked of the page of tools: any filter, a release and a language."""

from typing import Any

from marshmallow import post_load

from api.schemas.parameters.queries import FilterQuery


class ConsumersQuery(FilterQuery):
    """Which incidents a tool is to open; loads into parameters in canonical spelling and order."""

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> dict[str, str]:
        further = {name: str(data[name]) for name in ("release", "lang") if name in data}
        return self._filter(data).parameters() | further
