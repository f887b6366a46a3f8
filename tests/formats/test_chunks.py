"""Files are the same wherever their batches begin and end."""

import csv as reader
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from api.domain.columns import COLUMN_NAMES
from api.formats import csv, geojson
from api.formats import json as arrays
from api.formats.contents import Contents
from api.formats.registry import EXTENSIONS, FILES, FORMATS
from api.formats.rows import Incidents, Made, made

COUNTS = [0, 1, 2, 499, 500, 501, 1001]


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
        return json.dumps(self.values(), separators=(",", ":"), ensure_ascii=False).encode()

    def values(self) -> dict[str, Any]:
        """The flat object."""
        return dict.fromkeys(COLUMN_NAMES) | {
            "id": self.id,
            "lon": self.lon,
            "lat": self.lat,
            "uncertainty_m": 5000,
            "title": f"=={self.number}",
        }


def batches(count: int, size: int = 500) -> Iterator[Incidents]:
    records = [Invented(number) for number in range(count)]
    for start in range(0, count, size):
        yield Incidents(records[start : start + size])


def expected(count: int) -> list[dict[str, Any]]:
    return [Invented(number).values() for number in range(count)]


@pytest.mark.parametrize("count", COUNTS)
def test_geojson_is_whole(count: int) -> None:
    chunks = list(geojson.write(batches(count), Contents(about={"release": 1})))
    body = json.loads(b"".join(chunks))
    assert all(chunks)
    assert body["release"] == 1
    assert [feature["properties"] for feature in body["features"]] == expected(count)
    assert all(feature["geometry"]["coordinates"] == [-71.5, 0.00001] for feature in body["features"])


@pytest.mark.parametrize("count", COUNTS)
def test_csv_is_whole(count: int) -> None:
    body = b"".join(csv.write(batches(count), Contents())).decode()
    rows = list(reader.DictReader(io.StringIO(body, newline="")))
    assert [row["title"] for row in rows] == [f"'=={number}" for number in range(count)]
    assert all((row["lon"], row["place"]) == ("-71.5", "") for row in rows)


@pytest.mark.parametrize("count", COUNTS)
def test_json_and_its_lines_are_whole(count: int) -> None:
    assert json.loads(b"".join(arrays.write(batches(count), Contents()))) == expected(count)
    lines = b"".join(arrays.write_lines(batches(count), Contents())).splitlines()
    assert [json.loads(line) for line in lines] == expected(count)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.extension)
def test_a_file_is_the_same_wherever_its_batches_end(form: Any) -> None:
    wholes = {b"".join(form.write(batches(30, size), Contents())) for size in (1, 7, 30)}
    if form.extension == "xlsx":  # compressed, which depends on the pieces
        wholes = {zipfile.ZipFile(io.BytesIO(whole)).read("xl/worksheets/sheet1.xml") for whole in wholes}
    assert len(wholes) == 1


