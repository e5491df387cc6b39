/**
 * Lanes over one time axis. Every state has its own form, so that none is told by a colour alone: what runs is a full
 * bar, what could run is hatched, a system call is dotted, and waiting is a line.
 */

import { set, svg, uid } from "../page/dom.js";
import { RUNNABLE, RUNNING, STATES, SYSCALL, WAITING, boxes, firstAfter, moment, ticks } from "./model.js";

/** @typedef {import("./model.js").Run} Run */
/** @typedef {import("./model.js").Lane} Lane */
/** @typedef {{from: number, to: number}} View */

export const ROW = 22;
export const TOP = 42;
export const NAMES = 168;
const BAR = 14;
/** Bars that are named, those narrower than this are not; and lines to who woke whom. */
const MAX_NAMES = 400;
const NAMED = 22;
const MAX_WAKES = 150;

/** @param {number[][]} rects @param {number} y @param {number} height */
const path = (rects, y, height) => rects.map(([from, to]) => `M${from.toFixed(1)} ${y}H${to.toFixed(1)}v${height}H${from.toFixed(1)}Z`).join("");

/** The swatch of a state, for the legend. @param {number} state @param {string} hatch @param {string} dots */
export function swatch(state, hatch, dots) {
  const drawn = bar(state, "M1 1H27v12H1Z", "M1 7H27v1.5H1Z", hatch, dots);
  return svg("svg", { class: "gl-sched-swatch", width: 28, height: 14, "aria-hidden": "true" }, drawn);
}

/** @param {number} state @param {string} full @param {string} line @param {string} hatch @param {string} dots */
function bar(state, full, line, hatch, dots) {
  const name = STATES.find(([one]) => one === state)?.[1] ?? "";
  const fill = state === RUNNABLE ? hatch : state === SYSCALL ? dots : null;
  return svg("path", { class: "gl-sched-bar", "data-state": name, d: state === WAITING ? line : full, fill });
}

