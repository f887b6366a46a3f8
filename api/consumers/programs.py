"""Programs and notebooks."""

from api.consumers.tool import Paste, Tool

PROGRAMS: tuple[Tool, ...] = (
    Tool(
        "curl",
        "curl",
        "Programs",
        "Everything that matches, as a file.",
        (
            Paste("code", "In a shell:", "curl --fail --compressed --output incidents.csv '§csv'"),
            Paste(
                "code",
                "Only when there is something new, afterwards:",
                "curl --fail --compressed --etag-compare etag.txt --etag-save etag.txt --output incidents.csv '§csv'",
            ),
        ),
        "Keep the quotes: without them the shell cuts the address at &. --fail makes an error an error.",
    ),
    Tool(
        "requests",
        "Python: requests",
        "Programs",
        "Page by page, for programs that work on a part at a time.",
        (
            Paste(
                "code",
                "With pip install requests:",
                """import requests

incidents = []
address, parameters = "§home/v1/incidents", §python_dict | {"limit": 1000}
while address:
    answer = requests.get(address, params=parameters, timeout=60)
    answer.raise_for_status()
    page = answer.json()
    incidents += page["data"]
    address, parameters = page["links"].get("next"), None
print(len(incidents), "of", page["meta"]["total"])""",
            ),
        ),
        "links.next holds the filter and the release already: send no parameters with it. It is missing on the last "
        "page.",
    ),
    Tool(
        "pandas",
        "Python: pandas",
        "Programs",
        "A data frame in one call.",
        (
            Paste(
                "code",
                "With pip install pandas:",
                """import pandas as pd

incidents = pd.read_csv(
    "§csv",
    keep_default_na=False,
    na_values=[""],
    parse_dates=["date_start", "date_end", "updated"],
)""",
            ),
            Paste(
                "code",
                "Every claim of a number, a row each:",
                """figures = pd.read_csv(
    "§home/v1/figures.csv§asked",
    keep_default_na=False,
    na_values=[""],
)""",
            ),
        ),
        "NA is Namibia, and read_csv would take it for a missing value: hence the two options.",
    ),
    Tool(
        "geopandas",
        "Python: GeoPandas",
        "Programs",
        "Points, or the disks in which the places lie.",
        (
            Paste(
                "code",
                "With pip install geopandas:",
                """import geopandas as gpd

incidents = gpd.read_file("§geojson")
disks = gpd.read_file("§home/v1/incidents.geojson?geometry=area§more")""",
            ),
        ),
        "Join to areas with the disks, or keep precision: the point of a province lies in one of its districts only by "
        "chance.",
    ),
    Tool(
        "polars",
        "Python: Polars",
        "Programs",
        "A data frame from lines of JSON.",
        (
            Paste(
                "code",
                "With pip install polars requests:",
                """import polars as pl
import requests

answer = requests.get("§home/v1/incidents.ndjson§asked", timeout=60)
answer.raise_for_status()
incidents = pl.read_ndjson(answer.content, infer_schema_length=None)""",
            ),
        ),
        "Types are inferred from all lines: a column that is empty in the first hundred is not guessed wrong.",
    ),
    Tool(
        "duckdb",
        "DuckDB",
        "Programs",
        "SQL over the file.",
        (
            Paste(
                "code",
                "In the shell of DuckDB, or in any of its clients:",
                """CREATE TABLE incidents AS
FROM read_csv('§csv', header = true, nullstr = '', all_varchar = false);
SELECT country_name, count(*) AS incidents FROM incidents GROUP BY ALL ORDER BY incidents DESC;""",
            ),
            Paste(
                "code",
                "Without its httpfs extension: download, then read.",
                """curl --fail --output incidents.csv '§csv'
duckdb -c "FROM read_csv('incidents.csv', header = true) SELECT country_name, count(*) GROUP BY ALL\"""",
            ),
            Paste(
                "code",
                "From the stored GeoParquet of the release, of which it fetches no more than it needs:",
                """SELECT country_name, count(*) AS incidents
FROM '§home/v1/releases/latest/incidents.parquet'
WHERE date_start >= '2018-01-01' GROUP BY ALL;""",
            ),
        ),
        "An address that ends in a query needs read_csv(); FROM 'address' looks at the ending. The stored file is "
        "always the whole release: the WHERE is DuckDB's.",
    ),
    Tool(
        "gdal",
        "GDAL",
        "Programs",
        "From the address into GeoPackage, Shapefile, PostGIS or any other format.",
        (
            Paste("code", "What is in it:", "ogrinfo -so -al '§geojson'"),
            Paste("code", "Into a GeoPackage:", "ogr2ogr incidents.gpkg '§geojson' -nln incidents"),
            Paste(
                "code",
                "From the CSV, with points:",
                "ogr2ogr incidents.gpkg 'CSV:/vsicurl_streaming/§csv' -oo X_POSSIBLE_NAMES=lon"
                " -oo Y_POSSIBLE_NAMES=lat -oo AUTODETECT_TYPE=YES -a_srs EPSG:4326 -nln incidents",
            ),
            Paste(
                "code",
                "A box of the stored FlatGeobuf of the release, by a few ranges:",
                "ogr2ogr box.gpkg '/vsicurl/§home/v1/releases/latest/incidents.fgb' -spat -82 -20 -68 0",
            ),
        ),
        "/vsicurl/ asks for the length first, which stored files have; the others are made while they are sent. The "
        "plain address, or /vsicurl_streaming/, reads those from front to back.",
    ),
    Tool(
        "r-readr",
        "R: readr",
        "Programs",
        "A tibble in one call.",
        (
            Paste(
                "code",
                'With install.packages("readr"):',
                """library(readr)

incidents <- read_csv("§csv", na = "", guess_max = Inf)""",
            ),
        ),
        'NA is Namibia, and read_csv would take it for a missing value: hence na = "".',
    ),
    Tool(
        "r-sf",
        "R: sf",
        "Programs",
        "Points, or the disks in which the places lie.",
        (
            Paste(
                "code",
                'With install.packages("sf"):',
                """library(sf)

incidents <- read_sf("§geojson")
disks <- read_sf("§home/v1/incidents.geojson?geometry=area§more")""",
            ),
        ),
        "Join to areas with the disks, or keep precision: the point of a province lies in one of its districts only by "
        "chance.",
    ),
    Tool(
        "r-httr2",
        "R: httr2",
        "Programs",
        "Page by page, by cursor.",
        (
            Paste(
                "code",
                'With install.packages("httr2"):',
                """library(httr2)

pages <- request("§home/v1/incidents") |>
  req_url_query(limit = 1000§r_arguments) |>
  req_perform_iterative(
    next_req = iterate_with_cursor("cursor", \\(page) resp_body_json(page)$meta$next_cursor),
    max_reqs = Inf
  )
incidents <- resps_data(pages, \\(page) resp_body_json(page)$data)""",
            ),
        ),
        "next_cursor is always there, and null at the end, which is what stops the iteration.",
    ),
    Tool(
        "javascript",
        "JavaScript",
        "Programs",
        "In a browser or in Node, without a library.",
        (
            Paste(
                "code",
                "In a module:",
                """const answer = await fetch("§json");
if (!answer.ok) throw new Error((await answer.json()).detail);
const incidents = await answer.json();""",
            ),
        ),
        "Every page may read it: no key, no proxy. Put titles into pages as text, never as HTML.",
    ),
    Tool(
        "observable",
        "Observable and D3",
        "Programs",
        "Typed rows in a notebook or a chart.",
        (
            Paste("code", "In a cell:", 'incidents = d3.csv("§csv", d3.autoType)'),
            Paste("code", "In a module with D3:", 'const incidents = await d3.csv("§csv", d3.autoType);'),
        ),
        "autoType makes dates of date_edtf as well: take date_start and date_end, which are full dates.",
    ),
)
