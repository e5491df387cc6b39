/**
 * What a register grid shows, as pure functions of its payload: no DOM here.
 *
 * Time is counted in half steps: an instruction reads at the beginning of its step and writes in the middle.
 */

/**
 * Equally long lists, one entry a step.
 *
 * @typedef {object} Steps
 * @property {string[]} kind
 * @property {number[]} block
 * @property {string[]} text
 * @property {number[]} pc -1 for a step without instructions
 * @property {number[]} line
 * @property {number[]} column
 * @property {number[]} pressure
 * @property {("" | "spill" | "reload" | "argument")[]} mark
 * @property {number[][]} values
 */

/**
 * @typedef {{text: string, line: number, column: number, names: string[], origin: number}} ValueFacts
 */

/**
 * @typedef {object} Grid
 * @property {string} architecture
 * @property {string} function
 * @property {string} file
 * @property {{general: number, floating: number}} registers
 * @property {Steps} steps
 * @property {{name: string, kind: "general" | "floating" | "spill" | "argument", title: string}[]} columns
 * @property {[number, number, number, number][]} bars column, value, start, end
 * @property {[number, number, number][]} reads column, step, value
 * @property {Record<string, ValueFacts>} values
 * @property {{value: number, store: number, register: string, slot: string, block: number, step: number, restores: number[], steps: number[]}[]} spills
 * @property {number} most
 * @property {{steps: number, slots: number}} hidden
 * @property {import("./framemodel.js").Frame | null} frame
 * @property {string} [failure]
 */

/**
 * @typedef {object} Registers
 * @property {number} seq
 * @property {{symbol: string, name: string, line: number}[]} functions
 * @property {string} function
 * @property {string} native
 * @property {Grid[]} grids
 * @property {number} errors
 */

/** A place in the grid. @typedef {{step: number, column: number}} At */

/**
 * A bar with what is known of it.
 *
 * @typedef {{column: number, value: number, start: number, end: number}} Bar
 */

/**
 * The bars of a grid by column, for quick questions.
 *
 * @param {Grid} grid
 * @returns {Bar[][]} every column's in the order of the steps
 */
export function lanes(grid) {
  /** @type {Bar[][]} */
  const made = grid.columns.map(() => []);
  for (const [column, value, start, end] of grid.bars) made[column].push({ column, value, start, end });
  for (const lane of made) lane.sort((a, b) => a.start - b.start || a.end - b.end);
  return made;
}

/**
 * The bars that reach into some steps.
 *
 * @param {Bar[]} lane sorted by start; in a stack slot they may overlap
 * @param {number} first
 * @param {number} end the step after the last
 * @returns {Bar[]}
 */
export function between(lane, first, end) {
  return lane.filter((bar) => bar.start < 2 * end && bar.end > 2 * first);
}

/**
 * What a step does to a place: the value that it reads there for the last time, the one that it puts there,
 * and the one that is there after it.
 *
 * @param {Bar[]} lane
 * @param {number} step
 * @returns {{last: number, made: number, held: number}} -1 for none
 */
export function cell(lane, step) {
  const half = 2 * step + 1;
  const of = (/** @type {Bar | undefined} */ bar) => bar?.value ?? -1;
  const there = lane.filter((bar) => bar.start <= half && bar.end > half);
  return {
    last: of(lane.find((bar) => bar.end === half && bar.start < half)),
    made: of(there.find((bar) => bar.start === half)),
    held: of(there.at(-1)),
  };
}

/** @param {number} number @param {string} noun @returns {string} "1 value", "2 values" */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * The figures of a grid in words.
 *
 * @param {Grid} grid
 * @returns {{spilled: string, rest: string, free: boolean}}
 */
export function headline(grid) {
  const spilled = new Set(grid.spills.map((spill) => spill.value)).size;
  const reloads = grid.steps.mark.filter((mark) => mark === "reload").length;
  const needed = `at most ${grid.most} of ${grid.registers.general} general registers are needed`;
  return {
    spilled: spilled === 0 ? "no value is spilled" : `${count(spilled, "value")} spilled`,
    rest: [reloads > 0 && count(reloads, "reload"), needed].filter(Boolean).join(" · "),
    free: spilled === 0,
  };
}

/**
 * A bar's first word: φ for a phi, ▲ for what comes back from the stack, and the value.
 *
 * @param {Grid} grid
 * @param {Bar} bar
 * @returns {string}
 */
export function label(grid, bar) {
  const op = operation(grid, bar.value);
  const mark = op === "Phi" ? "φ" : op === "LoadReg" ? "▲" : "";
  return `${mark}v${bar.value}`;
}

/** @param {Grid} grid @param {number} value @returns {string} */
export function operation(grid, value) {
  return /^v\d+ = (\S+)/.exec(grid.values[value]?.text ?? "")?.[1] ?? "";
}

/** @param {Grid} grid @param {number} value @returns {string} the variable that a value holds; "" for none */
export function nameOf(grid, value) {
  const facts = grid.values[value];
  return facts?.names[0] ?? grid.values[facts?.origin ?? -1]?.names[0] ?? "";
}

/**
 * Whether two values are the same one, brought elsewhere by copies, spills and reloads.
 *
 * @param {Grid} grid
 * @param {number} a
 * @param {number} b
 */
export function akin(grid, a, b) {
  const origin = (/** @type {number} */ value) => grid.values[value]?.origin ?? value;
  return a >= 0 && b >= 0 && origin(a) === origin(b);
}

/** The value that a place in the grid is about; -1 for none. @param {Bar[][]} made @param {At} at @returns {number} */
export function valueAt(made, at) {
  const lane = made[at.column];
  if (!lane) return -1;
  const { last, made: put, held } = cell(lane, at.step);
  return put >= 0 ? put : held >= 0 ? held : last;
}

