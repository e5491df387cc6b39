/**
 * The staircase: size over argument, both logarithmic.
 */

import { h, set, svg } from "../page/dom.js";
import { beyond, bytes, reach, sizeAt, stairs } from "./model.js";

/** @typedef {import("./model.js").Row} Row */

const HIGH = 280;
const LEFT = 62;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 34;
const LEAST = 10; // powers of two
const MOST = 30;

/**
 * @param {(argument: number) => void} go
 */
export function createStaircase(go) {
  const grid = svg("g", { class: "gl-stair-grid" });
  const curves = svg("g");
  const found = svg("g", { class: "gl-stair-found" });
  const cursor = svg("line", { class: "gl-stair-cursor", y1: TOP, y2: HIGH - BOTTOM });
  const picture = svg("svg", { class: "gl-stair-picture", height: HIGH, role: "img", "aria-label": "stack size over argument" }, grid, curves, found, cursor);
  const element = h("div", { class: "gl-stair-chart" }, picture);
  /** @type {Row[]} */
  let rows = [];
  let wide = 600;
  let most = 1000;
  let argument = 1;
  let hidden = false;
  /** @type {{argument: number, size: number, guess: number}[]} */
  let guesses = [];

  const x = (/** @type {number} */ n) => LEFT + (Math.log10(Math.max(n, 1)) / Math.log10(most)) * (wide - LEFT - RIGHT);
  const y = (/** @type {number} */ size) => HIGH - BOTTOM - ((Math.log2(Math.max(size, 1)) - LEAST) / (MOST - LEAST)) * (HIGH - TOP - BOTTOM);
  const path = (/** @type {[number, number][]} */ corners) => corners.map(([n, size], at) => `${at ? "L" : "M"}${x(n).toFixed(1)} ${y(size).toFixed(1)}`).join("");

  /** @param {PointerEvent} event */
  const point = (event) => {
    const box = picture.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (wide - LEFT - RIGHT);
    go(Math.round(most ** Math.max(0, Math.min(1, share))));
  };
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    point(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) point(event);
  });

  function drawGrid() {
    const lines = [];
    for (let power = LEAST; power <= MOST; power += 2) {
      const at = y(2 ** power);
      lines.push(svg("line", { x1: LEFT, x2: wide - RIGHT, y1: at, y2: at }));
      if (power % 4 === 2) lines.push(svg("text", { x: LEFT - 6, y: at + 4, "text-anchor": "end" }, bytes(2 ** power)));
    }
    for (let n = 1; n <= most; n *= 10) {
      lines.push(svg("line", { x1: x(n), x2: x(n), y1: TOP, y2: HIGH - BOTTOM }));
      lines.push(svg("text", { x: x(n), y: HIGH - BOTTOM + 15, "text-anchor": "middle" }, n < 1e4 ? String(n) : `10${superscript(Math.log10(n))}`));
    }
    lines.push(svg("text", { x: wide - RIGHT, y: HIGH - 4, "text-anchor": "end" }, "argument: levels of calls"));
    grid.replaceChildren(...lines);
  }

  function draw() {
    wide = Math.max(element.clientWidth, 260);
    most = reach(rows);
    set(picture, "width", wide);
    drawGrid();
    const drawn = hidden ? [] : [...rows.entries()].reverse();
    curves.replaceChildren(
      ...drawn.flatMap(([index, row]) => [
        svg("path", { class: "gl-stair-beyond", "data-row": index % 4, d: path(beyond(row)) }),
        svg("path", { class: "gl-stair-steps", "data-row": index % 4, d: path(stairs(row)) }),
      ]),
    );
    const wall = rows.find((row) => row.rate > 0);
    if (wall && !hidden) {
      const at = y(wall.edge[0]);
      curves.append(
        svg("line", { class: "gl-stair-wall", x1: LEFT, x2: wide - RIGHT, y1: at - 3, y2: at - 3 }),
        svg("text", { class: "gl-stair-wall-name", x: LEFT + 6, y: at - 8 }, `the limit: ${bytes(wall.edge[0])}`),
      );
    }
    move();
  }

  function move() {
    set(cursor, "x1", x(argument));
    set(cursor, "x2", x(argument));
    const dots = hidden ? [] : rows.map((row) => sizeAt(row, argument).size).filter((size) => size > 0);
    found.replaceChildren(
      ...dots.map((size) => svg("circle", { cx: x(argument), cy: y(size), r: 4 })),
      ...guesses.flatMap((one) => [
        svg("circle", { cx: x(one.argument), cy: y(one.size), r: 4 }),
        svg("path", { class: "gl-stair-guess", d: `M${x(one.argument) - 5} ${y(one.guess) - 5}l10 10m0-10l-10 10` }),
      ]),
    );
  }

  const resized = new ResizeObserver(() => {
    if (rows.length > 0 && Math.abs(element.clientWidth - wide) > 1) draw();
  });
  resized.observe(element);

  return {
    element,
    destroy: () => resized.disconnect(),
    /** @param {Row[]} next */
    show(next) {
      rows = next;
      draw();
    },
    /** @param {number} to */
    at(to) {
      argument = to;
      move();
    },
    /** @param {boolean} now @param {{argument: number, size: number, guess: number}[]} marks */
    guessing(now, marks) {
      hidden = now;
      guesses = marks;
      draw();
    },
  };
}

/** @param {number} number */
function superscript(number) {
  return [...String(Math.round(number))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}
