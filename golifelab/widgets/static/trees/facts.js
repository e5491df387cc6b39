/**
 * Everything that is known of one node of a tree, and the way to it.
 */

import { h } from "../page/dom.js";
import { span } from "../ribbon/facts.js";
import { fieldOf, pathTo, text } from "./model.js";

/** @typedef {import("./model.js").Tree} Tree */

/**
 * Positions that nodes keep besides their own; `node` counts from the one before.
 *
 * @typedef {{node: number[], name: number[], line: number[], column: number[]}} Marks
 */

/** What the note of a node is, in each tree. */
const NOTES = /** @type {Record<string, string>} */ ({ syntax: "stands for a", ir: "attributes" });

/**
 * @param {Tree} tree
 * @param {number} node
 * @param {{id: string, marks?: Marks, mark_names?: string[]}} part
 * @param {Record<string, number[]>} lines for every file where its lines begin
 * @returns {[string, string][]} names and values
 */
export function nodeFacts(tree, node, part, lines) {
  const [line, column, start, size] = [tree.line[node], tree.column[node], tree.start[node], tree.size[node]];
  const starts = lines[text(tree, "file", node)];
  const place = line > 0 ? `${text(tree, "file", node)}:${line}${column > 0 ? `:${column}` : ""}` : "none: the compiler made it";
  /** @type {[string, string][]} */
  const rows = [
    ["text", text(tree, "text", node)],
    ["type", text(tree, "type", node)],
    ["constant", text(tree, "constant", node)],
    [NOTES[part.id] ?? "note", text(tree, "note", node)],
    ["position", place],
    ...marksOf(node, part),
    ["bytes", size < 0 ? "" : span(start, size)],
    ["until", size > 0 && starts ? placeOf(starts, start + size - 1) : ""],
  ];
  return rows.filter(([, value]) => value !== "");
}

/**
 * @param {number[]} lines ascending
 * @param {number} byte
 * @returns {string} line and column
 */
export function placeOf(lines, byte) {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle] <= byte) low = middle;
    else high = middle - 1;
  }
  return `${low + 1}:${byte - (lines[low] ?? 0) + 1}`;
}

/**
 * @param {number} node
 * @param {{marks?: Marks, mark_names?: string[]}} part
 * @returns {[string, string][]} the fields of a node that hold positions
 */
export function marksOf(node, { marks, mark_names: names = [] }) {
  if (!marks) return [];
  /** @type {[string, string][]} */
  const found = [];
  let at = 0;
  for (let i = 0; i < marks.node.length; i += 1) {
    at += marks.node[i];
    if (at === node) found.push([names[marks.name[i]] ?? "", `${marks.line[i]}:${marks.column[i]}`]);
  }
  return found;
}

/**
 * The way from the root to a node, each step of which can be gone to.
 *
 * @param {string} title the tree's name
 * @param {Tree} tree
 * @param {number} node
 * @param {(node: number) => void} go
 */
export function breadcrumb(title, tree, node, go) {
  const steps = pathTo(tree, node).map((one) =>
    h(
      "li",
      {},
      one === node
        ? h("b", {}, label(tree, one))
        : h("button", { type: "button", class: "gl-crumb", onclick: () => go(one) }, label(tree, one)),
    ),
  );
  return h("nav", { "aria-label": "the way to the node" }, h("ol", { class: "gl-crumbs" }, h("li", { class: "gl-note" }, title), ...steps));
}

/** @param {Tree} tree @param {number} node */
function label(tree, node) {
  const field = fieldOf(tree, node);
  return [field && `${field}:`, text(tree, "kind", node), shortened(text(tree, "text", node))].filter(Boolean).join(" ");
}

/**
 * @param {Tree} tree
 * @param {number} node
 * @returns {string} kind, name and type
 */
export function nodeWords(tree, node) {
  const named = [text(tree, "kind", node), shortened(text(tree, "text", node)), shortened(text(tree, "type", node))];
  return named.filter(Boolean).join(" ");
}

/** @param {string} words */
const shortened = (words) => (words.length > 24 ? `${words.slice(0, 23)}…` : words);
