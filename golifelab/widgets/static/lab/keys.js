/**
 * The keys of the lab, and where they are told.
 */

import { h, set, uid } from "../page/dom.js";

/** Key, what it does. @type {[string, string][]} */
const KEYS = [
  ["Alt ← →", "one pass back or on, from anywhere, the editor too"],
  ["Alt Shift ← →", "to the pass before or behind that changed something"],
  ["[ ]", "one pass back or on"],
  ["1 2 3 4", "Values, Graph, Diff, Machine"],
  ["/", "search in all passes; Enter goes to the next hit"],
  ["p", "pin the value or block that is selected; Shift P in the diff"],
  ["n", "next change in the diff; p the one before"],
  ["o", "to the other pane"],
  ["?", "this table"],
  ["Escape", "leave the editor, close what is open"],
  ["Ctrl Z", "in the editor, also after going back to an earlier edit"],
];

/**
 * @typedef {object} Actions
 * @property {(direction: 1 | -1, changed: boolean) => void} step one pass, or to the next that changed something
 * @property {(tab: number) => void} turn
 * @property {() => void} search
 * @property {() => void} other
 * @property {() => void} help
 */

/** @param {EventTarget | null} target @returns {boolean} whether keys are text there */
export const isText = (target) => target instanceof HTMLElement && (target.isContentEditable || Boolean(target.closest("input, textarea, select")));

/**
 * @param {HTMLElement} element the lab
 * @param {Actions} actions
 */
export function listenToKeys(element, { step, turn, search, other, help }) {
  const everywhere = (/** @type {KeyboardEvent} */ event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    // Before the editor moves by a syntax it does not have, and the browser goes back a page.
    event.preventDefault();
    event.stopPropagation();
    step(event.key === "ArrowRight" ? 1 : -1, event.shiftKey);
  };
  element.addEventListener("keydown", everywhere, { capture: true });
  element.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || isText(event.target)) return;
    /** @type {Record<string, () => void>} */
    const keys = { "[": () => step(-1, false), "]": () => step(1, false), "/": search, o: other, "?": help };
    const run = keys[event.key] ?? (/^[1-9]$/.test(event.key) ? () => turn(Number(event.key) - 1) : undefined);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/**
 * @param {HTMLElement} place where the button is and the table opens
 * @returns {() => void} open it, or close it
 */
export function createHelp(place) {
  const rows = KEYS.map(([key, what]) => h("div", { class: "gl-key" }, h("dt", {}, ...key.split(" ").map((one) => h("kbd", {}, one))), h("dd", {}, what)));
  const panel = h("div", { class: "gl-popover gl-help", id: uid("help"), role: "region", "aria-label": "keys", tabindex: "-1", hidden: true }, h("dl", {}, ...rows));
  const button = h("button", { type: "button", class: "gl-toggle", title: "keys", "aria-label": "keys", "aria-expanded": "false", "aria-controls": panel.id, onclick: () => turn(Boolean(panel.hidden)) }, "?");
  place.append(button, panel);

  /** @param {boolean} open */
  function turn(open) {
    set(panel, "hidden", !open);
    set(button, "aria-expanded", String(open));
    if (open) panel.focus();
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    turn(false);
    button.focus();
  });
  panel.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && !panel.contains(to) && to !== button) turn(false);
  });
  return () => turn(Boolean(panel.hidden));
}
