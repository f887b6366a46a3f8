/** The filter form: country, category, years. */

import { hasFilters } from "./address.mjs";
import { categoryOptions, countryOptions, years } from "./facets.mjs";
import { el } from "./dom.mjs";

const NAMES = ["country", "category", "from", "to"];

/** `{show}`; `onChange(filters)` gets the new values of all four filters. */
export function createFilters(form, onChange) {
  const selects = Object.fromEntries(NAMES.map((name) => [name, form.elements[name]]));
  const clear = form.querySelector("[data-clear]");

  form.addEventListener("change", ({ target }) => {
    const values = Object.fromEntries(NAMES.map((name) => [name, selects[name].value]));
    // A span that ends before it begins would be refused: the end last touched wins.
    if (values.from && values.to && values.from > values.to) {
      if (target.name === "from") values.to = values.from;
      else values.from = values.to;
    }
    onChange(values);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    onChange(Object.fromEntries(NAMES.map((name) => [name, ""])));
    selects.country.focus(); // the button goes away: keep the keyboard's place
  });

  return {
    /** Fills the choices from all incidents, counted under the other filters. */
    show(records, state, labelOf) {
      fill(selects.country, "All countries", countryOptions(records, state), state.country);
      fill(selects.category, "All categories", categoryOptions(records, state, labelOf), state.category);
      const known = years(records).map((year) => ({ value: year, label: year }));
      fill(selects.from, "Any", known, state.from);
      fill(selects.to, "Any", known, state.to);
      clear.hidden = !hasFilters(state);
    },
  };
}

function fill(select, all, options, value) {
  const offered = [{ value: "", label: all }, ...options];
  // An address may ask for several at once, or for one that has no incident: show that it does.
  if (!offered.some((option) => option.value === value)) {
    offered.push({ value, label: value.replaceAll("_", " ").replaceAll(",", ", ") });
  }
  select.replaceChildren(...offered.map((option) => el(
    "option",
    { value: option.value },
    option.count === undefined ? option.label : `${option.label} (${option.count})`,
  )));
  select.value = value;
}
