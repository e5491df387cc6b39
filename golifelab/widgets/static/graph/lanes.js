/**
 * The upright lines of a graph: an edge that passes rows without ending in them needs a free strip there.
 *
 * Strips for one target are shared: what jumps to it from further below joins the line that is there.
 */

/** @typedef {import("./flow.js").Flow} Flow */
/** @typedef {import("./levels.js").Levels} Levels */

/**
 * A strip of one level, from row `top` to row `end`, below the node `under`. A `stem` stands on the node
 * `on` and moves with it.
 *
 * @typedef {{level: number, under: number, on: number, top: number, end: number, target: number}} Lane
 */

/** @typedef {{from: number, to: number, index: number, lanes: number[]}} Way an edge, and the lanes it takes */

/**
 * @param {Flow} flow
 * @param {number[][]} successors
 * @param {Levels} levels
 * @param {Int32Array} parent of every node the one above it in its level
 * @returns {{ways: Way[], lanes: Lane[]}} `ways` without the edges that lead back
 */
export function lanesOf(flow, successors, levels, parent) {
  const { common, nodeIn, up, row, tall } = levels;
  const blocks = flow.rank.length;
  const below = (/** @type {number} */ node) => row[node] + tall[node];
  const spans = treeSpans(levels, parent);

  /** @typedef {{level: number, under: number, on: number, target: number, end: number, way: number}} Want */
  /** @type {Want[]} */
  const wants = [];
  /** @type {Way[]} */
  const ways = [];
  for (const from of flow.order) {
    successors[from].forEach((to, index) => {
      if (flow.rank[to] <= flow.rank[from]) return;
      const way = ways.push({ from, to, index, lanes: [] }) - 1;
      const last = common(from, to);
      let under = from;
      for (let level = flow.loop[from]; level !== last; level = up[under]) {
        const box = blocks + level;
        if (below(under) < below(box)) wants.push({ level, under, on: -1, target: to, end: below(box) - 1, way });
        under = box;
      }
      const goal = nodeIn(last, to);
      const on = parent[goal] === under ? goal : -1;
      if (below(under) < row[goal]) wants.push({ level: last, under, on, target: to, end: row[goal] - 1, way });
    });
  }

  // In the order of the trees, a node comes right before what is below it: whoever is still open when
  // another one comes is above that one. Stable, so that the lanes of one way stay in their order.
  const sorted = [...wants.keys()].sort((x, y) => {
    const [a, b] = [wants[x], wants[y]];
    return a.target - b.target || a.level - b.level || spans.first[a.under] - spans.first[b.under] || b.on - a.on || x - y;
  });
  /** @type {Lane[]} */
  const lanes = [];
  /** @type {number[]} lanes for the same target in the same level, each below the one before it */
  let open = [];
  const laneOf = new Int32Array(wants.length);
  for (const at of sorted) {
    const { level, under, on, target, end } = wants[at];
    if (open.length > 0 && (lanes[open[0]].target !== target || lanes[open[0]].level !== level)) open = [];
    while (open.length > 0 && !spans.holds(lanes[open[open.length - 1]].under, under)) open.pop();
    if (open.length === 0) open.push(lanes.push({ level, under, on, top: below(under), end, target }) - 1);
    laneOf[at] = open[open.length - 1];
  }
  // Wants were made way by way, from the inside out: so are the lanes of a way.
  wants.forEach(({ way }, at) => ways[way].lanes.push(laneOf[at]));
  return { ways, lanes };
}

/**
 * @param {Levels} levels
 * @param {Int32Array} parent
 */
function treeSpans({ members, up }, parent) {
  const size = new Int32Array(up.length).fill(1);
  const first = new Int32Array(up.length);
  const used = new Int32Array(up.length);
  for (const nodes of members) {
    for (let i = nodes.length - 1; i >= 0; i -= 1) if (parent[nodes[i]] >= 0) size[parent[nodes[i]]] += size[nodes[i]];
    for (const node of nodes) {
      const above = parent[node];
      if (above < 0) continue;
      first[node] = first[above] + 1 + used[above];
      used[above] += size[node];
    }
  }
  return {
    first,
    holds: (/** @type {number} */ above, /** @type {number} */ below) =>
      first[below] >= first[above] && first[below] < first[above] + size[above],
  };
}
