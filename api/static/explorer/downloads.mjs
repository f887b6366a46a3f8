/** The bar of the current question: its files, its address in the API, and how to cite it. */

import { asQuery } from "./address.mjs";
import { address, inWords } from "./api.mjs";

/** What a workbook holds at most. */
const MOST_XLSX_ROWS = 100_000;

/** `{show, size}`; `onCopy(said)` gets what to tell the reader after a copy. */
export function createDownloads(section, onCopy) {
  const field = section.querySelector("input");
  const citation = section.querySelector("[data-citation]");
  let shown = {};
  let request = new AbortController();
  const workbook = section.querySelector("[data-extension=xlsx]");
  section.querySelector("[data-copy]").addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      onCopy("API address copied.");
    } catch {
      // No clipboard on plain http: the address is selected, the reader's own copy key does the rest.
      onCopy("API address selected. Press Ctrl+C or Cmd+C to copy it.");
    }
  });

  // Asked for by few: only when it is opened.
  const details = citation.closest("details");
  async function cite() {
    if (!details.open) return;
    request.abort();
    request = new AbortController();
    const { signal } = request;
    citation.textContent = "…";
    try {
      const response = await fetch(address(`v1/citation${asQuery(shown)}`), { signal });
      if (!response.ok) throw new Error(`The server answered ${response.status}.`);
      citation.textContent = (await response.text()).trim();
    } catch (error) {
      if (!signal.aborted) citation.textContent = inWords(error);
    }
  }
  details.addEventListener("toggle", cite);

  return {
    show(filter) {
      shown = filter;
      cite();
      const query = asQuery(filter);
      for (const link of section.querySelectorAll("a[data-extension]")) {
        link.href = address(`v1/incidents.${link.dataset.extension}${query}`);
      }
      section.querySelector("[data-api]").href = address(`v1/incidents${query}`);
      section.querySelector("[data-tiles]").href = address(`v1/tiles.json${query}`);
      for (const link of section.querySelectorAll("a[data-format]")) {
        link.href = address(`v1/citation${asQuery({ ...filter, format: link.dataset.format })}`);
      }
      field.value = address(`v1/incidents${query}`);
    },
    /** What the question selects, once that is known. */
    size(total) {
      workbook.hidden = total > MOST_XLSX_ROWS;
    },
  };
}
