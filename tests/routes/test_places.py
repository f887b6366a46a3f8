"""Where points come from: every place, and every record, says how precise a point is and who gave it."""

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

REQUIRED = ("lon", "lat", "precision", "uncertainty_m", "gazetteer_id", "provider", "licence")


def _get(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def test_every_reviewed_place_is_served_with_precision_radius_provider_and_licence(
    client: FlaskClient, seeds: Path
) -> None:
    entries = json.loads((seeds / "geocodes.json").read_text(encoding="utf-8"))
    page = _get(client, "/v1/places?limit=1000")
    assert page["meta"]["total"] == len(entries)
    served = {(place["country"], place["subdivision"], place["text"]): place for place in page["data"]}
    assert len(served) == len(entries)
    for entry in entries:
        place = served[entry["country"], entry["subdivision"], entry["text"]]
        assert all(place[name] == entry[name] is not None for name in REQUIRED)
        assert place["reviewed"] is True
        assert place["uncertainty_m"] > 0


def test_a_record_names_the_provider_of_each_of_its_points(client: FlaskClient) -> None:
    for flat in _get(client, "/v1/incidents?limit=1000")["data"]:
        record = _get(client, f"/v1/incidents/{flat['id']}")["data"]
        for place in (record["place"], *record["other_places"]):
            assert all(place[name] is not None for name in REQUIRED)
        assert record["place"]["gazetteer_id"] == flat["place_id"]
        assert record["place"]["precision"] == flat["precision"]
