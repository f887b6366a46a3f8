"""Nothing is there that the documentation does not tell."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from api.cli.main import main
from api.curation.rulebook import RULEBOOK
from api.domain.changes import Kind, Reason
from api.domain.figures import CHOICES
from api.domain.query import SORT_KEYS
from api.domain.stats import ADDITIVE_COLUMNS, DIMENSIONS, INCIDENTS, RANGE_COLUMNS
from api.domain.tables import CHANGES
from api.formats.citations import FORMS
from api.formats.registry import EXTENSIONS, FILES, File
from api.schemas.parameters.changes import ChangesSchema
from api.schemas.parameters.queries import PageSchema
from api.schemas.parameters.stats import StatsFileSchema, StatsSchema
from api.serving.files import QUERIES as FILE_QUERIES
from api.serving.problems import HTTP_PROBLEMS, PROBLEMS
from api.settings import Settings, variable

ROOT = Path(__file__).parent.parent
API = (ROOT / "docs" / "api.md").read_text()
CURATING = (ROOT / "docs" / "curating.md").read_text()
OPERATING = (ROOT / "docs" / "operating.md").read_text()
EVERYTHING = "".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])

QUERIES = (PageSchema(), ChangesSchema(), StatsSchema(), StatsFileSchema(), *FILE_QUERIES.values())


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{variable(name)}`" in OPERATING


@pytest.mark.parametrize("name", sorted({name for schema in QUERIES for name in schema.fields}))
def test_every_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in API


@pytest.mark.parametrize("key", SORT_KEYS)
def test_every_sort_key_is_documented(key: str) -> None:
    assert f"`{key}`" in API


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_format_is_documented(extension: str) -> None:
    assert f"`{extension}` is" in API


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path)
def test_every_file_is_documented(file: File) -> None:
    assert f"`/v1{file.path}`" in API


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_citation_is_documented(name: str) -> None:
    assert f"`{name}`" in API


@pytest.mark.parametrize("word", [*get_args(Kind), *get_args(Reason), *CHANGES.names])
def test_every_change_reason_and_column_of_changes_is_documented(word: str) -> None:
    assert f"`{word}`" in API


@pytest.mark.parametrize("word", [*DIMENSIONS, *CHOICES, INCIDENTS, *ADDITIVE_COLUMNS, *RANGE_COLUMNS])
def test_every_dimension_choice_and_column_of_statistics_is_documented(word: str) -> None:
    assert f"`{word}`" in API


@pytest.mark.parametrize("problem", [*PROBLEMS.values(), *HTTP_PROBLEMS.values()], ids=lambda problem: problem.slug)
def test_every_problem_is_documented(problem: object) -> None:
    assert f"`{getattr(problem, 'slug', None)}`" in API


@pytest.mark.parametrize("name", main.list_commands(None))  # type: ignore[arg-type]  # the context is not used
def test_every_command_is_documented(name: str) -> None:
    assert f"`foundling {name}" in EVERYTHING


def test_every_rule_is_documented_and_every_documented_rule_exists() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", CURATING, re.MULTILINE)
    assert dict(rows) == dict(RULEBOOK)


def test_the_rulebook_holds_the_codes_that_rules_use_and_no_others() -> None:
    files = [path for path in (ROOT / "api" / "curation").rglob("*.py") if path.name != "rulebook.py"]
    found = {code for path in files for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', path.read_text())}
    assert found - {"utf-8", "public-domain"} == {code for code in RULEBOOK if "-" in code}


def test_documents_lead_to_files_that_exist() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} leads to {target}"
