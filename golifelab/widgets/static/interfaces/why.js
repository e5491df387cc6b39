/**
 * Why a type is an interface or not: the reason, what it has and what is wanted, the checker's own
 * sentence, and the method set that decides it.
 */

import { h } from "../page/dom.js";
import { asWritten, methodRows, sentence, verdict } from "./model.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").At} At */
/** @typedef {import("./model.js").Interfaces} Interfaces */
/** @typedef {import("./model.js").Method} Method */
/** @typedef {import("./model.js").Named} Named */
/** @typedef {import("./model.js").Place} Place */

/**
 * @param {Interfaces} payload
 * @param {At} at
 * @param {(selection: Selection) => void} select
 * @returns {Node[]}
 */
export function explanation(payload, at, select) {
  const type = payload.types[at.row] ?? null;
  const wanted = payload.interfaces[at.column] ?? null;
  const cell = type && wanted ? payload.cells[at.row][at.column] : null;
  const state = cell ? verdict(cell) : null;
  /** @type {HTMLElement[]} */
  const parts = [
    h(
      "p",
      { class: "gl-reason-head", "data-state": state?.state },
      state && h("span", { class: "gl-verdict-mark", "aria-hidden": "true" }, state.mark),
      h("b", {}, sentence(payload, at)),
      " ",
      cell?.position && go(cell.position, select),
    ),
  ];
  if (cell && cell.have && cell.want) {
    parts.push(
      h(
        "table",
        { class: "gl-have-want" },
        h(
          "tbody",
          {},
          h("tr", {}, h("th", { scope: "row" }, "have"), h("td", {}, h("code", {}, cell.have))),
          h("tr", {}, h("th", { scope: "row" }, "want"), h("td", {}, h("code", {}, cell.want))),
        ),
      ),
    );
  }
  if (cell?.message) {
    parts.push(
      h(
        "figure",
        { class: "gl-own-words" },
        h("figcaption", {}, "the checker, asked about ", h("code", {}, cell.question)),
        h("blockquote", {}, cell.message.split("\n")[0]),
      ),
    );
  }
  if (type?.methods) parts.push(methodSets(payload, type, wanted, select));
  if (wanted?.methods) parts.push(wish(wanted, wanted.methods, select));
  return parts;
}

/**
 * The methods of T and *T, and which of them the interface wants.
 *
 * @param {Interfaces} payload
 * @param {Named} type
 * @param {Named | null} wanted
 * @param {(selection: Selection) => void} select
 */
function methodSets(payload, type, wanted, select) {
  const { value, pointer, rows } = methodRows(payload, type, wanted);
  const promoted = rows.some(({ method }) => method.through.length > 0);
  const heads = [
    "method",
    h("code", {}, value),
    h("code", {}, pointer),
    "receiver",
    promoted && "promoted through",
    wanted && h("span", {}, "wanted by ", h("code", {}, wanted.name)),
  ];
  const has = (/** @type {boolean} */ there) => h("td", { "data-state": there ? "yes" : "no" }, h("span", { role: "img", "aria-label": there ? "has it" : "has not" }, there ? "✓" : "–"));
  const lines = rows.map((row) => [
    h("td", {}, written(row.method, select)),
    has(row.value),
    has(row.pointer),
    h("td", {}, h("code", {}, row.method.receiver)),
    promoted && h("td", {}, row.method.through.length > 0 && h("code", {}, row.method.through.join("."))),
    wanted && h("td", {}, row.wanted && h("span", { role: "img", "aria-label": "wanted" }, "✓")),
  ]);
  return facts([`the method sets of `, h("code", {}, value), " and ", h("code", {}, pointer)], type, heads, lines, select);
}

/**
 * What an interface wants.
 *
 * @param {Named} wanted
 * @param {Method[]} methods
 * @param {(selection: Selection) => void} select
 */
function wish(wanted, methods, select) {
  const embedded = methods.some((method) => method.receiver !== wanted.name);
  const heads = ["method", embedded && "declared in"];
  const lines = methods.map((method) => [
    h("td", {}, written(method, select)),
    embedded && h("td", {}, h("code", {}, method.receiver)),
  ]);
  return facts(["what ", h("code", {}, wanted.name), " wants"], wanted, heads, lines, select);
}

/**
 * @param {import("../page/dom.js").Child[]} title
 * @param {Named} named what the table is about
 * @param {import("../page/dom.js").Child[]} heads
 * @param {import("../page/dom.js").Child[][]} lines
 * @param {(selection: Selection) => void} select
 */
function facts(title, named, heads, lines, select) {
  const place = named.position ? [" · ", go(named.position, select)] : [];
  const caption = h("caption", {}, ...title, ...place);
  if (lines.length === 0) return h("table", { class: "gl-methods" }, caption, h("tbody", {}, h("tr", {}, h("td", {}, "no methods"))));
  const shown = heads.filter((head) => head !== false && head !== null);
  const table = h(
    "table",
    { class: "gl-methods" },
    caption,
    // One column is told by the caption.
    shown.length > 1 && h("thead", {}, h("tr", {}, ...shown.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...lines.map((cells) => h("tr", {}, ...cells))),
  );
  return h("div", { class: "gl-methods-frame" }, table);
}

/**
 * A method as an interface would write it; it leads to its declaration where that is in this program.
 *
 * @param {Method} method
 * @param {(selection: Selection) => void} select
 */
function written(method, select) {
  const text = asWritten(method);
  return method.position ? go(method.position, select, text) : h("code", { title: "declared in another package" }, text);
}

/**
 * @param {Place} place
 * @param {(selection: Selection) => void} select
 * @param {string} [text] what leads there; by default the place itself
 */
function go({ file, line, column }, select, text) {
  const where = `${file}:${line}:${column}`;
  const title = text ? where : null;
  return h("button", { class: "gl-go", type: "button", title, onclick: () => select({ file, line, column }) }, text ?? where);
}
