/** Files and the API address of what is selected. */

import { address } from "./api.mjs";
import { apiQuery } from "./address.mjs";

/** `{show(state)}`; `onCopy(said)` gets what to tell the reader after a copy. */
export function createDownloads(section, onCopy) {
  const field = section.querySelector("input");
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

  return {
    show(state) {
      const query = apiQuery(state);
      for (const link of section.querySelectorAll("a[data-extension]")) {
        link.href = address(`v1/incidents.${link.dataset.extension}${query}`);
      }
      field.value = address(`v1/incidents${query}`);
    },
  };
}
