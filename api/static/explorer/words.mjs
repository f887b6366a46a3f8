/** How values of the record are put into words. */

const AREAS = {
  admin2: "district or county",
  admin1: "province or state",
  country: "country",
};

const numbers = new Intl.NumberFormat("en");

const SHORT = {
  settlement: "Town or city",
  admin2: "District only",
  admin1: "Province only",
  country: "Country only",
};

/** A code's label, or the code itself made readable. */
export function label(labels, list, code) {
  return labels[list]?.[code] ?? sentence(String(code).replaceAll("_", " "));
}

/** Labels of a list column: codes joined by semicolons. */
export function labelList(labels, list, codes) {
  return (codes ?? "").split(";").filter(Boolean).map((code) => label(labels, list, code)).join(", ");
}

export function incidents(count) {
  return `${numbers.format(count)} ${count === 1 ? "incident" : "incidents"}`;
}

/** Metres as kilometres, no more exact than it can be meant. */
export function kilometres(metres) {
  const km = metres / 1000;
  return `${numbers.format(km < 10 ? Math.round(km * 10) / 10 : Math.round(km))} km`;
}

/** What is known about the place, in a sentence a reader cannot mistake for an address. */
export function knownTo({ precision, uncertainty_m: uncertainty_m }) {
  const radius = Number.isFinite(uncertainty_m) ? kilometres(uncertainty_m) : null;
  if (precision === "settlement") {
    return `Known to the town or city${radius ? `: somewhere within about ${radius} of the point.` : "."}`;
  }
  const area = AREAS[precision] ?? "area";
  return `Known only to the ${area}${radius ? `; the point stands for an area of about ${radius} radius.` : "."}`;
}

const ORIGINS = {
  geonames: "GeoNames, CC BY 4.0",
  supplement: "gazetteer of this project, CC BY 4.0",
  osm: "OpenStreetMap contributors, ODbL 1.0",
};

/** Who says where the point is, and under which licence; null when the identifier's scheme is not known. */
export function origin({ place_id: id }) {
  const scheme = String(id ?? "").split(":", 1)[0];
  return Object.hasOwn(ORIGINS, scheme) ? `Point: ${ORIGINS[scheme]}` : null;
}

/** The same as knownTo for a table cell. */
export function knownToShort({ precision }) {
  return SHORT[precision] ?? "Area only";
}

/** "Arequipa, Peru": the place as named, and its country unless that is the place. */
export function placeName({ place, place_name: name, admin1_name: admin1, country_name: country, precision }) {
  const parts = [name || place, precision === "settlement" || precision === "admin2" ? admin1 : null, country];
  return parts.filter((part, i) => part && parts.indexOf(part) === i).join(", ");
}

const UNCERTAIN = { "?": " (date uncertain)", "~": " (date approximate)" };

/** An EDTF date for readers: 6 November 2018; November 2018; 25–27 April 2018; 2014 (date approximate). */
export function date(edtf, month = "long") {
  if (!edtf) return "Date not known";
  const ends = edtf.replace(/[?~]$/, "").split("/").map(parseDay);
  if (!ends.every(Boolean)) return edtf;
  const [first, last] = [ends[0], ends[ends.length - 1]];
  const form = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    year: "numeric",
    ...(first.parts > 1 && { month }),
    ...(first.parts > 2 && { day: "numeric" }),
  });
  const text = first === last ? form.format(first.time) : form.formatRange(first.time, last.time);
  return text + (UNCERTAIN[edtf.slice(-1)] ?? "");
}

function parseDay(text) {
  if (!/^\d{4}(-\d\d){0,2}$/.test(text)) return null;
  const [year, month = 1, day = 1] = text.split("-").map(Number);
  return { time: Date.UTC(year, month - 1, day), parts: text.split("-").length };
}

/** Least and greatest claim: "7 to 9", "at least 7", "up to 9"; null when nobody claims a number. */
export function range(low, best, high, currency) {
  const unit = currency ? `${currency} ` : "";
  const show = (value) => unit + numbers.format(value);
  const has = (value) => value !== null && value !== undefined;
  if (has(low) && has(high)) {
    if (low === high) return show(low);
    const spread = `${show(low)} to ${numbers.format(high)}`;
    return has(best) ? `${spread} (best supported: ${numbers.format(best)})` : spread;
  }
  if (has(low)) return `at least ${show(low)}`;
  if (has(high)) return `up to ${show(high)}`;
  return has(best) ? show(best) : null;
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
