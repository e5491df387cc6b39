/**
 * The settings of a build as rows of switches, one choice a row: the arrow keys choose.
 */

import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Setting} Setting */
/** @typedef {import("./model.js").Value} Value */

/**
 * @param {(id: string, value: Value) => void} choose
 */
export function createSettings(choose) {
  const element = h("div", { class: "gl-modes-settings" });
  /** @type {Map<string, {setting: Setting, buttons: HTMLButtonElement[]}>} */
  const groups = new Map();
  let drawn = "";

  element.addEventListener("keydown", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[role=radio]");
    const group = [...groups.values()].find(({ buttons }) => buttons.includes(/** @type {HTMLButtonElement} */ (button)));
    if (!button || !group) return;
    const { buttons, setting } = group;
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (button));
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1 };
    const moved = event.key === "Home" ? 0 : event.key === "End" ? buttons.length - 1 : moves[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    const to = (moved + buttons.length) % buttons.length;
    choose(setting.id, setting.options[to].value);
    buttons[to].focus();
  });

  /** @param {Setting} setting */
  function row(setting) {
    const buttons = setting.options.map(({ value, label }) =>
      h("button", { type: "button", role: "radio", class: "gl-modes-option", "data-value": JSON.stringify(value), onclick: () => choose(setting.id, value) }, label),
    );
    groups.set(setting.id, { setting, buttons });
    return h(
      "div",
      { class: "gl-modes-setting" },
      h("span", { class: "gl-modes-flag", "aria-hidden": "true" }, setting.flag),
      h("span", { class: "gl-modes-options", role: "radiogroup", "aria-label": setting.flag, "data-setting": setting.id }, ...buttons),
    );
  }

  return {
    element,
    /**
     * @param {Setting[]} settings
     * @param {Record<string, Value>} chosen
     */
    show(settings, chosen) {
      const key = JSON.stringify(settings);
      if (key !== drawn) {
        drawn = key;
        groups.clear();
        element.replaceChildren(...settings.map(row));
      }
      for (const { setting, buttons } of groups.values()) {
        const at = setting.options.findIndex(({ value }) => JSON.stringify(value) === JSON.stringify(chosen[setting.id]));
        buttons.forEach((button, index) => {
          set(button, "aria-checked", String(index === at));
          button.tabIndex = index === Math.max(0, at) ? 0 : -1;
        });
      }
    },
  };
}
