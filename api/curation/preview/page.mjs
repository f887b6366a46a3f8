
const { places, basemap } = JSON.parse(document.getElementById("data").textContent);
const map = { land: unpack(basemap.land), lines: unpack(basemap.lines), names: basemap.names.sort((a, b) => a[2] - b[2]) };

const STATES = { missing: "Without an entry", close: "Close call", waiting: "To review", reviewed: "Reviewed" };
const PRECISIONS = {
  settlement: "town or city", admin2: "district or county", admin1: "province or state", country: "country",
};
const COLOURS = ["#1b5576", "#a23d50", "#7a5c00", "#6b3fa0", "#1f786a", "#5f6970"];
const numbers = new Intl.NumberFormat("en");

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const km = (metres) => `${numbers.format(metres < 10_000 ? Math.round(metres / 100) / 10 : Math.round(metres / 1000))} km`;
const known = (...names) => names.filter((name, at) => name && names.indexOf(name) === at);

function apart(a, b) {
  const [phi, psi, turn] = [a.lat, b.lat, b.lon - a.lon].map((degrees) => (degrees * Math.PI) / 180);
  const half = Math.sin((psi - phi) / 2) ** 2 + Math.cos(phi) * Math.cos(psi) * Math.sin(turn / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

function card(place, at) {
  const heading = el("h2", {}, place.text);
  const badge = el("span", { class: "badge" }, STATES[place.state]);
  const reported = el("p", { class: "reported" }, `as reported, in ${known(place.subdivision, place.country_name).join(", ")}`);
  if (place.state === "missing") {
    const advice = el("p", { class: "advice" }, place.advice);
    return el("article", { class: "missing alone", id: `place-${at}` }, el("div", {}, badge, heading, reported, advice));
  }
  const areas = known(place.admin2_name, place.admin1_name, place.country_name).filter((name) => name !== place.name);
  const facts = [
    ["Precision", known(place.precision, PRECISIONS[place.precision]).join(": ")],
    ["Radius", km(place.uncertainty_m)],
    ["People", place.population === null ? "unknown" : numbers.format(place.population)],
    ["Code", known(place.iso_3166_2, place.feature).join(" · ")],
    ["Point", `lon ${place.lon}, lat ${place.lat}`],
    ["From", `${place.gazetteer_id} by ${place.provider}, ${place.licence}, ${place.date}`],
    ["Asked", place.query],
  ].filter(([, value]) => value);
  const doubt = place.state === "close" && place.candidates.length === 0
    ? el("p", { class: "advice" }, "Spelt differently, or not what would be found today: make sure that this is the place.")
    : null;
  const text = el(
    "div",
    {},
    badge,
    heading,
    reported,
    el("p", { class: "answer" }, el("strong", {}, place.name), areas.length > 0 ? ` in ${areas.join(", ")}` : ""),
    doubt,
    el("dl", {}, ...facts.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    ...runnersUp(place),
  );
  return el("article", { class: place.state, id: `place-${at}` }, text, figure(place));
}

function runnersUp(place) {
  if (place.candidates.length === 0) return [];
  const items = place.candidates.map((other, at) => el(
    "li",
    {},
    el("span", { class: `key k${Math.min(at, 4)}` }),
    `${other.name}: ${other.precision}${other.admin1 ? ` in ${other.admin1}` : ""}, radius ${km(other.uncertainty_m)}, ${km(apart(place, other))} away`,
    el("br"),
    el("code", {}, other.command),
  ));
  return [el("h3", {}, "Or is it"), el("ol", {}, ...items)];
}

function figure(place) {
  const circles = [place, ...place.candidates];
  const colours = circles.map((_, at) => COLOURS[Math.min(at, COLOURS.length - 1)]);
  const others = place.candidates.length > 0 ? `, and ${place.candidates.length} other candidates` : "";
  const canvas = el("canvas", {
    role: "img", "aria-label": `Map: ${place.name} with a circle of ${km(place.uncertainty_m)} radius${others}`,
  });
  let view = null;
  const paint = () => draw(canvas, view, map, circles, colours);
  const show = (shown) => { view = fit(shown, canvas.clientWidth, canvas.clientHeight); paint(); };
  const zoom = (factor) => { view.scale = Math.max(1, Math.min(4000, view.scale * factor)); paint(); };
  const button = (sign, label, action) => {
    const made = el("button", { type: "button", "aria-label": `${label}: ${place.text}`, title: label }, sign);
    made.addEventListener("click", action);
    return made;
  };
  canvas.addEventListener("pointermove", (event) => {
    if ((event.buttons & 1) === 0) return;
    view.x -= event.movementX / view.scale;
    view.y += event.movementY / view.scale;
    paint();
  });
  canvas.start = () => { if (view === null) show(circles); else paint(); canvas.dataset.drawn = ""; };
  canvas.view = () => view;
  const fits = place.candidates.length > 0 ? [button("Answer", "Fit the answer", () => show([place]))] : [];
  const zooms = [button("+", "Zoom in", () => zoom(2)), button("−", "Zoom out", () => zoom(0.5))];
  const all = button("All", "Fit all circles", () => show(circles));
  return el("figure", {}, canvas, el("div", { class: "zoom" }, ...zooms, ...fits, all));
}

const list = document.getElementById("places");
const cards = places.map(card);
const none = el("p", { class: "none" }, "No place to show.");
list.replaceChildren(...cards, none);

// A map is drawn when it is looked at: some hundred of them would keep the page busy.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) target.start();
}, { rootMargin: "300px" });
for (const canvas of document.querySelectorAll("canvas")) seen.observe(canvas);
window.addEventListener("resize", () => {
  for (const canvas of document.querySelectorAll("canvas[data-drawn]")) canvas.start();
});
window.addEventListener("beforeprint", () => {
  for (const canvas of document.querySelectorAll("canvas")) canvas.start();
});

const form = document.getElementById("filters");
const counts = (state) => places.filter((place) => place.state === state).length;
const choices = [["", "All", places.length], ...Object.entries(STATES).map(([state, label]) => [state, label, counts(state)])];
form.querySelector("fieldset").append(...choices.filter(([state, , count]) => !state || count > 0).map(([state, label, count]) => {
  const input = el("input", { type: "radio", name: "state", value: state });
  input.checked = state === "";
  return el("label", {}, input, `${label} (${count})`);
}));

function filter() {
  const { state, text } = Object.fromEntries(new FormData(form));
  const wanted = text.trim().toLowerCase();
  places.forEach((place, at) => {
    const words = known(place.text, place.name, place.subdivision, place.country, place.country_name, place.admin1_name);
    const isFound = words.join(" ").toLowerCase().includes(wanted);
    cards[at].hidden = !(isFound && (state === "" || state === place.state));
  });
  none.hidden = cards.some((made) => !made.hidden);
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();
