/**
 * What the tab that compares is asked: which two states stand on which side, and who can tell what differs.
 */

import { keepPass } from "./passes.js";

/** What is compared with unless the reader chooses otherwise: the pass before. */
export const BEFORE = "before";
/** What is no name of a pass; no pass of the compiler is called so. */
const WORDS = [BEFORE, "edit", "other"];

/** @typedef {import("./pane.js").More} More */
/** @typedef {import("./passes.js").Code} Code */
/** @typedef {{code: Code, at: number}} Moment a function after a pass */

/**
 * What is compared: `left` and `right` name the sides, `own` is the side of this pane's code. `ask` is what only
 * the kernel can tell: there numbers mean nothing.
 *
 * @typedef {object} Question
 * @property {string} left
 * @property {string} right
 * @property {"left" | "right"} own
 * @property {Moment} [one] the left side
 * @property {Moment} [other]
 * @property {{against: string, left: number, right: number}} [ask]
 * @property {{words: string, ran: string}} [lacks] that the chosen pass did not run, the pass before stands in for it;
 *   and which did run
 * @property {string} [nothing] why there is nothing to compare
 */

/** Why a page that lives without its kernel does not tell what only that one knows. */
export const NO_KERNEL = "This needs a kernel, and this page has none: run the notebook that it was made in. Two passes are compared here, too.";

/**
 * A pass is chosen by its name: its number is another one in other versions of Go.
 *
 * @param {Code} code
 * @param {string} against
 * @returns {boolean} whether it names a pass that did not run
 */
export const isLacking = (code, against) => !WORDS.includes(against) && code.passes.every((pass) => pass.name !== against);

/** @param {string} nothing @returns {Question} */
const none = (nothing) => ({ left: "", right: "", own: "right", nothing });

/**
 * @param {Code} code of this pane
 * @param {number} at the pass that it shows
 * @param {Pick<More, "before" | "other">} more
 * @param {number} side which pane it is, from the left
 * @param {string} against "before" (the pass before), "edit", "other" (the other pane), or the name of a pass
 * @param {boolean} [alone] whether there is no kernel: then there are no edits
 * @returns {Question}
 */
export function questionOf(code, at, { before, other }, side, against, alone = false) {
  const here = { code, at };
  if (against === "edit") {
    if (!before) return none(alone ? NO_KERNEL : "There is no edit yet: change the program, and what it changed here is shown.");
    const left = keepPass(code, at, before);
    const [old, now] = [before.passes[left]?.name ?? "", code.passes[at].name];
    const sides = { one: { code: before, at: left }, other: here };
    return { left: `${old} · before the edit`, right: `${now} · now`, own: "right", ...sides, ask: { against, left, right: at } };
  }
  if (against === "other") {
    if (!other) return none("There is no other pane: open one beside this.");
    const there = { code: other.code, at: other.at };
    const [one, two] = side === 0 ? [here, there] : [there, here];
    const [left, right] = [one, two].map((of) => [of.code.passes[of.at]?.name, of.code.target?.label].filter(Boolean).join(" · "));
    /** @type {Question} */
    const question = { left, right, own: side === 0 ? "left" : "right", one, other: two };
    return other.same ? question : { ...question, ask: { against, left: one.at, right: two.at } };
  }
  if (isLacking(code, against)) {
    const ran = code.passes.map((pass) => pass.name).join(", ");
    const words = `No pass named '${against}' ran: the pass before stands in for it.`;
    return { ...questionOf(code, at, { before, other }, side, BEFORE, alone), lacks: { words, ran: `These ran: ${ran}.` } };
  }
  const pass = against === BEFORE ? at - 1 : code.passes.findIndex((one) => one.name === against);
  if (pass < 0) return none("This is how the function was built: no pass came before.");
  // What is earlier stands on the left.
  const [one, two] = pass <= at ? [{ code, at: pass }, here] : [here, { code, at: pass }];
  const [left, right] = [one, two].map((of) => code.passes[of.at].name);
  return { left, right, own: pass <= at ? "right" : "left", one, other: two };
}

/**
 * Whether an answer is the one to a question: of these passes, and of the very code that is shown.
 *
 * @param {any} answer comparison_payload with the `compare` that it answers, or with a `failure`
 * @param {Question} question
 */
export function isAnswer(answer, { ask, one, other }) {
  const of = answer.compare;
  if (!ask || of?.against !== ask.against || of.left !== ask.left || of.right !== ask.right) return false;
  return Boolean(answer.failure) || (isState(answer.left.lines, one) && isState(answer.right.lines, other));
}

/** @param {string[]} lines @param {Moment | undefined} moment */
function isState(lines, moment) {
  if (!moment) return false;
  const rows = moment.code.passes[moment.at]?.rows ?? [];
  // The names of variables stand below the blocks; the browser's code has none.
  const end = lines.findIndex((line) => line.startsWith("name "));
  const count = end < 0 ? lines.length : end;
  return count === rows.length && rows.every((row, i) => moment.code.lines[row] === lines[i]);
}

/**
 * @param {import("./diffmodel.js").Counts} counts of two states between which no line differs
 * @returns {string}
 */
export function sameWords({ reordered }) {
  if (reordered === 0) return "Nothing differs.";
  return `Nothing differs but the order, of ${reordered} ${reordered === 1 ? "value" : "values"} within the blocks.`;
}

/** @param {import("./diffmodel.js").Counts} counts */
export function figuresOf({ same: kept, changed, added, removed, moved, reordered, blocks }) {
  const words = [
    changed > 0 && `${changed} changed`,
    added > 0 && `${added} new`,
    removed > 0 && `${removed} gone`,
    moved > 0 && `${moved} in another block`,
    reordered > 0 && `${reordered} in another order`,
    blocks > 0 && `${blocks} ${blocks === 1 ? "block" : "blocks"}`,
    `${kept} the same`,
  ];
  return words.filter(Boolean).join(" · ");
}

