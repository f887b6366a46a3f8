/** The explorer page: one state, kept in the address; everything shown follows from it. */

import { apiQuery, hasFilters, NOTHING, readState, readView, writeState, writeView } from "./address.mjs";
import { address, fetchIncidents, fetchLabels } from "./api.mjs";
import { createCard } from "./card.mjs";
import { createDownloads } from "./downloads.mjs";
import { categoryOptions } from "./facets.mjs";
import { createFilters } from "./filters.mjs";
import { renderLegend } from "./legend.mjs";
import { gather } from "./places.mjs";
import { createTable } from "./table.mjs";
import { incidents, label } from "./words.mjs";

const byId = (id) => document.getElementById(id);

const page = {
  map: byId("map"),
  card: byId("card"),
  legend: byId("legend"),
  legendList: byId("legend-list"),
  status: byId("status"),
  said: byId("said"),
  records: byId("records"),
  empty: byId("empty"),
  failure: byId("failure"),
  reason: byId("failure-reason"),
  loading: byId("loading"),
  noMap: byId("no-map"),
  use: document.querySelector("[data-use]"),
};

let state = readState(window.location.search);
let labels = {};
// Labels are a courtesy: after this long the incidents are shown with their codes.
const labelsReady = Promise.race([fetchLabels(), new Promise((resolve) => { setTimeout(resolve, 4000, {}); })]);
let all = null; // every incident, for the choices in the filters; fetched once
let shown = []; // what the filters select
let places = new Map();
let map = null;
let request = new AbortController();
let opener = null; // what had the focus before the card took it

const labelOf = (category) => label(labels, "category", category);
const table = createTable(byId("table"), byId("more"), (id) => choose(id));
const filters = createFilters(byId("filters"), (values) => go({ ...state, ...values, incident: "" }));
const downloads = createDownloads(byId("downloads"), (said) => { page.said.textContent = said; });
const card = createCard(page.card, () => choose(""));

/** Moves to another state and remembers it, so that the back button returns. */
function go(next) {
  const view = next.country === state.country ? window.location.hash : "";
  window.history.pushState(null, "", window.location.pathname + writeState(next) + view);
  follow(next);
}

/** Shows a state: fetches when the filters differ, else only opens or closes the record. */
async function follow(next) {
  const previous = state;
  state = next;
  if (all === null || apiQuery(previous) !== apiQuery(next)) await load();
  else showChosen();
}

function choose(id) {
  if (id !== state.incident) go({ ...state, incident: id });
  else showChosen();
}

async function load() {
  request.abort();
  request = new AbortController();
  const { signal } = request;
  const query = apiQuery(state);
  setBusy(true);
  downloads.show(state);
  page.use.href = address(`use${query}`);
  try {
    const everything = all ?? fetchIncidents("", signal);
    const selection = hasFilters(state) ? fetchIncidents(query, signal) : everything;
    [all, shown, labels] = await Promise.all([everything, selection, labelsReady]);
  } catch (error) {
    if (!signal.aborted) showFailure(error);
    return;
  }
  setBusy(false);
  showSelection();
}

function showSelection() {
  page.empty.hidden = shown.length > 0;
  page.status.textContent = incidents(shown.length);
  filters.show(all, state, labelOf);
  render();
}

/** Draws what is shown, in table, legend and map. */
function render() {
  places = gather(shown);
  page.records.classList.toggle("is-empty", shown.length === 0);
  table.show(shown, labels);
  page.legend.hidden = shown.length === 0;
  const hasAreas = [...places.values()].some((place) => place.isArea);
  renderLegend(page.legendList, categoryOptions(shown, NOTHING, labelOf), hasAreas);
  drawMap();
  showChosen();
}

function drawMap() {
  if (!map) return;
  const drawn = [...places.values()];
  map.show(drawn);
  const view = readView(window.location.hash);
  if (view) map.goTo(view);
  else if (drawn.length > 0) map.fit(drawn, 0);
  Object.assign(page.map.dataset, {
    points: drawn.filter((place) => !place.isArea).length,
    areas: drawn.filter((place) => place.isArea).length,
  });
}

function chosen() {
  const record = shown.find(({ id }) => id === state.incident) ?? null;
  const place = [...places.values()].find(({ records }) => records.includes(record)) ?? null;
  return { record, place };
}

function showChosen() {
  const { record, place } = chosen();
  table.mark(record ? record.id : "");
  if (record) {
    rememberOpener();
    const others = place ? place.records.length - 1 : 0;
    card.openRecord(record, labels, { others, onOthers: () => showList(place.records) });
  } else {
    const hadFocus = page.card.contains(document.activeElement);
    card.close();
    if (hadFocus) opener?.focus({ preventScroll: true });
  }
  map?.choose(place, cardWidth());
}

function showList(records) {
  rememberOpener();
  card.openList(records, labels, choose);
}

/** What lies under a click. One incident opens; several are listed, since all of them must be reachable. */
function pick(keys) {
  const records = keys.flatMap((key) => places.get(key)?.records ?? []);
  if (records.length === 1) choose(records[0].id);
  else if (records.length > 1) {
    showList(records);
    if (keys.length === 1) map.choose(places.get(keys[0]), cardWidth());
  }
  else if (!page.card.hidden) choose("");
}

function rememberOpener() {
  if (!page.card.contains(document.activeElement)) opener = document.activeElement;
}

/** How much of the map the card covers from the left; on narrow screens it lies below instead. */
function cardWidth() {
  const { offsetWidth: width } = page.card;
  return width < page.map.clientWidth * 0.7 ? width : 0;
}

function setBusy(isBusy) {
  page.records.setAttribute("aria-busy", String(isBusy));
  page.loading.hidden = !isBusy;
  if (isBusy) page.failure.hidden = true;
}

function showFailure(error) {
  setBusy(false);
  page.reason.textContent = error instanceof TypeError ? "The server could not be reached." : error.message;
  page.failure.hidden = false;
  page.empty.hidden = true;
  page.status.textContent = "Nothing to show";
  // Rows of an earlier selection under the filters of this one would mislead.
  shown = [];
  render();
}

async function startMap() {
  try {
    // Loaded apart from the rest: the table must not wait for a megabyte of map, nor fail with it.
    const { createMap } = await import("./map.mjs");
    map = await createMap(page.map, {
      view: readView(window.location.hash),
      onPick: pick,
      onMove: () => window.history.replaceState(null, "", window.location.search + writeView(map.view())),
    });
    if (all !== null) {
      drawMap();
      map.choose(chosen().place, cardWidth());
    }
    page.map.dataset.ready = "true";
  } catch (error) {
    console.warn("No map:", error.message);
    page.map.hidden = true;
    page.noMap.hidden = false;
  }
}

byId("retry").addEventListener("click", load);
byId("open-up").addEventListener("click", () => go({ ...NOTHING }));
window.addEventListener("popstate", () => {
  const view = readView(window.location.hash);
  if (view) map?.goTo(view);
  follow(readState(window.location.search));
});
for (const id of ["selection", "legend"]) byId(id).open = !window.matchMedia("(max-width: 760px)").matches;
startMap();
load();
