/** Sources and layers of the incidents, above the basemap. */

import { FIRST_NAME_LAYER } from "./basemap.mjs";
import { diskFeatures, outlineFeatures, pointFeatures } from "./disks.mjs";
import { byCategory, CATEGORIES, colour, lineColour } from "./palette.mjs";

const NONE = { type: "FeatureCollection", features: [] };
const DARK = "#1f2a30";
const FONT = ["Helvetica Neue Bold", "Arial", "sans-serif"];
const LAST_ZOOM = 10; // of the API's tiles
const RING_PX = 10; // the radius of a ring's image
const MIDDLE_ZOOM = 4;

/** The same tiles to three depths: disks whose centre is not in the view are known from the shallow ones. */
export const TILES = "tiles";
export const SOURCES = [TILES, "middle", "overview"];

/** Layers that answer a click. */
export const POINTS = "points";
export const RINGS = "rings";
export const DISKS = "disks";
const OF_TILES = ["area-counts", "load-points", "load-middle", "load-overview"];

const COUNT = ["get", "incidents"];
const RADIUS_PX = ["*", ["get", "radius_z0_px"], ["^", 2, ["zoom"]]];
const SMALLEST_NUMBERED_PX = 16; // a number in a smaller disk would seem to belong to whatever is beside it
const SHORT_COUNT = [
  "case",
  ["<", COUNT, 1000], ["to-string", COUNT],
  ["<", COUNT, 9950], ["concat", ["to-string", ["/", ["round", ["/", COUNT, 100]], 10]], "k"],
  ["<", COUNT, 999500], ["concat", ["to-string", ["round", ["/", COUNT, 1000]]], "k"],
  ["concat", ["to-string", ["/", ["round", ["/", COUNT, 100000]], 10]], "M"],
];

/** The greatest come first: where two areas' numbers would lie on each other, the lesser gives way. */
const NUMBER = {
  "text-field": SHORT_COUNT,
  "text-font": FONT,
  "text-size": 11,
  "text-padding": 1,
  "symbol-sort-key": ["-", COUNT],
};

const NUMBER_OF_AREA = { "text-color": DARK, "text-halo-color": "#fbfaf7", "text-halo-width": 1.6 };

/** Draws the tiles of an address; the first call makes sources and layers. */
export function drawTiles(map, tiles) {
  if (map.getSource(TILES)) {
    for (const source of SOURCES) map.getSource(source).setTiles([tiles]);
    return;
  }
  const depths = [LAST_ZOOM, MIDDLE_ZOOM, 0];
  SOURCES.forEach((source, i) => map.addSource(source, { type: "vector", tiles: [tiles], maxzoom: depths[i] }));
  for (const id of [POINTS, RINGS, DISKS, "outlines", "chosen-disk", "chosen-outline", "chosen-point"]) {
    map.addSource(id, { type: "geojson", data: NONE });
  }
  addAreas(map);
  addPoints(map);
}

export function setVisible(map, isVisible) {
  if (!map.getSource(TILES)) return;
  for (const layer of OF_TILES) map.setLayoutProperty(layer, "visibility", isVisible ? "visible" : "none");
  if (isVisible) return;
  for (const id of [POINTS, RINGS, DISKS, "outlines"]) map.getSource(id).setData(NONE);
}

export function drawDisks(map, areas) {
  map.getSource(DISKS).setData(diskFeatures(areas));
  map.getSource("outlines").setData(outlineFeatures(areas));
}

/** Marks the chosen place; a town's own uncertainty is drawn only now, lest every town look like an area. */
export function drawChosen(map, place) {
  const chosen = place ? [place] : [];
  const points = chosen.filter(({ precision }) => precision === "settlement");
  map.getSource("chosen-disk").setData(diskFeatures(chosen));
  map.getSource("chosen-outline").setData(outlineFeatures(chosen));
  map.getSource("chosen-point").setData(pointFeatures(points));
}

export function drawCircles(map, points, rings) {
  map.getSource(POINTS).setData(points);
  map.getSource(RINGS).setData(rings);
}

