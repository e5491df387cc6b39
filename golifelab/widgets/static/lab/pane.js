/**
 * One look at the code of a function: a scrubber over its passes, and tabs that show the pass that is chosen
 * each in its way. Everything here happens in the browser.
 */

import { same } from "../page/broker.js";
import { h, say, set, uid } from "../page/dom.js";
import { duration } from "../rail/model.js";
import { BEFORE } from "./diffquestion.js";
import { definitions, impacts, keepPass, linesOf, placeOf } from "./passes.js";
import { purposeOf } from "./purpose.js";
import { createScrubber } from "./scrubber.js";
import { createSearch } from "./search.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */

/**
 * What belongs to the code without being in it. A part that is not of this very code is null.
 *
 * @typedef {object} More
 * @property {any} machine its instructions
 * @property {any} lives what becomes of its values
 * @property {any} comparison the answer to what was last asked
 * @property {{code: Code, at: number, side: number, same: boolean} | null} other what the other pane shows;
 *   `same` says that it is this very code
 * @property {Code | null} before the code before the last edit
 */

/** @type {More} */
export const NO_MORE = { machine: null, lives: null, comparison: null, other: null, before: null };

/**
 * What a view may ask of its pane. `go` shows another pass, `turn` another tab; `ask` has two
 * states compared by Python, the answer comes as `more.comparison`. `against` is what the pass is compared
 * with (see `questionOf`), `compareWith` sets it: the pane keeps it, as it keeps its pass and its tab.
 *
 * @typedef {object} Context
 * @property {(selection: Selection) => void} select
 * @property {(pass: number) => void} go
 * @property {import("./marks.js").Marks | null} marks
 * @property {number} side which pane it is, from the left
 * @property {(request: Record<string, unknown>) => void} ask
 * @property {boolean} alone whether there is no kernel to ask
 * @property {(tab: string) => void} turn
 * @property {() => string} against
 * @property {(against: string) => void} compareWith
 */

/**
 * `show` and `select` are called while the view's tab is on, and when it is turned to. `go` says that what
 * is selected is another than before, and wants to be in view. `find` goes to the next hit of the search, or
 * to the one before; `found` counts the hits in a view that shows something else than the pass's lines.
 *
 * @typedef {object} PaneView
 * @property {HTMLElement} element
 * @property {(code: Code, at: number, more: More) => void} show
 * @property {(selection: Selection, go: boolean) => void} select
 * @property {(direction: 1 | -1) => void} [find]
 * @property {() => import("./search.js").Found} [found]
 * @property {() => void} [destroy]
 */

/**
 * @typedef {object} Tab
 * @property {string} id
 * @property {string} label
 * @property {(parent: HTMLElement, context: Context) => PaneView} create
 * @property {(keyof More)[]} [reads] what of More it shows: nothing else that arrives has it shown anew
 */

/**
 * @typedef {object} PaneOptions
 * @property {Tab[]} tabs
 * @property {(selection: Selection) => void} select
 * @property {import("./marks.js").Marks | null} [marks]
 * @property {number} [side]
 * @property {(request: Record<string, unknown>) => void} [ask]
 * @property {boolean} [alone] whether there is no kernel to ask
 * @property {string} [first] the pass to begin with; by default the last that changed something
 * @property {string} [against] what the pass is compared with to begin with; by default the pass before
 * @property {() => void} [onChange] another pass or another tab is shown, or compared with something else
 */

/**
 * @param {HTMLElement} parent
 * @param {PaneOptions} options
 */
