/** The page of tools: its address holds the filters, its hash the tool; the server writes what is to be pasted. */

import { address } from "../explorer/api.mjs";
import { el } from "../explorer/dom.mjs";
import { incidents } from "../explorer/words.mjs";

const form = document.getElementById("filters");
const answer = document.getElementById("answer");
let request = new AbortController();

form.querySelector("button").hidden = true; // what is chosen is shown at once
form.addEventListener("submit", (event) => { event.preventDefault(); go(chosen()); });
form.addEventListener("change", () => go(chosen()));
document.getElementById("clear").addEventListener("click", (event) => {
  event.preventDefault();
  go("");
  form.elements.country.focus(); // the link goes away: keep the keyboard's place
});
answer.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) copy(button);
});
answer.addEventListener("click", (event) => {
  const link = event.target.closest(".menu a");
  if (!link) return;
  event.preventDefault(); // the browser would scroll the filters away
  const hash = "all" in link.dataset ? "" : link.hash;
  window.history.pushState(null, "", window.location.pathname + window.location.search + hash);
  showTool(true);
  if (!hash) document.getElementById("tools").focus({ preventScroll: true }); // the link that was clicked goes away
});
window.addEventListener("hashchange", () => showTool(true));
window.addEventListener("popstate", () => {
  if (window.location.search !== shown) show(window.location.search);
  else showTool(false);
});

let shown = window.location.search;
prepare();

/** `?country=PE`, or nothing: fields without a value ask for all. */
function chosen() {
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
  const text = new URLSearchParams(given).toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}

function go(search) {
  if (search === shown) return;
  window.history.pushState(null, "", window.location.pathname + search + window.location.hash);
  show(search);
}

/** The same page for other filters, of which form and snippets are taken over. */
async function show(search) {
  shown = search;
  request.abort();
  request = new AbortController();
  const { signal } = request;
  answer.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address(`use${search}`), { signal });
    if (!(response.headers.get("Content-Type") ?? "").startsWith("text/html")) {
      throw new Error(`The server answered ${response.status}.`);
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    answer.replaceChildren(...page.getElementById("answer").childNodes);
    takeOver(page.getElementById("filters"), response.ok);
  } catch (error) {
    if (signal.aborted) return;
    const reason = error instanceof TypeError ? "The server could not be reached." : error.message;
    const words = `The snippets could not be made. ${reason}`;
    answer.replaceChildren(el("p", { class: "notice", id: "tools", tabindex: "-1", role: "alert" }, words));
  }
  answer.removeAttribute("aria-busy");
  prepare();
}

/** What the server made of the filters; what it refused stays as the reader wrote it. */
function takeOver(other, isUnderstood) {
  document.getElementById("clear").hidden = shown === "";
  if (!isUnderstood) return;
  for (const field of form.querySelectorAll("select, input")) {
    const found = other.elements[field.name];
    if (!found) field.closest("label").remove();
    else if (field.tagName === "SELECT") {
      field.replaceChildren(...[...found.options].map((option) => new Option(option.text, option.value)));
      field.value = found.value;
    } else field.value = found.value;
  }
  for (const field of other.querySelectorAll("input")) {
    if (!form.elements[field.name]) form.querySelector("button").before(field.closest("label"));
  }
}

function prepare() {
  for (const button of answer.querySelectorAll("[data-copy]")) button.hidden = false;
  showTool(false);
  count(request.signal);
}

/** The tool that the hash names, if it is one. */
function shownTool() {
  return [...answer.querySelectorAll(".tool")].find(({ id }) => `#${id}` === window.location.hash);
}

/** Only the tool that the hash names, or all of them. */
function showTool(isAsked) {
  const tool = shownTool();
  for (const one of answer.querySelectorAll(".tool")) {
    one.hidden = tool !== undefined && one !== tool;
    one.classList.toggle("alone", one === tool);
  }
  for (const link of answer.querySelectorAll(".menu a")) {
    if (tool && link.hash === `#${tool.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const all = answer.querySelector("[data-all]");
  if (all) all.hidden = tool === undefined;
  if (tool && isAsked) {
    tool.querySelector("h3").focus({ preventScroll: true });
    // On wide screens it stands beside the menu, however far down that was scrolled.
    if (window.matchMedia("(max-width: 760px)").matches) tool.scrollIntoView();
  }
}

/** How many match, as the API says. */
async function count(signal) {
  const total = document.getElementById("total");
  if (!total) return;
  try {
    const response = await fetch(address(total.dataset.address), { signal });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail || body.title);
    const { total: number, total_is_lower_bound: isMore } = body.meta;
    total.textContent = `${isMore ? "More than " : ""}${incidents(number)}${number === 0 ? " match" : ""}`;
  } catch (error) {
    if (!signal.aborted) total.textContent = error instanceof TypeError ? "Not counted" : error.message;
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const said = document.getElementById("said");
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    say(button, said, "Copied");
  } catch {
    // No clipboard on plain http: what is to be copied is selected, the reader's own copy key does the rest.
    if (source.select) source.select();
    else window.getSelection().selectAllChildren(source);
    say(button, said, "Press Ctrl+C");
  }
}

function say(button, said, words) {
  said.textContent = `${words}.`;
  button.textContent = words;
  window.setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2500);
}
