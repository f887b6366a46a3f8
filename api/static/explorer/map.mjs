/** The map: draws a question's tiles, says what was picked and where the reader moved to. */

import * as maplibre from "../vendor/maplibre-gl/maplibre-gl.mjs";
import { addProvincesWhenNear, buildStyle } from "./basemap.mjs";
import { boxOf, gather, pointsIn } from "./bubbles.mjs";
import { areasIn, extent } from "./disks.mjs";
import {
  DISKS, drawChosen, drawCircles, drawDisks, drawTiles, POINTS, RINGS, setVisible, SOURCES, TILES,
} from "./layers.mjs";
import { bounds, nearest } from "./sphere.mjs";

const WORLD = [[-120, -42], [180, 62]]; // where people live, Atlantic in the middle as most readers expect
const CLOSEST_FIT = 6.5; // the basemap is true to about a kilometre: nearer, it would show false detail
const CLOSEST = 8.5;
const FINGER_PX = 8;
const SMALLEST_AREA_PX = 60;
const LARGEST_POINT_PX = 26;
const LARGEST_RING_PX = 16;
const SETTLE_MS = 120;

/**
 * `{show, choose, fit, zoomTo, goTo, view, box, canZoom}`; fails where there is no WebGL.
 *
 * `onPick(features)` gets properties with `lon` and `lat` of what is under a click: the nearest point or ring, else all
 * disks, small before large. `onMove()` is called after the reader moved the map, `onRest()` whenever it came to stand.
 */
export async function createMap(container, { view, onPick, onMove, onRest }) {
  const map = new maplibre.Map({
    container,
    style: await buildStyle(),
    ...(view ? { center: [view.lon, view.lat], zoom: view.zoom } : { bounds: WORLD }),
    maxZoom: CLOSEST,
    // Tiles that are enlarged stay whole: cut, they would not tell of disks whose centre is elsewhere.
    zoomLevelsToOverscale: undefined,
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
  addControls(map);
  await new Promise((resolve) => { map.once("load", resolve); });
  addProvincesWhenNear(map);

  let category = "";
  let isShown = false;
  let drawnKeys = "";
  let isPicked = false;
  let timer = 0;

  /** Where the filter leaves one category, several incidents have it too, which no tile says. */
  const named = (place) => (category ? { ...place, category } : place);

  /** Draws what follows from the tiles at hand: circles and disks. */
  function look() {
    if (!isShown) return;
    if (map.isMoving() || !SOURCES.every((source) => map.isSourceLoaded(source))) return;
    const { disks, small } = areasIn(map, SOURCES);
    const keys = disks.map(({ key, incidents, lon, lat }) => `${key}=${incidents}@${lon},${lat}`).join();
    if (keys !== drawnKeys) drawDisks(map, disks.map(named));
    drawnKeys = keys;
    const zoom = Math.floor(map.getZoom()); // that of the tiles
    const points = gather(pointsIn(map, TILES), zoom, LARGEST_POINT_PX);
    const rings = gather(small, zoom, LARGEST_RING_PX);
    for (const feature of [...points.features, ...rings.features]) feature.properties = named(feature.properties);
    drawCircles(map, points, rings);
    const count = ({ features }) => features.reduce((sum, { properties }) => sum + properties.incidents, 0);
    Object.assign(container.dataset, {
      drawn: true,
      disks: disks.length, points: points.features.length, rings: rings.features.length, settled: count(points),
    });
  }
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLE_MS);
    container.dataset.drawn = !isShown;
  };
  map.on("movestart", () => { container.dataset.drawn = !isShown; });
  map.on("moveend", lookSoon);
  map.on("sourcedata", ({ sourceId, isSourceLoaded }) => { if (isSourceLoaded && SOURCES.includes(sourceId)) lookSoon(); });

  const pick = (point) => {
    const features = featuresAt(map, point);
    isPicked = features.length > 0;
    onPick(features);
  };
  map.on("click", ({ point }) => pick(point));
  map.on("mousemove", ({ point }) => {
    if (!map.isMoving()) map.getCanvas().style.cursor = featuresAt(map, point).length > 0 ? "pointer" : "";
  });
  map.getCanvas().addEventListener("keydown", ({ key }) => {
    if (key === "Enter") pick(map.project(map.getCenter()));
  });
  map.on("moveend", ({ originalEvent }) => {
    if (originalEvent) onMove();
    onRest();
  });
  // Handles for tests, and for readers who like consoles.
  window.foundlingMap = map;

  return {
    /** Draws tiles, `only` the category to which they belong, if it is one; null hides what is drawn. */
    show(tiles, only) {
      drawnKeys = "";
      isShown = tiles !== null;
      container.dataset.drawn = !isShown;
      setVisible(map, isShown);
      if (!isShown) return;
      drawTiles(map, tiles);
      category = only;
      lookSoon();
    },
    /** Marks a place and brings it into the part of the map that the card, `covered` pixels wide, leaves free. */
    choose(place, covered) {
      if (!map.getSource(TILES)) return;
      drawChosen(map, place);
      if (place && !isInView(map, place, covered, isPicked)) moveTo(map, bounds(extent(place)), covered);
      isPicked = false;
    },
    /** Looks at a box of west, south, east, north. */
    fit([west, south, east, north]) {
      moveTo(map, [[west, south], [east, north]], 0);
    },
    /** Looks at what lies in a circle of several places. */
    zoomTo(feature) {
      const [west, south, east, north] = boxOf(feature);
      moveTo(map, [[west, south], [east, north]], 0, CLOSEST);
    },
    goTo: ({ lon, lat, zoom }) => map.jumpTo({ center: [lon, lat], zoom }),
    view() {
      const { lng: lon, lat } = map.getCenter().wrap();
      return { zoom: map.getZoom(), lat, lon };
    },
    /** What is in view, as the API writes a `bbox`. */
    box() {
      const box = map.getBounds();
      const [south, north] = [box.getSouth(), box.getNorth()].map((lat) => Math.max(-90, Math.min(90, lat)));
      return [box.getWest(), south, box.getEast(), north].map((degrees) => degrees.toFixed(3)).join();
    },
    canZoom: () => map.getZoom() < CLOSEST - 0.3,
  };
}

