"""Large programs, which `make consumers` alone asks for: LibreOffice, QGIS, R, and DuckDB over HTTP."""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.browser import not_run
from tests.consumers.conftest import MATCHING, output_of
from tests.consumers.record import version

pytestmark = pytest.mark.by_hand

Find = Callable[[str, str], str]
Pastes = Callable[[str], list[str]]
Proves = Callable[..., None]

TITLES = {"plain", "=1+1", "2018-10", "007", 'say "no", twice', "é 孩子", "NA", "1e5", "@x", "An invented incident"}
GUARDED = {"'=1+1", "'@x"}
CSV_OUT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
"""Comma, quotes, UTF-8, every cell as it is shown."""
DRAW_TILES = """
from urllib.parse import quote
from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings, QgsRectangle, QgsVectorTileLayer
from qgis.PyQt.QtCore import QSize
layer = QgsVectorTileLayer("type=xyz&zmin=0&zmax=10&url=" + quote("ADDRESS", safe=""), "tiles")
settings = QgsMapSettings()
settings.setLayers([layer])
settings.setDestinationCrs(layer.crs())
settings.setExtent(QgsRectangle(-20037508, -10018754, 20037508, 10018754))
settings.setOutputSize(QSize(800, 400))
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
ground = image.pixel(0, 0)
drawn = sum(image.pixel(x, y) != ground for x in range(800) for y in range(400))
print(layer.isValid(), drawn)
"""
DUCKDB = ("duckdb==1.4.4", "duckdb-ext-httpfs==1.4.4.20260205")
"""The newest version whose httpfs extension is on PyPI; DuckDB itself fetches it from a host of its own."""


def test_libreoffice_opens_the_addresses_as_they_are(
    pastes: Pastes, program: Find, tmp_path: Path, proves: Proves
) -> None:
    office = program("soffice", "libreoffice-calc")
    told = output_of([office, "--version"], tmp_path)
    workbook, table = pastes("libreoffice")
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    output_of([*command, CSV_OUT, "--outdir", str(tmp_path / "book"), workbook], tmp_path)
    # What the dialogue asks: commas, quotes, UTF-8, from row 1, quoted fields as text, no special numbers.
    told_apart = "--infilter=CSV:44,34,76,1,,0,true,false"
    output_of([*command, CSV_OUT, told_apart, "--outdir", str(tmp_path / "table"), table], tmp_path)
    for folder, titles in (("book", TITLES), ("table", TITLES - {"=1+1", "@x"} | GUARDED)):
        [path] = (tmp_path / folder).glob("*.csv")
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["title"].replace("\n", " ") for row in rows} == titles | {"two lines"}
        assert {row["country"] for row in rows} == {"NA", "PE"}
        assert {row["date_edtf"] for row in rows} == {"2018-10", "2018-11-06", "2018"}
        assert len(rows) == MATCHING
    proves("libreoffice", f"LibreOffice {version(told)}")
    proves("excel", f"the workbook, read by LibreOffice {version(told)} and openpyxl", how="rules")


