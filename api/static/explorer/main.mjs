/** The explorer page: one state, kept in the address; everything shown follows from it. */

import { asQuery, readState, readView, without, writeState, writeView, writeYears } from "./address.mjs";
import { address, fetchJson, fetchLabels, inWords } from "./api.mjs";
import { createCard } from "./card.mjs";
import { createChart } from "./chart.mjs";
import { createDownloads } from "./downloads.mjs";
import { button, el } from "./dom.mjs";
import { createFilters } from "./filters.mjs";
import { renderLegend } from "./legend.mjs";
import { listAreas, listMembers, membersOf } from "./members.mjs";
import { ask } from "./question.mjs";
import { describe, placeOf, titleOf } from "./record.mjs";
import { createTable } from "./table.mjs";
import { incidents } from "./words.mjs";

const byId = (id) => document.getElementById(id);
const REST_MS = 300;

const page = Object.fromEntries([
  "map", "card", "legend", "legend-list", "status", "said", "records", "empty", "failure", "failure-reason", "suggestion",
  "loading", "no-map", "years", "in-view", "in-view-box",
].map((id) => [id, byId(id)]));

let state = readState(window.location.search);
let labels = {};
// Labels are a courtesy: after this long the incidents are shown with their codes.
const labelsReady = Promise.race([fetchLabels(), new Promise((resolve) => { setTimeout(resolve, 4000, {}); })]);
let question = null; // what the API said about the filter that is shown
let map = null;
let asking = new AbortController(); // the question
let opening = new AbortController(); // what the card waits for
let opener = null; // what had the focus before the card took it
let back = null; // returns to the list that the open record was chosen from
let resting = 0;

const table = createTable(page.records, { onChoose: (id) => choose(id), onLoad: showRows, onFail: showFailure });
const filters = createFilters(byId("filters"), (filter) => go({ filter, incident: "" }));
const downloads = createDownloads(byId("downloads"), (said) => { page.said.textContent = said; });
const card = createCard(page.card, () => choose(""));
const chart = createChart(page.years, ({ from, to }) => {
  const isOpen = !from && !to;
  const filter = { ...without(state.filter, "datetime"), ...(!isOpen && { datetime: writeYears({ from, to }) }) };
  go({ filter, incident: "" }, { staysInView: true });
});

/** Moves to another state and remembers it, so that the back button returns. */
function go(next, { staysInView = false } = {}) {
  const isKept = staysInView || asQuery(next.filter) === asQuery(state.filter);
  const view = isKept && map ? writeView(map.view()) : "";
  window.history.pushState(null, "", window.location.pathname + writeState(next) + view);
  follow(next);
}

/** Shows a state: asks when the filters differ, else only opens or closes the record. */
function follow(next) {
  const previous = state;
  state = next;
  if (question === null || asQuery(previous.filter) !== asQuery(next.filter)) return load();
  return showChosen();
}

function choose(id, returning = null) {
  back = returning;
  if (id !== state.incident) go({ ...state, incident: id });
  else showChosen();
}

async function load() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  page.records.setAttribute("aria-busy", "true");
  page.loading.hidden = false;
  page.failure.hidden = true;
  filters.show(state.filter);
  downloads.show(state.filter);
  for (const link of document.querySelectorAll("[data-use]")) link.href = address(`use${asQuery(state.filter)}`);
  try {
    [question, labels] = await Promise.all([ask(state.filter, signal), labelsReady]);
  } catch (error) {
    if (!signal.aborted) showFailure(error);
    return;
  }
  filters.fill(question);
  chart.show(question.years, state.filter.datetime);
  page.status.textContent = incidents(question.total);
  page.empty.hidden = question.total > 0;
  page.records.classList.toggle("is-empty", question.total === 0);
  page.legend.hidden = question.total === 0;
  renderLegend(page["legend-list"], { categories: chosenOf("category"), precisions: chosenOf("precision") });
  downloads.size(question.total);
  drawMap();
  showChosen();
  table.clear(); // rows of an earlier selection under this one's count would mislead
  showTable();
}

/** The groups of a list that the filter leaves. */
function chosenOf(name) {
  const groups = { category: question.categories, precision: question.precisions }[name];
  const codes = state.filter[name]?.toLowerCase().split(",");
  return codes ? groups.filter(({ value }) => codes.includes(value)) : groups;
}

function showTable() {
  page["in-view"].hidden = map === null || "bbox" in state.filter;
  const isNarrowed = page["in-view-box"].checked && !page["in-view"].hidden;
  if (isNarrowed) table.show({ ...question.pinned, bbox: map.box() }, labels, null);
  else table.show(question.pinned, labels, question.total);
}

