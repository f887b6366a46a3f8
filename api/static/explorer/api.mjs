/** Requests to the API. Every address is relative to the page, so that any host and prefix works. */

export function address(path) {
  return new URL(path, document.baseURI).href;
}

/** The flat properties of every incident that the query selects, in the order of the API. */
export async function fetchIncidents(query, signal) {
  const collection = await fetchJson(`v1/incidents.geojson${query}`, signal);
  return collection.features.map((feature) => feature.properties);
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

async function fetchJson(path, signal) {
  const response = await fetch(address(path), { signal });
  if (!response.ok) throw new Error(await reason(response));
  return response.json();
}

/** The sentence of a problem document (RFC 9457), else the status. */
async function reason(response) {
  try {
    const problem = await response.json();
    return problem.detail || problem.title || `The server answered ${response.status}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
