/**
 * The SSA text of one function, and a scrubber over its passes. Everything here happens in the browser.
 */

import { link, same } from "./broker.js";
import { h, root, say, set, svg, uid } from "./dom.js";
import { difference, impacts, keepPass, nextChange, pieces, sourceLine } from "./passes.js";
import { follow } from "./payload.js";
import { duration } from "./railmodel.js";

/** @typedef {import("./broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Passes} Passes */

/** Lines shown at once: a function that is longer says so (the graph views are for those). */
const MOST_LINES = 1500;
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
  /** @type {Selection} */
  let selection = {};

  const heading = h("b", { class: "gl-function" });
  const name = h("span", { class: "gl-pass-name" });
  const figures = h("span", { class: "gl-pass-figures" });
  const spark = svg("svg", { class: "gl-spark", "aria-hidden": "true", preserveAspectRatio: "none" });
  const slider = h(
    "div",
    { class: "gl-slider", role: "slider", tabindex: "0", "aria-label": "compiler pass", "aria-valuemin": 0 },
    spark,
  );
  const back = h("button", { type: "button", class: "gl-step", "aria-label": "previous pass that changed something" }, "◀");
  const ahead = h("button", { type: "button", class: "gl-step", "aria-label": "next pass that changed something" }, "▶");
  const text = h("div", { class: "gl-ssa-text", tabindex: "0", role: "region", "aria-label": "SSA text", id: uid("ssa") });
  const frame = h(
    "section",
    { class: "gl-ssa", "aria-label": "SSA" },
    h("header", { class: "gl-ssa-head" }, heading, name, figures),
    h("div", { class: "gl-scrub" }, back, slider, ahead),
    text,
  );
  parent.append(frame);

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

  /**
   * @param {import("./passes.js").Line} line
   * @param {Passes} held
   */
  function lineElement({ row, mark }, held) {
    const source = held.lines[row];
    const here = Boolean(selection.line) && sourceLine(source) === selection.line;
    const block = /^\s*b\d+:/.test(source);
    const words = pieces(source).map((piece) =>
      piece.value
        ? h("span", { class: piece.text === selection.value ? "gl-value gl-ring" : "gl-value", "data-value": piece.text }, piece.text)
        : piece.text,
    );
    return h(
      "div",
      {
        class: here ? "gl-row gl-row-here" : "gl-row",
        "data-mark": mark || null,
        "data-row": row,
        "data-block": block,
      },
      h("span", { class: "gl-mark" }, mark || " "),
      h("span", { class: "gl-row-text" }, ...words),
    );
  }

  function paint() {
    if (!payload) return;
    const held = payload;
    const pass = held.passes[at];
    say(heading, held.function);
    if (!pass) {
      say(name, "");
      say(figures, "");
      text.replaceChildren();
      return;
    }
    const { name: title, ns, rows } = pass;
    const lines = at === 0 ? rows.map((row) => ({ row, mark: /** @type {""} */ ("") })) : difference(held.passes[at - 1].rows, rows);
    const added = lines.filter((line) => line.mark === "+").length;
    const lost = lines.filter((line) => line.mark === "−").length;
    const shown = lines.slice(0, MOST_LINES).map((line) => lineElement(line, held));
    say(name, title);
    say(
      figures,
      [`${at + 1} of ${held.passes.length}`, ns ? duration(ns / 1e6) : "", added ? `+${added}` : "", lost ? `−${lost}` : "", at > 0 && !added && !lost ? "no change" : ""]
        .filter(Boolean)
        .join(" · "),
    );
    text.replaceChildren(...shown);
    if (lines.length > MOST_LINES) text.append(h("p", { class: "gl-nothing" }, `${lines.length - MOST_LINES} more lines`));
    set(slider, "aria-valuemax", held.passes.length - 1);
    set(slider, "aria-valuenow", at);
    set(slider, "aria-valuetext", `${title}, ${figures.textContent}`);
    [...spark.children].forEach((bar, i) => set(bar, "data-now", i === at));
    back.disabled = at === 0;
    ahead.disabled = at === held.passes.length - 1;
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
  text.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const value = target.closest("[data-value]")?.getAttribute("data-value");
    const row = target.closest("[data-row]")?.getAttribute("data-row");
    const line = row ? sourceLine(payload?.lines[Number(row)] ?? "") : 0;
    // Selecting the line that is selected already keeps the column of the selection.
    /** @type {Selection} */
    const wanted = line && line !== selection.line ? { file: payload?.file, line, column: 0 } : { ...selection };
    if (value) Object.assign(wanted, { function: payload?.function, value });
    if (!same(wanted, selection)) select(wanted);
  });

  return {
    element: frame,
    /** @param {Passes} next */
    show(next) {
      if (payload && next.seq < payload.seq) return;
      set(frame, "data-seq", next.seq);
      // Nothing to show: life stopped before SSA. The last good text stays, dimmed.
      const nothing = next.passes.length === 0 && payload !== null;
      set(frame, "data-stale", nothing);
      if (nothing) return;
      at = keepPass(payload, at, next);
      payload = next;
      impact = impacts(next);
      paintSpark();
      const top = text.scrollTop;
      paint();
      text.scrollTop = top;
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      const top = text.scrollTop;
      paint();
      text.scrollTop = top;
      const here = /** @type {HTMLElement | null} */ (text.querySelector(".gl-row-here"));
      if (!here) return;
      const [from, to] = [here.offsetTop - text.offsetTop, here.offsetTop - text.offsetTop + here.offsetHeight];
      if (from < top || to > top + text.clientHeight) text.scrollTop = from - text.clientHeight / 3;
    },
  };
}

/** @param {import("./host.js").Host} host */
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
