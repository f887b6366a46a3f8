"""Excel workbooks (ECMA-376), written while they are sent: a sheet of rows, and one that says what they are.

Texts are written as text, in cells that stay text: none is taken for a formula, `2018-10` for a date or `NA` for a gap.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from api.domain.columns import Column
from api.formats.contents import Contents
from api.formats.rows import Rows

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST_ROWS = 100_000
"""More than people look through; a sheet itself ends at 1,048,576."""

_MOST_CHARACTERS = 32_767
_WIDTHS = {"text": 40, "code": 16, "date": 12, "datetime": 22, "integer": 12, "number": 12, "list": 32}
_HEADER, _TEXT = 1, 2

# What XML cannot hold stands as _x0001_, and a text that looks like one of those has its first sign so.
_SPECIAL = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN_XML = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_TYPES = f"""{_XML}<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_OPEN_XML}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_OPEN_XML}.styles+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_OPEN_XML}.worksheet+xml"/>\
<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_OPEN_XML}.worksheet+xml"/></Types>"""
_ROOT = f"""{_XML}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
_PARTS = f"""{_XML}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>\
<Relationship Id="rId3" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>"""
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}">\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def write(batches: Iterable[Rows], contents: Contents) -> Iterator[bytes]:
    """A workbook of two sheets: the rows, under a header that stays and filters, and `Read me`."""
    sink = _Sink()
    letters = [_letters(number) for number in range(1, len(contents.names) + 1)]
    count = 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, part in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/_rels/workbook.xml.rels", _PARTS),
            ("xl/styles.xml", _STYLES),
        ):
            _put(book, name, part)
        with book.open(_entry("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            before = _beginning(contents.columns) + _row(1, letters, contents.names, _HEADER)
            for batch in batches:
                rows = enumerate(batch.values(), count + 2)
                lines = [_row(number, letters, [row[name] for name in contents.names]) for number, row in rows]
                count += len(lines)
                sheet.write((before + "".join(lines)).encode())
                before = ""
                yield sink.taken()
            filtered = f"A1:{letters[-1]}{count + 1}"
            sheet.write(f'{before}</sheetData><autoFilter ref="{filtered}"/></worksheet>'.encode())
        _put(book, "xl/worksheets/sheet2.xml", _read_me(contents, count))
        _put(book, "xl/workbook.xml", _workbook(contents.table.name.capitalize(), letters[-1], count + 1))
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the archive is written: a file that goes forward only, and gives away what it has."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def write(self, part: Any, /) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        """What was written since the last time."""
        found, self._parts = b"".join(self._parts), []
        return found


def _entry(name: str) -> zipfile.ZipInfo:
    # The same question gives the same bytes: no time of day in it.
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _put(book: zipfile.ZipFile, name: str, part: str) -> None:
    book.writestr(_entry(name), part.encode())


def _letters(number: int) -> str:
    """The column's name in a spreadsheet: A for 1, AA for 27."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _beginning(columns: Sequence[Column]) -> str:
    widths = _columns([max(_WIDTHS[column.type], len(column.name) + 3) for column in columns])
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0" tabSelected="1">{frozen}'
        f"</sheetView></sheetViews>{widths}<sheetData>"
    )


def _columns(widths: Sequence[int]) -> str:
    told = (
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return f"<cols>{''.join(told)}</cols>"


def _row(number: int, letters: Sequence[str], values: Iterable[Any], style: int = _TEXT) -> str:
    cells = []
    for letter, value in zip(letters, values, strict=True):
        if value is None or value == "":
            continue
        if isinstance(value, str):
            told = _told(value)
            cells.append(
                f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'
            )
        else:
            cells.append(f'<c r="{letter}{number}"><v>{value!r}</v></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _told(text: str) -> str:
    """A text as XML, no longer than a cell holds."""
    if len(text) > _MOST_CHARACTERS // 2:
        text = _cut(text)
    return _SPECIAL.sub(_as_xml, text) if _SPECIAL.search(text) else text


def _cut(text: str) -> str:
    # Characters are counted as Excel does, in UTF-16.
    packed = text.encode("utf-16-le")
    if len(packed) <= 2 * _MOST_CHARACTERS:
        return text
    return packed[: 2 * (_MOST_CHARACTERS - 1)].decode("utf-16-le", errors="ignore") + "…"


def _as_xml(found: re.Match[str]) -> str:
    sign = found.group()
    return escape(sign, quote=False) if sign in "&<>" else f"_x{ord(sign):04X}_"


def _read_me(contents: Contents, count: int) -> str:
    about = contents.about
    told = [
        ("Title", contents.title),
        ("What it holds", f"{contents.table.title}: {count:,} rows, one for each {contents.table.row_is}"),
        ("Filter", contents.question or "none"),
        ("Release", str(about.get("release", ""))),
        ("Citation", about.get("citation", "")),
        ("Address", contents.address),
        ("Licence", about.get("licence", "")),
        ("Licence text", about.get("licence_url", "")),
        *(("Attribution", one) for one in about.get("attribution", ())),
        ("Columns", f"What each holds, with types and units: {contents.codebook}"),
        ("Dates", "Dates are text, as the evidence has them: 2018-10 is a month, and no first day of it."),
        ("NA", "NA in the column `country` is Namibia, and no missing value."),
        ("Empty cells", "Nothing is known or claimed; they are no zeros."),
        (
            "Long texts",
            f"Texts over {_MOST_CHARACTERS:,} characters, which no cell holds, end in …; CSV has them whole.",
        ),
    ]
    rows = "".join(
        _row(number, "AB", pair, _TEXT).replace('s="2"', f's="{_HEADER}"', 1) for number, pair in enumerate(told, 1)
    )
    return f'{_XML}<worksheet xmlns="{_MAIN}">{_columns([18, 120])}<sheetData>{rows}</sheetData></worksheet>'


def _workbook(name: str, last: str, count: int) -> str:
    # The hidden name is what Excel itself writes beside a filter.
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{name}" sheetId="1" r:id="rId1"/><sheet name="Read me" sheetId="2" r:id="rId2"/></sheets>'
        f'<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'
        f"{name}!$A$1:${last}${count}</definedName></definedNames></workbook>"
    )
