/**
 * The register grid with its figures, the other processor's beside it, and the stack frame behind a tab.
 */

import { createFrame } from "./frame.js";
import { createGrid } from "./grid.js";
import { akin, count, headline, sentence, valueAt } from "./model.js";
import { createStrip } from "./strip.js";
import { h, say, set, uid } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Grid} Grid */
/** @typedef {import("./model.js").Registers} Registers */

/** Copies of a value that are named. */
const KIN = 16;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createRegisters(parent, select, model) {
  const life = new AbortController();
  /** @type {Registers | null} */
  let payload = null;
  /** @type {Grid | null} */
  let grid = null;
  /** @type {Selection} */
  let selection = {};
  /** What the browser alone knows of the choice: values of the other processor are no selection. */
  let value = -1;

  /** A switch's state is a trait where Python knows it, and lives here where it does not. */
  /** @type {Record<string, any>} */
  const own = { goarch: "", tab: "registers", flip: false };
  const read = (/** @type {string} */ name) => model.get(name) ?? own[name];
  /** @param {string} name @param {unknown} state */
  const write = (name, state) => {
    own[name] = state;
    if (model.get(name) === undefined) {
      paint();
      return;
    }
    model.set(name, state);
    model.save_changes();
  };

  const picker = createFunctionPicker(model);
  const processors = h("div", { class: "gl-regs-processors", role: "group", "aria-label": "processor" });
  const figures = h("span", { class: "gl-regs-figures", role: "status" }, "the compiler is at work …");
  const tabs = ["registers", "frame"].map((name) =>
    h("button", { type: "button", role: "tab", class: "gl-regs-tab", id: uid("tab"), "data-tab": name, onclick: () => write("tab", name) }, name === "frame" ? "stack frame" : name),
  );
  const flip = h("button", { type: "button", class: "gl-regs-flip", onclick: () => write("flip", !read("flip")) }, "⇄ flip axes");
  const spills = h("button", { type: "button", class: "gl-regs-flip", title: "the next spill or reload (S, back with Shift+S)", onclick: () => view.element.dispatchEvent(new KeyboardEvent("keydown", { key: "s" })) }, "next spill");
  const age = h("span", { class: "gl-note" });
  const words = h("div", { class: "gl-regs-words", role: "region", tabindex: "-1", "aria-label": "the chosen place" });
  const strip = createStrip((step) => view.center(step));
  const view = createGrid({ chosen: visit, scrolled: (first, end) => strip.look(first, end) });
  const sheet = h("div", { class: "gl-regs-sheet", role: "tabpanel" }, strip.element, view.element, legend(), words);
  const frame = createFrame((step) => {
    write("tab", "registers");
    view.go({ step, column: view.at().column });
  });
  set(frame.element, "role", "tabpanel");
  const element = h(
    "section",
    { class: "gl-registers", "aria-label": "registers", "data-part": "machine" },
    h("header", { class: "gl-regs-head" }, picker.element, processors, figures, age),
    h("div", { class: "gl-regs-bar" }, h("div", { role: "tablist", "aria-label": "view" }, ...tabs), spills, flip),
    sheet,
    frame.element,
  );
  parent.append(element);

  for (const name of ["goarch", "tab", "flip"]) watch(model, name, () => paint(), life.signal);
  for (const tab of tabs) {
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tabs[1 - tabs.indexOf(tab)];
      other.focus();
      other.click();
    });
  }
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    words.focus();
  });

  /** A place was chosen: show it in the source, and to the other views of the program. @param {import("./model.js").At} at */
  function visit(at) {
    if (!grid || !payload) return;
    value = valueAt(view.lanes(), at);
    publish(value, at.step);
    explain();
  }

  /** @param {number} chosen @param {number} step */
  function publish(chosen, step) {
    if (!grid || !payload) return;
    const facts = grid.values[chosen];
    const line = facts?.line || grid.steps.line[step];
    const column = facts?.line ? facts.column : grid.steps.column[step];
    /** @type {Selection} */
    const made = line ? { file: grid.file, line, column } : {};
    if (chosen >= 0 && native()) Object.assign(made, { function: payload.function, value: `v${chosen}` });
    view.select(value, line, false);
    if (Object.keys(made).length > 0) select(made);
  }

  /** Whether what is shown is the program's own processor: its values have names for other views. */
  function native() {
    return grid !== null && (payload?.native ?? grid.architecture) === grid.architecture;
  }

  function explain() {
    if (!grid) return;
    const at = view.at();
    const text = grid.values[value]?.text;
    const kin = Object.keys(grid.values).map(Number).filter((one) => grid && one !== value && akin(grid, one, value));
    words.replaceChildren(
      h("p", { class: "gl-regs-sentence" }, h("b", {}, sentence(grid, view.lanes(), at))),
      h("p", {}, h("span", { class: "gl-note" }, `step ${at.step + 1} of ${grid.steps.text.length} · `), h("code", {}, grid.steps.text[at.step] ?? "")),
      text ? h("p", {}, h("code", { class: "gl-regs-value" }, text)) : "",
      kin.length > 0 ? h("p", {}, h("span", { class: "gl-note" }, "the same value is also "), ...kin.slice(0, KIN).flatMap((one, i) => [i > 0 ? ", " : "", leap(one)]), kin.length > KIN ? ` and ${kin.length - KIN} more` : "") : "",
    );
  }

  /** @param {number} one a value @returns {HTMLElement} */
  function leap(one) {
    const go = () => {
      value = one;
      view.select(one, 0, true);
      publish(one, view.at().step);
      explain();
    };
    return h("button", { type: "button", class: "gl-go", title: grid?.values[one].text, onclick: go }, `v${one}`);
  }

  function paint() {
    if (!payload) return;
    const wanted = read("goarch") || payload.native || payload.grids[0]?.architecture;
    const chosen = payload.grids.find((one) => one.architecture === wanted) ?? payload.grids[0];
    processors.replaceChildren(...(payload.grids.length > 1 ? payload.grids.map((one) => processor(one, one === chosen)) : []));
    const tab = chosen?.frame ? read("tab") : "registers";
    set(tabs[1], "hidden", !chosen?.frame);
    for (const one of tabs) {
      set(one, "aria-selected", one.dataset.tab === tab ? "true" : "false");
      one.tabIndex = one.dataset.tab === tab ? 0 : -1;
    }
    const failed = !chosen || chosen.failure !== undefined;
    set(sheet, "hidden", failed || tab !== "registers");
    set(frame.element, "hidden", failed || tab !== "frame");
    set(flip, "hidden", failed || tab !== "registers");
    set(flip, "aria-pressed", read("flip") ? "true" : "false");
    if (failed) {
      grid = null;
      say(figures, chosen?.failure ?? nothing(payload));
      return;
    }
    if (grid?.architecture !== chosen.architecture) value = -1;
    const { spilled, rest, free } = headline(chosen);
    const { steps, slots } = chosen.hidden;
    const hidden = [steps > 0 && `${count(steps, "step")} not shown`, slots > 0 && `${count(slots, "slot")} not shown`].filter(Boolean);
    figures.replaceChildren(h("b", { "data-free": free }, spilled), ` · ${[rest, ...hidden].join(" · ")}`);
    set(spills, "hidden", free || tab !== "registers");
    set(sheet, "data-free", free);
    grid = chosen;
    set(element, "data-architecture", chosen.architecture);
    strip.show(chosen);
    view.show(chosen, Boolean(read("flip")));
    frame.show(chosen.frame);
    if (value < 0) value = valueAt(view.lanes(), view.at());
    view.select(value, selection.line ?? 0, false);
    explain();
  }

  /** @param {Grid} one @param {boolean} pressed */
  function processor(one, pressed) {
    const told = one.failure === undefined ? headline(one) : null;
    return h(
      "button",
      { type: "button", "aria-pressed": pressed ? "true" : "false", "data-architecture": one.architecture, title: one.failure ?? null, onclick: () => write("goarch", one.architecture) },
      h("b", {}, one.architecture),
      " ",
      h("span", { class: "gl-note" }, told ? told.spilled.replace("no value is spilled", "no spill") : "not there"),
    );
  }

  return {
    element,
    /** @param {Registers | Grid} next a grid alone is a payload of one */
    show(next) {
      const whole = "grids" in next ? next : alone(next);
      const stale = whole.grids.length === 0 && payload !== null && payload.grids.length > 0;
      set(element, "data-stale", stale);
      say(age, stale ? instead(nothing(whole), "compiled") : "");
      if (stale) return;
      if (payload && payload.function !== whole.function) value = -1;
      payload = whole;
      picker.show(whole.functions, whole.function);
      paint();
    },
    /** @param {Selection} next */
    select(next) {
      const moved = next.line !== selection.line || next.value !== selection.value;
      selection = next;
      if (!grid || !payload || !moved) return;
      const mine = native() && next.function === payload.function && /^v\d+$/.test(next.value ?? "");
      const wanted = mine ? Number(next.value?.slice(1)) : -1;
      const known = wanted >= 0 && grid.values[wanted] !== undefined;
      const here = !known && value >= 0 && grid.values[value]?.line === next.line;
      if (known) value = wanted;
      else if (!here) value = -1;
      // What was chosen here is in view already.
      const at = view.at();
      const own = known ? valueAt(view.lanes(), at) === wanted : grid.steps.line[at.step] === next.line;
      view.select(value, next.line ?? 0, !own && next.file === grid.file);
      if (value < 0 && !own) value = valueAt(view.lanes(), view.at());
      explain();
    },
    destroy() {
      life.abort();
      view.destroy();
    },
  };
}

/** What the signs mean. */
function legend() {
  const signs = [
    [h("span", { class: "gl-stay", "data-kind": "general" }), "in a register"],
    [h("span", { class: "gl-stay", "data-kind": "spill" }), "on the stack"],
    [h("span", { class: "gl-stay", "data-kind": "general", "data-op": "LoadReg" }, "▲"), "back from the stack"],
    [h("span", { class: "gl-stay", "data-kind": "general" }, "φ"), "a phi"],
    [h("span", { class: "gl-regs-dot" }), "read"],
    [h("span", { class: "gl-regs-mark", "data-mark": "spill" }, "▼"), "spill"],
    [h("span", { class: "gl-stay", "data-kin": true }), "the same value as the chosen one"],
  ];
  return h("p", { class: "gl-regs-legend" }, ...signs.map(([sign, word]) => h("span", {}, sign, " ", word)));
}

/** @param {Grid} grid @returns {Registers} */
function alone(grid) {
  return { seq: 0, functions: [], function: grid.function, native: grid.architecture, grids: [grid], errors: 0 };
}

/** @param {Registers} payload */
function nothing({ errors }) {
  return errors > 0 ? `${count(errors, "error")} in the program` : "no function has code here";
}
