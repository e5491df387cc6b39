/**
 * The passes as bars: how much each changed, which is shown, and a way to every other by pointer and key.
 */

import { h, set, svg } from "../page/dom.js";
import { nextChange } from "./passes.js";

/** The height of the bars in the picture's own units, and that of a tick above them. */
const BAR = 24;
const TICK = 3;

/**
 * @param {HTMLElement} parent
 * @param {(pass: number) => void} go called with the pass that is wanted, which may lie outside
 */
export function createScrubber(parent, go) {
  let at = 0;
  /** @type {number[]} */
  let impact = [];

  const bars = svg("g");
  const ticks = svg("g", { class: "gl-ticks" });
  const spark = svg("svg", { class: "gl-spark", "aria-hidden": "true", preserveAspectRatio: "none" }, bars, ticks);
  const slider = h(
    "div",
    { class: "gl-slider", role: "slider", tabindex: "0", "aria-label": "compiler pass", "aria-valuemin": 0 },
    spark,
  );
  const button = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {1 | -1} */ direction) =>
    h(
      "button",
      { type: "button", class: "gl-step", "aria-label": label, title: label, onclick: () => go(nextChange(impact, at, direction)) },
      sign,
    );
  const back = button("previous pass that changed something", "◀", -1);
  const ahead = button("next pass that changed something", "▶", 1);
  const element = h("div", { class: "gl-scrub" }, back, slider, ahead);
  parent.append(element);

  slider.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    /** @type {Record<string, () => number>} */
    const moves = {
      ArrowLeft: () => at - 1,
      ArrowDown: () => at - 1,
      ArrowRight: () => at + 1,
      ArrowUp: () => at + 1,
      "[": () => at - 1,
      "]": () => at + 1,
      PageUp: () => nextChange(impact, at, 1),
      PageDown: () => nextChange(impact, at, -1),
      Home: () => 0,
      End: () => impact.length - 1,
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
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

  return {
    element,
    slider,
    /** @param {1 | -1} direction @returns {number} the next pass that changed something, from the one shown */
    next: (direction) => nextChange(impact, at, direction),

    /** @param {number[]} next what every pass changed @param {string[]} names of the passes, and what they are for */
    show(next, names) {
      impact = next;
      const most = Math.max(...impact, 1);
      spark.setAttribute("viewBox", `0 0 ${Math.max(impact.length, 1)} ${BAR}`);
      bars.replaceChildren(
        ...impact.map((changed, i) => {
          // A square root lets the small passes be seen beside the big ones.
          const height = changed === 0 ? 1.5 : 4 + (BAR - 4 - TICK) * Math.sqrt(changed / most);
          const bar = svg("rect", { x: i + 0.12, y: BAR - height, width: 0.76, height, "data-quiet": changed === 0 });
          bar.append(svg("title", {}, names[i]));
          return bar;
        }),
      );
      ticks.replaceChildren();
    },

    /** @param {number} pass @param {string} words what is said of it */
    go(pass, words) {
      at = pass;
      set(slider, "aria-valuemax", impact.length - 1);
      set(slider, "aria-valuenow", at);
      set(slider, "aria-valuetext", words);
      [...bars.children].forEach((bar, i) => set(bar, "data-now", i === at));
      set(back, "disabled", at === 0);
      set(ahead, "disabled", at >= impact.length - 1);
    },

    /** @param {number[]} passes those to point out: a mark stands above each */
    tick(passes) {
      ticks.replaceChildren(...passes.map((pass) => svg("rect", { x: pass + 0.12, y: 0, width: 0.76, height: TICK })));
    },
  };
}
