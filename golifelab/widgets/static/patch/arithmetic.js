/**
 * The formula of a hole with its numbers. The address of the symbol and that of the hole are fields: who changes
 * them sees what the linker would write then.
 */

import { hexOf, known, number, reckon, toHex } from "./model.js";
import { h, say, set } from "../page/dom.js";

/** @typedef {import("./model.js").Hole} Hole */
/** @typedef {import("./model.js").Reckoned} Reckoned */

/**
 * @param {(reckoned: Reckoned | null) => void} changed with null while the addresses are the linker's
 */
export function createArithmetic(changed) {
  /** @type {Hole | null} */
  let hole = null;
  const formula = h("p", { class: "gl-patch-formula" });
  const body = h("tbody");
  const result = h("p", { class: "gl-patch-result", role: "status" });
  const steps = h("ul", { class: "gl-patch-steps" });
  const back = h("button", { type: "button", class: "gl-patch-back", hidden: true, onclick: () => hole && show(hole) }, "back to the linker’s addresses");
  const element = h("div", { class: "gl-patch-arithmetic" }, formula, h("table", { class: "gl-patch-terms" }, body), result, steps, back);
  /** @type {Map<string, HTMLInputElement>} */
  const fields = new Map();

  function update() {
    if (!hole) return;
    const values = ["S", "P"].map((name) => {
      const field = fields.get(name);
      const value = field ? number(field.value) : BigInt(name === "S" ? (hole?.target ?? 0) : (hole?.place ?? 0));
      if (field) set(field, "aria-invalid", value === null ? "true" : null);
      return value;
    });
    const [S, P] = values;
    if (S === null || P === null) {
      say(result, "an address is a number, such as 0x401000");
      changed({ result: 0n, bytes: [], fields: [], problem: "no number" });
      set(back, "hidden", false);
      return;
    }
    const own = S === BigInt(hole.target ?? 0) && P === BigInt(hole.place ?? 0);
    const reckoned = reckon(hole, S, P);
    tell(reckoned);
    set(back, "hidden", own);
    // They have the linker's numbers in them.
    set(steps, "hidden", !own);
    changed(own ? null : reckoned);
  }

  /** @param {Reckoned} reckoned */
  function tell(reckoned) {
    if (!hole) return;
    if (reckoned.problem) {
      say(result, reckoned.problem);
      return;
    }
    const sum = reckoned.result;
    const wide = hole.size <= 8 && !hole.kind.includes("ARM64") && sum < 0n ? ` = 0x${BigInt.asUintN(8 * hole.size, sum).toString(16)} in ${8 * hole.size} bits` : "";
    result.replaceChildren(h("code", {}, `= ${minus(sum)} = ${hexOf(sum)}${wide}`), " → ", h("code", { class: "gl-patch-written" }, toHex(reckoned.bytes)));
  }

  /** @param {Hole} next */
  function show(next) {
    hole = next;
    fields.clear();
    set(element, "hidden", next.formula === "");
    const open = known(next.kind) && next.outcome !== "no method";
    formula.replaceChildren(h("span", { class: "gl-note" }, `${next.kind}: `), h("code", {}, next.formula));
    body.replaceChildren(
      ...next.terms.map(([name, value, words]) => {
        const shown = Math.abs(value) > 255 ? hexOf(value) : minus(value);
        const editable = open && (name === "S" || name === "P");
        const field = h("input", { type: "text", class: "gl-patch-field", value: shown, "aria-label": `${name}, ${words}`, spellcheck: "false", oninput: update });
        if (editable) fields.set(name, field);
        return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, editable ? field : h("code", {}, shown)), h("td", { class: "gl-note" }, termWords(next, name, words)));
      }),
    );
    steps.replaceChildren(...next.steps.map((step) => h("li", {}, step)));
    if (open) update();
    else {
      set(back, "hidden", true);
      result.replaceChildren(h("code", {}, next.result === null ? "" : `= ${minus(next.result)}`));
      changed(null);
    }
  }

  return { element, show };
}

/** @param {number | bigint} value */
const minus = (value) => String(value).replace("-", "−");

/** @param {Hole} hole @param {string} name @param {string} words */
function termWords(hole, name, words) {
  if (name === "S") return `${words}: ${hole.redirected || hole.symbol}`;
  return words;
}
