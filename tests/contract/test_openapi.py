"""The OpenAPI document: valid, fresh, true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import orjson
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from api.app import openapi_document
from api.cli.codebook import rewritten
from api.schemas.seeds.json_schema import incident_json_schema

ROOT = Path(__file__).parents[2]
DOCUMENT = openapi_document()

# That near goes with radius_m, and south lies below north, is beyond what OpenAPI can say of parameters.
INEXPRESSIBLE = schemathesis.checks.positive_data_acceptance


@pytest.fixture(scope="session")
def described(app: Flask) -> Any:
    """The application as schemathesis sees it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_the_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


CASES = [
    (path, mode)
    for path, methods in DOCUMENT["paths"].items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or methods["get"].get("parameters")
]


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_schemathesis_finds_nothing(described: Any, path: str, mode: GenerationMode) -> None:
    strategy = described[path]["GET"].as_strategy(generation_mode=mode)

    @hypothesis.given(case=strategy)
    @hypothesis.settings(max_examples=40, suppress_health_check=list(hypothesis.HealthCheck))
    def fuzz(case: Any) -> None:
        # What the WSGI transport gets compressed it would not unpack.
        case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=[INEXPRESSIBLE])

    fuzz()


def _examples() -> Iterator[tuple[str, dict[str, str]]]:
    for path, methods in DOCUMENT["paths"].items():
        address = path.replace("{incident_id}", "PE-2018-0001").format(z=0, x=0, y=0)
        parameters = {one["name"]: one for one in methods["get"].get("parameters", []) if one["in"] == "query"}
        needed = {name: one["schema"]["x-example"] for name, one in parameters.items() if one["required"]}
        yield address, {key: _written(value) for key, value in needed.items()}
        for name, parameter in parameters.items():
            asked = needed | {name: parameter["schema"].get("x-example")}
            if name in ("near", "radius_m"):
                asked = needed | {other: parameters[other]["schema"]["x-example"] for other in ("near", "radius_m")}
            if name == "figure":
                asked |= {"measure": parameters["measure"]["schema"]["x-example"]}
            yield address, {key: _written(value) for key, value in asked.items() if value is not None}


def _written(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("address", "asked"), list(_examples()))
def test_every_documented_example_works(client: FlaskClient, address: str, asked: dict[str, str]) -> None:
    with client.get(address, query_string=asked) as answer:
        assert answer.status_code == 200
        assert answer.get_data()


def test_every_parameter_and_answer_is_described() -> None:
    for path, methods in DOCUMENT["paths"].items():
        operation = methods["get"]
        assert operation["operationId"], path
        assert operation["summary"].endswith("."), path
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert parameter["description"], (path, parameter["name"])
        for status, answer in operation["responses"].items():
            if status not in ("200", "default") and "$ref" in answer:
                name = answer["$ref"].rpartition("/")[2]
                assert list(DOCUMENT["components"]["responses"][name]["content"]) == ["application/problem+json"]


def test_the_committed_documents_are_fresh() -> None:
    for name, document in (("openapi", DOCUMENT), ("incident.schema", incident_json_schema())):
        committed = orjson.loads((ROOT / "openapi" / f"{name}.json").read_bytes())
        assert committed == document, "run `make openapi`"


def test_the_tables_of_the_codebook_are_fresh() -> None:
    book = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    codelists = orjson.loads((ROOT / "seeds" / "codelists.json").read_bytes())
    assert rewritten(book, codelists) == book, "run `make openapi`"
