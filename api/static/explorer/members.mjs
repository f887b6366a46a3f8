/** Lists in the card: the incidents of one feature of the map, or several areas to choose from. */

import { asQuery } from "./address.mjs";
import { address, fetchJson, inWords } from "./api.mjs";
import { button, el } from "./dom.mjs";
import { swatch } from "./legend.mjs";
import { date, incidents, knownTo, knownToShort, placeName } from "./words.mjs";

const PAGE = "20";

/**
 * The parameters that ask for the incidents of a feature: the map's filter with the feature's own in the place of those
 * of the same name. Null where no parameters do.
 */
export function membersOf(feature, pinned) {
  const own = feature.id ? { ids: feature.id } : Object.fromEntries(new URLSearchParams(feature.members ?? ""));
  return Object.keys(own).length > 0 ? { ...pinned, ...own } : null;
}

/** The first page of a feature's incidents: `{title, content}` for the card. */
export async function listMembers(feature, filter, onChoose, signal) {
  const { data, meta } = await fetchJson(`v1/incidents${asQuery({ ...filter, limit: PAGE })}`, signal);
  const list = el("ul", { class: "spot" }, ...data.map((record) => entry(record, onChoose)));
  const said = el("p", { class: "said", role: "status" });
  let cursor = meta.next_cursor;
  const more = button("Show more", async () => {
    more.disabled = true;
    try {
      const next = await fetchJson(`v1/incidents${asQuery({ ...filter, limit: PAGE, cursor })}`, signal);
      const added = next.data.map((record) => entry(record, onChoose));
      list.append(...added);
      cursor = next.meta.next_cursor;
      more.hidden = cursor === null;
      said.textContent = "";
      added[0]?.querySelector("button").focus();
    } catch (error) {
      if (!signal.aborted) said.textContent = inWords(error);
    }
    more.disabled = false;
  });
  more.hidden = cursor === null;
  return {
    title: titleOf(feature, data[0]),
    content: [
      feature.precision === "settlement" ? null : el("p", { class: "place" }, knownTo(feature)),
      list,
      more,
      said,
      el("p", { class: "links" }, el("a", { href: address(`v1/incidents${asQuery(filter)}`) }, "These in the API")),
    ],
  };
}

/** Areas that lie on each other, as buttons, small before large. */
export function listAreas(areas, onChoose) {
  return el("ul", { class: "spot" }, ...areas.map((area) => el(
    "li",
    {},
    button(incidents(area.incidents), () => onChoose(area), { class: "title" }),
    el("span", {}, knownTo(area)),
  )));
}

function titleOf({ incidents: count, places, precision }, first) {
  if (places > 1 || !first) return `${incidents(count)} near each other`;
  return `${incidents(count)} ${precision === "settlement" ? "in" : "known only to"} ${placeName(first)}`;
}

function entry(record, onChoose) {
  return el(
    "li",
    {},
    button(record.title || record.id, () => onChoose(record.id), { class: "title" }),
    el("span", {}, swatch(record.category), `${date(record.date_edtf)} · ${placeName(record)}`),
    record.precision === "settlement" ? null : el("span", {}, knownToShort(record)),
  );
}
