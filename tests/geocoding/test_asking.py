"""Online services that fail, stall and refuse, on this machine: the errors in words, the patience, what is kept."""

import json
import time
from collections.abc import Callable
from datetime import date
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from geopy.extra.rate_limiter import RateLimiter

from api.geocoding.asking import LONGEST_WAIT_S, ServiceFailed
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.providers import OnlineProvider
from api.geocoding.replies_cache import UnusableCache
from api.geocoding.services import Access, IncompleteService, open_service

if TYPE_CHECKING:
    from tests.geocoding.conftest import Server

Open = Callable[..., OnlineProvider]

TODAY = date(2026, 11, 24)
CONTACT = "maps@example.org"
SURABAYA = {
    "osm_type": "relation", "osm_id": 42, "class": "boundary", "addresstype": "city", "name": "Surabaya",
    "lat": "-7.2459", "lon": "112.7378", "boundingbox": ["-7.36", "-7.19", "112.59", "112.85"],
    "display_name": "Surabaya, Java, Indonesia", "address": {"ISO3166-2-lvl4": "ID-JI", "country_code": "id"},
    "extratags": {"population": "2874314"},
}  # fmt: skip


def says(
    body: Any = (), *, status: int = 200, headers: dict[str, str] | None = None, delay_s: float = 0.0
) -> SimpleNamespace:
    """What the server answers once."""
    return SimpleNamespace(body=body, status=status, headers=headers or {}, delay_s=delay_s)


def test_a_question_is_asked_once_a_season_by_service_and_country(connect: Open, server: "Server") -> None:
    for _ in range(2):
        provider = connect("nominatim", [SURABAYA])
        first = provider.answer("Surabaya", country="ID")
        assert provider.answer("Surabaya", country="ID") == first
    assert len(server.asked) == 1
    connect("nominatim", [SURABAYA]).answer("Surabaya", country="MY")
    connect("photon", {"features": []}).answer("Surabaya", country="ID")
    assert connect("photon", {"features": []}).answer("Surabaya", country="ID") is None
    assert len(server.asked) == 3
    connect("nominatim", [], today=date(2027, 3, 1)).answer("Surabaya", country="ID")
    assert len(server.asked) == 4


