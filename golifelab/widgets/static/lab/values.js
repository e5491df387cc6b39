/**
 * The values of a function after a pass, line by line, with what the pass added and took away.
 */

import { h, set } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { difference, pieces, placeOf } from "./passes.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */
/** @typedef {import("./passes.js").Line} Line */

/**
 * @param {HTMLElement} parent
 * @returns {import("./pane.js").PaneView}
 */
export function createValues(parent) {
  /** @type {Code | null} */
  let code = null;
  /** @type {Line[]} the lines of the pass that is shown */
  let lines = [];
  /** @type {Selection} */
  let selection = {};

  const text = h("div", { class: "gl-ssa-text", tabindex: "0", role: "group", "aria-label": "SSA text" });
  parent.append(text);
  const list = virtualList(text, (index) => lineElement(lines[index]));

  /** @param {Line} line @returns {boolean} whether it is of the selected source line */
  const isHere = ({ row }) => Boolean(selection.line && code) && placeOf(/** @type {Code} */ (code), row).line === selection.line;

  /** @param {Line} line */
  function lineElement(line) {
    const { row, mark } = line;
    const source = code?.lines[row] ?? "";
    const words = pieces(source).map((piece) =>
      piece.value
        ? h("span", { class: piece.text === selection.value ? "gl-value gl-ring" : "gl-value", "data-value": piece.text }, piece.text)
        : piece.text,
    );
    const here = isHere(line);
    const element = h(
      "div",
      { class: here ? "gl-row gl-row-here" : "gl-row", "data-mark": mark || null, "data-row": row, "data-block": /^\s*b\d+:/.test(source) },
      h("span", { class: "gl-mark" }, mark || " "),
      h("span", { class: "gl-row-text" }, ...words),
    );
    const column = code ? placeOf(code, row).column : 0;
    set(element, "data-exact", here && column > 0 && column === selection.column);
    return element;
  }

  return {
    element: text,
    show(next, at) {
      code = next;
      const { passes } = next;
      const rows = passes[at]?.rows ?? [];
      const whole = rows.map((row) => ({ row, mark: /** @type {const} */ ("") }));
      lines = at === 0 ? whole : difference(passes[at - 1].rows, rows);
      list.show(lines.length);
    },
    select(next, go) {
      selection = next;
      list.show(lines.length);
      const chosen = lines.findIndex(({ row }) => Boolean(next.value) && code?.lines[row].includes(`${next.value} =`));
      const here = chosen >= 0 ? chosen : lines.findIndex(isHere);
      if (go && here >= 0) list.reveal(here);
    },
  };
}
