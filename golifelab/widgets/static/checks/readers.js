/**
 * Who complained first: the scanner, the parser, types2. A light for each, in the order in which they read.
 */

import { h } from "../page/dom.js";

/** @typedef {{who: string, errors: number | null}} Reader `errors` is null when it was not asked */
/** @typedef {{file: string, line: number, column: number, message: string, phase: string}} Complaint */

const PHASES = /** @type {Record<string, string>} */ ({ scanner: "scan", parser: "parse", types2: "types" });

/**
 * @param {(selection: import("../page/broker.js").Selection) => void} select
 */
export function readersLight(select) {
  const lights = h("span", { class: "gl-lights", role: "group", "aria-label": "who complained first" });
  const words = h("span", { class: "gl-complaint", role: "status" });
  return {
    lights,
    words,

    /**
     * @param {Reader[]} readers
     * @param {Complaint | null} first
     */
    show(readers, first) {
      lights.replaceChildren(...readers.map((reader) => light(reader, first?.phase === PHASES[reader.who])));
      if (!first) {
        words.replaceChildren(h("span", { class: "gl-note" }, "nobody complains"));
        return;
      }
      const { file, line, column, message } = first;
      const go = h("button", { type: "button", class: "gl-go", onclick: () => select({ file, line, column }) }, `${line}:${column}`);
      words.replaceChildren(line > 0 ? go : "", " ", h("span", { class: "gl-message" }, message));
    },
  };
}

/**
 * @param {Reader} reader
 * @param {boolean} first whether it complained before all others
 */
function light({ who, errors }, first) {
  const state = errors === null ? "unasked" : first ? "first" : errors > 0 ? "errors" : "well";
  const marks = { unasked: "○", first: "▲", errors: "△", well: "●" };
  const said = {
    unasked: "not asked",
    first: errors === 1 ? "complained first" : `complained first, ${errors} errors`,
    errors: `${errors} more`,
    well: "",
  };
  return h(
    "span",
    { class: "gl-light", "data-state": state, "data-who": who },
    h("span", { class: "gl-light-mark", "aria-hidden": "true" }, marks[state]),
    who,
    h("span", { class: said[state] ? "gl-note" : "gl-unseen" }, ` ${said[state] || "no complaint"}`),
  );
}
