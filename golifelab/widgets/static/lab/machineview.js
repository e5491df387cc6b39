/**
 * The machine code of a function alone, without the passes that it came from.
 */

import { createMachine } from "./machine.js";

/** @typedef {import("../page/broker.js").Selection} Selection */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @returns {import("../page/bench.js").Panel}
 */
export function createMachineAlone(parent, select) {
  const view = createMachine(parent, { select });
  return {
    show(payload) {
      const code = { seq: payload.seq ?? 0, function: payload.function, file: payload.file, lines: [], passes: [] };
      view.show(code, 0, { machine: payload, lives: null });
    },
    select: (selection) => view.select(selection, true),
  };
}
