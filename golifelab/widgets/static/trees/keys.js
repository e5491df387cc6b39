/**
 * The keys of a tree: WAI-ARIA's tree pattern, as pure functions.
 */

import { childrenOf, isParent, rootsOf, rowOf, text } from "./model.js";

/** @typedef {import("./model.js").Tree} Tree */

const PAGE = 15;

/**
 * What a key does in a tree (WAI-ARIA's tree pattern): where it leads, and what it opens or closes.
 *
 * @param {string} key
 * @param {Tree} tree
 * @param {Uint8Array} open changed
 * @param {Int32Array} rows what is seen
 * @param {number} node
 * @returns {{node: number, changed: boolean} | null} null for a key that does nothing here
 */
export function press(key, tree, open, rows, node) {
  if (tree.count === 0) return null;
  const at = Math.max(0, rowOf(rows, node));
  const here = rows[at];
  const go = (/** @type {number} */ row) => ({ node: rows[Math.max(0, Math.min(row, rows.length - 1))], changed: false });
  const turn = (/** @type {number} */ wanted) => {
    open[here] = wanted;
    return { node: here, changed: true };
  };
  const parent = isParent(tree, here);
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "PageDown":
      return go(at + PAGE);
    case "PageUp":
      return go(at - PAGE);
    case "Home":
      return go(0);
    case "End":
      return go(rows.length - 1);
    case "ArrowRight":
      if (!parent) return { node: here, changed: false };
      return open[here] ? { node: here + 1, changed: false } : turn(1);
    case "ArrowLeft":
      if (parent && open[here]) return turn(0);
      return { node: Math.max(tree.parent[here], tree.parent[here] < 0 ? here : 0), changed: false };
    case "Enter":
    case " ":
      return parent ? turn(open[here] ? 0 : 1) : { node: here, changed: false };
    case "*": {
      const family = tree.parent[here] < 0 ? rootsOf(tree) : childrenOf(tree, tree.parent[here]);
      for (const one of family) open[one] = 1;
      return { node: here, changed: true };
    }
    default:
      return null;
  }
}

/**
 * Typing ahead: the next node in view, after this one and around the end, whose word begins so. A node's word
 * is its kind, or what it names.
 *
 * @param {Tree} tree
 * @param {Int32Array} rows
 * @param {number} node
 * @param {string} typed
 * @returns {number} the node itself when there is no other
 */
export function typeAhead(tree, rows, node, typed) {
  const wanted = typed.toLowerCase();
  const at = Math.max(0, rowOf(rows, node));
  // Who types on means the node at hand, too.
  for (let step = wanted.length > 1 ? 0 : 1; step <= rows.length; step += 1) {
    const one = rows[(at + step) % rows.length];
    if (["kind", "text"].some((name) => text(tree, /** @type {import("./model.js").TextColumn} */ (name), one).toLowerCase().startsWith(wanted))) return one;
  }
  return node;
}
