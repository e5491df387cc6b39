/**
 * Rows in the order of their initialisation, one below the other, with an arc from each to those that it
 * needs: all arcs lead upwards. One row is current; what it needs, and what waits for it, is marked.
 */

import { arc, waiting } from "./model.js";
import { h, set, svg, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";

/** @typedef {import("./model.js").Row} Row */

export const HEIGHT = 20;
const WIDTH = 76;
/** Rows in view at most. */
const VIEW = 24;
/** Arcs that are drawn of all rows; of more, only those of the current row are. */
const ARCS = 300;
/** What a row is to the current one. */
const SIGNS = { here: "▶", needed: "↑", waits: "↓", "": "" };
const WORDS = { here: "", needed: ", needed by the current one", waits: ", waits for the current one", "": "" };

/**
 * @param {object} wanted
 * @param {string} wanted.name for those who can't see it
 * @param {(row: Row, number: number) => (HTMLElement | string)[]} wanted.cells what stands behind the name
 * @param {(row: Row) => string} wanted.words the same, read aloud
 * @param {(number: number) => void} wanted.choose called when the reader moves
 * @param {number} [wanted.view] rows in view at most
 */
export function createLadder({ name, cells, words, choose, view = VIEW }) {
  const prefix = uid("init");
  const all = svg("path", { class: "gl-inits-arcs" });
  const waits = svg("path", { class: "gl-inits-arcs", "data-kind": "waits" });
  const needs = svg("path", { class: "gl-inits-arcs", "data-kind": "needs" });
  const picture = svg("svg", { class: "gl-inits-picture", width: WIDTH, "aria-hidden": "true" }, all, waits, needs);
  const box = h("div", { class: "gl-inits-ladder", role: "listbox", tabindex: "0", "aria-label": name });
  const lines = virtualList(box, line);
  box.firstElementChild?.prepend(picture);
  /** @type {Row[]} */
  let rows = [];
  let at = 0;
  /** @type {Set<number>} */
  let above = new Set();
  /** @type {Set<number>} */
  let below = new Set();

  /** @param {number} number @returns {keyof typeof SIGNS} */
  const relation = (number) => (number === at ? "here" : above.has(number) ? "needed" : below.has(number) ? "waits" : "");

  /** @param {number} number */
  function line(number) {
    const row = rows[number];
    const kind = relation(number);
    return h(
      "div",
      {
        class: "gl-inits-row",
        id: `${prefix}-${number}`,
        role: "option",
        "aria-selected": number === at ? "true" : "false",
        "aria-label": `${number + 1}: ${row.name}, ${words(row)}${WORDS[kind]}`,
        "data-kind": kind || null,
        "data-list": row.list ?? row.how ?? null,
        "data-done": number < at,
        onclick: () => move(number),
      },
      h("span", { class: "gl-inits-relation" }, SIGNS[kind]),
      h("span", { class: "gl-inits-number" }, number + 1),
      h("code", { class: "gl-inits-name", title: row.name }, row.name),
      ...cells(row, number),
    );
  }

  /** @param {number} number */
  function move(number) {
    const to = Math.max(0, Math.min(rows.length - 1, number));
    if (rows.length > 0) choose(to);
  }

  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1 };
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    move(moves[event.key]);
  });

  return {
    element: box,
    /** @param {Row[]} next @param {number} current */
    show(next, current) {
      rows = next;
      const total = rows.reduce((sum, row) => sum + row.needs.length, 0);
      set(picture, "height", rows.length * HEIGHT);
      set(all, "d", total <= ARCS ? rows.flatMap((row, from) => row.needs.map((to) => arc(from, to, HEIGHT, WIDTH))).join("") : "");
      box.style.maxHeight = `${Math.min(rows.length, view) * HEIGHT + 4}px`;
      this.go(current);
    },
    /** @param {number} to show it as the current one; nobody is told */
    go(to) {
      at = Math.max(0, Math.min(rows.length - 1, to));
      above = new Set(rows[at]?.needs);
      below = new Set(rows[at] ? waiting(rows, at) : []);
      set(needs, "d", [...above].map((other) => arc(at, other, HEIGHT, WIDTH)).join(""));
      set(waits, "d", [...below].map((other) => arc(other, at, HEIGHT, WIDTH)).join(""));
      set(box, "aria-activedescendant", rows.length > 0 ? `${prefix}-${at}` : null);
      lines.show(rows.length);
      lines.reveal(at);
    },
  };
}
