/** The basemap: land, borders and names, drawn from files beside this page. */

const FILES = new URL("../basemap/", import.meta.url);

export const INK = {
  sea: "#dfe8ec",
  land: "#f6f4ee",
  coast: "#a9b4b9",
  border: "#b9b2a5",
  province: "#d8d2c6",
  country_name: "#665f55",
  city_name: "#57534c",
  halo: "#fbfaf7",
};

// Without a glyph server MapLibre draws names with the browser's own fonts: these are CSS families.
const REGULAR = ["Helvetica Neue", "Arial", "sans-serif"];

/** From this zoom the borders of provinces are drawn, and their file is fetched. */
const PROVINCES_FROM_ZOOM = 4;

/** Layers of data are inserted before this layer, so that names stay readable above disks. */
export const FIRST_NAME_LAYER = "country-names";

export async function buildStyle() {
  const countries = await fetchJson("countries-50m.geojson");
  return {
    version: 8,
    sources: {
      countries: { type: "geojson", data: countries, tolerance: 0.2 },
      borders: { type: "geojson", data: outlines(countries), tolerance: 0.2 },
      names: { type: "geojson", data: new URL("labels.geojson", FILES).href },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": INK.sea } },
      { id: "land", type: "fill", source: "countries", paint: { "fill-color": INK.land } },
      {
        id: "borders",
        type: "line",
        source: "borders",
        layout: { "line-join": "round" },
        paint: { "line-color": INK.border, "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.5, 6, 1.4] },
      },
      countryNames(countries),
      cityNames(),
    ],
  };
}

/** Adds the borders of provinces once the map is near enough to show them: most visits never fetch that file. */
export function addProvincesWhenNear(map) {
  const add = () => {
    if (map.getZoom() < PROVINCES_FROM_ZOOM - 0.5) return;
    map.off("zoom", add);
    map.addSource("provinces", { type: "geojson", data: new URL("admin1-lines.geojson", FILES).href });
    map.addLayer({
      id: "provinces",
      type: "line",
      source: "provinces",
      minzoom: PROVINCES_FROM_ZOOM - 0.5,
      paint: { "line-color": INK.province, "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.6, 8, 1.4] },
    }, "borders");
  };
  map.on("zoom", add);
  add();
}

/**
 * The polygons' edges as lines, without those that only exist because a polygon was cut:
 * along the antimeridian (Fiji, Russia) and along the pole (Antarctica).
 */
function outlines(countries) {
  const isCut = ([lonA, latA], [lonB, latB]) => (
    (Math.abs(lonA) === 180 && lonA === lonB) || (latA <= -89 && latB <= -89)
  );
  const lines = [];
  for (const { geometry } of countries.features) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    for (const ring of polygons.flat()) {
      let line = [ring[0]];
      for (let i = 1; i < ring.length; i += 1) {
        if (isCut(ring[i - 1], ring[i])) {
          if (line.length > 1) lines.push(line);
          line = [];
        }
        line.push(ring[i]);
      }
      if (line.length > 1) lines.push(line);
    }
  }
  return { type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates: lines } };
}

/** The widest polygon of each country, in square degrees: where names compete for room, large countries win. */
function largestFirst(countries) {
  const sizes = countries.features.filter(({ properties }) => properties.iso).flatMap(({ properties, geometry }) => {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    const areas = polygons.map(([ring]) => {
      const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
      return (Math.max(...lons) - Math.min(...lons)) * (Math.max(...lats) - Math.min(...lats));
    });
    return [properties.iso, -Math.max(...areas)];
  });
  return ["match", ["get", "iso"], ...sizes, 0];
}

function countryNames(countries) {
  return {
    id: FIRST_NAME_LAYER,
    type: "symbol",
    source: "names",
    minzoom: 0.3, // on a phone's map of the world, points would cover half of each name
    // Names without an ISO code belong to places whose status is disputed: the map takes no side.
    filter: ["all", ["==", ["get", "kind"], "country"], ["!=", ["get", "iso"], ""], visibleByRank({
      2: 0, 3: 2, 4: 3, 5: 4, 6: 5, 7: 5,
    })],
    layout: {
      "text-field": ["get", "en"],
      "text-font": REGULAR,
      "text-size": ["interpolate", ["linear"], ["zoom"], 1, 11, 6, 15],
      "text-letter-spacing": 0.06,
      "text-max-width": 7,
      "symbol-sort-key": largestFirst(countries),
      "text-padding": 6,
    },
    paint: { "text-color": INK.country_name, "text-halo-color": INK.halo, "text-halo-width": 1.4 },
  };
}

function cityNames() {
  return {
    id: "city-names",
    type: "symbol",
    source: "names",
    minzoom: 4,
    filter: ["all", ["==", ["get", "kind"], "city"], visibleByRank({ 1: 4, 2: 4, 3: 5, 4: 6, 5: 6 })],
    layout: {
      "text-field": ["get", "name"],
      "text-font": REGULAR,
      "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10.5, 8, 13],
      "text-variable-anchor": ["left", "right", "top", "bottom"],
      "text-radial-offset": 0.7,
      "text-justify": "auto",
      "symbol-sort-key": ["get", "rank"],
      "text-padding": 4,
    },
    paint: { "text-color": INK.city_name, "text-halo-color": INK.halo, "text-halo-width": 1.2 },
  };
}

// Filters see whole zooms only: that of the tile.
function visibleByRank(zooms) {
  const from = ["match", ["get", "rank"], ...Object.entries(zooms).flatMap(([rank, zoom]) => [Number(rank), zoom]), 99];
  return [">=", ["zoom"], from];
}

async function fetchJson(name) {
  const response = await fetch(new URL(name, FILES));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}
