"""Online providers against servers on this machine: what they are asked, what is made of their answers, what fails."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from api.curation import review
from api.domain.place import Precision, ReportedPlace
from api.geocoding.asking import LONGEST_WAIT_S, ServiceFailed
from api.geocoding.gazetteer import Gazetteer
from api.geocoding.providers import OnlineProvider
from api.geocoding.replies_cache import UnusableCache
from api.geocoding.services import NAMES, Access, IncompleteService, open_service

TODAY = date(2026, 11, 24)
CONTACT = "maps@example.org"


@dataclass
class Answer:
    """What the server says once; `delay_s` before it does."""

    body: Any = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    def encode(self) -> bytes:
        """The body as sent: text as it is, anything else as JSON."""
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Server:
    """Answers one after the other, the last one for ever, and notes what it is asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, str]] = []
        self.agents: list[str] = []
        self.times: list[float] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.times.append(time.monotonic())
                outer.asked.append({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})
                outer.agents.append(self.headers["User-Agent"])
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                time.sleep(answer.delay_s)
                body = answer.encode()
                try:
                    self.send_response(answer.status)
                    for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # the client did not wait

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


Open = Callable[..., OnlineProvider]


@pytest.fixture
def connect(server: Server, gazetteer: Gazetteer, tmp_path: Path) -> Open:
    """Opens a service of that name on the server, which gives the answers."""

    def make(name: str, *answers: Any, pause_s: float = 0.0, sleep: Any = None, today: date = TODAY) -> OnlineProvider:
        server.answers = [a if isinstance(a, Answer) else Answer(a) for a in answers or ([],)]
        access = Access(CONTACT, url=server.url, username="someone", timeout_s=0.5, pause_s=pause_s, sleep=sleep)
        return open_service(name, access, gazetteer=gazetteer, cache=tmp_path / "data" / "replies.sqlite", today=today)

    return make


def osm(kind: str, name: str, **changed: Any) -> dict[str, Any]:
    """An answer of Nominatim in East Java."""
    return {
        "osm_type": "relation", "osm_id": 42, "class": "boundary", "addresstype": kind, "name": name,
        "lat": "-7.2459", "lon": "112.7378", "boundingbox": ["-7.36", "-7.19", "112.59", "112.85"],
        "display_name": f"{name}, Java, Indonesia",
        "address": {"state": "East Java", "ISO3166-2-lvl4": "ID-JI", "country": "Indonesia", "country_code": "id"},
        "extratags": {"population": "2874314", "capital": "4"},
    } | changed  # fmt: skip


def feature(kind: str, name: str, **changed: Any) -> dict[str, Any]:
    """The same of Photon."""
    about = {
        "osm_type": "R", "osm_id": 42, "osm_key": "place", "osm_value": kind, "type": kind, "name": name,
        "countrycode": "ID", "state": "East Java", "country": "Indonesia", "extent": [112.59, -7.19, 112.85, -7.36],
    } | changed  # fmt: skip
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [112.7378, -7.2459]}, "properties": about}


def toponym(code: str, name: str, **changed: Any) -> dict[str, Any]:
    """The same of GeoNames."""
    return {
        "geonameId": 1625822, "name": name, "lat": "-7.24917", "lng": "112.75083", "fcl": code[0], "fcode": code,
        "countryCode": "ID", "population": 2374658, "adminName1": "East Java", "adminCodes1": {"ISO3166_2": "JI"},
    } | changed  # fmt: skip


SURABAYA = {
    "nominatim": ([osm("city", "Surabaya")], "ODbL-1.0", "osm:relation/42", 2874314),
    "photon": ({"features": [feature("city", "Surabaya")]}, "ODbL-1.0", "osm:relation/42", 3018022),
    "geonames": ({"geonames": [toponym("PPLA", "Surabaya")]}, "CC-BY-4.0", "geonames:1625822", 2374658),
}


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_stored_like_an_offline_one_with_its_own_licence(connect: Open, server: Server, name: str) -> None:
    body, licence, gazetteer_id, population = SURABAYA[name]
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Surabaya"), connect(name, body), today=TODAY.isoformat())
    assert proposal.geocode is not None
    entry = review.entry_of(proposal.geocode)
    assert (entry["provider"], entry["licence"], entry["gazetteer_id"]) == (name, licence, gazetteer_id)
    assert (entry["precision"], entry["admin1"], entry["admin1_name"]) == ("settlement", "ID-JI", "Jawa Timur")
    assert entry["population"] == population
    assert 3_000 < entry["uncertainty_m"] <= 50_000
    assert entry["lon"] == round(entry["lon"], 3)
    assert entry["lat"] == round(entry["lat"], 3)
    assert (entry["reviewed"], entry["query"]) == (False, "Surabaya, ID-JI, ID")
    assert server.agents == [f"foundling/0.1.0 ({CONTACT})"]
    assert "Surabaya" in server.asked[0]["q"]