/** Draws lanes into an SVG element that is as high as all of them; only those in view are there. */
export function createLanes() {
  const [hatchId, dotsId] = [uid("hatch"), uid("dots")];
  const [hatch, dots] = [`url(#${hatchId})`, `url(#${dotsId})`];
  const defs = svg(
    "defs",
    {},
    svg("pattern", { id: hatchId, width: 5, height: 5, patternUnits: "userSpaceOnUse" }, svg("path", { d: "M-1 6L6 -1M-1 1L1 -1M4 6L6 4", class: "gl-sched-pattern" })),
    svg("pattern", { id: dotsId, width: 4, height: 4, patternUnits: "userSpaceOnUse" }, svg("path", { d: "M1 1h1.6v1.6h-1.6Z", class: "gl-sched-dot" })),
  );
  const back = svg("g");
  const rows = svg("g");
  const wakes = svg("g");
  const cursor = svg("path", { class: "gl-sched-cursor" });
  const head = svg("g");
  const element = svg("svg", { class: "gl-sched-lanes", "aria-hidden": "true" }, defs, back, rows, wakes, cursor, head);

  /**
   * @param {Run} run
   * @param {Lane[]} lanes
   * @param {object} how
   * @param {View} how.view
   * @param {number} how.width of the whole element
   * @param {number} how.top what is scrolled away @param {number} how.height what is in view
   * @param {number} how.follow a goroutine's id, 0 for none
   * @param {number} how.chosen the lane
   * @param {number | null} how.span the chosen span
   * @param {number | null} how.at the time of the cursor
   * @param {import("./model.js").Mode} how.mode
   */
  function show(run, lanes, { view, width, top, height, follow, chosen, span, at, mode }) {
    const room = Math.max(width - NAMES - 8, 60);
    const all = TOP + lanes.length * ROW + 4;
    const scale = room / (view.to - view.from);
    const x = (/** @type {number} */ time) => NAMES + (time - view.from) * scale;
    for (const [name, value] of Object.entries({ width, height: all, viewBox: `0 0 ${width} ${all}` })) set(element, name, value);
    const first = Math.max(0, Math.floor((top - TOP) / ROW) - 4);
    const last = Math.min(lanes.length, Math.ceil((top + height - TOP) / ROW) + 4);
    const marked = ticks(view, room / 90);
    const step = marked.length > 1 ? marked[1] - marked[0] : view.to - view.from;
    const lines = marked.map((tick) => `M${x(tick).toFixed(1)} ${TOP - 6}V${all}`);
    back.replaceChildren(
      svg("path", { class: "gl-sched-grid", d: lines.join("") }),
      ...bands(run, view, x, all),
      svg("rect", { class: "gl-sched-chosen", x: 0, y: TOP + chosen * ROW, width, height: ROW }),
    );
    let names = 0;
    rows.replaceChildren(
      ...lanes.slice(first, last).map((lane, i) => {
        const y = TOP + (first + i) * ROW;
        const made = lane_(run, lane, { view, room, y, follow, mode, names: MAX_NAMES - names });
        names += made.names;
        return made.element;
      }),
    );
    wakes.replaceChildren(...(follow && mode === "goroutines" ? arrows(run, lanes, follow, view, x) : []));
    const where = at === null || at < view.from || at > view.to ? "" : `M${x(at).toFixed(1)} ${top + 16}V${all}`;
    set(cursor, "d", where);
    head.replaceChildren(
      svg("rect", { class: "gl-sched-head", x: 0, y: top, width, height: TOP - 6 }),
      ...marked.filter((tick) => x(tick) < width - 52).map((tick) => svg("text", { class: "gl-sched-tick", x: x(tick) + 2, y: top + 11 }, moment(tick, step))),
      ...marks(run, view, x, top),
      ...ring(run, lanes, span, view, x),
    );
  }

  /** @param {Run} run @param {Lane} lane @param {{view: View, room: number, y: number, follow: number, mode: string, names: number}} how */
  function lane_(run, lane, { view, room, y, follow, mode, names }) {
    const { spans, goroutines } = run.payload;
    const top = y + (ROW - BAR) / 2;
    const own = mode === "goroutines" ? lane.key === follow : false;
    const mine = (/** @type {number} */ i) => goroutines[spans.goroutine[i]].id === follow;
    const quiet = follow !== 0 && mode === "goroutines" && !own;
    const shift = (/** @type {[number, number][]} */ found) => found.map(([from, to]) => [from + NAMES, to + NAMES]);
    const bars = [WAITING, RUNNABLE, SYSCALL, RUNNING].map((state) => {
      const found = shift(boxes(run, lane.spans, (i) => spans.state[i] === state, view, room, mode === "goroutines" ? 0 : 1));
      return found.length > 0 ? bar(state, path(found, top, BAR), path(found, y + ROW / 2 - 0.75, 1.5), hatch, dots) : null;
    });
    const followed = follow && mode !== "goroutines" ? shift(boxes(run, lane.spans, mine, view, room)) : [];
    const forced = [1, 2].map((by) => {
      const found = boxes(run, lane.spans, (i) => spans.preempted[i] === by, view, room);
      const d = found.map(([from]) => `M${(from + NAMES).toFixed(1)} ${top - 1}l-3.5 -4h7Z`).join("");
      return d ? svg("path", { class: "gl-sched-forced", "data-by": by === 1 ? "signal" : "check", d }) : null;
    });
    const labels = named(run, lane, { view, room, top, mode, follow, most: names });
    const element = svg(
      "g",
      { class: "gl-sched-lane", "data-quiet": quiet ? "lane" : follow !== 0 && mode !== "goroutines" ? "bars" : null, "data-lane": lane.key },
      svg("text", { class: "gl-sched-name", x: 6, y: y + 15 }, lane.name),
      svg("text", { class: "gl-sched-detail", x: 8 + lane.name.length * 7.6, y: y + 15 }, short(lane.detail, Math.floor((NAMES - 14 - lane.name.length * 7.6) / 6.2))),
      ...bars,
      followed.length > 0 ? svg("path", { class: "gl-sched-followed", d: path(followed, top, BAR) }) : null,
      ...forced,
      ...labels,
    );
    return { element, names: labels.length };
  }
  return { element, show, hatch, dots };
}

/** @param {string} text @param {number} letters */
const short = (text, letters) => (text.length > letters ? `…${text.slice(text.length - Math.max(letters - 1, 1))}` : text);

/**
 * The names of what runs, where there is room: who, on the lane of a P or a thread; where, on that of a goroutine.
 *
 * @param {Run} run @param {Lane} lane
 * @param {{view: View, room: number, top: number, mode: string, follow: number, most: number}} how
 */
