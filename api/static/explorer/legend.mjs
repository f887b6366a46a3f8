/** The legend: what is on the map, and how many incidents of each kind the filters leave. */

import { el } from "./dom.mjs";
import { colour } from "./palette.mjs";

/** A dot in the colour of a category; the words beside it carry the meaning. */
export function swatch(category) {
  const dot = el("span", { class: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = colour(category);
  return dot;
}

/** Categories and precisions are `[{value, label, count}]`; those without an incident are left out. */
export function renderLegend(list, { categories, precisions }) {
  const areas = precisions.filter(({ value }) => value !== "settlement");
  const inAreas = areas.reduce((sum, { count }) => sum + count, 0);
  list.replaceChildren(
    ...categories.filter(({ count }) => count > 0).map(({ value, label, count }) => entry(swatch(value), label, count)),
    entry(sign("several", "9"), "Several incidents, near each other"),
    ...(inAreas > 0 ? [entry(sign("disk"), "Place known only to this area", inAreas)] : []),
  );
}

function entry(mark, label, count) {
  return el("li", {}, mark, label, count === undefined ? null : el("b", {}, count.toLocaleString("en")));
}

function sign(kind, text = "") {
  return el("span", { class: `swatch ${kind}`, "aria-hidden": "true" }, text);
}
