/**
 * Rows for the blocks of a graph. Every loop is a level of its own: a box of rows which, for the level
 * around it, is one node. What comes after a loop therefore stands below all of it, as in the source.
 */

/** @typedef {import("./flow.js").Flow} Flow */

/**
 * A node of a level is a block (its own number) or a whole loop (the number of blocks plus the loop's).
 *
 * @typedef {object} Levels
 * @property {(level: number, block: number) => number} nodeIn the node of a level that holds a block
 * @property {(a: number, b: number) => number} common the innermost level that holds both blocks
 * @property {Int32Array} up of every node the level that it belongs to: a loop, or -1 for the function
 * @property {number[][]} members the nodes of every level in reverse post order, at level + 1
 * @property {Int32Array} row of every node its first row, from the top of the function
 * @property {Int32Array} tall of every node how many rows it takes
 */

/**
 * @param {Flow} flow
 * @param {number[][]} successors
 * @returns {Levels}
 */
export function levelsOf({ order, rank, loop, loops }, successors) {
  const blocks = rank.length;
  const up = new Int32Array(blocks + loops.length);
  for (let i = 0; i < blocks; i += 1) up[i] = loop[i];
  loops.forEach(({ parent }, i) => (up[blocks + i] = parent));

  const depth = (/** @type {number} */ level) => (level < 0 ? 0 : loops[level].depth);
  /** @param {number} a @param {number} b */
  function common(a, b) {
    let [x, y] = [loop[a], loop[b]];
    while (x !== y) {
      if (depth(x) >= depth(y)) x = loops[x].parent;
      else y = loops[y].parent;
    }
    return x;
  }
  /** @param {number} level @param {number} block */
  function nodeIn(level, block) {
    let node = block;
    while (up[node] !== level) node = blocks + up[node];
    return node;
  }

  /** @type {number[][]} */
  const members = Array.from({ length: loops.length + 1 }, () => []);
  for (const block of order) {
    // The first block of a loop is its header: with it the loop takes its place among the others, and so
    // do the loops around that begin at the same block.
    for (let at = loop[block]; at >= 0 && loops[at].header === block; at = loops[at].parent) members[loops[at].parent + 1].push(blocks + at);
    members[loop[block] + 1].push(block);
  }

  // What must stand above a node, in its own level.
  /** @type {number[][]} */
  const above = Array.from(up, () => []);
  for (const from of order) {
    for (const to of successors[from]) {
      if (rank[to] <= rank[from]) continue;
      const level = common(from, to);
      above[nodeIn(level, to)].push(nodeIn(level, from));
    }
  }

  const row = new Int32Array(up.length);
  const tall = new Int32Array(up.length).fill(1);
  // Inner loops have lower numbers than those around them, and the function comes last.
  for (const level of [...loops.keys(), -1]) {
    let rows = 0;
    for (const node of members[level + 1]) {
      for (const other of above[node]) row[node] = Math.max(row[node], row[other] + tall[other]);
      rows = Math.max(rows, row[node] + tall[node]);
    }
    if (level >= 0) tall[blocks + level] = rows;
  }
  for (let level = loops.length - 1; level >= 0; level -= 1) {
    for (const node of members[level + 1]) row[node] += row[blocks + level];
  }
  return { nodeIn, common, up, members, row, tall };
}
