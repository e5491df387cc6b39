/**
 * A list of system calls to walk through: filters above, one call in words below. Only lines in view exist.
 */

import { FILTERS, placeOf, shown, time } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").Trace} Trace */

/**
 * @param {HTMLElement} parent
 * @param {(call: number) => void} chosen hears of the call that is walked to
 */
export function createTrace(parent, chosen) {
  /** @type {Trace | null} */
  let trace = null;
  let filter = "all";
  /** @type {number[]} */
  let rows = [];
  let current = 0;
  let named = true;
  /** @type {Set<number>} */
  let marked = new Set();

  const id = uid("calls");
  const chips = h("div", { class: "gl-calls-filters", role: "radiogroup", "aria-label": "which calls" });
  const list = h("div", { class: "gl-calls-list", role: "listbox", tabindex: 0, "aria-label": "system calls" });
  const detail = h("p", { class: "gl-calls-detail", "aria-live": "polite" });
  const frame = h("div", { class: "gl-calls" }, chips, list, detail);
  parent.append(frame);
  const lines = virtualList(list, line);

  const buttons = FILTERS.map((name) =>
    h("button", { type: "button", role: "radio", class: "gl-calls-filter", onclick: () => keep(name) }, name),
  );
  chips.append(...buttons);
  chips.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    event.preventDefault();
    keep(FILTERS[(FILTERS.indexOf(filter) + move + FILTERS.length) % FILTERS.length]);
    buttons[FILTERS.indexOf(filter)].focus();
  });

  list.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / 20) - 1);
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[event.key];
    if (move === undefined || rows.length === 0) return;
    event.preventDefault();
    go(rows[Math.min(rows.length - 1, Math.max(0, placeOf(rows, current) + move))]);
  });
  list.addEventListener("click", ({ target }) => {
    const row = target instanceof Element && target.closest("[data-call]");
    if (row) go(Number(row.getAttribute("data-call")));
  });

  /** @param {number} at @returns {HTMLElement} */
  function line(at) {
    const number = rows[at];
    const [thread, name, words, result, when] = /** @type {Trace} */ (trace).calls[number];
    return h(
      "div",
      {
        class: "gl-calls-row",
        role: "option",
        id: `${id}-${number}`,
        "data-call": number,
        "data-marked": marked.has(number),
        "aria-selected": number === current ? "true" : "false",
        "aria-label": `${marked.has(number) ? "marked: " : ""}${name}(${words}) = ${result}`,
      },
      h("span", { class: "gl-calls-mark", "aria-hidden": "true" }, marked.has(number) ? "▸" : ""),
      h("span", { class: "gl-calls-time" }, time(when)),
      h("span", { class: "gl-calls-thread", title: `thread ${/** @type {Trace} */ (trace).threads[thread]}` }, thread ? `T${thread}` : ""),
      h("code", {}, h("b", {}, name), `(${words}) = ${result}`),
    );
  }

  function paint() {
    if (!trace) return;
    lines.show(rows.length);
    buttons.forEach((button, at) => {
      const on = FILTERS[at] === filter;
      set(button, "aria-checked", on ? "true" : "false");
      set(button, "tabindex", on ? 0 : -1);
      say(button, `${FILTERS[at]} ${shown(/** @type {Trace} */ (trace), FILTERS[at]).length}`);
    });
    const call = trace.calls[current];
    set(list, "aria-activedescendant", rows.includes(current) ? `${id}-${current}` : null);
    if (!call) return;
    const by = named ? trace.functions[call[5]] : "";
    const who = by ? ` Made in ${by}.` : named && call[4] >= 0 && current > 0 ? " Made outside the program’s own code, or nobody knows where." : "";
    const asked = named && trace.functions[call[7]] ? ` Asked for by ${trace.functions[call[7]]}.` : "";
    say(detail, `call ${current} of thread ${trace.threads[call[0]]}: ${call[1]}(${call[2]}) = ${call[3]}.${who}${asked}`);
  }

  /** @param {string} name */
  function keep(name) {
    if (!trace) return;
    filter = name;
    rows = shown(trace, filter);
    current = rows[placeOf(rows, current)] ?? 0;
    paint();
    lines.reveal(placeOf(rows, current));
  }

  /** @param {number} call @param {boolean} [quiet] whether nobody is to hear of it */
  function go(call, quiet = false) {
    if (!trace) return;
    if (!rows.includes(call) && trace.calls[call]) {
      filter = "all";
      rows = shown(trace, filter);
    }
    current = Math.min(Math.max(call, 0), trace.calls.length - 1);
    lines.reveal(placeOf(rows, current));
    paint();
    if (!quiet) chosen(current);
  }

  return {
    element: frame,
    list,
    go,
    /** @param {Trace} next @param {{functions?: boolean, keepFilter?: boolean}} [how] */
    show(next, { functions = true } = {}) {
      trace = next;
      named = functions;
      marked = new Set();
      rows = shown(trace, filter);
      current = rows[0] ?? 0;
      list.scrollTop = 0;
      paint();
    },
    /** @param {number[]} calls those to be marked; the first is walked to */
    mark(calls) {
      marked = new Set(calls);
      if (calls.length > 0) go(calls[0]);
      else paint();
    },
    /** @param {boolean} wanted whether functions are told */
    tell(wanted) {
      named = wanted;
      paint();
    },
  };
}
