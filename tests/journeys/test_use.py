"""The page of tools in a real browser: filters, one tool at a time, copying, keyboard, phone, and no script at all."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from api.consumers.tools import TOOLS
from tests.journeys.test_explorer import violations

if TYPE_CHECKING:
    from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser


def open_page(visitor: "Visitor", path: str = "/use", width: int = 1280, height: int = 900) -> Page:
    page = visitor.page(width, height)
    visitor.go(page, path)
    expect(page.locator("#total")).not_to_be_empty()
    return page


def test_the_page_counts_what_the_api_counts_and_asks_no_other_host(visitor: "Visitor") -> None:
    page = open_page(visitor)
    expect(page.locator("#total")).to_have_text("4 incidents")
    expect(page.locator(".tool:visible")).to_have_count(len(TOOLS))
    assert visitor.strangers == []
    assert visitor.errors == []


def test_a_filter_changes_snippets_count_and_address_and_back_undoes_it(visitor: "Visitor") -> None:
    page = open_page(visitor)
    page.locator("select[name=country]").select_option("PE")
    expect(page.locator("#total")).to_have_text("1 incident")
    expect(page.locator("#pandas-1")).to_contain_text("incidents.csv?country=PE")
    page.locator("input[name=datetime]").fill("2018")
    page.locator("input[name=datetime]").press("Enter")
    expect(page.locator("#excel-2")).to_contain_text('Query = [country = "PE", datetime = "2018-01-01/2018-12-31"]')
    assert urlsplit(page.url).query == "country=PE&datetime=2018"
    page.go_back()
    expect(page.locator("#excel-2")).to_contain_text('Query = [country = "PE"]')
    expect(page.locator("input[name=datetime]")).to_have_value("")
    page.locator("#clear").click()
    expect(page.locator("#total")).to_have_text("4 incidents")
    expect(page.locator("select[name=country]")).to_have_value("")
    expect(page.locator("select[name=country]")).to_be_focused()
    assert visitor.errors == []


def test_a_shared_address_shows_one_tool_for_one_filter(visitor: "Visitor") -> None:
    page = open_page(visitor, "/use?country=NG&max_uncertainty_m=900000#leaflet")
    expect(page.locator(".tool:visible")).to_have_count(1)
    expect(page.locator("#leaflet-1")).to_contain_text("country=NG&max_uncertainty_m=900000")
    expect(page.locator(".menu [aria-current]")).to_have_text("Leaflet")
    expect(page.locator("#filters")).to_be_in_viewport()
    page.locator(".menu a", has_text="curl").click()
    expect(page.locator("#curl h3")).to_be_in_viewport()
    assert page.url.endswith("#curl")
    page.go_back()
    expect(page.locator("#leaflet h3")).to_be_visible()
    page.locator("[data-all]").click()
    expect(page.locator(".tool:visible")).to_have_count(len(TOOLS))
    assert urlsplit(page.url).fragment == ""


def test_a_filter_that_is_none_says_why_and_offers_nothing(visitor: "Visitor") -> None:
    page = open_page(visitor)
    page.locator("input[name=bbox]").fill("1,2")
    page.locator("input[name=bbox]").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("bbox: write four numbers")
    expect(page.locator(".tool")).to_have_count(0)
    expect(page.locator("input[name=bbox]")).to_have_value("1,2")
    page.locator("input[name=bbox]").fill("94,-12,142,8")
    page.locator("input[name=bbox]").press("Enter")
    expect(page.locator("#total")).to_have_text("2 incidents")


def test_the_keyboard_alone_picks_a_tool_and_copies(visitor: "Visitor") -> None:
    page = open_page(visitor)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip the filters")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#excel h3")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#excel-1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{visitor.home}/v1/incidents.xlsx"


def test_without_a_clipboard_the_text_is_selected(visitor: "Visitor") -> None:
    page = visitor.page()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    visitor.go(page, "/use#curl")
    page.locator("#curl button").first.click()
    expect(page.locator("#said")).to_contain_text("Ctrl+C")
    assert page.evaluate("window.getSelection().toString()").startswith("curl --fail")


def test_without_a_script_form_and_snippets_work(visitor: "Visitor", browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{visitor.home}/use")
    assert page.locator(".tool:visible").count() == len(TOOLS)
    assert page.locator("button[data-copy]:visible").count() == 0
    page.locator("select[name=country]").select_option("PE")
    page.get_by_role("button", name="Show").click()
    assert "country=PE" in page.locator("#pandas-1").inner_text()
    assert page.locator("select[name=country]").input_value() == "PE"
    context.close()


def test_the_map_hands_its_filters_over(visitor: "Visitor") -> None:
    page = visitor.open("/?country=NG")
    page.get_by_role("link", name="In your tool").click()
    expect(page.locator("#total")).to_have_text("1 incident")
    assert urlsplit(page.url).query == "country=NG"


def test_a_failed_request_says_so(visitor: "Visitor") -> None:
    page = open_page(visitor)
    page.route(re.compile(r"/use\?"), lambda route: route.abort())
    page.locator("select[name=country]").select_option("PE")
    expect(page.get_by_role("alert")).to_contain_text("The server could not be reached.")


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844), (320, 640)])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: "Visitor", width: int, height: int) -> None:
    for path in ("/use", "/use?country=PE#maplibre"):
        page = open_page(visitor, path, width, height)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page = visitor.page(width, height)
    visitor.go(page, "/use?countri=PE")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
