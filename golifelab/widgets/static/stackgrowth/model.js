/**
 * How large a stack is for an argument: measured as far as that goes, then by the law of what was measured.
 */

/**
 * @typedef {object} Row a build
 * @property {string} label
 * @property {string} function
 * @property {string} go
 * @property {number} start bytes of a new goroutine's stack
 * @property {[number, number][]} steps a size in bytes, and the largest argument that it is enough for
 * @property {number} rate bytes a level, 0 where a level costs none
 * @property {[number, number]} edge the largest size that the limit allows, and the largest argument for it
 * @property {number} limit
 * @property {number} frame bytes of a frame, 0 where that is not known
 * @property {number} levels that share a frame
 * @property {[number, number, number, number][]} growth argument, stack, StackInuse, HeapAlloc
 * @property {[number, number, number, number][]} shrinking collections, the stack, all stacks, a new goroutine's
 * @property {string} ended
 */

/** @typedef {{function: string, functions: import("../page/functions.js").FunctionChoice[], rows: Row[]}} Growth */

const UNITS = /** @type {[number, string][]} */ ([
  [2 ** 30, "GiB"],
  [2 ** 20, "MiB"],
  [2 ** 10, "KiB"],
]);

/** @param {number} size @returns {string} "16 MiB" */
export function bytes(size) {
  const [unit, name] = UNITS.find(([least]) => size >= least) ?? [1, "bytes"];
  return `${(size / unit).toLocaleString("en", { maximumFractionDigits: 1 })} ${name}`;
}

/** @param {number} count */
export const figure = (count) => count.toLocaleString("en");

/**
 * @param {Row} row
 * @param {number} argument
 * @returns {{size: number, measured: boolean}} size 0 where the argument is too large for any stack
 */
export function sizeAt(row, argument) {
  const step = row.steps.find(([, last]) => argument <= last);
  if (step) return { size: step[0], measured: true };
  const [size, last] = row.steps[row.steps.length - 1] ?? [row.start, argument];
  if (row.rate === 0) return { size, measured: false };
  if (argument > row.edge[1]) return { size: 0, measured: false };
  const needed = size + (argument - last) * row.rate;
  return { size: 2 ** Math.ceil(Math.log2(needed)), measured: false };
}

/** @param {Row} row @param {number} argument @returns {number} the next argument that takes a larger stack; 0 for none */
export function nextStep(row, argument) {
  const step = row.steps.find(([, last]) => argument <= last);
  return step ? step[1] + 1 : 0;
}

/**
 * @param {Row} row
 * @returns {[number, number][]} the stair's corners that were measured: argument and size
 */
export function stairs(row) {
  let from = 1;
  return row.steps.flatMap(([size, last]) => {
    const tread = /** @type {[number, number][]} */ ([
      [from, size],
      [Math.max(last, from), size],
    ]);
    from = Math.max(last, from);
    return tread;
  });
}

/**
 * @param {Row} row
 * @returns {[number, number][]} the corners that follow by the law, up to the limit
 */
export function beyond(row) {
  if (row.rate === 0 || row.steps.length === 0) return [];
  let [size, from] = row.steps[row.steps.length - 1];
  const first = [size, from];
  /** @type {[number, number][]} */
  const corners = [[from, size]];
  while (size < row.edge[0]) {
    size *= 2;
    const last = size === row.edge[0] ? row.edge[1] : first[1] + (size - first[0]) / row.rate;
    corners.push([from, size], [last, size]);
    from = last;
  }
  return corners;
}

/**
 * @param {number} most
 * @returns {number[]} round arguments: two digits and zeros, from 1 up to the first beyond `most`
 */
export function roundArguments(most) {
  /** @type {Set<number>} */
  const found = new Set();
  for (let scale = 1; scale <= most; scale *= 10) {
    for (let tenths = 10; tenths < 100 && (scale * tenths) / 10 <= most; tenths += 1) found.add(Math.round((scale * tenths) / 10));
  }
  return [...found];
}

/** @param {number[]} round @param {number} argument @returns {number} the place of the nearest */
export function nearest(round, argument) {
  let best = 0;
  round.forEach((one, index) => {
    if (Math.abs(one - argument) < Math.abs(round[best] - argument)) best = index;
  });
  return best;
}

/** @param {Row[]} rows @returns {number} the largest argument that is of interest */
export function reach(rows) {
  const edges = rows.map((row) => (row.rate > 0 ? row.edge[1] : (row.steps.at(-1)?.[1] ?? 1)));
  return Math.max(1000, ...edges) * 1.5;
}

/** @param {Row} row @param {number} argument @returns {string} */
export function sentence(row, argument) {
  const call = `${row.function}(${figure(argument)})`;
  if (row.rate === 0) return `${call}: a larger argument was not seen to take a larger stack than ${bytes(row.start)}.`;
  const { size, measured } = sizeAt(row, argument);
  if (size === 0) return `${call} overflows: the limit of ${figure(row.limit)} bytes allows ${bytes(row.edge[0])}, by the law enough up to ${figure(row.edge[1])}.`;
  const next = nextStep(row, argument);
  const more = next ? ` The next size comes at ${figure(next)}.` : "";
  return `${call} has a stack of ${bytes(size)}${measured ? ", measured" : ": by the law, for such a stack was not made"}.${more}`;
}

/** @param {Row} row @returns {string} */
export function frameWords(row) {
  if (row.rate === 0) return row.ended || "no level costs any stack";
  const shared = row.levels > 1 ? `: ${row.levels} levels share a frame of ${row.frame} bytes` : row.frame ? `, a frame of ${row.frame} bytes each` : "";
  return `${row.rate.toFixed(1)} bytes a level${shared}`;
}

/** @param {number} guess @param {number} size @returns {string} */
export function verdict(guess, size) {
  if (guess === size) return "Right.";
  const factor = guess > size ? guess / size : size / guess;
  return `The guess, ${bytes(guess)}, was ${figure(factor)} × too ${guess > size ? "large" : "small"}.`;
}
