/**
 * The remarks lane's pure part: which remarks are shown, how they make chips, how the arrows move.
 */

/**
 * @typedef {object} Outcome how an outcome is shown; a filled mark still costs something at run time
 * @property {string} family
 * @property {string} mark
 * @property {string} word
 * @property {string} means
 * @property {boolean} quiet
 * @property {string} part
 */

/**
 * @typedef {object} Step
 * @property {"flow" | "from" | "note"} kind
 * @property {string} text
 * @property {string} [file] the place, where it is in the program
 * @property {number} [line]
 * @property {number} [column]
 * @property {string} [at] the place, where it is elsewhere
 * @property {string[]} [inlined]
 */

/**
 * @typedef {object} Remark
 * @property {number} line
 * @property {number} column
 * @property {number} outcome index
 * @property {string} message
 * @property {string} [subject]
 * @property {string} [code] the source, where the compiler has only a name of its own
 * @property {number} [cost]
 * @property {number} [budget]
 * @property {string} [reason]
 * @property {string} [function]
 * @property {string} [body]
 * @property {number} [times]
 * @property {Step[]} [steps]
 * @property {number} [cut] steps that were left out
 * @property {string[]} [inlined]
 * @property {"new" | "gone" | "changed"} [state]
 * @property {string} [before]
 */

/**
 * @typedef {object} Lane
 * @property {number} seq
 * @property {string} file
 * @property {number} lines
 * @property {string[]} [text]
 * @property {Outcome[]} outcomes
 * @property {{id: string, name: string, mark: string, part: string}[]} families
 * @property {Remark[]} remarks
 * @property {number} left
 * @property {number} elsewhere
 * @property {boolean} brief
 * @property {boolean} stale
 * @property {number} errors
 * @property {{since: "edit" | "pin", new: number, gone: number, changed: number} | null} compared
 */

/**
 * What a reader wants to see: families that are left out, and whether the quiet ones are shown.
 *
 * @typedef {{hidden: ReadonlySet<string>, quiet: boolean}} Filter
 */

/**
 * @typedef {object} Chip the remarks of one outcome on one line
 * @property {string} key the same chip has the same key in the next payload
 * @property {number} line
 * @property {Outcome} outcome
 * @property {string} state
 * @property {Remark[]} remarks
 */

export const STATE_MARKS = /** @type {const} */ ({ new: "+", gone: "−", changed: "~" });

/**
 * The chips of a lane by line. Quiet remarks that an edit brought or took are never left out.
 *
 * @param {Lane} lane
 * @param {Filter} filter
 * @returns {Map<number, Chip[]>}
 */
export function chipsByLine(lane, filter) {
  /** @type {Map<string, Chip>} */
  const chips = new Map();
  for (const remark of lane.remarks) {
    const outcome = lane.outcomes[remark.outcome];
    const state = remark.state ?? "";
    if (filter.hidden.has(outcome.family)) continue;
    if (outcome.quiet && !state && !filter.quiet) continue;
    const key = `${remark.line} ${remark.outcome} ${state}`;
    const chip = chips.get(key);
    if (chip) chip.remarks.push(remark);
    else chips.set(key, { key, line: remark.line, outcome, state, remarks: [remark] });
  }
  /** @type {Map<number, Chip[]>} */
  const lines = new Map();
  for (const chip of chips.values()) {
    const there = lines.get(chip.line);
    if (there) there.push(chip);
    else lines.set(chip.line, [chip]);
  }
  for (const there of lines.values()) there.sort((a, b) => rank(lane, a) - rank(lane, b));
  return lines;
}

/**
 * Outcomes come in the order of their families; what is gone comes last.
 *
 * @param {Lane} lane
 * @param {Chip} chip
 */
function rank(lane, chip) {
  return lane.outcomes.indexOf(chip.outcome) + (chip.state === "gone" ? lane.outcomes.length : 0);
}

/**
 * How many remarks there are now of each family, the quiet ones only if they are shown; and how many are
 * quiet.
 *
 * @param {Lane} lane
 * @param {boolean} shown whether the quiet ones are shown
 * @returns {{families: Record<string, number>, quiet: number}}
 */
export function counts(lane, shown) {
  /** @type {Record<string, number>} */
  const families = {};
  let quiet = 0;
  for (const remark of lane.remarks) {
    if (remark.state === "gone") continue;
    const { family, quiet: silent } = lane.outcomes[remark.outcome];
    if (silent) quiet += 1;
    if (shown || !silent) families[family] = (families[family] ?? 0) + 1;
  }
  return { families, quiet };
}

/**
 * What a chip says behind its word: what it is about, or how many there are.
 *
 * @param {Chip} chip
 * @returns {string}
 */
export function about({ remarks, outcome }) {
  const number = remarks.reduce((sum, remark) => sum + (remark.times ?? 1), 0);
  if (remarks.length > 1) return `×${number}`;
  const [one] = remarks;
  if (outcome.word === "can inline") return one.cost === undefined ? "" : `cost ${one.cost}`;
  const subject = one.code ?? one.subject ?? "";
  return [subject, number > 1 && `×${number}`].filter(Boolean).join(" ");
}

/**
 * A chip as a screen reader says it.
 *
 * @param {Chip} chip
 * @returns {string}
 */
export function chipLabel(chip) {
  const words = [`line ${chip.line}: ${chip.outcome.word}`, about(chip), chip.state];
  return words.filter(Boolean).join(", ");
}

