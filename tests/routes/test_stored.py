"""Stored files over HTTP: ranges, digests, which release `latest` is, and what is said where there are none."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.domain.release import Release
from api.exports.registry import FORMATS
from api.exports.write import Written

PUBLIC_URL = "https://data.example.org"
PARQUET = "/v1/releases/1/incidents.parquet"
LATEST = "/v1/releases/latest/incidents.parquet"

Read = Callable[[TestResponse, int], dict[str, Any]]
Store = Callable[..., Written]


@pytest.fixture(scope="module")
def content(client_of_all: FlaskClient) -> bytes:
    with client_of_all.get(PARQUET) as answer:
        return answer.get_data()


@pytest.fixture(scope="module")
def client_of_all(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.extension)
def test_every_file_comes_whole_with_size_digest_and_terms(client: FlaskClient, form: Any) -> None:
    manifest = client.get("/v1/releases/1/manifest.json").get_json()
    (listed,) = [one for one in manifest["files"] if one["name"] == form.file]
    assert listed["url"] == f"{PUBLIC_URL}/v1/releases/1/{form.file}"
    with client.get(f"/v1/releases/1/{form.file}", headers={"Accept-Encoding": "gzip, br, zstd"}) as answer:
        body = answer.get_data()
        assert answer.status_code == 200
        assert answer.content_type == form.media_type == listed["media_type"]
        assert len(body) == answer.content_length == listed["bytes"]
        assert hashlib.sha256(body).hexdigest() == listed["sha256"]
        digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
        assert answer.headers["Content-Digest"] == answer.headers["Repr-Digest"] == digest
        assert "Content-Encoding" not in answer.headers
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["ETag"] == f'"{listed["sha256"][:32]}"'
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, s-maxage=3600, immutable"
        assert answer.headers["Foundling-Release"] == "1"
        assert (
            answer.headers["Content-Disposition"]
            == f'inline; filename="foundling-incidents-release-1.{form.extension}"'
        )
        assert f'<{listed["url"]}>; rel="cite-as"' in answer.headers["Link"]
        assert 'rel="license"' in answer.headers["Link"]
        assert "Content-Location" not in answer.headers


def test_ranges_are_parts_of_the_file(client: FlaskClient, content: bytes) -> None:
    size = len(content)
    for asked, start, end in (
        ("bytes=0-3", 0, 4),
        ("bytes=-8", size - 8, size),
        (f"bytes={size - 70000}-", size - 70000, size),
        ("bytes=100-99999999", 100, size),
    ):
        with client.get(PARQUET, headers={"Range": asked}) as answer:
            assert answer.status_code == 206
            assert answer.get_data() == content[start:end]
            assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
            assert answer.content_length == end - start
            assert "Content-Digest" not in answer.headers
            assert "Repr-Digest" in answer.headers


def test_head_tells_the_same_and_sends_nothing(client: FlaskClient, content: bytes) -> None:
    with client.head(PARQUET) as whole, client.head(PARQUET, headers={"Range": "bytes=0-9"}) as part:
        assert (whole.status_code, whole.content_length, whole.get_data()) == (200, len(content), b"")
        assert (part.status_code, part.content_length, part.get_data()) == (206, 10, b"")
        assert part.headers["Content-Range"] == f"bytes 0-9/{len(content)}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "items=0-3", "bytes=nonsense", "bytes=5-2", ""])
def test_what_is_no_single_range_gets_everything(client: FlaskClient, content: bytes, asked: str) -> None:
    with client.get(PARQUET, headers={"Range": asked}) as answer:
        assert answer.status_code == 200
        assert answer.get_data() == content


def test_a_range_beyond_the_end_is_refused_with_the_length(
    client: FlaskClient, content: bytes, read_problem: Read
) -> None:
    answer = client.get(PARQUET, headers={"Range": "bytes=99999999-"})
    assert read_problem(answer, 416)["type"].endswith("#no-such-range")
    assert answer.headers["Content-Range"] == f"bytes */{len(content)}"


def test_a_range_of_another_state_of_the_file_gets_everything(client: FlaskClient, content: bytes) -> None:
    tag = client.head(PARQUET).headers["ETag"]
    with client.get(PARQUET, headers={"Range": "bytes=0-3", "If-Range": tag}) as same:
        assert (same.status_code, same.get_data()) == (206, content[:4])
    with client.get(PARQUET, headers={"Range": "bytes=0-3", "If-Range": '"other"'}) as other:
        assert (other.status_code, other.get_data()) == (200, content)


def test_who_has_the_file_gets_304(client: FlaskClient) -> None:
    tag = client.head(PARQUET).headers["ETag"]
    for address in (PARQUET, LATEST):
        with client.get(address, headers={"If-None-Match": tag}) as answer:
            assert (answer.status_code, answer.get_data()) == (304, b"")
            assert answer.headers["ETag"] == tag
            assert "Cache-Control" in answer.headers


def test_downloads_that_stall_leave_places_for_others(client: FlaskClient, read_problem: Read) -> None:
    stalled = [client.get(PARQUET) for _ in range(2)]  # four threads, of which two may send files
    try:
        refused = client.get(PARQUET)
        assert read_problem(refused, 503)["type"].endswith("#too-many-downloads")
        assert client.head(PARQUET).status_code == 200
    finally:
        for one in stalled:
            one.close()
    with client.get(PARQUET) as answer:
        assert answer.status_code == 200


def test_descriptions_are_json_with_a_tag(client: FlaskClient) -> None:
    for name in ("manifest.json", "datapackage.json"):
        answer = client.get(f"/v1/releases/latest/{name}")
        assert (answer.status_code, answer.content_type) == (200, "application/json")
        assert json.loads(answer.get_data())
        assert answer.headers["Content-Location"] == f"{PUBLIC_URL}/v1/releases/1/{name}"
        assert (
            client.get(f"/v1/releases/1/{name}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )


def test_parameters_are_refused(client: FlaskClient, read_problem: Read) -> None:
    assert "did_you_mean" not in read_problem(client.get(f"{PARQUET}?release=1"), 400)
    told = read_problem(client.get("/v1/releases/latest/manifest.json?f=json"), 400)
    assert told["did_you_mean"] == f"{PUBLIC_URL}/v1/releases/latest/manifest.json"


@pytest.mark.parametrize(
    "path", ["0/incidents.parquet", "01/incidents.parquet", "1/other.parquet", "1/.lock", "last/x"]
)
def test_other_addresses_are_not_found(client: FlaskClient, read_problem: Read, path: str) -> None:
    read_problem(client.get(f"/v1/releases/{path}"), 404)


@pytest.fixture
def three(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> Flask:
    """An application over three releases, without files."""
    url = new_url()
    for count in (1, 2, 3):
        append_incidents(url, [locate(f"PE-2018-{number:04d}") for number in range(count)])
    return make_app(url)


def test_without_files_the_answer_says_so(three: Flask, read_problem: Read) -> None:
    client = three.test_client()
    told = read_problem(client.get(LATEST), 404)
    assert (told["detail"], told["releases"]) == ("There are no stored files.", [])
    assert read_problem(client.get("/v1/releases/9/manifest.json"), 404)["type"].endswith("#unknown-release")


def test_latest_is_the_newest_release_that_has_the_file(three: Flask, store_files: Store, read_problem: Read) -> None:
    client = three.test_client()
    store_files(three, "csv.gz", "parquet", number=2)
    store_files(three, "csv.gz", number=3)
    csv, parquet = (client.head(f"/v1/releases/latest/incidents.{name}") for name in ("csv.gz", "parquet"))
    assert (csv.headers["Foundling-Release"], parquet.headers["Foundling-Release"]) == ("3", "2")
    assert parquet.headers["Content-Location"] == f"{PUBLIC_URL}/v1/releases/2/incidents.parquet"
    assert parquet.headers["Cache-Control"].startswith("public, max-age=60, ")
    for number in (1, 3):
        told = read_problem(client.get(f"/v1/releases/{number}/incidents.parquet"), 404)
        assert told["detail"] == f"Release {number} has no stored incidents.parquet. Releases that have it: 2."
        assert told["releases"] == [2]


def test_a_format_that_comes_later_joins_the_others(three: Flask, store_files: Store) -> None:
    client = three.test_client()
    store_files(three, "csv.gz")
    first = client.head("/v1/releases/3/incidents.csv.gz").headers["ETag"]
    store_files(three, "geojson.gz")
    names = [one["name"] for one in client.get("/v1/releases/3/manifest.json").get_json()["files"]]
    assert names == ["incidents.csv.gz", "incidents.geojson.gz", "datapackage.json"]
    assert client.head("/v1/releases/3/incidents.csv.gz").headers["ETag"] == first


def test_only_the_newest_releases_keep_files(three: Flask, store_files: Store, read_problem: Read) -> None:
    client = three.test_client()
    for number in (1, 2, 3):
        store_files(three, "csv.gz", number=number, newest=2)
    read_problem(client.get("/v1/releases/1/incidents.csv.gz"), 404)
    assert [client.head(f"/v1/releases/{number}/incidents.csv.gz").status_code for number in (2, 3)] == [200, 200]
    assert len(list(three.extensions["foundling"].files.glob("[0-9]*"))) == 2


def test_a_file_that_is_open_while_another_takes_its_place_is_read_to_its_end(three: Flask, store_files: Store) -> None:
    client = three.test_client()
    store_files(three, "csv.gz")
    with client.get("/v1/releases/3/incidents.csv.gz") as answer:
        store_files(three, "csv.gz")
        assert len(answer.get_data()) == answer.content_length
    assert client.head("/v1/releases/3/incidents.csv.gz").status_code == 200


def test_files_written_for_another_address_are_not_served(three: Flask, store_files: Store) -> None:
    store_files(three, "csv.gz")
    state = three.extensions["foundling"]
    state.public_url = "https://other.example.org"
    assert three.test_client().head("/v1/releases/3/incidents.csv.gz").status_code == 404
