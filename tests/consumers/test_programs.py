"""Programs and notebooks: each snippet runs as it is pasted, and gives the rows that the API counts."""

import importlib.metadata
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from api.consumers.question import Question
from tests.consumers.conftest import MATCHING, output_of
from tests.consumers.record import version

Find = Callable[[str, str], str]
Pastes = Callable[[str], list[str]]
Proves = Callable[..., None]
Run = Callable[..., str]
Site = tuple[Path, str]

VENDOR = Path(__file__).parent / "vendor"


def named(package: str) -> str:
    return f"{package} {importlib.metadata.version(package)}"


def test_curl_takes_the_file_and_later_only_what_is_new(
    pastes: Pastes, program: Find, tmp_path: Path, proves: Proves
) -> None:
    curl = version(output_of([program("curl", "curl"), "--version"], tmp_path))
    plain, conditional = pastes("curl")
    output_of(["sh", "-c", plain], tmp_path)
    whole = (tmp_path / "incidents.csv").read_bytes()
    assert b"\r\n" in whole
    assert whole.startswith(b"id,title,")
    output_of(["sh", "-c", conditional], tmp_path)
    assert (tmp_path / "incidents.csv").read_bytes() == whole
    again = output_of(["sh", "-c", conditional + " --write-out '%{http_code}'"], tmp_path)
    assert again == "304"
    assert (tmp_path / "incidents.csv").read_bytes() == whole
    proves("curl", f"curl {curl}")
    proves("tableau", f"the download by curl {curl}", how="rules")
    proves("superset", f"the download by curl {curl}", how="rules")


def test_requests_follows_pages_to_the_end(pastes: Pastes, run_python: Run, proves: Proves) -> None:
    [snippet] = pastes("requests")
    # Pages of five, so that there is something to follow.
    found = run_python(snippet.replace('"limit": 1000', '"limit": 5'), "print(len({row['id'] for row in incidents}))")
    assert found.splitlines() == [f"{MATCHING} of {MATCHING}", str(MATCHING)]
    proves("requests", named("requests"))


def test_pandas_keeps_namibia_and_types(pastes: Pastes, run_python: Run, proves: Proves) -> None:
    [incidents, figures] = pastes("pandas")
    after = """
kinds = incidents["date_start"].dtype.kind, incidents["lon"].dtype.kind
print(sorted(set(incidents["country"])), *kinds, len(incidents))
print(incidents["admin1"].isna().all(), incidents.columns[0])
print(len(figures), list(figures.columns)[:2])
trap = pd.read_csv(ADDRESS)
print(trap["country"].isna().sum(), sorted(set(trap["country_iso3"])))
"""
    address = incidents.split('"')[1]
    found = run_python(incidents + "\n" + figures, after.replace("ADDRESS", repr(address)), "pandas").splitlines()
    assert found[0] == f"['NA', 'PE'] M f {MATCHING}"
    assert found[1] == "True id"
    assert found[2] == "0 ['incident_id', 'claim']"
    assert found[3] == "10 ['NAM', 'PER']"  # what the two options are there for
    proves("pandas", named("pandas"))


def test_pandas_opens_the_workbook(asked: Question, run_python: Run) -> None:
    snippet = f'import pandas as pd\nbook = pd.read_excel("{asked.words()["xlsx"]}", keep_default_na=False)'
    after = 'print(len(book), sorted(set(book["date_edtf"])), book["lon"].dtype.kind, "=1+1" in set(book["title"]))'
    found = run_python(snippet, after, "pandas", "openpyxl")
    assert found == f"{MATCHING} ['2018', '2018-10', '2018-11-06'] f True\n"


