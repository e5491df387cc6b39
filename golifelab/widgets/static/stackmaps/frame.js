/**
 * The frame of the function, the highest address on top: each word lit while it is a pointer, dark where it
 * is not alive, quiet when it never is one.
 */

import { hex, nameOf, stateOf } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").StackMaps} StackMaps */
/** @typedef {import("./model.js").Cell} Cell */

const WORDS = { pointer: "pointer", dead: "not alive", never: "no pointer" };
const SIGNS = { pointer: "●", dead: "○", never: "" };
const TITLES = { arguments: "arguments, in the caller’s frame", locals: "locals" };

/**
 * @param {(cell: Cell) => void} choose
 */
export function createFrame(choose) {
  const element = h("div", { class: "gl-maps-frame", role: "listbox", "aria-label": "the words of the frame, the highest address on top" });
  /** @type {StackMaps | null} */
  let maps = null;
  /** @type {HTMLElement[]} */
  let options = [];
  let at = 0;

  /** @param {number} to @param {boolean} focus */
  function go(to, focus) {
    if (!maps || options.length === 0) return;
    at = Math.max(0, Math.min(options.length - 1, to));
    options.forEach((option, i) => {
      option.tabIndex = i === at ? 0 : -1;
      set(option, "aria-selected", i === at ? "true" : "false");
    });
    if (focus) options[at].focus();
    choose(maps.cells[at]);
  }

  element.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 };
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    go(moves[event.key], true);
  });

  /** @param {Cell} cell @param {number} number */
  function option(cell, number) {
    return h(
      "div",
      { class: "gl-maps-cell", role: "option", onclick: () => go(number, true) },
      h("code", { class: "gl-maps-offset" }, `SP+${hex(cell.offset).slice(2)}`),
      h("code", { class: "gl-maps-name", title: cell.name || null }, cell.name || "·"),
      h("span", { class: "gl-maps-state" }),
    );
  }

  return {
    element,
    /** @param {StackMaps} next */
    show(next) {
      const before = maps?.cells[at];
      maps = next;
      options = next.cells.map(option);
      /** @type {HTMLElement[]} */
      const parts = [];
      /** @type {{offset: number, node: HTMLElement, area: string}[]} */
      const rows = [
        ...next.cells.map((cell, i) => ({ offset: cell.offset, node: options[i], area: cell.area })),
        ...next.fixed.map(([kind, offset]) => ({ offset, node: h("div", { class: "gl-maps-fixed" }, h("code", { class: "gl-maps-offset" }, `SP+${offset.toString(16)}`), kind), area: "" })),
      ].sort((a, b) => b.offset - a.offset);
      let area = "";
      for (const row of rows) {
        if (row.area && row.area !== area) parts.push(h("div", { class: "gl-maps-kind" }, TITLES[/** @type {"locals"} */ (row.area)]));
        area = row.area || area;
        parts.push(row.node);
      }
      const low = Math.min(next.frame_size, ...rows.map((row) => row.offset));
      if (low > 0) parts.push(h("div", { class: "gl-maps-fixed gl-note" }, `${low} bytes that never hold a pointer`));
      element.replaceChildren(...parts);
      const kept = next.cells.findIndex((cell) => before && cell.area === before.area && (before.name ? cell.name === before.name : cell.word === before.word));
      go(kept >= 0 ? kept : Math.max(0, next.cells.findIndex((cell) => cell.ever)), false);
    },
    /** @param {number} step */
    at(step) {
      if (!maps) return;
      const shown = maps;
      shown.cells.forEach((cell, i) => {
        const state = stateOf(shown, step, cell);
        set(options[i], "data-state", state);
        set(options[i], "aria-label", `${nameOf(cell)}, ${cell.offset} bytes above the stack pointer: ${WORDS[state]}`);
        const told = /** @type {HTMLElement} */ (options[i].lastElementChild);
        const text = `${SIGNS[state]} ${WORDS[state]}`.trim();
        if (told.textContent !== text) told.textContent = text;
      });
    },
  };
}
