/**
 * The reach page: why a function is in the program, step by step from its entry; and what was thrown away.
 */

import { effectWords, Index, reflectionWords } from "./model.js";
import { createThrown } from "./thrown.js";
import { h, say, set, uid } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { best, createFinder } from "../page/finder.js";
import { watch } from "../page/host.js";
import { follow } from "../page/payload.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Effect} Effect */
/** @typedef {import("./model.js").Found} Found */
/** @typedef {import("./model.js").Reach & {failed?: string}} Shown */
/** @typedef {import("./model.js").Stop} Stop */
/** @typedef {"why" | "thrown"} Tab */

const TABS = /** @type {const} */ (["why", "thrown"]);
const MOST = 40;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createReach(parent, select, model) {
  const life = new AbortController();
  const live = model.get("cut") !== undefined && Boolean(model.get("runtime"));
  /** @type {Index | null} */
  let index = null;
  let wanted = model.get("function") ?? "";
  /** @type {Found | null} */
  let found = null;
  /** @type {Effect | null} the newest answer: it may be there before the functions are */
  let known = null;
  /** @type {Tab} */
  let tab = "why";

  const status = h("span", { class: "gl-status", role: "status" }, "reading the objects …");
  const finder = createFinder("find a function", look, (id) => choose(index?.names[id] ?? ""));
  const path = h("ol", { class: "gl-reach-path", "aria-label": "the way from the entry" });
  const verdict = h("p", { class: "gl-reach-verdict" });
  const also = h("p", { class: "gl-reach-also", hidden: true });
  const cut = h("button", { type: "button", class: "gl-reach-cut", hidden: true, onclick: () => tellModel("cut", found?.name ?? "") });
  const effect = h("div", { class: "gl-reach-effect", role: "region", "aria-label": "what would go", hidden: true });
  const why = h("div", { id: uid("panel"), role: "tabpanel", "aria-label": "why" }, verdict, path, also, cut, effect);
  const thrown = createThrown((name) => choose(name));
  const reflection = h("p", { class: "gl-reach-reflection" });
  /** @type {Record<Tab, HTMLElement>} */
  const panels = { why, thrown: thrown.element };
  /** @type {Record<Tab, HTMLButtonElement>} */
  const tabs = { why: tabOf("why", "Why it is there"), thrown: tabOf("thrown", "Thrown away") };
  const bar = h("div", { class: "gl-reach-tabs", role: "tablist", "aria-label": "reachability" }, tabs.why, tabs.thrown);
  const frame = h("section", { class: "gl-pane gl-reach", "aria-label": "reachability", "data-part": "machine" }, h("header", { class: "gl-pane-top" }, bar, finder.element, status), why, thrown.element, reflection);
  parent.append(frame);
  for (const name of TABS) set(tabs[name], "aria-controls", panels[name].id);
  open("why");

  if (live) {
    watch(model, "function", () => choose(model.get("function"), false), life.signal);
    follow(model, "effect", showEffect, life.signal);
    watch(model, "cut", forget, life.signal);
  }

  /** @param {Tab} name @param {string} label */
  function tabOf(name, label) {
    return h("button", { type: "button", class: "gl-pane-tab", role: "tab", "data-tab": name, onclick: () => open(name) }, label, " ", h("b"));
  }

  /** @param {Tab} name */
  function open(name) {
    tab = name;
    for (const one of TABS) {
      set(tabs[one], "aria-selected", String(one === name));
      tabs[one].tabIndex = one === name ? 0 : -1;
      set(panels[one], "hidden", one !== name);
    }
    if (name === "thrown") thrown.shown();
  }

  bar.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    open(tab === "why" ? "thrown" : "why");
    tabs[tab].focus();
  });
  path.addEventListener("keydown", (event) => {
    const buttons = [...path.querySelectorAll("button")];
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = buttons[Math.max(0, Math.min(to, buttons.length - 1))];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !(event.target instanceof Node) || !path.contains(event.target)) return;
    event.preventDefault();
    finder.field.focus();
  });

  /** @param {string} trait @param {unknown} value */
  function tellModel(trait, value) {
    if (model.get(trait) === undefined || model.get(trait) === value) return;
    model.set(trait, value);
    model.save_changes();
  }

  /** @param {string} text */
  function look(text) {
    if (!index) return [];
    const made = index;
    return best(made.names, text).map((id) => ({ id, name: made.names[id], note: made.find(made.names[id]).state }));
  }

  /** @param {string} name @param {boolean} [tell] */
  function choose(name, tell = true) {
    wanted = name;
    if (tell) tellModel("function", name);
    if (tab !== "why") open("why");
    paint();
    if (tell && found && found.state !== "unknown") select({ function: found.name });
  }

  function hideEffect() {
    set(effect, "hidden", true);
    set(cut, "hidden", !live || found?.state !== "kept");
  }

  function forget() {
    if (model.get("cut")) return;
    known = null;
    hideEffect();
  }

  /** @param {Effect} made */
  function showEffect(made) {
    known = made;
    if (made.of !== found?.name) return;
    set(cut, "hidden", true);
    set(effect, "hidden", false);
    const packages = (made.packages ?? []).slice(0, MOST).map(([name, functions, bytes]) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, name)), h("td", {}, functions.toLocaleString("en")), h("td", {}, bytes.toLocaleString("en"))));
    const heads = ["package", "functions", "bytes"].map((name) => h("th", { scope: "col" }, name));
    effect.replaceChildren(
      h("p", {}, effectWords(made)),
      packages.length > 1 ? h("details", {}, h("summary", {}, "by package"), h("table", { class: "gl-reach-table" }, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...packages))) : "",
    );
  }

  /** @param {Stop} stop @param {boolean} last */
  function step(stop, last) {
    const name = h("code", {}, stop.name);
    const shown = stop.node >= 0 ? h("button", { type: "button", class: "gl-reach-stop", tabindex: last ? "0" : "-1", "aria-current": last ? "true" : null, onclick: () => choose(stop.name) }, name) : h("span", { class: "gl-reach-stop" }, name);
    const size = stop.size > 0 ? h("span", { class: "gl-reach-size" }, `${stop.size.toLocaleString("en")} B`) : null;
    return h("li", { "data-kind": stop.kind }, h("span", { class: "gl-reach-why" }, h("b", {}, stop.kind), " ", stop.words), h("span", { class: "gl-reach-line" }, shown, size));
  }

  function paint() {
    if (!index) return;
    found = index.find(index.meant(wanted));
    const { name, state } = found;
    finder.say(name);
    const way = index.way(found);
    path.replaceChildren(...way.map((stop, place) => step(stop, place === way.length - 1)));
    set(path, "hidden", way.length === 0);
    say(verdict, words(found, way));
    const others = state === "kept" ? index.others(found.node) : { stops: [], count: 0 };
    const more = others.count - others.stops.length;
    also.replaceChildren(
      others.count === 1 ? "One more thing keeps it: " : `${others.count.toLocaleString("en")} more things keep it: `,
      ...others.stops.flatMap((one) => [h("button", { type: "button", class: "gl-go", onclick: () => choose(one.name) }, one.name), ` (${one.kind}) `]),
      more > 0 && others.stops.length > 0 ? `and ${more.toLocaleString("en")} others.` : "",
    );
    set(also, "hidden", others.count === 0);
    say(cut, `What would go without ${name}?`);
    hideEffect();
    if (live && model.get("cut") && model.get("cut") !== name) tellModel("cut", "");
    else if (known) showEffect(known);
  }

  /** @param {Found} one @param {Stop[]} way */
  function words(one, way) {
    if (one.state === "kept") return `${one.name} is in the program, ${way.length - 1} steps from where it starts.`;
    if (one.state === "inlined") return `No function ${one.name} is in the program: its code is part of those that call it.`;
    if (one.state === "unknown") return `No package of the program has a function ${one.name}.`;
    const from = index?.reach.thrown[one.package];
    return `${one.name} was compiled (${from?.sizes[one.place].toLocaleString("en")} bytes in the object of ${from?.name}), and the linker left it out: nothing that is kept leads to it.`;
  }

  return {
    element: frame,
    destroy: () => life.abort(),
    /** @param {Shown} next */
    show(next) {
      set(frame, "data-stale", Boolean(next.failed) && index !== null);
      if (next.failed) {
        say(status, index ? instead(next.failed, "compiled") : next.failed);
        return;
      }
      index = new Index(next);
      thrown.show(next.thrown);
      const left = next.thrown.reduce((sum, one) => sum + one.thrown, 0);
      say(/** @type {HTMLElement} */ (tabs.thrown.lastElementChild), left.toLocaleString("en"));
      say(status, `${next.counts.functions.toLocaleString("en")} functions of ${(next.counts.functions + left).toLocaleString("en")} are kept`);
      say(reflection, reflectionWords(next.reflection));
      paint();
    },
    /** @param {Selection} next */
    select(next) {
      if (!index || !next.function || next.function === found?.name) return;
      if (index.find(index.meant(next.function)).state !== "unknown") {
        wanted = next.function;
        paint();
      }
    },
  };
}
