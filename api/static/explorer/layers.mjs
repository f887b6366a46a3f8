/** Sources and layers of the incidents, above the basemap. */

import { FIRST_NAME_LAYER } from "./basemap.mjs";
import { byCategory, CATEGORIES, colour, lineColour } from "./palette.mjs";
import { centreFeatures, diskFeatures, outlineFeatures, pointFeatures } from "./places.mjs";

const NONE = { type: "FeatureCollection", features: [] };
const DARK = "#1f2a30";

/** Below this radius on the screen a disk could be overlooked, and a ring of fixed size is drawn around it. */
const SMALLEST_DISK_PX = 5;
const RADIUS_PX = ["*", ["get", "radius_z0_px"], ["^", 2, ["zoom"]]];

/** Layers that answer a click. */
export const POINTS = "points";
export const DISKS = "disks";
export const RINGS = "rings";

export function addLayers(map) {
  for (const id of ["points", "centres", "disks", "outlines", "chosen-disk", "chosen-outline", "chosen-point"]) {
    map.addSource(id, { type: "geojson", data: NONE, promoteId: "key" });
  }
  const hue = byCategory(colour);
  const below = (layer) => map.addLayer(layer, FIRST_NAME_LAYER);
  // Antialiasing draws an edge around every fill, also where a disk is cut at the antimeridian: the outlines suffice.
  const fill = (opacity) => ({ "fill-color": hue, "fill-opacity": opacity, "fill-antialias": false });
  below({ id: DISKS, type: "fill", source: "disks", paint: fill(0.13) });
  below({
    id: "outlines",
    type: "line",
    source: "outlines",
    filter: [">=", RADIUS_PX, SMALLEST_DISK_PX], // smaller ones would be a blot in the middle of their ring
    paint: { "line-color": byCategory(lineColour), "line-width": 1.5, "line-dasharray": [3, 2.5] },
  });
  below({ id: "chosen-disk", type: "fill", source: "chosen-disk", paint: fill(0.12) });
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
    source: "centres",
    filter: ["<", RADIUS_PX, SMALLEST_DISK_PX],
    layout: {
      "icon-image": byCategory((category) => `ring-${category}`),
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  });
  const radius = ["step", ["get", "incidents"], 6, 2, 9, 10, 12];
  map.addLayer({
    id: POINTS,
    type: "circle",
    source: "points",
    paint: {
      "circle-color": hue,
      "circle-radius": radius,
      "circle-stroke-color": DARK,
      "circle-stroke-width": 1.2,
    },
  });
  map.addLayer({
    id: "chosen-point",
    type: "circle",
    source: "chosen-point",
    paint: {
      "circle-radius": ["+", radius, 5],
      "circle-color": "rgba(0, 0, 0, 0)",
      "circle-stroke-color": DARK,
      "circle-stroke-width": 2,
    },
  });
  map.addLayer({
    id: "point-counts",
    type: "symbol",
    source: "points",
    filter: [">", ["get", "incidents"], 1],
    layout: {
      "text-field": ["to-string", ["get", "incidents"]],
      "text-font": ["Helvetica Neue Bold", "Arial", "sans-serif"],
      "text-size": 11,
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: { "text-color": "#ffffff", "text-halo-color": DARK, "text-halo-width": 1.2 },
  });
}

export function drawPlaces(map, places) {
  const areas = places.filter((place) => place.isArea);
  map.getSource("points").setData(pointFeatures(places));
  map.getSource("centres").setData(centreFeatures(areas));
  map.getSource("disks").setData(diskFeatures(areas));
  map.getSource("outlines").setData(outlineFeatures(areas));
}

/** Marks the chosen place; a town's own uncertainty is drawn only now, lest every town look like an area. */
export function drawChosen(map, place) {
  const chosen = place ? [place] : [];
  map.getSource("chosen-disk").setData(diskFeatures(chosen));
  map.getSource("chosen-outline").setData(outlineFeatures(chosen));
  map.getSource("chosen-point").setData(pointFeatures(chosen));
}

/** A small dashed ring, hollow so that nobody takes it for a pin. */
function ring(category) {
  const size = 30;
  const context = Object.assign(document.createElement("canvas"), { width: size, height: size }).getContext("2d");
  context.arc(size / 2, size / 2, size / 2 - 3, 0, 2 * Math.PI);
  context.fillStyle = `${colour(category)}40`;
  context.fill();
  context.strokeStyle = lineColour(category);
  context.lineWidth = 3;
  context.setLineDash([5.5, 3.9]);
  context.stroke();
  return context.getImageData(0, 0, size, size);
}
