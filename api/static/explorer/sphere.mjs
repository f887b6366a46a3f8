/** Distances on the sphere that the API uses too (radius in metres). */

export const EARTH_RADIUS_M = 6371008.8;

const RADIANS = Math.PI / 180;

/**
 * The circle of all points at a distance from a centre, as `[lon, lat]` pairs, closed.
 *
 * Longitudes run on past ±180 instead of jumping, so that the line never crosses the map the long way round.
 */
export function circle(lon, lat, radius_m, corners = 180) {
  const angle = radius_m / EARTH_RADIUS_M;
  const phi = lat * RADIANS;
  const ring = [];
  let previous = lon;
  for (let corner = 0; corner <= corners; corner += 1) {
    const bearing = (2 * Math.PI * (corner % corners)) / corners;
    const sine = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing);
    const turn = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
      Math.cos(angle) - Math.sin(phi) * sine,
    );
    const next = nearest(lon + turn / RADIANS, previous);
    ring.push([next, Math.asin(Math.max(-1, Math.min(1, sine))) / RADIANS]);
    previous = next;
  }
  return ring;
}

/** The disk inside that circle as a polygon ring; one that covers a pole is closed along the map's edge. */
export function disk(lon, lat, radius_m, corners = 180) {
  const ring = circle(lon, lat, radius_m, corners);
  const first = ring[0];
  const last = ring[ring.length - 1];
  if (Math.abs(last[0] - first[0]) < 180) return ring;
  const edge = lat > 0 ? 90 : -90;
  return [...ring, [last[0], edge], [first[0], edge], first];
}

/** The narrowest `[[west, south], [east, north]]` around positions; east exceeds 180 across the antimeridian. */
export function bounds(positions) {
  const lons = positions.map(([lon]) => nearest(lon, 0)).sort((a, b) => a - b);
  const lats = positions.map(([, lat]) => lat);
  let west = lons[0];
  let widest = lons[0] + 360 - lons[lons.length - 1];
  for (let i = 1; i < lons.length; i += 1) {
    if (lons[i] - lons[i - 1] > widest) {
      widest = lons[i] - lons[i - 1];
      west = lons[i];
    }
  }
  // Rounding may put the east of a single point a hair west of it, which would read as once around the globe.
  const east = Math.max(west, west + 360 - widest);
  return [[west, Math.min(...lats)], [east, Math.max(...lats)]];
}

/** The same longitude, turned by whole circles to lie within 180 degrees of another. */
export function nearest(lon, other) {
  return lon - 360 * Math.round((lon - other) / 360);
}
