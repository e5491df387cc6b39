/**
 * A failure of the view itself (no toolchain, a mistake of ours), not of the program in it: it is said in
 * the view, where the reader looks.
 */

import { h, set } from "./dom.js";
import { watch } from "./host.js";

/**
 * @param {import("./host.js").Model} model its trait `failure` is empty while all is well
 * @param {HTMLElement} parent
 * @param {AbortSignal} signal
 */
export function showFailure(model, parent, signal) {
  const line = h("p", { class: "gl-failure", role: "alert", hidden: true });
  parent.append(line);
  const update = () => {
    line.textContent = model.get("failure") ?? "";
    set(line, "hidden", line.textContent === "");
  };
  watch(model, "failure", update, signal);
  update();
}

/**
 * What a panel says of a text that Go refuses: what is wrong with it, and what is shown in its place.
 *
 * @param {string | undefined} problem
 * @param {string} did what the shown one did and this one did not: "compiled", "ran"
 * @param {boolean} [shown] whether there is an older one
 */
export function instead(problem, did, shown = true) {
  if (!shown) return problem ?? "";
  return `${problem ? `Not this text: ${problem.replace(/[.\s]+$/, "")}. ` : ""}Shown is the last that ${did}.`;
}
