"""A MapLibre style (version 8) that draws the tiles, with nothing from any other host.

No text: numbers on clusters need either glyphs from a server, or a client that draws them itself.
"""

from typing import Any

from api.tiles.layers import AREAS, INCIDENTS

SOURCE = "foundling"

_WATER, _LAND, _BORDER = "#dfe7ea", "#f7f5f0", "#b9c0c2"
_INK, _HUE = "#1f2a30", "#a33b20"
_FARTHEST_ZOOM = 24


def style(name: str, *, tiles: str, basemap: str, attribution: str, centre: list[float]) -> dict[str, Any]:
    """The style for the TileJSON at one address over the countries (GeoJSON) at another; `centre` is lon, lat, zoom."""
    radius = ["get", "radius_z0_px"]
    return {
        "version": 8,
        "name": name,
        "metadata": {
            "legend:incidents": "Filled: incidents placed to a settlement; the larger, the more.",
            "legend:areas": "Outlined: incidents known to a district, region or country only, with its radius.",
        },
        "center": centre[:2],
        "zoom": centre[2],
        "sources": {
            "countries": {"type": "geojson", "data": basemap},
            SOURCE: {"type": "vector", "url": tiles, "attribution": attribution},
        },
        "layers": [
            {"id": "water", "type": "background", "paint": {"background-color": _WATER}},
            {"id": "land", "type": "fill", "source": "countries", "paint": {"fill-color": _LAND}},
            {"id": "borders", "type": "line", "source": "countries", "paint": {"line-color": _BORDER}},
            {
                "id": AREAS,
                "type": "circle",
                "source": SOURCE,
                "source-layer": AREAS,
                "paint": {
                    # Doubles from zoom to zoom, as the map does.
                    "circle-radius": [
                        "interpolate", ["exponential", 2], ["zoom"],
                        0, radius, _FARTHEST_ZOOM, ["*", 2**_FARTHEST_ZOOM, radius],
                    ],
                    "circle-color": _HUE,
                    "circle-opacity": 0.06,
                    "circle-stroke-color": _HUE,
                    "circle-stroke-opacity": 0.6,
                    "circle-stroke-width": 1.2,
                    "circle-pitch-alignment": "map",
                    "circle-pitch-scale": "map",
                },
            },
            {
                "id": INCIDENTS,
                "type": "circle",
                "source": SOURCE,
                "source-layer": INCIDENTS,
                "paint": {
                    "circle-radius": [
                        "interpolate", ["linear"], ["log10", ["get", "incidents"]],
                        0, 4, 1, 7, 2, 11, 3, 15, 4, 19, 6, 27,
                    ],
                    "circle-color": _HUE,
                    "circle-opacity": 0.8,
                    "circle-stroke-color": _INK,
                    "circle-stroke-width": 1,
                },
            },
        ],
    }  # fmt: skip
