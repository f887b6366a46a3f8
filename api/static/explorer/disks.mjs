/** Areas as what they are: disks of their true radius, for all that reach into the view. */

import { boxOf } from "./bubbles.mjs";
import { circle, disk, nearest } from "./sphere.mjs";

/** Below this radius on the screen a disk could be overlooked, and a ring is drawn around its centre instead. */
const SMALLEST_DISK_PX = 5;

const NEAR_EDGE_LAT = 85;

/**
 * `{disks, small}`: areas of the layer `areas` that are drawn as disks now, the widest first, and those that would be too
 * small on the screen; each once.
 *
 * `sources` are asked in turn, the most exact first: a disk's centre may lie far outside of the view, in tiles that only
 * a source of lower zooms has loaded. What the tiles have put together (`places`) is no single disk, and small.
 */
export function areasIn(map, [exact, ...shallow]) {
  const found = new Map();
  for (const source of [exact, ...shallow]) {
    for (const { id, properties, geometry } of map.querySourceFeatures(source, { sourceLayer: "areas" })) {
      const key = `${id}/${properties.uncertainty_m}`;
      if (found.has(key) || (properties.places > 1 && source !== exact)) continue;
      // A tile's own coordinates are whole steps of a grid; the box of a single area is exact.
      const isExact = properties.members && properties.places === 1;
      const [lon, lat] = isExact ? boxOf(properties) : geometry.coordinates;
      found.set(key, { ...properties, key, lon, lat });
    }
  }
  const scale = 2 ** map.getZoom();
  const isSmall = ({ places, radius_z0_px }) => places > 1 || radius_z0_px * scale < SMALLEST_DISK_PX;
  const areas = [...found.values()];
  return {
    disks: areas.filter((area) => !isSmall(area) && reachesView(map, area)).sort((a, b) => b.uncertainty_m - a.uncertainty_m),
    small: areas.filter(isSmall),
  };
}

export function diskFeatures(areas) {
  return collection(areas.map((area) => feature(area, {
    type: "Polygon",
    coordinates: [disk(area.lon, area.lat, area.uncertainty_m)],
  })));
}

/** The outlines of those disks: lines of their own, because a polar disk's polygon has edges that are no outline. */
export function outlineFeatures(areas) {
  return collection(areas.map((area) => feature(area, {
    type: "LineString",
    coordinates: circle(area.lon, area.lat, area.uncertainty_m),
  })));
}

export function pointFeatures(places) {
  return collection(places.map((place) => feature(place, { type: "Point", coordinates: [place.lon, place.lat] })));
}

/** Positions that a view has to hold in order to show a place whole. */
export function extent({ lon, lat, uncertainty_m: radius_m, precision }) {
  return precision === "settlement" || !radius_m ? [[lon, lat]] : circle(lon, lat, radius_m, 36);
}

function reachesView(map, { lon, lat, radius_z0_px }) {
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const middle = map.getCenter().lng;
  const { x, y } = map.project([nearest(lon, middle), Math.max(-NEAR_EDGE_LAT, Math.min(NEAR_EDGE_LAT, lat))]);
  // On Mercator's map a disk of the sphere reaches further towards the pole than its radius at the centre says.
  const radius = radius_z0_px * 2 ** map.getZoom() * 1.5;
  const dx = Math.max(-x, 0, x - width);
  const dy = Math.max(-y, 0, y - height);
  return Math.hypot(dx, dy) <= radius;
}

function feature(place, geometry) {
  // A copy, since MapLibre's worker takes plain objects only, and those that its map gives are none.
  return { type: "Feature", geometry, properties: { ...place } };
}

function collection(features) {
  return { type: "FeatureCollection", features };
}
