"""The curator's page of places, opened as a file in a real browser: read, filtered, zoomed, attacked."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from api.curation import preview, review
from api.curation.review import Proposal
from api.domain.place import ReportedPlace

pytestmark = pytest.mark.browser

HOSTILE = '</script><img src="http://127.0.0.1:9/x" onerror="window.wasExecuted = true">"\u2028\'$(id)`'
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


def entry(text: str, **changed: Any) -> review.Entry:
    return {
        "text": text, "country": "PE", "subdivision": "PE-ARE", "lon": -71.537, "lat": -16.399,
        "precision": "settlement", "uncertainty_m": 26_000, "name": text, "admin1": "PE-ARE",
        "admin1_name": "Arequipa", "admin2_name": "Provincia de Arequipa", "iso_3166_2": "PE-ARE",
        "population": 1_195_700, "feature": "PPLA", "gazetteer_id": "geonames:3947322", "provider": "gazetteer",
        "licence": "CC-BY-4.0", "query": f"{text}, PE-ARE, PE", "date": "2026-11-24", "reviewed": False,
        "candidates": [],
    } | changed  # fmt: skip


RUNNER_UP = {
    "gazetteer_id": "geonames:3947319", "name": "Arequipa", "precision": "admin1", "lon": -72.5, "lat": -15.9,
    "uncertainty_m": 229_000, "admin1": "PE-ARE",
}  # fmt: skip
ENTRIES = [
    entry("Arequipa", candidates=[RUNNER_UP]),
    entry("Mollendo", population=None, reviewed=True, uncertainty_m=3_000, lon=-71.95, lat=-16.9),
    entry("Fiji", country="FJ", precision="country", lon=179.5, lat=-18.0, uncertainty_m=243_000, admin1_name=None),
    entry("Russia", country="RU", precision="country", lon=90.2, lat=67.6, uncertainty_m=3_960_000),
    entry(HOSTILE, name=HOSTILE, licence="ODbL-1.0", provider="nominatim", gazetteer_id=HOSTILE),
]
LEFT = [Proposal(ReportedPlace("NG", "NG-AB", "Umunkpeyi"), None, "Below the floor: write “Abia” in the seeds.")]


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The page, opened from the disk; whatever a reader should not see fails the test."""
    path = tmp_path / "places.html"
    path.write_text(preview.build(ENTRIES, LEFT, {ReportedPlace("PE", "PE-ARE", HOSTILE)}), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: faults.append(request.url) if request.url != path.as_uri() else None)
    opened.goto(path.as_uri())
    yield opened
    opened.wait_for_timeout(100)
    assert faults == []
    context.close()


def card(page: Page, heading: str) -> Any:
    return page.locator("article").filter(has=page.get_by_role("heading", name=heading, exact=True, level=2))


def test_what_needs_a_person_comes_first_and_everything_is_said(page: Page) -> None:
    assert page.locator("article .badge").all_inner_texts() == [
        "Without an entry", "Close call", "Close call", "To review", "To review", "Reviewed",
    ]  # fmt: skip
    expect(card(page, "Umunkpeyi")).to_contain_text("write “Abia” in the seeds")
    arequipa = card(page, "Arequipa")
    for said in (
        "as reported, in PE-ARE, Peru", "Arequipa in Provincia de Arequipa", "settlement: town or city", "26 km",
        "1,195,700", "PE-ARE · PPLA", "geonames:3947322 by gazetteer, CC-BY-4.0",
        "Arequipa: admin1 in PE-ARE, radius 229 km, 117 km away",
        "foundling geocode --pick 'Arequipa, PE-ARE, PE' geonames:3947319",
    ):  # fmt: skip
        expect(arequipa).to_contain_text(said)
    expect(card(page, "Mollendo")).to_contain_text("unknown")
    expect(page.locator("footer")).to_contain_text("© OpenStreetMap contributors (ODbL 1.0)")


