/** The page's address: filters and selected record in the query, the map's view in the hash. */

/** What the page shows when its address says nothing. `from` and `to` are years. */
export const NOTHING = Object.freeze({ country: "", category: "", from: "", to: "", incident: "" });

const SHAPES = {
  country: /^[A-Z]{2}(,[A-Z]{2})*$/,
  category: /^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$/,
  from: /^\d{4}$/,
  to: /^\d{4}$/,
  incident: /^[A-Z]{2}-\d{4}-\d{4,}$/,
};

/** The state that an address asks for; what is malformed is ignored, so old or mistyped links still open. */
export function readState(search) {
  const parameters = new URLSearchParams(search);
  const state = { ...NOTHING };
  for (const [name, shape] of Object.entries(SHAPES)) {
    const text = parameters.getAll(name).join(",").trim();
    const value = name === "country" || name === "incident" ? text.toUpperCase() : text;
    if (shape.test(value)) state[name] = value;
  }
  return state;
}

/** `?country=PE&from=2013`, or an empty string. */
export function writeState(state) {
  return asQuery(Object.keys(SHAPES).map((name) => [name, state[name]]));
}

/** The same selection in the words of the API. */
export function apiQuery({ country, category, from, to }) {
  const interval = from || to ? `${from ? `${from}-01-01` : ".."}/${to ? `${to}-12-31` : ".."}` : "";
  return asQuery([["country", country], ["category", category], ["datetime", interval]]);
}

export function hasFilters(state) {
  return apiQuery(state) !== "";
}

/** `#zoom/lat/lon` as `{zoom, lat, lon}`, or null. */
export function readView(hash) {
  const parts = hash.replace(/^#/, "").split("/").map(Number);
  if (parts.length !== 3 || parts.some((part) => !Number.isFinite(part))) return null;
  const [zoom, lat, lon] = parts;
  if (zoom < 0 || zoom > 24 || Math.abs(lat) > 90 || Math.abs(lon) > 540) return null;
  return { zoom, lat, lon };
}

export function writeView({ zoom, lat, lon }) {
  return `#${zoom.toFixed(2)}/${lat.toFixed(3)}/${lon.toFixed(3)}`;
}

function asQuery(pairs) {
  const kept = pairs.filter(([, value]) => value);
  // Commas and slashes are legal in a query: left as they are, people can read and edit the address.
  const text = new URLSearchParams(kept).toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
  return text ? `?${text}` : "";
}
