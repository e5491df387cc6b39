/**
 * The life of the goroutine that is followed: how long it was in which state, and every turn it took.
 */

import { h, say, set } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { place, STATES, time, why } from "./model.js";

/** @typedef {import("./model.js").Run} Run */

/**
 * @param {(span: number) => void} go
 * @param {() => void} leave
 */
export function createLifeOf(go, leave) {
  const head = h("p", { class: "gl-sched-who" });
  const list = h("div", { class: "gl-sched-turns", role: "listbox", tabindex: "0", "aria-label": "its turns" });
  const away = h("button", { type: "button", onclick: leave }, "follow nobody");
  const element = h("section", { class: "gl-sched-life", "aria-label": "the goroutine that is followed", hidden: true }, h("div", { class: "gl-sched-life-top" }, head, away), list);
  /** @type {Run | null} */
  let run = null;
  /** @type {number[]} */
  let mine = [];
  let at = -1;
  const lines = virtualList(list, (index) => {
    const span = mine[index];
    if (!run) return h("div");
    const { spans } = run.payload;
    const state = STATES.find(([one]) => one === spans.state[span])?.[1] ?? "";
    const where = place(run, span);
    return h(
      "div",
      { class: "gl-sched-turn", role: "option", "aria-selected": String(index === at), "data-state": state, onclick: () => go(span) },
      h("span", { class: "gl-sched-number" }, time(run.start[span])),
      h("b", {}, state),
      h("span", { class: "gl-sched-number" }, time(run.end[span] - run.start[span])),
      h("span", {}, spans.processor[span] >= 0 ? `P${spans.processor[span]} M${spans.thread[span]}` : ""),
      h("span", { class: "gl-sched-why" }, [why(run, span), where ? `${where.function} ${where.file}:${where.line}` : ""].filter(Boolean).join(" · ")),
    );
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || mine.length === 0) return;
    event.preventDefault();
    go(mine[Math.max(0, Math.min(mine.length - 1, at + step))]);
  });

  return {
    element,
    /** @param {Run} next @param {number} follow @param {number | null} span */
    show(next, follow, span) {
      run = next;
      const found = next.payload.goroutines.findIndex((one) => one.id === follow);
      set(element, "hidden", found < 0);
      if (found < 0) return;
      const one = next.payload.goroutines[found];
      mine = next.of[found];
      const spent = STATES.flatMap(([state, name]) => {
        const took = one.spent[next.payload.states[state]] ?? 0;
        return took > 0 ? [`${name} ${time(took)}`] : [];
      });
      const born = one.created === null ? "was there before" : `made by G${one.creator} at ${time(one.created)}`;
      const gone = one.ended === null ? "alive at the end" : `ended at ${time(one.ended)}`;
      say(head, `G${one.id} ${one.name}: ${born}, ${gone}; ${spent.join(", ")}${one.preempted ? `; preempted ${one.preempted} times` : ""}.`);
      at = span === null ? -1 : mine.indexOf(span);
      lines.show(mine.length);
    },
    /** @param {number} span */
    at(span) {
      at = mine.indexOf(span);
      if (element.hidden) return;
      lines.show(mine.length);
      if (at >= 0) lines.reveal(at);
    },
  };
}
