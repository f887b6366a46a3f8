"""Maps in web pages: each page runs in a real browser, from another origin, with the libraries vendored beside."""

import base64
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from api.consumers.question import Question
from api.consumers.web import PAGES, page
from tests.consumers.conftest import MATCHING

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TESTS = Path(__file__).parent / "vendor"
SERVED = ROOT / "api" / "static" / "vendor"
FILES = {
    "maplibre-gl": ("maplibre", SERVED / "maplibre-gl"),
    "leaflet": ("leaflet", TESTS),
    "ol": ("openlayers", TESTS),
    "deck.gl": ("deckgl", TESTS),
}
ADDRESS = re.compile(r"https://unpkg\.com/([a-z.-]+)@([0-9.]+)/(?:dist/)?([a-z.-]+)")
RENAMED = {"dist.min.js": "deckgl.js"}
TITLES = ("plain", "=1+1", "2018-10", "007", "say", "two", "é 孩子", "NA", "1e5", "@x", "An invented incident")
LOOK = """async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const points = [];
  let tinted = 0;
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i], data[i + 1], data[i + 2]];
    if (Math.abs(r - 136) + Math.abs(g - 34) + Math.abs(b - 85) < 40) points.push(i / 4);
    else if (r > 120 && g < r - 4 && Math.abs(r - b) < 90 && g < 250) tinted += 1;
  }
  const spot = points[Math.floor(points.length / 2)] ?? 0;
  return [spot % image.width, Math.floor(spot / image.width), points.length, tinted];
}"""
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}


class Opened:
    """A page of a library, with what it asked for and complained about."""

    def __init__(self, browser: Browser, site: tuple[Path, str], name: str, question: Question) -> None:
        folder, address = site
        (folder / f"{name}.html").write_text(question.fill(page(name)), encoding="utf-8")
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 900, "height": 500})
        self.page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", lambda answer: self._note(answer.url, answer.status))
        self.page.route("https://unpkg.com/**", self._from_disk)
        self.page.goto(f"{address}/{name}.html")
        self.page.wait_for_load_state("networkidle")

    def _note(self, url: str, status: int) -> None:
        self.asked.append(url)
        if status >= 400 and not url.endswith("/favicon.ico"):
            self.errors.append(f"{status} {url}")

    def _from_disk(self, route: Route) -> None:
        found = ADDRESS.match(route.request.url)
        assert found, route.request.url
        package, _, file = found.groups()
        path = FILES[package][1] / RENAMED.get(file, file)
        route.fulfill(
            body=path.read_bytes(),
            content_type=TYPES[path.suffix],
            headers={"Access-Control-Allow-Origin": "*"},
        )

    def spots(self) -> tuple[int, int, int, int]:
        """Where a point is (x, y), how many pixels have the colour of points, and how many a tint of it."""
        picture = base64.b64encode(self.page.screenshot()).decode()
        found: tuple[int, int, int, int] = self.page.evaluate(LOOK, picture)
        return found

    def settle(self) -> tuple[int, int, int, int]:
        """Waits until points are drawn; see `spots`."""
        for _ in range(40):
            found = self.spots()
            if found[2]:
                return found
            self.page.wait_for_timeout(250)
        pytest.fail(f"nothing is drawn: {self.errors}, {self.asked}")


@pytest.fixture
def opened(browser: Browser, site: tuple[Path, str], asked: Question) -> Iterator[Callable[[str], Opened]]:
    """Opens the page of a library."""
    pages: list[Opened] = []

    def open_(name: str) -> Opened:
        pages.append(Opened(browser, site, name, asked))
        return pages[-1]

    yield open_
    for one in pages:
        one.page.close()


def test_maplibre_draws_the_style_and_tells_what_is_clicked(
    opened: Callable[[str], Opened], asked: Question, proves: Callable[..., None]
) -> None:
    one = opened("maplibre")
    canvas = one.page.locator("canvas.maplibregl-canvas")
    canvas.wait_for()
    one.page.wait_for_timeout(1500)
    # Arequipa's and Namibia's points; the style is centred on 20° east at zoom 1, where the world has 1,024 pixels.
    for lon, lat, words in ((-71.5, -16.5, "An invented incident (2018-11-06)"), (18.4, -22.5, "10 incidents")):
        one.page.mouse.click(*spot(lon, lat))
        told = one.page.locator(".maplibregl-popup-content").last
        told.wait_for()
        assert told.inner_text().rstrip("×").strip() == words
        one.page.locator(".maplibregl-popup-close-button").last.click()
    assert any("/v1/tiles/1/" in address and f"{asked.query.partition('&')[0]}&" in address for address in one.asked)
    assert one.errors == []
    proves("maplibre", f"MapLibre GL JS {wanted('maplibre')}")


