/** Requests to the API. Every address is relative to the page, so that any host and prefix works. */

export function address(path) {
  return new URL(path, document.baseURI).href;
}

/** What the API refused, in its own words; `suggestion` is the query of an address that works, or "". */
export class Refusal extends Error {
  constructor(message, suggestion = "") {
    super(message);
    this.suggestion = suggestion;
  }
}

/** An answer's JSON; raises Refusal with the sentence of a problem document (RFC 9457), else with the status. */
export async function fetchJson(path, signal) {
  const response = await fetch(address(path), { signal });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  const suggestion = problem.did_you_mean ? new URL(problem.did_you_mean).search : "";
  throw new Refusal(problem.detail || problem.title || `The server answered ${response.status}.`, suggestion);
}

/** Labels by list and code: `labels.category.online_sale`. Empty when they cannot be had; codes still read well. */
export async function fetchLabels() {
  const labels = {};
  try {
    const { data } = await fetchJson("v1/codelists");
    for (const { list, code, label_en: label } of data) {
      labels[list] ??= {};
      labels[list][code] = label;
    }
  } catch (error) {
    console.warn("Labels could not be loaded; codes are shown instead.", error.message);
  }
  return labels;
}

/** Why something failed, for readers. */
export function inWords(error) {
  return error instanceof TypeError ? "The server could not be reached." : error.message;
}
