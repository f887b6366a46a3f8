"""Files are the same wherever their chunks begin and end."""

import csv as reader
import io
import json
from dataclasses import dataclass
from typing import Any

import pytest

from api.domain.columns import COLUMN_NAMES
from api.formats import csv, geojson
from api.formats.registry import EXTENSIONS, FORMATS

COUNTS = [0, 1, 2, 499, 500, 501, 1000, 1001]


@dataclass(frozen=True)
class Invented:
    """A record of nothing but its number."""

    number: int
    lon: float = -71.5
    lat: float = 1e-05

    @property
    def id(self) -> str:
        """As in PE-2018-0001."""
        return f"PE-2018-{self.number:04d}"

    @property
    def json(self) -> bytes:
        """The flat object, as JSON."""
        return json.dumps(self.values()).encode()

    def values(self) -> dict[str, Any]:
        """The flat object."""
        return dict.fromkeys(COLUMN_NAMES) | {
            "id": self.id,
            "lon": self.lon,
            "lat": self.lat,
            "title": f"=={self.number}",
        }


@pytest.mark.parametrize("count", COUNTS)
def test_geojson_is_whole(count: int) -> None:
    records = [Invented(number) for number in range(count)]
    chunks = list(geojson.write(records, {"release": 1}))
    body = json.loads(b"".join(chunks))
    assert all(chunks)
    assert body["release"] == 1
    assert [feature["properties"] for feature in body["features"]] == [record.values() for record in records]
    assert all(feature["geometry"]["coordinates"] == [-71.5, 0.00001] for feature in body["features"])


@pytest.mark.parametrize("count", COUNTS)
def test_csv_is_whole(count: int) -> None:
    body = b"".join(csv.write([Invented(number) for number in range(count)])).decode()
    rows = list(reader.DictReader(io.StringIO(body, newline="")))
    assert [row["title"] for row in rows] == [f"'=={number}" for number in range(count)]
    assert all((row["lon"], row["place"]) == ("-71.5", "") for row in rows)


def test_nothing_is_written_before_the_first_record_is_read() -> None:
    for form in FORMATS:
        with pytest.raises(ZeroDivisionError):
            next(form.write((Invented(1 // number) for number in (0, 1)), {"release": 1}, {}))


def test_every_format_has_an_extension_of_its_own() -> None:
    assert len(set(EXTENSIONS)) == len(FORMATS)
    assert all(extension.isalnum() for extension in EXTENSIONS)
