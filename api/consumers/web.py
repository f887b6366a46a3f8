"""Maps in web pages: whole pages, which docs/consumers holds as files."""

from pathlib import Path

from api.consumers.tool import Paste, Tool

_PAGES = Path(__file__).parent / "pages"


def page(name: str) -> str:
    """The page of a library, with places for the words of a Question."""
    return (_PAGES / f"{name}.html").read_text(encoding="utf-8")


_WHERE = "Save as a page, and open it:"

WEB: tuple[Tool, ...] = (
    Tool(
        "maplibre",
        "MapLibre GL JS",
        "Maps in web pages",
        "A map over vector tiles, also of very many incidents.",
        (Paste("code", _WHERE, page("maplibre")),),
        "Tiles are of one release, the current one when the page was opened. With GeoJSON, identifiers are texts: "
        "promoteId makes them usable for hovering.",
    ),
    Tool(
        "leaflet",
        "Leaflet",
        "Maps in web pages",
        "What is in view, asked for as the map moves.",
        (Paste("code", _WHERE, page("leaflet")),),
        "match=possible also finds what is known only to an area that reaches into view.",
    ),
    Tool(
        "openlayers",
        "OpenLayers",
        "Maps in web pages",
        "Points and disks as vector layers.",
        (Paste("code", _WHERE, page("openlayers")),),
        "The order is lon, lat; views are in Web Mercator, which the format turns the file into.",
    ),
    Tool(
        "deckgl",
        "deck.gl",
        "Maps in web pages",
        "Hexagons with counts, and many thousand points, drawn by the graphics card.",
        (Paste("code", _WHERE, page("deckgl")),),
        "Hexagons leave out what is known only to a larger area than a cell, and count it in unplaced: say so beside "
        "the map.",
    ),
    Tool(
        "arcgis-js",
        "ArcGIS Maps SDK for JavaScript",
        "Maps in web pages",
        "A CSV layer in a page of your own.",
        (
            Paste(
                "code",
                "In a module:",
                """import CSVLayer from "@arcgis/core/layers/CSVLayer.js";

const incidents = new CSVLayer({
  url: "§csv",
  longitudeField: "lon",
  latitudeField: "lat",
  popupTemplate: { title: "{title}", content: "{summary}" },
});
map.add(incidents);""",
            ),
        ),
        "Without longitudeField and latitudeField it looks for names of its own, which include lon and lat.",
    ),
)

PAGES = ("maplibre", "leaflet", "openlayers", "deckgl")
"""Keys of the tools that have a page."""
