/**
 * A tree of up to some hundred thousand nodes as flat columns: how its nodes hang together, what is open and
 * what is seen. No DOM here.
 */

/**
 * One tree as it is sent: see `golifelab.views.trees`. Columns that say nothing are left out.
 *
 * @typedef {object} Packed
 * @property {string} heading
 * @property {number} count nodes, those that were not sent included
 * @property {string[]} strings
 * @property {Record<string, number[]>} columns
 */

/** @typedef {"kind" | "field" | "file" | "text" | "type" | "constant" | "note"} TextColumn */

const TEXTS = /** @type {const} */ (["kind", "field", "file", "text", "type", "constant", "note"]);

/**
 * A tree in the browser. Nodes are numbers in preorder; `end` is the node behind a node's last descendant.
 *
 * @typedef {object} Tree
 * @property {number} count
 * @property {number} whole nodes, those that were not sent included
 * @property {string[]} strings
 * @property {Record<TextColumn, Int32Array>} texts indices into `strings`, -1 for none
 * @property {Int32Array} depth
 * @property {Int32Array} parent -1 for a root
 * @property {Int32Array} end
 * @property {Int32Array} place among its siblings, from 1
 * @property {Int32Array} siblings how many there are, itself included
 * @property {Int32Array} index in a field that is a list, else -1
 * @property {Int32Array} start
 * @property {Int32Array} size -1 where nodes have no extent
 * @property {Int32Array} line 0 when unknown
 * @property {Int32Array} column
 */

/** @param {number[] | undefined} values @param {number} count @param {number} missing */
const plain = (values, count, missing) => (values ? Int32Array.from(values) : new Int32Array(count).fill(missing));

/** @param {number[] | undefined} steps @param {number} count @param {number} missing */
function summed(steps, count, missing) {
  const column = plain(steps, count, missing);
  if (steps) for (let i = 1; i < count; i += 1) column[i] += column[i - 1];
  return column;
}

/** @param {Packed} packed @returns {Tree} */
export function unpack({ strings, columns, count: whole }) {
  const count = columns.depth.length;
  const texts = /** @type {Record<TextColumn, Int32Array>} */ ({});
  for (const name of TEXTS) texts[name] = plain(columns[name], count, -1);
  const depth = plain(columns.depth, count, 0);
  const [parent, end, place, siblings] = [0, 0, 0, 0].map(() => new Int32Array(count));
  /** @type {number[]} the last node of every depth, on the way to the current one */
  const path = [];
  /** @type {number[]} how many children it has so far */
  const children = [0];
  /** @param {number} to close the nodes that are at least this deep */
  const close = (to, /** @type {number} */ at) => {
    for (let d = path.length - 1; d >= to; d -= 1) end[path[d]] = at;
    path.length = Math.min(path.length, to);
    children.length = Math.min(children.length, to + 1);
  };
  for (let i = 0; i < count; i += 1) {
    const at = Math.min(depth[i], path.length);
    close(at, i);
    parent[i] = at > 0 ? path[at - 1] : -1;
    path.push(i);
    children[at] += 1;
    children.push(0);
    place[i] = children[at];
  }
  close(0, count);
  /** @type {Map<number, number>} */
  const families = new Map();
  for (let i = count - 1; i >= 0; i -= 1) {
    // From behind, the first of a family that is met is its last.
    if (!families.has(parent[i])) families.set(parent[i], place[i]);
    siblings[i] = /** @type {number} */ (families.get(parent[i]));
  }
  return {
    count,
    whole,
    strings,
    texts,
    depth,
    parent,
    end,
    place,
    siblings,
    index: plain(columns.index, count, -1),
    start: summed(columns.start, count, -1),
    size: plain(columns.size, count, -1),
    line: summed(columns.line, count, 0),
    column: plain(columns.column, count, 0),
  };
}

/** @param {Tree} tree @param {TextColumn} name @param {number} node @returns {string} */
export const text = (tree, name, node) => tree.strings[tree.texts[name][node]] ?? "";

/** @param {Tree} tree @param {number} node */
export const isParent = (tree, node) => tree.end[node] > node + 1;

