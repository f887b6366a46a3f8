"""Formats whose libraries are not installed: neither written nor documented, and said so."""

import subprocess
import sys
from pathlib import Path

from api.exports.registry import FORMATS

ROOT = Path(__file__).parents[2]
LEAN = {"incidents.csv.gz", "incidents.geojson.gz"}
WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("arro3", "pyogrio", "pmtiles")))
"""


def lean(program: str, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program as if the extra were not installed."""
    command = [sys.executable, "-c", WITHOUT + program, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_the_lean_core_documents_what_it_can_write() -> None:
    told = lean("from api.app import openapi_document; print(*openapi_document()['paths'], sep='\\n')").stdout
    paths = {path.rpartition("/")[2] for path in told.splitlines() if path.startswith("/v1/releases/{which}/")}
    assert paths == LEAN | {"manifest.json", "datapackage.json"}


def test_the_lean_core_writes_what_it_can_and_names_the_rest(tmp_path: Path, first_four: Path) -> None:
    environ = {"FOUNDLING_SEEDS": str(first_four), "FOUNDLING_DATA": str(tmp_path)}
    published = lean("from api.cli.main import main; main()", "publish", **environ)
    assert published.returncode == 0, published.stderr
    *_, stored, missing = published.stdout.splitlines()
    assert stored.endswith(": incidents.csv.gz, incidents.geojson.gz.")
    names = ", ".join(form.extension for form in FORMATS if form.needs)
    assert missing == f"Not stored, because their libraries are not installed: {names} (`make files` installs them)."
    asked = lean("from api.cli.main import main; main()", "export", "--format", "parquet", **environ)
    assert asked.returncode == 1
    assert "make files" in asked.stderr