def test_geopandas_reads_points_and_disks(pastes: Pastes, run_python: Run, proves: Proves) -> None:
    [snippet] = pastes("geopandas")
    after = """
print(len(incidents), set(incidents.geom_type), incidents.crs.to_epsg(), "NA" in set(incidents["country"]))
print(len(disks), set(disks.geom_type), disks.geometry.contains(incidents.geometry).all())
"""
    found = run_python(snippet, after, "geopandas").splitlines()
    assert found == [f"{MATCHING} {{'Point'}} 4326 True", f"{MATCHING} {{'MultiPolygon'}} True"]
    proves("geopandas", f"{named('geopandas')} with {named('pyogrio')}")


def test_polars_reads_lines(pastes: Pastes, run_python: Run, proves: Proves) -> None:
    [snippet] = pastes("polars")
    after = 'print(incidents.height, incidents["lon"].dtype, sorted(set(incidents["country"])))'
    assert run_python(snippet, after, "polars") == f"{MATCHING} Float64 ['NA', 'PE']\n"
    proves("polars", named("polars"))


def test_duckdb_reads_the_downloaded_file(
    pastes: Pastes, program: Find, run_python: Run, tmp_path: Path, proves: Proves
) -> None:
    over_http, downloaded, _ = pastes("duckdb")
    program("curl", "curl")
    fetch, command = downloaded.splitlines()
    output_of(["sh", "-c", fetch], tmp_path)
    query = command.removeprefix('duckdb -c "').removesuffix('"')
    assert query.startswith("FROM read_csv('incidents.csv'")
    run = f"import duckdb\nprint(sorted(duckdb.sql({query!r}).fetchall()))"
    assert run_python(run, "", "duckdb") == "[('Namibia', 10), ('Peru', 2)]\n"
    # The same read_csv as over HTTP, which needs an extension that is downloaded: here on the file.
    address = over_http.split("'")[1]
    run = (
        f"import duckdb\nfor one in {over_http.replace(address, 'incidents.csv')!r}.split(';')[:2]: r = duckdb.sql(one)"
    )
    after = """
print(r.fetchall())
types = "SELECT typeof(date_start), typeof(lon), count(admin1), min(country) FROM incidents GROUP BY ALL"
print(duckdb.sql(types).fetchall())
"""
    found = run_python(run, after).splitlines()
    assert found == ["[('Namibia', 10), ('Peru', 2)]", "[('DATE', 'DOUBLE', 0, 'NA')]"]
    proves("duckdb", f"{named('duckdb')} on the downloaded file")


def test_duckdb_reads_the_stored_file(pastes: Pastes, run_python: Run, tmp_path: Path) -> None:
    [statement] = [one for one in pastes("duckdb") if "parquet" in one]
    address = statement.split("'")[1]
    (tmp_path / "incidents.parquet").write_bytes(requests.get(address, timeout=20).content)
    run = f"import duckdb\nprint(sorted(duckdb.sql({statement.replace(address, 'incidents.parquet')!r}).fetchall()))"
    assert run_python(run, "", "duckdb") == "[('Namibia', 10), ('Peru', 2)]\n"


def test_a_stored_file_comes_in_ranges_as_duckdb_asks_for_them(asked: Question) -> None:
    address = f"{asked.home}/v1/releases/latest/incidents.parquet"
    head = requests.head(address, timeout=20)
    size = int(head.headers["Content-Length"])
    assert head.headers["Accept-Ranges"] == "bytes"
    # Its end with the length of the footer, the footer, the beginning.
    for start, stop, magic in ((size - 8, size, b"PAR1"), (size - 100, size, b"PAR1"), (0, 4, b"PAR1")):
        part = requests.get(address, headers={"Range": f"bytes={start}-{stop - 1}"}, timeout=20)
        assert part.status_code == 206
        assert part.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
        assert len(part.content) == stop - start
        assert magic in part.content
    last = requests.get(address, headers={"Range": "bytes=-8"}, timeout=20)
    assert last.content.endswith(b"PAR1")
    beyond = requests.get(address, headers={"Range": f"bytes={size}-"}, timeout=20)
    assert beyond.status_code == 416


