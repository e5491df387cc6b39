/**
 * A picture of a control-flow graph: where its blocks, its loops and its lines are.
 *
 * Control flows down; only the line that closes a loop goes up, on the loop's left side. A block hangs
 * below the one that every way to it leads through, and what comes after a loop stands below all of it.
 * No step looks for a best arrangement, so a pass that changes a little moves little, and the time grows
 * with the number of blocks.
 */

import { flowOf } from "./flow.js";
import { lanesOf } from "./lanes.js";
import { levelsOf } from "./levels.js";
import { GUTTER, RAIL, SPINE, place } from "./place.js";
import { assignTracks } from "./route.js";

/** @typedef {import("./route.js").Piece} Piece */

/**
 * What a block needs. Of two equally heavy branches the one with the smaller `key` stays to the left: the
 * block's own number, which it keeps from pass to pass.
 *
 * @typedef {{successors: number[], width: number, height: number, key: number}} Shape
 */
/** @typedef {{block: number, x: number, y: number, width: number, height: number, row: number}} PlacedBlock */
/** @typedef {[number, number]} Point */
/** @typedef {{from: number, to: number, index: number, back: boolean, points: Point[]}} PlacedEdge the points' lines are level or upright */
/** @typedef {{header: number, depth: number, parent: number, x: number, y: number, width: number, height: number}} PlacedLoop */

/**
 * @typedef {object} Layout
 * @property {(PlacedBlock | null)[]} blocks null for a block that cannot be reached
 * @property {PlacedEdge[]} edges
 * @property {PlacedLoop[]} loops
 * @property {number[]} order the blocks in reverse post order
 * @property {Int32Array} loopOf of every block its innermost loop, or -1
 * @property {number} width
 * @property {number} height
 */

const MARGIN = 12;
const TRACK = 7;
/** Of a channel: what is free above its tracks, and below them, where the arrows are. */
const ABOVE = 11;
const BELOW = 15;
const PORT = 13;
/** How far from a header's upper side the line comes in that closes its loop. */
const BACK = 10;

/**
 * What of a picture the sizes of the blocks have no part in.
 *
 * @typedef {object} Structure
 * @property {import("./flow.js").Flow} flow
 * @property {import("./levels.js").Levels} levels
 * @property {Int32Array} parent
 * @property {import("./lanes.js").Way[]} ways
 * @property {import("./lanes.js").Lane[]} lanes
 * @property {ReturnType<typeof backsOf>["backs"]} backs
 * @property {Int32Array} rails
 */

/**
 * @param {number[][]} successors of every block
 * @param {number} [entry]
 * @returns {Structure}
 */
export function structureOf(successors, entry = 0) {
  const flow = flowOf(successors, entry);
  const levels = levelsOf(flow, successors);
  const parent = parentsOf(flow, levels);
  return { flow, levels, parent, ...lanesOf(flow, successors, levels, parent), ...backsOf(flow, levels, successors) };
}

/**
 * @param {Shape[]} shapes
 * @param {Structure} [structure] of the same blocks; by default the first is the entry
 * @returns {Layout}
 */
