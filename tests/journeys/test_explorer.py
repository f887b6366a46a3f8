"""The explorer map and the docs page as their readers meet them: seen, clicked, tabbed through, attacked."""

import itertools
import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from playwright.sync_api import Page, Route, expect

from api.curation import tombstone
from api.domain.redaction import Redaction

if TYPE_CHECKING:
    from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
EARTH_RADIUS_M = 6371008.8
INCIDENTS = re.compile(r"/v1/incidents\.geojson")
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


def serve_instead(page: Page, properties: list[dict[str, Any]]) -> None:
    """Answers the page's request for incidents with these, whatever it filters by."""
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [p["lon"], p["lat"]]}, "properties": p}
        for p in properties
    ]
    body = json.dumps({"type": "FeatureCollection", "features": features})

    def answer(route: Route) -> None:
        route.fulfill(content_type="application/geo+json", body=body)

    page.route(INCIDENTS, answer)


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
    expect(page.locator("#map")).to_have_attribute("data-points", "3")
    expect(page.locator("#map")).to_have_attribute("data-areas", "1")
    categories = {record["category"] for record in records(page)}
    expect(page.locator("#legend-list li")).to_have_count(len(categories) + 1)
    expect(page.locator("#legend-list")).to_contain_text("Place known only to this area")
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
    assert drawn(page, "disks")
    assert all(distance_m(tuple(point["geometry"]["coordinates"]), centre) > 1000 for point in drawn(page, "points"))
    [ring] = outlines(page)
    assert ring[0] == ring[-1]
    assert [distance_m(corner, centre) for corner in ring] == pytest.approx([area["uncertainty_m"]] * len(ring), 1e-6)


def test_a_disk_across_the_antimeridian_does_not_jump_around_the_world(visitor: "Visitor") -> None:
    page = visitor.open()
    fiji = {**records(page)[0], "id": "FJ-2016-0001", "country": "FJ", "lon": 179.6, "lat": -16.6}
    serve_instead(page, [{**fiji, "precision": "admin1", "uncertainty_m": 150_000}])
    page.reload()
    visitor.settle(page)
    [ring] = outlines(page)
    lons = [lon for lon, _ in ring]
    assert max(lons) > 180
    assert max(abs(a - b) for a, b in itertools.pairwise(lons)) < 1
    assert page.evaluate("foundlingMap.getZoom()") > 3


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
    record = next(record for record in records(page) if record["id"] == "PE-2018-0001")
    page.get_by_role("button", name=record["title"]).click()
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", level=2)).to_have_text(record["title"])
    expect(card).to_contain_text("Known to the town or city: somewhere within about")
    expect(card.get_by_text("Point: GeoNames, CC BY 4.0", exact=True)).to_be_visible()
    for name in ("Date", "Latest known outcome", "Verification"):
        expect(card.get_by_text(name, exact=True)).to_be_visible()
    links = card.locator(".sources a").all()
    published = page.evaluate("urls => urls.map(url => new URL(url).href)", record["source_urls"].split(";"))
    assert [link.get_attribute("href") for link in links] == published
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
    serve_instead(page, [orjson.loads(tombstone.build(redaction).flat)])
    visitor.go(page, "/?incident=PE-2018-0009")
    expect(page.locator("tbody")).to_contain_text("Redacted record")
    card = page.get_by_role("dialog")
    for text in ("24 November 2026: Privacy", "was redacted", "Known only to the country", "2018"):
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


def test_all_incidents_at_one_point_can_be_reached(visitor: "Visitor") -> None:
    page = visitor.open()
    one = find(page, "PE-2018-0001")
    serve_instead(page, [one, {**one, "id": "PE-2019-0001", "title": "Another one", "category": "abduction"}])
    page.reload()
    visitor.settle(page)
    click_on_map(page, one)
    card = page.get_by_role("dialog")
    expect(card.get_by_role("heading", level=2)).to_have_text("2 incidents at this spot")
    card.get_by_role("button", name="Another one").click()
    expect(card.get_by_role("heading", level=2)).to_have_text("Another one")
    card.get_by_role("button", name="2 incidents at this spot: show all").click()
    card.get_by_role("button", name=one["title"]).click()
    expect(card.get_by_role("heading", level=2)).to_have_text(one["title"])


# Filters and addresses


