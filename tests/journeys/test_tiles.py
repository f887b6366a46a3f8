"""The tiles in MapLibre: the style as it is served, drawn, and counted on the screen."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.browser

# Added up by feature and tile: a feature is drawn once, whatever tile it is from.
DRAW = """
async (query) => {
  const {Map} = await import(new URL("static/vendor/maplibre-gl/maplibre-gl.mjs", location).href);
  const container = document.createElement("div");
  container.style.cssText = "position: fixed; inset: 0 auto auto 0; width: 1100px; height: 1100px; z-index: 99";
  document.body.replaceChildren(container);
  const style = new URL(`v1/style.json?${query}`, location).href;
  const map = new Map({container, style, center: [0, 0], zoom: 1, renderWorldCopies: false, fadeDuration: 0});
  window.tileMap = map;
  const failures = [];
  map.on("error", ({error}) => failures.push(String(error)));
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Error(`not drawn: ${failures}`)), 30000); });
  await Promise.race([new Promise((resolve) => { map.once("idle", resolve); }), late]);
  const drawn = {};
  for (const layer of ["incidents", "areas"]) {
    const features = map.queryRenderedFeatures({layers: [layer]});
    drawn[layer] = features.map(({id, properties}) => ({id, ...properties}));
  }
  return {drawn, failures};
}
"""


def test_the_style_draws_every_incident_that_matches(visitor_of_all: "Visitor") -> None:
    for query in ("", "country=NG,ID", "q=arequipa"):
        page = visitor_of_all.open()
        total = page.evaluate(
            "query => fetch(`v1/incidents?limit=1&${query}`).then(a => a.json()).then(a => a.meta.total)", query
        )
        found: dict[str, Any] = page.evaluate(DRAW, query)
        assert found["failures"] == []
        features = [one for layer in found["drawn"].values() for one in layer]
        assert len({(name, one["id"]) for name, layer in found["drawn"].items() for one in layer}) == len(features)
        assert sum(one["incidents"] for one in features) == total > 0
    assert visitor_of_all.errors == []
    assert visitor_of_all.strangers == []