export function layout(shapes, structure = structureOf(shapes.map((shape) => shape.successors))) {
  const { flow, levels, parent, ways, lanes, backs, rails } = structure;
  const keys = [...shapes, ...flow.loops.map(({ header }) => shapes[header])].map((shape) => shape.key);
  const placed = place(levels, parent, lanes, rails, (block) => shapes[block].width, keys);
  const x = placed.x.map((one) => one + MARGIN);
  const laneX = placed.laneX.map((one) => one + MARGIN + SPINE);
  const count = shapes.length;
  const rows = flow.order.reduce((most, block) => Math.max(most, levels.row[block] + 1), 0);

  /** @type {PlacedEdge[]} */
  const edges = [];
  /** @type {Piece[][]} the pieces in the channel below every row; the first is above all rows */
  const channels = Array.from({ length: rows + 1 }, () => []);
  /** @type {(() => void)[]} */
  const trace = [];
  /** @type {Map<number, {goal: number, connect: (x: number) => void}[]>} */
  const leaving = new Map();
  const leave = (/** @type {number} */ block, /** @type {number} */ goal, /** @type {(x: number) => void} */ connect) => {
    const held = leaving.get(block);
    if (held) held.push({ goal, connect });
    else leaving.set(block, [{ goal, connect }]);
  };
  const piece = (/** @type {number} */ row, /** @type {Piece} */ made) => {
    channels[row + 1].push(made);
    return made;
  };
  const top = new Float64Array(rows + 1);
  const under = new Float64Array(rows + 1);
  const level = (/** @type {number} */ row, /** @type {Piece} */ one) => under[row + 1] + one.track * TRACK;

  for (const way of ways) {
    // Where the line goes down, lane by lane, and at last into the block.
    const stops = way.lanes.map((at) => ({ x: laneX[at], end: lanes[at].end, net: `l${at}` }));
    stops.push({ x: x[way.to] + SPINE, end: -1, net: `b${way.to}` });
    const edge = { from: way.from, to: way.to, index: way.index, back: false, points: /** @type {Point[]} */ ([]) };
    edges.push(edge);
    leave(way.from, stops[0].x, (port) => {
      let [row, at] = [levels.row[way.from], port];
      const made = stops.map((stop) => {
        const one = { row, piece: piece(row, { x1: at, x2: stop.x, net: stop.net, track: 0 }) };
        [row, at] = [stop.end, stop.x];
        return one;
      });
      trace.push(() => {
        edge.points = [[port, top[levels.row[way.from]] + shapes[way.from].height]];
        for (const one of made) bend(edge.points, one.piece, level(one.row, one.piece));
        edge.points.push([x[way.to] + SPINE, top[levels.row[way.to]]]);
      });
    });
  }
  for (const back of backs) {
    const left = back.level < 0 ? MARGIN : x[count + back.level];
    const rail = left + GUTTER / 2 + back.rail * RAIL;
    const edge = { from: back.from, to: back.to, index: back.index, back: true, points: /** @type {Point[]} */ ([]) };
    edges.push(edge);
    leave(back.from, rail, (port) => {
      const down = piece(levels.row[back.from], { x1: port, x2: rail, net: `r${back.level} ${back.rail}`, track: 0 });
      const row = levels.row[back.to] - 1;
      const in_ = back.closes ? null : piece(row, { x1: rail, x2: x[back.to] + SPINE, net: `b${back.to}`, track: 0 });
      trace.push(() => {
        edge.points = [[port, top[levels.row[back.from]] + shapes[back.from].height]];
        bend(edge.points, down, level(levels.row[back.from], down));
        if (in_) bend(edge.points, in_, level(row, in_));
        const y = top[levels.row[back.to]];
        if (in_) edge.points.push([x[back.to] + SPINE, y]);
        else edge.points.push([rail, y + BACK], [x[back.to], y + BACK]);
      });
    });
  }
  for (const [block, all] of leaving) connectPorts(x[block] + SPINE, shapes[block].width, all);

  let y = MARGIN;
  const height = new Float64Array(rows);
  for (const block of flow.order) height[levels.row[block]] = Math.max(height[levels.row[block]], shapes[block].height);
  for (let row = -1; row < rows; row += 1) {
    if (row >= 0) {
      top[row] = y;
      y += height[row];
    }
    const tracks = assignTracks(channels[row + 1]);
    under[row + 1] = y + ABOVE;
    if (row >= 0 || tracks > 0) y += ABOVE + Math.max(0, tracks - 1) * TRACK + BELOW;
  }
  for (const draw of trace) draw();

  const loops = flow.loops.map((loop, i) => {
    const node = count + i;
    const last = levels.row[node] + levels.tall[node] - 1;
    const low = edges.reduce((most, edge) => (edge.back && edge.to === loop.header ? Math.max(most, edge.points[1][1]) : most), 0);
    const from = top[levels.row[node]] - 7;
    const until = Math.max(top[last] + height[last], low) + 6;
    return { ...loop, x: x[node], y: from, width: placed.width[node], height: until - from };
  });
  const blocks = shapes.map((shape, block) => {
    if (flow.rank[block] < 0) return null;
    const row = levels.row[block];
    return { block, x: x[block], y: top[row], width: shape.width, height: shape.height, row };
  });
  const width = Math.max(0, ...blocks.map((one) => (one ? one.x + one.width : 0)), ...loops.map((one) => one.x + one.width), ...laneX);
  return { blocks, edges, loops, order: flow.order, loopOf: flow.loop, width: width + MARGIN, height: y };
}