def spot(lon: float, lat: float) -> tuple[float, float]:
    """Pixels of a place on a map of 900 by 500 around 20° east, 5° north, of which the world is 1,024 wide."""

    def down(degrees: float) -> float:
        return 512 - 1024 / math.tau * math.asinh(math.tan(math.radians(degrees)))

    return 450 + (lon - 20) / 360 * 1024, 250 + down(lat) - down(5)


def test_leaflet_asks_for_what_is_in_view_also_beyond_the_date_line(
    opened: Callable[[str], Opened], asked: Question, proves: Callable[..., None]
) -> None:
    one = opened("leaflet")

    def move(view: str) -> str:
        with one.page.expect_response("**/v1/incidents.geojson*") as answer:
            one.page.evaluate(f"map.setView({view}, {{animate: false}})")
        one.page.wait_for_load_state("networkidle")
        return answer.value.url

    move("[-15, -20], 3")
    x, y, points, _ = one.settle()
    assert points > 20
    one.page.mouse.click(x, y)
    assert one.page.locator(".leaflet-popup-content").inner_text().startswith(TITLES)
    address = move("[-22, 377], 4")
    assert address.startswith(f"{asked.home}/v1/incidents.geojson{asked.words()['begin']}bbox=3")
    assert one.page.evaluate("layer.getLayers().length") == MATCHING - 2, "Namibia, once round the world"
    move("[-12.5, -75.5], 6")
    assert one.page.evaluate("layer.getLayers().filter((shape) => shape instanceof L.Circle).length") == 1
    assert one.errors == []
    proves("leaflet", f"Leaflet {wanted('leaflet')}")


def test_openlayers_draws_points_and_disks_and_tells_what_is_clicked(
    opened: Callable[[str], Opened], proves: Callable[..., None]
) -> None:
    one = opened("openlayers")
    x, y, points, _ = one.settle()
    assert points > 20
    assert one.page.evaluate("disks.getSource().getFeatures().length") == MATCHING
    one.page.mouse.click(x, y)
    assert one.page.title().startswith(TITLES)
    assert one.errors == []
    proves("openlayers", f"OpenLayers {wanted('openlayers')}")


ADD_TILES = """(url) => {
  const source = new ol.source.VectorTile({ format: new ol.format.MVT(), url, maxZoom: 10 });
  window.tiles = new ol.layer.VectorTile({ source });
  map.getLayers().clear();
  map.addLayer(window.tiles);
}"""
DRAWN = """() => window.tiles.getFeaturesInExtent(map.getView().calculateExtent(map.getSize()))
  .map((one) => [one.get("layer"), one.get("incidents")])"""


def test_openlayers_draws_the_vector_tiles(opened: Callable[[str], Opened], asked: Question) -> None:
    one = opened("openlayers")
    url = f"{asked.home}/v1/tiles/{{z}}/{{x}}/{{y}}.mvt{asked.words()['asked']}"
    one.page.evaluate(ADD_TILES, url)
    found: list[tuple[str, int]] = []
    for _ in range(40):
        found = one.page.evaluate(DRAWN)
        if sum(incidents for _, incidents in found) >= MATCHING:
            break
        one.page.wait_for_timeout(250)
    assert sum(incidents for _, incidents in found) == MATCHING, (found, one.errors, one.asked)
    assert {layer for layer, _ in found} == {"incidents", "areas"}
    assert one.errors == []


def test_deckgl_takes_the_array_and_the_hexagons_as_they_are(
    opened: Callable[[str], Opened], proves: Callable[..., None]
) -> None:
    one = opened("deckgl")
    x, y, points, tinted = one.settle()
    assert points > 20
    assert tinted > 20, "hexagons"
    one.page.mouse.move(x, y)
    told = one.page.locator(".deck-tooltip")
    told.wait_for(state="visible")
    assert told.inner_text().startswith(TITLES)
    assert one.errors == []
    proves("deckgl", f"deck.gl {wanted('deckgl')}")


def wanted(name: str) -> str:
    """The version that a page names; its readers get that one."""
    [found] = {number for _, number, _ in ADDRESS.findall(page(name))}
    return str(found)


def test_pages_name_the_versions_that_are_vendored() -> None:
    told = (TESTS / "README.md").read_text() + (SERVED / "README.md").read_text()
    for name in PAGES:
        for package, number, file in ADDRESS.findall(page(name)):
            assert re.search(rf"{re.escape(package)}@?[ |`]*{re.escape(number)}", told), (package, number)
            assert (FILES[package][1] / RENAMED.get(file, file)).is_file()
