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
