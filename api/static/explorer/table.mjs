/** The table twin of the map: the same incidents page by page, in the order of the API. */

import { asQuery } from "./address.mjs";
import { fetchJson } from "./api.mjs";
import { button, el } from "./dom.mjs";
import { swatch } from "./legend.mjs";
import { date, incidents, knownToShort, label, placeName } from "./words.mjs";

const PAGE = "50";

/**
 * `{show, mark, clear}`; `onChoose(id)` is called for a row that was clicked or activated by key, `onLoad(meta)` after
 * each page, `onFail(error)` when one could not be had.
 */
export function createTable(section, { onChoose, onLoad, onFail }) {
  const table = section.querySelector("table");
  const more = section.querySelector("#more");
  const caption = section.querySelector("#rows");
  const body = table.tBodies[0];
  let labels = {};
  let filter = {};
  let known = null;
  let cursor = null;
  let order = { key: "date_start", descending: true }; // the API's own
  let chosen = "";
  let request = new AbortController();

  for (const heading of table.querySelectorAll("th[data-key]")) {
    const { key } = heading.dataset;
    heading.replaceChildren(button(heading.textContent, () => {
      order = { key, descending: order.key === key && !order.descending };
      load();
    }));
  }
  body.addEventListener("click", ({ target }) => {
    const isSelectingText = !target.closest("button") && window.getSelection().toString() !== "";
    const chosenRow = target.closest("tr[data-id]");
    if (chosenRow && !isSelectingText) onChoose(chosenRow.dataset.id);
  });
  more.addEventListener("click", () => load({ isFurther: true }));

  async function load({ isFurther = false } = {}) {
    request.abort();
    request = new AbortController();
    const { signal } = request;
    const sort = `${order.descending ? "-" : ""}${order.key}`;
    const query = asQuery({ ...filter, sort, limit: PAGE, cursor: isFurther ? cursor : null });
    section.setAttribute("aria-busy", "true");
    try {
      const { data, meta } = await fetchJson(`v1/incidents${query}`, signal);
      if (!isFurther) body.replaceChildren();
      append(data, meta);
      onLoad(meta);
    } catch (error) {
      if (signal.aborted) return;
      if (!isFurther) clear();
      onFail(error);
    }
    section.setAttribute("aria-busy", "false");
  }

  function append(data, meta) {
    const { length } = body.rows;
    body.append(...data.map((record) => row(record, labels)));
    cursor = meta.next_cursor;
    const isFocused = document.activeElement === more;
    more.hidden = cursor === null;
    // A button that goes away, or stays behind below, would lose the keyboard's place.
    if (isFocused) body.rows[length]?.querySelector("button").focus();
    const total = known ?? meta.total;
    const of = `${known === null && meta.total_is_lower_bound ? "more than " : ""}${incidents(total)}`;
    caption.textContent = body.rows.length === total ? `${of}.` : `First ${body.rows.length} of ${of}.`;
    for (const heading of table.querySelectorAll("th[data-key]")) {
      if (heading.dataset.key !== order.key) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    }
    mark(chosen);
  }

  function mark(id) {
    chosen = id;
    for (const shown of body.rows) {
      if (shown.dataset.id === id) shown.setAttribute("aria-current", "true");
      else shown.removeAttribute("aria-current");
    }
  }

  function clear() {
    request.abort();
    cursor = null;
    body.replaceChildren();
    more.hidden = true;
    caption.textContent = "";
  }

  return {
    mark,
    clear,
    /** `total` is how many incidents there are, null if that is not known yet. */
    show(newFilter, newLabels, total) {
      filter = newFilter;
      known = total;
      labels = newLabels;
      return load();
    },
  };
}

/** Roles are spelt out because narrow screens lay rows out as blocks, which would take them away. */
function row(record, labels) {
  return el(
    "tr",
    { "data-id": record.id, role: "row" },
    el("td", { class: "when", role: "cell" }, date(record.date_edtf, "short")),
    el(
      "th",
      { scope: "row", role: "rowheader" },
      el("button", { type: "button", class: "title" }, record.title || record.id),
      el("span", { class: "where" }, placeName(record)),
    ),
    el("td", { role: "cell" }, swatch(record.category), label(labels, "category", record.category)),
    el("td", { role: "cell" }, knownToShort(record)),
  );
}
