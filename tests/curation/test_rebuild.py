"""Stored bytes are a cache of the document: a database of another layout is refused until they are made anew."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from api.cli.main import main
from api.curation.publish import Published, read_history
from api.curation.versions import restore
from api.database.engine import dialect_of, open_database
from api.database.rebuild import rebuild
from api.database.redact import held
from api.domain.columns import COLUMN_NAMES, DERIVATION
from api.domain.errors import UnusableDatabase

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)
COLUMNS_THEN = (
    "id", "title", "summary", "category", "date_edtf", "date_start", "date_end", "date_precision", "date_note",
    "country", "country_iso3", "country_name", "admin1", "admin1_name", "place", "place_name", "lon", "lat",
    "precision", "uncertainty_m", "place_id", "methods", "purposes", "roles", "outcome", "outcome_date",
    "arrested_low", "arrested_best", "arrested_high", "price_per_child_low", "price_per_child_best",
    "price_per_child_high", "price_per_child_currency", "verification", "confidence", "source_count", "source_ids",
    "source_urls", "related",
)  # fmt: skip


def _claim(measure: str, best: float, source: str, **more: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("low", "high", "unit", "currency", "as_of", "note"))
    return {"measure": measure, "best": best, "said_by": "press", "sources": [source]} | unknown | more


def _source(identifier: str, kind: str, **more: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("description", "withheld", "retrieved", "archived_url", "original_publisher", "url"))
    told = {"id": identifier, "publisher": "Invented", "publisher_kind": "press", "title": "Invented", "kind": kind}
    return told | unknown | {"language": "en", "published": "2018"} | more


_DUPLICATE = {"id": "FJ-2018-0003", "kind": "possible_duplicate"}
DOCUMENT = {
    "id": "FJ-2018-0001", "category": "other", "title": {"en": "Ñuñoa"}, "summary": {"en": "Nothing.", "es": "Nada."},
    "date": {
        "edtf": "2018-11~", "start": "2018-11-01", "end": "2018-11-30", "precision": "month", "note": {"en": "Or not."},
    },
    "place": {
        "text": "Invented Town", "name": "Town", "country": "FJ", "country_name": "Fiji", "admin1": "FJ-N",
        "admin1_name": "Northern", "admin2_name": "Macuata", "iso_3166_2": "FJ-N", "lon": 179.9, "lat": -16.5,
        "precision": "settlement", "uncertainty_m": 3000, "gazetteer_id": "test:1", "provider": "test",
        "licence": "CC0-1.0",
    },
    "other_places": [{"text": "Elsewhere"}], "methods": ["abduction", "clinic_cover"], "purposes": ["resale"],
    "roles": [{"role": "broker"}, {"role": "broker"}],
    "figures": [
        _claim("arrested", 3, "overview"), _claim("arrested", 2, "original", low=1),
        _claim("price_per_child", 10.5, "original", currency="FJD"),
        _claim("price_per_child", 9, "copy", currency="USD"),
    ],
    "outcome": "released",
    "outcomes": [
        {"status": "detained", "as_of": "2018-11-06", "note": None},
        {"status": "released", "as_of": "2018-12", "note": {"en": "All of them."}},
    ],
    "verification": "single_source", "confidence": "low",
    "related": [{"id": "FJ-2018-0002", "kind": "same_network"}, _DUPLICATE],
    "sources": [
        _source("overview", "overview"), _source("original", "original", url="https://invented.invalid/"),
        _source("copy", "copy"),
    ],
}  # fmt: skip
LATE_COLUMNS = {"redacted", "redaction_reason"}

Publish = Callable[..., Published]
Rows = list[tuple[Any, ...]]


def stored(path: Path) -> dict[str, Rows]:
    """Everything in the database but how the dialect keeps its indexes."""
    with closing(sqlite3.connect(path)) as connection:
        tables = (
            "release", "incident", "incident_body", "incident_code", "incident_figure", "registry", "redaction",
            "layout",
        )  # fmt: skip
        found = {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in tables[:-1]}
        found["layout"] = connection.execute("SELECT * FROM layout").fetchall()
        for name in ("incident_point", "incident_disk", "incident_text"):
            found[name] = connection.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid").fetchall()
        connection.execute("INSERT INTO incident_text (incident_text) VALUES ('integrity-check')")
    return found


def age(path: Path) -> None:
    """Makes of a database what a version without the late columns would have left."""
    with closing(sqlite3.connect(path)) as connection:
        for row_id, flat in connection.execute("SELECT row_id, flat FROM incident_body").fetchall():
            values = {name: value for name, value in json.loads(flat).items() if name not in LATE_COLUMNS}
            packed = orjson.dumps(values)
            connection.execute("UPDATE incident_body SET flat = ? WHERE row_id = ?", (packed, row_id))
        connection.execute("UPDATE incident_text SET words = 'old words'")
        connection.execute("UPDATE incident SET uncertainty_m = 1")
        connection.execute("DELETE FROM incident_code")
        connection.execute("UPDATE layout SET name = ''")
        connection.commit()


@pytest.fixture
def path(tmp_path: Path, first_four: Path, publish_seeds: Publish) -> Path:
    """Two releases, the second of which changes a record."""
    seeds = tmp_path / "seeds"
    shutil.copytree(first_four, seeds)
    path = tmp_path / "foundling.sqlite"
    publish_seeds(seeds, f"sqlite:///{path}")
    file = seeds / "incidents" / "PE.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Arequipa", "the town", 1), encoding="utf-8")
    assert publish_seeds(seeds, f"sqlite:///{path}", NOW + timedelta(days=1)).release
    return path


def upgrade(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["db", "upgrade", *arguments], env={"FOUNDLING_DATABASE_URL": f"sqlite:///{path}"})


def test_an_old_layout_is_refused_by_the_web_and_by_whoever_reads(path: Path) -> None:
    age(path)
    url = f"sqlite:///{path}"
    for attempt in (
        lambda: open_database(url, threads=1),
        lambda: read_history(url),
        lambda: held(url, "PE-2018-0001"),
    ):
        with pytest.raises(UnusableDatabase, match="foundling db upgrade"):
            attempt()


def test_an_upgrade_makes_every_stored_byte_anew(path: Path, make_app: Callable[[str], Flask]) -> None:
    before = stored(path)
    age(path)
    assert stored(path) != before
    result = upgrade(path)
    assert result.exit_code == 0
    assert result.output == "5 stored versions were made anew from their documents.\nUpgraded.\n"
    assert stored(path) == before
    client = make_app(f"sqlite:///{path}").test_client()
    header, *rows = client.get("/v1/incidents.csv?release=1").get_data(as_text=True).splitlines()
    assert header == ",".join(COLUMN_NAMES)
    assert len(rows) >= 4
    assert upgrade(path).output == "Up to date.\n"


def test_a_publish_does_so_by_itself_and_makes_no_release(path: Path, publish_seeds: Publish) -> None:
    before = stored(path)
    age(path)
    done = publish_seeds(path.parent / "seeds", f"sqlite:///{path}", NOW + timedelta(days=2))
    assert (done.is_refused, done.release) == (False, None)
    assert stored(path) == before


def test_a_rebuild_can_be_asked_for(path: Path) -> None:
    before = stored(path)
    assert upgrade(path, "--rebuild").output.startswith("5 stored versions")
    assert stored(path) == before


def test_a_rebuild_that_fails_leaves_the_old_bytes_and_the_old_layout(path: Path) -> None:
    age(path)
    before = stored(path)
    dialect = dialect_of(f"sqlite:///{path}")
    writer = dialect.open_writer()
    seen: list[str] = []

    def fail(document: Any) -> Any:
        seen.append(document["id"])
        if len(seen) == 3:
            raise RuntimeError("cannot")
        return restore(document)

    with pytest.raises(RuntimeError):
        rebuild(writer, dialect, fail)
    writer.dispose()
    assert stored(path) == before


def test_what_is_derived_changes_only_with_its_number() -> None:
    """Equal documents make equal bytes: where that is to change, raise DERIVATION and tell both here.

    Columns that come or go change the layout by themselves.
    """
    version = restore(DOCUMENT)
    flat = json.loads(version.flat)
    told: list[Any] = [[name, flat[name]] for name in COLUMNS_THEN] + [version.words]
    told += [version.duplicates, *map(list, version.figures)]
    assert (DERIVATION, hashlib.sha256(orjson.dumps(told)).hexdigest()[:16]) == (2, "5de7afa43fb2cd73")
