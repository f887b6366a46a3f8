"""The servers that a user would take instead: installed apart, filled with the same records, started as they advise.

tipg and pygeoapi read PostGIS, Datasette reads SQLite. All get the flat columns of the product's own CSV, with indexes
for every question that is asked of them.
"""

import csv
import json
import sqlite3
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from api.domain.columns import COLUMNS
from tests.bench.servers import Command

PACKAGES = {
    "tipg": ("tipg==1.6.1", "uvicorn[standard]==0.54.*"),
    "pygeoapi": (
        "pygeoapi==0.21.0",
        "gunicorn==27.*",
        "psycopg2-binary",
        "geoalchemy2",
        "pygeofilter[backend-sqlalchemy]",
    ),
    "datasette": ("datasette==0.65.5",),
}
_BATCH = 20_000
_SQLITE = {"integer": "INTEGER", "number": "REAL"}
_POSTGRESQL = {"integer": "bigint", "number": "double precision", "date": "date"}

_SQLITE_INDEXES = """
CREATE UNIQUE INDEX incidents_id ON incidents (id);
CREATE INDEX incidents_date ON incidents (date_start);
CREATE INDEX incidents_country_date ON incidents (country, date_start);
CREATE INDEX incidents_lon_lat ON incidents (lon, lat);
CREATE VIRTUAL TABLE incidents_area USING rtree (pk, west, east, south, north);
INSERT INTO incidents_area SELECT pk, lon, lon, lat, lat FROM incidents;
CREATE VIRTUAL TABLE incidents_fts USING fts5 (
  title, summary, content = 'incidents', content_rowid = 'pk', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO incidents_fts (incidents_fts) VALUES ('rebuild');
ANALYZE;
"""
_POSTGRESQL_INDEXES = """
CREATE TABLE incidents AS SELECT row_number() OVER (ORDER BY id) AS pk, told.*,
  ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geometry(Point, 4326) AS geom FROM told;
DROP TABLE told;
ALTER TABLE incidents ADD PRIMARY KEY (pk);
CREATE UNIQUE INDEX ON incidents (id);
CREATE INDEX ON incidents USING gist (geom);
CREATE INDEX ON incidents (date_start);
CREATE INDEX ON incidents (country, date_start);
CREATE INDEX ON incidents USING gin (to_tsvector('simple', title || ' ' || summary));
VACUUM ANALYZE incidents;
"""


def install(name: str, folder: Path) -> Path:
    """The programs' folder of a peer's own environment, made when it is not there."""
    programs = folder / name / "bin"
    if not (programs / ("uvicorn" if name == "tipg" else name)).exists():
        venv.create(folder / name, with_pip=True)
        subprocess.run([programs / "pip", "install", "--quiet", *PACKAGES[name]], check=True)
    return programs


def fill_sqlite(records: Path, database: Path) -> None:
    """Loads the product's CSV into a file for Datasette, unless it is there already."""
    if database.exists():
        return
    unfinished = database.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000")
    columns = ", ".join(f'"{one.name}" {_SQLITE.get(one.type, "TEXT")}' for one in COLUMNS)
    connection.execute(f"CREATE TABLE incidents (pk INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" for _ in COLUMNS)
    names = ", ".join(f'"{one.name}"' for one in COLUMNS)
    rows = _rows(records)
    while some := list(islice(rows, _BATCH)):
        connection.executemany(f"INSERT INTO incidents ({names}) VALUES ({marks})", some)
    connection.executescript(_SQLITE_INDEXES)
    connection.commit()
    connection.close()
    unfinished.rename(database)


def fill_postgresql(records: Path, url: str) -> None:
    """Loads the product's CSV into a PostGIS database for tipg and pygeoapi, unless it is there already."""
    psql = ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--dbname", url]
    known = subprocess.run(
        [*psql, "--tuples-only", "--command", "SELECT to_regclass('incidents') IS NOT NULL"],
        check=True,
        capture_output=True,
        text=True,
    )
    if known.stdout.strip() == "t":
        return
    columns = ", ".join(f'"{one.name}" {_POSTGRESQL.get(one.type, "text")}' for one in COLUMNS)
    script = (
        "CREATE EXTENSION IF NOT EXISTS postgis;\nDROP TABLE IF EXISTS told;\n"
        f"CREATE UNLOGGED TABLE told ({columns});\n"
        f"\\copy told FROM '{records}' WITH (FORMAT csv, HEADER true)\n{_POSTGRESQL_INDEXES}"
    )
    subprocess.run(psql, input=script, text=True, check=True)


