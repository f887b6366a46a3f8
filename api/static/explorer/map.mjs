/** The map: shows places, says which were picked and where the reader moved to. */

import * as maplibre from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { addProvincesWhenNear, buildStyle } from "./basemap.mjs";
import { addLayers, DISKS, drawChosen, drawPlaces, POINTS, RINGS } from "./layers.mjs";
import { extent } from "./places.mjs";
import { bounds, nearest } from "./sphere.mjs";

const WORLD = [[-120, -42], [180, 62]]; // where people live, Atlantic in the middle as most readers expect
const CLOSEST_FIT = 6.5; // the basemap is true to about a kilometre: nearer, it would show false detail
const FINGER_PX = 8;
const SMALLEST_AREA_PX = 60;

/**
 * `{show, choose, fit, view, goTo}`; fails where there is no WebGL.
 *
 * `onPick(keys)` gets the keys of all places under a click, points before areas, small areas before large ones;
 * `onMove()` is called after the reader, not the program, moved the map.
 */
export async function createMap(container, { view, onPick, onMove }) {
  const map = new maplibre.Map({
    container,
    style: await buildStyle(),
    ...(view ? { center: [view.lon, view.lat], zoom: view.zoom } : { bounds: WORLD }),
    maxZoom: 8.5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches,
    locale: {
      "Map.Title": "Map of incidents. Arrow keys move it, plus and minus zoom, Enter opens what is in the middle. "
        + "The table holds the same incidents.",
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "top-left");
  map.addControl(new maplibre.AttributionControl({
    compact: false,
    customAttribution: "Borders: Natural Earth, de facto · Names: GeoNames",
  }), "bottom-right");
  await new Promise((resolve) => { map.once("load", resolve); });
  addLayers(map);
  addProvincesWhenNear(map);

  let picked = [];
  const pick = (point) => {
    picked = keysAt(map, point);
    onPick(picked);
  };
  map.on("click", ({ point }) => pick(point));
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = keysAt(map, point).length > 0 ? "pointer" : "";
  });
  map.getCanvas().addEventListener("keydown", ({ key }) => {
    if (key === "Enter") pick(map.project(map.getCenter()));
  });
  map.on("moveend", ({ originalEvent }) => { if (originalEvent) onMove(); });
  // Handles for tests, and for readers who like consoles.
  window.foundlingMap = map;

  return {
    show: (places) => drawPlaces(map, places),
    /** Marks a place and brings it into the part of the map that the card, `covered` pixels wide, leaves free. */
    choose(place, covered) {
      drawChosen(map, place);
      const isPicked = picked.includes(place?.key);
      if (place && !isInView(map, place, covered, isPicked)) moveTo(map, [place], covered);
      picked = [];
    },
    fit: (places, covered) => moveTo(map, places, covered),
    goTo: ({ lon, lat, zoom }) => map.jumpTo({ center: [lon, lat], zoom }),
    view() {
      const { lng: lon, lat } = map.getCenter().wrap();
      return { zoom: map.getZoom(), lat, lon };
    },
  };
}

/** Looks at places whole, but at the usual world where they span half of it. */
function moveTo(map, places, covered) {
  const positions = extent(places);
  if (positions.length === 0) return;
  const box = bounds(positions);
  const margin = Math.min(50, map.getContainer().clientWidth / 8);
  const camera = map.cameraForBounds(box[1][0] - box[0][0] > 180 ? WORLD : box, {
    padding: { top: margin, bottom: margin, left: margin + covered, right: margin },
    maxZoom: CLOSEST_FIT,
  });
  if (camera) map.easeTo({ ...camera, duration: 600 });
}

/**
 * Whether a place can be seen as it is, and well: not as one dot on a map of the world.
 * What the reader pointed at was seen well enough, and the map must not jump away under the pointer.
 */
function isInView(map, place, covered, isPicked) {
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const middle = map.getCenter().lng;
  const spots = extent(isPicked ? [{ ...place, isArea: false }] : [place]).map(([lon, lat]) => (
    map.project([nearest(lon, middle), Math.max(-85, Math.min(85, lat))])
  ));
  const isInside = spots.every(({ x, y }) => x > covered && x < width && y > 0 && y < height);
  if (isPicked || !isInside) return isInside;
  const ys = spots.map(({ y }) => y);
  return place.isArea ? Math.max(...ys) - Math.min(...ys) > SMALLEST_AREA_PX : map.getZoom() >= CLOSEST_FIT - 2;
}

function keysAt(map, { x, y }) {
  const around = [[x - FINGER_PX, y - FINGER_PX], [x + FINGER_PX, y + FINGER_PX]];
  const marks = map.queryRenderedFeatures(around, { layers: [POINTS, RINGS] });
  const disks = map.queryRenderedFeatures([x, y], { layers: [DISKS] });
  return [...new Set([...marks, ...disks].map((feature) => feature.properties.key))];
}
