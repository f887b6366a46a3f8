"""Arrow record batches of incidents: the columns of the flat record with their types, and the point as WKB."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from struct import Struct

from arro3.core import DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import read_json

from api.domain.columns import COLUMNS, ColumnType
from api.formats.record import Record
from api.formats.rows import Incidents

GEOMETRY, BOUNDS = "geometry", "bbox"
SIDES = ("xmin", "ymin", "xmax", "ymax")

_TYPES: dict[ColumnType, DataType] = {
    "text": DataType.string(),
    "code": DataType.string(),
    "list": DataType.string(),
    "date": DataType.date32(),
    "datetime": DataType.timestamp("ms", tz="UTC"),
    "integer": DataType.int64(),
    "number": DataType.float64(),
}
_POINT = Struct("<BIdd")
_LITTLE_ENDIAN, _OF_A_POINT = 1, 1


def reader(batches: Iterable[Incidents], *, has_bounds: bool = False) -> RecordBatchReader:
    """A stream that is read once, a batch at a time; `has_bounds` adds each point's box, by which readers skip rows."""
    fields = [Field(column.name, _TYPES[column.type], nullable=column.is_nullable) for column in COLUMNS]
    fields.append(Field(GEOMETRY, DataType.binary(), nullable=False))
    if has_bounds:
        sides = [Field(side, DataType.float64(), nullable=False) for side in SIDES]
        fields.append(Field(BOUNDS, DataType.struct(sides), nullable=False))
    schema = Schema(fields)
    return RecordBatchReader.from_batches(schema, _batches(batches, schema, has_bounds=has_bounds))


def _batches(batches: Iterable[Incidents], schema: Schema, *, has_bounds: bool) -> Iterator[RecordBatch]:
    # The flat objects are JSON already: Arrow's own reader makes columns of it, and no object of Python's on the way.
    for batch in batches:
        objects = zip(batch.records, batch.objects(), strict=True)
        lines = b"\n".join([_line(record, flat, has_bounds=has_bounds) for record, flat in objects])
        yield from read_json(BytesIO(lines), schema, batch_size=len(batch.records))


def _line(record: Record, flat: bytes, *, has_bounds: bool) -> bytes:
    lon, lat = record.lon, record.lat
    point = _POINT.pack(_LITTLE_ENDIAN, _OF_A_POINT, lon, lat).hex()  # which is how JSON has binary
    box = f'"{BOUNDS}":{{"xmin":{lon!r},"ymin":{lat!r},"xmax":{lon!r},"ymax":{lat!r}}},' if has_bounds else ""
    return f'{{"{GEOMETRY}":"{point}",{box}'.encode() + flat[1:]