function addAreas(map) {
  const below = (layer) => map.addLayer(layer, FIRST_NAME_LAYER);
  const ofTiles = { source: TILES, "source-layer": "areas" };
  // Antialiasing draws an edge around every fill, also where a disk is cut at the antimeridian: the outlines suffice.
  const fill = (opacity) => ({ "fill-color": byCategory(colour), "fill-opacity": opacity, "fill-antialias": false });
  // A source without a layer is never loaded, nor what no layer asks of it.
  const asked = [["points", TILES, "incidents"], ...SOURCES.slice(1).map((source) => [source, source, "areas"])];
  for (const [id, source, layer] of asked) {
    below({ id: `load-${id}`, type: "circle", source, "source-layer": layer, paint: { "circle-radius": 0 } });
  }
  below({ id: DISKS, type: "fill", source: DISKS, paint: fill(0.07) });
  below({
    id: "outlines",
    type: "line",
    source: "outlines",
    paint: { "line-color": byCategory(lineColour), "line-width": 1.4, "line-dasharray": [3, 2.5] },
  });
  below({ id: "chosen-disk", type: "fill", source: "chosen-disk", paint: fill(0.14) });
  below({
    id: "chosen-outline",
    type: "line",
    source: "chosen-outline",
    paint: { "line-color": DARK, "line-width": 1.8, "line-dasharray": [3, 2] },
  });
  for (const category of CATEGORIES) map.addImage(`ring-${category}`, ring(category), { pixelRatio: 2 });
  below({
    id: RINGS,
    type: "symbol",
    source: RINGS,
    layout: {
      "icon-image": byCategory((category) => `ring-${category}`),
      "icon-size": ["/", ["get", "radius_px"], RING_PX],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      ...NUMBER,
      "text-field": ["case", [">", COUNT, 1], SHORT_COUNT, ""],
      "text-optional": true,
    },
    paint: NUMBER_OF_AREA,
  });
  map.addLayer({
    id: "area-counts",
    type: "symbol",
    ...ofTiles,
    filter: ["all", [">", COUNT, 1], ["==", ["get", "places"], 1], [">=", RADIUS_PX, SMALLEST_NUMBERED_PX]],
    layout: NUMBER,
    paint: NUMBER_OF_AREA,
  });
}

function addPoints(map) {
  map.addLayer({
    id: POINTS,
    type: "circle",
    source: POINTS,
    layout: { "circle-sort-key": ["-", COUNT] }, // small ones lie on large ones
    paint: {
      "circle-radius": ["get", "radius_px"],
      "circle-color": byCategory(colour),
      "circle-opacity": ["case", [">", COUNT, 1], 0.86, 1],
      "circle-stroke-color": ["case", [">", COUNT, 1], "#ffffff", DARK],
      "circle-stroke-width": 1.2,
    },
  });
  map.addLayer({
    id: "chosen-point",
    type: "circle",
    source: "chosen-point",
    paint: {
      "circle-radius": 12,
      "circle-color": "rgba(0, 0, 0, 0)",
      "circle-stroke-color": DARK,
      "circle-stroke-width": 2.2,
    },
  });
  map.addLayer({
    id: "point-counts",
    type: "symbol",
    source: POINTS,
    filter: [">", COUNT, 1],
    // Below a circle the number of an area would be unreadable: it has to keep away.
    layout: { ...NUMBER, "text-allow-overlap": true, "text-padding": 9 },
    paint: { "text-color": "#ffffff", "text-halo-color": DARK, "text-halo-width": 1 },
  });
}

/** A small dashed ring, hollow so that nobody takes it for a pin; twice as large as it is drawn. */
function ring(category) {
  const size = 4 * RING_PX;
  const context = Object.assign(document.createElement("canvas"), { width: size, height: size }).getContext("2d");
  context.arc(size / 2, size / 2, size / 2 - 2, 0, 2 * Math.PI);
  context.fillStyle = `${colour(category)}30`;
  context.fill();
  context.strokeStyle = lineColour(category);
  context.lineWidth = 2.6;
  context.setLineDash([6.2, 4.4]);
  context.stroke();
  return context.getImageData(0, 0, size, size);
}
