/** The page's address: the API's own filters and the open record in the query, the map's view in the hash. */

/** What the API ignores too; everything else is a filter, and the API says so when it is none. */
const IGNORED = /^(_|utm_.*|fbclid|gclid)$/;

/** `{filter, incident}`: parameters of the API by name, and the record that is open or "". */
export function readState(search) {
  const filter = Object.create(null);
  let incident = "";
  for (const [name, value] of new URLSearchParams(search)) {
    const text = value.trim();
    if (!text || IGNORED.test(name)) continue;
    if (name === "incident") incident = text.toUpperCase();
    else filter[name] = name in filter ? `${filter[name]},${text}` : text;
  }
  return { filter, incident };
}

/** `?country=PE&datetime=2013/2018`, or an empty string. */
export function writeState({ filter, incident }) {
  return asQuery({ ...filter, incident });
}

/** Parameters as a query; those without a value are left out. */
export function asQuery(parameters) {
  const kept = Object.entries(parameters).filter(([, value]) => value);
  // Commas, colons and slashes are legal in a query: left as they are, people can read and edit the address.
  const text = new URLSearchParams(kept).toString()
    .replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

/** The same parameters without some. */
export function without(filter, ...names) {
  return Object.fromEntries(Object.entries(filter).filter(([name]) => !names.includes(name)));
}

/** First and last year that `datetime` reaches, "" where it is open; finer intervals are widened to their years. */
export function readYears(datetime = "") {
  const ends = datetime.split("/");
  const [from, to] = [ends[0], ends[ends.length - 1]].map((end) => end.match(/^\d{4}/)?.[0] ?? "");
  return { from, to };
}

export function writeYears({ from, to }) {
  if (from === to) return from;
  return `${from || ".."}/${to || ".."}`;
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