/**
 * @param {Point[]} points changed
 * @param {Piece} piece
 * @param {number} y
 */
function bend(points, { x1, x2 }, y) {
  if (x1 !== x2) points.push([x1, y], [x2, y]);
}

/**
 * Lines leave the lower side of a block in the order in which they spread; one that goes straight down does
 * so from where lines come in.
 *
 * @param {number} spine
 * @param {number} width of the block
 * @param {{goal: number, connect: (x: number) => void}[]} all
 */
function connectPorts(spine, width, all) {
  const sorted = [...all].sort((a, b) => a.goal - b.goal);
  const straight = sorted.findIndex((one) => one.goal === spine);
  const lefts = sorted.filter((one) => one.goal < spine).length;
  const middle = straight >= 0 ? straight : Math.max(0, lefts - 1);
  const toLeft = Math.min(PORT, (SPINE - 5) / Math.max(1, middle));
  const toRight = Math.min(PORT, (width - SPINE - 6) / Math.max(1, sorted.length - 1 - middle));
  sorted.forEach((one, i) => one.connect(spine + (i - middle) * (i < middle ? toLeft : toRight)));
}

/**
 * @param {import("./flow.js").Flow} flow
 * @param {import("./levels.js").Levels} levels
 * @returns {Int32Array} of every node the one it hangs below in its level, -1 for the first of a level
 */
function parentsOf({ rank, idom, loops }, { members, nodeIn }) {
  const parent = new Int32Array(rank.length + loops.length).fill(-1);
  members.forEach((nodes, at) => {
    const level = at - 1;
    for (const node of nodes.slice(1)) {
      const first = node < rank.length ? node : loops[node - rank.length].header;
      parent[node] = nodeIn(level, idom[first]);
    }
  });
  return parent;
}

/**
 * The edges that lead back. A loop's header has a rail of its own on the loop's left; so has every other
 * block that is jumped back to, on the left of what it has in common with where the jump is.
 *
 * @param {import("./flow.js").Flow} flow
 * @param {import("./levels.js").Levels} levels
 * @param {number[][]} successors
 */
function backsOf({ order, rank, loop, loops }, { common }, successors) {
  const rails = new Int32Array(loops.length + 1);
  for (let i = 0; i < loops.length; i += 1) rails[i + 1] = 1;
  /** @type {Map<number, number>} */
  const railOf = new Map();
  /** @type {{from: number, to: number, index: number, level: number, rail: number, closes: boolean}[]} */
  const backs = [];
  for (const from of order) {
    successors[from].forEach((to, index) => {
      if (rank[to] > rank[from]) return;
      const level = common(from, to);
      const closes = level >= 0 && loop[to] >= 0 && loops[loop[to]].header === to && level === loop[to];
      let rail = 0;
      if (!closes) {
        const held = railOf.get(to);
        rail = held ?? rails[level + 1];
        if (held === undefined) {
          railOf.set(to, rail);
          rails[level + 1] += 1;
        }
      }
      backs.push({ from, to, index, level, rail, closes });
    });
  }
  return { backs, rails };
}
