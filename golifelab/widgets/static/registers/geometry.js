/**
 * Where everything in a register grid stands, in pixels. Pure: no DOM here.
 */

/** @typedef {import("./model.js").At} At */
/** @typedef {import("./model.js").Grid} Grid */

/**
 * `along` is the size of a step, `head` that of the headings at the left, `top` that of those above.
 */
const UPRIGHT = { along: 19, head: 310, top: 26, register: 46, slot: 74 };
const FLIPPED = { along: 38, head: 92, top: 150, register: 20, slot: 20 };

/** The headings at the left leave room for the rest, and for themselves. */
const NARROW = 150;
const SHARE = 0.42;

/** Steps made outside the view, so that scrolling by keys never meets a gap; more come so many at a time. */
const SPARE = 12;
const BATCH = 6;

/**
 * @typedef {object} Geometry
 * @property {boolean} flipped
 * @property {number} head width of the headings at the left
 * @property {number} top height of the headings above
 * @property {number} width of all
 * @property {number} height of all
 * @property {number} along
 * @property {(column: number, start: number, end: number) => {left: number, top: number, width: number, height: number}} box
 *   of a column from one half step to another, headings left out of the count
 * @property {(x: number, y: number) => At} at the place under a point of the whole, headings included;
 *   -1 for a heading
 * @property {(scroll: number, view: number) => [number, number]} steps the first step in view, and the one
 *   after the last
 */

/**
 * @param {Grid} grid
 * @param {boolean} flipped whether the steps stand side by side
 * @param {number} [room] how wide the view is, in pixels
 * @returns {Geometry}
 */
export function geometry(grid, flipped, room = 0) {
  const size = flipped ? FLIPPED : UPRIGHT;
  const head = room > 0 ? Math.min(size.head, Math.max(NARROW, Math.round(room * SHARE))) : size.head;
  const steps = grid.steps.text.length;
  /** @type {number[]} where each column begins; one more for where the last one ends */
  const begins = [0];
  for (const { kind } of grid.columns) {
    const stack = kind === "spill" || kind === "argument";
    begins.push(/** @type {number} */ (begins.at(-1)) + (stack ? size.slot : size.register));
  }
  const across = /** @type {number} */ (begins.at(-1));
  const length = steps * size.along;
  return {
    flipped,
    head,
    top: size.top,
    along: size.along,
    width: head + (flipped ? length : across),
    height: size.top + (flipped ? across : length),
    box(column, start, end) {
      const from = (start * size.along) / 2;
      const long = ((end - start) * size.along) / 2;
      const wide = begins[column + 1] - begins[column];
      return flipped
        ? { left: from, top: begins[column], width: long, height: wide }
        : { left: begins[column], top: from, width: wide, height: long };
    },
    at(x, y) {
      const [right, down] = [x - head, y - size.top];
      const [time, place] = flipped ? [right, down] : [down, right];
      const step = time < 0 ? -1 : Math.min(steps - 1, Math.floor(time / size.along));
      const column = place < 0 ? -1 : begins.findLastIndex((begin) => begin <= place);
      return { step, column: Math.min(column, grid.columns.length - 1) };
    },
    steps(scroll, view) {
      const first = Math.floor(scroll / size.along / BATCH) * BATCH - SPARE;
      const end = Math.ceil((scroll + view) / size.along / BATCH) * BATCH + SPARE;
      return [Math.max(0, Math.min(first, steps)), Math.max(0, Math.min(end, steps))];
    },
  };
}
