"""The codebook tells of every column and code; coverage tells what was searched."""

from flask.testing import FlaskClient

from api.domain.columns import COLUMN_NAMES


def test_the_codebook_has_every_column_and_every_code(client: FlaskClient) -> None:
    book = client.get("/v1/codebook").get_json()
    assert [column["name"] for column in book["columns"]] == list(COLUMN_NAMES)
    assert all(column["description"].endswith(".") for column in book["columns"])
    assert all(derivation["rule"].endswith(".") for derivation in book["derivations"])
    codes = client.get("/v1/codelists").get_json()["data"]
    assert book["codes"] == codes
    lists = {code["list"] for code in codes}
    assert {column["codelist"] for column in book["columns"] if column["codelist"]} <= lists
    assert next(one for one in book["columns"] if one["name"] == "uncertainty_m")["unit"] == "metres"


def test_every_code_in_use_is_in_the_codebook(client: FlaskClient) -> None:
    book = client.get("/v1/codebook").get_json()
    known: dict[str, set[str]] = {}
    for code in book["codes"]:
        known.setdefault(code["list"], set()).add(code["code"])
    rows = client.get("/v1/incidents?limit=1000").get_json()["data"]
    for column in book["columns"]:
        if column["codelist"]:
            used = {code for row in rows for code in (row[column["name"]] or "").split(";") if code}
            assert used <= known[column["codelist"]], column["name"]


def test_coverage_is_served_and_few_rows_come_with_it(client: FlaskClient) -> None:
    entries = client.get("/v1/coverage").get_json()["data"]
    by_area = {entry["area"]: entry["status"] for entry in entries}
    assert by_area["NG"] == "searched"
    assert by_area["150"] == "not_searched"
    few = client.get("/v1/incidents?country=JP,PE&datetime=2018-11-06").get_json()["meta"]["coverage"]
    assert {"001", "030", "PE"} <= {entry["area"] for entry in few}
    assert "NG" not in {entry["area"] for entry in few}
    assert "coverage" not in client.get("/v1/incidents?country=NG").get_json()["meta"]


def test_context_of_its_country_region_and_the_world_stands_beside_a_record(client: FlaskClient) -> None:
    body = client.get("/v1/incidents/ID-2018-0001").get_json()
    assert {entry["area"] for entry in body["context"]} == {"ID", "035", "001"}
    assert all(entry["sources"] and entry["text"]["en"] for entry in body["context"])
