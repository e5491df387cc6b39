/**
 * Steps that play: a button to play and pause, one step back and ahead, and a slider over them all.
 *
 * The steps are the view's own; this only says which of them is shown, and when the next one is due.
 */

import { h, say, set } from "./dom.js";

const INTERVAL = 900;
const SPEEDS = [0.5, 1, 2, 4];

/**
 * @typedef {object} Steps
 * @property {number} count how many steps there are
 * @property {(step: number) => string} label what a step is, in words: read aloud, and shown beside the slider
 * @property {(step: number, how: {animated: boolean}) => void} [onStep] called when another step is shown;
 *   `animated` while it plays and the reader doesn't mind motion
 * @property {number} [start] the step that is shown first
 * @property {number} [interval] milliseconds that a step stays while it plays
 * @property {(step: number) => number} [stays] milliseconds that this step stays, instead of `interval`
 * @property {string} [name] what is played, for those who can't see it: "the boot"
 */

/**
 * Which step is shown, and the clock that moves it on. Without a page: `later` and `cancel` are timers.
 *
 * @param {object} wanted
 * @param {number} wanted.count
 * @param {number} [wanted.start]
 * @param {(step: number) => number} wanted.stays
 * @param {(step: number, playing: boolean) => void} wanted.moved
 * @param {(run: () => void, milliseconds: number) => any} wanted.later
 * @param {(timer: any) => void} wanted.cancel
 * @param {() => boolean} [wanted.seen] whether anybody can see it; what nobody sees stands still
 */
export function playback({ count, start = 0, stays, moved, later, cancel, seen = () => true }) {
  let last = Math.max(0, count - 1);
  let at = Math.min(Math.max(start, 0), last);
  let speed = 1;
  /** @type {any} */
  let timer = null;

  function pause() {
    if (timer === null) return;
    cancel(timer);
    timer = null;
    moved(at, false);
  }
  function wait() {
    timer = later(() => {
      if (!seen()) pause();
      else if (at < last) {
        at += 1;
        if (at < last) wait();
        else timer = null;
        moved(at, timer !== null);
      } else pause();
    }, stays(at) / speed);
  }
  return {
    index: () => at,
    playing: () => timer !== null,
    pause,
    /** Play on; from the beginning when it stands at the end. */
    play() {
      if (timer !== null || last === 0) return;
      if (at === last) at = 0;
      wait();
      moved(at, true);
    },
    /** @param {number} step the one to show; a clock that runs starts anew */
    go(step) {
      at = Math.min(Math.max(Math.round(step), 0), last);
      if (timer !== null) {
        cancel(timer);
        timer = null;
        if (at < last) wait();
      }
      moved(at, timer !== null);
    },
    /** @param {number} next how many steps there are now */
    resize(next) {
      last = Math.max(0, next - 1);
      at = Math.min(at, last);
      if (timer !== null && at === last) pause();
    },
    /** @param {number} next times the usual pace */
    pace(next) {
      speed = next;
    },
  };
}

/** @returns {boolean} whether the reader asked for less motion */
export function still() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/**
 * @param {HTMLElement} parent
 * @param {Steps} steps
 */
export function player(parent, steps) {
  let { count, label } = steps;
  const stays = steps.stays ?? (() => steps.interval ?? INTERVAL);
  const name = steps.name ?? "the steps";
  let quiet = false;
  const clock = playback({
    count,
    start: steps.start,
    stays,
    moved: show,
    later: (run, milliseconds) => setTimeout(run, milliseconds),
    cancel: clearTimeout,
    seen: () => element.isConnected && !document.hidden,
  });

  /** @param {string} sign @param {string} words @param {() => void} act */
  const button = (sign, words, act) => h("button", { type: "button", "aria-label": words, title: words, onclick: act }, sign);
  const first = button("|◀", "first step", () => move(0));
  const back = button("◀", "one step back", () => move(clock.index() - 1));
  const toggle = button("▶", `play ${name}`, () => (clock.playing() ? clock.pause() : clock.play()));
  toggle.className = "gl-player-toggle";
  const ahead = button("▶|", "one step ahead", () => move(clock.index() + 1));
  const slider = h("input", {
    type: "range",
    class: "gl-player-slider",
    min: 0,
    step: 1,
    "aria-label": name,
    oninput: () => move(Number(slider.value)),
  });
  const pace = h(
    "select",
    { class: "gl-player-pace", "aria-label": "pace", title: "pace", onchange: () => clock.pace(Number(pace.value)) },
    ...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed} ×`)),
  );
  const place = h("output", { class: "gl-player-place" });
  const element = h("div", { class: "golifelab-player", role: "group", "aria-label": `play ${name}`, "data-reduced": still() }, first, back, toggle, ahead, slider, place, pace);
  element.addEventListener("keydown", (event) => {
    // On a button the space bar already presses it.
    if (event.key !== " " || event.target !== slider) return;
    event.preventDefault();
    if (clock.playing()) clock.pause();
    else clock.play();
  });
  parent.append(element);

  /** @param {number} step a step asked for by hand: what plays, stops */
  function move(step) {
    clock.pause();
    clock.go(step);
  }

  /** @param {number} step @param {boolean} playing */
  function show(step, playing) {
    draw(step, playing);
    if (!quiet) steps.onStep?.(step, { animated: playing && !still() });
  }

  /** @param {number} step @param {boolean} playing */
  function draw(step, playing) {
    const last = Math.max(0, count - 1);
    set(element, "data-playing", playing);
    set(slider, "max", last);
    slider.value = String(step);
    set(slider, "aria-valuetext", count > 0 ? `${step + 1} of ${count}: ${label(step)}` : "nothing");
    say(place, `${count > 0 ? step + 1 : 0} / ${count}`);
    say(toggle, playing ? "❚❚" : "▶");
    set(toggle, "aria-label", playing ? "pause" : `play ${name}`);
    set(toggle, "title", playing ? "pause" : `play ${name}`);
    for (const one of [first, back]) set(one, "aria-disabled", step === 0 ? "true" : null);
    set(ahead, "aria-disabled", step === last ? "true" : null);
  }
  draw(clock.index(), false);

  return {
    element,
    slider,
    index: clock.index,
    playing: clock.playing,
    play: clock.play,
    pause: clock.pause,
    /** @param {number} step @param {boolean} [silent] show it without a call of `onStep` */
    go(step, silent = false) {
      clock.pause();
      quiet = silent;
      clock.go(step);
      quiet = false;
    },
    /** @param {{count: number, label?: (step: number) => string}} next other steps in their place */
    set(next) {
      count = next.count;
      label = next.label ?? label;
      clock.resize(count);
      draw(clock.index(), clock.playing());
    },
    destroy() {
      clock.pause();
      element.remove();
    },
  };
}