def test_nothing_is_written_before_the_first_record_is_read() -> None:
    def failing() -> Iterator[Incidents]:
        yield Incidents([Invented(1 // number) for number in (0, 1)])

    for form in FORMATS:
        with pytest.raises(ZeroDivisionError):
            next(form.write(failing(), Contents(about={"release": 1})))


def test_a_file_whose_rows_break_off_never_ends_as_if_complete() -> None:
    def failing() -> Iterator[Incidents]:
        yield from batches(1000)
        raise ZeroDivisionError

    for form in FORMATS:
        sent: list[bytes] = []
        with pytest.raises(ZeroDivisionError):
            sent.extend(form.write(failing(), Contents(about={"release": 1})))
        if form.extension == "xlsx":
            with pytest.raises(zipfile.BadZipFile):
                zipfile.ZipFile(io.BytesIO(b"".join(sent)))
        elif form.extension in ("json", "geojson"):
            with pytest.raises(ValueError):
                json.loads(b"".join(sent))


@pytest.mark.parametrize("names", [("title", "id"), ("lat",), ("place", "id"), ("place",)])
def test_chosen_columns_come_in_the_order_asked_for(names: tuple[str, ...]) -> None:
    contents = Contents(chosen=names)
    values = [[row[name] for name in names] for row in expected(3)]
    objects = json.loads(b"".join(arrays.write(batches(3), contents)))
    assert [list(one) for one in objects] == [list(names)] * 3
    assert [list(one.values()) for one in objects] == values
    header, *rows = reader.reader(io.StringIO(b"".join(csv.write(batches(3), contents)).decode(), newline=""))
    assert tuple(header) == names
    assert rows == [[written(value) for value in row] for row in values]
    features = json.loads(b"".join(geojson.write(batches(3), contents)))["features"]
    assert [list(feature["properties"]) for feature in features] == [list(names)] * 3
    assert [feature["id"] for feature in features] == [row["id"] for row in expected(3)]


def written(value: Any) -> str:
    if value is None:
        return ""
    return f"'{value}" if str(value).startswith("=") else "0.00001" if value == 1e-05 else str(value)


HOSTILE: Sequence[Any] = (
    None, "", "a", 'a,"b"', '","', ",", ',""', '""', '"', "\\", "\\\\", "\n", "\r\n", "null", "=1", "'=1", "a\tb", "\t",
    "],[", -1, -0.5, 0, 10**15, True, "\u2028", "é", '","=1', "+", "-", "@x", "\r",
)  # fmt: skip


@pytest.mark.parametrize("first", HOSTILE)
@pytest.mark.parametrize("second", HOSTILE)
def test_any_two_cells_read_back_as_they_were(first: Any, second: Any) -> None:
    body = b"".join(csv.table(["a", "b"], [{"a": first, "b": second}], has_bom=False)).decode()
    (_, row) = reader.reader(io.StringIO(body, newline=""), strict=True)
    assert row == [guarded(first), guarded(second)]


@dataclass(frozen=True)
class Spoken(Invented):
    """A record that says anything."""

    title: Any = None
    place: Any = None

    def values(self) -> dict[str, Any]:
        """The flat object."""
        return Invented.values(self) | {"title": self.title, "place": self.place, "lat": 0.5}


@pytest.mark.parametrize("place", HOSTILE)
def test_stored_bytes_become_the_lines_that_values_do(place: Any) -> None:
    records = [Spoken(number, title=title, place=place) for number, title in enumerate(HOSTILE)]
    whole = b"".join(csv.write([Incidents(records)], Contents()))
    assert whole == b"".join(csv.write([Incidents(records)], Contents(chosen=COLUMN_NAMES)))
    rows = list(reader.DictReader(io.StringIO(whole.decode(), newline=""), strict=True))
    assert [(row["title"], row["place"]) for row in rows] == [(guarded(title), guarded(place)) for title in HOSTILE]


def test_stored_bytes_in_another_order_are_read_by_name() -> None:
    class Odd(Invented):
        @property
        def json(self) -> bytes:
            return json.dumps(dict(reversed(self.values().items()))).encode()

    (row,) = reader.DictReader(io.StringIO(b"".join(csv.write([Incidents([Odd(3)])], Contents())).decode(), newline=""))
    assert (row["id"], row["title"], row["lon"]) == ("PE-2018-0003", "'==3", "-71.5")


@pytest.mark.parametrize("only", HOSTILE)
def test_a_line_of_one_cell_is_a_line(only: Any) -> None:
    body = b"".join(csv.table(["a"], [{"a": only}, {"a": "z"}], has_bom=False)).decode()
    header, row, last = reader.reader(io.StringIO(body, newline=""), strict=True)
    assert (header, row, last) == (["a"], [guarded(only)], ["z"])


def guarded(value: Any) -> str:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else "true" if value is True else str(value)


def test_rows_that_are_made_are_written_together() -> None:
    assert [len(some.rows) for some in made(({"a": n} for n in range(7)), at_once=3)] == [3, 3, 1]
    assert list(made([])) == []
    assert Made([{"a": 1}]).objects() == [b'{"a":1}']


def test_every_format_and_file_has_a_place_of_its_own() -> None:
    assert len(set(EXTENSIONS)) == len(FORMATS)
    assert all(extension.isalnum() for extension in EXTENSIONS)
    assert len({file.path for file in FILES}) == len(FILES)
