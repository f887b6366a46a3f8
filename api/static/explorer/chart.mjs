/** Incidents by year as bars: drag over years, or choose with the keyboard, to filter by them. */

import { readYears } from "./address.mjs";
import { button, el } from "./dom.mjs";
import { incidents } from "./words.mjs";

/** `{show}`; `onChoose({from, to})` gets the years that were chosen, both "" for all. */
export function createChart(section, onChoose) {
  const bars = section.querySelector("[data-bars]");
  const unknown = section.querySelector("[data-unknown]");
  const chosen = section.querySelector("[data-chosen]");
  const all = section.querySelector("[data-all]");
  let anchor = null; // the year where a drag or a span by keyboard begins
  let reached = null; // the year where a drag is now; null while nobody drags
  let span = { from: "", to: "" };

  const barOf = (target) => target?.closest?.("button[data-year]") ?? null;
  const barAt = ({ clientX }) => [...bars.children].reduce((nearest, bar) => (
    clientX >= bar.getBoundingClientRect().left ? bar : nearest
  ), bars.firstElementChild);

  bars.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.shiftKey) return;
    anchor = reached = barAt(event).dataset.year;
    mark(ordered(anchor, reached));
  });
  window.addEventListener("pointermove", (event) => {
    if (reached === null) return;
    reached = barAt(event).dataset.year;
    mark(ordered(anchor, reached));
  });
  window.addEventListener("pointercancel", () => { reached = null; mark(span); });
  window.addEventListener("pointerup", () => {
    if (reached === null) return;
    const brushed = ordered(anchor, reached);
    reached = null;
    choose(brushed);
  });
  bars.addEventListener("click", (event) => {
    const year = barOf(event.target)?.dataset.year;
    if (!year) return;
    if (event.shiftKey) choose(ordered(anchor ?? year, year));
    else if (event.detail === 0) { // by keyboard: a pointer has chosen already
      anchor = year;
      choose({ from: year, to: year });
    }
  });
  bars.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const bar = barOf(event.target);
    if (!bar) return;
    if (step) focusOn([...bars.children].at(Math.max(0, [...bars.children].indexOf(bar) + step)) ?? bar);
    else if (event.key === "Home") focusOn(bars.firstElementChild);
    else if (event.key === "End") focusOn(bars.lastElementChild);
    else if (event.key === "Escape") onChoose({ from: "", to: "" });
    else return;
    event.preventDefault();
  });
  all.addEventListener("click", () => {
    onChoose({ from: "", to: "" });
    bars.querySelector("[tabindex='0']")?.focus();
  });

  function choose(next) {
    // Choosing the very same again lets go of it.
    onChoose(next.from === span.from && next.to === span.to ? { from: "", to: "" } : next);
  }

  function focusOn(bar) {
    for (const other of bars.children) other.tabIndex = other === bar ? 0 : -1;
    bar.focus();
  }

  function mark({ from, to }) {
    const isFiltered = from !== "" || to !== "";
    bars.classList.toggle("is-filtered", isFiltered);
    for (const bar of bars.children) {
      const { year } = bar.dataset;
      bar.setAttribute("aria-pressed", String(isFiltered && (!from || year >= from) && (!to || year <= to)));
    }
    chosen.textContent = inWords({ from, to });
    all.hidden = !isFiltered;
  }

  return {
    /** Draws the years of `[{value, count}]`; those that belong to no single year stand apart. */
    show(years, datetime) {
      const known = new Map(years.filter(({ value }) => value !== null).map(({ value, count }) => [value, count]));
      const most = Math.max(1, ...years.map(({ count }) => count));
      const first = Math.min(...known.keys());
      const length = known.size > 0 ? Math.max(...known.keys()) - first + 1 : 0;
      const focused = barOf(document.activeElement)?.dataset.year;
      bars.replaceChildren(...Array.from({ length }, (_, i) => bar(first + i, known.get(first + i) ?? 0, most)));
      const home = bars.querySelector(`[data-year="${focused ?? readYears(datetime).from}"]`) ?? bars.lastElementChild;
      if (home) home.tabIndex = 0;
      if (focused) home?.focus({ preventScroll: true });
      const rest = years.find(({ value }) => value === null)?.count ?? 0;
      unknown.hidden = rest === 0;
      unknown.replaceChildren(stick(rest, most), el("span", {}, `No single year: ${rest.toLocaleString("en")}`));
      span = readYears(datetime);
      mark(span);
      section.hidden = years.length === 0;
    },
  };
}

function bar(year, count, most) {
  const words = `${year}: ${incidents(count)}`;
  return button(stick(count, most), () => {}, {
    "data-year": year,
    "aria-label": words,
    title: words,
    tabindex: -1,
    class: ["bar", year % 5 === 0 && "fifth", year % 10 === 0 && "tenth"].filter(Boolean).join(" "),
  });
}

/** A bar that is seen as soon as there is one incident. */
function stick(count, most) {
  const line = el("span", { class: "stick", "aria-hidden": "true" });
  line.style.height = count > 0 ? `max(2px, ${(100 * count) / most}%)` : "0";
  return line;
}

function ordered(a, b) {
  return a <= b ? { from: a, to: b } : { from: b, to: a };
}

function inWords({ from, to }) {
  if (!from && !to) return "all years";
  if (!from) return `until ${to}`;
  if (!to) return `since ${from}`;
  return from === to ? from : `${from} to ${to}`;
}
