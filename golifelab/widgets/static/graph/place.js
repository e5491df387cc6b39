/**
 * Places from left to right. Blocks hang below the block that every way to them leads through; the
 * heaviest stays straight below it, the others go to its right. A line that passes a block's side pushes it
 * to the right, so bodies are indented as in the source.
 */

/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./levels.js").Levels} Levels */
/** @typedef {import("./lanes.js").Lane} Lane */

/** Where lines enter a block, from its left side; a lane's line from its left side. */
export const SPINE = 18;
/** The strip of a lane. */
const LANE = 30;
const GAP = 26;
/** The strip on the left of a loop, for the line that leads back; more of them for more lines. */
export const GUTTER = 24;
export const RAIL = 10;
const PAD = 10;

/**
 * What a subtree covers, the lowest row first: `left` and `right` are relative to its root.
 *
 * @typedef {{shift: number, end: number, left: number[], right: number[]}} Outline
 */

/**
 * @param {Levels} levels
 * @param {Int32Array} parent
 * @param {Lane[]} lanes
 * @param {Int32Array} rails of every level (+1) how many lines lead back on its left
 * @param {(block: number) => number} widthOf
 * @param {number[]} keys of every node: which of two equally heavy ones stays to the left
 * @returns {{x: Float64Array, laneX: Float64Array, width: Float64Array}} the left sides of nodes and lanes
 */
export function place({ members, row, tall, up }, parent, lanes, rails, widthOf, keys) {
  const blocks = up.length - (members.length - 1);
  const weight = new Int32Array(up.length);
  const width = new Float64Array(up.length);
  const offset = new Float64Array(up.length);
  const laneOffset = new Float64Array(lanes.length);
  /** @type {number[][]} */
  const children = Array.from(up, () => []);
  /** @type {number[][]} of every node the lanes right below it that stand on no block */
  const free = Array.from(up, () => []);
  /** @type {Map<number, Lane>} */
  const stems = new Map();
  lanes.forEach((lane, i) => {
    if (lane.on >= 0) stems.set(lane.on, lane);
    else free[lane.under].push(i);
  });

  const gutter = (/** @type {number} */ level) => {
    const count = rails[level + 1];
    return count === 0 ? 0 : GUTTER + RAIL * (count - 1);
  };
  // Inner loops have lower numbers than those around them; in each, from the bottom to the top.
  const outwards = [...members.keys()].map((level) => (level === members.length - 1 ? -1 : level));
  for (const level of outwards) {
    const nodes = members[level + 1];
    /** @type {Map<number, Outline>} */
    const outlines = new Map();
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
      const node = nodes[i];
      if (node < blocks) [width[node], weight[node]] = [widthOf(node), 1];
      for (const child of children[node]) weight[node] += weight[child];
      /** @type {Outline | null} */
      let all = null;
      const stay = (/** @type {number} */ child) => (stems.has(child) ? 1 : 0);
      const sorted = children[node].sort((a, b) => stay(b) - stay(a) || weight[b] - weight[a] || keys[a] - keys[b]);
      const firsts = sorted.filter(stay);
      for (const child of firsts) all = hang(all, child);
      for (const at of free[node]) {
        const count = lanes[at].end - lanes[at].top + 1;
        const strip = { shift: 0, end: lanes[at].end, left: Array(count).fill(0), right: Array(count).fill(LANE) };
        [laneOffset[at], all] = put(all, strip);
      }
      for (const child of sorted.slice(firsts.length)) all = hang(all, child);
      const own = all ?? { shift: 0, end: row[node] + tall[node] - 1, left: [], right: [] };
      const side = width[node] + GAP;
      // Rows between a node and what hangs below it are nobody's.
      for (let next = own.end - own.left.length; next >= row[node]; next -= 1) {
        const inside = next < row[node] + tall[node];
        own.left.push(inside ? -own.shift : Infinity);
        own.right.push(inside ? side - own.shift : -Infinity);
      }
      outlines.set(node, own);
      if (parent[node] >= 0) children[parent[node]].push(node);

      /** @param {Outline | null} before @param {number} child */
      function hang(before, child) {
        const outline = /** @type {Outline} */ (outlines.get(child));
        outlines.delete(child);
        const stem = stems.get(child);
        if (stem) {
          for (let next = outline.end - outline.left.length; next >= stem.top; next -= 1) {
            outline.left.push(-outline.shift);
            outline.right.push(LANE - outline.shift);
          }
        }
        const [at, merged] = put(before, outline);
        offset[child] = at;
        return merged;
      }
    }
    if (level < 0) continue;
    const whole = /** @type {Outline} */ (outlines.get(nodes[0]));
    const right = whole.right.reduce((most, one) => Math.max(most, one), 0) + whole.shift;
    const box = blocks + level;
    width[box] = gutter(level) + right - GAP + PAD;
    weight[box] = weight[nodes[0]];
  }

  const x = new Float64Array(up.length);
  for (const level of outwards.reverse()) {
    const left = (level < 0 ? 0 : x[blocks + level]) + gutter(level);
    for (const node of members[level + 1]) x[node] = parent[node] < 0 ? left : x[parent[node]] + offset[node];
  }
  const laneX = new Float64Array(lanes.length);
  lanes.forEach((lane, i) => (laneX[i] = lane.on >= 0 ? x[lane.on] : x[lane.under] + laneOffset[i]));
  return { x, laneX, width };
}

/**
 * Put an outline as far to the left as it goes beside what is there already.
 *
 * @param {Outline | null} before
 * @param {Outline} next
 * @returns {[number, Outline]} where it went, and both in one
 */
function put(before, next) {
  if (!before) return [0, next];
  const [a, b] = [before, next];
  const low = Math.min(a.end, b.end);
  const high = Math.max(a.end - a.left.length, b.end - b.left.length) + 1;
  let at = 0;
  for (let row = high; row <= low; row += 1) at = Math.max(at, a.right[a.end - row] + a.shift - b.left[b.end - row] - b.shift);
  b.shift += at;
  const [into, from] = a.end >= b.end ? [a, b] : [b, a];
  const change = from.shift - into.shift;
  const lowest = into.end - from.end;
  // Rows between the two are nobody's.
  while (into.left.length < lowest) {
    into.left.push(Infinity);
    into.right.push(-Infinity);
  }
  for (let i = 0; i < from.left.length; i += 1) {
    const [left, right] = [from.left[i] + change, from.right[i] + change];
    const row = lowest + i;
    into.left[row] = Math.min(into.left[row] ?? Infinity, left);
    into.right[row] = Math.max(into.right[row] ?? -Infinity, right);
  }
  return [at, into];
}
