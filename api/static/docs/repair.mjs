/** What Swagger UI's markup lacks for keyboards and screen readers, added as it draws. */

const REPAIRS = {
  // Headings go from h1 straight to h3.
  "h3": (heading) => heading.setAttribute("aria-level", "2"),
  "h4": (heading) => heading.setAttribute("aria-level", "3"),
  "h5": (heading) => heading.setAttribute("aria-level", "4"),
  // Operations are buttons that hold a link to themselves. The button writes the same address.
  ".opblock-summary-control a[href]": (link) => link.removeAttribute("href"),
  ".information-container": (about) => {
    about.setAttribute("role", "region");
    about.setAttribute("aria-label", "About this API");
  },
  // Lists of values and choices have a row of their parameter, but no label.
  "tr[data-param-name] :is(input, select, textarea)": (control) => {
    control.setAttribute("aria-label", control.closest("tr").dataset.paramName);
  },
  // Long answers scroll, which without a focus only a mouse can do.
  "pre.microlight": (code) => code.setAttribute("tabindex", "0"),
  // Every operation has a region of this kind, all of one name.
  "table.responses-table[role=region]": (table) => {
    const path = table.closest(".opblock")?.querySelector("[data-path]")?.dataset.path ?? "";
    const kind = table.classList.contains("live-responses-table") ? "Answer" : "Possible answers";
    table.setAttribute("aria-label", `${kind} of ${path}`);
  },
};

export function repair(root) {
  const run = () => {
    for (const [selector, mend] of Object.entries(REPAIRS)) {
      for (const node of root.querySelectorAll(selector)) mend(node);
    }
  };
  // Attributes are not watched, so that mending does not call itself.
  new MutationObserver(run).observe(root, { childList: true, subtree: true });
}
