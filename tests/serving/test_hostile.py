"""What nobody should send and somebody will: every answer is a 200, a 304 or a problem document, never a 500."""

import base64
import json
import logging
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.domain.query import IncidentFilter, question_hash

PUBLIC_URL = "https://data.example.org"
PAGE, GEOJSON, CSV = "/v1/incidents", "/v1/incidents.geojson", "/v1/incidents.csv"
RECORD, FEATURE = "/v1/incidents/PE-2018-0001", "/v1/incidents/PE-2018-0001.geojson"
LISTS = {
    "/v1/codelists": "codelist",
    "/v1/sources": "source",
    "/v1/places": "place",
    "/v1/context": "context",
    "/v1/releases": "release",
}
CHANGES = "/v1/changes"
OPERATIONS = ("/livez", "/readyz", "/openapi.json", "/v1/schemas/incident.json")
FILTERED = (PAGE, GEOJSON, CSV)
PAGED = (PAGE, *LISTS)
RELEASED = (*FILTERED, RECORD, f"{RECORD}/history", FEATURE, *LISTS, "/v1/")
ENDPOINTS = (*RELEASED, *OPERATIONS)
PAGES = ("/", "/docs", "/docs/errors", "/static/explorer/main.mjs")

EVERYWHERE = (
    "nonsense=1", "=1", "=", "country%00=PE", "a\x00b=1", "__proto__=1", "constructor[prototype]=1", "page[size]=1",
    "%", "%2", "%zz=1", "x=%", "x=%g0", "x=%FF", "x=%C0%AF", "x=%ED%A0%80", "x=%ED%B0%80", "x=%F4%90%80%80", "x=%E2%80",
    "x=%00", "x=%0a", "x=%0d%0aSet-Cookie:%20a=b", "x=%1b%5B2J", "x=%7f", "x=%C2%85", "x=%E2%80%A8", "x=\xff",
    "$where=1", "country=PE%00", "release=%00", "release=1&release=1%00", "_=%FF&nonsense=1", "UTM_SOURCE=x", "utm_=x",
)  # fmt: skip
NOT_CODES = (
    "", "%20", ",", ",,", "*", "%25", "%5f", "'", "''", "PE'--", "1=1", "%27%20OR%201=1--", "a%2Cb%00", "P%45%00",
    "%EF%BC%B0%EF%BC%A5", "../..", "%3Cscript%3E", "null", "[]", "{}", "-", "x" * 3000, "a," * 150,
)  # fmt: skip
NOT_NUMBERS = (
    "", "%20", "%201", "1%20", "+1", "1_0", "0x10", "1e400", "NaN", "nan", "inf", "-inf", "Infinity", "1,5",
    "%D9%A3", "%EF%BC%91", "%E2%81%B4", "true", "1%00", "1;2", "9" * 5000 + "x", "--1", "1-1", "%2B1", "1%2B",
)  # fmt: skip
BAD_VALUES: dict[str, tuple[str, ...]] = {
    "country": (*NOT_CODES, "P", "PERUU", "ZZ", "PE,ZZ", "P%C3%89", "PE;ID", "PE|ID", "PE,", ",PE"),
    "admin1": (*NOT_CODES, "PE", "PE-", "PE-AREQ", "PE_ARE"),
    "category": (*NOT_CODES, "no_such_category", "other,no_such_category", "%D0%9A%D0%B0%D1%82"),
    "method": (*NOT_CODES, "no_such_method"),
    "purpose": (*NOT_CODES, "no_such_purpose"),
    "outcome": (*NOT_CODES, "no_such_outcome"),
    "precision": (*NOT_CODES, "exact"),
    "verification": (*NOT_CODES, "rumour"),
    "ids": (*NOT_CODES, "PE-2018-1", "PE-%D9%A2018-0001", ",".join(f"PE-2018-{n:04d}" for n in range(201))),
    "datetime": (
        "", "%20", "..", "../..", "/", "2018-13", "2018-00", "2018-02-30", "2019-02-29", "2018-1", "18", "20181106",
        "0000", "2018/2017", "2018-06/2018-01", "2018/2019/2020", "%D9%A2018", "2018-11-06T25", "now",
        "2018-11-06T00:00:00",
        "10000", "-2018", "2018?", "2018%00", "1e3", "2018..2019",
    ),
    "bbox": (
        "", "1", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6", "0,10,10,0", "0,-91,1,0", "0,0,1,91", "NaN,0,1,1", "0,0,inf,1",
        "1e400,0,1,1", "0,0,1e99,1", "a,b,c,d", "0,0,1,1,", ",0,0,1,1", "0;0;1;1", "0%200%201%201", "0,0,1,%D9%A1",
        "0,0,1,1%00", "1_0,0,20,1", "[0,0,1,1]", "0,0,+,1", "," * 4000,
    ),
    "near": (
        "", "1", "1,2,3", "181,0", "-181,0", "0,91", "0,-91", "NaN,0", "0,inf", "1e400,0", "a,b", "%D9%A1,2", "1%002,3",
        "POINT(1%202)",
    ),
    "radius_m": (*NOT_NUMBERS, "0", "-0", "0.0", "-1", "-1e3", "1e99", "20037509", "1e-99999", "99999999999999999999"),
    "sort": ("", "--id", "+", "nonsense", "summary", "id;DROP%20TABLE", "id,country", "-", "rowid", "flat", "%00"),
    "limit": (*NOT_NUMBERS, "0", "00", "-0", "-1", "0.5", "1.0", "1e3", "1e9"),
    "release": (*NOT_NUMBERS, "0", "-1", "1.0", "2147483647", "9999999999", "99999999999", "9" * 4000),
    "q": (
        "", "%20", "%22", "*", "+", "!!!", "%E2%80%99", "%F0%9F%91%B6", "%", "%00", "a%00b", "%ED%A0%80", "%FF",
        "+".join("abcdefghijklmnopqrstu"),
    ),
    "bom": ("", "1", "yes", "TRUE", "true,false", "%00"),
}  # fmt: skip
GOOD_ALL_THE_SAME = (
    "q='%20OR%201=1--", "q=a%22*", "q=a*", "q=*a", "q=a%20NEAR(b,%205)", "q=AND", "q=a%20OR", "q=NOT%20a",
    "q=-a", "q=words:a", "q=%5Ea", "q={a%20b}", "q=a%2Bb", "q=(a", "q=a)", "q=100%25", "q=a_b", "q=%5C%5Ca",
    "q=a'", "q=%E0%B8%81%E0%B8%B4", "q=%F0%9F%91%B6a", "q=%C2%B2", "q=%EF%B7%BA", "q=%C4%B0", "q=%E3%83%BCa",
    "q=a%E2%80%8Bb",
    "q=" + "a" * 7000, "q=" + "%EF%B7%BA" * 5, "q=a%CC%81" + "%CC%81" * 900,
    "country=pe", "country=PE,pe,%20PE", "country=PE&country=NG", "admin1=ZZ-ZZZ", "ids=ZZ-0000-000000000000",
    "bbox=-0,-0,0,0", "bbox=-180,-90,180,90", "bbox=.5,-.5,1.,1.0", "bbox=540,-5,560,5", "bbox=-99999,0,99999,1",
    "bbox=180,-90,180,90", "bbox=0,90,0,90", "bbox=1e1,0,2e1,1", "near=-180,-90&radius_m=20037508",
    "near=180,90&radius_m=1e-9", "near=-0,-0&radius_m=.5", "datetime=0001", "datetime=9999-12-31", "datetime=../9999",
    "datetime=/2018", "datetime=2018/", "datetime=2018-11-06t23:59:60z",
    "datetime=2018-11-06T00:00:00.123456789%2B14:00", "&&&", "&", "utm_source=%3Cscript%3E&fbclid=1&gclid=2&_=3",
    "_=%F0%9F%91%B6", "release=01", "release=1",
)  # fmt: skip


