/**
 * The tab that compares: the pass that is shown with another pass, with the last edit, or with the other pane.
 */

import { h, say, set } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { byNumber, byPayload, picture } from "./diffmodel.js";
import { BEFORE, figuresOf, isAnswer, isLacking, NO_KERNEL, questionOf, sameWords } from "./diffquestion.js";
import { nextStop, shownRows, stops } from "./difffold.js";
import { lineElement } from "./diffrow.js";
import { readState } from "./diffstate.js";
import { nextHit } from "./query.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./pane.js").Context} Context */
/** @typedef {import("./pane.js").More} More */
/** @typedef {import("./passes.js").Code} Code */
/** @typedef {import("./diffmodel.js").Picture} Picture */
/** @typedef {import("./diffquestion.js").Question} Question */
/** @typedef {import("./difffold.js").Shown} Shown */

/** Narrower than this, in pixels, two columns would show too little of each line. */
const NARROW = 600;

/**
 * @param {HTMLElement} parent
 * @param {Context} context
 * @returns {import("./pane.js").PaneView & {find: (direction: 1 | -1) => void}}
 */
export function createDiff(parent, context) {
  const { marks, side } = context;
  /** @type {Code | null} */
  let code = null;
  let at = 0;
  /** @type {More} */
  let more = { machine: null, lives: null, comparison: null, other: null, before: null };
  /** @type {Selection} */
  let selection = {};
  let against = context.against();
  /** @type {boolean | null} null: as the width has it */
  let unified = null;
  let all = false;
  /** @type {Set<number>} */
  let open = new Set();
  /** @type {Question} */
  let question = { left: "", right: "", own: "right", nothing: "" };
  /** @type {any} what the kernel has told last of what is asked here */
  let held = null;
  /** @type {Picture | null} */
  let shown = null;
  /** what the picture was made of, so that it is made once */
  let made = "";
  /** @type {unknown} */
  let madeOf = null;
  /** @type {Shown[]} */
  let rows = [];
  let current = -1;
  /** what the choices were made of */
  let offered = "";

  const choice = h("select", { class: "gl-diff-against", "aria-label": "compare with", onchange: () => context.compareWith(choice.value) });
  const button = (/** @type {string} */ words, /** @type {string} */ title, /** @type {() => void} */ run) =>
    h("button", { type: "button", class: "gl-diff-button", title, "aria-label": /\w/.test(words) ? null : title, onclick: run }, words);
  const layout = button("unified", "one column", () => ((unified = !narrow()), paint()));
  const whole = button("all lines", "show what is the same, too", () => ((all = !all), paint()));
  const back = button("▲", "previous change (key p)", () => step(-1));
  const ahead = button("▼", "next change (key n)", () => step(1));
  const figures = h("span", { class: "gl-diff-figures gl-note" });
  const place = h("span", { class: "gl-note gl-diff-place", role: "status" });
  const bar = h("div", { class: "gl-diff-bar" }, h("span", { class: "gl-note" }, "against"), choice, layout, whole, back, ahead, place, figures);
  const heads = h("div", { class: "gl-diff-heads", "aria-hidden": "true" });
  const text = h("div", { class: "gl-diff-text gl-ssa-text", tabindex: "0", role: "group", "aria-label": "what differs; n and p lead to the next and previous change" });
  const empty = h("div", { class: "gl-nothing gl-diff-empty", role: "status" });
  const [lacks, ran] = [h("span", { role: "status" }), h("div", {})];
  const missed = h("details", { class: "gl-nothing gl-diff-missed" }, h("summary", {}, lacks), ran);
  const element = h("div", { class: "gl-diff" }, bar, heads, missed, empty, text);
  parent.append(element);
  const list = virtualList(text, (index) => rowElement(index));

  /** Something else is to be compared with: what was asked before is no picture of it. */
  function turn() {
    against = context.against();
    [shown, made, madeOf] = [null, "", null];
    paint();
  }

  /** @param {number} index */
  function rowElement(index) {
    const one = rows[index];
    if (!shown || !one) return h("div");
    return lineElement(one, {
      picture: shown,
      own: question.own,
      code: question.own === "left" ? question.one?.code ?? null : question.other?.code ?? null,
      selection,
      marks,
      unified: narrow(),
      current: index === current,
      at: index,
    });
  }
  const narrow = () => unified ?? (element.clientWidth > 0 && element.clientWidth < NARROW);

  /** What can be compared now, in the words of the choice. */
  function choices() {
    const { passes = [] } = code ?? {};
    const lacking = code && isLacking(code, against) ? [against] : [];
    const state = [passes.map((pass) => pass.name).join(), at, Boolean(more.before), Boolean(more.other), ...lacking].join(" ");
    // An open list of choices would close.
    if (state !== offered) offer(passes, lacking);
    offered = state;
    // A choice that is not open now is kept: the next pass or pane may open it again.
    if (choice.value !== against) choice.value = against;
  }
  /** @param {Code["passes"]} passes @param {string[]} lacking the chosen pass, if it did not run */
  function offer(passes, lacking) {
    const first = [
      option(BEFORE, at > 0 ? `the pass before: ${passes[at - 1].name}` : "the pass before", at > 0),
      option("edit", "the last edit", Boolean(more.before)),
      option("other", "the other pane", Boolean(more.other)),
    ];
    const group = h("optgroup", { label: "a pass" }, ...passes.map((pass, i) => option(pass.name, pass.name, i !== at)), ...lacking.map((name) => option(name, `${name} (did not run)`, true)));
    choice.replaceChildren(...first, group);
  }
  /** @param {string} value @param {string} words @param {boolean} enabled */
  const option = (value, words, enabled) => h("option", { value, disabled: !enabled && value !== against }, words);

  /** Make the picture of what is asked, or have it told by the kernel. */
  function compare() {
    if (!code || !code.passes[at]) return;
    choices();
    question = questionOf(code, at, more, side, against, context.alone);
    if (question.ask) {
      const { comparison } = more;
      if (comparison && isAnswer(comparison, question)) held = comparison;
      const told = held && isAnswer(held, question);
      if (!told && context.alone) question.nothing = NO_KERNEL;
      else if (!told) {
        // Another pane may have asked meanwhile: only the last question is answered. Asking again what is
        // being asked already costs nothing. The picture before stays, dimmed.
        context.ask(question.ask);
        set(element, "data-waiting", true);
        if (shown) return;
        say(empty, "The kernel is asked who is who …");
        set(empty, "hidden", null);
        return;
      }
      const answer = held;
      if (!told) [shown, made] = [null, ""];
      else if (answer.failure) question.nothing = answer.failure;
      else if (madeOf !== answer) adopt(picture(readState(answer.left.lines), readState(answer.right.lines), byPayload(answer)));
      [made, madeOf] = ["", answer];
    } else if (question.one && question.other) {
      const { one, other } = question;
      const [left, right] = [stateOf(one), stateOf(other)];
      const key = `${one.at} ${other.at}`;
      if (made !== key || madeOf !== one.code || !shown) adopt(picture(left, right, byNumber(left, right)));
      [made, madeOf] = [key, one.code];
    }
    if (question.nothing) [shown, made, madeOf] = [null, "", null];
    set(element, "data-waiting", null);
    paint();
  }

  /** @param {Picture} next */
  function adopt(next) {
    shown = next;
    open = new Set();
    current = -1;
  }

  function paint() {
    const { counts } = shown ?? {};
    const one = narrow();
    set(layout, "aria-pressed", String(one));
    set(whole, "aria-pressed", String(all));
    set(element, "data-layout", one ? "unified" : "beside");
    rows = shown ? shownRows(shown.rows, { unified: one, all, open }) : [];
    const found = shown ? stops(shown.rows) : [];
    set(text, "hidden", rows.length === 0);
    say(lacks, question.lacks?.words ?? "");
    say(ran, question.lacks?.ran ?? "");
    set(missed, "hidden", !question.lacks);
    say(empty, question.nothing ?? (shown && found.length === 0 ? sameWords(shown.counts) : ""));
    set(empty, "hidden", empty.textContent === "");
    heads.replaceChildren(...[question.left, question.right].map((words) => h("span", {}, words)));
    set(heads, "hidden", !shown);
    say(figures, counts ? figuresOf(counts) : "");
    say(place, found.length > 0 ? placeWords(found) : "");
    back.disabled = ahead.disabled = found.length === 0;
    widths();
    list.show(rows.length);
  }

  /** @param {number[]} found */
  function placeWords(found) {
    const index = current >= 0 ? found.findLastIndex((row) => row <= rowOf(current)) : -1;
    return index >= 0 ? `change ${index + 1} of ${found.length}` : `${found.length} ${found.length === 1 ? "change" : "changes"}`;
  }
  /** @param {number} index of a line on the screen @returns {number} the row it shows */
  function rowOf(index) {
    const one = rows[index];
    return !one ? -1 : "fold" in one ? one.fold : one.row;
  }

  /** What is too long for its column is scrolled to, in both columns at once. */
  function widths() {
    const length = (/** @type {number} */ row) => Math.max(...["left", "right"].map((of) => shown?.rows[row][/** @type {"left"} */ (of)]?.text.length ?? 0));
    const longest = rows.reduce((most, one) => ("fold" in one ? most : Math.max(most, length(one.row))), 0);
    text.style.setProperty("--gl-longest", `${longest + 10}ch`);
    text.style.setProperty("--gl-room", `${text.clientWidth}px`);
  }
  text.addEventListener("scroll", () => text.style.setProperty("--gl-shift", `${-text.scrollLeft}px`), { passive: true });

  /** @param {1 | -1} direction */
  function step(direction) {
    if (!shown) return;
    const found = stops(shown.rows);
    const next = nextStop(found, rowOf(current), direction);
    if (next < 0) return;
    turnTo(rows.findIndex((one) => !("fold" in one) && one.row === found[next]));
    say(place, placeWords(found));
  }

  /** @param {number} index */
  function turnTo(index) {
    if (index < 0) return;
    current = index;
    list.reveal(index);
    list.show(rows.length);
  }

  text.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, () => void>} */
    const keys = {
      n: () => step(1),
      p: () => step(-1),
      N: () => step(-1),
      ArrowDown: () => turnTo(Math.min(rows.length - 1, current + 1)),
      ArrowUp: () => turnTo(Math.max(0, current - 1)),
      Enter: () => choose(),
      " ": () => choose(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  /** What the key Enter does on a line: open a fold, select a value. */
  function choose() {
    const one = rows[current];
    if (!one || !shown) return;
    if ("fold" in one) unfold(one.fold);
    else /** @type {HTMLElement | null} */ (text.querySelector(".gl-diff-current [data-value]"))?.click();
  }
  /** @param {number} fold */
  function unfold(fold) {
    open.add(fold);
    paint();
  }
  text.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const fold = target.closest("[data-fold]")?.getAttribute("data-fold");
    if (fold) unfold(Number(fold));
    const line = target.closest("[data-at]")?.getAttribute("data-at");
    if (line && !fold && current !== Number(line)) {
      current = Number(line);
      list.show(rows.length);
      if (shown) say(place, placeWords(stops(shown.rows)));
    }
  });

  const leave = marks?.subscribe(() => {
    if (!element.closest("[hidden]")) list.show(rows.length);
  });
  const resized = new ResizeObserver(() => {
    if (!shown) return;
    if ((element.getAttribute("data-layout") === "unified") !== narrow()) paint();
    else widths();
  });
  resized.observe(element);

  return {
    element,
    show(next, pass, parts) {
      [code, at, more] = [next, pass, parts];
      if (context.against() !== against) turn();
      compare();
    },
    select(next, go) {
      selection = next;
      list.show(rows.length);
      if (!go || !shown || !next.value) return;
      const picked = /** @type {Picture} */ (shown);
      const index = rows.findIndex((one) => !("fold" in one) && picked.rows[one.row][question.own]?.name === next.value && picked.rows[one.row].kind !== "away");
      if (index >= 0) list.reveal(index);
    },
    find(direction) {
      if (!shown || !marks) return;
      const all = shown.rows;
      const has = (/** @type {number} */ index, /** @type {"left" | "right"} */ of) => marks.search.test(all[index][of]?.line ?? "");
      const hit = (/** @type {number} */ index) => has(index, "left") || has(index, "right");
      const next = nextHit(all.length, hit, rowOf(current), direction);
      if (next < 0) return;
      const fold = rows.find((one) => "fold" in one && one.fold <= next && next < one.end);
      if (fold && "fold" in fold) unfold(fold.fold);
      const found = rows.findIndex((one) => !("fold" in one) && one.row === next && (one.side === "both" || has(next, one.side)));
      turnTo(found >= 0 ? found : rows.findIndex((one) => !("fold" in one) && one.row === next));
    },
    destroy() {
      leave?.();
      resized.disconnect();
    },
  };
}

/** @type {WeakMap<import("./passes.js").Pass, import("./diffstate.js").State>} scrubbing meets every pass twice, and again */
const known = new WeakMap();

/** @param {import("./diffquestion.js").Moment} moment */
function stateOf({ code, at }) {
  const pass = code.passes[at];
  const held = known.get(pass) ?? readState(pass.rows.map((row) => code.lines[row]));
  known.set(pass, held);
  return held;
}
