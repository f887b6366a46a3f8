"""The explorer map and the docs page as their readers meet them: seen, clicked, tabbed through, attacked."""

import itertools
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from api.curation import tombstone
from api.domain.redaction import Redaction

if TYPE_CHECKING:
    from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
EARTH_RADIUS_M = 6371008.8
PAGES = re.compile(r"/v1/incidents\?")
TILE_JSON = re.compile(r"/v1/tiles\.json")
HOSTILE = '<img src="x" onerror="window.wasExecuted = true">'


def rows(page: Page) -> list[str]:
    return [row.get_attribute("data-id") or "" for row in page.locator("tbody tr").all()]


def drawn(page: Page, layer: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(
        "layer => foundlingMap.queryRenderedFeatures({layers: [layer]})"
        ".map(feature => ({...feature.properties, geometry: feature.geometry}))",
        layer,
    )
    return found


def outlines(page: Page) -> list[list[tuple[float, float]]]:
    """The rings that were given to the map, before it cut them into tiles."""
    rings: list[list[tuple[float, float]]] = page.evaluate(
        "async () => (await foundlingMap.getSource('outlines').getData())"
        ".features.map(feature => feature.geometry.coordinates)"
    )
    return rings


def records(page: Page) -> list[dict[str, Any]]:
    collection = page.evaluate("fetch('v1/incidents.geojson').then(answer => answer.json())")
    return [feature["properties"] for feature in collection["features"]]


def find(page: Page, incident_id: str) -> dict[str, Any]:
    return next(record for record in records(page) if record["id"] == incident_id)


def click_on_map(page: Page, record: dict[str, Any]) -> None:
    x, y = page.evaluate(
        "place => { const spot = foundlingMap.project(place), box = foundlingMap.getCanvas().getBoundingClientRect();"
        " return [spot.x + box.left, spot.y + box.top]; }",
        [record["lon"], record["lat"]],
    )
    page.mouse.click(x, y)


def answer_with(page: Page, pattern: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Changes what the API answers to the page."""

    def answer(route: Route) -> None:
        body = route.fetch().json()
        change(body)
        route.fulfill(content_type="application/json", body=json.dumps(body))

    page.route(re.compile(pattern), answer)


def on_map(page: Page) -> dict[str, int]:
    """How many circles, rings and disks there are, and how many incidents the circles stand for."""
    data = page.evaluate("({...foundlingMap.getContainer().dataset})")
    return {name: int(data[name]) for name in ("points", "rings", "disks", "settled")}


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    lon_a, lat_a, lon_b, lat_b = (math.radians(value) for value in (*a, *b))
    half = math.sin((lat_b - lat_a) / 2) ** 2
    half += math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(half))


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


# What everybody sees


def test_the_page_shows_four_incidents_in_table_map_and_legend(visitor: "Visitor") -> None:
    page = visitor.open()
    assert sorted(rows(page)) == ["ID-2013-0001", "ID-2018-0001", "NG-2018-0001", "PE-2018-0001"]
    expect(page.locator("#status")).to_have_text("4 incidents")
    expect(page.locator("#map")).to_have_attribute("data-settled", "3")
    assert on_map(page)["rings"] + on_map(page)["disks"] == 1
    categories = {record["category"] for record in records(page)}
    expect(page.locator("#legend-list li")).to_have_count(len(categories) + 2)
    expect(page.locator("#legend-list")).to_contain_text("Place known only to this area1")
    expect(page.get_by_text("Reported cases, not prevalence")).to_be_visible()


def test_the_page_asks_no_other_host_and_logs_no_error(visitor: "Visitor") -> None:
    page = visitor.open()
    page.evaluate("foundlingMap.jumpTo({center: [110, -7], zoom: 5})")  # fetches the borders of provinces as well
    visitor.settle(page)
    assert visitor.strangers == []
    assert visitor.errors == []


def test_the_policy_forbids_foreign_and_inline_script(visitor: "Visitor") -> None:
    page = visitor.page()
    for path in ("/", "/docs"):
        answer = page.goto(visitor.home + path)
        assert answer is not None
        policy = [part.strip() for part in answer.headers["content-security-policy"].split(";")]
        assert "default-src 'self'" in policy
        assert "script-src 'self'" in policy
        scripts = page.locator("script").all()
        assert all(script.get_attribute("src") and script.inner_text() == "" for script in scripts)


def test_an_area_is_drawn_as_its_uncertainty_disk_and_never_as_a_point(visitor: "Visitor") -> None:
    page = visitor.open("/?country=ID")
    area = next(record for record in records(page) if record["id"] == "ID-2013-0001")
    centre = (area["lon"], area["lat"])
    assert on_map(page) == {"points": 1, "rings": 0, "disks": 1, "settled": 1}
    assert drawn(page, "disks")
    assert all(distance_m(tuple(point["geometry"]["coordinates"]), centre) > 1000 for point in drawn(page, "points"))
    [ring] = outlines(page)
    assert ring[0] == ring[-1]
    # A tile tells a centre in whole steps, here of some 150 metres.
    assert [distance_m(corner, centre) for corner in ring] == pytest.approx(
        [area["uncertainty_m"]] * len(ring), abs=200
    )


def test_a_disk_is_drawn_also_where_its_middle_is_far_outside(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open("/?country=ID&precision=country#8.00/-1.900/135.000")
    assert on_map(page)["disks"] == 1
    assert drawn(page, "disks")
    page.evaluate("foundlingMap.jumpTo({center: [170, -1.9]})")
    visitor_of_all.settle(page)
    assert on_map(page)["disks"] == 0


def test_a_town_shows_its_own_uncertainty_once_chosen(visitor: "Visitor") -> None:
    page = visitor.open()
    assert drawn(page, "chosen-disk") == []
    page.locator("tr[data-id=PE-2018-0001] button").click()
    visitor.settle(page)
    assert drawn(page, "chosen-disk")
    assert drawn(page, "chosen-point")


# The record


def test_the_card_tells_place_outcome_verification_and_sources(visitor: "Visitor") -> None:
    page = visitor.open()
    record = find(page, "PE-2018-0001")
    page.get_by_role("button", name=record["title"]).click()
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", level=2)).to_have_text(record["title"])
    expect(card).to_contain_text("Known to the town or city: somewhere within about")
    expect(card.get_by_text("Point: GeoNames, CC BY 4.0", exact=True)).to_be_visible()
    for name in ("Date", "Latest known outcome", "Verification"):
        expect(card.get_by_text(name, exact=True)).to_be_visible()
    links = card.locator(".sources a").all()
    published = page.evaluate("urls => urls.map(url => new URL(url).href)", record["source_urls"].split(";"))
    assert sorted(link.get_attribute("href") or "" for link in links) == sorted(published)
    expect(card.locator(".claims").first).to_be_visible()
    assert {link.get_attribute("rel") for link in links} == {"noopener noreferrer nofollow"}
    expect(card.get_by_role("link", name="Record PE-2018-0001")).to_have_attribute(
        "href", f"{visitor.home}/v1/incidents/PE-2018-0001"
    )


def test_the_card_of_an_area_says_that_the_point_stands_for_an_area(visitor: "Visitor") -> None:
    page = visitor.open()
    page.locator("tr[data-id=ID-2013-0001] button").click()
    expect(page.get_by_role("dialog")).to_contain_text(
        re.compile(r"Known only to the district or county; the point stands for an area of about [\d.]+ km radius\.")
    )


def test_a_redacted_record_says_so_and_nothing_else(visitor: "Visitor") -> None:
    redaction = Redaction("PE-2018-0009", "privacy", "2026-11-24", "other", "PE", "2018")
    page = visitor.page()
    body = json.dumps({"data": orjson.loads(tombstone.build(redaction).document)})
    page.route("**/v1/incidents/PE-2018-0009*", lambda route: route.fulfill(content_type="application/json", body=body))
    visitor.go(page, "/?incident=PE-2018-0009")
    card = page.get_by_role("dialog")
    for text in ("Redacted record", "24 November 2026: Privacy", "was redacted", "Known only to the country", "2018"):
        expect(card).to_contain_text(text)
    for text in ("Latest known outcome", "Verification", "Confidence", "Sources", "null", "undefined"):
        expect(card).not_to_contain_text(text)
    assert visitor.errors == []


def test_a_click_on_the_map_opens_the_record_and_escape_closes_it(visitor: "Visitor") -> None:
    page = visitor.open("/?country=PE")
    click_on_map(page, find(page, "PE-2018-0001"))
    expect(page.get_by_role("dialog")).to_be_visible()
    assert "incident=PE-2018-0001" in page.url
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert "incident=" not in page.url


def circle(page: Page, condition: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = page.evaluate(
        "foundlingMap.queryRenderedFeatures({layers: ['points']}).map(feature => feature.properties)"
        f".filter(({{ incidents, places }}) => {condition})"
    )
    return found[0]


def test_several_incidents_at_one_point_are_listed_and_each_leads_back(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open("/?country=NG#8.40/6.454/3.395")
    spot = circle(page, "incidents > 1 && places === 1")
    click_on_map(page, spot)
    card = page.get_by_role("dialog")
    heading = card.get_by_role("heading", level=2)
    expect(heading).to_have_text(re.compile(rf"^{spot['incidents']} incidents in "))
    listed = card.locator(".spot button").all_inner_texts()
    assert len(listed) == min(spot["incidents"], 20)
    address = card.get_by_role("link", name="These in the API").get_attribute("href")
    assert page.evaluate("url => fetch(url).then(r => r.json()).then(r => r.meta.total)", address) == spot["incidents"]
    card.get_by_role("button", name=listed[0]).first.click()
    expect(heading).to_have_text(listed[0])
    card.get_by_role("button", name="Back to the list").click()
    expect(heading).to_have_text(re.compile(rf"^{spot['incidents']} incidents in "))


def test_a_circle_of_several_places_is_zoomed_to(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open()
    before = page.evaluate("foundlingMap.getZoom()")
    click_on_map(page, circle(page, "places > 1"))
    visitor_of_all.settle(page)
    assert page.evaluate("foundlingMap.getZoom()") > before + 1
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_an_area_with_several_incidents_is_marked_and_lists_them(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open("/?country=CN&precision=country")
    click_on_map(page, drawn(page, "disks")[0])
    heading = page.get_by_role("dialog").get_by_role("heading", level=2)
    expect(heading).to_have_text(re.compile(r"^\d+ incidents known only to China$"))
    visitor_of_all.settle(page)
    assert drawn(page, "chosen-disk")
    assert visitor_of_all.errors == []


def test_areas_that_lie_on_each_other_can_all_be_chosen(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open("/?precision=country,admin1#5.00/24.000/112.000")
    areas = page.evaluate("foundlingMap.queryRenderedFeatures({layers: ['disks']}).map(({ properties }) => properties)")
    small, large = (min(areas, key=lambda one: one["uncertainty_m"]), max(areas, key=lambda one: one["uncertainty_m"]))
    assert small["uncertainty_m"] < large["uncertainty_m"]
    click_on_map(page, small)
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", level=2)).to_have_text("Several areas lie here")
    card.locator(".spot button").last.click()
    expect(card).to_contain_text("Known only to the country")


# Filters and addresses


def test_a_filter_leaves_one_row_and_the_back_button_brings_the_others_back(visitor: "Visitor") -> None:
    page = visitor.open()
    page.get_by_label("Country").select_option("PE")
    expect(page.locator("#status")).to_have_text("1 incident")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert rows(page) == ["PE-2018-0001"]
    assert page.url == f"{visitor.home}/?country=PE"
    for extension in ("geojson", "csv", "xlsx"):
        link = page.locator(f"#downloads a[data-extension={extension}]")
        expect(link).to_have_attribute("href", f"{visitor.home}/v1/incidents.{extension}?country=PE")
    expect(page.get_by_label("API address")).to_have_value(f"{visitor.home}/v1/incidents?country=PE")
    page.go_back()
    expect(page.locator("#status")).to_have_text("4 incidents")
    assert page.get_by_label("Country").input_value() == ""


def test_a_shared_address_restores_filters_record_and_view(visitor: "Visitor") -> None:
    page = visitor.open("/?country=ID&datetime=2018&incident=ID-2018-0001#5.50/-7.000/111.000")
    assert rows(page) == ["ID-2018-0001"]
    assert page.get_by_label("Country").input_value() == "ID"
    assert page.get_by_label("From year").input_value() == "2018"
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("tr[aria-current=true]")).to_have_attribute("data-id", "ID-2018-0001")
    assert page.evaluate("foundlingMap.getZoom()") == pytest.approx(5.5, abs=0.01)


def test_choices_carry_counts_and_clear_opens_everything(visitor: "Visitor") -> None:
    page = visitor.open("/?datetime=2018/..")
    expect(page.get_by_label("Country").locator("option[value=ID]")).to_have_text("Indonesia (1)")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#status")).to_have_text("4 incidents")
    expect(page.get_by_label("Country").locator("option[value=ID]")).to_have_text("Indonesia (2)")
    assert page.url.split("#")[0] == f"{visitor.home}/"


def test_what_the_api_does_not_understand_is_said_with_an_address_that_works(visitor: "Visitor") -> None:
    page = visitor.page()
    visitor.go(page, "/?contry=PE#x/y/z")
    expect(page.get_by_role("alert")).to_contain_text("contry: there is no such parameter")
    page.get_by_role("link", name="?country=PE").click()
    expect(page.locator("#status")).to_have_text("1 incident")


def test_any_filter_of_the_api_holds_for_map_table_and_files_and_can_be_taken_away(visitor: "Visitor") -> None:
    page = visitor.open("/?bbox=90,-12,142,8&match=possible&utm_source=x")
    expect(page.locator("#status")).to_have_text("2 incidents")
    link = page.locator("#downloads a[data-extension=csv]")
    expect(link).to_have_attribute("href", f"{visitor.home}/v1/incidents.csv?bbox=90,-12,142,8&match=possible")
    page.get_by_role("button", name="Remove match").click()
    page.get_by_role("button", name="Remove bbox").click()
    expect(page.locator("#status")).to_have_text("4 incidents")
    assert page.url.split("#")[0] == f"{visitor.home}/"


def bar(page: Page, year: int) -> Locator:
    return page.locator(f"#years [data-year='{year}']")


def test_dragging_over_years_filters_by_them(visitor: "Visitor") -> None:
    page = visitor.open()
    expect(bar(page, 2018)).to_have_attribute("aria-label", "2018: 3 incidents")
    bar(page, 2014).hover()
    page.mouse.down()
    bar(page, 2018).hover()
    page.mouse.up()
    expect(page.locator("#status")).to_have_text("3 incidents")
    assert "datetime=2014/2018" in page.url
    assert page.get_by_label("From year").input_value() == "2014"
    expect(bar(page, 2013)).to_have_attribute("aria-pressed", "false")  # not gone: it can be chosen next
    page.get_by_role("button", name="All years").click()
    expect(page.locator("#status")).to_have_text("4 incidents")


def test_years_are_chosen_by_keyboard_alone(visitor: "Visitor") -> None:
    page = visitor.open()
    bar(page, 2018).focus()
    page.keyboard.press("Home")
    expect(bar(page, 2013)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("1 incident")
    expect(bar(page, 2013)).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#status")).to_have_text("4 incidents")
    assert "datetime=2013/2018" in page.url
    page.keyboard.press("Escape")
    expect(page.locator("#years [data-chosen]")).to_have_text("all years")


def test_what_belongs_to_no_single_year_stands_apart(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open()
    stats = page.evaluate("fetch('v1/incidents/stats?by=year').then(answer => answer.json())")
    by_year = {row["year"]: row["incidents"] for row in stats["data"]}
    expect(page.locator("#years [data-unknown]")).to_have_text(f"No single year: {by_year[None]}")
    for year in (2013, 2018):
        expect(bar(page, year)).to_have_attribute("aria-label", f"{year}: {by_year[year]} incidents")


def test_the_table_can_be_narrowed_to_what_the_map_shows(visitor: "Visitor") -> None:
    page = visitor.open("/#5.50/-7.000/111.000")
    page.get_by_label("Only what the map shows now").check()
    expect(page.locator("#rows")).to_have_text("2 incidents.")
    assert sorted(rows(page)) == ["ID-2013-0001", "ID-2018-0001"]
    page.evaluate("foundlingMap.jumpTo({center: [-71.5, -16.4], zoom: 6})")
    expect(page.locator("#rows")).to_have_text("1 incident.")


def test_further_rows_are_fetched_when_asked_for(visitor_of_all: "Visitor") -> None:
    page = visitor_of_all.open()
    total = page.evaluate("fetch('v1/incidents?limit=1').then(answer => answer.json()).then(({ meta }) => meta.total)")
    expect(page.locator("#rows")).to_have_text(f"First 50 of {total} incidents.")
    page.get_by_role("button", name="Show more rows").click()
    expect(page.locator("tbody tr")).to_have_count(100)
    assert len(set(rows(page))) == 100


def test_the_selection_is_cited_as_it_is(visitor: "Visitor") -> None:
    page = visitor.open("/?country=PE")
    page.get_by_text("Cite it").click()
    expect(page.locator("[data-citation]")).to_contain_text("Query: country PE.")


def test_no_match_says_so_and_offers_everything(visitor: "Visitor") -> None:
    page = visitor.open("/?country=PE&datetime=../2013")
    expect(page.locator("#status")).to_have_text("0 incidents")
    page.get_by_role("button", name="Show all incidents").click()
    expect(page.locator("#status")).to_have_text("4 incidents")


def test_rows_can_be_sorted(visitor: "Visitor") -> None:
    page = visitor.open()
    heading = page.locator("th[data-key=date_start]")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert rows(page)[-1] == "ID-2013-0001"
    page.get_by_role("button", name="Date").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert rows(page)[0] == "ID-2013-0001"


# When things go wrong


def test_hostile_text_is_shown_and_not_executed(visitor: "Visitor") -> None:
    texts = ("title", "place", "place_name", "country_name", "category", "date_edtf")

    def spoil_page(body: dict[str, Any]) -> None:
        body["data"] = [record | dict.fromkeys(texts, HOSTILE) for record in body["data"]]

    def spoil_record(body: dict[str, Any]) -> None:
        record = body["data"]
        record |= {"title": {"en": HOSTILE}, "summary": {"en": HOSTILE}, "category": HOSTILE, "outcome": HOSTILE}
        record["date"] |= {"edtf": HOSTILE, "note": {"en": HOSTILE}}
        record["place"] |= dict.fromkeys(("text", "name", "country_name"), HOSTILE)
        record["methods"] = [HOSTILE]
        urls = ("javascript:window.wasExecuted=true", "https://example.org/a;b")
        record["sources"] = [
            {**record["sources"][0], "title": HOSTILE, "publisher": HOSTILE, "url": url} for url in urls
        ]

    def spoil_groups(body: dict[str, Any]) -> None:
        body["data"] = [row | {name: HOSTILE for name in row if name != "incidents"} for row in body["data"]]

    page = visitor.page()
    answer_with(page, r"/v1/incidents\?", spoil_page)
    answer_with(page, r"/v1/incidents/PE-2018-0001", spoil_record)
    answer_with(page, r"/v1/incidents/stats\?.*by=(country|category|precision)", spoil_groups)
    codelists = json.dumps({"data": [{"list": "category", "code": HOSTILE, "label_en": HOSTILE}]})
    page.route("**/v1/codelists*", lambda route: route.fulfill(content_type="application/json", body=codelists))
    visitor.go(page)
    visitor.settle(page)
    page.locator("tr[data-id=PE-2018-0001] button").click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(HOSTILE)
    page.wait_for_timeout(300)
    assert page.evaluate("window.wasExecuted") is None
    assert page.locator("img").count() == 0
    links = [link.get_attribute("href") for link in page.locator(".sources a").all()]
    assert links == ["https://example.org/a;b"]


def test_a_failed_request_offers_to_try_again(visitor: "Visitor") -> None:
    page = visitor.page()
    page.route(TILE_JSON, lambda route: route.abort())
    visitor.go(page)
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    page.unroute(TILE_JSON)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("pattern", [TILE_JSON, PAGES])
def test_a_refusal_shows_the_reason_and_no_stale_rows(visitor: "Visitor", pattern: re.Pattern[str]) -> None:
    page = visitor.open()
    problem = json.dumps({"title": "Bad request", "status": 400, "detail": "country: no such code."})
    page.route(pattern, lambda route: route.fulfill(status=400, content_type="application/problem+json", body=problem))
    page.get_by_label("Country").select_option("PE")
    expect(page.get_by_role("alert")).to_contain_text("country: no such code.")
    assert rows(page) == []
    visitor.settle(page)
    assert drawn(page, "points") == []


def test_labels_that_cannot_be_had_are_replaced_by_readable_codes(visitor: "Visitor") -> None:
    page = visitor.page()
    page.route("**/v1/codelists*", lambda route: route.fulfill(status=503, body=""))
    visitor.go(page)
    visitor.settle(page)
    code = find(page, "PE-2018-0001")["category"]
    readable = code.replace("_", " ").capitalize()
    expect(page.locator("tr[data-id=PE-2018-0001]")).to_contain_text(readable)


def test_without_webgl_the_table_and_the_records_still_work(visitor: "Visitor") -> None:
    page = visitor.page()
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    visitor.go(page)
    expect(page.locator("#no-map")).to_be_visible()
    page.locator("tr[data-id=NG-2018-0001] button").click()
    expect(page.get_by_role("dialog").locator(".sources a").first).to_be_visible()


# For everybody


def test_the_keyboard_alone_reaches_table_and_record_and_comes_back(visitor: "Visitor") -> None:
    page = visitor.open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip the map, go to the table")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#records")).to_be_focused()
    title = page.locator("tr[data-id=PE-2018-0001] button")
    title.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(title).to_be_focused()


def test_enter_on_the_map_opens_what_is_in_the_middle(visitor: "Visitor") -> None:
    page = visitor.open("/?country=PE")
    page.locator("#map canvas").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_phone_never_scrolls_sideways(visitor: "Visitor") -> None:
    page = visitor.open(width=360, height=740)

    def width() -> int:
        found: int = page.evaluate("document.documentElement.scrollWidth")
        return found

    assert width() == 360
    page.locator("#selection summary").click()
    expect(page.get_by_label("Country")).to_be_visible()
    page.locator("#legend summary").click()
    assert width() == 360
    page.locator("tr[data-id=PE-2018-0001] button").click()
    expect(page.get_by_role("dialog")).to_be_in_viewport()
    assert width() == 360


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_axe_finds_nothing_to_complain_about(visitor: "Visitor", width: int, height: int) -> None:
    page = visitor.open(width=width, height=height)
    assert violations(page) == []
    if width < 500:
        page.locator("#selection summary").click()
        page.locator("#legend summary").click()
    page.locator("tr[data-id=PE-2018-0001] button").click()
    visitor.settle(page)
    assert violations(page) == []
    visitor.go(page, "/?country=PE&datetime=../2013")
    visitor.settle(page)
    assert violations(page) == []


# The small modules


def in_module(visitor: "Visitor", module: str, expression: str, argument: object) -> Any:
    """Calls into one module of the page, from a document that loads nothing else."""
    page = visitor.page()
    visitor.go(page, "/static/explorer/icon.svg")
    call = f"argument => import('./{module}.mjs').then(module => ({expression})(module, argument))"
    return page.evaluate(call, argument)


def test_a_point_tells_its_source_and_licence_by_its_identifier(visitor: "Visitor") -> None:
    ids = ["geonames:1", "osm:relation/2", "supplement:NG.02.x", "test:1", "constructor:x", "", None]
    expression = "({ origin }, ids) => ids.map(id => origin({ place_id: id }))"
    told = in_module(visitor, "words", expression, ids)
    assert told[:2] == ["Point: GeoNames, CC BY 4.0", "Point: OpenStreetMap contributors, ODbL 1.0"]
    assert told[2].startswith("Point: gazetteer of this project")
    assert told[3:] == [None] * 4


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2018-11-06", "6 November 2018"),
        ("2018-10", "October 2018"),
        ("2013", "2013"),
        ("2018?", "2018 (date uncertain)"),
        ("2018-05~", "May 2018 (date approximate)"),
        ("2018-04-25/2018-04-27", "25–27 April 2018"),
        ("2018-12-30/2019-01-02", "30 December 2018 – 2 January 2019"),
        ("soon", "soon"),
    ],
)
def test_dates_read_as_words(visitor: "Visitor", edtf: str, words: str) -> None:
    said = in_module(visitor, "words", "(words, edtf) => words.date(edtf)", edtf)
    assert said.replace("\u2009", "").replace(" – ", "–") == words.replace(" – ", "–")


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ([7, 7, 7, None], "7"),
        ([7, 8, 9, None], "7 to 9 (best supported: 8)"),
        ([162, 162, None, None], "at least 162"),
        ([None, None, 9, None], "up to 9"),
        ([None, 3, None, None], "3"),
        ([0, 0, 0, None], "0"),
        ([None, None, None, None], None),
        ([2000, 2000, 5000, "PEN"], "PEN 2,000 to 5,000 (best supported: 2,000)"),
    ],
)
def test_claims_read_as_ranges(visitor: "Visitor", claim: list[Any], words: str | None) -> None:
    assert in_module(visitor, "words", "(words, claim) => words.range(...claim)", claim) == words


def test_a_disk_across_the_antimeridian_does_not_jump_around_the_world(visitor: "Visitor") -> None:
    place = {"lon": 179.6, "lat": -16.6, "uncertainty_m": 150_000}
    collection = in_module(visitor, "disks", "(disks, place) => disks.outlineFeatures([place])", place)
    lons = [lon for lon, _ in collection["features"][0]["geometry"]["coordinates"]]
    assert max(lons) > 180
    assert max(abs(a - b) for a, b in itertools.pairwise(lons)) < 1


def test_circles_that_would_lie_on_each_other_become_one_and_none_is_lost(visitor: "Visitor") -> None:
    places: list[dict[str, Any]] = [
        {"lon": 10 + i % 25, "lat": i // 25, "incidents": 1 + i * i % 97, "places": 1, "precision": "settlement"}
        for i in range(500)
    ]
    expression = "({ gather }, { places, zoom }) => gather(places, zoom, 26).features.map(one => one.properties)"
    for zoom in (0, 2, 4, 8):
        found = in_module(visitor, "bubbles", expression, {"places": places, "zoom": zoom})
        assert sum(one["incidents"] for one in found) == sum(one["incidents"] for one in places)
        assert sum(one["places"] for one in found) == 500
        assert (len(found) == 500) is (zoom == 8)
        assert all(one["places"] == 1 or one["box"] for one in found)


def test_circles_on_both_sides_of_the_antimeridian_become_one(visitor: "Visitor") -> None:
    places = [
        {"lon": lon, "lat": -17, "incidents": incidents, "places": 1, "precision": "settlement"}
        for lon, incidents in ((178, 9), (-178, 2))
    ]
    expression = "({ gather }, places) => gather(places, 1, 26).features.map(one => one.properties)"
    [found] = in_module(visitor, "bubbles", expression, places)
    assert found["incidents"] == 11
    assert found["lon"] == 178
    assert found["box"] == "178,-17,182,-17"


@pytest.mark.parametrize(
    ("datetime", "years"),
    [
        ("2018", {"from": "2018", "to": "2018"}),
        ("2015/2018", {"from": "2015", "to": "2018"}),
        ("2015-03-01/..", {"from": "2015", "to": ""}),
        ("../2018-11", {"from": "", "to": "2018"}),
        ("", {"from": "", "to": ""}),
    ],
)
def test_an_interval_is_shown_as_the_years_it_reaches(visitor: "Visitor", datetime: str, years: dict[str, str]) -> None:
    assert in_module(visitor, "address", "({ readYears }, text) => readYears(text)", datetime) == years


def test_a_disk_over_the_pole_is_closed_along_the_edge_of_the_map(visitor: "Visitor") -> None:
    ring = in_module(visitor, "sphere", "(sphere, place) => sphere.disk(...place)", [100, 60, 4_200_000])
    assert ring[0] == ring[-1]
    assert [lat for _, lat in ring[-3:-1]] == [90, 90]
    assert abs(ring[-4][0] - ring[0][0]) == pytest.approx(360)


# The docs page


def test_the_docs_list_operations_and_can_try_one(visitor: "Visitor") -> None:
    page = visitor.page()
    visitor.go(page, "/docs")
    operation = page.locator(".opblock", has=page.locator('[data-path="/v1/incidents"]'))
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert visitor.errors == []
    assert visitor.strangers == []


def test_axe_finds_nothing_to_complain_about_in_the_docs(visitor: "Visitor") -> None:
    page = visitor.page()
    visitor.go(page, "/docs")
    page.locator(".opblock-summary-control").first.click()
    expect(page.get_by_role("button", name="Execute")).to_be_visible()
    assert violations(page) == []