def test_a_filter_leaves_one_row_and_the_back_button_brings_the_others_back(visitor: "Visitor") -> None:
    page = visitor.open()
    page.get_by_label("Country").select_option("PE")
    expect(page.locator("#status")).to_have_text("1 incident")
    assert rows(page) == ["PE-2018-0001"]
    assert page.url == f"{visitor.home}/?country=PE"
    for extension in ("geojson", "csv"):
        link = page.locator(f"#downloads a[data-extension={extension}]")
        expect(link).to_have_attribute("href", f"{visitor.home}/v1/incidents.{extension}?country=PE")
    expect(page.get_by_label("API address")).to_have_value(f"{visitor.home}/v1/incidents?country=PE")
    page.go_back()
    expect(page.locator("#status")).to_have_text("4 incidents")
    assert page.get_by_label("Country").input_value() == ""


def test_a_shared_address_restores_filters_record_and_view(visitor: "Visitor") -> None:
    page = visitor.open("/?country=ID&from=2018&to=2018&incident=ID-2018-0001#5.50/-7.000/111.000")
    assert rows(page) == ["ID-2018-0001"]
    assert page.get_by_label("Country").input_value() == "ID"
    assert page.get_by_label("From year").input_value() == "2018"
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("tr[aria-current=true]")).to_have_attribute("data-id", "ID-2018-0001")
    assert page.evaluate("foundlingMap.getZoom()") == pytest.approx(5.5, abs=0.01)


def test_choices_carry_counts_and_clear_opens_everything(visitor: "Visitor") -> None:
    page = visitor.open("/?from=2018")
    expect(page.get_by_label("Country").locator("option[value=ID]")).to_have_text("Indonesia (1)")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#status")).to_have_text("4 incidents")
    expect(page.get_by_label("Country").locator("option[value=ID]")).to_have_text("Indonesia (2)")
    assert page.url.split("#")[0] == f"{visitor.home}/"


def test_nonsense_in_the_address_is_ignored(visitor: "Visitor") -> None:
    page = visitor.open("/?country=%3Cscript%3E&from=abc&incident=1#x/y/z")
    expect(page.locator("#status")).to_have_text("4 incidents")


def test_no_match_says_so_and_offers_everything(visitor: "Visitor") -> None:
    page = visitor.open("/?country=PE&to=2013")
    expect(page.locator("#status")).to_have_text("0 incidents")
    page.get_by_role("button", name="Show all incidents").click()
    expect(page.locator("#status")).to_have_text("4 incidents")


def test_rows_can_be_sorted(visitor: "Visitor") -> None:
    page = visitor.open()
    page.get_by_role("button", name="Date").click()
    expect(page.locator("th[data-key=date]")).to_have_attribute("aria-sort", "ascending")
    assert rows(page)[0] == "ID-2013-0001"
    page.get_by_role("button", name="Date").click()
    assert rows(page)[-1] == "ID-2013-0001"


# When things go wrong


def test_hostile_text_is_shown_and_not_executed(visitor: "Visitor") -> None:
    page = visitor.open()
    hostile = {**find(page, "PE-2018-0001")}
    hostile |= dict.fromkeys(("title", "summary", "place", "place_name", "country_name", "date_note"), HOSTILE)
    hostile |= {"category": HOSTILE, "outcome": HOSTILE, "date_edtf": HOSTILE, "methods": HOSTILE}
    hostile |= {"source_urls": "javascript:window.wasExecuted=true;https://example.org/a;b", "source_count": 2}
    serve_instead(page, [hostile])
    codelists = json.dumps({"data": [{"list": "category", "code": HOSTILE, "label_en": HOSTILE}]})
    page.route("**/v1/codelists*", lambda route: route.fulfill(content_type="application/json", body=codelists))
    page.reload()
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
    page.route(INCIDENTS, lambda route: route.abort())
    visitor.go(page)
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")
    page.unroute(INCIDENTS)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.get_by_role("alert")).to_be_hidden()


def test_a_refused_filter_shows_the_reason_and_no_stale_rows(visitor: "Visitor") -> None:
    page = visitor.open()
    problem = json.dumps({"title": "Bad request", "status": 400, "detail": "country: no such code."})
    page.route(
        re.compile(r"/v1/incidents\.geojson\?"),
        lambda route: route.fulfill(status=400, content_type="application/problem+json", body=problem),
    )
    page.get_by_label("Country").select_option("PE")
    expect(page.get_by_role("alert")).to_contain_text("country: no such code.")
    assert rows(page) == []
    expect(page.locator("#map")).to_have_attribute("data-points", "0")


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
    visitor.go(page, "/?country=PE&to=2013")
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
