"""Pages for people: a strict policy, no address but relative ones, scripts that browsers run as modules."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.serving.problems import HTTP_PROBLEMS, PROBLEMS

PAGES = ("/", "/use", "/docs", "/docs/errors")
STATIC = Path(__file__).parent.parent.parent / "api" / "static"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_nothing_but_our_own_files(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.content_type == "text/html; charset=utf-8"
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["script-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    text = response.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "a script inline would not run"
    assert not re.search(r"\son[a-z]+=", text), "a handler inline would not run"


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_is_there_and_is_addressed_relatively(client: FlaskClient, path: str) -> None:
    text = client.get(path, headers={"Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in text
    loaded = re.findall(r"<(?:script|link|img)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"", text)
    assert loaded
    base = path.rpartition("/")[0]
    for address in loaded:
        assert not address.startswith(("/", "http:", "https:", "//")), address
        target = f"/{address.removeprefix('../')}" if address.startswith("../") else f"{base}/{address}"
        with client.get(target) as response:
            assert response.status_code == 200, address


def test_a_slash_more_leads_to_the_docs_whatever_the_host_is_called(client: FlaskClient) -> None:
    response = client.get("/docs/", headers={"Host": "evil.example"})
    assert response.status_code == 308
    assert response.headers["Location"] == "../docs"


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [
        (".mjs", "text/javascript; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".svg", "image/svg+xml; charset=utf-8"),
        (".geojson", "application/geo+json"),
    ],
)
def test_static_files_have_the_type_that_browsers_insist_on(
    client: FlaskClient, suffix: str, content_type: str
) -> None:
    files = sorted(STATIC.rglob(f"*{suffix}"))
    for file in files:
        with client.get(f"/static/{file.relative_to(STATIC)}") as response:
            assert response.status_code == 200
            assert response.content_type == content_type
            assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_of_our_own_are_asked_for_again_and_those_of_others_kept_for_a_day(client: FlaskClient) -> None:
    own = next(STATIC.glob("explorer/*.mjs")).relative_to(STATIC)
    vendored = next(path for path in STATIC.glob("vendor/**/*.js")).relative_to(STATIC)
    with client.get(f"/static/{own}") as response:
        assert response.headers["Cache-Control"] == "no-cache"
        tag = response.headers["ETag"]
    with client.get(f"/static/{own}", headers={"If-None-Match": tag}) as response:
        assert response.status_code == 304
    with client.get(f"/static/{vendored}") as response:
        assert "max-age=86400" in response.headers["Cache-Control"]


def test_every_problem_has_its_place_on_the_page_that_its_type_leads_to(client: FlaskClient) -> None:
    text = client.get("/docs/errors").get_data(as_text=True)
    for problem in (*PROBLEMS.values(), *HTTP_PROBLEMS.values()):
        assert f'id="{problem.slug}"' in text
        assert problem.title in text
    for target in ("/nothing", "/v1/incidents?x=1", "/v1/incidents/ZZ-0000-0000", "/v1/incidents?release=99"):
        kind = client.get(target).get_json(force=True)["type"]
        assert f'id="{kind.partition("#")[2]}"' in text
