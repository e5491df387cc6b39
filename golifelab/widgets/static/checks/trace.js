/**
 * What the checker did in one phase, line by line, as it printed it: a list to walk through, in which
 * every step shows its place in the source.
 */

import { same } from "../page/broker.js";
import { climb, count, linesAt, placeOf } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Checks} Checks */
/** @typedef {import("./model.js").Finding} Finding */
/** @typedef {import("./model.js").Phase} Phase */

/** Lines that Page Up and Page Down pass over. */
const PAGE = 12;
/** Deeper lines are not indented further: they would leave the page. */
const DEEPEST = 40;

/**
 * @param {(selection: Selection) => void} select
 */
export function createTrace(select) {
  /** @type {Checks | null} */
  let payload = null;
  let phase = 0;
  /** The line that the keys are on; -1 before the first. */
  let at = -1;
  /** @type {Set<number>} the lines about what is selected */
  let here = new Set();
  /** @type {Set<number>} the lines before which an error was found */
  let found = new Set();
  /** @type {Selection} what this list itself has selected last */
  let asked = {};
  /** @type {Selection} */
  let selection = {};

  const id = uid("trace");
  const heading = h("p", { class: "gl-trace-head" });
  const lines = h("div", {
    class: "gl-trace",
    role: "listbox",
    tabindex: "0",
    "aria-label": "what the checker did; arrow keys walk through it",
  });
  const list = virtualList(lines, row);
  const element = h("div", { class: "gl-trace-frame" }, heading, lines);

  const length = () => payload?.phases[phase].lines ?? 0;

  /** @param {number} index @returns {string} a line's place; the file only where there are several */
  function where(index) {
    const { files, phases } = /** @type {Checks} */ (payload);
    const { file, line, column } = phases[phase].trace;
    if (!line[index]) return "";
    const name = files.filter(Boolean).length > 1 ? `${files[file[index]]}:` : "";
    return `${name}${line[index]}:${column[index]}`;
  }

  /** @param {number} index */
  function row(index) {
    const { trace } = /** @type {Checks} */ (payload).phases[phase];
    const text = trace.text[index];
    const kind = text.startsWith("=>") ? "result" : text.startsWith("--") ? "begin" : text.startsWith("ERROR") ? "error" : "other";
    const indent = h("span", { class: "gl-trace-indent", "aria-hidden": "true" });
    indent.style.width = `${Math.min(trace.depth[index], DEEPEST) * 1.5}ch`;
    return h(
      "div",
      {
        class: here.has(index) ? "gl-row gl-trace-row gl-row-here" : "gl-row gl-trace-row",
        role: "option",
        id: `${id}-${index}`,
        "aria-selected": index === at ? "true" : "false",
        "aria-posinset": index + 1,
        "aria-setsize": length(),
        "data-line": index,
        "data-kind": kind,
        "data-found": found.has(index),
      },
      h("span", { class: "gl-mark", title: found.has(index) ? "an error was found here" : null }, found.has(index) ? "✗" : " "),
      h("span", { class: "gl-trace-at" }, where(index)),
      indent,
      h("span", { class: "gl-row-text" }, text),
    );
  }

  /**
   * @param {number} line
   * @param {boolean} [focus]
   */
  function go(line, focus = false) {
    if (!payload || length() === 0) return;
    at = Math.max(0, Math.min(length() - 1, line));
    const place = placeOf(payload, phase, at);
    // A line without a place leaves the selection where it is.
    if (place) {
      asked = place;
      select(place);
    }
    paint();
    list.reveal(at);
    set(lines, "aria-activedescendant", `${id}-${at}`);
    if (focus) lines.focus();
  }

  function paint() {
    here = new Set(payload ? linesAt(payload, phase, selection).lines : []);
    list.show(length());
  }

  lines.addEventListener("keydown", (event) => {
    const next = climb(event.key, at, length(), PAGE);
    if (next === null) return;
    event.preventDefault();
    go(next);
  });
  lines.addEventListener("click", (event) => {
    const line = /** @type {Element} */ (event.target).closest("[data-line]")?.getAttribute("data-line");
    if (line) go(Number(line));
  });

  return {
    element,
    go,
    /**
     * @param {Checks} next
     * @param {number} of the phase
     * @param {Finding[]} findings of that phase
     */
    show(next, of, findings) {
      const moved = payload?.phases[phase].name !== next.phases[of].name;
      payload = next;
      phase = of;
      const last = length() - 1;
      found = new Set(findings.filter((one) => one.at >= 0).map((one) => Math.min(one.at, last)));
      at = moved ? -1 : Math.min(at, last);
      say(heading, words(next, next.phases[of]));
      set(lines, "hidden", last < 0);
      set(lines, "aria-activedescendant", at >= 0 ? `${id}-${at}` : null);
      paint();
      if (moved) list.reveal(Math.max(0, Math.min(...found, last)));
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      if (!payload) return;
      const own = same(next, asked);
      paint();
      const about = linesAt(payload, phase, next);
      // A step of this list's own has put us where we are; another view's selection takes us along.
      if (own || about.lines.length === 0 || here.has(at)) return;
      if (about.exact) at = about.lines[0];
      list.reveal(about.lines[0]);
      list.show(length());
    },
  };
}

/**
 * @param {Checks} payload
 * @param {Phase} phase
 * @returns {string} what is to be known of a trace before its lines
 */
function words(payload, phase) {
  if (!phase.ran) return "no trace: it never ran";
  if (phase.made) return `no trace; it made ${phase.made}`;
  if (!payload.traced) return "no trace: this Go gives the phases and their errors only";
  if (phase.total === 0) return "no trace: it printed nothing";
  const cut = phase.lines < phase.total ? `, the first ${phase.lines.toLocaleString("en")} of them here` : "";
  return `what it did, in ${count(phase.total, "line")}${cut}`;
}