def cursor(parts: Any) -> str:
    """A cursor that nobody was given."""
    return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


NO_KEYS: tuple[Any, ...] = (5, True, False, None, 1.5, 2**70, [], {}, "\x00", "\ud800", "a\udfffb", "\x7f")
NO_NAMES: tuple[Any, ...] = (1, None, True, [], "\x00", "\ud800")
ALL = question_hash(IncidentFilter())
BAD_CURSORS = (
    "", "%20", "null", "AAAA", "!!!!", "=", "====", "%F0%9F%91%B6", "a" * 5000, "..", "0", "%00", "W10%3D%3D", "W10=",
    base64.urlsafe_b64encode(b"[" * 3000).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    base64.urlsafe_b64encode(b'[1,"-date_start",' + b"9" * 4400 + b',"x","y"]').decode(),
    cursor([]), cursor({}), cursor(None), cursor("x"), cursor([1]), cursor([[[[[[1]]]]]]), cursor({"release": 1}),
    *(cursor([release, "-date_start", "2018-01-01", "PE-2018-0001", ALL]) for release in (
        0, -1, True, False, None, 1.0, 1.5, "1", 2**31, 2**70, [1])),
    *(cursor([1, "-date_start", key, "PE-2018-0001", ALL]) for key in NO_KEYS),
    *(cursor([1, "-date_start", "2018-01-01", name, ALL]) for name in NO_NAMES),
    *(cursor([1, sort, "2018-01-01", "PE-2018-0001", ALL]) for sort in ("date_start", "id", "", "rowid", 1, None)),
    *(cursor([1, "-date_start", "2018-01-01", "PE-2018-0001", question]) for question in ("", "another", 1, None)),
    cursor([1, "-date_start", "2018-01-01", "PE-2018-0001", ALL, "more"]),
)  # fmt: skip
NOT_THERE = (
    "/v2/incidents", "/v1/incident", "/v1/incidents.json5", "/v1/incidents.", "/v1/incidents.csv.exe", "/V1/incidents",
    "/v1//incidents", "/v1/./incidents", "/v1/../v1/incidents", "/v1/%2e%2e/v1/incidents",
    "/v1/incidents/..", "/v1/incidents/PE-2018-0001%00", "/v1/incidents/%00", "/v1/incidents/PE-2018-%25",
    "/v1/incidents/PE-%D9%A2%D9%A0%D9%A1%D9%A8-0001", "/v1/incidents/PE-2018-0001'--", "/v1/incidents/%FF%FE",
    "/v1/incidents/P%CD%85-2018-0001", "/v1/incidents/PE-2018-99999999999999", "/v1/incidents/PE-2018-9999",
    "/v1/incidents/ZZ-0000-0000", "/v1/incidents/PE-2018-0001.csv", "/v1/incidents/PE-2018-0001/history/x",
    "/v1/incidents/%ED%A0%80", "/v1/%0d%0aSet-Cookie:a=b", "/%00", "/%FF", "/%", "/%zz", "/\xff", "/v1\\incidents",
    "/v1/incidents;x=1", "/v1/schemas/../incidents", "/static/../app.py", "/static/%2e%2e/app.py",
    "/static/..%2fapp.py", "/static/%2e%2e%5capp.py", "/static//etc/passwd", "/static/%00", "/static/",
    "/static/explorer", "/static/a%00.mjs",
    "/etc/passwd", "/.git/config", "/.env", "/wp-login.php", "/docs/errors/", "/docs//errors", "/robots.txt%00",
)  # fmt: skip
ODD_HEADERS: tuple[dict[str, str], ...] = (
    {"Accept": "text/html;q=abc"}, {"Accept": "application/xml;q=1, */*;q=0"}, {"Accept": ""}, {"Accept": ";;;,,,"},
    {"Accept": "a" * 5000}, {"Accept-Language": "*;q=x"}, {"Accept-Charset": "nonsense"},
    {"Accept-Encoding": "gzip;q=abc"}, {"Accept-Encoding": "identity;q=0"}, {"Accept-Encoding": "*;q=0"},
    {"Accept-Encoding": ";q="}, {"Accept-Encoding": "gzip;q=1;q=0"}, {"Accept-Encoding": ",,,"},
    {"Accept-Encoding": "gzip;q=1e999, br;q=nan"}, {"Accept-Encoding": "a," * 2500}, {"Accept-Encoding": "\xff\xfe"},
    {"Range": "bytes=0-1"}, {"Range": "bytes=-1"}, {"Range": "bytes=5-1"}, {"Range": "bytes=abc"},
    {"Range": "lines=1-2"}, {"Range": "bytes=0-1,2-3," + "4-5," * 1000}, {"Range": "bytes=99999999999999999999-"},
    {"If-Range": '"x'},
    {"If-None-Match": '"'}, {"If-None-Match": '"a'}, {"If-None-Match": "a"}, {"If-None-Match": 'W/"a", "b'},
    {"If-None-Match": "W/"}, {"If-None-Match": '"x", ' * 1600}, {"If-None-Match": '"' * 8000},
    {"If-None-Match": "*, *"}, {"If-None-Match": "\xff"}, {"If-None-Match": '""'},
    {"If-None-Match": '"' + "a" * 8000 + '"'}, {"If-Match": '"x"'},
    {"If-Modified-Since": "garbage"}, {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 +99999999"},
    {"If-Modified-Since": "Thu, 01 Jan 99999 00:00:00 GMT"}, {"If-Modified-Since": "0"},
    {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}, {"Host": "evil.example"}, {"Host": "evil.example:99999"},
    {"Host": "<script>"}, {"Host": "a b"}, {"Host": ""}, {"Host": "[::1"}, {"Host": "evil.example/path?x#y"},
    {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-Proto": "javascript"}, {"X-Forwarded-Prefix": "//evil.example"},
    {"Forwarded": "host=evil.example;proto=evil.example"}, {"X-Original-URL": "/evil.example"},
    {"X-HTTP-Method-Override": "DELETE"}, {"Content-Type": "multipart/form-data"}, {"Content-Type": "application/json"},
    {"Content-Length": "abc"}, {"Content-Length": "-1"}, {"Cookie": "a" * 5000}, {"Authorization": "Basic ====="},
    {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Expect": "nonsense"}, {"Upgrade": "h2c"},
)  # fmt: skip
METHODS = ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO", "PROPFIND", "G\xcbT", "")


def ask(
    client: FlaskClient, target: str, method: str = "GET", headers: dict[str, str] | None = None, **options: Any
) -> TestResponse:
    """Sends a target as a server would hand it over: nothing is quoted, normalised or refused on the way."""
    path, _, query = target.partition("?")
    environ = {
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode("latin-1", "replace").decode("latin-1"),
        "RAW_URI": target,
    } | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
    for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        if f"HTTP_{name}" in environ:
            environ[name] = environ.pop(f"HTTP_{name}")
    response = client.open("/", method=method, environ_overrides=environ, buffered=True, **options)
    response.close()
    return response


def cursors_of_nobody(path: str) -> tuple[str, ...]:
    """Bad cursors for a page, or for a list: of another type, of another list."""
    if path == PAGE:
        return BAD_CURSORS
    name = LISTS[path]
    keys = (
        ("x", "1", None, True, 1.5, 2**70) if name == "release" else (5, None, True, 1.5, "\x00", "\ud800", "a\udfff")
    )
    wrong = [cursor([1, name, key, "", name]) for key in keys]
    return (*BAD_CURSORS, *wrong, cursor([1, "x", "x", "", "another"]), cursor([0, name, "x", "", name]))


def bad_questions() -> list[tuple[str, str, list[str]]]:
    """A path, the parameter to be named in the answer, and the queries that break its rules."""
    partner = {"near": "&radius_m=1", "radius_m": "&near=1,2"}
    found = [
        (path, name, [f"{name}={value}{partner.get(name, '')}" for value in values])
        for name, values in BAD_VALUES.items()
        for path in {"limit": PAGED, "release": RELEASED, "bom": (CSV,)}.get(name, FILTERED)
    ]
    found += [(path, "cursor", [f"cursor={text}" for text in cursors_of_nobody(path)]) for path in PAGED]
    for path in FILTERED:
        found += [(path, "radius_m", ["near=1,2", "near=1,2&country=PE"]), (path, "near", ["radius_m=5"])]
        found += [
            (path, name, [f"{name}={value}&{name}={value}", f"{name}={value}&country=PE&{name}=x"])
            for name, value in {"q": "a", "bbox": "0,0,1,1", "datetime": "2018", "sort": "id"}.items()
        ]
    return found


@pytest.mark.parametrize(("path", "name", "queries"), bad_questions(), ids=lambda value: str(value)[:40])
def test_a_bad_value_is_a_problem_that_names_its_parameter(
    client: FlaskClient,
    read_problem: Callable[[TestResponse, int], dict[str, Any]],
    path: str,
    name: str,
    queries: list[str],
) -> None:
    for query in queries:
        target = f"{path}?{query}"
        too_long = len(target) > 8192
        body = read_problem(ask(client, target), 414 if too_long else 400)
        if not too_long:
            named = {error["parameter"] for error in body["errors"]}
            assert named & {name, *PARTNERS.get(name, ())}, query
            assert named <= {name, "radius_m", "near"}, query
            assert all(error["rule"] for error in body["errors"])


@pytest.mark.parametrize("name", [*sorted(set(BAD_VALUES) - {"sort", "limit", "bom"}), "cursor"])
def test_a_question_about_changes_is_as_strict(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], name: str
) -> None:
    for path, wrong in ((CHANGES, BAD_CURSORS), (f"{CHANGES}.csv", ())):
        for value in wrong if name == "cursor" else BAD_VALUES[name]:
            target = f"{path}?since=0&{name}={value}"
            if len(target) <= 8192:
                errors = read_problem(ask(client, target), 400)["errors"]
                assert {error["parameter"] for error in errors} & {name, *PARTNERS.get(name, ())}, target


@pytest.mark.parametrize(
    "since", [*NOT_NUMBERS, "-1", "-0", "00x", "0.0", "2147483647", "99999999999", "9" * 4000, "2"]
)
def test_a_release_to_compare_with_is_a_number_that_there_is(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], since: str
) -> None:
    for target in (f"{CHANGES}?since={since}", f"{CHANGES}.csv?since={since}", f"{CHANGES}?since={since}&release=1"):
        errors = read_problem(ask(client, target), 400)["errors"]
        assert [error["parameter"] for error in errors] == ["since"], target


def test_odd_questions_about_changes_are_answered_when_they_break_no_rule(client: FlaskClient) -> None:
    for query in (*GOOD_ALL_THE_SAME, "since=000"):
        for path in (CHANGES, f"{CHANGES}.csv"):
            since = "" if query.startswith("since") else "since=0&"
            assert ask(client, f"{path}?{since}{query}").status_code == 200, query


@pytest.mark.parametrize("path", ENDPOINTS)
def test_what_nobody_understands_is_a_problem_everywhere(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], path: str
) -> None:
    for query in EVERYWHERE:
        body = read_problem(ask(client, f"{path}?{query}"), 400)
        assert body["errors"], query


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_people_do_not_mind_their_query(client: FlaskClient, path: str) -> None:
    for query in EVERYWHERE:
        assert ask(client, f"{path}?{query}").status_code == 200, query


