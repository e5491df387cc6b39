/**
 * What the check player shows, as pure functions of its payload: no DOM here.
 */

/**
 * The lines of one phase's trace, in equally long lists; `file` counts in the payload's `files`.
 *
 * @typedef {{depth: number[], file: number[], line: number[], column: number[], text: string[]}} Trace
 */

/**
 * @typedef {object} Phase
 * @property {string} name
 * @property {string} about what it is for; quoted where its authors say so
 * @property {string} made what came of it, where that is known: "96 tokens"
 * @property {boolean} ran
 * @property {string} why why it never ran
 * @property {number} lines of the trace that are here
 * @property {number} total lines that the checker printed
 * @property {number} errors
 * @property {Trace} trace
 */

/**
 * @typedef {object} Finding
 * @property {number} phase index of the phase that found it
 * @property {number} at the line of that phase's trace before which it was found; -1 when unknown
 * @property {string[]} by the checker's functions, the phase first
 * @property {string} file
 * @property {number} line
 * @property {number} column
 * @property {string} message
 * @property {string} code
 * @property {number} number
 * @property {string} summary
 * @property {string} example
 */

/**
 * @typedef {object} Checks
 * @property {number} seq
 * @property {Phase[]} phases
 * @property {string[]} files
 * @property {Finding[]} findings in the order in which they were found
 * @property {number} first index of the phase that complained first, -1 for none
 * @property {{errors: number, hidden: number}} counts
 * @property {boolean} traced
 * @property {boolean} truncated
 */

/** @typedef {import("../page/broker.js").Selection} Selection */

/**
 * How long the bars are. A square root lets a phase of ten lines be seen beside one of ten thousand.
 *
 * @param {Phase[]} phases
 * @returns {number[]} 0 to 1
 */
export function bars(phases) {
  const most = Math.max(...phases.map((phase) => phase.total), 1);
  return phases.map((phase) => Math.sqrt(phase.total / most));
}

/**
 * The phase to show after an edit: the one that was shown, while it ran; to begin with, or when someone
 * complains who did not before, the one that complained first, else the one that had most to do.
 *
 * @param {Checks | null} before
 * @param {number} at
 * @param {Checks} next
 * @returns {number}
 */
export function keepPhase(before, at, next) {
  const name = before?.phases[at]?.name;
  const same = next.phases.findIndex((phase) => phase.name === name && phase.ran);
  const fresh = next.first >= 0 && before?.phases[before.first]?.name !== next.phases[next.first].name;
  if (same >= 0 && !fresh) return same;
  if (next.first >= 0) return next.first;
  const most = Math.max(...next.phases.map((phase) => phase.total));
  return Math.max(0, next.phases.findIndex((phase) => phase.ran && phase.total === most));
}

/**
 * Where a key moves the choice in a column.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} length
 * @param {number} page how many a page is
 * @returns {number | null} the new index; null when the key is not for the column
 */
export function climb(key, at, length, page) {
  /** @type {Record<string, number>} */
  const moves = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: length - 1,
  };
  if (!(key in moves) || length === 0) return null;
  return Math.max(0, Math.min(length - 1, moves[key]));
}

/**
 * The next phase that found something, in a direction; where we are when there is none.
 *
 * @param {Phase[]} phases
 * @param {number} at
 * @param {1 | -1} direction
 * @returns {number}
 */
export function nextComplaint(phases, at, direction) {
  for (let i = at + direction; i >= 0 && i < phases.length; i += direction) if (phases[i].errors > 0) return i;
  return at;
}

/**
 * @param {Checks} payload
 * @param {number} phase
 * @param {number} line of the phase's trace
 * @returns {Selection | null} what to select for it; null for a line without a place
 */
export function placeOf(payload, phase, line) {
  const { trace } = payload.phases[phase];
  if (!trace.line[line]) return null;
  return { file: payload.files[trace.file[line]], line: trace.line[line], column: trace.column[line] };
}

/**
 * The lines of a phase's trace that are about what is selected: at its very place, else on its line.
 *
 * @param {Checks} payload
 * @param {number} phase
 * @param {Selection} selection
 * @returns {{lines: number[], exact: boolean}}
 */
export function linesAt(payload, phase, selection) {
  const { trace } = payload.phases[phase];
  const file = payload.files.indexOf(selection.file ?? "");
  if (!selection.line || file < 0) return { lines: [], exact: false };
  /** @type {number[]} */
  const near = [];
  for (let i = 0; i < trace.line.length; i += 1) {
    if (trace.line[i] === selection.line && trace.file[i] === file) near.push(i);
  }
  const here = near.filter((i) => trace.column[i] === selection.column);
  return here.length > 0 ? { lines: here, exact: true } : { lines: near, exact: false };
}

/**
 * @param {Checks} payload
 * @param {number} phase
 * @returns {Finding[]} what a phase found, in order
 */
export function foundBy(payload, phase) {
  return payload.findings.filter((finding) => finding.phase === phase);
}

/**
 * @param {Phase} phase
 * @param {boolean} first whether it complained first
 * @returns {string} what it came to, in words
 */
export function outcome(phase, first) {
  if (!phase.ran) return "never ran";
  if (phase.errors === 0) return "";
  return `✗ ${count(phase.errors, "error")}${first ? ", the first" : ""}`;
}

/**
 * @param {number} number
 * @param {string} word
 * @returns {string} "1 line", "2,000 lines"
 */
export function count(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

/**
 * One sentence about the whole run, for the eye and for a screen reader.
 *
 * @param {Checks} payload
 * @returns {{state: "good" | "bad", text: string}}
 */
export function verdict(payload) {
  const ran = payload.phases.filter((phase) => phase.ran).length;
  if (payload.first < 0) return { state: "good", text: `nobody complains: ${count(ran, "phase")} ran` };
  const first = payload.phases[payload.first].name;
  const { errors, hidden } = payload.counts;
  if (errors === 1) return { state: "bad", text: `${first} complained · ${count(errors, "error")}` };
  const more = hidden > 0 ? `, the first ${errors - hidden} of them here` : "";
  return { state: "bad", text: `${first} complained first · ${count(errors, "error")} in all${more}` };
}