export function createPane(parent, { tabs, select, marks = null, side = 0, ask = () => {}, alone = false, first = "", against = BEFORE, onChange = () => {} }) {
  /** @type {Code | null} */
  let code = null;
  let at = 0;
  let open = 0;
  let more = NO_MORE;
  /** @type {Selection} */
  let selection = {};

  const heading = h("b", { class: "gl-function" });
  const subject = h("span", { class: "gl-subject" }, heading);
  const name = h("span", { class: "gl-pass-name" });
  const age = h("span", { class: "gl-note gl-pane-age" });
  const purpose = h("span", { class: "gl-note gl-pass-purpose" });
  const figures = h("span", { class: "gl-pass-figures" });
  const head = h("header", { class: "gl-ssa-head" }, subject, name, age, purpose, figures);
  const frame = h("section", { class: "gl-ssa gl-pane", "aria-label": side === 0 ? "code" : "code beside it", "data-side": side }, head);
  parent.append(frame);
  const scrubber = createScrubber(frame, go);
  const panels = tabs.map((tab) =>
    h("div", { class: "gl-tabpanel", role: "tabpanel", "aria-label": tab.label, id: uid(tab.id), "data-tab": tab.id, hidden: true }),
  );
  const buttons = tabs.map((tab, i) =>
    h("button", { type: "button", class: "gl-ssa-tab", role: "tab", "aria-controls": panels[i].id, onclick: () => turn(i) }, tab.label),
  );
  const choice = h("span", { class: "gl-ssa-tabs", role: "tablist", "aria-label": "how the code is shown" }, ...buttons);
  const tools = h("span", { class: "gl-pane-tools" });
  frame.append(h("div", { class: "gl-tab-row" }, choice, tools), ...panels);
  /** @type {Context} */
  const context = { select, go, marks, side, ask, alone, turn: (id) => turn(tabs.findIndex((tab) => tab.id === id)), against: () => against, compareWith };
  const views = tabs.map((tab, i) => tab.create(panels[i], context));
  const search = marks && createSearch(tools, { marks, go, find: (direction) => views[open].find?.(direction), ticks: scrubber.tick, own: () => views[open].found?.() ?? null });
  if (search && side > 0) set(search.element, "aria-label", "search beside it");

  /** @param {number} index of the tab */
  function turn(index) {
    if (!tabs[index]) return;
    open = index;
    panels.forEach((panel, i) => set(panel, "hidden", i !== open));
    buttons.forEach((button, i) => {
      set(button, "aria-selected", String(i === open));
      set(button, "tabindex", i === open ? 0 : -1);
    });
    paint();
    if (!code) return;
    views[open].select(selection, true);
    onChange();
  }
  choice.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    turn((open + step + tabs.length) % tabs.length);
    buttons[open].focus();
  });

  /** @param {number} pass */
  function go(pass) {
    if (!code || code.passes.length === 0) return;
    const next = Math.max(0, Math.min(pass, code.passes.length - 1));
    if (next === at) return;
    at = next;
    paint();
    onChange();
  }

  /** @param {string} next */
  function compareWith(next) {
    if (next === against) return;
    against = next;
    paint();
    onChange();
  }

  /** Show the pass that is chosen. */
  function paint() {
    const pass = code?.passes[at];
    if (!code || !pass) return;
    const lines = linesOf(code, at);
    const [added, lost] = ["+", "−"].map((mark) => lines.filter((line) => line.mark === mark).length);
    const changes = [added > 0 && `+${added}`, lost > 0 && `−${lost}`].filter(Boolean).join(" ");
    const facts = [`${at + 1} of ${code.passes.length}`, duration(pass.ns / 1e6), changes || (at > 0 && "no change")];
    say(heading, code.function);
    say(name, pass.name);
    say(purpose, purposeOf(pass.name));
    set(purpose, "title", purposeOf(pass.name));
    say(figures, facts.filter(Boolean).join(" · "));
    scrubber.go(at, `${pass.name}, ${figures.textContent}`);
    views[open].show(code, at, more);
    search?.show(code, at);
  }

  frame.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const value = target.closest("[data-value]")?.getAttribute("data-value");
    const row = target.closest("[data-row]")?.getAttribute("data-row");
    if (!code || (!value && !row)) return;
    const wanted = chosen(code, at, row ? Number(row) : -1, value ?? "", selection);
    if (!same(wanted, selection)) select(wanted);
  });
  turn(0);

  return {
    element: frame,
    head,
    subject,
    tools,
    scrubber,
    context,
    go,
    /** @param {string} id of a tab */
    turn: context.turn,
    code: () => code,
    at: () => at,
    tab: () => tabs[open].id,
    against: context.against,
    compareWith,
    buttons,
    more: () => more,
    search: () => search?.focus(),

    /** @param {Code} next @param {Partial<More>} [parts] what there is already beside it */
    show(next, parts = {}) {
      if (code && next.seq < code.seq) return;
      set(frame, "data-seq", next.seq);
      // Nothing to show: life stopped before SSA. The last good code stays, dimmed.
      const nothing = next.passes.length === 0;
      set(frame, "data-stale", nothing && code !== null);
      say(age, nothing ? (code ? "of the last text that compiled" : "nothing has compiled yet") : "");
      if (nothing) return;
      const begins = code === null;
      const begin = code ? -1 : next.passes.findIndex((pass) => pass.name === first);
      at = begin >= 0 ? begin : keepPass(code, at, next);
      code = next;
      more = { ...more, machine: null, lives: null, comparison: null, ...parts };
      scrubber.show(impacts(next), next.passes.map(({ name: one }) => [one, purposeOf(one)].filter(Boolean).join(": ")));
      paint();
      if (begins) views[open].select(selection, true);
      onChange();
    },

    /** @param {Partial<More>} parts that have arrived, or are no more */
    add(parts) {
      more = { ...more, ...parts };
      if (!code || !tabs[open].reads?.some((part) => part in parts)) return;
      views[open].show(code, at, more);
      search?.again();
    },

    /** @param {Selection} next */
    select(next) {
      const moved = next.line !== selection.line || next.value !== selection.value;
      if (same(next, selection)) return;
      selection = next;
      if (code) views[open].select(selection, moved);
    },

    destroy() {
      search?.destroy();
      for (const view of views) view.destroy?.();
    },
  };
}

/**
 * What is selected when a row, or a value in it, is chosen: its own place where it has one. Where only its
 * line is known, and is selected already, the column stays.
 *
 * @param {Code} code
 * @param {number} at
 * @param {number} row -1 for none
 * @param {string} value "" for none
 * @param {Selection} selection
 * @returns {Selection}
 */
export function chosen(code, at, row, value, selection) {
  const home = value ? definitions(code, code.passes[at]).get(value) : undefined;
  const { line, column } = placeOf(code, home ?? row);
  const other = line > 0 && (line !== selection.line || (column > 0 && column !== selection.column));
  /** @type {Selection} */
  const wanted = other ? { file: code.file, line, column } : { ...selection };
  if (value) Object.assign(wanted, { function: code.function, value });
  return wanted;
}
