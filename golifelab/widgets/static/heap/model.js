/**
 * The tree of who allocates: totals, what of it is in view, and where each part is drawn.
 */

/**
 * @typedef {object} Heap see views/heap.py
 * @property {[string, string][]} types
 * @property {string[]} names
 * @property {string[]} files
 * @property {{parent: number[], name: number[], file: number[], line: number[]}} nodes
 * @property {number[][]} own a list for each type
 * @property {string[]} fields
 * @property {number[][]} samples
 * @property {any[][]} collections
 * @property {number[][]} scavenges
 * @property {[string, [number, number, number][]][]} arenas
 * @property {number} rate
 * @property {string} ended
 */

/**
 * @typedef {object} Tree
 * @property {number[]} own
 * @property {number[]} total
 * @property {number[][]} children the largest first; without what is nothing
 * @property {number[]} depth
 */

/** @typedef {{node: number, left: number, width: number, row: number}} Box as shares of the width */

export const MOMENTS = /** @type {Record<string, string>} */ ({
  begin: "as main begins",
  most: "when most was alive",
  last: "when main has returned",
  end: "after two more collections",
});

const UNITS = /** @type {[number, string][]} */ ([
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
]);

/** @param {number} count */
export const figure = (count) => count.toLocaleString("en");

/** @param {number} size */
export function bytes(size) {
  const found = UNITS.find(([least]) => Math.abs(size) >= least);
  return found ? `${(size / found[0]).toLocaleString("en", { maximumFractionDigits: 1 })} ${found[1]}` : `${size} bytes`;
}

/** Where lines of a scale are: round numbers of bytes, up to five of them. @param {number} top */
export function levels(top) {
  const step = 2 ** Math.max(0, Math.ceil(Math.log2(top / 4)));
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, at) => at * step);
}

/** @param {number} value @param {string} unit */
export const amount = (value, unit) => (unit === "bytes" ? bytes(value) : `${figure(value)} object${value === 1 ? "" : "s"}`);

/**
 * @param {Heap} heap
 * @param {string} type
 * @returns {Tree}
 */
export function treeOf(heap, type) {
  const { parent } = heap.nodes;
  const own = heap.own[Math.max(0, heap.types.findIndex(([name]) => name === type))] ?? [];
  const total = [...own];
  /** @type {number[][]} */
  const children = parent.map(() => []);
  const depth = parent.map(() => 0);
  // Parents come before their children.
  for (let node = parent.length - 1; node > 0; node -= 1) {
    total[parent[node]] += total[node];
    if (total[node] > 0) children[parent[node]].push(node);
  }
  for (let node = 1; node < parent.length; node += 1) depth[node] = depth[parent[node]] + 1;
  for (const list of children) list.sort((a, b) => total[b] - total[a] || a - b);
  return { own, total, children, depth };
}

/** @param {Heap} heap @param {number} node @returns {number[]} from the root down to it */
export function wayTo(heap, node) {
  const way = [];
  for (let at = node; at >= 0; at = heap.nodes.parent[at]) way.unshift(at);
  return way;
}

/**
 * What is drawn when one part fills the width: the way to it above, its parts below.
 *
 * @param {Heap} heap
 * @param {Tree} tree
 * @param {number} root
 * @param {number} narrow the share of the width below which nothing is drawn
 * @returns {Box[]} row by row, from the left
 */
export function layout(heap, tree, root, narrow) {
  /** @type {Box[]} */
  const boxes = wayTo(heap, root).map((node, row) => ({ node, left: 0, width: 1, row }));
  let level = [boxes[boxes.length - 1]];
  while (level.length > 0) {
    /** @type {Box[]} */
    const next = [];
    for (const { node, left, width, row } of level) {
      let at = left;
      for (const child of tree.children[node]) {
        const share = (width * tree.total[child]) / (tree.total[node] || 1);
        if (share >= narrow) next.push({ node: child, left: at, width: share, row: row + 1 });
        at += share;
      }
    }
    boxes.push(...next);
    level = next;
  }
  return boxes;
}