def test_a_broken_file_of_kept_answers_is_named(connect: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "replies.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(UnusableCache, match=r"replies\.sqlite cannot be used: .* Delete the file"):
        connect("nominatim").answer("Surabaya", country="ID")


def test_questions_keep_their_distance(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    now, waits = [100.0], list[float]()

    def sleep(_: RateLimiter, seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    monkeypatch.setattr(RateLimiter, "_clock", lambda _: now[0])
    monkeypatch.setattr(RateLimiter, "_sleep", sleep)
    provider = connect("nominatim", [], pause_s=0.25)
    for text in ("Elm", "Oak", "Ash"):
        provider.answer(text, country="ID")
    assert waits == [0.25, 0.25]


FAILURES = [
    (says(delay_s=1.0), "did not answer in time"),
    (says("<html>Busy</html>", headers={"Content-Type": "text/html"}), "not JSON"),
    (says(""), "not JSON"),
    (says("{", headers={"Content-Type": "application/json"}), "not JSON"),
    (says(status=500), r"out of order \(HTTP 500\)"),
    (says(status=502), r"out of order \(HTTP 502\)"),
    (says(status=503, headers={"Retry-After": "86400"}), r"out of order \(HTTP 503\)"),
    (says(status=429), r"too many questions \(HTTP 429\)"),
    (says(status=403), "refuses this user"),
    (says(status=401), "refuses this user"),
    (says(status=404), r"refused the question \(HTTP 404\)"),
    (says(status=400), r"refused the question \(HTTP 400\)"),
    (says({"error": "no"}), "refused the question"),
    (says({"features": "x"}), "form that is not its own"),
    (says([1, 2]), "form that is not its own"),
    (says([{"lat": "x", "lon": "1"}]), "form that is not its own"),
    (says([{"lat": "1", "lon": "nan"}]), "form that is not its own"),
    (says([SURABAYA | {"boundingbox": ["1"]}]), "form that is not its own"),
    (says([SURABAYA | {"boundingbox": ["-inf", "inf", "nan", "0"]}]), "form that is not its own"),
    (says([SURABAYA | {"boundingbox": ["5", "4", "1", "2"]}]), "form that is not its own"),
    (says([SURABAYA | {"lat": "90.1"}]), "form that is not its own"),
    (says([SURABAYA | {"osm_type": "<b>"}]), "form that is not its own"),
    (says([SURABAYA | {"osm_id": "1; x"}]), "form that is not its own"),
    (says([SURABAYA | {"address": {"country_code": "<b>"}}]), "form that is not its own"),
    (says([SURABAYA | {"address": "text"}]), "form that is not its own"),
]


@pytest.mark.parametrize(("failure", "words"), FAILURES)
def test_a_failure_is_said_in_words_and_not_kept(
    connect: Open, server: "Server", failure: SimpleNamespace, words: str
) -> None:
    provider = connect("nominatim", failure, sleep=lambda _: None)
    with pytest.raises(ServiceFailed, match=words) as caught:
        provider.answer("Surabaya", country="ID")
    assert str(caught.value).startswith("nominatim (127.0.0.1) ")
    assert "Busy" not in str(caught.value)
    server.answers = [says([SURABAYA])]
    assert provider.answer("Surabaya", country="ID") is not None


@pytest.mark.parametrize("name", ["photon", "geonames"])
@pytest.mark.parametrize("body", [{}, [], "text", 3, None, {"features": [{}], "geonames": [{}]}])
def test_another_form_of_answer_is_not_taken_for_places(connect: Open, name: str, body: Any) -> None:
    provider = connect(name, says(json.dumps(body)))
    try:
        assert provider.answer("Surabaya", country="ID") is None
    except ServiceFailed as error:
        assert "form that is not its own" in str(error)  # noqa: PT017 - an empty answer is as good


@pytest.mark.parametrize(
    ("value", "words"), [(10, "refuses this user"), (18, "all answers of the day"), (12, "cannot be reached")]
)
def test_geonames_own_errors_are_understood(connect: Open, value: int, words: str) -> None:
    body = {"status": {"message": "user someone: secret", "value": value}}
    with pytest.raises(ServiceFailed, match=words) as caught:
        connect("geonames", body).answer("Surabaya", country="ID")
    assert "someone" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_patience_gets_it(connect: Open, server: "Server", status: int) -> None:
    waits: list[float] = []
    busy = says(status=status, headers={"Retry-After": "7"})
    provider = connect("nominatim", busy, busy, [SURABAYA], sleep=waits.append)
    assert provider.answer("Surabaya", country="ID") is not None
    assert waits == [7, 7]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "retry_after",
    [str(LONGEST_WAIT_S + 1), "999999999999999999999", formatdate(time.time() + 7200, usegmt=True)],
    ids=["seconds", "for ever", "date"],
)
def test_patience_ends(connect: Open, server: "Server", retry_after: str) -> None:
    waits: list[float] = []
    busy = says(status=429, headers={"Retry-After": retry_after})
    with pytest.raises(ServiceFailed, match="asks to wait"):
        connect("nominatim", busy, sleep=waits.append).answer("Surabaya", country="ID")
    assert waits == []
    assert len(server.asked) == 1


@pytest.mark.parametrize("retry_after", ["soon", "-5", ""])
def test_an_unusable_wish_for_patience_is_the_usual_pause(connect: Open, retry_after: str) -> None:
    waits: list[float] = []
    busy = says(status=429, headers={"Retry-After": retry_after})
    provider = connect("nominatim", busy, [SURABAYA], sleep=waits.append)
    assert provider.answer("Surabaya", country="ID") is not None
    assert waits == [0.0]


def test_nobody_there_is_said(gazetteer: Gazetteer, tmp_path: Path) -> None:
    access = Access(CONTACT, url="http://127.0.0.1:1", timeout_s=0.5, pause_s=0.0)
    provider = open_service("nominatim", access, gazetteer=gazetteer, cache=tmp_path / "c", today=TODAY)
    with pytest.raises(ServiceFailed, match="cannot be reached"):
        provider.answer("Surabaya", country="ID")


@pytest.mark.parametrize(
    ("name", "access", "words"),
    [
        ("nominatim", Access(""), "FOUNDLING_GEOCODER_CONTACT"),
        ("photon", Access("me"), "FOUNDLING_GEOCODER_CONTACT"),
        ("photon", Access("a@b.example\r\nX: 1"), "FOUNDLING_GEOCODER_CONTACT"),
        ("nominatim", Access(CONTACT, url="nominatim.example.org"), "FOUNDLING_GEOCODER_URL"),
        ("nominatim", Access(CONTACT, url="https://me:pw@example.org"), "FOUNDLING_GEOCODER_URL"),
        ("geonames", Access(CONTACT), "FOUNDLING_GEONAMES_USERNAME"),
    ],
)
def test_what_is_missing_is_named(gazetteer: Gazetteer, tmp_path: Path, name: str, access: Access, words: str) -> None:
    with pytest.raises(IncompleteService, match=words):
        open_service(name, access, gazetteer=gazetteer, cache=tmp_path / "c", today=TODAY)
