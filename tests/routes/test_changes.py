"""Changes since a release and the history of a record, over HTTP: a copy that follows them stays in step."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.curation.attach import LocatedIncident
from api.curation.redact import tombstones
from api.database.engine import dialect_of
from api.database.redact import apply
from api.domain.changes import SHOWN_AS
from api.domain.columns import COLUMN_NAMES
from api.domain.incident import Figure, Outcome
from api.domain.redaction import Redaction
from api.domain.release import Release

PUBLIC_URL = "https://data.example.org"
CHANGES, CSV = "/v1/changes", "/v1/changes.csv"
COLUMNS = [
    "incident_id", "change", "release", "field", "before", "after", "reason", "withdrawal_reason", "superseded_by",
]  # fmt: skip
ABOUT = {"release", "licence", "licence_url", "attribution", "citation"}
FIRST_DAY = datetime(2026, 11, 24, 7, 0, 0, tzinfo=UTC)
FORMULA = "=HYPERLINK(1)"

Read = Callable[[TestResponse, int], dict[str, Any]]


@pytest.fixture(scope="module")
def client_of_four(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> FlaskClient:
    """Four releases; each incident does something else."""
    url = new_url()
    figure = Figure("arrested", None, 2, None, "people", None, None, "police", ("invented-news-2018",), None)
    changing = locate("PE-2018-0001", title={"en": "First", "es": "Primero"}, figures=(figure,))
    returning, merged, later = (locate(f"PE-2018-000{n}") for n in (2, 3, 4))
    recoded = locate("NG-2018-0001", country="NG", category="online_sale")
    named = locate("ID-2018-0001", country="ID", title={"en": "Before"})
    withdrawal = {"id": "PE-2018-0003", "reason": "merged", "date": "2026-11-26", "superseded_by": "PE-2018-0001"}
    retitled = locate("PE-2018-0001", title={"en": "Second", "es": "Segundo"}, figures=(replace(figure, best=3),))
    outcome = Outcome("released", None, {"en": "Let go."}, ("invented-news-2018",))
    freed = locate("PE-2018-0001", title={"en": "Second", "es": "Tercero"}, outcomes=(outcome,))
    disarmed = locate("ID-2018-0001", country="ID", title={"en": FORMULA}, lon=-5.5)
    moved = locate("NG-2018-0001", country="NG", category="abduction")
    states = [
        [changing, returning, merged, recoded, named],
        [retitled, merged, recoded, named],
        [retitled, returning, moved, named, later],
        [freed, returning, moved, later, disarmed],
    ]
    for number, state in enumerate(states):
        append_incidents(
            url, state, withdrawn=[withdrawal] if number >= 2 else [], now=FIRST_DAY + timedelta(days=number)
        )
    return make_app(url).test_client()


def walk(client: FlaskClient, target: str) -> list[dict[str, Any]]:
    """All pages, by following `next`."""
    pages = [client.get(target).get_json()]
    while "next" in pages[-1]["links"]:
        response = client.get(pages[-1]["links"]["next"].removeprefix(PUBLIC_URL))
        assert response.status_code == 200, response.get_data()
        pages.append(response.get_json())
        assert pages[-1]["data"], "a next that leads nowhere"
    assert pages[-1]["meta"]["next_cursor"] is None
    return pages


def read_csv(response: TestResponse) -> list[dict[str, str]]:
    assert response.status_code == 200
    reader = csv.DictReader(io.StringIO(response.get_data().decode("utf-8"), newline=""), strict=True)
    rows = list(reader)
    assert reader.fieldnames == COLUMNS
    return rows


def told(client: FlaskClient, target: str) -> dict[str, tuple[str, str | None]]:
    return {one["id"]: (one["change"], one["reason"]) for one in client.get(target).get_json()["data"]}


def test_a_page_has_exactly_these_members(client_of_four: FlaskClient) -> None:
    body = client_of_four.get(f"{CHANGES}?since=1").get_json()
    assert list(body) == ["data", "links", "meta"]
    assert body["links"] == {"self": f"{PUBLIC_URL}{CHANGES}?since=1&limit=100"}
    assert set(body["meta"]) == ABOUT | {"since", "returned", "limit", "next_cursor"}
    assert (body["meta"]["since"], body["meta"]["release"], body["meta"]["returned"]) == (1, 4, len(body["data"]))
    for one in body["data"]:
        assert list(one) == [
            "id", "change", "reason", "withdrawal_reason", "superseded_by", "release", "fields", "incident",
        ]  # fmt: skip
        assert one["incident"] is None or tuple(one["incident"]) == COLUMN_NAMES
        assert all(list(field) == ["field", "before", "after"] for field in one["fields"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("since=1&release=2", {"PE-2018-0001": ("changed", None), "PE-2018-0002": ("left", "withdrawn")}),
        ("since=2&release=2", {}),
        ("since=4", {}),
        (
            "since=1&release=3",
            {
                "NG-2018-0001": ("changed", None), "PE-2018-0001": ("changed", None),
                "PE-2018-0003": ("left", "withdrawn"), "PE-2018-0004": ("entered", "published"),
            },
        ),
        ("since=1&category=online_sale", {"NG-2018-0001": ("left", "no_longer_matches")}),
        ("since=1&category=abduction", {"NG-2018-0001": ("entered", "now_matches")}),
        ("since=1&country=NG", {"NG-2018-0001": ("changed", None)}),
        ("since=3&outcome=released", {"PE-2018-0001": ("entered", "now_matches")}),
        ("since=0&release=1&country=PE", dict.fromkeys(
            ("PE-2018-0001", "PE-2018-0002", "PE-2018-0003"), ("entered", "published"))),
        ("since=0&country=GB", {}),
    ],
)  # fmt: skip
def test_what_became_of_a_filter(client_of_four: FlaskClient, query: str, expected: dict[str, Any]) -> None:
    assert told(client_of_four, f"{CHANGES}?{query}") == expected
    assert list(expected) == sorted(expected)


def test_a_change_is_told_field_by_field(client_of_four: FlaskClient) -> None:
    (one, _) = client_of_four.get(f"{CHANGES}?since=1&release=2").get_json()["data"]
    fields = {field["field"]: (field["before"], field["after"]) for field in one["fields"]}
    assert fields.keys() == {"title", "/title/es", "/figures", "arrested_low", "arrested_best", "arrested_high"}
    assert fields["title"] == ("First", "Second")
    assert fields["/title/es"] == ("Primero", "Segundo")
    assert fields["arrested_best"] == (2, 3)
    assert [figure["best"] for figure in (*fields["/figures"][0], *fields["/figures"][1])] == [2, 3]
    assert one["release"] == 2
    page = client_of_four.get("/v1/incidents?release=2&ids=PE-2018-0001").get_json()
    assert one["incident"] == page["data"][0]


def test_a_pointer_leads_to_the_value_in_the_record(client_of_four: FlaskClient) -> None:
    (one,) = client_of_four.get(f"{CHANGES}?since=2&ids=PE-2018-0001").get_json()["data"]
    record = client_of_four.get("/v1/incidents/PE-2018-0001").get_json()["data"]
    pointers = [field for field in one["fields"] if field["field"].startswith("/")]
    assert {field["field"] for field in pointers} == {"/title/es", "/figures", "/outcomes"}
    for field in pointers:
        value = record
        for name in field["field"].split("/")[1:]:
            value = value[name]
        assert field["after"] == value


def test_what_was_withdrawn_is_told_without_its_text(client_of_four: FlaskClient) -> None:
    found = client_of_four.get(f"{CHANGES}?since=2&release=3&ids=PE-2018-0003").get_json()["data"]
    assert found == [
        {
            "id": "PE-2018-0003", "change": "left", "reason": "withdrawn", "withdrawal_reason": "merged",
            "superseded_by": "PE-2018-0001", "release": 3, "fields": [], "incident": None,
        }
    ]  # fmt: skip
    rows = read_csv(client_of_four.get(f"{CSV}?since=2&release=3&ids=PE-2018-0003"))
    assert [[row[name] for name in COLUMNS] for row in rows] == [
        ["PE-2018-0003", "left", "3", "", "", "", "withdrawn", "merged", "PE-2018-0001"]
    ]


def test_texts_speak_the_language_that_is_asked_for(client_of_four: FlaskClient) -> None:
    (one,) = client_of_four.get(f"{CHANGES}?since=2&ids=PE-2018-0001&lang=es").get_json()["data"]
    fields = {field["field"]: (field["before"], field["after"]) for field in one["fields"]}
    assert fields["title"] == ("Segundo", "Tercero")
    assert one["incident"]["title"] == "Tercero"
    assert not any(name.startswith("/title") for name in fields)
    rows = read_csv(client_of_four.get(f"{CSV}?since=2&lang=es"))
    assert "Tercero" in {row["after"] for row in rows if row["field"] == "title"}
    answer = client_of_four.get(f"{CHANGES}?since=2", headers={"Accept-Language": "es"})
    assert answer.headers["Content-Language"] == "es, en"
    assert answer.get_json()["links"]["self"].endswith("since=2&limit=100&lang=es")


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize("query", ["since=0", "since=1", "since=2&release=3", "since=1&country=PE&lang=es"])
def test_a_walk_gives_each_change_once_and_in_order(client_of_four: FlaskClient, query: str, limit: int) -> None:
    whole = client_of_four.get(f"{CHANGES}?{query}").get_json()["data"]
    pages = walk(client_of_four, f"{CHANGES}?{query}&limit={limit}")
    found = [one for page in pages for one in page["data"]]
    assert found == whole
    assert [one["id"] for one in found] == sorted({one["id"] for one in found})
    assert all(page["meta"]["returned"] == limit for page in pages[:-1])
    assert len({(page["meta"]["since"], page["meta"]["release"]) for page in pages}) == 1


@pytest.mark.parametrize("since", range(5))
@pytest.mark.parametrize("filters", ["", "&country=PE", "&category=other", "&outcome=reported", "&lang=es"])
def test_a_copy_that_follows_is_the_answer_of_now(client_of_four: FlaskClient, filters: str, since: int) -> None:
    def all_of(release: int) -> dict[str, Any]:
        rows = client_of_four.get(f"/v1/incidents?release={release}&limit=1000{filters}").get_json()["data"]
        return {row["id"]: row for row in rows}

    copy = all_of(since) if since else {}
    for page in walk(client_of_four, f"{CHANGES}?since={since}&limit=2{filters}"):
        for one in page["data"]:
            if one["change"] == "left":
                del copy[one["id"]]
            else:
                copy[one["id"]] = one["incident"]
    # An incident that went and came back the same is no change; only the release that brought it back is another.
    undated = [
        {id_: {**row, "updated": None, "updated_release": None, "citation": None} for id_, row in rows.items()}
        for rows in (copy, all_of(4))
    ]
    assert undated[0] == undated[1]


@pytest.mark.parametrize("query", ["since=0", "since=1", "since=1&country=PE", "since=3", "since=4", "since=1&lang=es"])
def test_csv_reads_back_as_the_changes_of_the_pages(client_of_four: FlaskClient, query: str) -> None:
    def text(value: Any) -> str:
        if value is None or isinstance(value, str):
            return f"'{value}" if value and value.startswith(("=", "+", "-", "@")) else value or ""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    nothing = {"field": None, "before": None, "after": None}
    expected = [
        {
            "incident_id": one["id"],
            **{name: text(one[name]) for name in COLUMNS if name in one},
            **{name: text(field[name]) for name in ("field", "before", "after")},
        }
        for one in client_of_four.get(f"{CHANGES}?{query}&limit=1000").get_json()["data"]
        for field in one["fields"] or [nothing]
    ]
    assert read_csv(client_of_four.get(f"{CSV}?{query}")) == [{name: row[name] for name in COLUMNS} for row in expected]


def test_csv_disarms_formulas_and_leaves_numbers_alone(client_of_four: FlaskClient) -> None:
    rows = {row["field"]: row for row in read_csv(client_of_four.get(f"{CSV}?since=3&country=ID"))}
    assert rows["title"]["after"] == f"'{FORMULA}"
    assert (rows["lon"]["before"], rows["lon"]["after"]) == ("0.0", "-5.5")


def test_a_csv_file_is_streamed_under_a_name_that_says_between_which_releases(client_of_four: FlaskClient) -> None:
    response = client_of_four.get(f"{CSV}?since=2")
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == 'inline; filename="foundling-changes-release-2-to-4.csv"'
    assert response.headers["ETag"].startswith("W/")
    assert client_of_four.head(f"{CSV}?since=2").status_code == 200
    text = client_of_four.get(f"{CSV}?since=4&bom=true").get_data().decode("utf-8")
    assert text == "\ufeff" + ",".join(COLUMNS) + "\r\n"


BAD = [
    ("", "since"),
    ("since=", "since"),
    ("since=-1", "since"),
    ("since=+1", "since"),
    ("since=1.0", "since"),
    ("since=1e3", "since"),
    ("since=%D9%A3", "since"),
    ("since=1_0", "since"),
    ("since=one", "since"),
    ("since=0x1", "since"),
    ("since=9999999999", "since"),
    (f"since={'9' * 4000}", "since"),
    ("since=1&since=2", "since"),
    ("since=5", "since"),
    ("since=3&release=2", "since"),
    ("since=1&release=0", "release"),
    ("since=1&sort=id", "sort"),
    ("since=1&fields=id", "fields"),
    ("since=1&country=ZZ", "country"),
    ("since=1&near=1,2", "radius_m"),
    ("since=1&%00=1", "(unreadable)"),
]


@pytest.mark.parametrize(("query", "parameter"), BAD)
def test_what_breaks_a_rule_is_refused_by_name(
    client_of_four: FlaskClient, read_problem: Read, query: str, parameter: str
) -> None:
    for path in (CHANGES, CSV):
        body = read_problem(client_of_four.get(f"{path}?{query}"), 400)
        assert parameter in {error["parameter"] for error in body["errors"]}


def test_a_page_takes_no_bom_and_a_file_no_limit(client_of_four: FlaskClient, read_problem: Read) -> None:
    for target in (f"{CHANGES}?since=1&bom=true", f"{CSV}?since=1&limit=5", f"{CSV}?since=1&cursor=x"):
        read_problem(client_of_four.get(target), 400)


def test_the_rule_says_where_the_comparison_ends(client_of_four: FlaskClient, read_problem: Read) -> None:
    assert "release 4 is where" in read_problem(client_of_four.get(f"{CHANGES}?since=5"), 400)["detail"]
    assert "release 2 is where" in read_problem(client_of_four.get(f"{CHANGES}?since=3&release=2"), 400)["detail"]
    assert "since=12" in read_problem(client_of_four.get(CHANGES), 400)["detail"]
    read_problem(client_of_four.get(f"{CHANGES}?since=1&release=99"), 404)


def test_a_cursor_belongs_to_its_question(client_of_four: FlaskClient, read_problem: Read) -> None:
    cursor = client_of_four.get(f"{CHANGES}?since=1&release=3&limit=1").get_json()["meta"]["next_cursor"]
    assert client_of_four.get(f"{CHANGES}?since=1&release=3&cursor={cursor}").status_code == 200
    for query in (
        f"since=2&cursor={cursor}",
        f"since=1&country=PE&cursor={cursor}",
        f"since=1&release=4&cursor={cursor}",
    ):
        read_problem(client_of_four.get(f"{CHANGES}?{query}"), 400)
    for path in ("/v1/incidents?sort=id&", "/v1/incidents?", "/v1/sources?", "/v1/releases?"):
        read_problem(client_of_four.get(f"{path}cursor={cursor}"), 400)
    for path in ("/v1/incidents?limit=1&sort=updated", "/v1/incidents?limit=1&sort=id", "/v1/sources?limit=1"):
        other = client_of_four.get(path).get_json()["meta"]["next_cursor"]
        if other:
            read_problem(client_of_four.get(f"{CHANGES}?since=1&cursor={other}"), 400)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (f"{CHANGES}?sinc=1", f"{CHANGES}?since=1"),
        (f"{CHANGES}?since=1&contry=PE", f"{CHANGES}?since=1&country=PE"),
        (f"{CHANGES}?since=1&format=csv", f"{CSV}?since=1"),
        (f"{CSV}?since=1&f=json&limit=5", f"{CHANGES}?since=1&limit=5"),
        (f"{CHANGES}?since=1&format=geojson", None),
        (f"{CHANGES}?sinc=99", None),
        ("/v1/incidents/PE-2018-0001/history?format=geojson", None),
        ("/v1/incidents/PE-2018-0001/history?relase=1", "/v1/incidents/PE-2018-0001/history?release=1"),
    ],
)
def test_the_address_that_was_meant_is_offered_if_it_works(
    client_of_four: FlaskClient, read_problem: Read, asked: str, meant: str | None
) -> None:
    offered = read_problem(client_of_four.get(asked), 400).get("did_you_mean")
    assert offered == (meant and f"{PUBLIC_URL}{meant}")
    if meant:
        assert client_of_four.get(meant).status_code == 200


@pytest.mark.parametrize("path", [f"{CHANGES}?since=1", f"{CSV}?since=1", "/v1/incidents/PE-2018-0001/history"])
def test_answers_are_kept_like_any_other(client_of_four: FlaskClient, path: str) -> None:
    current = client_of_four.get(path)
    assert current.headers["Cache-Control"].startswith("public, max-age=60,")
    location = current.headers["Content-Location"].removeprefix(PUBLIC_URL)
    assert location == f"{path}{'&' if '?' in path else '?'}release=4&lang=en"
    pinned = client_of_four.get(location)
    assert "immutable" in pinned.headers["Cache-Control"]
    if pinned.is_json:
        assert pinned.get_json()["data"] == current.get_json()["data"]
    else:
        assert pinned.get_data() == current.get_data()
    tag = current.headers["ETag"]
    assert client_of_four.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert client_of_four.get(location, headers={"If-None-Match": tag}).status_code == 200


def test_another_since_or_cursor_has_another_tag_and_a_cursor_pins(client_of_four: FlaskClient) -> None:
    first = client_of_four.get(f"{CHANGES}?since=1&limit=1")
    following = client_of_four.get(first.get_json()["links"]["next"].removeprefix(PUBLIC_URL))
    tags = {client_of_four.get(f"{CHANGES}?since={since}").headers["ETag"] for since in range(5)}
    assert len(tags | {first.headers["ETag"], following.headers["ETag"]}) == 7
    assert "immutable" in following.headers["Cache-Control"]
    assert following.headers["Foundling-Release"] == "4"


def test_a_history_has_every_version_newest_first(client_of_four: FlaskClient) -> None:
    body = client_of_four.get("/v1/incidents/pe-2018-0001/history").get_json()
    assert list(body) == ["data", "links", "meta"]
    assert body["links"] == {
        "self": f"{PUBLIC_URL}/v1/incidents/PE-2018-0001/history",
        "incident": f"{PUBLIC_URL}/v1/incidents/PE-2018-0001",
    }
    assert set(body["meta"]) == ABOUT
    spans = [(one["from_release"], one["last_release"], one["change"], one["ended"]) for one in body["data"]]
    assert spans == [(4, None, "changed", None), (2, 3, "changed", "changed"), (1, 1, "entered", "changed")]
    assert [one["published"] for one in body["data"]] == [
        "2026-11-27T07:00:00Z", "2026-11-25T07:00:00Z", "2026-11-24T07:00:00Z",
    ]  # fmt: skip
    assert {"field": "title", "before": "First", "after": "Second"} in body["data"][1]["fields"]
    assert body["data"][2]["fields"] == []
    for one in body["data"]:
        record = client_of_four.get(one["links"]["self"].removeprefix(PUBLIC_URL)).get_json()["data"]
        assert record["updated_release"] == one["from_release"]
        assert record["updated"] == one["published"]


def test_a_history_tells_of_a_return_and_knows_nothing_of_what_came_later(client_of_four: FlaskClient) -> None:
    path = "/v1/incidents/PE-2018-0002/history"
    spans = [(one["from_release"], one["change"], one["ended"]) for one in client_of_four.get(path).get_json()["data"]]
    assert spans == [(3, "returned", None), (1, "entered", "withdrawn")]
    body = client_of_four.get(f"{path}?release=1&lang=es").get_json()
    assert [(one["from_release"], one["last_release"], one["ended"]) for one in body["data"]] == [(1, None, None)]
    assert body["links"]["self"] == f"{PUBLIC_URL}{path}?release=1&lang=es"


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("PE-2018-0003", 410), ("PE-2018-0002?release=2", 410), ("PE-2018-0004?release=1", 404),
        ("ZZ-0000-0000", 404), ("PE-2018-0001?release=99", 404), ("PE-2018-0001?x=1", 400),
    ],
)  # fmt: skip
def test_there_is_a_history_where_there_is_a_record(
    client_of_four: FlaskClient, read_problem: Read, target: str, status: int
) -> None:
    path, _, query = target.partition("?")
    wanted = read_problem(client_of_four.get(f"/v1/incidents/{target}"), status)
    assert read_problem(client_of_four.get(f"/v1/incidents/{path}/history?{query}"), status) == wanted
    assert "invented" not in str(wanted).lower()


def test_the_record_and_the_index_lead_to_both(client_of_four: FlaskClient) -> None:
    links = client_of_four.get("/v1/incidents/PE-2018-0001?release=3").get_json()["links"]
    assert links["history"] == f"{PUBLIC_URL}/v1/incidents/PE-2018-0001/history?release=3"
    index = client_of_four.get("/v1/").get_json()["links"]
    assert f"{PUBLIC_URL}{CHANGES}?since=3" in [link["href"] for link in index]


def test_a_column_shows_what_its_pointer_would(client: FlaskClient) -> None:
    """What the nested record holds is either a column's own or told by pointer: nothing twice, nothing never."""
    texts = {f"/{name}/en": name for name in ("title", "summary")} | {"/date/note/en": "date_note"}
    for row in client.get("/v1/incidents?limit=1000").get_json()["data"]:
        record = client.get(f"/v1/incidents/{row['id']}").get_json()["data"]
        for pointer, column in (texts | dict(SHOWN_AS)).items():
            value = record
            for name in pointer.split("/")[1:]:
                value = (value or {}).get(name)
            assert row[column] == (";".join(value) if isinstance(value, list) else value), (row["id"], pointer)