def colour_at(page: Page, heading: str, lon: float, lat: float) -> list[int]:
    """The colour that the map of a place shows at a position."""
    found: list[int] = card(page, heading).locator("canvas").evaluate(
        """(canvas, [lon, lat]) => {
            const view = canvas.view(), ratio = canvas.width / canvas.clientWidth;
            const y = Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) * 180 / Math.PI;
            const at = [canvas.clientWidth / 2 + (lon - view.x) * view.scale,
                        canvas.clientHeight / 2 - (y - view.y) * view.scale];
            return [...canvas.getContext("2d").getImageData(at[0] * ratio, at[1] * ratio, 1, 1).data].slice(0, 3);
        }""",
        [lon, lat],
    )  # fmt: skip
    return found


LAND, SEA = [0xF6, 0xF4, 0xEE], [0xDF, 0xE8, 0xEC]


def test_circles_are_drawn_to_scale_on_land_and_sea(page: Page) -> None:
    card(page, "Mollendo").scroll_into_view_if_needed()
    card(page, "Mollendo").locator("canvas[data-drawn]").wait_for()
    # A degree of latitude is 111.2 km: 2.2 km lie inside the circle of 3 km, 4.2 km outside.
    inside, outside = (colour_at(page, "Mollendo", -71.95, -16.9 + km / 111.2) for km in (2.2, 4.2))
    assert inside not in (LAND, SEA)
    assert outside == LAND
    assert colour_at(page, "Mollendo", -72.2, -17.3) == SEA


def test_a_country_across_the_antimeridian_is_whole(page: Page) -> None:
    card(page, "Fiji").scroll_into_view_if_needed()
    card(page, "Fiji").locator("canvas[data-drawn]").wait_for()
    both_sides = [colour_at(page, "Fiji", lon, -18.9) for lon in (179.2, 180.8)]
    assert both_sides[0] == both_sides[1]
    assert both_sides[0] not in (LAND, SEA)


def test_a_disk_over_the_pole_is_filled_to_the_edge_of_the_map(page: Page) -> None:
    card(page, "Russia").scroll_into_view_if_needed()
    card(page, "Russia").locator("canvas[data-drawn]").wait_for()
    assert all(colour_at(page, "Russia", *inside) not in (LAND, SEA) for inside in ((90, 40), (20, 81), (-20, 83)))
    assert colour_at(page, "Russia", 62, 2) == SEA


def test_maps_are_zoomed_and_fitted_by_button_and_dragged(page: Page) -> None:
    arequipa = card(page, "Arequipa")
    canvas = arequipa.locator("canvas")
    arequipa.scroll_into_view_if_needed()
    arequipa.locator("canvas[data-drawn]").wait_for()

    def view() -> dict[str, float]:
        found: dict[str, float] = canvas.evaluate("canvas => ({...canvas.view()})")
        return found

    first = view()
    arequipa.get_by_role("button", name=re.compile("Zoom in")).click()
    assert view()["scale"] == pytest.approx(first["scale"] * 2)
    arequipa.get_by_role("button", name=re.compile("Fit the answer")).click()
    assert view()["x"] == pytest.approx(-71.537, abs=0.01)
    arequipa.get_by_role("button", name=re.compile("Fit all")).click()
    assert view() == first
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 150, steps=3)
    page.mouse.up()
    assert view()["x"] < first["x"]


def test_places_are_filtered_by_state_and_by_word(page: Page) -> None:
    page.get_by_text("Close call (2)").click()
    assert page.locator("article:visible").count() == 2
    page.get_by_label("Find").fill("arequipa")
    expect(page.locator("article:visible h2")).to_have_text([HOSTILE.replace("\u2028", " "), "Arequipa"])
    page.get_by_label("Find").fill("nowhere at all")
    expect(page.get_by_text("No place to show.")).to_be_visible()


def test_a_hostile_text_is_shown_and_never_run(page: Page) -> None:
    expect(page.locator("h2").filter(has_text="onerror")).to_have_text(HOSTILE)
    assert page.evaluate("window.wasExecuted") is None
    assert page.locator("img").count() == 0
    assert json.loads(page.locator("#data").inner_text() or page.locator("#data").text_content() or "")["places"]


def test_the_page_fits_a_phone_and_has_no_barrier(page: Page) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(result => result.violations)")
    assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found] == []
    page.set_viewport_size({"width": 360, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
