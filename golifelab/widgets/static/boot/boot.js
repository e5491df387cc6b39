/**
 * The start of a program: its milestones in a list, two stacks over time with system calls and inits below them,
 * and what is on the stacks at the moment that is shown. It plays.
 */

import { createFrames } from "./frames.js";
import { createLanes } from "./lanes.js";
import { CALL, count, eventOf, grouped, hex, label, nameOf, sentence, short, stepsOf, STOP, stopAt, used, when } from "./model.js";
import { createPuzzle } from "./puzzle.js";
import { h, say, set } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { watch } from "../page/host.js";
import { player } from "../page/player.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Boot} Boot */
/** @typedef {Partial<Boot> & {seq?: number, file?: string, failed?: string}} Payload */

/** @type {Record<string, string>} */
const SAID = {
  loop: "watched without ptrace",
  overlay: "told by a changed copy of its runtime, which knows no system calls; its clock begins at schedinit",
};

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createBoot(parent, select, model) {
  const life = new AbortController();
  const live = model.get("step") !== undefined;
  /** @type {Boot | null} */
  let boot = null;
  /** @type {number[]} */
  let steps = [];
  let event = 0;
  let all = false;
  /** What was selected from here leads nowhere. */
  let own = "";

  const figures = h("span", { class: "gl-boot-figures" });
  const status = h("span", { class: "gl-status", role: "status" }, "building and running …");
  const every = h("input", {
    type: "checkbox",
    onchange: () => {
      all = every.checked;
      restep();
    },
  });
  const list = h("div", { class: "gl-boot-list", role: "listbox", "aria-label": "milestones" });
  const lanes = createLanes((to) => go(to), keys);
  const title = h("b", { class: "gl-boot-title" });
  const words = h("p", { class: "gl-boot-words" });
  const facts = h("p", { class: "gl-note gl-boot-told-by" });
  const frames = createFrames();
  const counts = h("table", { class: "gl-boot-counts" });
  const puzzle = createPuzzle();
  const controls = h("div", { class: "gl-boot-controls" });
  const play = player(controls, {
    count: 0,
    name: "the start",
    label: (step) => (boot ? label(boot, steps[step] ?? 0) : ""),
    stays: () => (all ? 250 : 1100),
    onStep: (step) => go(steps[step] ?? 0, true, false),
  });
  controls.append(h("label", { class: "gl-boot-every" }, every, " every event"));
  const body = h(
    "div",
    { class: "gl-boot-body", hidden: true },
    controls,
    h("div", { class: "gl-boot-main" }, list, h("div", { class: "gl-boot-right" }, lanes.element, h("div", { class: "gl-boot-now", role: "status" }, title, words, facts), frames.element)),
    h("div", { class: "gl-boot-legend gl-note" }, ...legend()),
    h("details", {}, h("summary", {}, "How often each was come to"), counts),
    h("details", { class: "gl-boot-exercise" }, h("summary", {}, "Exercise: repair the order"), puzzle.element),
  );
  const element = h("section", { class: "gl-pane gl-boot", "aria-label": "the start of the program", "data-part": "process" }, h("header", { class: "gl-boot-top" }, figures, status), body);
  parent.append(element);
  list.addEventListener("keydown", keys);

  /** @param {KeyboardEvent} pressed */
  function keys(pressed) {
    if (!boot || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
    const here = nearest(event);
    const last = steps.length - 1;
    /** @type {Record<string, number>} */
    const moves = { ArrowLeft: here - 1, ArrowUp: here - 1, ArrowRight: here + 1, ArrowDown: here + 1, PageUp: here - 5, PageDown: here + 5, Home: 0, End: last };
    const to = moves[pressed.key];
    if (pressed.key === " ") {
      if (play.playing()) play.pause();
      else play.play();
    } else if (to === undefined) return;
    else go(steps[Math.min(Math.max(to, 0), last)], true, true, pressed.currentTarget === list);
    pressed.preventDefault();
  }

  /** @param {number} wanted @returns {number} the step at an event, or the last one before it */
  function nearest(wanted) {
    const found = steps.findLastIndex((one) => one <= wanted);
    return found < 0 ? 0 : found;
  }

  /** @param {number} to @param {boolean} [tell] @param {boolean} [byHand] @param {boolean} [focus] */
  function go(to, tell = true, byHand = true, focus = false) {
    if (!boot || boot.events.length === 0) return;
    event = Math.min(Math.max(to, 0), boot.events.length - 1);
    if (byHand) play.go(nearest(event), true);
    const name = label(boot, event);
    lanes.at(event, `${grouped(when(boot, event))} µs: ${name}`);
    const [kind, index] = boot.events[event];
    say(title, kind === STOP ? nameOf(boot, index) : name);
    say(words, sentence(boot, event));
    facts.replaceChildren(...told(boot, event));
    frames.at(boot, event);
    mark(focus);
    if (live && model.get("step") !== event) {
      model.set("step", event);
      model.save_changes();
    }
    if (!tell) return;
    const stop = stopAt(boot, event);
    if (stop >= 0 && nameOf(boot, stop) === "main.main" && boot.main) {
      const chosen = { file: boot.main.file, line: boot.main.line, column: 1 };
      own = JSON.stringify(chosen);
      select(chosen);
    }
  }

  /** Which milestone of the list is shown, or was the last. @param {boolean} focus */
  function mark(focus) {
    let at = 0;
    const rows = /** @type {HTMLElement[]} */ ([...list.children]);
    rows.forEach((row, index) => {
      if (Number(row.dataset.event) <= event) at = index;
    });
    rows.forEach((row, index) => {
      set(row, "aria-selected", String(index === at));
      set(row, "tabindex", index === at ? "0" : "-1");
      set(row, "data-past", index < at);
    });
    const row = rows[at];
    if (!row) return;
    if (focus) row.focus({ preventScroll: true });
    if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop;
    else if (row.offsetTop + row.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = row.offsetTop + row.offsetHeight - list.clientHeight;
  }

  function restep() {
    if (!boot) return;
    steps = stepsOf(boot, all);
    play.set({ count: steps.length });
    play.go(nearest(event), true);
  }

  if (live) {
    watch(
      model,
      "step",
      () => {
        if (model.get("step") !== event) go(model.get("step"), false);
      },
      life.signal,
    );
  }

  return {
    destroy() {
      life.abort();
      play.destroy();
    },
    /** @param {Payload} next */
    show(next) {
      set(element, "data-stale", Boolean(next.failed));
      if (!next.stops) {
        say(status, boot && next.failed ? instead(next.failed, "ran") : (next.failed ?? ""));
        return;
      }
      const before = boot ? label(boot, event) : "";
      boot = /** @type {Boot} */ (next);
      const shown = boot;
      say(status, shown.cut || (shown.limited ? "it came to more places than are looked at: the counts are too low" : ""));
      const calls = shown.calls.count.reduce((sum, one) => sum + one, 0);
      const first = stepsOf(shown, false);
      figures.replaceChildren(
        h("b", {}, count(first.length, "milestone")),
        `${calls ? ` · ${count(calls, "system call")}` : ""} · ${count(shown.inits.package.length, "package")} with inits · Go ${shown.release}, ${shown.recorded || SAID[shown.how] || `watched by ${shown.how}`}${shown.exit_code === null ? "" : `, exit status ${shown.exit_code}`}`,
      );
      set(body, "hidden", false);
      lanes.show(shown);
      list.replaceChildren(...first.map((at) => row(shown, at, () => go(at, true, true, true))));
      counts.replaceChildren(h("tbody", {}, ...Object.entries(shown.counts).map(([name, times]) => h("tr", { "data-never": times === 0 }, h("th", { scope: "row" }, h("code", {}, name)), h("td", {}, times === 0 ? "never" : String(times))))));
      puzzle.show(shown);
      // The same event, where it is still there.
      const wanted = shown.events.findIndex((_, index) => label(shown, index) === before);
      event = wanted >= 0 ? wanted : (model.get("step") ?? 0);
      restep();
      go(event, false);
    },
    /** @param {Selection} next */
    select(next) {
      if (!boot || !boot.main || JSON.stringify(next) === own) return;
      if (next.file === boot.main.file && next.line === boot.main.line) go(eventOf(boot, "main.main"), false);
    },
  };
}

/** @param {Boot} boot @param {number} event @returns {(Node | string)[]} figures of an arrival */
function told(boot, event) {
  const [kind, stop] = boot.events[event];
  const at = `${grouped(when(boot, event))} µs after exec`;
  if (kind === CALL) return [`${at}, thread ${boot.calls.thread[stop]}`];
  if (kind !== STOP) return [`${at}, goroutine ${boot.inits.goid[stop]}`];
  const { g, goid, m, register, thread } = boot.stops;
  const caller = boot.stops.chain[stop][0];
  const code = (/** @type {string} */ text) => h("code", {}, text);
  return [
    at,
    `, thread ${thread[stop]}, called by `,
    caller === undefined ? "nobody" : code(short(boot.names[caller])),
    " · g ",
    g[stop] ? code(hex(g[stop])) : "none",
    g[stop] ? (goid[stop] ? `, goroutine ${goid[stop]}` : ", a g0") : "",
    " · m ",
    m[stop] ? code(hex(m[stop])) : "none",
    " · in the register for g ",
    code(hex(register[stop])),
  ];
}

/** @param {Boot} boot @param {number} event @param {() => void} act */
function row(boot, event, act) {
  const stop = boot.events[event][1];
  const system = boot.stops.stack[stop] !== "goroutine";
  return h(
    "div",
    { role: "option", class: "gl-boot-row", "data-event": event, "data-stack": system ? "system" : "goroutine", tabindex: "-1", onclick: act, title: `${grouped(used(boot, stop))} bytes of its stack in use` },
    h("span", { class: "gl-boot-sign", "aria-label": system ? "system stack" : "goroutine stack" }, system ? "▪" : "●"),
    h("code", {}, short(nameOf(boot, stop))),
    h("span", { class: "gl-boot-at" }, grouped(when(boot, event))),
  );
}

/** @returns {(Node | string)[]} */
function legend() {
  const key = (/** @type {string} */ mark, /** @type {string} */ text) => h("span", { class: "gl-boot-key" }, h("i", { "data-mark": mark }), text);
  return [
    h("span", {}, "▪ on the system stack, ● on a goroutine’s; the figure is µs after exec, most of it the watching; from left to right, one event after the other"),
    key("system first", "first arrival"),
    key("system again", "a later one"),
    key("other", "another thread or goroutine"),
    key("runs", "the same call several times"),
    key("failed", "a call that failed"),
    key("own", "init the runtime needs"),
    key("init", "init of the program"),
  ];
}
