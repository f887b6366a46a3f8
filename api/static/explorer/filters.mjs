/** The filter form: country, category, precision, years; and what else the address asks for. */

import { readYears, without, writeYears } from "./address.mjs";
import { button, el } from "./dom.mjs";

const LISTS = ["country", "category", "precision"];
const YEARS = ["from", "to"];

/** `{show}`; `onChange(filter)` gets the new filter. */
export function createFilters(form, onChange) {
  const selects = Object.fromEntries([...LISTS, ...YEARS].map((name) => [name, form.elements[name]]));
  const further = form.querySelector("[data-further]");
  const clear = form.querySelector("[data-clear]");
  let filter = {};

  form.addEventListener("change", ({ target: { name, value } }) => {
    if (LISTS.includes(name)) {
      onChange({ ...without(filter, name), ...(value && { [name]: value }) });
      return;
    }
    const years = { from: selects.from.value, to: selects.to.value };
    // A span that ends before it begins would be refused: the end last touched wins.
    if (years.from && years.to && years.from > years.to) years[name === "from" ? "to" : "from"] = value;
    const isOpen = !years.from && !years.to;
    onChange({ ...without(filter, "datetime"), ...(!isOpen && { datetime: writeYears(years) }) });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    onChange({});
    selects.country.focus(); // the button goes away: keep the keyboard's place
  });

  return {
    /** Shows a filter, before anything is known of what it selects. */
    show(newFilter) {
      filter = newFilter;
      const others = Object.entries(without(filter, ...LISTS, "datetime"));
      further.replaceChildren(...others.map(([name, value]) => el(
        "li",
        {},
        el("span", {}, `${name}: ${value}`),
        button("×", () => onChange(without(filter, name)), { "aria-label": `Remove ${name}` }),
      )));
      further.hidden = others.length === 0;
      clear.hidden = Object.keys(filter).length === 0;
    },
    /** Fills the choices, counted under the other filters. */
    fill({ countries, categories, precisions, years }) {
      fill(selects.country, "All countries", countries, filter.country?.toUpperCase());
      fill(selects.category, "All categories", categories, filter.category?.toLowerCase());
      fill(selects.precision, "Anything", precisions, filter.precision?.toLowerCase());
      const known = years.filter(({ value }) => value !== null).map(({ value }) => value);
      const span = known.length > 0 ? Math.max(...known) - Math.min(...known) + 1 : 0;
      const all = Array.from({ length: span }, (_, i) => ({ value: String(Math.min(...known) + i) }));
      const { from, to } = readYears(filter.datetime);
      fill(selects.from, "Any", all, from);
      fill(selects.to, "Any", all, to);
    },
  };
}

function fill(select, all, options, value = "") {
  const offered = [{ value: "", label: all }, ...options];
  // An address may ask for several at once, or for one that has no incident: show that it does.
  if (!offered.some((option) => option.value === value)) {
    offered.push({ value, label: value.replaceAll("_", " ").replaceAll(",", ", ") });
  }
  select.replaceChildren(...offered.map(({ value: code, label = code, count }) => el(
    "option",
    { value: code },
    count === undefined ? label : `${label} (${count.toLocaleString("en")})`,
  )));
  select.value = value;
}
