/**
 * The function's instructions, with the bitmap of each: a list that follows the scrubber.
 */

import { hex } from "./model.js";
import { h, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").StackMaps} StackMaps */

const SIGNS = /** @type {Record<string, [string, string]>} */ ({
  call: ["●", "a call: the collector can meet the function here"],
  growth: ["↕", "the stack may grow here, and move"],
});

/**
 * @param {(step: number) => void} go
 * @param {(event: KeyboardEvent) => void} keys
 */
export function createList(go, keys) {
  const prefix = uid("instruction");
  const element = h("div", { class: "gl-maps-list", role: "listbox", tabindex: "0", "aria-label": "instructions" });
  /** @type {StackMaps | null} */
  let maps = null;
  let at = 0;
  const list = virtualList(element, (index) => row(index));
  element.addEventListener("keydown", keys);

  /** @param {number} step */
  function row(step) {
    if (!maps) return h("div");
    const { address, text, line, index, stop, unsafe } = maps.instructions;
    const [sign, meaning] = SIGNS[stop[step]] ?? ["", ""];
    return h(
      "div",
      { class: "gl-maps-row", id: `${prefix}-${step}`, role: "option", "aria-selected": step === at ? "true" : "false", "data-stop": stop[step] || null, "data-odd": index[step] % 2 === 1, onclick: () => go(step) },
      h("span", { class: "gl-maps-sign", title: meaning || null, "aria-label": meaning || null }, sign),
      h("code", { class: "gl-maps-address", title: hex(address[step]) }, `+${(address[step] - maps.entry).toString(16)}`),
      h("code", { class: "gl-maps-text", title: text[step] }, text[step]),
      h("span", { class: "gl-maps-line" }, line[step] ? `:${line[step]}` : ""),
      h("span", { class: "gl-maps-index", title: `bitmap ${index[step]}${unsafe[step] ? "; it can’t be stopped here" : ""}` }, index[step] < 0 ? "–" : String(index[step])),
    );
  }

  return {
    element,
    /** @param {StackMaps} next @param {number} step */
    show(next, step) {
      maps = next;
      at = step;
      list.show(next.instructions.text.length);
      list.reveal(step);
      set(element, "aria-activedescendant", `${prefix}-${step}`);
    },
    /** @param {number} step */
    at(step) {
      element.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
      at = step;
      list.reveal(step);
      element.querySelector(`#${prefix}-${step}`)?.setAttribute("aria-selected", "true");
      set(element, "aria-activedescendant", `${prefix}-${step}`);
    },
  };
}