@pytest.mark.parametrize("path", FILTERED)
def test_the_odd_and_the_extreme_are_answered_when_they_break_no_rule(client: FlaskClient, path: str) -> None:
    for query in GOOD_ALL_THE_SAME:
        response = ask(client, f"{path}?{query}")
        assert response.status_code == 200, (query, response.get_data())


def test_their_canonical_links_give_the_same(client: FlaskClient) -> None:
    for query in (*GOOD_ALL_THE_SAME, "near=0.1e-99,-.1e-99&radius_m=.1e-99", "bbox=1e-17,0,12345678901234567e-15,1"):
        body = ask(client, f"{PAGE}?{query}").get_json()
        again = ask(client, body["links"]["self"].removeprefix(PUBLIC_URL)).get_json()
        assert again == body, query


@pytest.mark.parametrize("target", NOT_THERE)
def test_an_odd_path_is_not_found(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], target: str
) -> None:
    read_problem(ask(client, target), 404)


@pytest.mark.parametrize(
    ("target", "canonical"),
    [
        ("//v1/incidents", "/v1/incidents"),
        ("/v1/incidents/", "/v1/incidents"),
        ("/v1%2Fincidents", "/v1/incidents"),
        ("/v1/incidents%2F", "/v1/incidents"),
        ("/v1/inc%69dents", "/v1/incidents"),
        ("/v1/incidents/pe-2018-0001", "/v1/incidents/PE-2018-0001"),
        ("/v1/incidents/PE-2018-0001/", "/v1/incidents/PE-2018-0001"),
        ("/v1/sources/", "/v1/sources"),
    ],
)
def test_other_spellings_of_a_path_answer_with_the_canonical_link(
    client: FlaskClient, target: str, canonical: str
) -> None:
    response = ask(client, target)
    assert response.status_code == 200
    assert response.get_json()["links"]["self"].partition("?")[0] == f"{PUBLIC_URL}{canonical}"


