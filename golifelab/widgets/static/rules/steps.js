/**
 * The rewrites of a function, one at a time: before, after, the rule; played, or walked by keys.
 */

import { brief, byWhat, countOf, differing, keep, move, passesOf, ruleParts, stepAt, stepsAt, stepsOf } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Rules} Rules */
/** @typedef {import("./model.js").Step} Step */

/** Milliseconds a step stays while it plays. */
const BEAT = 1400;

/**
 * @param {(selection: Selection) => void} select
 * @param {(step: number) => void} stepped hears of every step that is shown
 */
export function createSteps(select, stepped) {
  /** @type {Rules | null} */
  let rules = null;
  let at = 0;
  /** @type {Set<number>} the steps that the selection is about */
  let here = new Set();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let playing;
  const id = uid("step");

  const passes = h("div", { class: "gl-rules-passes", role: "group", "aria-label": "passes" });
  const button = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ act) =>
    h("button", { type: "button", class: "gl-rules-button", "aria-label": label, title: label, onclick: act }, sign);
  const play = button("play (space)", "▶", () => (playing ? pause() : start()));
  const slider = h("input", { type: "range", class: "gl-rules-slider", min: 0, max: 0, step: 1, "aria-label": "step" });
  const number = h("span", { class: "gl-rules-number", role: "status" });
  const bar = h(
    "div",
    { class: "gl-rules-bar" },
    button("pass before (Page Up)", "«", () => walk("PageUp")),
    button("step back (←)", "‹", () => walk("ArrowLeft")),
    play,
    button("step on (→)", "›", () => walk("ArrowRight")),
    button("next pass (Page Down)", "»", () => walk("PageDown")),
    slider,
    number,
  );
  const card = h("div", { class: "gl-rules-card" });
  const scroll = h("div", { class: "gl-rules-list", role: "listbox", tabindex: "0", "aria-label": "all steps; arrow keys walk through them" });
  const element = h("div", { class: "gl-rules-steps", tabindex: "-1" }, passes, bar, card, scroll);
  const list = virtualList(scroll, row);

  function pause() {
    clearInterval(playing);
    playing = undefined;
    paintPlay();
  }

  function start() {
    if (!rules || countOf(rules) === 0) return;
    if (at >= countOf(rules) - 1) choose(0);
    playing = setInterval(() => {
      if (!rules || at >= countOf(rules) - 1 || !element.isConnected) return pause();
      choose(at + 1);
    }, BEAT);
    paintPlay();
  }

  function paintPlay() {
    const label = playing ? "pause (space)" : "play (space)";
    say(play, playing ? "❚❚" : "▶");
    set(play, "aria-label", label);
    set(play, "title", label);
  }

  /** @param {string} key */
  function walk(key) {
    if (!rules) return false;
    const to = move(key, at, rules);
    if (to === null) return false;
    pause();
    choose(to);
    return true;
  }

  /**
   * @param {number} to
   * @param {boolean} [tell] whether the step is selected in the other views
   */
  function choose(to, tell = true) {
    if (!rules || countOf(rules) === 0) return;
    at = Math.max(0, Math.min(countOf(rules) - 1, to));
    const step = stepAt(rules, at);
    if (tell) publish(step);
    paint(step);
    stepped(at);
  }

  /** @param {Step} step */
  function publish({ place, value }) {
    const where = place === 0 ? {} : { file: place[0], line: place[1], ...(place[2] ? { column: place[2] } : {}) };
    const what = value && rules ? { function: rules.function, value } : {};
    if (place !== 0 || value) select({ ...where, ...what });
  }

  /** @param {Step} step */
  function paint(step) {
    if (!rules) return;
    slider.value = String(at);
    const round = step.round < 0 ? "" : `, round ${step.round + 1}`;
    say(number, `step ${at + 1} of ${countOf(rules)} · ${step.pass}${round}`);
    set(slider, "aria-valuetext", `${at + 1}: ${step.value} ${brief(step)}`);
    for (const one of passes.children) set(one, "aria-pressed", String(one.getAttribute("data-pass") === step.pass));
    card.replaceChildren(...content(step, rules));
    list.show(countOf(rules));
    list.reveal(at);
    set(scroll, "aria-activedescendant", `${id}-${at}`);
  }

  /** @param {Step} step @param {Rules} all */
  function content(step, all) {
    const { place, value } = step;
    const [left, right] = differing(step.before, step.after);
    const line = (/** @type {string} */ kind, /** @type {string} */ sign, /** @type {[string, boolean][]} */ pieces) =>
      h("div", { class: "gl-rules-line", "data-kind": kind }, h("span", { class: "gl-rules-sign", "aria-label": kind }, sign), h("code", {}, ...pieces.flatMap(([text, own]) => (own ? [/^\s*/.exec(text)?.[0], h("mark", {}, text.trimStart())] : [text]))));
    const others = stepsOf(all, value);
    return [
      h(
        "p",
        { class: "gl-rules-head" },
        h("b", {}, value || "the end of a block"),
        place === 0 ? h("span", { class: "gl-note" }, "no position") : h("button", { type: "button", class: "gl-go", onclick: () => publish(step) }, place[2] ? `${place[0]}:${place[1]}:${place[2]}` : `${place[0]}:${place[1]}`),
        others.length > 1 ? h("span", { class: "gl-note" }, "steps of ", value, ": ", ...others.flatMap((one) => [h("button", { type: "button", class: "gl-go", "aria-current": one === at ? "true" : null, onclick: () => choose(one) }, one + 1), " "])) : null,
      ),
      line("before", "−", left),
      line("after", "+", right),
      h("p", { class: "gl-rules-by" }, byWhat(step, all)),
      ...step.rules.map(rule),
      step.more > 0 ? h("p", { class: "gl-note" }, `… and ${step.more} more`) : null,
      step.args.length > 0 ? h("div", { class: "gl-rules-args" }, h("span", { class: "gl-note" }, "made of"), ...step.args.map((text) => h("code", {}, text))) : null,
    ].filter((one) => one !== null);
  }

  /** @param {import("./model.js").RuleLine} written */
  function rule({ file, line, text }) {
    const { match, conditions, result } = ruleParts(text);
    return h(
      "figure",
      { class: "gl-rules-rule" },
      h("figcaption", { title: `$(go env GOROOT)/src/cmd/compile/internal/ssa/_gen/${file}, line ${line}` }, h("code", {}, `${file}:${line}`)),
      h("code", {}, match),
      conditions ? h("code", { class: "gl-rules-if" }, h("span", { class: "gl-note" }, "&& "), conditions) : null,
      h("code", {}, h("span", { class: "gl-note" }, "=> "), result),
    );
  }

  /** @param {number} index */
  function row(index) {
    const step = stepAt(/** @type {Rules} */ (rules), index);
    const marked = here.has(index);
    return h(
      "div",
      {
        class: index === at ? "gl-rules-row gl-rules-now" : "gl-rules-row",
        role: "option",
        id: `${id}-${index}`,
        "data-step": index,
        "data-here": marked,
        "aria-selected": String(index === at),
      },
      h("span", { class: "gl-rules-index" }, index + 1),
      h("span", { class: "gl-rules-here", role: marked ? "img" : null, "aria-label": marked ? "selected in the source" : null }, marked ? "●" : ""),
      h("code", { class: "gl-rules-value" }, step.value || "block"),
      h("code", {}, brief(step)),
      h("span", { class: "gl-rules-place" }, `${step.pass}${step.place === 0 ? "" : ` ${step.place[1]}${step.place[2] ? `:${step.place[2]}` : ""}`}`),
    );
  }

  scroll.addEventListener("click", (event) => {
    const which = event.target instanceof Element ? event.target.closest("[data-step]")?.getAttribute("data-step") : null;
    if (which === null || which === undefined) return;
    pause();
    choose(Number(which));
  });
  slider.addEventListener("input", () => {
    pause();
    choose(Number(slider.value));
  });
  element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const onButton = event.target instanceof Element && event.target.closest("button, input, select") !== null;
    if (event.key === "Escape") element.focus();
    else if (event.key === " " && !onButton) playing ? pause() : start();
    else if (!(event.target === slider && /^(Arrow|Page|Home|End)/.test(event.key)) && walk(event.key)) void 0;
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    element,
    pause,
    destroy: pause,
    /** @param {number} to */
    go(to) {
      if (to !== at) choose(to, false);
    },
    /** @param {string} pass show its first step */
    goPass(pass) {
      const found = rules && passesOf(rules).find(({ name }) => name === pass);
      if (found) choose(found.first, false);
    },
    /**
     * @param {Rules} next
     * @param {number} [first] the step to begin with
     */
    show(next, first) {
      const before = rules && countOf(rules) > 0 ? stepAt(rules, at) : null;
      const same = rules?.function === next.function;
      rules = next;
      const count = countOf(next);
      slider.max = String(Math.max(0, count - 1));
      for (const part of [bar, card, scroll]) set(part, "hidden", count === 0);
      passes.replaceChildren(
        ...passesOf(next).map(({ name, first: to, count: steps }) =>
          h("button", { type: "button", class: "gl-rules-pass", "data-pass": name, "aria-pressed": "false", onclick: () => (pause(), choose(to)) }, name, " ", h("b", {}, steps)),
        ),
        ...(count === 0 ? [h("p", { class: "gl-nothing" }, "No rule applies to anything in this function.")] : []),
        ...(next.incomplete.length > 0 ? [h("span", { class: "gl-note" }, `not all of ${next.incomplete.join(", ")}: the compiler gave up while it printed them`)] : []),
        ...(next.left > 0 ? [h("span", { class: "gl-note" }, `the first ${count} steps of ${next.count}`)] : []),
      );
      if (count > 0) choose(before && same ? keep(before, next) : (first ?? 0), false);
    },
    /** @param {Selection} selection @param {boolean} follow whether to go to what is selected */
    select(selection, follow) {
      if (!rules || countOf(rules) === 0) return;
      const found = stepsAt(rules, selection);
      here = new Set(found);
      if (follow && found.length > 0 && !here.has(at)) {
        pause();
        choose(found[0], false);
      } else list.show(countOf(rules));
    },
  };
}
