/**
 * What the lab says quietly, beside what it shows: which tier answered, and which function is missing.
 */

import { h, say, set } from "../page/dom.js";
import { watch } from "../page/host.js";

/** @typedef {import("./passes.js").Code} Code */
/** @typedef {NonNullable<Code["functions"]>[number]} FunctionChoice */

/**
 * @param {string} wanted the function that was chosen, by its symbol or its name; "" for none
 * @param {FunctionChoice[]} functions what there is
 * @param {string} shown the symbol of the one that is shown instead
 * @param {Map<string, string>} before the names that there were, by symbol and by name
 * @returns {string} "" while the chosen one is there
 */
export function missingWords(wanted, functions, shown, before) {
  if (!wanted || functions.length === 0 || functions.some((one) => one.symbol === wanted || one.name === wanted)) return "";
  const instead = functions.find((one) => one.symbol === shown)?.name ?? shown;
  return `no ${before.get(wanted) ?? wanted}${before.has(wanted) ? " any more" : ""}: ${instead} is shown`;
}

/**
 * @param {HTMLElement} below what the note on the tier stands below
 * @param {HTMLElement} head of the pane that the function is shown in
 * @param {import("../page/host.js").Model} model its trait `note` tells of the tier
 * @param {AbortSignal} signal
 */
export function createNotes(below, head, model, signal) {
  const tier = h("p", { class: "gl-note gl-lab-note", role: "status", hidden: true });
  const missing = h("p", { class: "gl-note gl-lab-missing", role: "status", hidden: true });
  below.after(tier);
  head.after(missing);
  /** @type {Map<string, string>} */
  const before = new Map();

  function paint() {
    say(tier, model.get("note"));
    set(tier, "hidden", !model.get("note"));
  }
  watch(model, "note", paint, signal);
  paint();

  return {
    /** @param {Code} code */
    show(code) {
      const functions = code.functions ?? [];
      const words = missingWords(model.get("function"), functions, code.function, before);
      for (const { symbol, name } of functions) before.set(symbol, name).set(name, name);
      say(missing, words);
      set(missing, "hidden", !words);
    },
  };
}
