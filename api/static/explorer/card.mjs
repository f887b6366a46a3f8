/** The card over the map: a record, a list, or why there is none. */

import { button, el } from "./dom.mjs";

/** `{open, close}`; `onClose()` is called when the reader closes it. */
export function createCard(card, onClose) {
  const close = () => { if (!card.hidden) onClose(); };
  card.addEventListener("keydown", ({ key }) => { if (key === "Escape") close(); });

  return {
    /** Shows nodes below a title, which takes the focus; nodes that are null are left out. */
    open(title, ...content) {
      const heading = el("h2", { id: "card-title", tabindex: -1 }, title);
      const closing = button("×", close, { class: "close", "aria-label": "Close" });
      card.replaceChildren(closing, heading, ...content.filter(Boolean));
      card.hidden = false;
      card.scrollTop = 0;
      heading.focus({ preventScroll: true });
    },
    close() {
      card.hidden = true;
      card.replaceChildren();
    },
  };
}
