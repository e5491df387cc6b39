/**
 * A laid out graph as paths, what of it is in view, and where its keys lead.
 */

import { edgeWords } from "./model.js";

/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").PlacedEdge} PlacedEdge */
/** @typedef {import("./layout.js").Point} Point */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

const ROUND = 6;
const HEAD = 4;

/**
 * @param {Point[]} points
 * @returns {string} a path with round corners
 */
export function lineOf(points) {
  let path = `M${points[0]}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    const [before, corner, after] = [points[i - 1], points[i], points[i + 1]];
    const round = Math.min(ROUND, reach(before, corner) / 2, reach(corner, after) / 2);
    path += `L${towards(corner, before, round)}Q${corner} ${towards(corner, after, round)}`;
  }
  return `${path}L${points[points.length - 1]}`;
}

/**
 * @param {Point[]} points
 * @returns {string} the path of the arrow's head at their end
 */
export function headOf(points) {
  const [x, y] = points[points.length - 1];
  // Lines end going down, or, where they close a loop, to the right.
  const down = points[points.length - 2][0] === x;
  return down
    ? `M${x},${y}L${x - HEAD},${y - 2 * HEAD}L${x + HEAD},${y - 2 * HEAD}Z`
    : `M${x},${y}L${x - 2 * HEAD},${y - HEAD}L${x - 2 * HEAD},${y + HEAD}Z`;
}

/** @type {WeakMap<PlacedEdge, {line: string, head: string, box: Box}>} */
const known = new WeakMap();

/** @param {PlacedEdge} edge */
function pathOf(edge) {
  const held = known.get(edge);
  if (held) return held;
  const xs = edge.points.map(([x]) => x);
  const ys = edge.points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs) - 1, Math.min(...ys) - 1];
  const box = { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
  const made = { line: lineOf(edge.points), head: headOf(edge.points), box };
  known.set(edge, made);
  return made;
}

/** @param {Point} a @param {Point} b */
const reach = (a, b) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);

/** @param {Point} from @param {Point} to @param {number} by @returns {Point} */
function towards(from, to, by) {
  return [from[0] + Math.sign(to[0] - from[0]) * by, from[1] + Math.sign(to[1] - from[1]) * by];
}

/**
 * Few paths for many lines, one for every kind: whether they lead back, how likely they are, and whether
 * they are of the block that is looked at. Those come last, so that they lie above the others.
 *
 * @param {PlacedEdge[]} edges
 * @param {import("./model.js").Block[]} blocks
 * @param {string} near the name of the block that is looked at
 * @returns {[kind: string, path: string][]}
 */
export function kindsOf(edges, blocks, near) {
  /** @type {Map<string, string>} */
  const kinds = new Map();
  const add = (/** @type {string} */ kind, /** @type {string} */ path) => kinds.set(kind, (kinds.get(kind) ?? "") + path);
  for (const edge of edges) {
    const { way, weight } = edgeWords(blocks[edge.from], edge.index);
    const own = near !== "" && (blocks[edge.from].name === near || blocks[edge.to].name === near);
    const kind = [edge.back ? "back" : "on", way === "never" ? "never" : weight, own && "own"].filter(Boolean).join(" ");
    const { line, head } = pathOf(edge);
    add(kind, line);
    add(`${kind} head`, head);
  }
  return [...kinds].sort(([a], [b]) => Number(a.includes("own")) - Number(b.includes("own")));
}

/** @param {Box} a @param {Box} b */
export const meets = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * @param {Layout} layout
 * @param {Box} view
 * @returns {{blocks: number[], edges: PlacedEdge[]}} what is at least partly in view
 */
export function inView({ blocks, edges }, view) {
  return {
    blocks: blocks.flatMap((block, i) => (block && meets(block, view) ? [i] : [])),
    edges: edges.filter((edge) => meets(pathOf(edge).box, view)),
  };
}

/**
 * Where a key leads from a block: down its ways and up again, sideways in its row.
 *
 * @param {Layout} layout
 * @param {number} from
 * @param {string} key
 * @returns {number} a block, or -1 when the key does nothing
 */
export function keyLeads({ blocks, edges, order }, from, key) {
  const here = blocks[from];
  if (!here) return -1;
  const place = (/** @type {number} */ at) => blocks[at]?.x ?? 0;
  // The next row first, then the nearest in it.
  const far = (/** @type {number} */ at) => Math.abs(Number(blocks[at]?.row) - here.row) * 1e6 + Math.abs(place(at) - here.x);
  const nearest = (/** @type {number[]} */ all) => all.reduce((best, one) => (best < 0 || far(one) < far(best) ? one : best), -1);
  const row = order.filter((at) => blocks[at]?.row === here.row).sort((a, b) => place(a) - place(b));
  switch (key) {
    case "ArrowDown":
      return nearest(edges.filter((edge) => edge.from === from && !edge.back).map((edge) => edge.to));
    case "ArrowUp":
      return nearest(edges.filter((edge) => edge.to === from && !edge.back).map((edge) => edge.from));
    case "ArrowLeft":
      return row[row.indexOf(from) - 1] ?? -1;
    case "ArrowRight":
      return row[row.indexOf(from) + 1] ?? -1;
    case "Home":
      return order[0];
    case "End":
      return order.reduce((low, at) => (Number(blocks[at]?.row) > Number(blocks[low]?.row) ? at : low), order[0]);
    default:
      return -1;
  }
}
