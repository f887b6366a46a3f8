"""The page of places as a text: nothing in it reaches out, and nothing of a place can end its element."""

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.curation import preview, review
from api.curation.preview.basemap import pack
from api.curation.review import Proposal
from api.domain.place import ReportedPlace

BASEMAP = Path(__file__).parents[2] / "api" / "static" / "basemap"


def entry(text: str, **changed: Any) -> review.Entry:
    return {
        "text": text, "country": "AA", "subdivision": None, "lon": 10.5, "lat": -3.25, "precision": "settlement",
        "uncertainty_m": 9_000, "name": "Elm", "admin1": "AA-EL", "admin1_name": "Elm", "admin2_name": None,
        "iso_3166_2": "AA-EL", "population": 90_000, "feature": "PPLA", "gazetteer_id": "geonames:1",
        "provider": "gazetteer", "licence": "CC-BY-4.0", "query": f"{text}, AA", "date": "2026-11-24",
        "reviewed": False, "candidates": [],
    } | changed  # fmt: skip


def build(*entries: review.Entry, left: tuple[Proposal, ...] = ()) -> str:
    return preview.build(entries, left, set())


def places_of(page: str) -> list[dict[str, Any]]:
    (data,) = re.findall(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    places: list[dict[str, Any]] = json.loads(data)["places"]
    return places


def test_the_same_places_give_the_same_page_whatever_their_order() -> None:
    one, other = entry("a"), entry("b", reviewed=True)
    assert build(one, other) == build(other, one)


def test_nothing_is_loaded_and_only_the_page_s_own_script_may_run() -> None:
    page = build(entry("a"))
    assert not re.findall(
        r"<(?:link|img|iframe|object|base)\b|\bsrc=|@import|url\(", page.partition('<script id="data"')[0]
    )
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; ")
    for tag, directive in (("style>", "style-src"), ('script type="module">', "script-src")):
        (content,) = re.findall(rf"<{re.escape(tag)}(.*?)</{tag.split(maxsplit=1)[0].rstrip('>')}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert "\nexport " not in page
    assert "\nimport " not in page


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "a\u2028b", "@@DATA@@", '"', "\\u003c"])
def test_a_hostile_text_stays_a_text(text: str) -> None:
    page = build(entry(text))
    assert [place["text"] for place in places_of(page)] == [text]
    assert page.count("<script") == build(entry("a")).count("<script")


def test_commands_are_quoted_for_a_shell() -> None:
    other = {
        "gazetteer_id": "geonames:2", "name": "Oak", "precision": "admin1", "lon": 1.0, "lat": 2.0,
        "uncertainty_m": 5_000, "admin1": None,
    }  # fmt: skip
    (place,) = places_of(build(entry("it's; $(rm)", candidates=[other])))
    (candidate,) = place["candidates"]
    assert candidate["command"] == """foundling geocode --pick 'it'"'"'s; $(rm), AA' geonames:2"""
    assert place["state"] == "close"


def test_what_needs_a_person_comes_first() -> None:
    left = (Proposal(ReportedPlace("PE", "", "Xyzzyx"), None, "Not known."),)
    places = places_of(build(entry("a", reviewed=True), entry("b"), left=left))
    assert [(place["text"], place["state"]) for place in places] == [
        ("Xyzzyx", "missing"), ("b", "waiting"), ("a", "reviewed"),
    ]  # fmt: skip
    assert places[0]["country_name"] == "Peru"


def test_licences_other_than_the_gazetteer_s_are_attributed() -> None:
    assert "OpenStreetMap" not in build(entry("a"))
    assert "© OpenStreetMap contributors (ODbL 1.0)" in build(entry("a", provider="photon", licence="ODbL-1.0"))


def test_the_basemap_is_packed_without_loss() -> None:
    packed = pack(BASEMAP)
    first = json.loads((BASEMAP / "countries-50m.geojson").read_text(encoding="utf-8"))["features"][0]
    x, y, ring = 0, 0, []
    for dx, dy in zip(packed["land"][0][::2], packed["land"][0][1::2], strict=True):
        x, y = x + dx, y + dy
        ring.append([x / 100, y / 100])
    assert ring == first["geometry"]["coordinates"][0][0]
    assert all(name for *_, name in packed["names"])
