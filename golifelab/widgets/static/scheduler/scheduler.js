/**
 * What goroutines, Ps and threads did when the program ran: lanes over one time axis that zoom, pan and play, and a
 * goroutine that is followed through all of them.
 */

import { h, say, set } from "../page/dom.js";
import { instead } from "../page/failure.js";
import { watch } from "../page/host.js";
import { player } from "../page/player.js";
import { createLanes, NAMES, ROW, swatch, TOP } from "./lanes.js";
import { createLifeOf } from "./life.js";
import { figures, fit, lanes as lanesOf, MODES, place, prepare, report, sentence, spanAt, STATES, steps as stepsOf, trouble, zoom } from "./model.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Run} Run */
/** @typedef {import("./model.js").Mode} Mode */

const KEYS = "arrow keys: along the lane and from lane to lane; + and −: zoom; Shift with an arrow: pan; 0: all of it; Enter: follow the goroutine; Space: play";

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 * @param {import("../page/host.js").Model} model
 */
export function createScheduler(parent, select, model) {
  const end = new AbortController();
  const live = model.get("processors") !== undefined;
  /** @type {Run | null} */
  let run = null;
  /** @type {import("./model.js").Lane[]} */
  let lanes = [];
  /** @type {Mode} */
  let mode = live ? model.get("lanes") : "goroutines";
  let follow = live ? Number(model.get("follow")) : 0;
  let all = false;
  let view = { from: 0, to: 1 };
  let lane = 0;
  /** @type {number | null} */
  let span = null;
  /** @type {number[]} */
  let steps = [];
  let drawn = 0;

  const draw = createLanes();
  const shown = h("span", { class: "gl-sched-figures" });
  const status = h("span", { class: "gl-status", role: "status" }, "compiling and running …");
  const note = h("p", { class: "gl-sched-trouble gl-note", hidden: true });
  const words = h("p", { class: "gl-sched-sentence", role: "status" });
  const said = h("p", { class: "gl-sched-report gl-note", hidden: true });
  const modes = MODES.map(([value, text]) => h("button", { type: "button", role: "radio", "data-mode": value, onclick: () => choose(value) }, text));
  const group = h("div", { class: "gl-sched-modes", role: "radiogroup", "aria-label": "lanes" }, ...modes);
  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = (MODES.findIndex(([value]) => value === mode) + step + MODES.length) % MODES.length;
    choose(MODES[at][0]);
    modes[at].focus();
  });
  const system = h("input", { type: "checkbox", onchange: () => relane(() => (all = system.checked)) });
  const processors = h("select", { onchange: () => ask("processors", Number(processors.value)) }, ...[0, 1, 2, 3, 4, 8].map((n) => h("option", { value: n }, n ? String(n) : "all")));
  const signals = h("input", { type: "checkbox", onchange: () => ask("async_preemption", signals.checked) });
  const anew = h("button", { type: "button", onclick: () => ask("again", Number(model.get("again")) + 1) }, "run again");
  // A page without a kernel can't run anything.
  const settings = live && model.send ? [h("label", {}, "GOMAXPROCS ", processors), h("label", { title: "without it: GODEBUG=asyncpreemptoff=1" }, signals, " preempt by signal"), anew] : [];
  const legend = h(
    "p",
    { class: "gl-sched-legend gl-note" },
    ...STATES.map(([state, , text]) => h("span", {}, swatch(state, draw.hatch, draw.dots), ` ${text}`)),
    h("span", {}, h("b", { class: "gl-sched-sign" }, "▼"), " preempted by SIGURG"),
    h("span", {}, h("b", { class: "gl-sched-sign" }, "▽"), " by a stack check"),
    h("span", {}, h("i", { class: "gl-sched-stop" }), " the world is stopped"),
    h("span", {}, h("i", { class: "gl-sched-mark" }), " the collector marks (GC)"),
  );
  const scroller = h("div", { class: "gl-sched-scroll", tabindex: "0", role: "application", "aria-roledescription": "time lanes", "aria-label": "lanes", title: KEYS }, draw.element);
  const body = h("div", { class: "gl-sched-body", hidden: true }, legend, scroller, words, said);
  const play = player(body, {
    count: 0,
    label: (i) => (run && steps[i] !== undefined ? sentence(run, steps[i]) : ""),
    onStep: (i) => go(steps[i], { tell: true, playing: true }),
    interval: 500,
    name: "the run",
  });
  const life = createLifeOf((chosen) => go(chosen, { tell: true }), () => setFollow(0));
  body.append(life.element);
  const element = h(
    "section",
    { class: "gl-pane gl-sched", "aria-label": "scheduler", "data-part": "process" },
    h("header", { class: "gl-sched-top" }, group, ...settings, h("label", {}, system, " the runtime’s own"), shown, status),
    note,
    body,
  );
  parent.append(element);

  /** @param {string} trait @param {unknown} value */
  function ask(trait, value) {
    say(status, "running …");
    model.set(trait, value);
    model.save_changes();
  }

  function paint() {
    drawn = 0;
    if (!run) return;
    if (!scroller.clientWidth) {
      // Nothing is laid out now. Observed anew, it is told as soon as there is something, whatever was told before.
      sized.disconnect();
      sized.observe(scroller);
      return;
    }
    const width = Math.max(scroller.clientWidth, NAMES + 120);
    draw.show(run, lanes, { view, width, top: scroller.scrollTop, height: scroller.clientHeight || 300, follow, chosen: lane, span, at: span === null ? null : run.start[span], mode });
    set(scroller, "data-from", Math.round(view.from));
    set(scroller, "data-to", Math.round(view.to));
  }
  const later = () => {
    drawn ||= requestAnimationFrame(paint);
  };
  scroller.addEventListener("scroll", later, { passive: true });
  const sized = new ResizeObserver(later);
  sized.observe(scroller);

  /** @param {() => void} change what makes the lanes other ones */
  function relane(change) {
    change();
    if (!run) return;
    lanes = lanesOf(run, mode, all || run.payload.goroutines.some((one) => one.system && one.id === follow));
    lane = Math.max(0, span === null ? Math.min(lane, lanes.length - 1) : laneOf(span));
    steps = stepsOf(run, follow, all);
    play.set({ count: steps.length });
    const step = span === null ? -1 : steps.indexOf(span);
    if (step >= 0 && step !== play.index()) play.go(step, true);
    for (const [i, [value]] of MODES.entries()) {
      set(modes[i], "aria-checked", String(value === mode));
      set(modes[i], "tabindex", value === mode ? "0" : "-1");
    }
    life.show(run, follow, span);
    set(element, "data-mode", mode);
    set(element, "data-follow", follow || null);
    later();
  }

  /** @param {number} chosen */
  function laneOf(chosen) {
    if (!run) return -1;
    const { spans, goroutines } = run.payload;
    const key = mode === "goroutines" ? goroutines[spans.goroutine[chosen]].id : (mode === "processors" ? spans.processor : spans.thread)[chosen];
    return lanes.findIndex((one) => one.key === key);
  }

  /** @param {Mode} next */
  function choose(next) {
    relane(() => (mode = next));
    tell("lanes", next);
  }

  /** @param {number} id */
  function setFollow(id) {
    relane(() => (follow = id));
    tell("follow", id);
    if (run) say(words, id ? `G${id} is followed. ${span === null ? "" : sentence(run, span)}` : span === null ? "" : sentence(run, span));
  }

  /** @param {string} trait @param {unknown} value */
  function tell(trait, value) {
    if (!live || model.get(trait) === value) return;
    model.set(trait, value);
    model.save_changes();
  }

  /** Show a span. @param {number | undefined | null} chosen @param {{tell?: boolean, playing?: boolean}} [how] */
  function go(chosen, how = {}) {
    if (!run || chosen === undefined || chosen === null) return;
    span = chosen;
    const found = laneOf(chosen);
    if (found >= 0) lane = found;
    const wide = view.to - view.from;
    if (run.start[chosen] < view.from || run.start[chosen] > view.to - wide * 0.02) view = fit({ from: run.start[chosen] - wide * 0.15, to: run.start[chosen] + wide * 0.85 }, run.payload.nanoseconds);
    const top = TOP + lane * ROW;
    if (top < scroller.scrollTop + TOP || top + ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top - scroller.clientHeight / 2;
    say(words, sentence(run, chosen));
    say(said, report(run, run.start[chosen]));
    set(said, "hidden", !said.textContent);
    life.at(chosen);
    if (!how.playing) {
      const step = steps.indexOf(chosen);
      if (step >= 0) play.go(step, true);
    }
    const at = place(run, chosen);
    if (how.tell && at?.own) select({ file: at.file, line: at.line, column: 0 });
    later();
  }

  /** @param {number} by @param {boolean} [along] lanes or spans */
  function move(by, along = false) {
    if (!run || lanes.length === 0) return;
    if (!along) {
      lane = Math.max(0, Math.min(lanes.length - 1, lane + by));
      const found = spanAt(run, lanes[lane], span === null ? view.from : run.start[span]);
      return found === null ? say(words, `${lanes[lane].name}: nothing here`) ?? later() : go(found, { tell: true });
    }
    const mine = lanes[lane].spans;
    const at = span === null ? -1 : mine.indexOf(span);
    return go(mine[Math.max(0, Math.min(mine.length - 1, at + by))], { tell: true });
  }

  /** @param {number} share */
  const pan = (share) => {
    const by = share * (view.to - view.from);
    view = fit({ from: view.from + by, to: view.to + by }, run?.payload.nanoseconds ?? 1);
    later();
  };
  /** @param {number} factor @param {number} [at] */
  const magnify = (factor, at) => {
    if (!run) return;
    const middle = at ?? (span !== null && run.start[span] >= view.from && run.start[span] <= view.to ? run.start[span] : (view.from + view.to) / 2);
    view = zoom(view, factor, middle, run.payload.nanoseconds);
    later();
  };

  scroller.addEventListener("keydown", (event) => {
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => (event.shiftKey ? pan(-0.25) : move(-1, true)),
      ArrowRight: () => (event.shiftKey ? pan(0.25) : move(1, true)),
      ArrowUp: () => move(-1),
      ArrowDown: () => move(1),
      PageUp: () => move(-10),
      PageDown: () => move(10),
      Home: () => move(-Infinity, true),
      End: () => move(Infinity, true),
      "+": () => magnify(2),
      "=": () => magnify(2),
      "-": () => magnify(0.5),
      0: () => magnify(0),
      Enter: () => followChosen(),
      Escape: () => setFollow(0),
      " ": () => (play.playing() ? play.pause() : play.play()),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  });

  function followChosen() {
    if (!run || span === null) return;
    const { spans, goroutines } = run.payload;
    const id = goroutines[spans.goroutine[span]].id;
    setFollow(follow === id ? 0 : id);
  }

  /** What is under the pointer. @param {MouseEvent} event */
  function under(event) {
    const box = draw.element.getBoundingClientRect();
    const share = (event.clientX - box.left - NAMES) / Math.max(1, box.width - NAMES - 8);
    return { time: view.from + share * (view.to - view.from), row: Math.floor((event.clientY - box.top - TOP) / ROW) };
  }
  /** @type {{x: number, from: number, moved: boolean} | null} */
  let drag = null;
  scroller.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, from: view.from, moved: false };
  });
  scroller.addEventListener("pointermove", (event) => {
    if (!drag || event.buttons === 0 || Math.abs(event.clientX - drag.x) < 4) return;
    drag.moved = true;
    const size = view.to - view.from;
    const from = drag.from - ((event.clientX - drag.x) / Math.max(1, draw.element.clientWidth - NAMES)) * size;
    view = fit({ from, to: from + size }, run?.payload.nanoseconds ?? 1);
    later();
  });
  scroller.addEventListener("click", (event) => {
    if (!run || drag?.moved) return;
    const { time, row } = under(event);
    if (!lanes[row]) return;
    lane = row;
    const mine = lanes[row];
    const found = spanAt(run, mine, Math.max(time, 0));
    if (found !== null) go(found, { tell: true });
  });
  scroller.addEventListener("dblclick", () => followChosen());
  scroller.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      magnify(event.deltaY < 0 ? 1.25 : 0.8, under(event).time);
    },
    { passive: false },
  );

  function settingsShown() {
    if (!live) return;
    processors.value = String(model.get("processors"));
    signals.checked = Boolean(model.get("async_preemption"));
  }
  if (live) {
    for (const trait of ["processors", "async_preemption"]) watch(model, trait, settingsShown, end.signal);
    watch(model, "lanes", () => model.get("lanes") !== mode && relane(() => (mode = model.get("lanes"))), end.signal);
    watch(model, "follow", () => Number(model.get("follow")) !== follow && setFollow(Number(model.get("follow"))), end.signal);
    settingsShown();
  }

  return {
    element,
    destroy() {
      end.abort();
      sized.disconnect();
      play.destroy();
      if (drawn) cancelAnimationFrame(drawn);
    },
    /** @param {any} next */
    show(next) {
      set(element, "data-stale", Boolean(next.failed) && run !== null);
      if (next.failed || !next.spans) {
        say(status, next.running ? "running …" : run ? instead(next.failed, "ran") : (next.failed ?? ""));
        return;
      }
      run = prepare(next);
      say(status, "");
      say(shown, figures(run));
      say(note, trouble(next));
      set(note, "hidden", !note.textContent);
      set(body, "hidden", false);
      span = null;
      view = fit({ from: 0, to: Math.max(next.nanoseconds, 1) }, next.nanoseconds);
      if (follow && !next.goroutines.some((/** @type {{id: number}} */ one) => one.id === follow)) follow = 0;
      relane(() => {});
      go(steps[0]);
      paint();
    },
    /** @param {Selection} _ */
    select(_) {},
  };
}
