/**
 * The lives of a number over the passes: a bar while a value is there, a mark for what each pass did to it.
 */

import { h, set } from "../page/dom.js";

/** @typedef {import("./lives.js").Kind} Kind */
/** @typedef {import("./lives.js").Life} Life */

/** A sign of its own for all that can happen: no colour is needed. @type {Record<Kind, [string, string]>} */
export const MARKS = {
  built: ["●", "built"],
  changed: ["◆", "changed"],
  moved: ["▲", "moved to another block"],
  placed: ["■", "got a register or slot"],
  gone: ["✕", "gone"],
  needed: ["◉", "needed again"],
};

/**
 * @param {HTMLElement} parent
 * @param {{go: (pass: number) => void, choose: (life: Life) => void}} context
 */
export function createTimeline(parent, { go, choose }) {
  const lives = h("div", { class: "gl-time-lives" });
  const now = h("div", { class: "gl-time-now" });
  // Everything in it can be done in the list of events below: it needs no words of its own.
  const element = h("div", { class: "gl-time", "aria-hidden": "true" }, now, lives);
  parent.append(element);
  let count = 1;

  /** @param {number} pass @returns {string} the middle of a pass, in parts of the width */
  const middle = (pass) => `${((pass + 0.5) / count) * 100}%`;

  /** @param {Life} life @param {boolean} told @param {{name: string}[]} passes */
  function barsOf(life, told, passes) {
    const end = count - 1;
    const needed = life.gone < 0 ? end : life.gone;
    const stands = life.swept < 0 ? (life.gone < 0 ? end : needed) : life.swept;
    /** @param {number} from @param {number} to @param {string} state */
    const bar = (from, to, state) => {
      const made = h("div", { class: "gl-time-bar", "data-state": state, "data-told": told });
      made.style.left = middle(from);
      made.style.width = `${((to - from + (to === end && life.gone < 0 ? 0.5 : 0)) / count) * 100}%`;
      if (!told) {
        set(made, "title", `${life.name}, value ${life.nth} of this number`);
        made.addEventListener("click", (event) => {
          event.stopPropagation();
          choose(life);
        });
      }
      return made;
    };
    const bars = [bar(life.born, needed, "needed")];
    if (stands > needed) bars.push(bar(needed, stands, "unneeded"));
    if (!told) return bars;
    const signs = life.events.map((event) => {
      const sign = h("span", { class: "gl-time-sign", "data-kind": event.kind, title: `${passes[event.pass]?.name}: ${event.note}` }, MARKS[event.kind][0]);
      sign.style.left = middle(event.pass);
      return sign;
    });
    return [...bars, ...signs];
  }

  /** @param {PointerEvent} event */
  function point(event) {
    const box = element.getBoundingClientRect();
    go(Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - box.left) / box.width) * count))));
  }
  element.addEventListener("pointerdown", (event) => {
    if (/** @type {Element} */ (event.target).closest('.gl-time-bar:not([data-told])')) return;
    element.setPointerCapture(event.pointerId);
    point(event);
  });
  element.addEventListener("pointermove", (event) => {
    if (element.hasPointerCapture(event.pointerId)) point(event);
  });

  return {
    /**
     * @param {Life[]} all the lives of a number
     * @param {Life | null} told the one that is told of
     * @param {{name: string}[]} passes
     * @param {number} at the pass that is shown
     */
    show(all, told, passes, at) {
      count = Math.max(1, passes.length);
      now.style.left = `${(at / count) * 100}%`;
      now.style.width = `${100 / count}%`;
      set(now, "title", passes[at]?.name);
      lives.replaceChildren(...all.flatMap((life) => barsOf(life, life === told, passes)));
    },
    destroy: () => element.remove(),
  };
}
