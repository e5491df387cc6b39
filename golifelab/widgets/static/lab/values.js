/**
 * The values of a function after a pass, line by line, with what the pass added and took away.
 */

import { h, set } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { definitions, linesOf, pieces, placeOf } from "./passes.js";
import { found, markAll } from "./pins.js";
import { nextHit, within } from "./query.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */
/** @typedef {import("./passes.js").Line} Line */

/**
 * @param {HTMLElement} parent
 * @param {import("./pane.js").Context} context
 * @returns {import("./pane.js").PaneView}
 */
export function createValues(parent, { marks }) {
  /** @type {Code | null} */
  let code = null;
  /** @type {Line[]} the lines of the pass that is shown */
  let lines = [];
  let pass = 0;
  /** @type {Selection} */
  let selection = {};
  /** The line of the hit that the search went to last. */
  let hit = -1;

  const text = h("div", { class: "gl-ssa-text", tabindex: "0", role: "group", "aria-label": "SSA text" });
  parent.append(text);
  const list = virtualList(text, (index) => lineElement(lines[index]));

  /** @param {Line} line @returns {boolean} whether it is of the selected source line */
  const isHere = ({ row }) => Boolean(selection.line && code) && placeOf(/** @type {Code} */ (code), row).line === selection.line;

  /** @param {Line} line */
  function lineElement(line) {
    const { row, mark } = line;
    const source = code?.lines[row] ?? "";
    const spans = marks?.search.spans(source) ?? [];
    let from = 0;
    const words = pieces(source).flatMap((piece) => {
      const start = from;
      from += piece.text.length;
      const text = found(piece.text, within(spans, start, from));
      const ring = piece.text === selection.value ? "gl-value gl-ring" : "gl-value";
      return piece.value ? [h("span", { class: ring, "data-value": piece.text }, ...text)] : text;
    });
    const here = isHere(line);
    const element = h(
      "div",
      { class: here ? "gl-row gl-row-here" : "gl-row", "data-mark": mark || null, "data-row": row, "data-block": /^\s*b\d+:/.test(source) },
      h("span", { class: "gl-mark" }, mark || " "),
      h("span", { class: "gl-row-text" }, ...words),
    );
    const column = code ? placeOf(code, row).column : 0;
    set(element, "data-exact", here && column > 0 && column === selection.column);
    set(element, "data-hit", hit >= 0 && lines[hit] === line);
    if (marks) markAll(element, marks);
    return element;
  }
  const leave = marks?.subscribe(() => {
    hit = -1;
    list.show(lines.length);
  });

  return {
    element: text,
    show(next, at) {
      [code, pass] = [next, at];
      hit = -1;
      lines = linesOf(next, at);
      list.show(lines.length);
    },
    select(next, go) {
      selection = next;
      list.show(lines.length);
      const home = next.value && code ? definitions(code, code.passes[pass]).get(next.value) : undefined;
      const chosen = lines.findIndex(({ row }) => row === home);
      const here = chosen >= 0 ? chosen : lines.findIndex(isHere);
      if (go && here >= 0) list.reveal(here);
    },
    find(direction) {
      const next = nextHit(lines.length, (i) => marks?.search.test(code?.lines[lines[i].row] ?? "") ?? false, hit, direction);
      if (next < 0) return;
      hit = next;
      list.show(lines.length);
      list.reveal(hit);
    },
    destroy: leave,
  };
}
