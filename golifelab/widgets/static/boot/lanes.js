/**
 * The two stacks over the whole start: each arrival hangs from its stack's beginning as far down as the stack
 * reaches then; below them a mark for each system call and each init.
 */

import { h, set, svg } from "../page/dom.js";
import { drawnAlong } from "../page/track.js";
import { CALL, deepest, grouped, held, INIT, ofStory, STOP, used } from "./model.js";

/** @typedef {import("./model.js").Boot} Boot */

const LANE = 92;
const TOP = 4;
const GAP = 20;
const ROW = 14;

/** @param {(event: number) => void} go @param {(event: KeyboardEvent) => void} keys */
export function createLanes(go, keys) {
  const drawn = svg("g");
  const cursor = svg("rect", { class: "gl-boot-cursor", y: 0, width: 1 });
  const picture = svg("svg", { class: "gl-boot-picture", preserveAspectRatio: "none", "aria-hidden": "true" }, drawn, cursor);
  const names = h("div", { class: "gl-boot-names", "aria-hidden": "true" });
  const track = h("div", { class: "gl-boot-track", role: "slider", tabindex: "0", "aria-label": "event of the start", "aria-valuemin": "1" }, picture);
  const element = h("div", { class: "gl-boot-lanes" }, names, track);
  let events = 1;

  drawnAlong(track, () => events, go);
  track.addEventListener("keydown", keys);

  return {
    element,
    track,
    /** @param {Boot} boot */
    show(boot) {
      events = Math.max(1, boot.events.length);
      const tops = { system: TOP, goroutine: TOP + LANE + GAP };
      const calls = tops.goroutine + LANE + GAP;
      const inits = calls + ROW + 6;
      const high = inits + ROW + 2;
      const most = { system: deepest(boot, "system"), goroutine: deepest(boot, "goroutine") };
      set(picture, "viewBox", `0 0 ${events} ${high}`);
      picture.style.height = `${high}px`;
      set(cursor, "height", high);
      set(track, "aria-valuemax", events);
      /** @type {Record<string, string>} */
      const paths = { "system held": "", "goroutine held": "", "system first": "", "system again": "", "goroutine first": "", "goroutine again": "", other: "", call: "", runs: "", failed: "", own: "", init: "" };
      held(boot).forEach(({ lane, from, to, stop }) => {
        paths[`${lane} held`] += `M${from} ${tops[lane]}H${to}v${Math.max(2, (used(boot, stop) / most[lane]) * LANE)}H${from}Z`;
      });
      boot.events.forEach(([kind, index], x) => {
        if (kind === CALL) {
          const which = boot.calls.error[index] ? "failed" : boot.calls.count[index] > 1 ? "runs" : "call";
          paths[which] += `M${x + 0.2} ${calls}h0.6v${ROW}h-0.6Z`;
        } else if (kind === INIT) paths[boot.inits.runtime[index] ? "own" : "init"] += `M${x + 0.1} ${inits}h0.8v${ROW}h-0.8Z`;
        else if (kind === STOP) {
          const lane = boot.stops.stack[index] === "goroutine" ? "goroutine" : "system";
          // What stands at the very beginning of its stack is seen as well.
          const deep = Math.max(2, (used(boot, index) / most[lane]) * LANE);
          const away = !ofStory(boot, index);
          const which = away ? "other" : `${lane} ${boot.stops.first[index] ? "first" : "again"}`;
          paths[which] += away ? `M${x + 0.1} ${tops[lane]}h0.8v4h-0.8Z` : `M${x} ${tops[lane]}h1v${deep}h-1Z`;
        }
      });
      drawn.replaceChildren(
        ...Object.values(tops).map((y) => svg("rect", { class: "gl-boot-ground", x: 0, y, width: events, height: LANE })),
        ...[calls, inits].map((y) => svg("rect", { class: "gl-boot-ground", x: 0, y, width: events, height: ROW })),
        ...Object.entries(paths).map(([name, d]) => svg("path", { class: "gl-boot-mark", "data-mark": name, d })),
      );
      const lane = (/** @type {string} */ name, /** @type {string} */ words, /** @type {number} */ height, /** @type {number} */ after) => {
        const one = h("div", { class: "gl-boot-lane" }, h("b", {}, name), h("span", { class: "gl-note" }, words));
        one.style.height = `${height}px`;
        one.style.marginBottom = `${after}px`;
        return one;
      };
      names.replaceChildren(
        lane("system stack", `grows down; up to ${grouped(most.system)} bytes in use`, LANE, GAP),
        lane("goroutine stacks", `up to ${grouped(most.goroutine)} bytes in use`, LANE, GAP),
        lane("system calls", "", ROW, 6),
        lane("inits", "", ROW, 0),
      );
    },
    /** @param {number} event @param {string} words */
    at(event, words) {
      set(cursor, "x", event);
      set(track, "aria-valuenow", event + 1);
      set(track, "aria-valuetext", words);
    },
  };
}
