/**
 * The same bytes before and after the linker: a list of a function's holes, and one of them at large, with the
 * arithmetic that fills it. The addresses can be changed; then the browser reckons.
 */

import { createArithmetic } from "./arithmetic.js";
import { createExercise } from "./exercise.js";
import { hexOf } from "./model.js";
import { createStrips } from "./strips.js";
import { h, say, set, uid } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { createFunctionPicker } from "../page/functions.js";
import { watch } from "../page/host.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Hole} Hole */
/** @typedef {import("./model.js").Payload} Payload */
/** @typedef {import("./model.js").Side} Side */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createPatch(parent, select, model) {
  const life = new AbortController();
  /** @type {Payload | null} */
  let payload = null;
  /** @type {Side | null} */
  let side = null;
  let here = 0;
  let callsOnly = true;
  /** @type {Hole[]} */
  let holes = [];
  /** @type {Selection} */
  let selection = {};
  /** Which processor is shown, where Python does not hold it. */
  let own = "";

  const names = uid("hole");
  const picker = createFunctionPicker(model);
  const processors = h("div", { class: "gl-patch-processors", role: "group", "aria-label": "processor" });
  const figures = h("span", { role: "status" }, "the linker is at work …");
  const age = h("span", { class: "gl-note" });
  const only = h("input", { type: "checkbox", checked: true });
  const list = h("div", { class: "gl-patch-list", role: "listbox", tabindex: "0", "aria-label": "holes of the function; arrows choose one" });
  const view = virtualList(list, row, 8);
  const strips = createStrips();
  const arithmetic = createArithmetic((reckoned) => strips.yours(reckoned));
  const exercise = createExercise();
  const words = h("p", { class: "gl-patch-words", tabindex: "-1" });
  const sheet = h("div", { class: "gl-patch-sheet" }, strips.element, words, arithmetic.element, exercise.element);
  const element = h(
    "section",
    { class: "gl-patch", "aria-label": "what the linker writes", "data-part": "machine" },
    h("header", { class: "gl-patch-head" }, picker.element, processors, figures, age, h("label", { class: "gl-patch-only" }, only, " calls only")),
    h("div", { class: "gl-patch-body" }, list, sheet),
  );
  parent.append(element);
  only.checked = true;

  only.addEventListener("change", () => {
    const before = holes[here];
    callsOnly = only.checked;
    arrange(before);
  });
  watch(model, "goarch", () => paint(), life.signal);
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -1e9, End: 1e9 };
    const step = /** @type {Record<string, number>} */ (steps)[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(here + step, true);
  });
  list.addEventListener("click", (event) => {
    const line = /** @type {Element} */ (event.target).closest("[data-row]");
    if (line) choose(Number(line.getAttribute("data-row")), true);
  });
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    words.focus();
  });

  /** @param {number} index @returns {HTMLElement} */
  function row(index) {
    const hole = holes[index];
    return h(
      "div",
      { class: "gl-patch-row", role: "option", id: `${names}-${index}`, "data-row": index, "data-outcome": hole.outcome, "aria-selected": index === here ? "true" : "false" },
      h("span", { class: "gl-patch-line" }, hole.line > 0 && hole.file === selectionFile() ? `${hole.line}` : ""),
      h("code", { class: "gl-patch-what" }, hole.call ? hole.symbol || "call" : hole.text || hole.symbol),
      h("span", { class: "gl-note" }, hole.outcome === "patched" ? hole.kind : hole.outcome),
    );
  }

  /** The file of the editor: lines of other files would look like its own. */
  const selectionFile = () => model.get("file") || payload?.sides.find((one) => one.holes)?.holes.find((one) => one.file)?.file || "";

  function active() {
    for (const one of list.querySelectorAll("[data-row]")) set(one, "aria-selected", Number(one.getAttribute("data-row")) === here ? "true" : "false");
    set(list, "aria-activedescendant", list.querySelector(`#${names}-${here}`) ? `${names}-${here}` : null);
  }

  /** @param {number} to @param {boolean} publish */
  function choose(to, publish) {
    if (!side || holes.length === 0) return;
    here = Math.max(0, Math.min(holes.length - 1, to));
    view.reveal(here);
    active();
    const hole = holes[here];
    say(words, hole.words);
    strips.show(side, hole);
    arithmetic.show(hole);
    exercise.show(hole);
    if (!publish || hole.line === 0) return;
    selection = { file: hole.file, line: hole.line, column: hole.column, function: side.function };
    if (hole.place !== null && side.architecture === payload?.native) selection.address = hexOf(hole.place);
    select(selection);
  }

  /** @param {Hole | undefined} before what was chosen */
  function arrange(before) {
    if (!side) return;
    const calls = side.holes.filter((one) => one.call);
    set(only, "disabled", calls.length === 0);
    holes = callsOnly && calls.length > 0 ? calls : side.holes;
    view.show(holes.length);
    set(sheet, "hidden", holes.length === 0);
    set(list, "hidden", holes.length === 0);
    const same = holes.findIndex((one) => one.symbol === before?.symbol && one.line === before?.line);
    const line = holes.findIndex((one) => one.line === selection.line && one.file === selection.file);
    choose(same >= 0 ? same : line >= 0 ? line : Math.min(here, holes.length - 1), false);
  }

  function paint() {
    if (!payload) return;
    const known = payload;
    const wanted = model.get("goarch") || own || payload.native;
    const shown = payload.sides.find((one) => one.architecture === wanted) ?? payload.sides[0];
    processors.replaceChildren(
      ...(payload.sides.length > 1 ? payload.sides.map((one) => h("button", { type: "button", "aria-pressed": one === shown ? "true" : "false", onclick: () => turn(one.architecture) }, one.architecture)) : []),
    );
    const before = holes[here];
    side = shown && shown.failure === undefined ? shown : null;
    set(element, "data-architecture", shown?.architecture);
    if (!side) {
      say(figures, shown?.failure ?? known.problem ?? "nothing to show");
      set(sheet, "hidden", true);
      set(list, "hidden", true);
      return;
    }
    const calls = side.holes.filter((one) => one.call).length;
    const where = side.base === null ? "not in the program: nothing calls it" : `at ${hexOf(side.base)}`;
    const few = side.holes.length === 0 ? "the linker has nothing to fill in it" : `${calls} ${calls === 1 ? "call" : "calls"}, ${side.holes.length} ${side.holes.length === 1 ? "hole" : "holes"}`;
    say(figures, [few, where, side.notes > 0 && `${side.notes} notes without bytes`, side.more > 0 && `${side.more} not shown`].filter(Boolean).join(" · "));
    arrange(before);
  }

  /** @param {string} architecture */
  function turn(architecture) {
    own = architecture;
    if (model.get("goarch") === undefined) {
      paint();
      return;
    }
    model.set("goarch", architecture);
    model.save_changes();
    paint();
  }

  return {
    element,
    /** @param {Payload} next */
    show(next) {
      const stale = next.errors > 0 && payload !== null && payload.sides.length > 0;
      set(element, "data-stale", stale);
      say(age, stale ? instead(next.problem, "compiled") : "");
      if (stale) return;
      if (payload && payload.function !== next.function) here = 0;
      payload = next;
      if (!picker.element.isConnected) element.querySelector(".gl-patch-head")?.prepend(picker.element);
      picker.show(next.functions, next.function);
      paint();
    },
    /** @param {Selection} next */
    select(next) {
      const moved = next.line !== selection.line || next.file !== selection.file || next.column !== selection.column;
      selection = next;
      if (!moved || !side) return;
      const exact = holes.findIndex((one) => one.file === next.file && one.line === next.line && one.column === next.column);
      const near = exact >= 0 ? exact : holes.findIndex((one) => one.file === next.file && one.line === next.line);
      if (near >= 0 && near !== here) choose(near, false);
    },
    destroy: () => life.abort(),
  };
}
