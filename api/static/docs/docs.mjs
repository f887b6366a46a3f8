/** The interactive reference: Swagger UI over the API's own OpenAPI document. */

import { repair } from "./repair.mjs";

const place = document.getElementById("reference");
const status = document.getElementById("status");

try {
  const response = await fetch(new URL("openapi.json", document.baseURI));
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  const spec = await response.json();
  // "Try it out" must call the host that this page came from: under its policy no other may be called.
  spec.servers = [{ url: new URL(".", document.baseURI).href.replace(/\/$/, "") }];
  repair(place);
  window.SwaggerUIBundle({
    spec,
    domNode: place,
    deepLinking: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    syntaxHighlight: { theme: "idea" },
  });
  status.hidden = true;
} catch (error) {
  status.textContent = `The reference could not be loaded. ${error.message} Reload the page to try again.`;
}