function named(run, lane, { view, room, top, mode, follow, most }) {
  const { spans, goroutines } = run.payload;
  const scale = room / (view.to - view.from);
  const made = [];
  for (let i = firstAfter(run, lane.spans, view.from); i < lane.spans.length && made.length < most; i += 1) {
    const span = lane.spans[i];
    if (run.start[span] > view.to) break;
    if (spans.state[span] !== RUNNING) continue;
    const from = Math.max(0, (run.start[span] - view.from) * scale);
    const wide = Math.min(room, (run.end[span] - view.from) * scale) - from;
    const id = goroutines[spans.goroutine[span]].id;
    const text = mode === "goroutines" ? `P${spans.processor[span]}` : `G${id}`;
    if (wide >= Math.max(NAMED, text.length * 7 + 6)) made.push(svg("text", { class: "gl-sched-label", "data-own": mode === "goroutines" || !follow || id === follow, x: NAMES + from + 4, y: top + 11 }, text));
  }
  return made;
}

/** When the collector marks, all over. @param {Run} run @param {View} view @param {(time: number) => number} x @param {number} height */
function bands(run, view, x, height) {
  return run.payload.collections.filter(([from, to]) => to > view.from && from < view.to).slice(0, 200).map(([from, to]) => svg("rect", { class: "gl-sched-gc", x: Math.max(NAMES, x(from)), y: TOP - 6, width: Math.max(1, Math.min(x(to), x(view.to)) - Math.max(NAMES, x(from))), height: height - TOP + 6 }));
}

/** What happened to all, above the lanes. @param {Run} run @param {View} view @param {(time: number) => number} x @param {number} top */
function marks(run, view, x, top) {
  const inView = (/** @type {[number, number, string, number]} */ [from, to]) => to > view.from && from < view.to;
  const gc = run.payload.collections.filter(inView).slice(0, 100).flatMap(([from, to]) => {
    const [left, right] = [Math.max(NAMES, x(from)), Math.min(x(view.to), x(to))];
    return right - left > 16 ? [svg("text", { class: "gl-sched-tick gl-sched-gc-name", x: left + 2, y: top + 34 }, "GC")] : [];
  });
  const stops = run.payload.pauses.filter(inView).slice(0, 300).map(([from, to, name]) => svg("rect", { class: "gl-sched-pause", x: Math.max(NAMES, x(from)), y: top + 15, width: Math.max(2, x(to) - Math.max(NAMES, x(from))), height: 8 }, svg("title", {}, `the world is stopped: ${name}`)));
  return [...gc, ...stops];
}

/** Who woke or made the one that is followed. @param {Run} run @param {Lane[]} lanes @param {number} follow @param {View} view @param {(time: number) => number} x */
function arrows(run, lanes, follow, view, x) {
  const to = lanes.findIndex((lane) => lane.key === follow);
  if (to < 0) return [];
  const { spans } = run.payload;
  const mine = lanes[to].spans;
  const y = TOP + to * ROW + ROW / 2;
  const d = [];
  let last = -Infinity;
  for (let i = firstAfter(run, mine, view.from); i < mine.length && d.length < MAX_WAKES; i += 1) {
    const span = mine[i];
    if (run.start[span] > view.to) break;
    // From afar one arrow stands for all that would cover it.
    if (x(run.start[span]) - last < 7) continue;
    const from = spans.state[span] === RUNNABLE && spans.cause[span] >= 0 ? lanes.findIndex((lane) => lane.key === spans.cause[span]) : -1;
    const at = x(run.start[span]).toFixed(1);
    const start = TOP + from * ROW + ROW / 2;
    if (from < 0 || from === to) continue;
    last = x(run.start[span]);
    d.push(`M${at} ${start}V${y + (start < y ? -7 : 7)}m-3 ${start < y ? -4 : 4}l3 ${start < y ? 4 : -4}l3 ${start < y ? -4 : 4}`);
  }
  return d.length > 0 ? [svg("path", { class: "gl-sched-wake", d: d.join("") })] : [];
}

/** A ring around what is chosen. @param {Run} run @param {Lane[]} lanes @param {number | null} span @param {View} view @param {(time: number) => number} x */
function ring(run, lanes, span, view, x) {
  if (span === null) return [];
  const lane = lanes.findIndex((one) => one.spans[firstAfter(run, one.spans, run.start[span])] === span);
  if (lane < 0 || run.end[span] < view.from || run.start[span] > view.to) return [];
  const from = Math.max(NAMES, x(run.start[span]));
  return [svg("rect", { class: "gl-sched-ring", x: from - 1, y: TOP + lane * ROW + 2.5, width: Math.max(Math.min(x(run.end[span]), x(view.to)) - from, 1) + 2, height: ROW - 5 })];
}
