/**
 * The search box of a pane: what to look for, how many lines of this pass have it, and which passes do.
 */

import { h, say, set } from "../page/dom.js";

/** @typedef {import("./marks.js").Marks} Marks */
/** @typedef {{lines: string[], passes: {name: string, rows: number[]}[]}} Code */
/** @typedef {{hits: number, one: string, many: string}} Found how many of what, as in "1 line", "2 lines" */

const HELP = "words, v13, b4, line:12, or /expression/; Enter goes to the next, Shift+Enter to the one before";

/**
 * @param {HTMLElement} parent
 * @param {object} context
 * @param {Marks} context.marks
 * @param {(pass: number) => void} context.go shows a pass
 * @param {(direction: 1 | -1) => void} [context.find] goes to the next hit in the view that is shown
 * @param {(passes: number[]) => void} [context.ticks] is told which passes have hits
 * @param {() => Found | null} [context.own] hits in a view that shows something else than the pass's lines
 */
export function createSearch(parent, { marks, go, find = () => {}, ticks = () => {}, own = () => null }) {
  /** @type {Code} */
  let code = { lines: [], passes: [] };
  let at = 0;
  const input = h("input", {
    type: "search",
    class: "gl-search-text",
    placeholder: "search",
    "aria-label": `search in all passes: ${HELP}`,
    title: HELP,
    autocomplete: "off",
    spellcheck: "false",
  });
  const count = h("span", { class: "gl-search-count gl-note", role: "status" });
  const first = h("button", { type: "button", class: "gl-go gl-search-pass", hidden: true });
  const element = h("div", { class: "gl-search", role: "search" }, input, count, first);
  parent.append(element);

  function paint() {
    const query = marks.search.query();
    if (input.value !== query.text) input.value = query.text;
    set(input, "aria-invalid", query.error ? "true" : null);
    set(first, "hidden", true);
    const hits = query.empty ? [] : marks.search.passes(code);
    const passes = hits.flatMap((number, pass) => (number > 0 ? [pass] : []));
    ticks(passes);
    set(count, "title", query.error || null);
    set(count, "aria-label", null);
    if (query.empty) {
      say(count, query.error ? "no expression yet" : "");
      return;
    }
    const here = own() ?? { hits: hits[at] ?? 0, one: "line of this pass", many: "lines of this pass" };
    const [text, words] = summary(here, passes.length, hits.length);
    say(count, text);
    set(count, "title", words || null);
    set(count, "aria-label", words || null);
    if (hits[at] || passes.length === 0) return;
    const near = nearest(hits, at);
    say(first, code.passes[near].name);
    set(first, "aria-label", `go to the pass ${code.passes[near].name}, which has it`);
    set(first, "data-pass", near);
    set(first, "hidden", null);
  }

  input.addEventListener("input", () => marks.search.set(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      find(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && input.value !== "") {
      event.preventDefault();
      event.stopPropagation();
      marks.search.set("");
    }
  });
  first.addEventListener("click", () => go(Number(first.getAttribute("data-pass"))));
  const leave = marks.subscribe(paint);
  return {
    element,
    input,
    focus() {
      input.focus();
      input.select();
    },
    /** @param {Code} next @param {number} pass */
    show(next, pass) {
      [code, at] = [next, pass];
      paint();
    },
    /** The view has something else to count. */
    again: paint,
    destroy: leave,
  };
}

/**
 * What a search found, for the eye and in words.
 *
 * @param {Found} here
 * @param {number} passes how many have it
 * @param {number} all how many there are
 * @returns {[text: string, words: string]}
 */
export function summary({ hits, one, many }, passes, all) {
  if (hits === 0 && passes === 0) return ["nowhere", ""];
  const text = hits > 0 ? `${hits} · ${passes}/${all}` : "not here";
  return [text, `${hits || "no"} ${hits === 1 ? one : many}; ${passes} of ${all} passes have it`];
}

/**
 * The pass nearest to one that has hits; the later one of two.
 *
 * @param {number[]} hits
 * @param {number} at
 * @returns {number} -1 when none has
 */
export function nearest(hits, at) {
  for (let away = 1; away < hits.length; away += 1) {
    if (hits[at + away] > 0) return at + away;
    if (hits[at - away] > 0) return at - away;
  }
  return -1;
}
