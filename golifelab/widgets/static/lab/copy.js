/**
 * The button that copies a cell.
 */

import { h, say } from "../page/dom.js";

/** Milliseconds for which the button says that it has done its work. */
const SAID = 1500;

/**
 * @param {HTMLElement} place
 * @param {() => string} cell what to copy, "" for nothing yet
 */
export function createCopy(place, cell) {
  const button = h("button", { type: "button", class: "gl-toggle", title: "copy a cell that brings this view back", onclick: () => void copy() }, "copy cell");
  place.append(button);

  async function copy() {
    const text = cell();
    if (!text) return;
    try {
      await navigator.clipboard.writeText(text);
      say(button, "copied");
      setTimeout(() => say(button, "copy cell"), SAID);
    } catch {
      // The browser keeps the clipboard to itself: the reader copies by hand.
      const area = h("textarea", { class: "gl-popover gl-cell", rows: 12, readonly: true, "aria-label": "a cell to copy; Escape closes", onblur: () => area.remove() });
      area.addEventListener("keydown", (event) => event.key === "Escape" && button.focus());
      area.value = text;
      place.append(area);
      area.focus();
      area.select();
    }
  }
}
