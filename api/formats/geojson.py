"""GeoJSON (RFC 7946): one feature a record, its flat object as properties."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from api.formats.record import Record

CHUNK = 500
"""Features that are sent at a time."""


def feature(record: Record) -> bytes:
    """One Feature; the stored object is spliced in as it is."""
    return b'{"type":"Feature","id":"%s","geometry":{"type":"Point","coordinates":[%s,%s]},"properties":%s}' % (
        record.id.encode(),
        repr(record.lon).encode(),
        repr(record.lat).encode(),
        record.json,
    )


def write(records: Iterable[Record], about: Mapping[str, Any]) -> Iterator[bytes]:
    """A FeatureCollection; `about` becomes members of the collection, before the features."""
    # The beginning waits for the first features: with a database that is down, nothing is sent at all.
    before = head = b'{"type":"FeatureCollection",' + orjson.dumps(about)[1:-1] + b',"features":[\n'
    batch: list[bytes] = []
    for record in records:
        batch.append(feature(record))
        if len(batch) == CHUNK:
            yield before + b",\n".join(batch)
            batch, before = [], b",\n"
    yield (before if batch or before is head else b"") + b",\n".join(batch) + b"\n]}\n"
