/**
 * The rule stepper's data: steps by number, what differs inside a step, where a key leads. Pure.
 */

/** @typedef {import("../page/broker.js").Selection} Selection */

/** @typedef {[string, number, number] | 0} Place file, line, column; 0 for none */
/** @typedef {{file: string, line: number, text: string}} RuleLine */
/** @typedef {"rule" | "copies" | "phi"} Kind */

/**
 * @typedef {object} Rules the rewrites of a function; the lists in `steps` are equally long
 * @property {string} function
 * @property {string} name
 * @property {string[]} passes
 * @property {{pass: number[], round: number[], kind: Kind[], value: string[], before: number[], after: number[], place: Place[], rules: number[][], more: number[], args: number[][]}} steps
 * @property {RuleLine[]} rules
 * @property {string[]} texts
 * @property {number} count
 * @property {number} left
 * @property {string[]} incomplete passes of which steps are missing, because the compiler gave up
 * @property {boolean} known whether this Go comes with its rules
 */

/**
 * @typedef {object} Step
 * @property {number} index
 * @property {string} pass
 * @property {number} round -1 where Go does not say
 * @property {Kind} kind
 * @property {string} value empty for the end of a block
 * @property {string} before
 * @property {string} after
 * @property {Place} place
 * @property {RuleLine[]} rules
 * @property {number} more rules that are not listed
 * @property {string[]} args what the value is made of
 */

/** @param {Rules} rules @returns {number} how many steps there are to see */
export const countOf = (rules) => rules.steps.pass.length;

/**
 * @param {Rules} rules
 * @param {number} index
 * @returns {Step}
 */
export function stepAt({ steps, passes, rules, texts }, index) {
  return {
    index,
    pass: passes[steps.pass[index]],
    round: steps.round[index],
    kind: steps.kind[index],
    value: steps.value[index],
    before: texts[steps.before[index]],
    after: texts[steps.after[index]],
    place: steps.place[index],
    rules: steps.rules[index].map((number) => rules[number]),
    more: steps.more[index],
    args: steps.args[index].map((number) => texts[number]),
  };
}

/**
 * The passes that made steps, in order.
 *
 * @param {Rules} rules
 * @returns {{name: string, first: number, count: number}[]}
 */
export function passesOf({ steps, passes }) {
  /** @type {{name: string, first: number, count: number}[]} */
  const found = [];
  steps.pass.forEach((number, index) => {
    const last = found.at(-1);
    if (last && last.name === passes[number]) last.count += 1;
    else found.push({ name: passes[number], first: index, count: 1 });
  });
  return found;
}

/**
 * @param {Rules} rules
 * @param {string} value
 * @returns {number[]} the steps that changed it
 */
export function stepsOf({ steps }, value) {
  return value === "" ? [] : steps.value.flatMap((name, index) => (name === value ? [index] : []));
}

/**
 * The steps that a selection is about: those of its value, else those at its place, else on its line.
 *
 * @param {Rules} rules
 * @param {Selection} selection
 * @returns {number[]}
 */
export function stepsAt(rules, selection) {
  if (selection.value && selection.function === rules.function) return stepsOf(rules, selection.value);
  if (!selection.line) return [];
  const line = rules.steps.place.flatMap((place, index) => (place !== 0 && place[1] === selection.line && place[0] === (selection.file ?? place[0]) ? [index] : []));
  const exact = line.filter((index) => /** @type {[string, number, number]} */ (rules.steps.place[index])[2] === selection.column);
  return exact.length > 0 ? exact : line;
}

/**
 * Where a key leads.
 *
 * @param {string} key
 * @param {number} at
 * @param {Rules} rules
 * @returns {number | null}
 */
export function move(key, at, rules) {
  const last = countOf(rules) - 1;
  const passes = passesOf(rules);
  const here = passes.findIndex(({ first, count }) => at >= first && at < first + count);
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowLeft":
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return Math.max(0, last);
    case "PageDown":
    case "]":
      return passes[here + 1]?.first ?? Math.max(0, last);
    case "PageUp":
    case "[":
      return at > (passes[here]?.first ?? 0) ? passes[here].first : (passes[here - 1]?.first ?? 0);
    default:
      return null;
  }
}

