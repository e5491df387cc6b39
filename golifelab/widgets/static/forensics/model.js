/**
 * Lists of system calls: which of them are shown, what they do to the addresses, and who is right about them.
 */

/**
 * A call: thread, name, arguments, result, microseconds (-1: unknown), number of the function, number of the group,
 * number of the function that asked for it.
 *
 * @typedef {[number, string, string, string, number, number, number, number]} Call
 */

/** A step: call, what it does, where, bytes, bytes reserved after it, bytes committed after it.
 *
 * @typedef {[number, string, string, number, number, number]} Step
 */

/**
 * @typedef {object} Trace
 * @property {string} name
 * @property {string} how who saw it
 * @property {string} command
 * @property {string} cut why it was ended early
 * @property {number} dropped how many calls are left out
 * @property {number[]} threads
 * @property {string[]} functions
 * @property {string[]} groups
 * @property {Call[]} calls
 * @property {Step[]} steps
 * @property {[number, string, number, number | null, number, number][]} files
 * @property {string} [build]
 * @property {string} [reason]
 */

/** @typedef {{name: string, found: boolean, rows: number[], says: string, therefore: string}} Clue */
/** @typedef {Trace & {id: string, answer: string, hints: string[], clues: Clue[]}} Case */
/** @typedef {{id: string, label: string, command: string}} Kind */

/** What may be asked for: a group of calls, or those that `strace -e trace=…` is often told to show. */
export const FILTERS = ["all", "memory", "files", "threads", "signals"];

/**
 * @param {Trace} trace
 * @param {string} filter
 * @returns {number[]} the numbers of the calls that are shown
 */
export function shown(trace, filter) {
  const group = trace.groups.indexOf(filter);
  const all = trace.calls.map((_, at) => at);
  return group < 0 ? all : all.filter((at) => trace.calls[at][6] === group);
}

/**
 * @param {number[]} rows in order
 * @param {number} call
 * @returns {number} the place of a call among the rows, or of the last one before it
 */
export function placeOf(rows, call) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] <= call) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

const UNITS = /** @type {[string, number][]} */ ([
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
]);

/** @param {number} count @returns {string} bytes as one says them */
export function bytes(count) {
  for (const [unit, size] of UNITS) {
    if (count >= size) return `${Number((count / size).toPrecision(3))} ${unit}`;
  }
  return `${count} bytes`;
}

/** @param {number} at microseconds @returns {string} */
export function time(at) {
  return at < 0 ? "" : at < 10000 ? `${at} µs` : `${(at / 1000).toFixed(1)} ms`;
}

/** The least that is told apart on the scale: a page. */
const LEAST = 4096;

/**
 * How high a number of bytes is on a scale where each power of two has the same step.
 *
 * @param {number} count
 * @param {number} most
 * @returns {number} 0 to 1
 */
export function height(count, most) {
  if (count < LEAST) return 0;
  const range = Math.max(1, Math.log2(Math.max(most, LEAST * 2) / LEAST));
  return Math.min(1, (0.06 * range + Math.log2(count / LEAST)) / (1.06 * range));
}

/**
 * The corners of a staircase over all calls.
 *
 * @param {Trace} trace
 * @param {4 | 5} column of a step: what is reserved, or what is committed
 * @param {number} width
 * @param {number} tall
 * @returns {[number, number][]}
 */
export function stairs(trace, column, width, tall) {
  const most = Math.max(...trace.steps.map((step) => Math.max(step[4], step[5])), LEAST);
  const x = (/** @type {number} */ call) => (call / Math.max(1, trace.calls.length - 1)) * width;
  /** @type {[number, number][]} */
  const corners = [[0, tall]];
  let level = tall;
  for (const step of trace.steps) {
    const next = tall - height(step[column], most) * tall;
    if (next === level) continue;
    corners.push([x(step[0]), level], [x(step[0]), next]);
    level = next;
  }
  corners.push([width, level]);
  return corners;
}

/** @param {[number, number][]} corners @returns {string} the path of an SVG */
export function path(corners) {
  return corners.map(([x, y], at) => `${at ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/**
 * The step that was made last when a call is over.
 *
 * @param {Trace} trace
 * @param {number} call
 * @returns {Step | null}
 */
export function stepAt(trace, call) {
  const at = placeOf(trace.steps.map(([number]) => number), call);
  const step = trace.steps[at];
  return step && step[0] <= call ? step : null;
}

/**
 * Why a guess is wrong: the first thing that a trace of the guessed kind has, and this one has not; or the other way
 * round. The clues of all traces are the same ones in the same order.
 *
 * @param {Case} one
 * @param {Case | undefined} guessed a trace of the kind that was guessed
 * @returns {{here: Clue, there: Clue} | null}
 */
export function contradiction(one, guessed) {
  const at = one.clues.findIndex((clue, number) => guessed && clue.found !== guessed.clues[number]?.found);
  return guessed && at >= 0 ? { here: one.clues[at], there: guessed.clues[at] } : null;
}

/**
 * @param {Case[]} cases
 * @param {Record<string, string>} answers the kind that was guessed of each case
 * @returns {{right: number, tried: number}}
 */
export function score(cases, answers) {
  const tried = cases.filter(({ id }) => answers[id]);
  return { right: tried.filter(({ id, answer }) => answers[id] === answer).length, tried: tried.length };
}
