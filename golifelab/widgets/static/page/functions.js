/**
 * A picker for the function that a view is about: the model's trait `function` holds its symbol, or
 * nothing while the view chooses.
 */

import { h, say, set } from "./dom.js";

/** @typedef {{symbol: string, name: string, line: number}} FunctionChoice */

/**
 * @param {import("./host.js").Model} model
 */
export function createFunctionPicker(model) {
  const select = h("select", { class: "gl-function-select", "aria-label": "function" });
  const only = h("code");
  // A value that stands alone is of one function, and a page without a kernel has only one.
  const fixed = model.get("function") === undefined || !model.get("runtime");
  const element = fixed
    ? h("span", { class: "gl-function-picker" }, h("code", {}, "func "), only)
    : h("label", { class: "gl-function-picker" }, h("code", { "aria-hidden": "true" }, "func"), select);
  let listed = "";
  select.addEventListener("change", () => {
    model.set("function", select.value);
    model.save_changes();
  });
  return {
    element,
    /**
     * @param {FunctionChoice[]} functions
     * @param {string} symbol the one that is shown
     */
    show(functions, symbol) {
      const key = JSON.stringify(functions);
      if (key !== listed) {
        listed = key;
        const named = (/** @type {FunctionChoice} */ one) =>
          h("option", { value: one.symbol, title: one.symbol }, functions.filter((other) => other.name === one.name).length > 1 ? one.symbol : one.name);
        select.replaceChildren(...functions.map(named));
      }
      select.value = symbol;
      set(select, "disabled", functions.length < 2);
      say(only, functions.find((one) => one.symbol === symbol)?.name ?? symbol);
    },
  };
}