@pytest.mark.parametrize("path", [*ENDPOINTS, *PAGES, "/nothing/here"])
def test_a_long_address_is_refused_before_anything_else(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], path: str
) -> None:
    longest = f"{path}?_=".ljust(8192, "a")
    assert ask(client, longest).status_code == (404 if path == "/nothing/here" else 200)
    for target in (f"{longest}a", f"{path}?q=" + "%41" * 3500, f"{path}?_=".ljust(100_000, "a")):
        assert "8,192" in read_problem(ask(client, target), 414)["detail"]


@pytest.mark.parametrize("path", [PAGE, CSV, RECORD, "/v1/", "/v1/sources", "/openapi.json", "/livez", "/"])
def test_odd_headers_change_nothing_and_reach_no_answer(client: FlaskClient, path: str) -> None:
    plain = ask(client, path)
    for headers in ODD_HEADERS:
        response = ask(client, path, headers=headers)
        assert response.status_code == 200, headers
        if "Content-Encoding" not in response.headers:
            assert response.get_data() == plain.get_data(), headers
        everything = response.get_data() + str(response.headers).encode()
        assert b"evil.example" not in everything
        assert b"javascript:" not in everything
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_ranges_of_static_files_are_served_or_refused(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]]
) -> None:
    path = "/static/explorer/main.mjs"
    assert ask(client, path, headers={"Range": "bytes=0-1"}).status_code == 206
    for text in ("bytes=abc", "bytes=99999999999999999999-", "bytes=5-1"):
        response = ask(client, path, headers={"Range": text})
        read_problem(response, 416)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", [*ENDPOINTS, *PAGES])
