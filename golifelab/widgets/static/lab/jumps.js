/**
 * Jumps beside a listing: all that lead to one place share a lane, short ones nest inside long ones.
 */

/** Lanes that there is room for; a jump beyond them is drawn while it is chosen. */
export const LANES = 7;
/** Pixels of a lane, and of what is left to the text. */
const STEP = 6;
const MARGIN = 9;
/** The height that paths are drawn in; a row is stretched to its own. */
export const TALL = 20;
const HEAD = 3.5;

/**
 * All jumps to one instruction. `lane` counts from the text outwards, -1 where there is no room.
 *
 * @typedef {{to: number, from: number[], top: number, bottom: number, lane: number}} Jump
 */

/**
 * @param {number[]} targets for every instruction the one that it jumps to, -1 for none
 * @returns {Jump[]} the short ones first
 */
export function jumpsOf(targets) {
  /** @type {Map<number, Jump>} */
  const found = new Map();
  targets.forEach((to, from) => {
    if (to < 0) return;
    const jump = found.get(to) ?? { to, from: [], top: to, bottom: to, lane: -1 };
    jump.from.push(from);
    jump.top = Math.min(jump.top, from);
    jump.bottom = Math.max(jump.bottom, from);
    found.set(to, jump);
  });
  const jumps = [...found.values()].sort((a, b) => a.bottom - a.top - (b.bottom - b.top) || a.top - b.top);
  /** @type {Jump[][]} */
  const lanes = Array.from({ length: LANES }, () => []);
  for (const jump of jumps) {
    jump.lane = lanes.findIndex((others) => others.every((other) => other.bottom < jump.top || jump.bottom < other.top));
    if (jump.lane >= 0) lanes[jump.lane].push(jump);
  }
  return jumps;
}

/**
 * @param {Jump[]} jumps
 * @returns {number} pixels that they need beside the text
 */
export function widthOf(jumps) {
  const deepest = Math.max(-1, ...jumps.map((jump) => jump.lane));
  const crowded = jumps.some((jump) => jump.lane < 0);
  return deepest < 0 ? 0 : MARGIN + (deepest + (crowded ? 2 : 1)) * STEP;
}

/**
 * What to draw beside one row, as SVG paths in a box `width` wide and TALL high: jumps as they are, and `hot`
 * those that the chosen instruction makes or is reached by.
 *
 * @param {Jump[]} jumps
 * @param {number} row
 * @param {number} chosen an instruction, -1 for none
 * @param {number} width
 * @returns {{quiet: string, hot: string}}
 */
export function pathsOf(jumps, row, chosen, width) {
  const quiet = [];
  const hot = [];
  for (const jump of jumps) {
    if (row < jump.top || row > jump.bottom) continue;
    const isHot = jump.to === chosen || jump.from.includes(chosen);
    if (jump.lane < 0 && !isHot) continue;
    const x = jump.lane < 0 ? STEP / 2 : width - MARGIN - jump.lane * STEP;
    const drawn = piece(jump, row, x, width, isHot && jump.to !== chosen ? chosen : -1);
    quiet.push(drawn.quiet);
    if (isHot) hot.push(drawn.hot);
  }
  return { quiet: quiet.join(""), hot: hot.join("") };
}

/**
 * One jump in one row. With `only`, the hot part is the way of that one instruction.
 *
 * @param {Jump} jump
 * @param {number} row
 * @param {number} x
 * @param {number} width
 * @param {number} only
 */
function piece(jump, row, x, width, only) {
  const middle = TALL / 2;
  const lands = row === jump.to;
  const leaves = jump.from.includes(row);
  const across = lands
    ? `M${x} ${middle}H${width}m${-HEAD} ${-HEAD}l${HEAD} ${HEAD}l${-HEAD} ${HEAD}`
    : leaves
      ? `M${x} ${middle}H${width - 2}`
      : "";
  /** @param {number} top @param {number} bottom */
  const down = (top, bottom) => (row < top || row > bottom || top === bottom ? "" : `M${x} ${row === top ? middle : 0}V${row === bottom ? middle : TALL}`);
  const quiet = across + down(jump.top, jump.bottom);
  if (only < 0) return { quiet, hot: quiet };
  return { quiet, hot: (lands || row === only ? across : "") + down(Math.min(only, jump.to), Math.max(only, jump.to)) };
}
