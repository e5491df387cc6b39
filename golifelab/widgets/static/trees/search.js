/**
 * Finding nodes: by words, and by a place in the source.
 */

import { text } from "./model.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Tree} Tree */

const SEARCHED = /** @type {const} */ (["kind", "field", "text", "type", "constant", "note"]);

/**
 * @param {Tree} tree
 * @param {string} query looked for in kind, field, text, type, constant and note
 * @returns {Int32Array} the nodes that have it, ascending
 */
export function search(tree, query) {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return new Int32Array(0);
  // Every different string is looked at once: the rest is comparing numbers.
  const hit = Uint8Array.from(tree.strings, (one) => (one.toLowerCase().includes(wanted) ? 1 : 0));
  const found = new Int32Array(tree.count);
  let count = 0;
  for (let i = 0; i < tree.count; i += 1) {
    for (const name of SEARCHED) {
      if (hit[tree.texts[name][i]] !== 1) continue;
      found[count] = i;
      count += 1;
      break;
    }
  }
  return found.slice(0, count);
}

/**
 * @param {Int32Array} found ascending
 * @param {number} node
 * @param {1 | -1} direction
 * @returns {number} the next of them, around the end; -1 when there are none
 */
export function nextFound(found, node, direction) {
  if (found.length === 0) return -1;
  if (direction > 0) return found.find((one) => one > node) ?? found[0];
  return found.findLast((one) => one < node) ?? found[found.length - 1];
}

/**
 * The byte at which a place lies.
 *
 * @param {number[] | undefined} lines where the lines of its file begin
 * @param {Selection} selection
 * @returns {number} -1 for none
 */
export function byteOf(lines, { line, column, start }) {
  if (start !== undefined) return start;
  const first = line && lines?.[line - 1];
  return typeof first === "number" && column ? first + column - 1 : -1;
}

/**
 * The node that a selection means. Of trees with extents, the innermost node that covers the place, and all of
 * what was selected; of others the first one at the place. A line without a column means the first node on it.
 *
 * @param {Tree} tree
 * @param {Selection} selection
 * @param {number} byte where it lies in its file
 * @returns {number} -1 for none
 */
export function nodeAt(tree, selection, byte) {
  const { line, column, end = 0 } = selection;
  if (!line || tree.count === 0) return -1;
  const file = selection.file ? tree.strings.indexOf(selection.file) : tree.texts.file[0];
  const here = (/** @type {number} */ i) => tree.texts.file[i] === file;
  if (!column) return tree.line.findIndex((one, i) => one === line && here(i));
  if (tree.size[0] < 0) return tree.line.findIndex((one, i) => one === line && tree.column[i] === column && here(i));
  let found = -1;
  for (let i = 0; i < tree.count; i += 1) {
    const [from, to] = [tree.start[i], tree.start[i] + tree.size[i]];
    // In preorder an inner node comes after its outer ones, so of equal extents the last is inner.
    if (here(i) && from <= byte && byte < to && end <= to && (found < 0 || tree.size[i] <= tree.size[found])) found = i;
  }
  return found;
}

/**
 * @param {Tree} tree
 * @param {number} node
 * @returns {Selection} the node's own place, with the bytes it covers
 */
export function selectionOf(tree, node) {
  const place = { file: text(tree, "file", node), line: tree.line[node], column: tree.column[node] };
  return tree.size[node] < 0 ? place : { ...place, start: tree.start[node], end: tree.start[node] + tree.size[node] };
}