function showRows() {
  page.loading.hidden = true;
  page.failure.hidden = true;
}

function showFailure(error) {
  page.records.setAttribute("aria-busy", "false");
  page.loading.hidden = true;
  page["failure-reason"].textContent = inWords(error);
  const { suggestion = "" } = error;
  page.suggestion.hidden = suggestion === "";
  page.suggestion.querySelector("a").href = window.location.pathname + suggestion;
  page.suggestion.querySelector("a").textContent = suggestion;
  page.failure.hidden = false;
  page.empty.hidden = true;
  page.status.textContent = "Nothing to show";
  question = null;
  table.clear();
  page.legend.hidden = true;
  page.years.hidden = true;
  map?.show(null);
}

function drawMap() {
  if (!map || question === null) return;
  const categories = chosenOf("category").filter(({ count }) => count > 0);
  map.show(question.tiles, categories.length === 1 ? categories[0].value : "");
  const view = readView(window.location.hash);
  if (view) map.goTo(view);
  else if (question.total > 0) map.fit(question.bounds);
}

async function showChosen() {
  const { incident } = state;
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  table.mark(incident);
  if (!incident) {
    const hadFocus = page.card.contains(document.activeElement);
    card.close();
    if (hadFocus) opener?.focus({ preventScroll: true });
    map?.choose(null, 0);
    return;
  }
  rememberOpener();
  const { release } = question?.pinned ?? state.filter;
  try {
    const { data } = await fetchJson(`v1/incidents/${encodeURIComponent(incident)}${asQuery({ release })}`, signal);
    const returning = back ? button("‹ Back to the list", back, { class: "back" }) : null;
    card.open(titleOf(data), returning, ...describe(data, labels));
    map?.choose(placeOf(data), cardWidth());
  } catch (error) {
    if (!signal.aborted) card.open(incident, el("p", {}, inWords(error)));
  }
}

/** What lies under a click: one opens, what larger zooms tell apart is zoomed to, the rest is listed. */
function pick(features) {
  if (features.length > 1) {
    rememberOpener();
    card.open("Several areas lie here", listAreas(features, (area) => openFeature(area)));
  } else if (features.length === 1) openFeature(features[0]);
  else if (!page.card.hidden) choose("");
}

async function openFeature(feature) {
  if (feature.id) {
    choose(feature.id);
    return;
  }
  if (feature.places > 1 && map.canZoom()) {
    map.zoomTo(feature);
    return;
  }
  const members = membersOf(feature, question.pinned);
  rememberOpener();
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  const reopen = () => openFeature(feature);
  try {
    if (members === null) throw new Error("No parameters ask for exactly these. The table has them among the others.");
    const { title, content } = await listMembers(feature, members, (id) => choose(id, reopen), signal);
    card.open(title, ...content);
    map.choose(feature.places > 1 ? null : feature, cardWidth());
  } catch (error) {
    if (!signal.aborted) card.open(incidents(feature.incidents), el("p", {}, inWords(error)));
  }
}

function rememberOpener() {
  if (!page.card.contains(document.activeElement)) opener = document.activeElement;
}

/** How much of the map the card covers from the left; on narrow screens it lies below instead. */
function cardWidth() {
  const { offsetWidth: width } = page.card;
  return width < page.map.clientWidth * 0.7 ? width : 0;
}

async function startMap() {
  try {
    // Loaded apart from the rest: the table must not wait for a megabyte of map, nor fail with it.
    const { createMap } = await import("./map.mjs");
    map = await createMap(page.map, {
      view: readView(window.location.hash),
      onPick: pick,
      onMove: () => window.history.replaceState(null, "", window.location.search + writeView(map.view())),
      onRest: () => {
        clearTimeout(resting);
        resting = setTimeout(() => { if (question && page["in-view-box"].checked) showTable(); }, REST_MS);
      },
    });
    if (question !== null) {
      page["in-view"].hidden = "bbox" in state.filter;
      drawMap();
      showChosen();
    }
    page.map.dataset.ready = "true";
  } catch (error) {
    console.warn("No map:", error.message);
    page.map.hidden = true;
    page["no-map"].hidden = false;
  }
}

byId("retry").addEventListener("click", load);
page["in-view-box"].addEventListener("change", () => { if (question) showTable(); });
for (const id of ["open-up", "open-up-again"]) byId(id).addEventListener("click", () => go({ filter: {}, incident: "" }));
window.addEventListener("popstate", () => {
  const view = readView(window.location.hash);
  if (view) map?.goTo(view);
  follow(readState(window.location.search));
});
for (const id of ["selection", "legend"]) byId(id).open = !window.matchMedia("(max-width: 760px)").matches;
startMap();
load();
