/** The card over the map: one incident with its sources, or the list of incidents at one spot. */

import { address } from "./api.mjs";
import { button, el, webAddress } from "./dom.mjs";
import { swatch } from "./legend.mjs";
import { date, incidents, knownTo, label, labelList, origin, placeName, range } from "./words.mjs";

/** Claims that the flat record carries, the one readers ask for first. */
const MEASURES = [
  "children_recovered", "children_sold_alleged", "women_recovered", "arrested",
  "premises_searched", "price_per_child", "payment_to_parent", "cash_seized",
];

/** `{openRecord, openList, close}`; `onClose()` is called when the reader closes it. */
export function createCard(card, onClose) {
  const close = () => { if (!card.hidden) onClose(); };
  card.addEventListener("keydown", ({ key }) => { if (key === "Escape") close(); });

  function open(heading, ...content) {
    heading.id = "card-title";
    heading.tabIndex = -1;
    card.replaceChildren(button("×", close, { class: "close", "aria-label": "Close" }), heading, ...content);
    card.hidden = false;
    card.scrollTop = 0;
    heading.focus({ preventScroll: true });
  }

  return {
    openRecord(record, labels, { others = 0, onOthers } = {}) {
      const back = others > 0
        ? button(`${incidents(others + 1)} at this spot: show all`, onOthers, { class: "back" })
        : null;
      open(el("h2", {}, record.title || record.id), ...[back, ...describe(record, labels)].filter(Boolean));
    },
    openList(records, labels, onChoose) {
      open(el("h2", {}, `${incidents(records.length)} at this spot`), el(
        "ul",
        { class: "spot" },
        ...records.map((record) => el(
          "li",
          {},
          button(record.title || record.id, () => onChoose(record.id), { class: "title" }),
          el("span", {}, swatch(record.category), `${date(record.date_edtf)} · ${placeName(record)}`),
          record.precision === "settlement" ? null : el("span", {}, knownTo(record)),
        )),
      ));
    },
    close() {
      card.hidden = true;
      card.replaceChildren();
    },
  };
}

function describe(record, labels) {
  const text = (list, code) => (code ? label(labels, list, code) : null);
  const outcome = [text("outcome", record.outcome), record.outcome_date && date(record.outcome_date)];
  const figures = MEASURES.map((measure) => [
    label(labels, "measure", measure),
    range(...["low", "best", "high", "currency"].map((part) => record[`${measure}_${part}`])),
  ]).filter(([, claim]) => claim !== null);
  return [
    el("p", { class: "kind" }, swatch(record.category), text("category", record.category)),
    el("p", { class: "place" }, el("strong", {}, placeName(record)), knownTo(record), el("small", {}, origin(record))),
    // What became of it comes before what was alleged.
    facts([
      ["Redacted", record.redacted && `${date(record.redacted)}: ${text("redaction", record.redaction_reason)}`],
      ["Date", date(record.date_edtf)],
      ["Latest known outcome", outcome.filter(Boolean).join(", ")],
      ["Verification", text("verification", record.verification)],
      ["Confidence", text("confidence", record.confidence)],
    ]),
    record.summary ? el("p", { class: "summary" }, record.summary) : null,
    facts([
      ["Note on the date", record.date_note],
      ["Methods reported", labelList(labels, "method", record.methods)],
      ["Purposes suspected", labelList(labels, "purpose", record.purposes)],
    ]),
    figures.length > 0 ? el("h3", {}, "Figures, as claimed") : null,
    facts(figures),
    ...sources(record),
    links(record),
  ];
}

function facts(pairs) {
  const known = pairs.filter(([, value]) => value);
  if (known.length === 0) return null;
  return el("dl", {}, ...known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function sources(record) {
  // Addresses are joined by semicolons, and an address may hold one: split only where the next begins.
  const listed = (record.source_urls ?? "").split(/;(?=https?:)/i).map(webAddress).filter(Boolean);
  const unlisted = (record.source_count ?? 0) - listed.length;
  if (listed.length === 0 && unlisted <= 0) return [];
  return [
    el("h3", {}, "Sources"),
    el(
      "ul",
      { class: "sources" },
      ...listed.map((url) => el("li", {}, el(
        "a",
        { href: url.href, rel: "noopener noreferrer nofollow", title: url.href },
        url.host.replace(/^www\./, ""),
        el("span", {}, shortPath(url)),
      ))),
      unlisted > 0 ? el("li", {}, `${unlisted} more without a public address`) : null,
    ),
  ];
}

/** Enough of the path to tell two articles of one publisher apart. */
function shortPath({ pathname }) {
  return pathname.length > 34 ? `${pathname.slice(0, 33)}…` : pathname.replace(/\/$/, "");
}

function links({ id }) {
  const path = `v1/incidents/${encodeURIComponent(id)}`;
  return el(
    "p",
    { class: "links" },
    el("a", { href: address(path) }, `Record ${id}`),
    el("a", { href: address(`${path}.geojson`), download: `${id}.geojson` }, "Download GeoJSON"),
  );
}
