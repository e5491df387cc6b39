/**
 * The grid itself: headings that stay, bars for who lives where, and one chosen place. Only what is in view
 * exists.
 */

import { geometry } from "./geometry.js";
import { akin, between, borders, count, keep, label, lanes, move, nameOf, nextSpill, operation, valueAt } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").At} At */
/** @typedef {import("./model.js").Grid} Grid */

/** @type {Record<string, [string, string]>} what a step is, as a sign and a word */
const MARKS = {
  spill: ["▼", "spill"],
  reload: ["▲", "reload"],
  argument: ["▲", "argument from the stack"],
};

/**
 * @param {object} options
 * @param {(at: At) => void} options.chosen a place was chosen here
 * @param {(first: number, end: number) => void} options.scrolled these steps are in view
 */
export function createGrid({ chosen, scrolled }) {
  const all = h("div", { class: "gl-regs-all", role: "presentation" });
  const element = h("div", { class: "gl-regs", role: "grid", "aria-label": "registers and steps; arrow keys walk through the grid, S goes to the next spill or reload" }, all);

  /** @type {Grid | null} */
  let grid = null;
  /** @type {import("./model.js").Bar[][]} */
  let made = [];
  /** @type {Set<number>} */
  let starts = new Set();
  let flipped = false;
  /** @type {import("./geometry.js").Geometry | null} */
  let places = null;
  /** @type {At} */
  let at = { step: 0, column: 0 };
  /** What is selected elsewhere: a value of this grid, and a line of the source. */
  let value = -1;
  let line = 0;
  /** @type {[number, number]} */
  let shown = [-1, -1];

  /** @returns {[number, number]} the steps that are in view, with some to spare */
  function inView() {
    if (!places) return [0, 0];
    const scroll = flipped ? element.scrollLeft : element.scrollTop;
    const view = (flipped ? element.clientWidth - places.head : element.clientHeight - places.top) || 400;
    return places.steps(scroll, view);
  }

  /** @param {boolean} [anew] */
  function paint(anew = true) {
    if (!grid || !places) return;
    const [first, end] = inView();
    tell();
    if (!anew && first === shown[0] && end === shown[1]) return;
    shown = [first, end];
    const focused = element.contains(document.activeElement);
    all.style.width = `${places.width}px`;
    all.style.height = `${places.height}px`;
    set(element, "data-flip", flipped);
    set(element, "aria-rowcount", (flipped ? grid.columns.length : grid.steps.text.length) + 1);
    set(element, "aria-colcount", (flipped ? grid.steps.text.length : grid.columns.length) + 1);
    const steps = Array.from({ length: end - first }, (_, i) => first + i);
    all.replaceChildren(heads(grid, places, steps), ...rows(grid, places, steps), body(grid, places, first, end));
    if (focused) cursor()?.focus({ preventScroll: true });
  }

  function tell() {
    if (!places || !grid) return;
    const scroll = flipped ? element.scrollLeft : element.scrollTop;
    const view = flipped ? element.clientWidth - places.head : element.clientHeight - places.top;
    scrolled(scroll / places.along, Math.min(grid.steps.text.length, (scroll + view) / places.along));
  }

  const cursor = () => /** @type {HTMLElement | null} */ (all.querySelector("[tabindex='0']"));

  /** @param {Grid} g @param {import("./geometry.js").Geometry} to @param {number[]} steps */
  function heads(g, to, steps) {
    const corner = h("div", { class: "gl-regs-corner", role: "columnheader" }, flipped ? "register ╲ step" : "step ╲ register");
    corner.style.width = `${to.head}px`;
    const row = h("div", { class: "gl-regs-top", role: "row", "aria-rowindex": 1 }, corner);
    row.style.height = `${to.top}px`;
    const columns = flipped ? steps : g.columns.map((_, i) => i);
    for (const index of columns) {
      const box = flipped ? to.box(0, 2 * index, 2 * index + 2) : to.box(index, 0, 1);
      const head = flipped ? stepHead(g, index) : columnHead(g, index);
      set(head, "role", "columnheader");
      set(head, "aria-colindex", index + 2);
      head.style.left = `${to.head + box.left}px`;
      head.style.width = `${box.width}px`;
      row.append(head);
    }
    return row;
  }

  /** @param {Grid} g @param {import("./geometry.js").Geometry} to @param {number[]} steps */
  function rows(g, to, steps) {
    const indices = flipped ? g.columns.map((_, i) => i) : steps;
    return indices.map((index) => {
      const box = flipped ? to.box(index, 0, 1) : to.box(0, 2 * index, 2 * index + 2);
      const head = flipped ? columnHead(g, index) : stepHead(g, index);
      set(head, "role", "rowheader");
      head.style.width = `${to.head}px`;
      const row = h("div", { class: "gl-regs-row", role: "row", "aria-rowindex": index + 2 }, head);
      row.style.top = `${to.top + box.top}px`;
      row.style.height = `${box.height}px`;
      if (index === (flipped ? at.column : at.step)) row.append(place(g, to));
      return row;
    });
  }

  /** The chosen place. @param {Grid} g @param {import("./geometry.js").Geometry} to */
  function place(g, to) {
    const box = to.box(at.column, 2 * at.step, 2 * at.step + 2);
    const there = valueAt(made, at);
    const cell = h("div", {
      class: "gl-regs-cursor",
      role: "gridcell",
      tabindex: "0",
      "aria-selected": "true",
      "aria-colindex": (flipped ? at.step : at.column) + 2,
      "aria-label": `${g.columns[at.column]?.title}, ${g.steps.text[at.step]}: ${there < 0 ? "nothing" : `v${there} ${nameOf(g, there)}`}`,
    });
    Object.assign(cell.style, { left: `${to.head + box.left}px`, width: `${box.width}px`, height: `${box.height}px` });
    return cell;
  }

  /** @param {Grid} g @param {number} index */
  function columnHead(g, index) {
    const { name, kind, title } = g.columns[index];
    const words = { general: "a general register", floating: "a floating-point register", spill: "a slot of the stack", argument: "where the caller puts an argument" };
    const first = index > 0 && g.columns[index - 1].kind !== kind;
    return h(
      "div",
      { class: "gl-regs-column", "data-kind": kind, "data-first": first, "data-here": index === at.column, title: `${title}: ${words[kind]}` },
      name,
    );
  }

  /** @param {Grid} g @param {number} index */
  function stepHead(g, index) {
    const { text, block, mark, pc, pressure, line: lines } = g.steps;
    const [sign, word] = MARKS[mark[index]] ?? ["", ""];
    const first = starts.has(index);
    const share = Math.min(1, pressure[index] / g.registers.general);
    const meter = h("span", { class: "gl-regs-pressure", "data-full": share >= 1, title: `${count(pressure[index], "general register")} of ${g.registers.general} needed after it` });
    meter.style.setProperty("--gl-share", String(share));
    return h(
      "div",
      {
        class: "gl-regs-step",
        "data-first": first,
        "data-mark": mark[index] || null,
        "data-here": index === at.step,
        "data-line": line > 0 && lines[index] === line,
        title: `${text[index]}${pc[index] >= 0 ? ` at +${pc[index].toString(16)}` : ""}${word ? `: ${word}` : ""}`,
      },
      h("span", { class: "gl-regs-block" }, first ? `b${block[index]}` : ""),
      h("span", { class: "gl-regs-mark", role: word ? "img" : null, "aria-label": word || null }, sign),
      h("span", { class: "gl-regs-text" }, text[index]),
      meter,
    );
  }

  /** The bars, the reads and the borders of the blocks. @param {Grid} g @param {import("./geometry.js").Geometry} to @param {number} first @param {number} end */
  function body(g, to, first, end) {
    const layer = h("div", { class: "gl-regs-body", role: "presentation", "aria-hidden": "true" });
    layer.style.left = `${to.head}px`;
    layer.style.top = `${to.top}px`;
    layer.style.width = `${to.width - to.head}px`;
    layer.style.height = `${to.height - to.top}px`;
    /** @param {HTMLElement} piece @param {{left: number, top: number, width: number, height: number}} box */
    const put = (piece, box) => {
      for (const [name, pixels] of Object.entries(box)) piece.style.setProperty(name, `${pixels}px`);
      layer.append(piece);
    };
    g.columns.forEach((column, index) => {
      if (index > 0 && g.columns[index - 1].kind !== column.kind) put(h("div", { class: "gl-regs-group" }), to.box(index, 2 * first, 2 * end));
    });
    for (const step of starts) if (step > 0 && step >= first && step < end) put(h("div", { class: "gl-regs-border" }), across(to, step));
    put(h("div", { class: "gl-regs-now" }), across(to, at.step));
    made.forEach((lane) => {
      for (const bar of between(lane, first, end)) {
        const piece = h(
          "div",
          {
            class: "gl-stay",
            "data-kind": g.columns[bar.column].kind,
            "data-op": operation(g, bar.value),
            "data-value": `v${bar.value}`,
            "data-short": bar.end - bar.start < 4,
            "data-ring": bar.value === value,
            "data-kin": bar.value !== value && akin(g, bar.value, value),
            title: g.values[bar.value]?.text,
          },
          h("span", { class: "gl-stay-words" }, h("span", { class: "gl-stay-value" }, label(g, bar)), " ", h("span", { class: "gl-stay-name" }, nameOf(g, bar.value))),
        );
        put(piece, to.box(bar.column, bar.start, bar.end));
      }
    });
    for (const [column, step] of g.reads) {
      if (step < first || step >= end) continue;
      put(h("div", { class: "gl-regs-read" }), to.box(column, 2 * step, 2 * step + 2));
    }
    return layer;
  }

  /** A step from end to end. @param {import("./geometry.js").Geometry} to @param {number} step */
  function across(to, step) {
    const { left, top, width, height } = to.box(0, 2 * step, 2 * step + 2);
    return flipped ? { left, top: 0, width, height: to.height - to.top } : { left: 0, top, width: to.width - to.head, height };
  }

  /** Bring the chosen place into view. */
  function reveal() {
    if (!places || !grid) return;
    const box = places.box(at.column, 2 * at.step, 2 * at.step + 2);
    const scroll = (/** @type {number} */ from, /** @type {number} */ size, /** @type {number} */ now, /** @type {number} */ view) =>
      from < now ? from - Math.min(60, view / 4) : from + size > now + view ? from + size - view + Math.min(60, view / 4) : now;
    element.scrollTop = scroll(box.top, box.height, element.scrollTop, element.clientHeight - places.top);
    element.scrollLeft = scroll(box.left, box.width, element.scrollLeft, element.clientWidth - places.head);
  }

  /** @param {At} to @param {boolean} focus */
  function choose(to, focus) {
    at = to;
    reveal();
    paint();
    if (focus) cursor()?.focus({ preventScroll: true });
  }

  element.addEventListener("scroll", () => paint(false), { passive: true });
  element.addEventListener("click", (event) => {
    if (!places || !grid) return;
    const box = all.getBoundingClientRect();
    let { step, column } = places.at(event.clientX - box.left, event.clientY - box.top);
    // The headings stay while the rest scrolls: what was hit says which they are.
    const target = /** @type {Element} */ (event.target);
    const heading = target.closest(".gl-regs-step, .gl-regs-column, .gl-regs-corner");
    if (heading?.classList.contains("gl-regs-corner")) return;
    if (heading?.classList.contains("gl-regs-step")) column = homeAt(step);
    if (heading?.classList.contains("gl-regs-column")) step = at.step;
    if (step < 0 || column < 0) return;
    choose({ step, column }, true);
    chosen(at);
  });
  element.addEventListener("keydown", (event) => {
    if (!grid || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const spill = !control && event.key.toLowerCase() === "s";
    const to = spill ? nextSpill(grid, at.step, event.shiftKey ? -1 : 1) : move(event.key, control, at, grid, flipped);
    if (to === null) return;
    event.preventDefault();
    choose(to, true);
    chosen(at);
  });
  const resized = new ResizeObserver(() => paint(false));
  resized.observe(element);

  /** Where a step does something: what it makes, else what it reads. @param {number} step */
  function homeAt(step) {
    const bar = made.flat().find(({ start }) => start === 2 * step + 1);
    return bar?.column ?? grid?.reads.find(([, read]) => read === step)?.[0] ?? at.column;
  }

  return {
    element,
    destroy: () => resized.disconnect(),
    at: () => at,
    lanes: () => made,
    /** @param {Grid} next @param {boolean} flip */
    show(next, flip) {
      const turned = flip !== flipped;
      at = next === grid ? at : keep(grid, at, next);
      grid = next;
      made = lanes(next);
      starts = borders(next.steps);
      flipped = flip;
      places = geometry(next, flip);
      if (turned) element.scrollTo(0, 0);
      paint();
      reveal();
      paint();
    },
    /**
     * What is selected, here or elsewhere.
     *
     * @param {number} selected a value of this grid, -1 for none
     * @param {number} source a line of the source, 0 for none
     * @param {boolean} go whether to bring it into view
     */
    select(selected, source, go) {
      value = selected;
      line = source;
      if (go && grid) {
        const maker = grid.bars.find(([, number, start]) => number === selected && start % 2 === 1);
        const step = maker ? (maker[2] - 1) / 2 : grid.steps.line.indexOf(source);
        if (step >= 0) at = { step, column: maker ? maker[0] : homeAt(step) };
        if (step >= 0) reveal();
      }
      paint();
    },
    /** @param {At} to */
    go(to) {
      choose(to, false);
      chosen(at);
    },
    /** @param {number} step bring a step to the middle of the view */
    center(step) {
      if (!places) return;
      const view = flipped ? element.clientWidth - places.head : element.clientHeight - places.top;
      const to = step * places.along - view / 2;
      if (flipped) element.scrollLeft = to;
      else element.scrollTop = to;
    },
  };
}
