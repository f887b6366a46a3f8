"""GeoJSON (RFC 7946): one feature a record, its flat object as properties."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import orjson

from api.domain.outline import outline
from api.formats.contents import Contents
from api.formats.record import Record
from api.formats.rows import Incidents, chosen_objects

MEDIA_TYPE = "application/geo+json"

_KEPT = 1024
"""Disks that are kept, of a kilobyte each: many incidents happen in the same places."""

_POINT = b'{"type":"Feature","id":"%s","geometry":{"type":"Point","coordinates":[%s,%s]},"properties":%s}'
_AREA = b'{"type":"Feature","id":"%s","geometry":{"type":"MultiPolygon","coordinates":%s},"properties":%s}'


def feature(record: Record, properties: bytes) -> bytes:
    """One Feature; the object is spliced in as it is."""
    return _POINT % (record.id.encode(), repr(record.lon).encode(), repr(record.lat).encode(), properties)


def write(batches: Iterable[Incidents], contents: Contents) -> Iterator[bytes]:
    """A FeatureCollection; what belongs to every answer becomes members of the collection, before the features."""
    # The beginning waits for the first features: with a database that is down, nothing is sent at all.
    before = head = orjson.dumps({"type": "FeatureCollection", **contents.about})[:-1] + b',"features":[\n'
    features = _areas if contents.geometry == "area" else _points
    for batch in batches:
        yield before + b",\n".join(features(batch, contents))
        before = b",\n"
    yield (head if before is head else b"") + b"\n]}\n"


def _points(batch: Incidents, contents: Contents) -> Sequence[bytes]:
    objects = chosen_objects(batch, contents)
    return [feature(record, properties) for record, properties in zip(batch.records, objects, strict=True)]


def _areas(batch: Incidents, contents: Contents) -> Sequence[bytes]:
    # Of one type in the whole file, which is what desktop programs ask of a layer: most are of a single polygon.
    objects = chosen_objects(batch, contents)
    return [
        _AREA % (record.id.encode(), _disk(record.lon, record.lat, _radius_m(record)), properties)
        for record, properties in zip(batch.records, objects, strict=True)
    ]


def _radius_m(record: Record) -> float:
    radius_m: float = orjson.loads(record.json)["uncertainty_m"]
    return radius_m


@lru_cache(maxsize=_KEPT)
def _disk(lon: float, lat: float, radius_m: float) -> bytes:
    return orjson.dumps(outline(lon, lat, radius_m))
