/** What the page asks about a filter: its tiles, its size, and how it divides. */

import { asQuery, without } from "./address.mjs";
import { address, fetchJson } from "./api.mjs";

/**
 * `{pinned, total, tiles, bounds, countries, categories, precisions, years}`.
 *
 * `pinned` is the filter with the release that answered: whatever else is asked with it fits what is on the map. Each of
 * the groups is `[{value, label, count}]`, counted as if its own filter were open and the others were not; a missing
 * value is null.
 */
export async function ask(filter, signal) {
  const about = await fetchJson(`v1/tiles.json${asQuery(filter)}`, signal);
  const pinned = { ...filter, release: String(about.release) };
  const [countries, categories, precisions, years] = await Promise.all([
    count(without(pinned, "country"), "country", signal),
    count(without(pinned, "category"), "category", signal),
    count(without(pinned, "precision"), "precision", signal),
    count(without(pinned, "datetime"), "year", signal),
  ]);
  return {
    pinned,
    total: about.incidents,
    tiles: tilesFrom(about.tiles[0]),
    bounds: about.bounds,
    countries: byLabel(countries),
    categories: byLabel(categories),
    precisions,
    years,
  };
}

async function count(filter, by, signal) {
  const { data } = await fetchJson(`v1/incidents/stats${asQuery({ ...filter, by })}`, signal);
  return data.map((row) => ({
    value: row[by],
    label: row[`${by}_name`] ?? row[`${by}_label`] ?? String(row[by] ?? "not known"),
    count: row.incidents,
  }));
}

function byLabel(groups) {
  return groups.sort((a, b) => a.label.localeCompare(b.label, "en"));
}

/** The API's template, served from where this page is: the same query, relative like everything else. */
function tilesFrom(template) {
  return `${address("v1/tiles/")}{z}/{x}/{y}.mvt?${template.split("?")[1]}`;
}
