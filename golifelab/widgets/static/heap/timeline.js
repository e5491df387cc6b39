/**
 * Memory over time: the heap's objects as an area, the goal above it, and a mark for each collection.
 */

import { h, set, svg } from "../page/dom.js";
import { bytes, field, levels, sampleWords } from "./model.js";

/** @typedef {import("./model.js").Heap} Heap */

const HIGH = 150;
const LEFT = 62;
const TOP = 8;
const BOTTOM = 20;
const LINES = /** @type {[string, string][]} */ ([
  ["goal", "the next collection"],
  ["live", "alive after the last one"],
  ["total", "mapped in all"],
]);

/** @param {(words: string) => void} tell */
export function createTimeline(tell) {
  const picture = svg("svg", { class: "gl-heap-time", height: HIGH, "aria-hidden": "true" });
  const track = h("div", { class: "gl-heap-track", role: "slider", tabindex: "0", "aria-label": "memory over time", "aria-valuemin": 1 }, picture);
  const legend = h(
    "p",
    { class: "gl-heap-legend gl-note" },
    h("span", { "data-line": "objects" }, "objects, dead ones included"),
    ...LINES.map(([name, words]) => h("span", { "data-line": name }, words)),
    h("span", { "data-line": "cycle" }, "a collection"),
  );
  const element = h("div", { class: "gl-heap-timeline" }, track, legend);
  /** @type {Heap | null} */
  let heap = null;
  let at = 0;
  let wide = 0;
  let end = 1;

  const x = (/** @type {number} */ time) => LEFT + (time / end) * (wide - LEFT - 8);

  /** @param {number} to */
  function go(to) {
    if (!heap) return;
    at = Math.max(0, Math.min(heap.samples.length - 1, to));
    const cursor = picture.querySelector(".gl-heap-cursor");
    const place = x(heap.samples[at][field(heap, "at")]);
    if (cursor) {
      set(cursor, "x1", place);
      set(cursor, "x2", place);
    }
    const told = sampleWords(heap, at);
    set(track, "aria-valuenow", at + 1);
    set(track, "aria-valuetext", told);
    tell(told);
  }

  track.addEventListener("keydown", (event) => {
    const steps = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -1e9, End: 1e9 });
    if (!(event.key in steps)) return;
    event.preventDefault();
    go(at + steps[event.key]);
  });
  /** @param {PointerEvent} event */
  const point = (event) => {
    if (!heap) return;
    const time = ((event.clientX - picture.getBoundingClientRect().left - LEFT) / (wide - LEFT - 8)) * end;
    const column = field(heap, "at");
    go(heap.samples.reduce((best, row, index, rows) => (Math.abs(row[column] - time) < Math.abs(rows[best][column] - time) ? index : best), 0));
  };
  track.addEventListener("pointerdown", (event) => {
    track.setPointerCapture(event.pointerId);
    point(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (track.hasPointerCapture(event.pointerId)) point(event);
  });

  function draw() {
    if (!heap || heap.samples.length === 0) return;
    wide = track.clientWidth || 700;
    set(picture, "width", wide);
    const rows = heap.samples;
    const time = field(heap, "at");
    end = Math.max(1, rows[rows.length - 1][time]);
    const top = Math.max(...rows.map((row) => Math.max(row[field(/** @type {Heap} */ (heap), "total")], row[field(/** @type {Heap} */ (heap), "goal")])), 1);
    const y = (/** @type {number} */ value) => HIGH - BOTTOM - (value / top) * (HIGH - TOP - BOTTOM);
    const line = (/** @type {string} */ name) => {
      const column = field(/** @type {Heap} */ (heap), name);
      return rows.map((row, index) => `${index ? "L" : "M"}${x(row[time]).toFixed(1)} ${y(row[column]).toFixed(1)}`).join("");
    };
    const cycles = field(heap, "cycles");
    const cycled = rows.flatMap((row, index) => (index > 0 && row[cycles] > rows[index - 1][cycles] ? [`M${x(row[time]).toFixed(1)} ${HIGH - BOTTOM}v5`] : []));
    const grid = levels(top);
    const base = HIGH - BOTTOM;
    picture.replaceChildren(
      ...grid.flatMap((value) => [
        svg("line", { class: "gl-heap-grid", x1: LEFT, x2: wide - 8, y1: y(value), y2: y(value) }),
        svg("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, value ? bytes(value) : "0"),
      ]),
      svg("path", { class: "gl-heap-area", d: `${line("objects")}L${x(end).toFixed(1)} ${base}L${x(rows[0][time]).toFixed(1)} ${base}Z` }),
      ...LINES.map(([name]) => svg("path", { class: "gl-heap-line", "data-line": name, d: line(name) })),
      svg("path", { class: "gl-heap-cycles", d: cycled.join("") }),
      svg("text", { x: wide - 8, y: HIGH - 3, "text-anchor": "end" }, `${(end / 1000).toFixed(0)} ms since main began`),
      svg("line", { class: "gl-heap-cursor", y1: TOP, y2: base }),
    );
    set(track, "aria-valuemax", rows.length);
    go(at);
  }

  const resized = new ResizeObserver(() => {
    if (heap && Math.abs(track.clientWidth - wide) > 1) draw();
  });
  resized.observe(element);

  return {
    element,
    destroy: () => resized.disconnect(),
    /** @param {Heap} next */
    show(next) {
      heap = next;
      at = Math.min(at, next.samples.length - 1);
      if (at <= 0) at = next.samples.length - 1;
      draw();
    },
  };
}
