/** One record in words: place, what became of it, what is claimed, and who says so. */

import { address } from "./api.mjs";
import { el, webAddress } from "./dom.mjs";
import { swatch } from "./legend.mjs";
import { date, knownTo, label, origin, placeName, range } from "./words.mjs";

/** The claims that readers ask for first; the record's own address has them all. */
const MEASURES = [
  "children_recovered", "children_sold_alleged", "women_recovered", "arrested", "convicted",
  "premises_searched", "price_per_child", "payment_to_parent", "cash_seized",
];

/** The place of a record from `/v1/incidents/{id}`, under the names of the flat columns. */
export function placeOf({ place }) {
  return { ...place, place: place.text, place_name: place.name, place_id: place.gazetteer_id };
}

export function titleOf({ id, title }) {
  return title?.en || id;
}

/** Nodes for a card. */
export function describe(record, labels) {
  const place = placeOf(record);
  const text = (list, code) => (code ? label(labels, list, code) : null);
  const several = (list, codes) => codes.map((code) => text(list, code)).join(", ");
  const { redaction } = record;
  const figures = MEASURES.map((measure) => [text("measure", measure), claims(record, measure, labels)]);
  return [
    el("p", { class: "kind" }, swatch(record.category), text("category", record.category)),
    el("p", { class: "place" }, el("strong", {}, placeName(place)), knownTo(place), el("small", {}, origin(place))),
    // What became of it comes before what was alleged.
    facts([
      ["Redacted", redaction && `${date(redaction.date)}: ${text("redaction", redaction.reason)}`],
      ["Date", date(record.date.edtf)],
      ["Latest known outcome", outcome(record, labels)],
      ["Verification", text("verification", record.verification)],
      ["Confidence", text("confidence", record.confidence)],
    ]),
    record.summary?.en ? el("p", { class: "summary" }, record.summary.en) : null,
    facts([
      ["Note on the date", record.date.note?.en],
      ["Methods reported", several("method", record.methods)],
      ["Purposes suspected", several("purpose", record.purposes)],
    ]),
    figures.some(([, claimed]) => claimed) ? el("h3", {}, "Figures, as claimed") : null,
    facts(figures),
    ...sources(record),
    links(record),
  ];
}

function outcome({ outcome: latest, outcomes }, labels) {
  if (!latest) return null;
  const days = outcomes.filter(({ status }) => status === latest).map(({ as_of: day }) => day).sort();
  return [label(labels, "outcome", latest), days.length > 0 && date(days.at(-1))].filter(Boolean).join(", ");
}

/** Every claim of a measure, each with who said it; null when there is none. */
function claims({ figures }, measure, labels) {
  const found = figures.filter((figure) => figure.measure === measure).map(({ low, best, high, ...claim }) => (
    el("li", {}, claimed(low, best, high, claim.currency), el("small", {}, ` ${label(labels, "speaker", claim.said_by)}`))
  ));
  return found.length > 0 ? el("ul", { class: "claims" }, ...found) : null;
}

function claimed(low, best, high, currency) {
  return range(low, low === null && high === null ? best : null, high, currency) ?? range(best, best, best, currency);
}

function facts(pairs) {
  const known = pairs.filter(([, value]) => value);
  if (known.length === 0) return null;
  return el("dl", {}, ...known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function sources({ sources: cited }) {
  if (cited.length === 0) return [];
  const items = cited.map((source) => {
    const url = webAddress(source.url);
    const words = source.title || source.description?.en || url?.host || source.id;
    return el(
      "li",
      {},
      url ? el("a", { href: url.href, rel: "noopener noreferrer nofollow", title: url.href }, words) : words,
      el("span", {}, [source.publisher, source.published && date(source.published)].filter(Boolean).join(", ")),
    );
  });
  return [el("h3", {}, "Sources"), el("ul", { class: "sources" }, ...items)];
}

function links({ id }) {
  const path = `v1/incidents/${encodeURIComponent(id)}`;
  return el(
    "p",
    { class: "links" },
    el("a", { href: address(path) }, `Record ${id}`),
    el("a", { href: address(`${path}/history`) }, "Its versions"),
    el("a", { href: address(`${path}.geojson`), download: `${id}.geojson` }, "Download GeoJSON"),
  );
}
