/** One colour a category: Paul Tol's "muted" scheme, made to be told apart by colour-blind readers. */

// Beside each its darker twin for outlines of areas: 3:1 against land and sea, which the lighter hues are not.
const COLOURS = {
  infant_sale_ring: ["#332288", "#332288"],
  baby_factory: ["#882255", "#882255"],
  online_sale: ["#44aa99", "#1f786a"],
  individual_sale: ["#ddcc77", "#7d6c14"],
  illegal_adoption: ["#88ccee", "#24739b"],
  abduction: ["#cc6677", "#a23d50"],
  hospital_diversion: ["#117733", "#117733"],
  smuggling: ["#999933", "#66661a"],
  other: ["#aa4499", "#8c2f7d"],
};

/** Several categories at one place, or one this page does not know yet. */
const NEUTRAL = ["#5f6970", "#5f6970"];

/** Every category with colours of its own, and "" for the neutral ones. */
export const CATEGORIES = [...Object.keys(COLOURS), ""];

export function colour(category) {
  return (Object.hasOwn(COLOURS, category) ? COLOURS[category] : NEUTRAL)[0];
}

export function lineColour(category) {
  return (Object.hasOwn(COLOURS, category) ? COLOURS[category] : NEUTRAL)[1];
}

/** A choice by category as a MapLibre expression. */
export function byCategory(valueOf) {
  const choices = Object.keys(COLOURS).flatMap((category) => [category, valueOf(category)]);
  return ["match", ["get", "category"], ...choices, valueOf("")];
}
