"""Workbooks read back as they were written, texts as texts and numbers as numbers, in what others read them with."""

import io
import json
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from api.domain.columns import Column
from api.domain.tables import Table
from api.formats import xlsx
from api.formats.contents import Contents
from api.formats.rows import Made

TABLE = Table(
    "incidents",
    "All of it",
    "incident",
    (Column("text", "text", "A text."), Column("number", "number", "A number."), Column("code", "code", "A code.")),
)
ABOUT = {
    "release": 3,
    "licence": "CC-BY-4.0",
    "licence_url": "https://l",
    "attribution": ["A", "B"],
    "citation": "C & D",
}
TEXTS = (
    "plain", "=1+1", "+49", "-2", "@x", "2018-10", "2018", "NA", "TRUE", "1e5", "007", " spaces  ",
    "two\nlines", "tab\there", "<b>&amp;</b>", '"quoted"', "\N{BABY} é 孩子", "]]>", "'", "#REF!", "http://x.example/?a=1&b=2",
)  # fmt: skip


def book_of(rows: list[dict[str, Any]], contents: Contents | None = None) -> bytes:
    return b"".join(xlsx.write([Made(rows)] if rows else [], contents or Contents(TABLE, about=ABOUT)))


def opened(book: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(book))


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    cell = opened(book_of([{"text": text, "number": 1, "code": None}])).worksheets[0]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text
    assert cell.number_format == "@", "a cell of text, also when somebody edits it"


@pytest.mark.parametrize("number", [0, 1, -2, -0.5, 1.25, 10**15, -71.5, 0.00001])
def test_a_number_stays_a_number(number: float) -> None:
    cell = opened(book_of([{"text": "x", "number": number, "code": "y"}])).worksheets[0]["B2"]
    assert (cell.data_type, cell.value) == ("n", number)


def test_null_and_the_empty_text_are_empty_cells() -> None:
    sheet = opened(book_of([{"text": "", "number": None, "code": "x"}])).worksheets[0]
    assert [cell.value for cell in sheet[2]] == [None, None, "x"]


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x0b", "\r", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_escaped_as_the_standard_says(sign: str) -> None:
    part = sheet_of(book_of([{"text": f"a{sign}b", "number": 1, "code": "x"}]))
    assert f"a_x{ord(sign):04X}_b" in part
    ET.fromstring(part)


def test_a_text_that_looks_like_such_an_escape_is_told_apart() -> None:
    assert "_x005F_x0041_ literal" in sheet_of(book_of([{"text": "_x0041_ literal", "number": 1, "code": "x"}]))


@pytest.mark.parametrize(("letter", "whole"), [("a", 32_767), ("\N{BABY}", 16_383)])
def test_a_text_that_no_cell_holds_ends_in_a_sign(letter: str, whole: int) -> None:
    fits, cut = (
        opened(book_of([{"text": letter * count, "number": 1, "code": "x"}])).worksheets[0]["A2"].value
        for count in (whole, whole + 1)
    )
    assert fits == letter * whole
    assert cut.endswith(f"{letter}…")
    assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_the_header_stays_and_filters_and_columns_are_wide_enough() -> None:
    book = opened(book_of([{"text": "x", "number": 1, "code": "y"}] * 3))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["text", "number", "code"]
    assert all(cell.font.b for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"
    assert [sheet.column_dimensions[letter].width for letter in "ABC"] == [40, 12, 16]
    assert book.sheetnames == ["Incidents", "Read me"]


def test_the_second_sheet_says_what_it_is() -> None:
    contents = Contents(TABLE, about=ABOUT, title="The title", question="country PE", address="https://a?b&c")
    told = [(row[0].value, row[1].value) for row in opened(book_of([], contents)).worksheets[1].rows]
    assert ("Title", "The title") in told
    assert ("Filter", "country PE") in told
    assert ("Citation", "C & D") in told
    assert ("Address", "https://a?b&c") in told
    assert ("Licence", "CC-BY-4.0") in told
    assert [value for name, value in told if name == "Attribution"] == ["A", "B"]
    assert ("What it holds", "All of it: 0 rows, one for each incident") in told
    assert any(name == "NA" and "Namibia" in value for name, value in told)


def test_nothing_is_still_a_workbook_with_its_header() -> None:
    sheet = opened(book_of([])).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.rows] == [["text", "number", "code"]]
    assert sheet.auto_filter.ref == "A1:C1"


def test_the_same_rows_are_the_same_bytes_and_every_part_is_xml() -> None:
    rows = [{"text": text, "number": 1, "code": "x"} for text in TEXTS]
    book = book_of(rows)
    assert book == book_of(rows)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (703, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(number: int, letters: str) -> None:
    rows = [dict.fromkeys((f"c{n}" for n in range(number)), 1)]
    names = tuple(rows[0])
    table = Table("incidents", "T", "row", tuple(Column(name, "integer", "N.") for name in names))
    assert f'r="{letters}2"' in sheet_of(book_of(rows, Contents(table, about=ABOUT)))


def sheet_of(book: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


def test_rows_are_given_out_while_they_are_read() -> None:
    taken: list[int] = []

    def batches() -> Any:
        for number in range(3):
            taken.append(number)
            yield Made([{"text": json.dumps(list(range(5000))), "number": number, "code": "x"}])

    chunks = xlsx.write(batches(), Contents(TABLE, about=ABOUT))
    assert next(chunks)
    assert taken == [0]