def test_who_follows_hears_of_a_redaction_that_made_no_release(
    new_url: Callable[[], str],
    make_app: Callable[[str], Flask],
    locate: Callable[..., LocatedIncident],
    append_incidents: Callable[..., Release],
) -> None:
    url = new_url()
    append_incidents(url, [locate("PE-2018-0001", title={"en": "Secret"}), locate("PE-2018-0002")])
    append_incidents(
        url, [locate("PE-2018-0001", title={"en": "Secret"}), locate("PE-2018-0002"), locate("PE-2018-0003")]
    )
    app = make_app(url)
    app.extensions["foundling"].clock = iter(range(0, 10_000, 10)).__next__
    client = app.test_client()
    before = client.get(f"{CHANGES}?since=2")
    assert before.get_json()["data"] == []
    entry = Redaction("PE-2018-0001", "privacy", "2026-11-01", "other", "PE", "2018")
    dialect = dialect_of(url)
    writer = dialect.open_writer()
    try:
        assert apply(writer, dialect, tombstones([entry])) == ("PE-2018-0001",)
    finally:
        writer.dispose()
    after = client.get(f"{CHANGES}?since=2", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "the tag is another one"
    assert "Secret" not in after.get_data(as_text=True)
    (one,) = after.get_json()["data"]
    assert (one["id"], one["change"], one["reason"], one["fields"]) == ("PE-2018-0001", "changed", "redacted", [])
    assert one["incident"] == client.get("/v1/incidents?ids=PE-2018-0001").get_json()["data"][0]
    assert told(client, f"{CHANGES}?since=1&verification=single_source") == {
        "PE-2018-0001": ("left", "redacted"), "PE-2018-0003": ("entered", "published"),
    }  # fmt: skip
    history = client.get("/v1/incidents/PE-2018-0001/history")
    assert "Secret" not in history.get_data(as_text=True)
    assert [version["fields"] for version in history.get_json()["data"]] == [[]]
