/**
 * What is on the two stacks at one moment: the frames, the newest lowest, as the stacks grow down.
 */

import { h, set } from "../page/dom.js";
import { grouped, hex, short, stacks, stackWords, used } from "./model.js";

/** @typedef {import("./model.js").Boot} Boot */

export function createFrames() {
  const sides = { system: side("system stack"), goroutine: side("goroutine stack") };
  const element = h("div", { class: "gl-boot-frames" }, sides.system.element, sides.goroutine.element);
  return {
    element,
    /** @param {Boot} boot @param {number} event */
    at(boot, event) {
      const { now, ...both } = stacks(boot, event);
      for (const name of /** @type {const} */ (["system", "goroutine"])) sides[name].show(boot, both[name], now === name);
    },
  };
}

/** @param {string} title */
function side(title) {
  const state = h("span", { class: "gl-boot-state" });
  const facts = h("div", { class: "gl-note gl-boot-facts" });
  const list = h("ol", { class: "gl-boot-stack" });
  const element = h("section", { class: "gl-boot-side", "aria-label": title }, h("h4", {}, title, " ", state), facts, list);
  return {
    element,
    /** @param {Boot} boot @param {import("./model.js").Frames | null} frames @param {boolean} now */
    show(boot, frames, now) {
      set(element, "data-now", now);
      state.replaceChildren(now ? "● runs" : frames ? "○ waits" : "not there yet");
      if (!frames) {
        facts.replaceChildren("no goroutine has run");
        list.replaceChildren();
        return;
      }
      const { stop, names } = frames;
      const size = boot.stops.hi[stop] - boot.stops.lo[stop];
      const bounds = size > 0 ? ` of ${grouped(size)}` : "";
      facts.replaceChildren(`${stackWords(boot, stop)}: ${grouped(used(boot, stop))}${bounds} bytes in use, sp `, h("code", {}, hex(boot.stops.sp[stop])));
      list.replaceChildren(...names.map((name, index) => h("li", { "data-newest": index === names.length - 1 }, h("code", {}, short(name)))));
    },
  };
}
