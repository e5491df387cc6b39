/**
 * The elements of a register grid: headings, bars, reads and borders for some of its steps.
 */

import { between, count, label, nameOf, operation } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./geometry.js").Geometry} Geometry */
/** @typedef {import("./model.js").Bar} Bar */
/** @typedef {import("./model.js").Grid} Grid */

/**
 * What was drawn, so that it can be marked without being drawn again: headings and rows by their step or
 * column, bars with their elements, and the band across the chosen step.
 *
 * @typedef {object} Drawing
 * @property {HTMLElement[]} all
 * @property {Map<number, HTMLElement>} steps
 * @property {Map<number, HTMLElement>} columns
 * @property {Map<number, HTMLElement>} rows
 * @property {{bar: Bar, piece: HTMLElement}[]} bars
 * @property {HTMLElement} now
 */

/** @type {Record<string, [string, string]>} what a step is, as a sign and a word */
const MARKS = {
  spill: ["▼", "spill"],
  reload: ["▲", "reload"],
  argument: ["▲", "argument from the stack"],
};
/** @type {Record<string, string>} */
const KINDS = {
  general: "a general register",
  floating: "a floating-point register",
  spill: "a slot of the stack",
  argument: "where the caller puts an argument",
};

/**
 * @param {Grid} grid
 * @param {Bar[][]} made its bars by column
 * @param {Set<number>} starts the first steps of blocks
 * @param {Geometry} places
 * @param {number} first of the steps that are drawn
 * @param {number} end the step after the last
 * @returns {Drawing}
 */
export function draw(grid, made, starts, places, first, end) {
  const { flipped } = places;
  const steps = Array.from({ length: end - first }, (_, i) => first + i);
  const columns = grid.columns.map((_, i) => i);
  /** @type {Drawing["steps"]} */
  const stepHeads = new Map(steps.map((step) => [step, stepHead(grid, starts, step)]));
  /** @type {Drawing["columns"]} */
  const columnHeads = new Map(columns.map((column) => [column, columnHead(grid, column)]));
  const head = heads(places, flipped ? stepHeads : columnHeads);
  const rows = rowsOf(places, flipped ? columnHeads : stepHeads);
  const { layer, bars, now } = body(grid, made, starts, places, first, end);
  return { all: [head, ...rows.values(), layer], steps: stepHeads, columns: columnHeads, rows, bars, now };
}

/** A step from end to end. @param {Geometry} places @param {number} step */
export function across(places, step) {
  const { left, top, width, height } = places.box(0, 2 * step, 2 * step + 2);
  return places.flipped ? { left, top: 0, width, height: places.height - places.top } : { left: 0, top, width: places.width - places.head, height };
}

/** @param {HTMLElement} piece @param {{left: number, top: number, width: number, height: number}} box */
export function put(piece, box) {
  for (const [name, pixels] of Object.entries(box)) piece.style.setProperty(name, `${pixels}px`);
}

/** The headings above. @param {Geometry} places @param {Map<number, HTMLElement>} made */
function heads(places, made) {
  const { flipped } = places;
  const corner = h("div", { class: "gl-regs-corner", role: "columnheader" }, flipped ? "register ╲ step" : "step ╲ register");
  corner.style.width = `${places.head}px`;
  const row = h("div", { class: "gl-regs-top", role: "row", "aria-rowindex": 1 }, corner);
  row.style.height = `${places.top}px`;
  for (const [index, head] of made) {
    const box = flipped ? places.box(0, 2 * index, 2 * index + 2) : places.box(index, 0, 1);
    set(head, "role", "columnheader");
    set(head, "aria-colindex", index + 2);
    head.style.left = `${places.head + box.left}px`;
    head.style.width = `${box.width}px`;
    row.append(head);
  }
  return row;
}

