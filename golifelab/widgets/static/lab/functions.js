/**
 * Which function the lab shows: the one that the cursor is in, or one that the reader has chosen.
 */

import { h, set } from "../page/dom.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";

/** @typedef {import("./passes.js").Code} Code */

/**
 * @param {HTMLElement} parent
 * @param {import("../page/host.js").Model} model its trait `function` is a link symbol, or "" to follow
 * @param {AbortSignal} signal
 */
export function createFunctions(parent, model, signal) {
  const picker = createFunctionPicker(model);
  let shown = "";
  // A page without a kernel has the one function that it was made with.
  const alone = model.send === undefined;
  const follow = h("button", { type: "button", class: "gl-toggle", hidden: alone, onclick: turn }, "follow");
  parent.replaceChildren(picker.element, follow);

  function turn() {
    model.set("function", model.get("function") ? "" : shown);
    model.save_changes();
    paint();
  }
  function paint() {
    const follows = !model.get("function");
    set(follow, "aria-pressed", String(follows));
    set(follow, "title", follows ? "shows the function that the cursor is in; press to stay with this one" : "press to show the function that the cursor is in");
  }
  watch(model, "function", paint, signal);
  picker.element.addEventListener("change", paint);
  paint();

  return {
    /** @param {Code} code */
    show(code) {
      shown = code.function;
      const there = code.functions ?? [];
      picker.show(alone ? there.filter((one) => one.symbol === code.function) : there, code.function);
      paint();
    },
  };
}
