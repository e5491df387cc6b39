/**
 * How many addresses are reserved, and how many may be used, after each call: two staircases on a scale of powers of two.
 */

import { bytes, height, path, stairs, stepAt } from "./model.js";
import { h, say, set, svg } from "../page/dom.js";

/** @typedef {import("./model.js").Trace} Trace */

const WIDTH = 640;
const TALL = 84;
const MARKS = [2 ** 12, 2 ** 16, 2 ** 20, 2 ** 24, 2 ** 28, 2 ** 32];

/**
 * @param {HTMLElement} parent
 * @param {(call: number) => void} chosen hears of the call that is clicked at
 */
export function createSpace(parent, chosen) {
  /** @type {Trace | null} */
  let trace = null;
  const picture = svg("svg", { class: "gl-space-picture", viewBox: `0 0 ${WIDTH} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const scale = h("div", { class: "gl-space-scale", "aria-hidden": "true" });
  const words = h("p", { class: "gl-space-words", "aria-live": "polite" });
  const element = h(
    "div",
    { class: "gl-space", role: "group", "aria-label": "addresses reserved and committed" },
    h("div", { class: "gl-space-plot" }, picture, scale),
    words,
    h("p", { class: "gl-space-legend" }, h("span", { class: "gl-space-key", "data-line": "reserved" }), "reserved: nobody may touch it ", h("span", { class: "gl-space-key", "data-line": "committed" }), "committed: it may be used · from left to right the calls, one by one · each line of the scale is 16 times the one below"),
  );
  parent.append(element);
  picture.addEventListener("click", (event) => {
    if (!trace) return;
    const { left, width } = picture.getBoundingClientRect();
    chosen(Math.round(((event.clientX - left) / width) * (trace.calls.length - 1)));
  });
  const marker = svg("line", { class: "gl-space-marker", y1: 0, y2: TALL });

  return {
    element,
    /** @param {Trace} next */
    show(next) {
      trace = next;
      const most = Math.max(...trace.steps.map((step) => Math.max(step[4], step[5])), 2 ** 13);
      const committed = stairs(trace, 5, WIDTH, TALL);
      const levels = MARKS.filter((mark) => mark <= most).map((mark) => ({ mark, y: TALL - height(mark, most) * TALL }));
      picture.replaceChildren(
        ...levels.map(({ y }) => svg("line", { class: "gl-space-rule", x1: 0, x2: WIDTH, y1: y, y2: y })),
        svg("path", { class: "gl-space-area", d: `${path(committed)}L${WIDTH} ${TALL}Z` }),
        svg("path", { class: "gl-space-line", d: path(committed) }),
        svg("path", { class: "gl-space-line", "data-line": "reserved", d: path(stairs(trace, 4, WIDTH, TALL)) }),
        marker,
      );
      scale.replaceChildren(...levels.map(({ mark, y }) => h("span", { style: `top: ${((y / TALL) * 100).toFixed(1)}%` }, bytes(mark))));
      this.go(0);
    },
    /** @param {number} call the one that is over */
    go(call) {
      if (!trace) return;
      const x = (call / Math.max(1, trace.calls.length - 1)) * WIDTH;
      set(marker, "x1", x);
      set(marker, "x2", x);
      const step = stepAt(trace, call);
      const now = step ? `${bytes(step[4])} reserved, ${bytes(step[5])} committed` : "nothing is reserved yet: what execve mapped is not counted";
      const did = step && step[0] === call ? `This call: ${step[1]} ${bytes(step[3])} at ${step[2]}. ` : "";
      say(words, `${did}After call ${call}: ${now}.`);
    },
  };
}
