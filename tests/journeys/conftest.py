"""Visitors of pages, in a real browser."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from api.curation.publish import Published

WAIT_S = 30


class Visitor:
    """Opens pages and notes what a reader never should see: console errors, requests to other hosts."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.home = home.rstrip("/")
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def page(self, width: int = 1280, height: int = 800) -> Page:
        """An empty page, to be prepared before `go`."""
        context = self._browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_S * 1000)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._note_request)
        return page

    def open(self, path: str = "/", width: int = 1280, height: int = 800) -> Page:
        """A page with its incidents loaded and its map drawn."""
        page = self.page(width, height)
        self.go(page, path)
        self.settle(page)
        return page

    def go(self, page: Page, path: str = "/") -> None:
        """Visits an address without waiting for the map."""
        page.goto(self.home + path)

    def settle(self, page: Page) -> None:
        """Waits for the map to stand still, with everything on it that follows from its tiles.

        Playwright's own polling needs eval, which the page's policy forbids.
        """
        page.wait_for_selector("#map[data-ready]", state="attached")
        page.wait_for_selector("#loading", state="hidden")
        page.wait_for_selector("#records[aria-busy=false]")
        deadline = time.monotonic() + WAIT_S
        still = (
            "!foundlingMap.isMoving() && foundlingMap.getContainer().dataset.drawn === 'true' && foundlingMap.loaded()"
        )
        while not page.evaluate(still):
            assert time.monotonic() < deadline, "the map never came to rest"
            page.wait_for_timeout(50)

    def close(self) -> None:
        """Leaves all pages."""
        for context in self._contexts:
            context.close()

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _note_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != self.home:
            self.strangers.append(request.url)


@pytest.fixture(scope="session")
def first_four_url(
    tmp_path_factory: pytest.TempPathFactory,
    first_four: Path,
    publish_seeds: Callable[[Path, str], Published],
    serve: Callable[[str], AbstractContextManager[str]],
) -> Iterator[str]:
    """A server over the four incidents that the record began with."""
    url = f"sqlite:///{tmp_path_factory.mktemp('published-four') / 'foundling.sqlite'}"
    assert not publish_seeds(first_four, url).is_refused
    with serve(url) as address:
        yield address


@pytest.fixture
def visitor(browser: Browser, first_four_url: str) -> Iterator[Visitor]:
    visit = Visitor(browser, first_four_url)
    yield visit
    visit.close()


@pytest.fixture
def visitor_of_all(browser: Browser, live_url: str) -> Iterator[Visitor]:
    """A visitor of the whole record."""
    visit = Visitor(browser, live_url)
    yield visit
    visit.close()
