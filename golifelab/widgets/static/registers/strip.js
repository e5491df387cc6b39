/**
 * The whole function in one strip: how many registers are needed at every step, and where values go to the
 * stack and come back.
 */

import { strip } from "./model.js";
import { h, set, svg } from "../page/dom.js";

/** @typedef {import("./model.js").Grid} Grid */

const HIGH = 26;
/** Below the curve: spills in one row, reloads in another. */
const ROWS = { spill: HIGH + 2, reload: HIGH + 7 };
const ALL = HIGH + 12;
/** More places than the strip has pixels would say nothing more. */
const PLACES = 600;

/**
 * @param {(step: number) => void} go
 */
export function createStrip(go) {
  const area = svg("path", { class: "gl-strip-area" });
  const limit = svg("line", { class: "gl-strip-limit" });
  const ticks = svg("g");
  const view = svg("rect", { class: "gl-strip-view", y: 0.5, height: ALL - 1 });
  const picture = svg("svg", { class: "gl-strip-picture", preserveAspectRatio: "none", "aria-hidden": "true" }, area, limit, ticks, view);
  const element = h("div", { class: "gl-strip", title: "registers needed at every step; below, spills ▼ and reloads ▲" }, picture);
  let steps = 0;
  let scale = 1;

  /** @param {PointerEvent} event */
  const point = (event) => {
    const box = picture.getBoundingClientRect();
    go(((event.clientX - box.left) / box.width) * steps);
  };
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    point(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  });

  return {
    element,
    /** @param {Grid} grid */
    show(grid) {
      const { pressure, mark } = grid.steps;
      const places = strip(pressure, PLACES);
      const most = Math.max(grid.registers.general, ...places, 1);
      const y = (/** @type {number} */ needed) => 2 + (HIGH - 2) * (1 - needed / most);
      steps = pressure.length;
      scale = places.length / Math.max(1, steps);
      set(picture, "viewBox", `0 0 ${Math.max(1, places.length)} ${ALL}`);
      const path = places.map((needed, i) => `V${y(needed).toFixed(1)}H${i + 1}`).join("");
      set(area, "d", places.length > 0 ? `M0 ${HIGH}${path}V${HIGH}Z` : "");
      for (const [name, at] of Object.entries({ x1: 0, x2: places.length, y1: y(grid.registers.general), y2: y(grid.registers.general) })) set(limit, name, at);
      /** @type {Set<string>} ticks that fall into one place are one */
      const taken = new Set();
      mark.forEach((kind, step) => {
        if (kind === "spill" || kind === "reload") taken.add(`${kind} ${Math.floor(step * scale)}`);
      });
      ticks.replaceChildren(
        ...[...taken].map((tick) => {
          const [kind, place] = tick.split(" ");
          return svg("rect", { x: place, width: 1, y: ROWS[/** @type {"spill"} */ (kind)], height: 4, "data-mark": kind });
        }),
      );
    },
    /** @param {number} first @param {number} end the steps that are in view, in parts of a step */
    look(first, end) {
      set(view, "x", Math.max(0, first * scale));
      set(view, "width", Math.max(0.5, (end - Math.max(0, first)) * scale));
    },
  };
}