/**
 * The step that shows the same after an edit: the same change in the same pass, else the same number.
 *
 * @param {Step | null} before
 * @param {Rules} next
 * @returns {number}
 */
export function keep(before, next) {
  const last = Math.max(0, countOf(next) - 1);
  if (!before) return 0;
  for (let index = 0; index <= last && index < countOf(next); index += 1) {
    const step = stepAt(next, index);
    if (step.pass === before.pass && step.before === before.before && step.after === before.after) return index;
  }
  return Math.min(before.index, last);
}

const WORDS = /\s+|[()[\]{}<>,]|[^\s()[\]{}<>,]+/g;

/**
 * What differs between two texts, word by word.
 *
 * @param {string} before
 * @param {string} after
 * @returns {[[string, boolean][], [string, boolean][]]} both in pieces, with whether a piece is not in the other
 */
export function differing(before, after) {
  const [a, b] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  const rows = a.length + 1;
  const longest = new Uint16Array(rows * (b.length + 1));
  const at = (/** @type {number} */ i, /** @type {number} */ j) => j * rows + i;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[at(i, j)] = a[i] === b[j] ? longest[at(i + 1, j + 1)] + 1 : Math.max(longest[at(i + 1, j)], longest[at(i, j + 1)]);
    }
  }
  /** @type {[string, boolean][]} */
  const left = [];
  /** @type {[string, boolean][]} */
  const right = [];
  const push = (/** @type {[string, boolean][]} */ list, /** @type {string} */ word, /** @type {boolean} */ own) => {
    const last = list.at(-1);
    if (last && last[1] === own) last[0] += word;
    else list.push([word, own]);
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(left, a[i], false);
      push(right, b[j], false);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && longest[at(i + 1, j)] >= longest[at(i, j + 1)])) {
      push(left, a[i], true);
      i += 1;
    } else {
      push(right, b[j], true);
      j += 1;
    }
  }
  return [left, right];
}

/**
 * A rule in its parts, as it is read: what it matches, on which conditions, what it makes.
 *
 * @param {string} text
 * @returns {{match: string, conditions: string, result: string}}
 */
export function ruleParts(text) {
  const arrow = text.indexOf("=>");
  const left = arrow < 0 ? text : text.slice(0, arrow);
  const and = left.indexOf("&&");
  return {
    match: (and < 0 ? left : left.slice(0, and)).trim(),
    conditions: and < 0 ? "" : left.slice(and + 2).trim(),
    result: arrow < 0 ? "" : text.slice(arrow + 2).trim(),
  };
}

/**
 * A step in few words: "Mul64 → Lsh64x64".
 *
 * @param {Step} step
 * @returns {string}
 */
export function brief({ before, after, kind, value }) {
  const op = (/** @type {string} */ text) => (value === "" ? text : text.replace(/^v\d+ = /, "")).split(" ")[0];
  if (kind === "copies") return `${op(before)}: skips copies`;
  if (kind === "phi") return `${op(before)} → ${op(after)}: one value`;
  return op(before) === op(after) ? `${op(before)} rewritten` : `${op(before)} → ${op(after)}`;
}

/**
 * By what a step was made, in a sentence.
 *
 * @param {Step} step
 * @param {Rules} rules
 * @returns {string}
 */
export function byWhat({ kind, rules, more }, { known }) {
  if (kind === "copies") return "No rule: arguments that are copies are skipped.";
  if (kind === "phi") return "No rule: all arguments of the phi are one value.";
  if (rules.length === 1 && more === 0) return "By this rule; no other one can have done it:";
  if (rules.length > 0) return `By one of ${rules.length + more} rules; the compiler does not say which:`;
  return known ? "By a rule that could not be told." : "The rules are not in this Go installation.";
}