function addControls(map) {
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 90 }), "top-left");
  map.addControl(new maplibre.AttributionControl({
    compact: false,
    customAttribution: "Borders: Natural Earth, de facto · Names: GeoNames",
  }), "bottom-right");
}

/** Looks at a box whole, but at the usual world where it spans half of it. */
function moveTo(map, box, covered, closest = CLOSEST_FIT) {
  const margin = Math.min(50, map.getContainer().clientWidth / 8);
  const camera = map.cameraForBounds(box[1][0] - box[0][0] > 180 ? WORLD : box, {
    padding: { top: margin, bottom: margin, left: margin + covered, right: margin },
    maxZoom: closest,
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
  const positions = isPicked ? [[place.lon, place.lat]] : extent(place);
  const spots = positions.map(([lon, lat]) => (
    map.project([nearest(lon, middle), Math.max(-85, Math.min(85, lat))])
  ));
  const isInside = spots.every(({ x, y }) => x > covered && x < width && y > 0 && y < height);
  if (isPicked || !isInside) return isInside;
  if (positions.length === 1) return map.getZoom() >= CLOSEST_FIT - 2;
  const ys = spots.map(({ y }) => y);
  return Math.max(...ys) - Math.min(...ys) > SMALLEST_AREA_PX;
}

function featuresAt(map, { x, y }) {
  if (!map.getSource(TILES)) return [];
  const around = [[x - FINGER_PX, y - FINGER_PX], [x + FINGER_PX, y + FINGER_PX]];
  const away = ({ lon, lat }) => {
    const spot = map.project([nearest(lon, map.unproject([x, y]).lng), lat]);
    return Math.hypot(spot.x - x, spot.y - y);
  };
  const marks = map.queryRenderedFeatures(around, { layers: [POINTS, RINGS] })
    .map(({ properties, geometry: { coordinates: [lon, lat] } }) => ({ ...properties, lon, lat }))
    .sort((a, b) => away(a) - away(b));
  if (marks.length > 0) return marks.slice(0, 1);
  const disks = map.queryRenderedFeatures([x, y], { layers: [DISKS] }).map(({ properties }) => properties);
  const once = new Map(disks.map((area) => [area.key, area]));
  return [...once.values()].sort((a, b) => a.uncertainty_m - b.uncertainty_m);
}
