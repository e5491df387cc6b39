/**
 * What an ablation board says: rows, changes and bars from the measures that came. Pure.
 */

/**
 * @typedef {object} Entry one pass of the compiler
 * @property {string} name
 * @property {boolean} required
 * @property {string} refusal the compiler's words, where it cannot be switched off
 * @property {boolean} runs whether it runs by default
 * @property {string} says what the compiler's source says it is for
 */

/** @typedef {{switched: string, measure: number[] | null, error: string}} Cell */
/** @typedef {{seq?: number, function: string, baseline: number[], cells: Record<string, Cell>, done: number, of: number}} Sweep */
/** @typedef {{id: string, name: string}} Column */

/**
 * @typedef {object} Board
 * @property {number} [seq]
 * @property {string} [failed] why there is no board of this text
 * @property {import("../page/functions.js").FunctionChoice[]} functions
 * @property {string} function
 * @property {Column[]} columns
 * @property {Entry[]} passes
 * @property {string[]} [switched]
 * @property {Cell | null} [chosen]
 * @property {Sweep} [sweep] where the board is a value that stands alone
 */

/**
 * @typedef {object} Row
 * @property {Entry} entry
 * @property {boolean} on whether the pass runs as it is switched now
 * @property {boolean} switched whether that differs from the default
 * @property {"required" | "waiting" | "failed" | "idle" | "matters"} state
 * @property {number[] | null} change for each column, against the default
 * @property {string} error
 * @property {boolean} old whether it is of an earlier text, and not measured again yet
 */

/** @typedef {{column: number, down: boolean}} Order column -1 is the compiler's own order */

/**
 * @param {Board} board
 * @param {Sweep | null} sweep
 * @param {readonly string[]} switched
 * @param {Sweep | null} [before] the last one that went to its end: it stands in for what is not there yet
 * @returns {Row[]} in the compiler's order
 */
export function rowsOf(board, sweep, switched, before = null) {
  return board.passes.map((entry) => {
    const from = sweep?.cells[entry.name] || !before?.cells[entry.name] ? sweep : before;
    const cell = from?.cells[entry.name] ?? null;
    const other = switched.includes(entry.name) && !entry.required;
    const change = cell?.measure && from ? cell.measure.map((value, column) => value - from.baseline[column]) : null;
    /** @type {Row["state"]} */
    let state = "waiting";
    if (entry.required) state = "required";
    else if (cell && !cell.measure) state = "failed";
    else if (change) state = change.some(Boolean) ? "matters" : "idle";
    return { entry, on: entry.runs !== other, switched: other, state, change, error: cell?.error ?? "", old: from !== sweep };
  });
}

/**
 * @param {Row[]} rows
 * @param {boolean} all whether those that make no difference, or do not run by default, are shown too
 * @param {Order} order
 * @returns {Row[]}
 */
export function shownRows(rows, all, order) {
  const matters = (/** @type {Row} */ row) => row.entry.runs && (row.state === "matters" || row.state === "failed");
  const chosen = rows.filter((row) => all || row.switched || matters(row));
  if (order.column < 0) return chosen;
  const weight = (/** @type {Row} */ row) => row.change?.[order.column] ?? Number.NEGATIVE_INFINITY;
  // Array.sort is stable: equal ones stay in the compiler's order.
  return [...chosen].sort((a, b) => (weight(a) === weight(b) ? 0 : (weight(a) < weight(b) ? 1 : -1) * (order.down ? 1 : -1)));
}

/**
 * @param {Row[]} rows
 * @param {number} columns
 * @returns {number[]} for each column the largest change, by size
 */
export function scales(rows, columns) {
  return Array.from({ length: columns }, (_, column) => Math.max(0, ...rows.map((row) => Math.abs(row.change?.[column] ?? 0))));
}

/**
 * @param {number} change
 * @param {number} scale the largest of its column
 * @returns {number} how long its bar is, 0 to 1; what is not nothing is seen
 */
export function bar(change, scale) {
  return change === 0 || scale === 0 ? 0 : Math.max(0.04, Math.abs(change) / scale);
}

/**
 * @param {number} number
 * @returns {string} "+1,024", "−3", and nothing for nothing
 */
export function signed(number) {
  if (number === 0) return "";
  return (number > 0 ? "+" : "\u2212") + figure(Math.abs(number), 2);
}

/**
 * @param {number} number
 * @param {number} [digits] behind the point, at most
 */
export function figure(number, digits = 0) {
  return number.toLocaleString("en", { maximumFractionDigits: digits });
}

/**
 * What a row says in full.
 *
 * @param {Row} row
 * @param {Column[]} columns
 * @returns {string}
 */
export function sentence({ entry, state, change, error }, columns) {
  if (state === "required") return "It is required.";
  if (state === "waiting") return "It is not measured yet.";
  const how = entry.runs ? "Without it" : "With it, which does not run by default";
  if (state === "failed") return `${how}, the compiler fails: ${error}`;
  if (state === "idle" || !change) return `${how}, nothing changes here.`;
  const parts = columns.flatMap(({ id, name }, column) => (change[column] ? [`${signed(change[column])} ${amount(id, name, change[column])}`] : []));
  return `${how}: ${parts.join(", ")}.`;
}

/** @param {string} id @param {string} name @param {number} number */
function amount(id, name, number) {
  if (id === "frame") return "bytes of frame";
  return Math.abs(number) === 1 ? name.replace(/s$/, "") : name;
}

/**
 * How far the sweep is, and what it found.
 *
 * @param {Row[]} rows
 * @param {Sweep | null} sweep
 * @returns {string}
 */
export function summary(rows, sweep) {
  if (!sweep) return "compiling …";
  const optional = rows.filter((row) => row.entry.runs && row.state !== "required");
  const matter = optional.filter((row) => row.state === "matters" || row.state === "failed").length;
  if (sweep.done < sweep.of) return `measured ${sweep.done} of ${sweep.of} passes …`;
  return `${matter} of ${optional.length} optional passes matter here`;
}

/**
 * Where a key leads in the list of switches.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} count
 * @returns {number | null}
 */
export function move(key, at, count) {
  const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 });
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  return step === undefined ? null : Math.max(0, Math.min(count - 1, at + step));
}

/**
 * The passes after one of them was switched.
 *
 * @param {readonly string[]} switched
 * @param {string} name
 * @returns {string[]}
 */
export function toggled(switched, name) {
  return switched.includes(name) ? switched.filter((one) => one !== name) : [...switched, name];
}
