/**
 * What a phase of the front end found: each error with its place, its code, what the code means, and the
 * checker's functions that led to it.
 */

import { count } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Finding} Finding */

/**
 * @param {(selection: Selection) => void} select
 * @param {(line: number) => void} reveal show a line of the trace
 */
export function createFindings(select, reveal) {
  const element = h("ol", { class: "gl-findings", "aria-label": "what it found" });
  /** @type {Set<string>} what the reader has opened: it stays open from edit to edit */
  const opened = new Set();

  /**
   * @param {string} key under which it is remembered that it is open
   * @param {string} summary
   * @param {...import("../page/dom.js").Child} children
   */
  function fold(key, summary, ...children) {
    const made = h("details", { open: opened.has(key) }, h("summary", {}, summary), ...children);
    made.addEventListener("toggle", () => (made.open ? opened.add(key) : opened.delete(key)));
    return made;
  }

  /** @param {Finding} finding */
  function explanation({ code, summary, example }) {
    if (!summary) return null;
    const paragraphs = summary.split(/\n\s*\n/).map((text) => h("p", {}, text));
    return fold(code, `what ${code} means`, ...paragraphs, example && h("pre", { class: "gl-code" }, example));
  }

  /** @param {Finding} finding */
  function calls({ by }) {
    if (by.length < 2) return null;
    const summary = `found in ${by[by.length - 1]}, ${count(by.length - 1, "call")} below ${by[0]}`;
    const path = by.flatMap((name, i) => [i > 0 && " › ", h("code", {}, name)]);
    return fold("", summary, h("p", { class: "gl-by" }, ...path));
  }

  /**
   * @param {Finding} finding
   * @param {boolean} first
   * @param {number} lines how many lines of the trace there are
   */
  function item(finding, first, lines) {
    const { file, line, column } = finding;
    const where = line ? `${file}:${line}${column ? `:${column}` : ""}` : "";
    const at = Math.min(finding.at, lines - 1);
    return h(
      "li",
      { class: "gl-finding", "data-first": first },
      h(
        "p",
        { class: "gl-finding-head" },
        first && h("span", { class: "gl-first" }, "first"),
        " ",
        where && h("button", { class: "gl-go", type: "button", onclick: () => select({ file, line, column }) }, where),
        " ",
        h("span", { class: "gl-message" }, finding.message),
      ),
      h(
        "p",
        { class: "gl-finding-facts" },
        finding.code && h("code", {}, finding.code),
        finding.number > 0 && h("span", { class: "gl-note" }, `error ${finding.number}`),
        at >= 0 &&
          h("button", { class: "gl-go", type: "button", onclick: () => reveal(at) }, `line ${at + 1} of the trace`),
      ),
      calls(finding),
      explanation(finding),
    );
  }

  return {
    element,
    /**
     * @param {Finding[]} found
     * @param {Finding | null} first the first finding of all
     * @param {number} lines how many lines of the phase's trace there are
     */
    show(found, first, lines) {
      element.replaceChildren(...found.map((finding) => item(finding, finding === first, lines)));
      set(element, "hidden", found.length === 0);
    },
  };
}