def datasette(programs: Path, database: Path, port: int) -> Command:
    """Start Datasette over an immutable file; facets are not guessed, or every page would take seconds."""
    counts = database.with_suffix(".inspect.json")
    if not counts.exists():
        subprocess.run([programs / "datasette", "inspect", database, "--inspect-file", counts], check=True)
    settings = {"suggest_facets": "off", "sql_time_limit_ms": "5000", "max_returned_rows": "1000"}
    told = [part for name, value in settings.items() for part in ("--setting", name, value)]
    argv = [programs / "datasette", "serve", "-i", database, "--inspect-file", counts, "--port", str(port), *told]
    return Command("datasette", list(map(str, argv)), port, f"/{database.stem}/incidents.json?_size=1")


def tipg(programs: Path, url: str, port: int, *, workers: int) -> Command:
    """Start tipg under uvicorn."""
    argv = [str(programs / "uvicorn"), "tipg.main:app", "--port", str(port), "--workers", str(workers)]
    environ = {
        "DATABASE_URL": url,
        "TIPG_DB_SCHEMAS": '["public"]',
        "TIPG_DB_TABLES": '["public.incidents"]',
        "TIPG_TABLE_CONFIG__public_incidents__pk": "id",
        "TIPG_TABLE_CONFIG__public_incidents__datetimecol": "date_start",
        "TIPG_TABLE_CONFIG__public_incidents__geomcol": "geom",
        "DB_MAX_CONN_SIZE": "10",
    }
    ready = "/collections/public.incidents/items?f=geojson&limit=1"
    return Command("tipg", [*argv, "--no-access-log"], port, ready, environ)


def pygeoapi(programs: Path, url: str, port: int, *, workers: int, folder: Path) -> Command:
    """Start pygeoapi under gunicorn, with its one collection."""
    config, document = folder / "pygeoapi.yml", folder / "pygeoapi-openapi.yml"
    config.write_text(json.dumps(_pygeoapi(url, port), indent=1), encoding="utf-8")  # JSON is YAML
    environ = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(document)}
    made = [str(programs / "pygeoapi"), "openapi", "generate", str(config), "--output-file", str(document)]
    subprocess.run(made, check=True, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    argv = [str(programs / "gunicorn"), "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}"]
    ready = "/collections/incidents/items?f=json&limit=1"
    return Command("pygeoapi", [*argv, "--workers", str(workers), "--log-level", "error"], port, ready, environ)


def _pygeoapi(url: str, port: int) -> dict[str, object]:
    at = urlsplit(url)
    said = {"en": "bench"}
    contact = (
        "name position address city stateorprovince postalcode country phone fax email url hours instructions role"
    )
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": at.hostname,
            "port": at.port or 5432,
            "dbname": at.path.lstrip("/"),
            "user": at.username or "postgres",
            "password": at.password or "none",
            "search_path": ["public"],
        },
        "id_field": "id",
        "table": "incidents",
        "geom_field": "geom",
        "time_field": "date_start",
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["en-US"],
            "limits": {"default_items": 100, "max_items": 10_000, "on_exceed": "throttle"},
            "map": {"url": "https://tile.example.org/{z}/{x}/{y}.png", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": said,
                "description": said,
                "keywords": {"en": ["bench"]},
                "keywords_type": "theme",
                "terms_of_service": "none",
                "url": "https://example.org",
            },
            "license": {"name": "none", "url": "https://example.org"},
            "provider": {"name": "none", "url": "https://example.org"},
            "contact": dict.fromkeys(contact.split(), "none"),
        },
        "resources": {
            "incidents": {
                "type": "collection",
                "title": "incidents",
                "description": "incidents",
                "keywords": ["incidents"],
                "links": [],
                "extents": {
                    "spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"},
                    "temporal": {"begin": None, "end": None},  # a text of JSON would be no time to it
                },
                "providers": [provider],
            }
        },
    }


def _rows(records: Path) -> Iterator[Sequence[str | None]]:
    csv.field_size_limit(sys.maxsize)
    with records.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        if next(reader) != [one.name for one in COLUMNS]:
            raise RuntimeError(f"{records} was made by another version: remove it.")
        for row in reader:
            yield [value or None for value in row]
