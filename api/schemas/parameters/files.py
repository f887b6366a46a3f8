"""What may be asked of files: filters, the columns of the table, and what only some formats know."""

from collections.abc import Callable, Collection
from typing import Any

from marshmallow import fields, post_load

from api.domain.query import GEOMETRIES, FileQuery, Sort
from api.domain.tables import CHANGES, FIGURES, INCIDENTS, Table
from api.schemas.parameters.changes import SinceQuery
from api.schemas.parameters.fields import Columns, SortKey, Word
from api.schemas.parameters.queries import SORT, FilterQuery

OPTIONS: dict[str, Callable[[], fields.Field[Any]]] = {
    "bom": lambda: Word(
        ("true", "false"), description="true puts a byte order mark first, for Excel.", x_example="true"
    ),
    "geometry": lambda: Word(
        GEOMETRIES,
        description="What is drawn: `point` (the default) the point; `area` the disk of `uncertainty_m` around it, "
        "as a MultiPolygon.",
        x_example="area",
    ),
}
"""Parameters of single formats, by name."""

_EXAMPLES = {INCIDENTS.name: ["id", "date_start", "country_name", "lon", "lat"]}


class FileSchema(FilterQuery):
    """A whole file."""

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> FileQuery:
        return FileQuery(
            self._filter(data),
            data.get("sort", Sort()),
            data.get("release"),
            data.get("lang"),
            columns=data.get("fields", ()),
            has_bom=data.get("bom") == "true",
            geometry=data.get("geometry", "point"),
            since=data.get("since"),
        )


class SortedFileSchema(FileSchema):
    """A whole file in the order of its incidents."""

    sort = SortKey(metadata=SORT)


class ChangesFileSchema(FileSchema, SinceQuery):
    """All changes since a release."""


def file_schema(table: Table, options: Collection[str]) -> FilterQuery:
    """The parameters of a table's file in a format with these options."""
    columns = Columns(
        table.names,
        description="Columns of the file, comma-separated, in this order. Without it, all of them.",
        x_example=_EXAMPLES.get(table.name, list(table.names[:3])),
    )
    added: dict[str, Any] = {"fields": columns} | {name: OPTIONS[name]() for name in sorted(options)}
    plain = SortedFileSchema if table in (INCIDENTS, FIGURES) else FileSchema
    kind = ChangesFileSchema if table == CHANGES else plain
    name = f"{table.name.capitalize()}{''.join(sorted(options)).capitalize()}FileSchema"
    schema: FilterQuery = kind.from_dict(added, name=name)()  # type: ignore[assignment]
    return schema