/**
 * One sentence for a place in the grid.
 *
 * @param {Grid} grid
 * @param {Bar[][]} made
 * @param {At} at
 * @returns {string}
 */
export function sentence(grid, made, { step, column }) {
  const place = grid.columns[column];
  if (!place || step < 0) return "";
  const { last, made: put, held } = cell(made[column], step);
  const told = (/** @type {number} */ value) => {
    const name = nameOf(grid, value);
    return name ? `v${value} (${name})` : `v${value}`;
  };
  const stack = place.kind === "spill" || place.kind === "argument";
  const where = stack ? `the slot ${place.title}` : place.name;
  const parts = [];
  if (last >= 0) parts.push(`${told(last)} is read from ${where} for the last time`);
  if (put >= 0) {
    const back = operation(grid, put) === "LoadReg" ? `comes back from the stack into ${where} as` : `is put into ${where}:`;
    if (stack) parts.push(`${told(grid.values[put]?.origin ?? put)} is saved in ${where}`);
    else if (back.startsWith("comes")) parts.push(`${told(grid.values[put].origin)} ${back} v${put}`);
    else parts.push(`${told(put)} ${back.replace(/:$/, "")}`);
    if (held < 0) parts.push("nobody reads it");
  } else if (held >= 0 && held !== last) parts.push(`${where} keeps ${told(held)}`);
  return parts.length === 0 ? `${where} holds nothing that is needed.` : `${parts.join("; ")}.`;
}

/**
 * Where a key moves the choice.
 *
 * @param {string} key
 * @param {boolean} control
 * @param {At} at
 * @param {Grid} grid
 * @param {boolean} flipped whether steps stand side by side
 * @returns {At | null} null when the key is not for the grid
 */
export function move(key, control, at, grid, flipped) {
  const steps = grid.steps.text.length;
  const columns = grid.columns.length;
  const held = (/** @type {number} */ step, /** @type {number} */ column) => ({
    step: Math.max(0, Math.min(steps - 1, step)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  const along = (/** @type {number} */ by) => held(at.step + by, at.column);
  const across = (/** @type {number} */ by) => held(at.step, at.column + by);
  switch (key) {
    case "ArrowDown":
      return flipped ? across(1) : along(1);
    case "ArrowUp":
      return flipped ? across(-1) : along(-1);
    case "ArrowRight":
      return flipped ? along(1) : across(1);
    case "ArrowLeft":
      return flipped ? along(-1) : across(-1);
    case "PageDown":
      return along(10);
    case "PageUp":
      return along(-10);
    case "Home":
      return control ? held(0, 0) : flipped ? held(0, at.column) : held(at.step, 0);
    case "End":
      return control ? held(steps, columns) : flipped ? held(steps, at.column) : held(at.step, columns);
    default:
      return null;
  }
}

/**
 * The next step that spills or reloads, in a direction; the same step where there is none.
 *
 * @param {Grid} grid
 * @param {number} step
 * @param {1 | -1} direction
 * @returns {At}
 */
export function nextSpill(grid, step, direction) {
  const { mark } = grid.steps;
  for (let i = 1; i <= mark.length; i += 1) {
    const to = (step + direction * i + mark.length * 2) % mark.length;
    if (mark[to] === "spill" || mark[to] === "reload") return { step: to, column: homeOf(grid, to) };
  }
  return { step, column: 0 };
}

/** The column where what a step makes is. @param {Grid} grid @param {number} step @returns {number} */
export function homeOf(grid, step) {
  const bar = grid.bars.find(([, , start]) => start === 2 * step + 1);
  if (bar) return bar[0];
  return grid.reads.find(([, at]) => at === step)?.[0] ?? 0;
}

/**
 * The place that shows the same after an edit or on another processor: the step of the same words, or of the
 * same line of the source, and the column of the same name.
 *
 * @param {Grid | null} before
 * @param {At} at
 * @param {Grid} next
 * @returns {At}
 */
export function keep(before, at, next) {
  const { steps, columns } = next;
  if (!before || before.steps.text.length === 0) {
    const first = steps.mark.indexOf("spill");
    return { step: Math.max(0, first), column: first < 0 ? 0 : homeOf(next, first) };
  }
  const text = before.steps.text[at.step];
  const nth = before.steps.text.slice(0, at.step).filter((one) => one === text).length;
  const same = steps.text.flatMap((one, i) => (one === text ? [i] : []));
  const line = steps.line.indexOf(before.steps.line[at.step]);
  const nearest = Math.max(0, Math.min(at.step, steps.text.length - 1));
  const step = same[Math.min(nth, same.length - 1)] ?? (line >= 0 ? line : nearest);
  const column = columns.findIndex((one) => one.title === before.columns[at.column]?.title);
  return { step, column: column >= 0 ? column : Math.min(homeOf(next, step), Math.max(0, columns.length - 1)) };
}

/**
 * The pressure of many steps in few places: the most of each stretch.
 *
 * @param {number[]} pressure
 * @param {number} places at most
 * @returns {number[]}
 */
export function strip(pressure, places) {
  if (pressure.length <= places) return [...pressure];
  return Array.from({ length: places }, (_, i) => {
    const from = Math.floor((i * pressure.length) / places);
    const end = Math.max(from + 1, Math.floor(((i + 1) * pressure.length) / places));
    return Math.max(...pressure.slice(from, end));
  });
}

/**
 * The first step of every block.
 *
 * @param {Steps} steps
 * @returns {Set<number>}
 */
export function borders(steps) {
  return new Set(steps.block.flatMap((block, i) => (i === 0 || steps.block[i - 1] !== block ? [i] : [])));
}
