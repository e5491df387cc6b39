/**
 * The SSA of one function, as text or as a graph, and a scrubber over its passes. Everything here happens
 * in the browser.
 */

import { link, same } from "../page/broker.js";
import { createCfg } from "../graph/graph.js";
import { h, root, say, set, svg, uid } from "../page/dom.js";
import { difference, impacts, keepPass, nextChange, pieces, sourceLine } from "./passes.js";
import { follow } from "../page/payload.js";
import { duration } from "../rail/model.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Passes} Passes */

/** @typedef {import("./passes.js").Line} Line */

const BAR = 24;

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createSsaText(parent, select) {
  /** @type {Passes | null} */
  let payload = null;
  let at = 0;
  /** @type {number[]} */
  let impact = [];
  /** @type {Line[]} the lines of the pass that is shown */
  let lines = [];
  /** @type {Selection} */
  let selection = {};

  const heading = h("b", { class: "gl-function" });
  const name = h("span", { class: "gl-pass-name" });
  const age = h("span", { class: "gl-note" });
  const figures = h("span", { class: "gl-pass-figures" });
  const spark = svg("svg", { class: "gl-spark", "aria-hidden": "true", preserveAspectRatio: "none" });
  const slider = h(
    "div",
    { class: "gl-slider", role: "slider", tabindex: "0", "aria-label": "compiler pass", "aria-valuemin": 0 },
    spark,
  );
  const back = h("button", { type: "button", class: "gl-step", "aria-label": "previous pass that changed something" }, "◀");
  const ahead = h("button", { type: "button", class: "gl-step", "aria-label": "next pass that changed something" }, "▶");
  const text = h("div", { class: "gl-ssa-text", tabindex: "0", role: "tabpanel", "aria-label": "SSA text", id: uid("ssa") });
  const graph = h("div", { class: "gl-ssa-graph", role: "tabpanel", "aria-label": "SSA graph", id: uid("graph"), hidden: true });
  const cfg = createCfg(graph);
  const panes = [text, graph];
  const tabs = ["Text", "Graph"].map((label, i) =>
    h("button", { type: "button", class: "gl-ssa-tab", role: "tab", "aria-controls": panes[i].id, onclick: () => turn(i) }, label),
  );
  const choice = h("span", { class: "gl-ssa-tabs", role: "tablist", "aria-label": "how the SSA is shown" }, ...tabs);
  const frame = h(
    "section",
    { class: "gl-ssa", "aria-label": "SSA" },
    h("header", { class: "gl-ssa-head" }, heading, name, age, figures),
    h("div", { class: "gl-scrub" }, back, slider, ahead, choice),
    text,
    graph,
  );
  parent.append(frame);
  const list = virtualList(text, (index) => lineElement(lines[index]));

  /** @param {number} pane which of the two is shown */
  function turn(pane) {
    panes.forEach((one, i) => set(one, "hidden", i !== pane));
    tabs.forEach((tab, i) => {
      set(tab, "aria-selected", String(i === pane));
      set(tab, "tabindex", i === pane ? 0 : -1);
    });
    paint();
    if (!graph.hidden) cfg.select(selection, true);
  }
  choice.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const other = graph.hidden ? 1 : 0;
    turn(other);
    tabs[other].focus();
  });

  /** @param {number} pass */
  function go(pass) {
    if (!payload || payload.passes.length === 0) return;
    at = Math.max(0, Math.min(pass, payload.passes.length - 1));
    paint();
  }

  function paintSpark() {
    const most = Math.max(...impact, 1);
    spark.setAttribute("viewBox", `0 0 ${Math.max(impact.length, 1)} ${BAR}`);
    const bars = impact.map((changed, i) => {
      // A square root lets the small passes be seen beside the big ones.
      const height = changed === 0 ? 1.5 : 4 + (BAR - 4) * Math.sqrt(changed / most);
      return svg("rect", { x: i + 0.12, y: BAR - height, width: 0.76, height, "data-quiet": changed === 0 });
    });
    spark.replaceChildren(...bars);
  }

  /** @param {Line} line @returns {boolean} whether it is of the selected source line */
  const isHere = ({ row }) => Boolean(selection.line) && sourceLine(payload?.lines[row] ?? "") === selection.line;

  /** @param {Line} line */
  function lineElement(line) {
    const { row, mark } = line;
    const source = payload?.lines[row] ?? "";
    const words = pieces(source).map((piece) =>
      piece.value
        ? h("span", { class: piece.text === selection.value ? "gl-value gl-ring" : "gl-value", "data-value": piece.text }, piece.text)
        : piece.text,
    );
    return h(
      "div",
      {
        class: isHere(line) ? "gl-row gl-row-here" : "gl-row",
        "data-mark": mark || null,
        "data-row": row,
        "data-block": /^\s*b\d+:/.test(source),
      },
      h("span", { class: "gl-mark" }, mark || " "),
      h("span", { class: "gl-row-text" }, ...words),
    );
  }

  /** Show the pass that is chosen. */
  function paint() {
    const { passes = [], function: title = "" } = payload ?? {};
    const pass = passes[at];
    if (!pass) return;
    const whole = pass.rows.map((row) => ({ row, mark: /** @type {const} */ ("") }));
    lines = at === 0 ? whole : difference(passes[at - 1].rows, pass.rows);
    const [added, lost] = ["+", "−"].map((mark) => lines.filter((line) => line.mark === mark).length);
    const changes = [added > 0 && `+${added}`, lost > 0 && `−${lost}`].filter(Boolean).join(" ");
    const facts = [`${at + 1} of ${passes.length}`, duration(pass.ns / 1e6), changes || (at > 0 && "no change")];
    say(heading, title);
    say(name, pass.name);
    say(figures, facts.filter(Boolean).join(" · "));
    if (graph.hidden) list.show(lines.length);
    else if (payload) cfg.show(payload, at);
    set(slider, "aria-valuemax", passes.length - 1);
    set(slider, "aria-valuenow", at);
    set(slider, "aria-valuetext", `${pass.name}, ${figures.textContent}`);
    [...spark.children].forEach((bar, i) => set(bar, "data-now", i === at));
    back.disabled = at === 0;
    ahead.disabled = at === passes.length - 1;
  }

  back.addEventListener("click", () => go(nextChange(impact, at, -1)));
  ahead.addEventListener("click", () => go(nextChange(impact, at, 1)));
  slider.addEventListener("keydown", (event) => {
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowLeft: () => at - 1,
      ArrowDown: () => at - 1,
      ArrowRight: () => at + 1,
      ArrowUp: () => at + 1,
      PageUp: () => nextChange(impact, at, 1),
      PageDown: () => nextChange(impact, at, -1),
      Home: () => 0,
      End: () => impact.length - 1,
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    go(moves[event.key]());
  });
  /** @param {PointerEvent} event */
  const point = (event) => {
    const box = slider.getBoundingClientRect();
    go(Math.floor(((event.clientX - box.left) / box.width) * impact.length));
  };
  slider.addEventListener("pointerdown", (event) => {
    slider.setPointerCapture(event.pointerId);
    point(event);
  });
  slider.addEventListener("pointermove", (event) => {
    if (slider.hasPointerCapture(event.pointerId)) point(event);
  });
  /** @param {MouseEvent} event */
  const choose = (event) => {
    const target = /** @type {Element} */ (event.target);
    const value = target.closest("[data-value]")?.getAttribute("data-value");
    const row = target.closest("[data-row]")?.getAttribute("data-row");
    const line = row ? sourceLine(payload?.lines[Number(row)] ?? "") : 0;
    // Selecting the line that is selected already keeps the column of the selection.
    /** @type {Selection} */
    const wanted = line && line !== selection.line ? { file: payload?.file, line, column: 0 } : { ...selection };
    if (value) Object.assign(wanted, { function: payload?.function, value });
    if (!same(wanted, selection)) select(wanted);
  };
  for (const pane of panes) pane.addEventListener("click", choose);
  turn(0);

  return {
    element: frame,
    /** @param {Passes} next */
    show(next) {
      if (payload && next.seq < payload.seq) return;
      set(frame, "data-seq", next.seq);
      // Nothing to show: life stopped before SSA. The last good text stays, dimmed.
      const nothing = next.passes.length === 0 && payload !== null;
      set(frame, "data-stale", nothing);
      say(age, nothing ? "of the last text that compiled" : "");
      if (nothing) return;
      at = keepPass(payload, at, next);
      payload = next;
      impact = impacts(next);
      paintSpark();
      paint();
    },
    /** @param {Selection} next */
    select(next) {
      const moved = next.line !== selection.line;
      const other = next.value !== selection.value;
      selection = next;
      if (!moved && !other) return;
      if (!graph.hidden) {
        cfg.select(selection, moved);
        return;
      }
      list.show(lines.length);
      const here = lines.findIndex(isHere);
      if (moved && here >= 0) list.reveal(here);
    },
  };
}

/** @param {import("../page/host.js").Host} host */
export function render({ model, el }) {
  const life = new AbortController();
  root(el, "ssa-view");
  /** @type {(selection: Selection) => void} */
  let select = () => {};
  const panel = createSsaText(el, (selection) => select(selection));
  select = link(model, panel.select, life.signal);
  follow(model, "payload", panel.show, life.signal);
  return () => {
    life.abort();
    el.replaceChildren();
  };
}
