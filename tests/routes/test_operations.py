"""Health, the descriptions for machines, and a database that goes away and comes back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.database.engine import Database, dialect_of
from api.database.upgrade import upgrade
from api.domain.release import Release

DATA = (
    "/v1/incidents",
    "/v1/incidents.csv",
    "/v1/incidents.geojson",
    "/v1/incidents/PE-2018-0001",
    "/v1/sources",
    "/v1/",
)

Read = Callable[[TestResponse, int], dict[str, Any]]


@pytest.fixture
def path(tmp_path: Path, locate: Callable[..., LocatedIncident], append_incidents: Callable[..., Release]) -> Path:
    """The file of a database of one's own."""
    file = tmp_path / "foundling.sqlite"
    append_incidents(f"sqlite:///{file}", [locate("PE-2018-0001")])
    return file


def reconnect(app: Flask) -> None:
    """Closes what is open, as time does."""
    database: Database = app.extensions["foundling"].database
    database.engine.dispose()
    app.extensions["foundling"].clock = iter(range(0, 10**9, 10)).__next__


def test_health_tells_the_release(client: FlaskClient) -> None:
    assert client.get("/livez").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok", "release": 1}


def _remove(path: Path) -> None:
    path.unlink()


def _fill_with_text(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 1000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize("harm", [_remove, _fill_with_text, _empty, _cut])
def test_without_its_database_the_process_lives_and_says_when_to_come_back(
    path: Path, make_app: Callable[[str], Flask], read_problem: Read, harm: Callable[[Path], None]
) -> None:
    app = make_app(f"sqlite:///{path}")
    client = app.test_client()
    good = path.read_bytes()
    fresh = make_app(f"sqlite:///{path}").test_client()
    for broken_app in (app, fresh.application):
        reconnect(broken_app)
    harm(path)
    for asking in (client, fresh):
        assert asking.get("/livez").status_code == 200
        assert asking.get("/livez?_=5").status_code == 200
        for query in ("x=1", "page=1", "per_page=5"):
            read_problem(asking.get(f"/livez?{query}"), 400)
        for target in ("/readyz", *DATA):
            response = asking.get(target)
            body = read_problem(response, 503)
            assert int(response.headers["Retry-After"]) > 0
            assert "sqlite" not in str(body).lower()
            assert str(path) not in str(body)
        assert asking.get("/").status_code == 200
        assert asking.get("/openapi.json").status_code == 200
        assert asking.get("/v1/schemas/incident.json").status_code == 200

    path.write_bytes(good)
    for asking in (client, fresh):
        reconnect(asking.application)
        for target in ("/readyz", *DATA):
            assert asking.get(target).status_code == 200


def test_before_the_first_release_there_is_nothing_to_serve(
    tmp_path: Path, make_app: Callable[[str], Flask], read_problem: Read
) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    writer = dialect_of(url).open_writer()
    upgrade(writer)
    writer.dispose()
    client = make_app(url).test_client()
    assert client.get("/livez").status_code == 200
    for target in ("/readyz", *DATA):
        response = client.get(target)
        body = read_problem(response, 503)
        assert body["type"].endswith("#nothing-published")
        assert "foundling publish" in body["detail"]
        assert "Retry-After" in response.headers


def test_the_description_is_openapi_and_names_every_route(app: Flask, client: FlaskClient) -> None:
    response = client.get("/openapi.json")
    assert response.content_type == "application/json"
    document = response.get_json()
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"].startswith("3.1")
    names = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(names)) == len(names)
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    for_people = {"/", "/docs", "/docs/", "/docs/errors", "/use", "/use/", "/static/{filename}"}
    assert set(document["paths"]) == served - for_people


def test_every_answer_is_what_the_description_says(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    for path, operations in document["paths"].items():
        target = path.format(incident_id="PE-2018-0001", which="latest", z=0, x=0, y=0) + (
            "?since=0" if "/changes" in path else ""
        )
        target = re.sub("{[zxy]}", "0", target)
        content = operations["get"]["responses"]["200"]["content"]
        with client.get(target) as response:
            assert response.content_type in content, path
            schema = content[response.content_type]["schema"]
            if schema != {"type": "string"} and "json" in str(response.content_type):
                resolvable = schema | {"components": document["components"]}
                jsonschema.validate(response.get_json(force=True), resolvable)


def test_problems_are_what_the_description_says(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    schema = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    for target in ("/v1/incidents?contry=PE", "/v1/incidents/ZZ-0000-0000", "/nothing", "/v1/incidents?release=999"):
        jsonschema.validate(client.get(target).get_json(force=True), schema)


def test_the_schema_of_a_record_is_served_and_fits_the_seeds(client: FlaskClient, seeds: Path) -> None:
    response = client.get("/v1/schemas/incident.json")
    assert response.content_type == "application/schema+json"
    schema = orjson.loads(response.get_data())
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for file in (seeds / "incidents").glob("*.json"):
        validator.validate(orjson.loads(file.read_bytes()))
