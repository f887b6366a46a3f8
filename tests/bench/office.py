"""By hand: a workbook and tables are opened by LibreOffice and pandas, and read back as they were.

`make office` needs soffice (apt-get install libreoffice-calc) and pandas, of which neither is a dependency; what is not
there is said, and not tried.
"""

import csv
import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import orjson

from api.domain.columns import COLUMNS
from api.formats import csv as tables
from api.formats import xlsx
from api.formats.contents import Contents
from api.formats.rows import Made

ABOUT = {"release": 1, "licence": "CC-BY-4.0", "attribution": ["Foundling"], "citation": "Foundling. Release 1."}
TITLES = (
    "plain",
    "=1+1",
    "+49",
    "-2+3",
    "@x",
    "2018-10",
    "007",
    'say "no", twice',
    "two\nlines",
    "é 孩子",
    "NA",
    "1e5",
)


def rows() -> list[dict[str, Any]]:
    """Records of Namibia with a number below nothing, a month, and titles of every kind."""
    empty = {column.name: None if column.is_nullable else 0 for column in COLUMNS}
    texts = {
        column.name: "x" for column in COLUMNS if column.type not in ("integer", "number") and not column.is_nullable
    }
    place = {"country": "NA", "country_iso3": "NAM", "country_name": "Namibia", "lon": -17.5, "lat": -22.25}
    when = {"date_edtf": "2018-10", "date_start": "2018-10-01", "date_end": "2018-10-31"}
    return [empty | texts | place | when | {"id": f"NA-2018-{n:04d}", "title": one} for n, one in enumerate(TITLES)]


def main() -> None:
    """Writes both files, and has them read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for extension, chunks in (
            ("xlsx", xlsx.write([Made(rows())], Contents(about=ABOUT))),
            ("csv", tables.write([Made(rows())], Contents())),
            ("bom.csv", tables.write([Made(rows())], Contents(has_bom=True))),
        ):
            (folder / f"file.{extension}").write_bytes(b"".join(chunks))
        _office(folder)
        _pandas(folder)


def _office(folder: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        click.echo("NOT RUN: no LibreOffice. apt-get install libreoffice-calc")
        return
    for name in ("file.xlsx", "file.bom.csv"):
        target = folder / "read"
        # Comma, quotes, UTF-8, every cell as it is shown.
        told = ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", "--outdir", str(target)]
        subprocess.run([soffice, "--headless", *told, str(folder / name)], check=True, capture_output=True)
        with (target / f"{name.rpartition('.')[0]}.csv").open(encoding="utf-8", newline="") as read:
            found = list(csv.DictReader(read))
        is_workbook = name.endswith("xlsx")
        _compare(f"LibreOffice, {name}", found, TITLES if is_workbook else [_guarded(title) for title in TITLES])
        if is_workbook:
            assert {row["date_edtf"] for row in found} == {"2018-10"}


def _pandas(folder: Path) -> None:
    if importlib.util.find_spec("pandas") is None:
        click.echo("NOT RUN: no pandas. pip install pandas openpyxl")
        return
    import pandas as pd  # noqa: PLC0415 - it may not be there

    for name, read in (("file.xlsx", pd.read_excel), ("file.csv", pd.read_csv), ("file.bom.csv", pd.read_csv)):
        kept = {} if name == "file.xlsx" else {"encoding": "utf-8-sig"}
        frame = read(folder / name, keep_default_na=False, na_values=[""], dtype={"title": str}, **kept)
        found = orjson.loads(frame.to_json(orient="records"))
        titles = TITLES if name == "file.xlsx" else [_guarded(title) for title in TITLES]
        _compare(f"pandas, {name}", found, titles)
        assert set(frame["country_iso3"]) == {"NAM"}
        assert frame["lon"].dtype.kind == "f"
        default = read(folder / name, **kept)
        assert default["country"].isna().all(), "the trap that country_iso3 is there for"
        assert set(default["country_iso3"]) == {"NAM"}


def _guarded(title: str) -> str:
    return f"'{title}" if title.startswith(("=", "+", "-", "@")) else title


def _compare(what: str, found: list[dict[str, Any]], titles: Iterable[str]) -> None:
    assert [row["title"] for row in found] == list(titles), [row["title"] for row in found]
    assert {str(row["country"]) for row in found} == {"NA"}
    assert {str(row["lon"]) for row in found} == {"-17.5"}
    click.echo(f"{what}: {len(found)} rows as they were")


if __name__ == "__main__":
    main()
