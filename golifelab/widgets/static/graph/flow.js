/**
 * What the shape of a graph says: a reverse post order, dominators, and the nest of loops.
 *
 * A loop is a natural one: its header dominates the blocks that jump back to it. A jump back to a block
 * that does not (Go's `goto` into the middle of a loop makes one) belongs to no loop.
 */

/**
 * @typedef {object} Flow
 * @property {number[]} order the blocks that can be reached, in reverse post order; the entry first
 * @property {Int32Array} rank of every block its place in `order`, -1 when it cannot be reached
 * @property {Int32Array} idom of every block its immediate dominator, -1 for the entry
 * @property {Int32Array} loop of every block its innermost loop, -1 for none
 * @property {Loop[]} loops
 */

/** @typedef {{header: number, parent: number, depth: number}} Loop `parent` is a loop or -1; `depth` from 1 */

/**
 * @param {number[][]} successors of every block
 * @param {number} [entry]
 * @returns {Flow}
 */
export function flowOf(successors, entry = 0) {
  const { order, rank } = reversePostOrder(successors, entry);
  /** @type {number[][]} */
  const predecessors = successors.map(() => []);
  for (const from of order) for (const to of successors[from]) predecessors[to].push(from);
  const idom = dominators(order, rank, predecessors);
  return { order, rank, idom, ...loopNest(order, rank, idom, predecessors) };
}

/** @param {number[][]} successors @param {number} entry */
function reversePostOrder(successors, entry) {
  const rank = new Int32Array(successors.length).fill(-1);
  /** @type {number[]} */
  const order = [];
  if (successors.length === 0) return { order, rank };
  const next = new Int32Array(successors.length);
  const seen = new Uint8Array(successors.length);
  const stack = [entry];
  seen[entry] = 1;
  while (stack.length > 0) {
    const block = stack[stack.length - 1];
    if (next[block] === successors[block].length) {
      order.push(block);
      stack.pop();
      continue;
    }
    const to = successors[block][next[block]];
    next[block] += 1;
    if (seen[to]) continue;
    seen[to] = 1;
    stack.push(to);
  }
  order.reverse();
  order.forEach((block, i) => (rank[block] = i));
  return { order, rank };
}

/**
 * Cooper, Harvey and Kennedy: "A simple, fast dominance algorithm".
 *
 * @param {number[]} order
 * @param {Int32Array} rank
 * @param {number[][]} predecessors
 */
function dominators(order, rank, predecessors) {
  const idom = new Int32Array(rank.length).fill(-1);
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order.slice(1)) {
      let found = -1;
      for (const from of predecessors[block]) {
        if (from !== order[0] && idom[from] < 0) continue;
        if (found < 0) {
          found = from;
          continue;
        }
        for (let other = from; found !== other; ) {
          if (rank[found] > rank[other]) found = idom[found];
          else other = idom[other];
        }
      }
      if (idom[block] === found) continue;
      idom[block] = found;
      changed = true;
    }
  }
  return idom;
}

/**
 * @param {number[]} order
 * @param {Int32Array} rank
 * @param {Int32Array} idom
 * @param {number[][]} predecessors
 */
function loopNest(order, rank, idom, predecessors) {
  const loop = new Int32Array(rank.length).fill(-1);
  /** @type {Loop[]} */
  const loops = [];
  /** @type {number[]} of every loop the outermost one found so far, shortened on the way */
  const top = [];
  const outermost = (/** @type {number} */ at) => {
    while (top[at] !== at) at = top[at] = top[top[at]];
    return at;
  };
  const dominates = dominance(order, idom);
  // Inner headers come after outer ones in the order: going backwards, inner loops are found first.
  for (const header of [...order].reverse()) {
    const work = predecessors[header].filter((from) => rank[from] >= rank[header] && dominates(header, from));
    if (work.length === 0) continue;
    const mine = loops.push({ header, parent: -1, depth: 0 }) - 1;
    top.push(mine);
    loop[header] = mine;
    while (work.length > 0) {
      const block = /** @type {number} */ (work.pop());
      if (loop[block] < 0) {
        loop[block] = mine;
        work.push(...predecessors[block]);
        continue;
      }
      const inner = outermost(loop[block]);
      if (inner === mine) continue;
      loops[inner].parent = mine;
      top[inner] = mine;
      work.push(...predecessors[loops[inner].header]);
    }
  }
  for (let i = loops.length - 1; i >= 0; i -= 1) loops[i].depth = loops[i].parent < 0 ? 1 : loops[loops[i].parent].depth + 1;
  return { loop, loops };
}

/**
 * @param {number[]} order
 * @param {Int32Array} idom
 * @returns {(above: number, below: number) => boolean} whether every way to `below` leads through `above`
 */
function dominance(order, idom) {
  const size = new Int32Array(idom.length).fill(1);
  for (const block of [...order].reverse()) if (idom[block] >= 0) size[idom[block]] += size[block];
  const first = new Int32Array(idom.length);
  const used = new Int32Array(idom.length);
  for (const block of order) {
    const above = idom[block];
    if (above < 0) continue;
    first[block] = first[above] + 1 + used[above];
    used[above] += size[block];
  }
  return (above, below) => first[below] >= first[above] && first[below] < first[above] + size[above];
}