def test_the_workbook_is_one_to_openpyxl(pastes: Pastes, program: Find, tmp_path: Path) -> None:
    output_of([program("curl", "curl"), "--fail", "--silent", "--output", "book.xlsx", pastes("excel")[0]], tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx").worksheets[0]
    assert sheet.max_row == MATCHING + 1


def test_qgis_adds_the_layers(pastes: Pastes, program: Find, tmp_path: Path, proves: Proves) -> None:
    program("qgis_process", "qgis python3-qgis")
    points, disks, console, tiles = pastes("qgis")
    script = f"""
from qgis.core import Qgis, QgsApplication, QgsProject, QgsVectorLayer
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
{console}
for one in (layer, QgsVectorLayer("{points}", "points", "ogr"), QgsVectorLayer("{disks}", "disks", "ogr")):
    countries = sorted({{feature["country"] for feature in one.getFeatures()}})
    print(one.isValid(), one.featureCount(), one.geometryType(), one.crs().authid(), countries)
print(len(QgsProject.instance().mapLayers()), Qgis.version())
QgsProject.instance().clear()
{DRAW_TILES.replace("ADDRESS", tiles)}
"""
    python = Path("/usr/bin/python3")
    command = ["env", "-u", "PYTHONPATH", "QT_QPA_PLATFORM=offscreen", f"HOME={tmp_path}", str(python), "-c", script]
    lines = output_of(command, tmp_path).splitlines()
    assert [line.split()[:2] for line in lines[:3]] == [["True", str(MATCHING)]] * 3
    assert all("EPSG:4326 ['NA', 'PE']" in line or "OGC:CRS84 ['NA', 'PE']" in line for line in lines[:3]), lines
    assert lines[3].startswith("1 ")
    assert lines[4].split()[0] == "True"
    assert int(lines[4].split()[1]) > 20, "pixels of points and areas"
    proves("qgis", f"QGIS {version(lines[3])}, its Python console without a screen")


def r(snippet: str, after: str, program: Find, folder: Path, package: str) -> list[str]:
    """Lines printed by R after a snippet, the versions of R and of the package last."""
    script = folder / "snippet.R"
    versions = f'cat(paste("R", getRversion()), "\\n", paste("{package}", packageVersion("{package}")), "\\n")'
    script.write_text(f"{snippet}\n{after}\n{versions}\n", encoding="utf-8")
    command = [program("Rscript", f"r-base-core r-cran-{package}"), "--vanilla", str(script)]
    return [line.strip() for line in output_of(command, folder).splitlines()]


def test_readr_keeps_namibia_and_types(pastes: Pastes, program: Find, tmp_path: Path, proves: Proves) -> None:
    [snippet] = pastes("r-readr")
    after = """
cat(nrow(incidents), sort(unique(incidents$country)), class(incidents$date_start), class(incidents$lon), "\\n")
cat(all(is.na(incidents$admin1)), names(incidents)[1], "\\n")"""
    found = r(snippet, after, program, tmp_path, "readr")
    assert found[-4:-2] == [f"{MATCHING} NA PE Date numeric", "TRUE id"]
    proves("r-readr", f"{found[-1]} in {found[-2]}")


def test_sf_reads_points_and_disks(pastes: Pastes, program: Find, tmp_path: Path, proves: Proves) -> None:
    [snippet] = pastes("r-sf")
    after = """
for (layer in list(incidents, disks)) {
  cat(nrow(layer), as.character(unique(st_geometry_type(layer))), st_crs(layer)$epsg, unique(layer$country), "\\n")
}"""
    found = r(snippet, after, program, tmp_path, "sf")
    assert [set(line.split()) for line in found[-4:-2]] == [
        {str(MATCHING), "POINT", "4326", "NA", "PE"},
        {str(MATCHING), "MULTIPOLYGON", "4326", "NA", "PE"},
    ]
    proves("r-sf", f"{found[-1]} in {found[-2]}")


def test_httr2_follows_cursors_to_the_end(pastes: Pastes, program: Find, tmp_path: Path, proves: Proves) -> None:
    rscript, asks = program("Rscript", "r-base-core r-cran-httr2"), 'cat(format(packageVersion("httr2") >= "1.0"))'
    if output_of([rscript, "--vanilla", "-e", asks], tmp_path) != "TRUE":
        not_run('NOT RUN: no httr2 1.0 or newer. install.packages("httr2")')
    [snippet] = pastes("r-httr2")
    after = 'cat(length(pages), length(unique(sapply(incidents, function(one) one$id))), "\\n")'
    found = r(snippet.replace("limit = 1000", "limit = 5"), after, program, tmp_path, "httr2")
    assert found[-3] == f"3 {MATCHING}"
    proves("r-httr2", f"{found[-1]} in {found[-2]}")


def test_duckdb_reads_the_address_with_its_extension(
    pastes: Pastes, program: Find, tmp_path: Path, proves: Proves
) -> None:
    uv = program("uv", "(a release of uv)")
    streamed, _, stored = pastes("duckdb")
    statements = [one for one in f"{stored}{streamed}".split(";") if one.strip()]
    script = f"""
import duckdb, pathlib, sys
connection = duckdb.connect()
[extension] = [one for folder in sys.path for one in pathlib.Path(folder).glob("duckdb_ext/**/httpfs.duckdb_extension")]
connection.load_extension(str(extension))
for statement in {statements!r}:
    result = connection.execute(statement).fetchall()
    if statement.strip().startswith("SELECT"):
        print(sorted(result))
"""
    packages = [part for package in DUCKDB for part in ("--with", package)]
    command = [uv, "run", "--quiet", "--no-project", "--python", sys.executable, *packages, "python", "-c", script]
    assert output_of(command, tmp_path) == "[('Namibia', 10), ('Peru', 2)]\n" * 2
    proves("duckdb", f"DuckDB {DUCKDB[0].partition('==')[2]} with httpfs on the address")