def test_nothing_public_is_written(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], path: str, method: str
) -> None:
    response = ask(client, path, method, data=b'{"country": "PE"}', content_type="application/json")
    read_problem(response, 405)
    assert {"GET", "HEAD", "OPTIONS"} >= set(response.headers["Allow"].split(", "))
    assert "GET" in response.headers["Allow"]


@pytest.mark.parametrize("body", [b"", b"{", b"\x00" * 100, b"a" * 1_000_000, b"country=PE"])
def test_a_body_on_get_is_not_read(client: FlaskClient, body: bytes) -> None:
    for path in (PAGE, CSV, "/livez"):
        response = ask(client, path, data=body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert response.get_data() == ask(client, path).get_data()


@pytest.mark.parametrize("path", RELEASED)
def test_a_release_that_is_not_there_is_not_found(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]], path: str
) -> None:
    for number in ("2", "999", "2147483646"):
        body = read_problem(ask(client, f"{path}?release={number}"), 404)
        assert body["type"].endswith("#unknown-release")
        assert "the latest is 1" in body["detail"]


def test_a_cursor_into_a_release_that_is_not_there_is_not_found(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]]
) -> None:
    text = cursor([999, "-date_start", "2018-01-01", "PE-2018-0001", ALL])
    assert read_problem(ask(client, f"{PAGE}?cursor={text}"), 404)["type"].endswith("#unknown-release")


