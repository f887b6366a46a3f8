"""What may be asked of hexagons: the filters of incidents, a resolution, a measure."""

from typing import Any

from marshmallow import post_load

from api.domain.hexagons import FINEST, HexagonsQuery, fitting_resolution
from api.schemas.parameters.fields import Word
from api.schemas.parameters.stats import MeasuredQuery

_AUTO = "auto"


class HexagonsSchema(MeasuredQuery):
    """Counts by cell of the H3 grid."""

    resolution = Word(
        (_AUTO, *map(str, range(FINEST + 1))),
        description="0 to 5: cells some 2,200, 840, 320, 120, 45 or 17 km wide. `auto` (the default) fills the area of "
        "`bbox` or `near` with some thousands of cells; without an area it is 2.",
        x_example="3",
    )

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> HexagonsQuery:
        asked, resolution = self.measured(data), data.get("resolution", _AUTO)
        resolution = fitting_resolution(asked["where"]) if resolution == _AUTO else int(resolution)
        return HexagonsQuery(**asked, resolution=resolution)


class HexagonsFileSchema(HexagonsSchema):
    """Counts by cell, for a spreadsheet."""

    bom = Word(("true", "false"), description="true puts a byte order mark first, for Excel.", x_example="true")
