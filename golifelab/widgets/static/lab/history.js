/**
 * The edits so far: what each did to the function, and the way back to it. And what the last one did, in a line.
 */

import { h, say, set, uid } from "../page/dom.js";

/**
 * @typedef {{function: string, values: number, blocks: number, instructions: number, bytes: number}} Figures
 * @typedef {{number: number, line: number, words: string, text: string, figures: Figures}} Edit
 * @typedef {{number: number, from: Figures, to: Figures, counts: Record<string, number>, partners: Record<string, string>, changes: Record<string, "+" | "~">}} Since
 */

const FIGURES = /** @type {const} */ (["values", "blocks", "instructions", "bytes"]);

/**
 * @param {Figures} from
 * @param {Figures} to
 * @returns {{what: string, from: number, to: number}[]} the figures that differ
 */
export const differing = (from, to) => FIGURES.filter((what) => from[what] !== to[what]).map((what) => ({ what, from: from[what], to: to[what] }));

/** @param {{what: string, from: number, to: number}} figure @returns {string} "−2 values", "+1 byte" */
export const signed = ({ what, from, to }) => `${to < from ? "−" : "+"}${Math.abs(to - from)} ${Math.abs(to - from) === 1 ? what.slice(0, -1) : what}`;

/**
 * @param {Since | null} since
 * @returns {string} what the last edit did, in a line
 */
export function sinceWords(since) {
  if (!since) return "";
  const parts = differing(since.from, since.to).map((figure) => `${signed(figure)} (${figure.to})`);
  const { changed = 0, added = 0, removed = 0 } = since.counts;
  const who = [changed && `${changed} changed`, added && `${added} new`, removed && `${removed} gone`].filter(Boolean).join(", ");
  if (parts.length === 0 && !who) return "the same code as before";
  return [parts.join(" · ") || "as large as before", who && `values: ${who}`].filter(Boolean).join(" · ");
}

/**
 * @param {HTMLElement} place where the list opens
 * @param {(text: string) => void} back called with the text to go back to
 */
export function createHistory(place, back) {
  /** @type {Edit[]} */
  let edits = [];
  const list = h("ol", { class: "gl-edits", role: "listbox", "aria-label": "edits, the newest first: Enter goes back to one", tabindex: "-1" });
  const panel = h("div", { class: "gl-popover gl-edits-panel", id: uid("edits"), hidden: true }, list);
  const button = h("button", { type: "button", class: "gl-toggle", "aria-expanded": "false", "aria-controls": panel.id, onclick: () => turn(Boolean(panel.hidden)) }, "edits");
  place.append(button, panel);
  let at = 0;

  /** @param {boolean} open */
  function turn(open) {
    set(panel, "hidden", !open);
    set(button, "aria-expanded", String(open));
    if (!open) return;
    at = 0;
    paint();
    focus();
  }
  function focus() {
    const items = /** @type {HTMLElement[]} */ ([...list.children]);
    items.forEach((item, i) => set(item, "tabindex", i === at ? 0 : -1));
    items[at]?.focus();
  }

  function paint() {
    say(button, edits.length > 1 ? `edits ${edits.length - 1}` : "edits");
    if (panel.hidden) return;
    list.replaceChildren(...edits.map((_, i) => entry(i)).reverse());
  }
  /** @param {number} i */
  function entry(i) {
    const edit = edits[i];
    const before = edits[i - 1];
    const now = i === edits.length - 1;
    const known = before && before.figures.function === edit.figures.function;
    const changes = known ? differing(before.figures, edit.figures).map(signed) : [];
    const facts = before ? (changes.join(" · ") || "same size") : FIGURES.map((what) => `${edit.figures[what]} ${what}`).join(" · ");
    return h(
      "li",
      { class: "gl-edit", role: "option", tabindex: -1, "aria-selected": String(now), title: now ? "what is in the editor" : "go back to this text (Ctrl+Z undoes that)", onclick: () => choose(i) },
      h("span", { class: "gl-edit-where" }, edit.line ? `line ${edit.line}` : "first text"),
      h("code", { class: "gl-edit-words" }, edit.words || (edit.line ? "(line taken away)" : "")),
      h("span", { class: "gl-note gl-edit-facts" }, facts),
    );
  }
  /** @param {number} i */
  function choose(i) {
    turn(false);
    button.focus();
    if (edits[i]) back(edits[i].text);
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      turn(false);
      button.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      at = Math.max(0, Math.min(edits.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      focus();
    } else if (event.key === "Enter") choose(edits.length - 1 - at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  panel.addEventListener("focusout", (event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (to && !panel.contains(to) && to !== button) turn(false);
  });

  return {
    edits: () => edits,
    /** @param {Edit[]} next */
    show(next) {
      edits = next;
      paint();
    },
  };
}