/**
 * All chips, line by line.
 *
 * @param {Map<number, Chip[]>} lines
 * @returns {Chip[]}
 */
export function inOrder(lines) {
  return [...lines.keys()].sort((a, b) => a - b).flatMap((line) => lines.get(line) ?? []);
}

/**
 * Where a key leads from a chip: left and right along all chips, up and down to the next line that has
 * some, Home and End to the ends. Null for any other key, and at the edge.
 *
 * @param {Chip[]} chips in order
 * @param {number} at
 * @param {string} key
 * @returns {number | null}
 */
export function move(chips, at, key) {
  const here = chips[at];
  if (!here) return chips.length > 0 ? 0 : null;
  /** @type {Record<string, () => number>} */
  const moves = {
    ArrowRight: () => at + 1,
    ArrowLeft: () => at - 1,
    ArrowDown: () => chips.findIndex((chip) => chip.line > here.line),
    ArrowUp: () => {
      const above = chips.findLast((chip) => chip.line < here.line);
      return above ? chips.findIndex((chip) => chip.line === above.line) : -1;
    },
    Home: () => 0,
    End: () => chips.length - 1,
  };
  const to = moves[key]?.() ?? -1;
  return to >= 0 && to < chips.length && to !== at ? to : null;
}

/**
 * Where the same chip is in a new payload: by its key, else the nearest one on its line or below.
 *
 * @param {Chip[]} chips in order
 * @param {Chip | null} chip
 * @returns {number}
 */
export function again(chips, chip) {
  if (!chip) return 0;
  const same = chips.findIndex((one) => one.key === chip.key);
  if (same >= 0) return same;
  const like = chips.findIndex((one) => one.line === chip.line && one.outcome.word === chip.outcome.word);
  if (like >= 0) return like;
  const below = chips.findIndex((one) => one.line >= chip.line);
  return below >= 0 ? below : Math.max(0, chips.length - 1);
}

/**
 * The chip of a place: the one that has a remark at its very column, else the first of its line.
 *
 * @param {Chip[]} chips in order
 * @param {{line?: number, column?: number}} place
 * @returns {number} -1 when the line has none
 */
export function chipAtPlace(chips, { line, column }) {
  const exact = chips.findIndex((chip) => chip.line === line && chip.remarks.some((remark) => remark.column === column));
  return exact >= 0 ? exact : chips.findIndex((chip) => chip.line === line);
}

/**
 * What an edit did, in words.
 *
 * @param {Lane} lane
 * @returns {string}
 */
export function comparison({ compared, stale, errors }) {
  if (errors > 0 && !stale) return "this text does not compile: there are no remarks";
  if (stale) return "this text does not compile: the remarks are those of the last one that did";
  if (!compared) return "";
  const since = compared.since === "pin" ? "since the baseline" : "since the last edit that mattered";
  const parts = [
    compared.new && `${compared.new} new`,
    compared.gone && `${compared.gone} gone`,
    compared.changed && `${compared.changed} changed`,
  ].filter(Boolean);
  return `${parts.length > 0 ? parts.join(", ") : "nothing changed"} ${since}`;
}

/**
 * A way as a reader follows it: each place where the value goes, with the code that sends it there. What
 * the compiler spells "{heap}" and "{storage for x}" is put in plain words.
 *
 * @param {Step[]} steps
 * @returns {{flow: Step | null, from: Step[]}[]}
 */
export function legs(steps) {
  /** @type {{flow: Step | null, from: Step[]}[]} */
  const found = [];
  for (const step of steps) {
    if (step.kind === "flow" || found.length === 0) found.push({ flow: step.kind === "flow" ? step : null, from: [] });
    if (step.kind !== "flow") found[found.length - 1].from.push(step);
  }
  return found;
}

/**
 * The parts of a flow: where to, and from what. Go 1.27 writes an arrow, older ones an equals sign.
 *
 * @param {string} text
 * @returns {{to: string, from: string} | null}
 */
export function flowParts(text) {
  const parts = /^(.+?) (?:←|=) (.+)$/.exec(text);
  return parts ? { to: plain(parts[1]), from: plain(parts[2]) } : null;
}

/** @param {string} words */
function plain(words) {
  return words
    .replace(/^&\{storage for (.*)\}$/, "pointer to the storage of $1")
    .replace(/\{storage for (.*)\}/, "storage of $1")
    .replace(/^(~r\d+)$/, "the result $1")
    .replace(/^(pointer to the storage of |storage of )?\.\.\. argument$/, "$1the variadic slice")
    .replace("{heap}", "the heap")
    .replace("{temp}", "a temporary");
}

/**
 * The code and the reason of a step: "y := &x (assign)".
 *
 * @param {string} text
 * @returns {{code: string, why: string}}
 */
export function stepParts(text) {
  const parts = /^(.*) \(([^()]*)\)$/.exec(text);
  return parts ? { code: parts[1], why: parts[2] } : { code: text, why: "" };
}

/**
 * A cost beside the budget it has to keep to: per cent of a bar, and words.
 *
 * @param {number} cost
 * @param {number} budget
 * @returns {{fill: number, mark: number, words: string}}
 */
export function costBar(cost, budget) {
  const whole = Math.max(cost, budget * 1.25, 1);
  const over = cost > budget ? `, ${cost - budget} over` : "";
  return { fill: Math.round((100 * cost) / whole), mark: Math.round((100 * budget) / whole), words: `cost ${cost} of ${budget}${over}` };
}