/** Rows with their headings at the left. @param {Geometry} places @param {Map<number, HTMLElement>} made */
function rowsOf(places, made) {
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();
  for (const [index, head] of made) {
    const box = places.flipped ? places.box(index, 0, 1) : places.box(0, 2 * index, 2 * index + 2);
    set(head, "role", "rowheader");
    head.style.width = `${places.head}px`;
    const row = h("div", { class: "gl-regs-row", role: "row", "aria-rowindex": index + 2 }, head);
    row.style.top = `${places.top + box.top}px`;
    row.style.height = `${box.height}px`;
    rows.set(index, row);
  }
  return rows;
}

/** @param {Grid} grid @param {number} index */
function columnHead(grid, index) {
  const { name, kind, title } = grid.columns[index];
  return h("div", { class: "gl-regs-column", "data-kind": kind, title: `${title}: ${KINDS[kind]}` }, name);
}

/** @param {Grid} grid @param {Set<number>} starts @param {number} index */
function stepHead(grid, starts, index) {
  const { text, block, mark, pc, pressure } = grid.steps;
  const [sign, word] = MARKS[mark[index]] ?? ["", ""];
  const first = starts.has(index);
  const share = Math.min(1, pressure[index] / grid.registers.general);
  const meter = h("span", {
    class: "gl-regs-pressure",
    "data-full": share >= 1,
    title: `${count(pressure[index], "general register")} of ${grid.registers.general} needed after it`,
  });
  meter.style.setProperty("--gl-share", String(share));
  return h(
    "div",
    {
      class: "gl-regs-step",
      "data-first": first,
      "data-mark": mark[index] || null,
      title: `${text[index]}${pc[index] >= 0 ? ` at +${pc[index].toString(16)}` : ""}${word ? `: ${word}` : ""}`,
    },
    h("span", { class: "gl-regs-block" }, first ? `b${block[index]}` : ""),
    h("span", { class: "gl-regs-mark", role: word ? "img" : null, "aria-label": word || null }, sign),
    h("span", { class: "gl-regs-text" }, text[index]),
    meter,
  );
}

/**
 * The bars, the reads and the borders of the blocks.
 *
 * @param {Grid} grid
 * @param {Bar[][]} made
 * @param {Set<number>} starts
 * @param {Geometry} places
 * @param {number} first
 * @param {number} end
 */
function body(grid, made, starts, places, first, end) {
  const layer = h("div", { class: "gl-regs-body", role: "presentation", "aria-hidden": "true" });
  put(layer, { left: places.head, top: places.top, width: places.width - places.head, height: places.height - places.top });
  /** @param {string} name @param {{left: number, top: number, width: number, height: number}} box */
  const add = (name, box) => {
    const piece = h("div", { class: name });
    put(piece, box);
    layer.append(piece);
    return piece;
  };
  const now = add("gl-regs-now", across(places, first));
  grid.columns.forEach(({ kind }, index) => {
    if (index > 0 && grid.columns[index - 1].kind !== kind) add("gl-regs-group", places.box(index, 2 * first, 2 * end));
  });
  for (const step of starts) if (step > 0 && step >= first && step < end) add("gl-regs-border", across(places, step));
  const bars = made.flatMap((lane) => between(lane, first, end)).map((bar) => {
    const piece = stay(grid, bar);
    put(piece, places.box(bar.column, bar.start, bar.end));
    layer.append(piece);
    return { bar, piece };
  });
  for (const [column, step] of grid.reads) {
    if (step >= first && step < end) add("gl-regs-read", places.box(column, 2 * step, 2 * step + 2));
  }
  return { layer, bars, now };
}

/** A value's stay in a register or slot. @param {Grid} grid @param {Bar} bar */
function stay(grid, bar) {
  const long = bar.end - bar.start;
  return h(
    "div",
    {
      class: "gl-stay",
      "data-kind": grid.columns[bar.column].kind,
      "data-op": operation(grid, bar.value),
      "data-value": `v${bar.value}`,
      "data-short": long < 4,
      "data-tiny": long < 2,
      title: grid.values[bar.value]?.text,
    },
    h("span", { class: "gl-stay-words" }, h("span", { class: "gl-stay-value" }, label(grid, bar)), " ", h("span", { class: "gl-stay-name" }, nameOf(grid, bar.value))),
  );
}
