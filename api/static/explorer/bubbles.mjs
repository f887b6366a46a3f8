/** Circles for the places of the tiles: those that would lie on each other become one, and none is lost. */

import { nearest } from "./sphere.mjs";

/** From this zoom on every place of the tiles is drawn by itself, since what is nearer than that is listed. */
const APART_FROM_ZOOM = 8;

/**
 * GeoJSON of places, each with the tiles' properties, `lon`, `lat` and a `radius_px` of at most `largest_px`; their
 * `incidents` add up to those of the places.
 *
 * One that stands for several has `box`, which holds all of them. Larger ones take in smaller ones, so that a circle
 * stays where most of its incidents are.
 */
export function gather(places, zoom, largest_px) {
  const ordered = [...places].sort((a, b) => b.incidents - a.incidents || a.lon - b.lon || a.lat - b.lat);
  const radius = radiusOf(ordered[0]?.incidents ?? 1, largest_px);
  const cell_px = 2 * largest_px;
  const world_px = 512 * 2 ** zoom;
  const bubbles = [];
  const cells = new Map();
  for (const place of ordered) {
    const [x, y] = worldPixels(place, zoom);
    // The map goes on beyond the antimeridian.
    const turns = zoom < APART_FROM_ZOOM ? [x, x - world_px, x + world_px] : [];
    const host = turns.flatMap((turned) => neighbours(cells, turned, y, cell_px).filter((other) => (
      Math.hypot(other.x - turned, other.y - y) < overlap(other.radius_px, radius(place))
    )))[0];
    if (host) host.members.push(place);
    else {
      const bubble = { x, y, radius_px: radius(place), members: [place] };
      bubbles.push(bubble);
      const key = cellOf(x, y, cell_px);
      if (!cells.has(key)) cells.set(key, []);
      cells.get(key).push(bubble);
    }
  }
  return { type: "FeatureCollection", features: bubbles.map((bubble) => feature(together(bubble.members), radius)) };
}

/** The points of the tiles; these are loaded once for each copy of the world, and hold the same in each of them. */
export function pointsIn(map, source) {
  const found = new Map();
  for (const { id, properties, geometry } of map.querySourceFeatures(source, { sourceLayer: "incidents" })) {
    const [lon, lat] = geometry.coordinates;
    found.set(`${id}/${lon.toFixed(4)}/${lat.toFixed(4)}`, { ...properties, precision: "settlement", lon, lat });
  }
  return [...found.values()];
}

/** The area of a circle grows with its incidents, as far as its number has room. */
function radiusOf(greatest, largest_px) {
  const scale = largest_px / Math.sqrt(Math.max(greatest, 25));
  return ({ incidents }) => {
    const least = incidents < 2 ? 6 : 7 + 2 * String(Math.min(incidents, 1000)).length;
    return Math.min(largest_px, Math.max(least, scale * Math.sqrt(incidents)));
  };
}

/** Circles may touch a little, as long as both can be read and clicked. */
function overlap(a, b) {
  return 0.85 * (a + b);
}

function worldPixels({ lon, lat }, zoom) {
  const size = 512 * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return [size * (lon / 360 + 0.5), size * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))];
}

function cellOf(x, y, size) {
  return `${Math.floor(x / size)} ${Math.floor(y / size)}`;
}

function neighbours(cells, x, y, size) {
  const steps = [-size, 0, size];
  return steps.flatMap((dx) => steps.flatMap((dy) => cells.get(cellOf(x + dx, y + dy, size)) ?? []));
}

function together(places) {
  if (places.length === 1) return places[0];
  const sum = (name) => places.reduce((total, place) => total + place[name], 0);
  const [{ lon, lat, precision }] = places;
  const boxes = places.map(boxOf).map(([west, south, east, north]) => {
    const turn = nearest(west, lon) - west; // beyond 180 rather than round the world
    return [west + turn, south, east + turn, north];
  });
  const box = [0, 1].map((i) => Math.min(...boxes.map((each) => each[i])))
    .concat([2, 3].map((i) => Math.max(...boxes.map((each) => each[i]))));
  return { lon, lat, precision, incidents: sum("incidents"), places: sum("places"), box: box.join() };
}

/** West, south, east, north of a feature of the tiles. */
export function boxOf({ box, members, lon, lat }) {
  const text = box ?? new URLSearchParams(members ?? "").get("bbox");
  return text ? text.split(",").map(Number) : [lon, lat, lon, lat];
}

function feature({ lon, lat, ...properties }, radius) {
  return {
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties: { ...properties, lon, lat, radius_px: radius(properties) },
  };
}
