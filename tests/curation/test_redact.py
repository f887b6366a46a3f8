"""Redaction: nothing of a record's text is left anywhere, its fact stays, and it stays so whatever is published."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from api.cli.main import main
from api.curation.publish import Published, publish
from api.curation.redact import tombstones
from api.database.dialects.sqlite import SQLite
from api.database.engine import dialect_of, open_database
from api.database.redact import apply
from api.database.tables import incident, redaction, registry, release
from api.domain.errors import DatabaseUnavailable
from api.domain.redaction import Redaction
from api.domain.release import digest_of
from api.exports.registry import available

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)
ID = "PE-2018-0002"
OWN_SOURCE = "hidden-gazette-2018"
# Each is invented, and stands nowhere else. The last part of the folded words is what FTS5 keeps.
TEXTS = [
    "Zanzarelian", "zanzarelian", "Quorbique", "quorbique", "Ñandutíxo", "nandutixo", "Vexolandia", "vexolandia",
    "Murkwetter", "Jabbrisk", "Plonqueby", "plonqueby", "Tirrilpan", OWN_SOURCE, "hidden-gazette.invalid",
    "Wolpertinge", "Skrimshandy", "skrimshandy", "Dorvalquist", "dorvalquist", "2018-03-17", "Krallenhof",
]  # fmt: skip

on_both = pytest.mark.databases("sqlite", "postgresql")

Publish = Callable[..., Published]
Edit = Callable[[Path, str, Callable[[Any], Any]], None]


@dataclass(frozen=True)
class Scene:
    """Seeds and a database of two releases, in both of which the record stands, told in two ways."""

    seeds: Path
    url: str
    publish: Callable[[], Published]
    data: Path

    @property
    def path(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def run(self, *arguments: str, **environ: str) -> Result:
        return self.command("redact", "--seeds", str(self.seeds), *arguments, **environ)

    def command(self, *arguments: str, **environ: str) -> Result:
        variables = {"FOUNDLING_DATABASE_URL": self.url, "FOUNDLING_PUBLIC_URL": "https://data.example.org"}
        return CliRunner().invoke(main, arguments, env=variables | {"FOUNDLING_DATA": str(self.data)} | environ)

    def redact(self, reason: str = "privacy", data: Path | None = None) -> Result:
        result = self.run(ID, "--reason", reason, "--yes", FOUNDLING_DATA=str(data or self.data))
        assert result.exit_code == 0, result.output
        return result


def _secret(record: dict[str, Any]) -> None:
    record.update(
        id=ID,
        title={"en": "Zanzarelian matter", "es": "Asunto Ñandutíxo"},
        summary={"en": "It was told by the Quorbique press."},
        date="2018-03-17",
        date_note={"en": "Jabbrisk says otherwise."},
        place={"text": "Vexolandia", "country": "PE", "subdivision": None},
        sources=[OWN_SOURCE, "invented-2018"],
        methods=["abduction"],
    )
    record["other_places"] = [{"text": "Plonqueby", "country": "PE", "subdivision": None, "role": "origin"}]
    record["outcomes"] = [
        {"status": "reported", "as_of": None, "note": {"en": "Skrimshandy denies it."}, "sources": [OWN_SOURCE]}
    ]
    record["figures"] = [
        {
            "measure": "arrested", "low": None, "best": 3, "high": None, "unit": "persons", "currency": None,
            "as_of": None, "said_by": "press", "sources": [OWN_SOURCE], "note": {"en": "Tirrilpan counted them."},
        }
    ]  # fmt: skip
    record["roles"] = [{"role": "broker", "count": 1, "status": None, "note": {"en": "Wolpertinge trade."}}]


@pytest.fixture
def scene(
    tmp_path: Path, new_url: Callable[[], str], invent_seeds: Callable[..., Path], edit: Edit, publish_seeds: Publish
) -> Scene:
    seeds = invent_seeds(tmp_path / "seeds", 4)
    edit(seeds, "incidents/PE.json", lambda records: _secret(records[1]))
    edit(seeds, "sources.json", lambda sources: [*sources, {
        **sources[0], "id": OWN_SOURCE, "publisher": "Krallenhof", "title": "Murkwetter headline",
        "url": "https://hidden-gazette.invalid/story",
    }])  # fmt: skip
    edit(seeds, "geocodes.json", lambda places: [*places, *({
        **places[0], "text": text, "query": text, "gazetteer_id": f"test:{text}", "name": text,
    } for text in ("Vexolandia", "Plonqueby"))])  # fmt: skip
    url = new_url()
    days = iter(range(100))
    scene = Scene(seeds, url, lambda: publish_seeds(seeds, url, NOW + timedelta(days=next(days))), tmp_path / "var")
    assert scene.publish().release
    edit(seeds, "incidents/PE.json", lambda records: records[1]["summary"].update(en="Dorvalquist told it anew."))
    assert scene.publish().release
    return scene


def left(url: str) -> list[str]:
    """Which of the texts stand in the database's files, or can be had from PostgreSQL by any SQL."""
    content = _in_files(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite") else _in_tables(url)
    return [text for text in TEXTS if text.encode() in content]


def _in_files(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def _in_tables(url: str) -> bytes:
    engine = dialect_of(url).open_writer()  # the other takes no column of PostgreSQL's own types
    found: list[bytes] = []
    with engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars()
        for table in (*tables, "pg_stats"):
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'):
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    engine.dispose()
    return b"\n".join(found)


def answers(app: Flask) -> Iterator[tuple[str, str]]:
    """Every address of the API with what it answers, in every release, language and format."""
    client = app.test_client()
    paths = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and str(rule).startswith("/v1") and "<" not in str(rule)
    ]
    paths += [f"/v1/incidents/{ID}{form}" for form in ("", ".geojson", "/history")]
    extra = {"/v1/changes": ["since=0", "since=1"], "/v1/changes.csv": ["since=0", "since=1"]}
    for path in paths:
        for pin in ("", "release=1", "release=2"):
            for lang in ("", "lang=es"):
                for more in extra.get(path, ["", "limit=1000", "q=zanzarelian"]):
                    address = path + "?" + "&".join(filter(None, (pin, lang, more)))
                    response = client.get(address)
                    assert response.status_code in (200, 400, 404, 410), (address, response.get_data())
                    # A problem document may repeat the question, and so does what tells how an answer is cited.
                    body = _unpacked(response.data).decode() if response.status_code == 200 else ""
                    yield address, body.replace("q=zanzarelian", "").replace("words: zanzarelian", "")


def _unpacked(body: bytes) -> bytes:
    """A workbook is a ZIP file."""
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as book:
        return b"".join(map(book.read, book.namelist()))


def assert_clean(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    assert left(scene.url) == []
    for address, body in answers(make_app(scene.url)):
        assert [text for text in TEXTS if text in body] == [], address


def assert_digests_hold(url: str) -> None:
    """Each release's digest is that of what it holds."""
    database = open_database(url, threads=1)
    with database.reading() as connection:
        for number, told in connection.execute(select(release.c.number, release.c.digest)).all():
            pairs = []
            for table in (incident, registry):
                for row in connection.execute(
                    select(table).where(table.c.from_release <= number, table.c.to_release > number)
                ):
                    key = f"incident/{row.id}" if table is incident else f"{row.kind}/{row.key}"
                    pairs.append((key, row.digest))
            assert told == digest_of(pairs), number
    database.engine.dispose()


def test_the_texts_are_there_before(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    """Otherwise their absence afterwards would say nothing."""
    assert left(scene.url) == TEXTS
    told = "".join(body for _, body in answers(make_app(scene.url)))
    folded = {text for text in TEXTS if text[0].islower()} - {OWN_SOURCE, "hidden-gazette.invalid"}
    assert [text for text in TEXTS if text not in folded and text not in told] == []


@on_both
def test_nothing_is_left_in_the_files_or_in_any_answer(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    scene.redact()
    assert_clean(scene, make_app)
    assert_digests_hold(scene.url)


@on_both
def test_the_fact_is_told_in_every_release(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    scene.redact("legal")
    client = make_app(scene.url).test_client()
    for number in (1, 2):
        record = client.get(f"/v1/incidents/{ID}?release={number}").get_json()["data"]
        assert record["redaction"]["reason"] == "legal"
        assert record["title"]["en"] == "Redacted record"
        assert (record["date"]["edtf"], record["place"]["text"], record["place"]["precision"]) == (
            "2018", "Peru", "country",
        )  # fmt: skip
        assert (record["updated_release"], record["outcome"], record["confidence"]) == (number, None, None)
        flat = client.get(f"/v1/incidents/{ID}.geojson?release={number}").get_json()["properties"]
        assert (flat["redaction_reason"], flat["redacted"]) == ("legal", record["redaction"]["date"])
        assert (flat["outcome"], flat["verification"], flat["confidence"], flat["source_count"]) == (None,) * 3 + (0,)
        others = client.get(f"/v1/incidents?release={number}").get_json()["data"]
        assert len(others) == 4
        assert {one["id"] for one in others if one["redacted"]} == {ID}
    rows = client.get("/v1/incidents.csv").get_data(as_text=True).splitlines()
    assert sum("Redacted record" in row for row in rows) == 1


@pytest.mark.parametrize("query", [
    "bbox=-74,-9,-73,-8", "near=-73.4,-8.9&radius_m=100", "datetime=2018-01-01/2018-01-31", "q=redacted+record",
    "precision=country", "q=suprimido",
])  # fmt: skip
def test_filters_find_the_tombstone_by_what_it_says(scene: Scene, make_app: Callable[[str], Flask], query: str) -> None:
    scene.redact()
    client = make_app(scene.url).test_client()
    for number in (1, 2):
        found = [row["id"] for row in client.get(f"/v1/incidents?release={number}&{query}").get_json()["data"]]
        assert found == [ID]


@pytest.mark.parametrize("query", [
    "bbox=-72,-17,-71,-16", "method=abduction", "outcome=reported", "verification=multiple_sources", "q=quorbique",
    "admin1=PE-ARE", "datetime=2018-03-17/2018-03-17&match=certain",
])  # fmt: skip
def test_filters_no_longer_find_what_it_was(scene: Scene, make_app: Callable[[str], Flask], query: str) -> None:
    client = make_app(scene.url).test_client()
    before = client.get(f"/v1/incidents?release=1&{query}").get_json()["data"]
    if query.startswith(("bbox", "method", "q=", "admin1")):
        assert ID in {row["id"] for row in before}
    scene.redact()
    client = make_app(scene.url).test_client()
    for number in (1, 2):
        assert ID not in {r["id"] for r in client.get(f"/v1/incidents?release={number}&{query}").get_json()["data"]}


@on_both
def test_it_stays_redacted_when_the_seeds_are_published_again(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    scene.redact()
    again = scene.publish()
    assert {f.rule for f in again.findings} == {"redacted-record", "uncited-source", "geocode-unused"}
    assert not again.is_refused
    assert (again.release, again.remains) == (None, ""), "nothing else changed"
    assert_clean(scene, make_app)


def test_it_stays_redacted_when_the_record_is_deleted_from_the_seeds(
    scene: Scene, make_app: Callable[[str], Flask], edit: Edit
) -> None:
    scene.redact()
    edit(scene.seeds, "incidents/PE.json", lambda records: [one for one in records if one["id"] != ID])
    again = scene.publish()
    assert (again.is_refused, again.release) == (False, None)
    edit(scene.seeds, "incidents/PE.json", lambda records: records[0]["summary"].update(en="Another summary."))
    changed = scene.publish()
    assert changed.changes is not None
    assert (changed.changes.changed, changed.changes.left) == (("PE-2018-0001",), ())
    assert_clean(scene, make_app)
    assert_digests_hold(scene.url)


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_database_built_anew_from_the_seeds_is_redacted_alike(
    scene: Scene, make_app: Callable[[str], Flask], publish_seeds: Publish, edit: Edit, new_url: Callable[[], str], *,
    is_deleted: bool,
) -> None:  # fmt: skip
    scene.redact()
    if is_deleted:
        edit(scene.seeds, "incidents/PE.json", lambda records: [one for one in records if one["id"] != ID])
    fresh = Scene(scene.seeds, new_url(), scene.publish, scene.data)
    done = publish_seeds(scene.seeds, fresh.url)
    assert done.release is not None
    assert done.release.incidents == 4
    assert_clean(fresh, make_app)
    old, new = (make_app(url).test_client().get(f"/v1/incidents/{ID}").get_json()["data"] for url in
                (scene.url, fresh.url))  # fmt: skip
    assert {k: v for k, v in old.items() if "updated" not in k} == {k: v for k, v in new.items() if "updated" not in k}


@on_both
def test_another_database_is_redacted_by_its_next_publish(
    scene: Scene, make_app: Callable[[str], Flask], publish_seeds: Publish, new_url: Callable[[], str]
) -> None:
    other = Scene(scene.seeds, new_url(), scene.publish, scene.data)
    publish_seeds(scene.seeds, other.url)
    scene.redact()
    done = publish_seeds(scene.seeds, other.url, NOW + timedelta(days=1))
    assert (done.is_refused, done.release, done.remains) == (False, None, "")
    assert_clean(other, make_app)
    assert_digests_hold(other.url)
    assert generations(other.url) == [(1, ID)]


def test_an_entry_changed_by_hand_reaches_every_release(
    scene: Scene, make_app: Callable[[str], Flask], edit: Edit
) -> None:
    scene.redact()
    edit(scene.seeds, "redactions.json", lambda entries: entries[0].update(category="illegal_adoption", years="2017"))
    done = scene.publish()
    assert (done.is_refused, done.release) == (False, None)
    client = make_app(scene.url).test_client()
    for number in (1, 2):
        record = client.get(f"/v1/incidents/{ID}?release={number}").get_json()["data"]
        assert (record["category"], record["date"]["edtf"]) == ("illegal_adoption", "2017")
    assert generations(scene.url) == [(1, ID), (2, ID)]
    assert_digests_hold(scene.url)


def generations(url: str) -> list[tuple[int, str]]:
    database = open_database(url, threads=1)
    with database.reading() as connection:
        found = [tuple(row) for row in connection.execute(select(redaction.c.generation, redaction.c.id))]
    database.engine.dispose()
    return found


@on_both
def test_a_withdrawn_record_is_gone_still_and_its_past_is_redacted(
    scene: Scene, make_app: Callable[[str], Flask], edit: Edit, read_problem: Callable[..., dict[str, Any]]
) -> None:
    edit(scene.seeds, "incidents/PE.json", lambda records: [one for one in records if one["id"] != ID])
    gone = {"id": ID, "reason": "privacy", "date": "2026-11-24", "superseded_by": None}
    edit(scene.seeds, "withdrawn.json", lambda _: [gone])
    scene.publish()
    assert left(scene.url) == TEXTS
    scene.redact()
    assert scene.publish().release is None
    client = make_app(scene.url).test_client()
    problem = read_problem(client.get(f"/v1/incidents/{ID}"), 410)
    assert (problem["reason"], problem["last_release"]) == ("privacy", 2)
    assert client.get(f"/v1/incidents/{ID}?release=2").get_json()["data"]["redaction"]["reason"] == "privacy"
    assert_clean(scene, make_app)


@on_both
def test_the_line_is_kept_that_others_need(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    """A source and a place that another record names stay; what only the redacted one named is gone from all."""
    scene.redact()
    client = make_app(scene.url).test_client()
    for number in (1, 2):
        assert [s["id"] for s in client.get(f"/v1/sources?release={number}").get_json()["data"]] == ["invented-2018"]
        assert [p["text"] for p in client.get(f"/v1/places?release={number}").get_json()["data"]] == ["Inventedville"]


def test_a_source_that_another_record_cited_once_stays(scene: Scene, edit: Edit) -> None:
    edit(scene.seeds, "incidents/PE.json", lambda records: records[0]["sources"].append(OWN_SOURCE))
    scene.publish()
    edit(scene.seeds, "incidents/PE.json", lambda records: records[0]["sources"].remove(OWN_SOURCE))
    scene.publish()
    scene.redact()
    assert "Murkwetter" in left(scene.url)
    assert "Zanzarelian" not in left(scene.url)
    assert_digests_hold(scene.url)


def test_files_and_lines_are_told_and_never_the_text(scene: Scene) -> None:
    output = scene.redact().output
    lines = (scene.seeds / "incidents" / "PE.json").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines, 1) if ID in line)
    told = {row.rpartition(":")[0].rpartition("/")[2]: row.rpartition(":")[2] for row in output.splitlines()
            if str(scene.seeds) in row}  # fmt: skip
    assert set(told) == {"PE.json", "sources.json", "geocodes.json"}
    numbers = [part.partition("-")[0] for part in told["PE.json"].split(",")]
    assert str(first) in numbers
    assert len(numbers) >= 6
    assert [text for text in TEXTS if text in output] == []
    for address in (f"/v1/incidents/{ID}", f"/v1/incidents/{ID}.geojson?release=1", "/v1/sources"):
        assert f"https://data.example.org{address}\n" in output
    assert "git" in output.lower()


def test_lines_of_ndjson_are_told_as_well(scene: Scene) -> None:
    for name in ("sources", "incidents/PE", "geocodes"):
        path = scene.seeds / f"{name}.json"
        records = json.loads(path.read_text())
        path.with_suffix(".ndjson").write_text("".join(f"{json.dumps(record)}\n" for record in records))
        path.unlink()
    rows = scene.redact().output
    for row in ("incidents/PE.ndjson:2", "sources.ndjson:2", "geocodes.ndjson:2-3"):
        assert f"{scene.seeds / row}\n" in rows


@on_both
def test_the_same_command_again_says_so_and_tells_the_same_lines(scene: Scene) -> None:
    first = scene.redact()
    again = scene.run(ID, "--reason", "legal")
    assert again.exit_code == 0
    assert "redacted already (privacy" in again.output
    assert [row for row in again.output.splitlines() if str(scene.seeds) in row] == [
        row for row in first.output.splitlines() if str(scene.seeds) in row
    ]
    assert generations(scene.url) == [(1, ID)]


def test_the_entry_is_lost_and_found_again_in_the_database(scene: Scene) -> None:
    scene.redact()
    before = (scene.seeds / "redactions.json").read_text()
    (scene.seeds / "redactions.json").write_text("[]\n")
    refused = scene.publish()
    assert refused.is_refused
    assert [(f.rule, f.record) for f in refused.findings if not f.is_warning] == [("forgotten-redaction", ID)]
    scene.redact("error")
    assert (scene.seeds / "redactions.json").read_text() == before


@pytest.mark.parametrize("identifier", [
    "PE-2018-9999", "pe-2018-0002", "PE-2018-0002 ", "'; DROP TABLE incident; --", "../../etc/passwd", "", "%", "*",
    "\x1b[2J", "PE-2018-0002\n", "ＰＥ-2018-0002", "a" * 10_000, "--yes",
])  # fmt: skip
def test_an_id_that_nobody_published_is_refused(scene: Scene, identifier: str) -> None:
    result = scene.run("--reason", "privacy", "--yes", "--", identifier)
    assert result.exit_code == 1, result.output
    assert "No release holds a record of this id" in result.output
    assert json.loads((scene.seeds / "redactions.json").read_text()) == []
    assert left(scene.url) == TEXTS


@pytest.mark.parametrize("reason", ["", "because", "PRIVACY", "privacy;legal", "duplicate"])
def test_a_reason_that_is_none_is_refused(scene: Scene, reason: str) -> None:
    result = scene.run(ID, "--reason", reason, "--yes")
    assert result.exit_code == 2
    assert "privacy" in result.output
    assert left(scene.url) == TEXTS


def test_without_a_yes_nothing_happens(scene: Scene) -> None:
    result = scene.run(ID, "--reason", "privacy")
    assert result.exit_code == 1
    assert "Aborted" in result.output
    assert left(scene.url) == TEXTS
    assert json.loads((scene.seeds / "redactions.json").read_text()) == []


def test_with_nothing_published_there_is_nothing_to_redact(tmp_path: Path, invent_seeds: Callable[..., Path]) -> None:
    path = tmp_path / "absent.sqlite"
    scene = Scene(
        invent_seeds(tmp_path / "seeds", 2), f"sqlite:///{path}", lambda: pytest.fail("not called"), tmp_path / "var"
    )
    result = scene.run(ID, "--reason", "privacy", "--yes")
    assert result.exit_code == 1
    assert "nothing to redact" in result.output
    assert not path.exists()


def test_seeds_that_cannot_be_written_leave_everything_as_it_was(scene: Scene) -> None:
    (scene.seeds / "redactions.json").unlink()
    (scene.seeds / "redactions.json").mkdir()
    result = scene.run(ID, "--reason", "privacy", "--yes")
    assert result.exit_code == 1
    assert "redactions.json" in result.output
    assert left(scene.url) == TEXTS


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"id": "PE-2018-0001"}]', b"\xff\xfe", b"[" * 100_000])
def test_a_file_of_redactions_with_faults_is_mended_first(scene: Scene, content: bytes) -> None:
    (scene.seeds / "redactions.json").write_bytes(content)
    result = scene.run(ID, "--reason", "privacy", "--yes")
    assert result.exit_code == 1
    assert "foundling check" in result.output
    assert (scene.seeds / "redactions.json").read_bytes() == content
    assert left(scene.url) == TEXTS


def test_while_somebody_reads_the_command_ends_with_three_and_finishes_later(
    scene: Scene, make_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.curation.redact.PATIENCE_S", 0.2)
    with closing(sqlite3.connect(scene.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM incident").fetchall()
        held_back = scene.run(ID, "--reason", "privacy", "--yes")
        assert held_back.exit_code == 3
        assert "-wal" in held_back.output
        assert "run this again" in held_back.output
        reader.execute("COMMIT")
    scene.redact()
    assert_clean(scene, make_app)


def test_what_a_reader_held_back_is_erased_by_the_next_publish(
    scene: Scene, make_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.curation.redact.PATIENCE_S", 0.2)
    with closing(sqlite3.connect(scene.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM incident").fetchall()
        assert scene.run(ID, "--reason", "privacy", "--yes").exit_code == 3
        assert scene.publish().remains
    assert scene.publish().remains == ""
    assert_clean(scene, make_app)


# Runs the command, and kills itself at the n-th call of a function of these.
_KILLED = """
import os, signal, sys
import api.curation.redact as redact
import api.database.rows as rows
from api.database.dialects.sqlite import SQLite
place, name = {"apply": (redact, "apply"), "rewrite": (rows, "rewrite"), "erase": (SQLite, "erase"),
               "settle": (SQLite, "settle"), "write": (redact.Path, "replace")}[sys.argv[1]], None
owner, name = place
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, die)
from api.cli.main import main
main(["redact", "PE-2018-0002", "--reason", "privacy", "--yes", "--seeds", sys.argv[2]])
"""


@pytest.mark.parametrize("step", ["write", "apply", "rewrite", "erase", "settle"])
def test_killed_at_any_step_the_same_command_finishes(
    scene: Scene, make_app: Callable[[str], Flask], step: str
) -> None:
    environ = os.environ | {"FOUNDLING_DATABASE_URL": scene.url}
    command = [sys.executable, "-c", _KILLED, step, str(scene.seeds)]
    killed = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    entries = json.loads((scene.seeds / "redactions.json").read_text())
    assert [one["id"] for one in entries] == ([] if step == "write" else [ID])
    scene.redact()
    assert_clean(scene, make_app)
    assert_digests_hold(scene.url)
    assert generations(scene.url) == [(1, ID)]
    assert list(scene.seeds.glob(".redactions*")) == [] or step == "write"


@pytest.mark.parametrize("step", ["apply", "rewrite", "erase"])
def test_killed_at_any_step_the_next_publish_finishes(
    scene: Scene, make_app: Callable[[str], Flask], step: str
) -> None:
    environ = os.environ | {"FOUNDLING_DATABASE_URL": scene.url}
    command = [sys.executable, "-c", _KILLED, step, str(scene.seeds)]
    subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False)
    assert not scene.publish().is_refused
    assert_clean(scene, make_app)


def test_a_failure_within_leaves_every_table_as_it_was(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    monkeypatch.setattr(SQLite, "index", fail)
    result = scene.run(ID, "--reason", "privacy", "--yes")
    assert result.exit_code == 1
    assert "Run this again" in result.output
    monkeypatch.undo()
    assert generations(scene.url) == []
    assert_digests_hold(scene.url)
    scene.redact()


def test_a_redaction_while_a_publish_checks_its_seeds_refuses_them(scene: Scene, edit: Edit) -> None:
    """They were read before, and their version of the record would bring the text back."""
    edit(scene.seeds, "incidents/PE.json", lambda records: records[1]["summary"].update(en="Told once more."))

    def meanwhile(judged: Any, _size: int) -> Any:
        scene.redact()
        return judged

    done = publish(scene.seeds, scene.url, now=NOW, progress=lambda versions, _: versions, checking=meanwhile)
    assert [(f.rule, f.record) for f in done.findings] == [("forgotten-redaction", ID)]
    assert left(scene.url) == []


@on_both
def test_a_redaction_just_before_a_publish_writes_stops_it(
    scene: Scene, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(scene.seeds, "incidents/PE.json", lambda records: records[1]["summary"].update(en="Told once more."))

    def redact_first(*_: object) -> tuple[()]:
        scene.redact()
        return ()

    monkeypatch.setattr("api.curation.publish.apply", redact_first)
    with pytest.raises(DatabaseUnavailable, match="redacted in the meantime: publish again"):
        scene.publish()
    assert left(scene.url) == []


def test_tags_change_and_old_ones_are_not_matched(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    app = make_app(scene.url)
    client = app.test_client()
    now = [time.monotonic()]
    app.extensions["foundling"].clock = lambda: now[0]
    paths = ["/v1/incidents", f"/v1/incidents/{ID}", "/v1/incidents/PE-2018-0001?release=1", "/v1/sources", "/v1/"]
    paths += [f"/v1/incidents/{ID}?release={number}" for number in (1, 2)]
    paths += ["/v1/incidents.csv?release=1", "/v1/codelists?release=2"]
    tags = {path: client.get(path).headers["ETag"] for path in paths}
    scene.redact()
    now[0] += 2
    for path, tag in tags.items():
        response = client.get(path, headers={"If-None-Match": tag})
        assert (response.status_code, response.headers["ETag"] != tag) == (200, True), path
        again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304, path


def test_a_running_server_notices(scene: Scene, serve: Callable[[str], Any]) -> None:
    with serve(scene.url) as url:
        request = urllib.request.Request(f"{url}/v1/incidents/{ID}?release=1")
        with urllib.request.urlopen(request) as answer:
            request.add_header("If-None-Match", answer.headers["ETag"])
            assert "Zanzarelian" in answer.read().decode()
        scene.redact()
        time.sleep(1.1)  # until then an answer may be the old one
        with urllib.request.urlopen(request) as answer:
            assert "Redacted record" in answer.read().decode()
        assert left(scene.url) == [], "while the server runs"


@on_both
def test_redacting_twice_in_one_transaction_is_one_generation_each(scene: Scene) -> None:
    entries = [Redaction(f"PE-2018-{n:04d}", "error", "2026-11-24", "other", "PE", "2018") for n in (1, 2, 9)]
    dialect = dialect_of(scene.url)
    writer = dialect.open_writer()
    assert apply(writer, dialect, tombstones(entries)) == tuple(entry.id for entry in entries)
    assert apply(writer, dialect, tombstones(entries)) == ()
    writer.dispose()
    assert generations(scene.url) == [(n, entry.id) for n, entry in enumerate(entries, 1)]
    assert_digests_hold(scene.url)


def in_stored_files(folder: Path) -> list[str]:
    """Which of the texts stand in stored files, unpacked."""
    content: list[bytes] = []
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            content.append(gzip.decompress(raw) if path.suffix == ".gz" else raw)
            if path.suffix == ".parquet":
                content.append(str(pyarrow.parquet.read_table(path).to_pylist()).encode())
    whole = b"".join(content)
    return [text for text in TEXTS if text.encode() in whole]


def with_files(scene: Scene) -> Path:
    """Stores the files of both releases."""
    for number in ("1", "2"):
        assert scene.command("export", "--release", number).exit_code == 0
    folder = scene.data / "files"
    assert {"Zanzarelian", "Quorbique", "Dorvalquist", OWN_SOURCE} <= set(in_stored_files(folder))
    return folder


def names_of(folder: Path) -> list[str]:
    """Release and generation of every set, and how many files it has."""
    return sorted(
        f"{'-'.join(path.name.split('-')[:2])}: {len(list(path.iterdir()))}" for path in folder.glob("[0-9]*")
    )


@on_both
def test_stored_files_of_every_release_are_written_anew(scene: Scene) -> None:
    folder = with_files(scene)
    count = len(available()) + 2
    assert names_of(folder) == [f"1-0: {count}", f"2-0: {count}"]
    told = scene.redact().output
    assert in_stored_files(folder) == []
    assert names_of(folder) == [f"1-1: {count}", f"2-1: {count}"]
    assert "Stored files of release 1" in told
    assert "Stored files of release 2" in told


def test_stored_files_are_gone_before_the_new_ones_are_written(scene: Scene) -> None:
    folder = with_files(scene)
    result = scene.run(ID, "--reason", "privacy", "--yes", FOUNDLING_KEEP_FILES="0")
    assert result.exit_code == 0
    assert in_stored_files(folder) == []
    assert names_of(folder) == ["1-0: 0", "2-0: 0"], "they tell which releases had files"
    scene.redact()
    assert [name[:4] for name in names_of(folder)] == ["1-1:", "2-1:"]
    assert in_stored_files(folder) == []


@on_both
def test_a_server_takes_away_files_that_another_host_left(scene: Scene, make_app: Callable[[str], Flask]) -> None:
    folder = with_files(scene)
    app = make_app(scene.url)
    state = app.extensions["foundling"]
    state.files = folder
    client = app.test_client()
    assert client.head("/v1/releases/2/incidents.csv.gz").status_code == 200
    scene.redact(data=scene.data.parent / "elsewhere")
    state._asked_at = 0
    assert client.head("/v1/releases/2/incidents.csv.gz").status_code == 404
    assert in_stored_files(folder) == []


def test_publishing_without_files_takes_away_those_that_a_redaction_reached(scene: Scene) -> None:
    folder = with_files(scene)
    scene.redact(data=scene.data.parent / "elsewhere")
    result = scene.command("publish", "--seeds", str(scene.seeds), "--no-files")
    assert result.exit_code == 0, result.output
    assert in_stored_files(folder) == []
