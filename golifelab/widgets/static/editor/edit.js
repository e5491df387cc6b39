/**
 * The edit loop's side in the browser: number the edits, send the newest, wait when compiling is slow.
 */

import { watch } from "../page/host.js";

/** @typedef {import("../page/host.js").Model} Model */

/**
 * Below this many milliseconds from edit to answer nothing waits; from SLOW on, the longest wait. The answer may
 * hold the code of all passes: to wait for it is no reason to wait before it, newer work ends older.
 */
const FAST = 200;
const SLOW = 600;
const LONGEST = 120;

/**
 * @param {number} cost milliseconds from an edit to its answer, as measured
 * @returns {number} how long to wait for the next keystroke before sending an edit, 0–120 ms
 */
export function pause(cost) {
  const share = (cost - FAST) / (SLOW - FAST);
  return Math.round(LONGEST * Math.max(0, Math.min(1, share)));
}

/**
 * Connect an editor to the traits `source` (its text) and `seq` (the number of the edit).
 *
 * @param {Model} model
 * @param {() => string} text what is in the editor
 * @param {(source: string) => void} replace put Python's text into the editor
 * @param {AbortSignal} signal
 */
export function editLoop(model, text, replace, signal) {
  let seq = model.get("seq") ?? 0;
  let cost = 0;
  /** @type {Map<number, number>} when the edits were made that have no answer yet */
  const made = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const send = () => {
    timer = undefined;
    model.set("source", text());
    model.set("seq", seq);
    // Saved a moment later: the selection that moved with this edit then goes in the same message.
    queueMicrotask(() => model.save_changes());
  };
  watch(model, "source", () => replace(model.get("source")), signal);
  watch(model, "seq", () => (seq = Math.max(seq, model.get("seq"))), signal);
  signal.addEventListener("abort", () => clearTimeout(timer));

  return {
    seq: () => seq,

    /** @param {boolean} [now] what can't wait for another keystroke */
    edited(now = false) {
      // Another view of the same model may have edited meanwhile: never go back behind it.
      seq = Math.max(seq, model.get("seq") ?? 0) + 1;
      made.set(seq, performance.now());
      clearTimeout(timer);
      const wait = now ? 0 : pause(cost);
      if (wait > 0) timer = setTimeout(send, wait);
      else send();
    },

    /**
     * The answer to an edit is there.
     *
     * @param {number} answered
     * @returns {number | null} milliseconds since that edit; null when it was not made here
     */
    answered(answered) {
      const then = made.get(answered);
      for (const number of [...made.keys()]) if (number <= answered) made.delete(number);
      if (then === undefined) return null;
      const took = performance.now() - then;
      // The wait is not part of the cost, or it would keep itself alive.
      cost = cost === 0 ? took : 0.7 * cost + 0.3 * Math.max(0, took - pause(cost));
      return took;
    },
  };
}