/** @param {Tree} tree @param {number} node @returns {string} the field of the parent that holds it: "Body", "List[2]" */
export function fieldOf(tree, node) {
  const name = text(tree, "field", node);
  return name && tree.index[node] >= 0 ? `${name}[${tree.index[node]}]` : name;
}

/** @param {Tree} tree @param {number} node @returns {number[]} from the root to the node */
export function pathTo(tree, node) {
  const path = [];
  for (let at = node; at >= 0; at = tree.parent[at]) path.push(at);
  return path.reverse();
}

/** @param {Tree} tree @param {number} node @returns {number[]} */
export function childrenOf(tree, node) {
  const found = [];
  for (let at = node + 1; at < tree.end[node]; at = tree.end[at]) found.push(at);
  return found;
}

/**
 * What is open to begin with: all of a small tree; of a large one as many levels as fill a page or two.
 *
 * @param {Tree} tree
 * @param {number} [rows] as many as may be seen
 * @returns {Uint8Array}
 */
export function opened(tree, rows = 150) {
  const open = new Uint8Array(tree.count);
  /** @type {number[]} how many nodes there are of every depth */
  const levels = [];
  for (const depth of tree.depth) levels[depth] = (levels[depth] ?? 0) + 1;
  let seen = 0;
  let until = 0;
  for (; until < levels.length; until += 1) {
    seen += levels[until];
    if (seen > rows && until > 0) break;
  }
  // The nodes of the last level that is seen stay closed.
  for (let i = 0; i < tree.count; i += 1) open[i] = tree.depth[i] < until - 1 ? 1 : 0;
  return open;
}

/**
 * What was open before an edit stays open after it: the nodes are found again by where they hang. What is new
 * is opened as far as it would be in a new tree.
 *
 * @param {Tree} before
 * @param {Uint8Array} open
 * @param {Tree} after
 * @returns {Uint8Array}
 */
export function carried(before, open, after) {
  const next = opened(after);
  /** @type {[number, number][]} */
  const pairs = [];
  /** @param {number[]} old @param {number[]} now */
  const match = (old, now) => {
    const known = new Map(old.map((node) => [`${text(before, "kind", node)} ${fieldOf(before, node)} ${before.place[node]}`, node]));
    for (const node of now) {
      const twin = known.get(`${text(after, "kind", node)} ${fieldOf(after, node)} ${after.place[node]}`);
      if (twin !== undefined) pairs.push([twin, node]);
    }
  };
  match(rootsOf(before), rootsOf(after));
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [old, now] = pair;
    next[now] = open[old];
    if (open[old]) match(childrenOf(before, old), childrenOf(after, now));
  }
  return next;
}

/** @param {Tree} tree @returns {number[]} */
export function rootsOf(tree) {
  const found = [];
  for (let at = 0; at < tree.count; at = tree.end[at]) found.push(at);
  return found;
}

/**
 * @param {Tree} tree
 * @param {Uint8Array} open
 * @returns {Int32Array} the nodes whose ancestors are all open, in order
 */
export function visible(tree, open) {
  const rows = new Int32Array(tree.count);
  let count = 0;
  for (let at = 0; at < tree.count; at = open[at] ? at + 1 : tree.end[at]) {
    rows[count] = at;
    count += 1;
  }
  return rows.slice(0, count);
}

/**
 * @param {Int32Array} rows ascending
 * @param {number} node
 * @returns {number} its row, -1 when it is not seen
 */
export function rowOf(rows, node) {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (rows[middle] === node) return middle;
    if (rows[middle] < node) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * Open the ancestors of a node.
 *
 * @param {Tree} tree
 * @param {Uint8Array} open changed
 * @param {number} node
 * @returns {boolean} whether anything was closed
 */
export function reveal(tree, open, node) {
  let changed = false;
  for (let at = tree.parent[node]; at >= 0; at = tree.parent[at]) {
    changed ||= open[at] === 0;
    open[at] = 1;
  }
  return changed;
}

/**
 * Open or close a whole subtree.
 *
 * @param {Tree} tree
 * @param {Uint8Array} open changed
 * @param {number} node -1 for everything
 * @param {boolean} wanted
 */
export function setAll(tree, open, node, wanted) {
  const [from, to] = node < 0 ? [0, tree.count] : [node, tree.end[node]];
  open.fill(wanted ? 1 : 0, from, to);
}
