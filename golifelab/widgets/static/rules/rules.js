/**
 * The rule stepper: what the compiler rewrote in a function, and what it proved, in two tabs.
 */

import { countOf } from "./model.js";
import { createProofs } from "./proofs.js";
import { createSteps } from "./steps.js";
import { h, say, set, uid } from "../page/dom.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {"rules" | "proofs"} Tab */
/** @typedef {{seq?: number, failed?: string, functions?: import("../page/functions.js").FunctionChoice[], function?: string, rules?: import("./model.js").Rules | null, proofs?: import("./proofs.js").Proofs | null}} Payload */

const TABS = /** @type {const} */ (["rules", "proofs"]);

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createRules(parent, select, model) {
  const life = new AbortController();
  const live = model.get("tab") !== undefined;
  /** @type {Payload | null} */
  let shown = null;
  /** @type {Tab} */
  let tab = model.get("tab") ?? "rules";
  /** What was selected before there was anything to show, and by ourselves, leads nowhere. */
  let own = "";
  /** @type {Selection} */
  let selection = {};
  /** @param {Selection} chosen */
  const publish = (chosen) => {
    own = JSON.stringify(chosen);
    select(chosen);
  };

  const picker = createFunctionPicker(model);
  const status = h("span", { class: "gl-status", role: "status" }, "compiling …");
  const steps = createSteps(publish, (step) => tellModel("step", step));
  const proofs = createProofs(publish);
  const panels = { rules: steps.element, proofs: proofs.element };
  const names = { rules: "Rewrites", proofs: "Proofs" };
  /** @type {Record<Tab, HTMLButtonElement>} */
  const tabs = { rules: tabOf("rules"), proofs: tabOf("proofs") };
  const bar = h("div", { class: "gl-rules-tabs", role: "tablist", "aria-label": "what the compiler did" }, tabs.rules, tabs.proofs);
  const frame = h(
    "section",
    { class: "gl-pane gl-rules", "aria-label": "rewrites and proofs", "data-part": "middle" },
    h("header", { class: "gl-pane-top" }, picker.element, bar, status),
    steps.element,
    proofs.element,
  );
  for (const name of TABS) {
    const id = uid("panel");
    panels[name].id = id;
    set(panels[name], "role", "tabpanel");
    set(panels[name], "aria-label", names[name]);
    set(tabs[name], "aria-controls", id);
  }
  parent.append(frame);
  open(tab, false);

  /** @param {Tab} name */
  function tabOf(name) {
    return h("button", { type: "button", class: "gl-pane-tab", role: "tab", "data-tab": name, onclick: () => open(name) }, names[name], " ", h("b"));
  }

  /** @param {string} trait @param {unknown} value */
  function tellModel(trait, value) {
    if (!live || model.get(trait) === value) return;
    model.set(trait, value);
    model.save_changes();
  }

  /** @param {Tab} name @param {boolean} [tell] */
  function open(name, tell = true) {
    tab = name;
    if (name !== "rules") steps.pause();
    for (const one of TABS) {
      set(tabs[one], "aria-selected", String(one === name));
      tabs[one].tabIndex = one === name ? 0 : -1;
      set(panels[one], "hidden", one !== name);
    }
    if (tell) tellModel("tab", name);
  }

  bar.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const other = TABS[(TABS.indexOf(tab) + 1) % TABS.length];
    if (tabs[other].hidden) return;
    open(other);
    tabs[other].focus();
  });
  if (live) {
    watch(model, "tab", () => open(model.get("tab"), false), life.signal);
    watch(model, "step", () => steps.go(model.get("step")), life.signal);
    watch(model, "pass_", () => steps.goPass(model.get("pass_")), life.signal);
  }

  return {
    element: frame,
    destroy() {
      steps.destroy();
      life.abort();
    },
    /** @param {Payload} next */
    show(next) {
      set(frame, "data-stale", Boolean(next.failed) && shown !== null);
      if (next.failed) {
        say(status, shown ? "the program does not compile: this is of the last one that did" : "the program does not compile");
        return;
      }
      const first = shown === null;
      shown = next;
      say(status, "");
      if (next.functions && next.function) picker.show(next.functions, next.function);
      set(picker.element, "hidden", !next.functions);
      if (next.rules) {
        steps.show(next.rules, model.get("step") ?? 0);
        if (first && model.get("pass_")) steps.goPass(model.get("pass_"));
        say(/** @type {HTMLElement} */ (tabs.rules.lastElementChild), countOf(next.rules));
      }
      if (next.proofs) {
        proofs.show(next.proofs);
        say(/** @type {HTMLElement} */ (tabs.proofs.lastElementChild), next.proofs.proofs.length + next.proofs.left.proofs);
      }
      steps.select(selection, false);
      // A value that stands alone is one of the two.
      set(tabs.rules, "hidden", !next.rules);
      set(tabs.proofs, "hidden", next.proofs === undefined);
      if (!next.rules && tab === "rules") open("proofs", false);
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      const mine = JSON.stringify(next) === own;
      steps.select(next, shown !== null && !mine);
      proofs.select(next);
    },
  };
}