def test_a_streamed_file_never_promises_ranges(asked: Question) -> None:
    for address in (asked.words()["csv"], asked.words()["geojson"]):
        head = requests.head(address, headers={"Range": "bytes=0-9"}, timeout=20)
        assert head.status_code == 200
        assert head.headers.get("Accept-Ranges", "none") == "none"
        part = requests.get(address, headers={"Range": "bytes=0-9"}, timeout=20)
        assert part.status_code == 200, "a server that has no ranges sends the whole"
        assert len(part.content) > 10


def test_gdal_reads_and_converts(pastes: Pastes, program: Find, tmp_path: Path, proves: Proves) -> None:
    gdal = version(output_of([program("ogrinfo", "gdal-bin"), "--version"], tmp_path))
    info, convert, points, box = pastes("gdal")
    told = output_of(["sh", "-c", info], tmp_path)
    assert f"Feature Count: {MATCHING}" in told
    assert "Geometry: Point" in told
    for command in (convert, points):
        output_of(["sh", "-c", command], tmp_path)
        told = output_of(["ogrinfo", "-al", "-q", "incidents.gpkg", "-where", "country = 'NA'"], tmp_path)
        assert told.count("POINT (") == MATCHING - 2
        assert "uncertainty_m (Integer" in told
        (tmp_path / "incidents.gpkg").unlink()
    output_of(["sh", "-c", box], tmp_path)
    told = output_of(["ogrinfo", "-al", "-so", "box.gpkg"], tmp_path)
    assert "Feature Count: 2" in told, "the box holds Peru"
    proves("gdal", f"GDAL {gdal}")


def in_a_page(snippet: str, browser: Browser, site: Site, *, library: str | None = None) -> Any:
    """What `incidents` holds after a snippet ran as a module of a page of another origin."""
    folder, address = site
    loaded = ""
    if library:
        (folder / library).write_bytes((VENDOR / library).read_bytes())
        loaded = f'<script src="{library}"></script>'
    script = f"{snippet}\nwindow.found = incidents;\ndocument.title = 'done';"
    (folder / "page.html").write_text(
        f'<!doctype html><meta charset="utf-8">{loaded}<script type="module">{script}</script>', encoding="utf-8"
    )
    page = browser.new_page()
    try:
        page.goto(f"{address}/page.html")
        page.wait_for_function("document.title === 'done'", timeout=20_000)
        return page.evaluate("window.found")
    finally:
        page.close()


@pytest.mark.browser
def test_a_page_of_another_origin_fetches(pastes: Pastes, browser: Browser, site: Site, proves: Proves) -> None:
    [snippet] = pastes("javascript")
    found = in_a_page(snippet, browser, site)
    assert len(found) == MATCHING
    assert all(not isinstance(value, dict | list) for row in found for value in row.values())
    proves("javascript", f"Chromium {browser.version}")


@pytest.mark.browser
def test_d3_types_the_columns(pastes: Pastes, browser: Browser, site: Site, proves: Proves) -> None:
    [cell, module] = pastes("observable")
    assert cell.split("d3.csv")[1] == module.split("d3.csv")[1].rstrip(";")
    found = in_a_page(module, browser, site, library="d3.js")
    assert len(found) == MATCHING
    assert {row["country"] for row in found} == {"NA", "PE"}
    assert all(isinstance(row["lon"], float | int) for row in found)
    assert all(hasattr(row["date_start"], "year") for row in found)
    proves("observable", "D3 7.9.2 in Chromium")


def test_a_wrong_filter_is_an_error_in_every_program(asked: Question, tmp_path: Path, program: Find) -> None:
    wrong = asked.words()["csv"].replace("country=", "countri=")
    done = output_of(["sh", "-c", f"{program('curl', 'curl')} --fail --silent '{wrong}' || echo refused"], tmp_path)
    assert done == "refused\n"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(wrong)
    assert json.load(refused.value)["did_you_mean"] == asked.words()["csv"]
    assert sys.version_info >= (3, 11)