def test_a_cursor_goes_with_its_filter_sort_and_release_only(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]]
) -> None:
    first = ask(client, f"{PAGE}?limit=1").get_json()
    following = f"{PAGE}?cursor={first['meta']['next_cursor']}"
    assert ask(client, following).status_code == 200
    assert ask(client, f"{following}&limit=50&release=1").status_code == 200
    for more in ("&country=PE", "&sort=id", "&sort=date_start", "&q=a"):
        assert "another filter or sort" in read_problem(ask(client, following + more), 400)["detail"]
    for path in LISTS:
        read_problem(ask(client, f"{path}?cursor={first['meta']['next_cursor']}"), 400)


def test_many_faults_are_all_named_and_nothing_is_echoed_at_length(
    client: FlaskClient, read_problem: Callable[[TestResponse, int], dict[str, Any]]
) -> None:
    query = "&".join(f"x{number:04d}=1" for number in range(900))
    body = read_problem(ask(client, f"{PAGE}?{query}"), 400)
    assert len(body["errors"]) == 900
    long_name = read_problem(ask(client, f"{PAGE}?{'x' * 5000}=1"), 400)
    assert len(long_name["errors"][0]["parameter"]) <= 80


def test_nothing_of_this_is_an_error_in_the_log(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        for query in (*EVERYWHERE, *GOOD_ALL_THE_SAME):
            ask(client, f"{PAGE}?{query}")
    assert not caplog.records


# What a test client cannot send: lines as they come from a socket. 400s without a problem document are the server's.
PARTNERS = {"near": ("radius_m",), "radius_m": ("near",)}
RAW: tuple[tuple[bytes, set[int]], ...] = (
    (b"GET /v1/incidents?limit=1 HTTP/1.1", {200}),
    (b"GET /v1/incidents?limit=1 HTTP/1.0", {200}),
    (b"HEAD /v1/incidents.csv HTTP/1.1", {200}),
    (b"OPTIONS * HTTP/1.1", {200, 400, 404}),
    (b"GET http://evil.example/v1/incidents?limit=1 HTTP/1.1", {200}),
    (b"GET //evil.example/v1/incidents HTTP/1.1", {404}),
    (b"get /v1/incidents HTTP/1.1", {400, 405}),
    (b"FOO /v1/incidents HTTP/1.1", {405}),
    (b"TRACE /v1/incidents HTTP/1.1", {405}),
    (b"POST /v1/incidents HTTP/1.1\r\nContent-Length: 0", {405}),
    (b"GET /v1/incidents?q=\xff HTTP/1.1", {400}),
    (b"GET /v1/incidents?q=\xc3\xa1 HTTP/1.1", {200, 400}),
    (b"GET /v1/incidents?q=%00 HTTP/1.1", {400}),
    (b"GET /v1/incidents?q=\x00 HTTP/1.1", {400}),
    (b"GET /v1/incidents?q=%ED%A0%80 HTTP/1.1", {400}),
    (b"GET /v1/incidents?x=%zz HTTP/1.1", {400}),
    (b"GET /v1/incidents?_=" + b"a" * 10_240 + b" HTTP/1.1", {414}),
    (b"GET /" + b"%41" * 4000 + b" HTTP/1.1", {414}),
    (b"GET /v1/incidents/%2e%2e/%2e%2e/etc/passwd HTTP/1.1", {404}),
    (b"GET /static/../../etc/passwd HTTP/1.1", {404}),
    (b"GET /static/..%2f..%2fapp.py HTTP/1.1", {404}),
    (b"GET /v1/incidents#fragment HTTP/1.1", {200, 400, 404}),
    (b"GET v1/incidents HTTP/1.1", {200, 400, 404}),
    (b"GET  HTTP/1.1", {400, 404}),
    (b"GET /v1/incidents", {400}),
    (b"\x16\x03\x01\x02\x00", {400}),
    (b"GET /v1/incidents HTTP/9.9", {400, 505}),
    (b"GET /v1/incidents?limit=1 HTTP/1.1\r\nIf-None-Match: " + b'"x", ' * 1300, {200, 304}),
    (b"GET /v1/incidents?limit=1 HTTP/1.1\r\nIf-None-Match: *", {304}),
    (b"GET /v1/incidents HTTP/1.1\r\nX-Long: " + b"a" * 20_000, {400, 431}),
    (b"GET /v1/incidents HTTP/1.1\r\nX: a\x00b", {400}),
    (b"GET /v1/incidents HTTP/1.1\r\nNo colon", {400}),
    (b"GET /v1/incidents HTTP/1.1\r\nContent-Length: abc", {400}),
    (b"GET /v1/incidents HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked", {400}),
)


@pytest.mark.parametrize(("request_lines", "statuses"), RAW, ids=lambda value: repr(value)[:60])
def test_a_real_server_answers_whatever_comes(live_url: str, request_lines: bytes, statuses: set[int]) -> None:
    answer = exchange(live_url, request_lines + b"\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split()[1])
    assert status in statuses, head
    assert b"evil.example" not in answer
    if status in (404, 405, 414):
        assert b"application/problem+json" in head
        assert b"Access-Control-Allow-Origin: *" in head
        assert b'"detail"' in body


def exchange(live_url: str, lines: bytes) -> bytes:
    """Sends bytes to the server and reads until it hangs up."""
    address = urlsplit(live_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(lines + b"Connection: close\r\n\r\n")
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass  # the server had heard enough before everything was sent
    return received
