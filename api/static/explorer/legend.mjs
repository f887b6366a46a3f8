/** The legend: the categories that are on the map now, and what a disk means. */

import { el } from "./dom.mjs";
import { colour } from "./palette.mjs";

/** A dot in the colour of a category; the words beside it carry the meaning. */
export function swatch(category) {
  const dot = el("span", { class: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = colour(category);
  return dot;
}

export function renderLegend(list, categories, hasAreas) {
  list.replaceChildren(
    ...categories.map(({ value, label }) => el("li", {}, swatch(value), label)),
    ...(hasAreas
      ? [el("li", {}, el("span", { class: "swatch disk", "aria-hidden": "true" }), "Place known only to this area")]
      : []),
  );
}
