"""`foundling geocode` with an online service by setting, and `foundling publish`, which asks none."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli.main import main

ROOT = Path(__file__).parents[2]
WritePlaces = Callable[[list[tuple[str, str, str | None]]], None]

SURABAYA = {
    "osm_type": "relation", "osm_id": 42, "class": "boundary", "addresstype": "city", "name": "Surabaya",
    "display_name": "Surabaya, East Java, Indonesia",
    "lat": "-7.2459", "lon": "112.7378", "boundingbox": ["-7.36", "-7.19", "112.59", "112.85"],
    "address": {"state": "East Java", "ISO3166-2-lvl4": "ID-JI", "country_code": "id"},
    "extratags": {"population": "2874314"},
}  # fmt: skip
FAR = SURABAYA | {"osm_id": 43, "lat": "-8.2", "lon": "113.9", "address": {"county": "X", "country_code": "id"}}


class Service:
    """Answers everything with `places`, and counts."""

    def __init__(self) -> None:
        self.places: list[dict[str, Any]] = [SURABAYA]
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                body = json.dumps(outer.places).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def run(service: Service, seeds: Path, tmp_path: Path) -> Callable[..., Result]:
    """Runs a command with Nominatim chosen; the gazetteer's index is the one that all tests share."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "gazetteer.sqlite").symlink_to(ROOT / "var" / "gazetteer.sqlite")

    def call(*arguments: str, **environ: str) -> Result:
        given = {
            "FOUNDLING_GEOCODER": "nominatim",
            "FOUNDLING_GEOCODER_URL": f"http://127.0.0.1:{service.server.server_port}",
            "FOUNDLING_GEOCODER_CONTACT": "maps@example.org",
            "FOUNDLING_DATA": str(data),
            "FOUNDLING_SEEDS": str(seeds),
        }
        return CliRunner().invoke(main, arguments, env=given | environ)

    return call


def test_new_places_are_asked_of_the_service_and_its_licence_is_stored(
    run: Callable[..., Result], service: Service, seeds: Path, write_places: WritePlaces
) -> None:
    write_places([("Surabaya", "ID", "ID-JI")])
    result = run("geocode")
    assert result.exit_code == 0, result.stderr
    (entry,) = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    assert (entry["provider"], entry["licence"], entry["gazetteer_id"]) == ("nominatim", "ODbL-1.0", "osm:relation/42")
    assert (entry["lon"], entry["lat"], entry["admin1"]) == (112.738, -7.246, "ID-JI")
    assert service.asked == 1
    assert run("geocode", "--accept").exit_code == 0
    assert run("geocode", "--check").exit_code == 0
    assert service.asked == 1


def test_a_runner_up_of_the_service_or_an_id_of_the_gazetteer_is_picked(
    run: Callable[..., Result], service: Service, seeds: Path, write_places: WritePlaces
) -> None:
    service.places = [SURABAYA, FAR]
    write_places([("Surabaya", "ID", None)])
    assert "Surabaya (settlement)" in run("geocode").stdout
    assert run("geocode", "--pick", "Surabaya", "osm:relation/43").exit_code == 0
    (entry,) = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    assert (entry["gazetteer_id"], entry["licence"], entry["reviewed"]) == ("osm:relation/43", "ODbL-1.0", True)
    assert run("geocode", "--pick", "Surabaya", "geonames:1625822").exit_code == 0
    (entry,) = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    assert (entry["provider"], entry["licence"]) == ("gazetteer", "CC-BY-4.0")
    assert run("geocode", "--pick", "Surabaya", "osm:relation/99").exit_code == 2


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"FOUNDLING_GEOCODER_CONTACT": ""}, "Set FOUNDLING_GEOCODER_CONTACT"),
        ({"FOUNDLING_GEOCODER": "geonames"}, "Set FOUNDLING_GEONAMES_USERNAME"),
        ({"FOUNDLING_GEOCODER": "google"}, "FOUNDLING_GEOCODER must be one of gazetteer, nominatim"),
        ({"FOUNDLING_GEOCODER": "photon"}, "form that is not its own"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    run: Callable[..., Result], seeds: Path, write_places: WritePlaces, environ: dict[str, str], message: str
) -> None:
    write_places([("Surabaya", "ID", "ID-JI")])
    result = run("geocode", **environ)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert not (seeds / "geocodes.json").exists()


def test_checking_locating_and_publishing_ask_nobody(run: Callable[..., Result], service: Service) -> None:
    real = {"FOUNDLING_SEEDS": str(ROOT / "seeds")}
    assert run("locate", "Surabaya", "--country", "ID", **real).exit_code == 0
    assert run("check", **real).exit_code == 0
    assert run("publish", **real).exit_code == 0
    assert service.asked == 0