/**
 * Where a key leads from a part.
 *
 * @param {Heap} heap
 * @param {Tree} tree
 * @param {number} node
 * @param {string} key
 * @returns {number} another part, or the same
 */
export function move(heap, tree, node, key) {
  const parent = heap.nodes.parent[node];
  if (key === "ArrowUp") return parent < 0 ? node : parent;
  if (key === "ArrowDown") return tree.children[node][0] ?? node;
  if (key === "Home") return 0;
  if (parent < 0) return node;
  const around = tree.children[parent];
  const at = around.indexOf(node) + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0);
  return around[at] ?? node;
}

/** @param {Heap} heap @param {Tree} tree @param {number} node @param {string} unit */
export function words(heap, tree, node, unit) {
  const all = tree.total[0] || 1;
  const share = `${((100 * tree.total[node]) / all).toFixed(1)} %`;
  const file = heap.nodes.file[node];
  const place = file < 0 ? "" : `, ${heap.files[file]}:${heap.nodes.line[node]}`;
  const self = tree.own[node] === tree.total[node] ? ", all in itself" : tree.own[node] ? `, ${amount(tree.own[node], unit)} in itself` : "";
  return `${heap.names[heap.nodes.name[node]]}: ${amount(tree.total[node], unit)}, ${share}${self}${place}`;
}

/**
 * @param {Heap} heap
 * @param {Tree} tree
 * @returns {{name: string, flat: number, total: number}[]} by function, the most first
 */
export function functions(heap, tree) {
  /** @type {Map<string, {name: string, flat: number, total: number}>} */
  const found = new Map();
  heap.nodes.parent.forEach((_, node) => {
    const name = heap.names[heap.nodes.name[node]];
    const one = found.get(name) ?? { name, flat: 0, total: 0 };
    one.flat += tree.own[node];
    // A function that calls itself counts once on each way.
    const again = wayTo(heap, node).slice(0, -1).some((above) => heap.names[heap.nodes.name[above]] === name);
    if (!again) one.total += tree.total[node];
    if (node > 0) found.set(name, one);
  });
  return [...found.values()].filter((one) => one.total > 0).sort((a, b) => b.flat - a.flat || b.total - a.total);
}

/** @param {Heap} heap @param {Tree} tree @param {string} file @param {number} line @returns {number} the largest part there, -1 for none */
export function atLine(heap, tree, file, line) {
  let best = -1;
  heap.nodes.parent.forEach((_, node) => {
    const here = heap.files[heap.nodes.file[node]] === file && heap.nodes.line[node] === line;
    if (here && tree.total[node] > (best < 0 ? 0 : tree.total[best])) best = node;
  });
  return best;
}

/** @param {Heap} heap @param {string} name */
export const field = (heap, name) => heap.fields.indexOf(name);

/** @param {Heap} heap @param {number} at @returns {string} what memory was like in a sample */
export function sampleWords(heap, at) {
  const row = heap.samples[at];
  if (!row) return "";
  const of = (/** @type {string} */ name) => row[field(heap, name)];
  return `After ${(of("at") / 1000).toFixed(1)} ms: ${bytes(of("objects"))} of objects, the next collection at ${bytes(of("goal"))}; ${bytes(of("live"))} were alive after collection ${of("cycles")}. Stacks ${bytes(of("stacks"))}, mapped in all ${bytes(of("total"))}, ${bytes(of("released"))} of it given back.`;
}

/** @param {any[]} row a collection @returns {string} as the runtime prints it */
export function traceLine(row) {
  const [number, at, share, clock, start, end, live, goal, stacks, globals, procs, forced] = row;
  return `gc ${number} @${at.toFixed(3)}s ${share}%: ${clock.join("+")} ms clock, ${start}->${end}->${live} MB, ${goal} MB goal, ${stacks} MB stacks, ${globals} MB globals, ${procs} P${forced ? " (forced)" : ""}`;
}
