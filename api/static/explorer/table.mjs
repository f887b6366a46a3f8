/** The table twin of the map: the same incidents, in rows that can be sorted and chosen. */

import { button, el } from "./dom.mjs";
import { swatch } from "./legend.mjs";
import { date, knownToShort, label, placeName } from "./words.mjs";

/** Rows added at a time: tens of thousands at once would freeze a phone. */
const CHUNK = 500;

const KEYS = {
  date: (record) => record.date_start ?? "",
  title: (record) => record.title ?? "",
  category: (record) => record.category ?? "",
  precision: (record) => record.uncertainty_m ?? Infinity,
};

/** `{show, mark}`; `onChoose(id)` is called for a row that was clicked or activated by key. */
export function createTable(table, more, onChoose) {
  const body = table.tBodies[0];
  let labels = {};
  let records = [];
  let order = { key: null, descending: false };
  let chosen = "";

  for (const heading of table.querySelectorAll("th[data-key]")) {
    const { key } = heading.dataset;
    const name = heading.textContent;
    heading.replaceChildren(button(name, () => {
      order = { key, descending: order.key === key && !order.descending };
      render();
    }));
  }
  body.addEventListener("click", ({ target }) => {
    const isSelectingText = !target.closest("button") && window.getSelection().toString() !== "";
    const chosenRow = target.closest("tr[data-id]");
    if (chosenRow && !isSelectingText) onChoose(chosenRow.dataset.id);
  });
  more.addEventListener("click", () => append(body.rows.length));

  function sorted() {
    const keyOf = KEYS[order.key];
    if (!keyOf) return records;
    const sign = order.descending ? -1 : 1;
    return [...records].sort((a, b) => sign * compare(keyOf(a), keyOf(b)));
  }

  function append(from) {
    body.append(...sorted().slice(from, from + CHUNK).map((record) => row(record, labels)));
    more.hidden = body.rows.length >= records.length;
    mark(chosen);
  }

  function render() {
    for (const heading of table.querySelectorAll("th[data-key]")) {
      if (heading.dataset.key !== order.key) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    }
    body.replaceChildren();
    append(0);
  }

  function mark(id) {
    chosen = id;
    for (const shown of body.rows) {
      if (shown.dataset.id === id) shown.setAttribute("aria-current", "true");
      else shown.removeAttribute("aria-current");
    }
  }

  return {
    mark,
    show(newRecords, newLabels) {
      records = newRecords;
      labels = newLabels;
      render();
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

function compare(a, b) {
  if (typeof a === "number") return a - b;
  return a.localeCompare(b, "en");
}
