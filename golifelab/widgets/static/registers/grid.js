/**
 * The grid itself: headings that stay, bars for who lives where, and one chosen place. Only what is in view
 * exists.
 */

import { across, draw, put } from "./draw.js";
import { geometry } from "./geometry.js";
import { akin, borders, keep, lanes, move, nameOf, nextSpill, valueAt } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").At} At */
/** @typedef {import("./model.js").Grid} Grid */

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
  /** What is drawn, and which of it is marked: doing either again would change nothing. */
  let drawn = "";
  let marked = "";
  /** @type {import("./draw.js").Drawing | null} */
  let drawing = null;
  const cursor = h("div", { class: "gl-regs-cursor", role: "gridcell", tabindex: "0", "aria-selected": "true" });

  /** @returns {[number, number]} the steps that are in view, with some to spare */
  function inView() {
    if (!places) return [0, 0];
    const scroll = flipped ? element.scrollLeft : element.scrollTop;
    const view = (flipped ? element.clientWidth - places.head : element.clientHeight - places.top) || 400;
    scrolled(scroll / places.along, Math.min(grid?.steps.text.length ?? 0, (scroll + view) / places.along));
    return places.steps(scroll, view);
  }

  function paint() {
    if (!grid || !places) return;
    const [first, end] = inView();
    if (drawn !== `${first} ${end}`) {
      drawn = `${first} ${end}`;
      marked = "";
      const focused = element.contains(document.activeElement);
      drawing = draw(grid, made, starts, places, first, end);
      all.replaceChildren(...drawing.all);
      mark();
      // The chosen place may have been scrolled away: the keys then belong to the grid as a whole.
      element.tabIndex = cursor.isConnected ? -1 : 0;
      if (focused) (cursor.isConnected ? cursor : element).focus({ preventScroll: true });
    }
    mark();
  }

  /** Show what is chosen and what is selected in what is drawn. */
  function mark() {
    const wanted = [at.step, at.column, value, line].join(" ");
    if (!grid || !places || !drawing || marked === wanted) return;
    marked = wanted;
    for (const [step, head] of drawing.steps) {
      set(head, "data-here", step === at.step);
      set(head, "data-line", line > 0 && grid.steps.line[step] === line);
    }
    for (const [column, head] of drawing.columns) set(head, "data-here", column === at.column);
    for (const { bar, piece } of drawing.bars) {
      set(piece, "data-ring", bar.value === value);
      set(piece, "data-kin", bar.value !== value && akin(grid, bar.value, value));
    }
    put(drawing.now, across(places, at.step));
    const box = places.box(at.column, 2 * at.step, 2 * at.step + 2);
    const there = valueAt(made, at);
    put(cursor, { left: places.head + box.left, top: 0, width: box.width, height: box.height });
    set(cursor, "aria-colindex", (flipped ? at.step : at.column) + 2);
    set(cursor, "aria-label", `${grid.columns[at.column]?.title}, ${grid.steps.text[at.step]}: ${there < 0 ? "nothing" : `v${there} ${nameOf(grid, there)}`}`);
    const row = drawing.rows.get(flipped ? at.column : at.step);
    if (row && cursor.parentElement !== row) {
      const focused = document.activeElement === cursor;
      row.append(cursor);
      if (focused) cursor.focus({ preventScroll: true });
    }
  }

  /** Everything's place; it depends on how wide the view is. */
  function settle() {
    if (!grid) return;
    places = geometry(grid, flipped, element.clientWidth);
    all.style.width = `${places.width}px`;
    all.style.height = `${places.height}px`;
    drawn = "";
    paint();
  }

  /** Bring the chosen place into view. @param {boolean} [wholly] also across the registers */
  function reveal(wholly = true) {
    if (!places || !grid) return;
    const box = places.box(at.column, 2 * at.step, 2 * at.step + 2);
    const scroll = (/** @type {number} */ from, /** @type {number} */ size, /** @type {number} */ now, /** @type {number} */ view) =>
      from < now ? from - Math.min(60, view / 4) : from + size > now + view ? from + size - view + Math.min(60, view / 4) : now;
    if (wholly || !flipped) element.scrollTop = scroll(box.top, box.height, element.scrollTop, element.clientHeight - places.top);
    if (wholly || flipped) element.scrollLeft = scroll(box.left, box.width, element.scrollLeft, element.clientWidth - places.head);
  }

  /** @param {At} to @param {boolean} focus */
  function choose(to, focus) {
    at = to;
    reveal();
    // It says what is selected now, and that is painted with the place.
    chosen(at);
    paint();
    if (focus) cursor.focus({ preventScroll: true });
  }

  element.addEventListener("scroll", paint, { passive: true });
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
  });
  element.addEventListener("keydown", (event) => {
    if (!grid || event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const spill = !control && event.key.toLowerCase() === "s";
    const to = spill ? nextSpill(grid, at.step, event.shiftKey ? -1 : 1) : move(event.key, control, at, grid, flipped);
    if (to === null) return;
    event.preventDefault();
    choose(to, true);
  });
  let room = 0;
  const resized = new ResizeObserver(() => {
    // A scroll bar that comes must not make it go again.
    if (Math.abs(element.clientWidth - room) > 24) settle();
    else paint();
    room = element.clientWidth;
  });
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
      const [turned, first] = [flip !== flipped, grid === null];
      at = next === grid ? at : keep(grid, at, next);
      grid = next;
      made = lanes(next);
      starts = borders(next.steps);
      flipped = flip;
      set(element, "data-flip", flip);
      const [steps, columns] = [next.steps.text.length, next.columns.length];
      set(element, "aria-rowcount", (flip ? columns : steps) + 1);
      set(element, "aria-colcount", (flip ? steps : columns) + 1);
      if (turned) element.scrollTo(0, 0);
      settle();
      // To begin with, the registers are in view, not the stack beside them.
      reveal(!first);
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