def test_each_service_is_told_the_country_in_its_own_way(connect: Open, server: Server) -> None:
    for name, body in (("nominatim", []), ("photon", {"features": []}), ("geonames", {"geonames": []})):
        assert connect(name, body).answer("Lima", country="PE") is None
    nominatim, photon, geonames = server.asked
    assert (nominatim["q"], nominatim["countrycodes"]) == ("Lima", "pe")
    assert photon["q"] == "Lima, Peru"
    assert (geonames["q"], geonames["country"], geonames["username"]) == ("Lima", "PE", "someone")


FINER = [
    ("nominatim", [osm("suburb", "Wonokromo", address={"suburb": "Wonokromo", "city": "Surabaya",
      "state": "East Java", "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("house_number", "Jalan Raya 12", address={"road": "Jalan Raya", "city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("hotel", "Wonokromo", **{"class": "tourism"}, address={"city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("nominatim", [osm("city", "Wonokromo", **{"class": "amenity"}, address={"city": "Surabaya",
      "ISO3166-2-lvl4": "ID-JI", "country_code": "id"})]),
    ("photon", {"features": [feature("district", "Wonokromo", osm_value="suburb", city="Surabaya")]}),
    ("photon", {"features": [feature("house", "Wonokromo", osm_key="amenity", city="Surabaya")]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body"), FINER)
def test_what_is_finer_than_a_settlement_becomes_advice_to_name_the_settlement(
    connect: Open, tmp_path: Path, name: str, body: Any
) -> None:
    provider = connect(name, body)
    answer = provider.answer("Wonokromo", country="ID", subdivision="ID-JI")
    assert answer is not None
    assert (answer.best.name, answer.best.precision) == ("Surabaya", Precision.SETTLEMENT)
    assert answer.dropped == ("Wonokromo",)
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Wonokromo"), provider, today=TODAY.isoformat())
    assert proposal.geocode is None
    assert "Surabaya" in proposal.advice
    # Not even the file of kept answers holds the finer name, or its point.
    kept = (tmp_path / "data" / "replies.sqlite").read_bytes()
    assert b"Jalan" not in kept
    assert b"7.2459" not in kept


def test_a_quarter_of_geonames_becomes_its_first_level_area(connect: Open) -> None:
    answer = connect("geonames", {"geonames": [toponym("PPLX", "Wonokromo")]}).answer("Wonokromo", country="ID")
    assert answer is not None
    assert (answer.best.name, answer.best.precision) == ("Jawa Timur", Precision.ADMIN1)
    assert answer.dropped == ("Wonokromo",)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nominatim", [osm("village", "Oakham", extratags={})]),
        ("nominatim", [osm("village", "Oakham", extratags={"population": "4999"})]),
        ("nominatim", [osm("village", "Oakham", extratags={"population": "many", "capital": "8"})]),
        ("nominatim", [osm("hamlet", "Oakham", extratags=None)]),
        ("photon", {"features": [feature("district", "Oakham", osm_value="village")]}),
        ("geonames", {"geonames": [toponym("PPL", "Oakham", population=0, geonameId=99)]}),
        ("geonames", {"geonames": [toponym("PPLA3", "Oakham", population=4999, geonameId=99)]}),
    ],
)
def test_the_population_floor_holds_and_unknown_counts_as_below(connect: Open, name: str, body: Any) -> None:
    provider = connect(name, body)
    answer = provider.answer("Oakham", country="ID", subdivision="ID-JI")
    assert answer is not None
    assert answer.best.precision is Precision.SETTLEMENT
    stored = provider.generalised(answer.best)
    assert (stored.name, stored.precision) == ("Jawa Timur", Precision.ADMIN1)
    assert review.propose(ReportedPlace("ID", "ID-JI", "Oakham"), provider, today="2026-11-24").geocode is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nominatim", [osm("town", "Oakham", extratags={"capital": "yes"})]),
        ("nominatim", [osm("town", "Oakham", extratags={"population": "5 000"})]),
        ("geonames", {"geonames": [toponym("PPLA2", "Oakham", population=0, geonameId=99)]}),
    ],
)
def test_seats_and_places_at_the_floor_may_be_stored(connect: Open, name: str, body: Any) -> None:
    proposal = review.propose(ReportedPlace("ID", "ID-JI", "Oakham"), connect(name, body), today="2026-11-24")
    assert proposal.geocode is not None
    assert proposal.geocode.found.name == "Oakham"


def test_areas_are_the_circles_around_their_boxes(connect: Open) -> None:
    box = ["-8.78", "-5.04", "110.89", "116.27"]
    answer = connect("nominatim", [osm("state", "East Java", boundingbox=box)]).answer("East Java", country="ID")
    assert answer is not None
    assert answer.best.precision is Precision.ADMIN1
    assert [answer.best.lon, answer.best.lat] == pytest.approx([113.58, -6.91])
    assert answer.best.uncertainty_m == pytest.approx(362_000, rel=0.02)
    assert (answer.best.admin1, answer.best.feature, answer.best.iso_3166_2) == ("ID-JI", None, "ID-JI")


def test_a_country_across_the_antimeridian_is_inside_its_circle(connect: Open) -> None:
    fiji = osm(
        "country", "Fiji", lat="-18.12", lon="178.0", boundingbox=["-21.95", "-12.26", "-180.0", "180.0"],
        address={"country_code": "fj"}, extratags={},
    )  # fmt: skip
    answer = connect("nominatim", [fiji]).answer("Fiji", country="FJ")
    assert answer is not None
    assert (answer.best.lon, answer.best.precision) == (178.0, Precision.COUNTRY)
    assert answer.best.uncertainty_m > 1_000_000
    assert answer.best.admin1 is None


def test_an_area_of_unknown_reach_is_refused_for_the_one_around_it(connect: Open) -> None:
    body = {"geonames": [toponym("ADM2", "Oakham Regency", geonameId=99, fcl="A")]}
    answer = connect("geonames", body).answer("Oakham Regency", country="ID")
    assert answer is not None
    assert (answer.best.name, answer.dropped) == ("Jawa Timur", ("Oakham Regency",))
    known = {"geonames": [toponym("ADM1", "East Java", geonameId=1642668, fcl="A")]}
    answer = connect("geonames", known).answer("East Java", country="ID")
    assert answer is not None
    assert (answer.best.gazetteer_id, answer.dropped) == ("geonames:1642668", ())


def test_near_a_place_is_asked_without_the_word_and_widened(connect: Open, server: Server) -> None:
    provider = connect("nominatim", [osm("city", "Surabaya")])
    plain, near = (provider.answer(text, country="ID") for text in ("Surabaya", "near Surabaya"))
    assert plain is not None
    assert near is not None
    assert near.best.uncertainty_m == 2 * plain.best.uncertainty_m
    assert server.asked[1]["q"] == "surabaya"


@pytest.mark.parametrize("text", ["online", "Instagram", "unknown", "", "a@b.example", "between Lima and Cusco", "\0"])
def test_what_names_no_place_is_never_sent(connect: Open, server: Server, text: str) -> None:
    assert connect("nominatim", [osm("city", "Surabaya")]).answer(text, country="ID") is None
    assert server.asked == []


def test_answers_outside_the_country_and_the_area_do_not_count(connect: Open) -> None:
    abroad = osm("city", "Surabaya", address={"country_code": "my"})
    elsewhere = osm("city", "Surabaya", address={"ISO3166-2-lvl4": "ID-BA", "country_code": "id"})
    provider = connect("nominatim", [abroad, elsewhere])
    assert provider.answer("Surabaya", country="ID", subdivision="ID-JI") is None
    answer = provider.answer("Surabaya", country="ID")
    assert answer is not None
    assert answer.best.admin1 == "ID-BA"


def test_two_places_of_a_name_are_a_close_call_and_another_name_is_one(connect: Open) -> None:
    city = osm("city", "Elm", extratags={"population": "60000"})
    far = {"osm_id": 43, "lat": "-8.2", "lon": "113.7"}
    other = osm("town", "Elm", **far, extratags={"population": "9000"}, address={"county": "X", **city["address"]})
    answer = connect("nominatim", [city, other]).answer("Elm", country="ID")
    assert answer is not None
    assert [place.gazetteer_id for place in answer.runners_up] == ["osm:relation/43"]
    small = other | {"extratags": {"population": "5999"}}
    answer = connect("nominatim", [city, small]).answer("Elm, East Java", country="ID")
    assert answer is not None
    assert not answer.is_close_call
    answer = connect("nominatim", [city]).answer("Ulme", country="ID")
    assert answer is not None
    assert answer.is_misspelt


def test_a_question_is_asked_once_a_season_by_service_and_country(connect: Open, server: Server) -> None:
    for _ in range(2):
        provider = connect("nominatim", [osm("city", "Surabaya")])
        first = provider.answer("Surabaya", country="ID")
        assert provider.answer("Surabaya", country="ID") == first
    assert len(server.asked) == 1
    connect("nominatim", [osm("city", "Surabaya")]).answer("Surabaya", country="MY")
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


def test_questions_keep_their_distance(connect: Open, server: Server) -> None:
    provider = connect("nominatim", [], pause_s=0.15)
    for text in ("Elm", "Oak", "Ash"):
        provider.answer(text, country="ID")
    gaps = [later - earlier for earlier, later in zip(server.times, server.times[1:], strict=False)]
    assert all(gap >= 0.14 for gap in gaps)


FAILURES = [
    (Answer(delay_s=1.0), "did not answer in time"),
    (Answer("<html>Busy</html>", headers={"Content-Type": "text/html"}), "not JSON"),
    (Answer(""), "not JSON"),
    (Answer("{", headers={"Content-Type": "application/json"}), "not JSON"),
    (Answer(status=500), r"out of order \(HTTP 500\)"),
    (Answer(status=502), r"out of order \(HTTP 502\)"),
    (Answer(status=503, headers={"Retry-After": "86400"}), r"out of order \(HTTP 503\)"),
    (Answer(status=429), r"too many questions \(HTTP 429\)"),
    (Answer(status=403), "refuses this user"),
    (Answer(status=401), "refuses this user"),
    (Answer(status=404), r"refused the question \(HTTP 404\)"),
    (Answer(status=400), r"refused the question \(HTTP 400\)"),
    (Answer({"error": "no"}), "refused the question"),
    (Answer({"features": "x"}), "form that is not its own"),
    (Answer([1, 2]), "form that is not its own"),
    (Answer([{"lat": "x", "lon": "1"}]), "form that is not its own"),
    (Answer([{"lat": "1", "lon": "nan"}]), "form that is not its own"),
    (Answer([osm("city", "x", boundingbox=["1"])]), "form that is not its own"),
]


@pytest.mark.parametrize(("failure", "words"), FAILURES)
def test_a_failure_is_said_in_words_and_not_kept(connect: Open, server: Server, failure: Answer, words: str) -> None:
    provider = connect("nominatim", failure, sleep=lambda _: None)
    with pytest.raises(ServiceFailed, match=words) as caught:
        provider.answer("Surabaya", country="ID")
    assert str(caught.value).startswith("nominatim (127.0.0.1) ")
    assert "Busy" not in str(caught.value)
    server.answers = [Answer([osm("city", "Surabaya")])]
    assert provider.answer("Surabaya", country="ID") is not None


@pytest.mark.parametrize("name", ["photon", "geonames"])
@pytest.mark.parametrize("body", [{}, [], "text", 3, None, {"features": [{}], "geonames": [{}]}])
def test_another_form_of_answer_is_not_taken_for_places(connect: Open, name: str, body: Any) -> None:
    provider = connect(name, Answer(json.dumps(body)))
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
def test_a_server_that_asks_for_patience_gets_it(connect: Open, server: Server, status: int) -> None:
    waits: list[float] = []
    busy = Answer(status=status, headers={"Retry-After": "7"})
    provider = connect("nominatim", busy, busy, [osm("city", "Surabaya")], sleep=waits.append)
    assert provider.answer("Surabaya", country="ID") is not None
    assert waits == [7, 7]
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "retry_after", [str(LONGEST_WAIT_S + 1), "999999999999999999999", formatdate(time.time() + 7200, usegmt=True)]
)
def test_patience_ends(connect: Open, server: Server, retry_after: str) -> None:
    waits: list[float] = []
    busy = Answer(status=429, headers={"Retry-After": retry_after})
    with pytest.raises(ServiceFailed, match="asks to wait"):
        connect("nominatim", busy, sleep=waits.append).answer("Surabaya", country="ID")
    assert waits == []
    assert len(server.asked) == 1


@pytest.mark.parametrize("retry_after", ["soon", "-5", ""])
def test_an_unusable_wish_for_patience_is_the_usual_pause(connect: Open, retry_after: str) -> None:
    waits: list[float] = []
    busy = Answer(status=429, headers={"Retry-After": retry_after})
    provider = connect("nominatim", busy, [osm("city", "Surabaya")], sleep=waits.append)
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
