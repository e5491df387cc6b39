/**
 * The table of the ablation board: the function by default and as switched, and a row for every pass.
 *
 * Rows stay the same elements while measures come in, so that the focus stays where it is.
 */

import { h, say, set } from "../page/dom.js";
import { bar, figure, move, scales, signed } from "./model.js";

/** @typedef {import("./model.js").Board} Board */
/** @typedef {import("./model.js").Cell} Cell */
/** @typedef {import("./model.js").Column} Column */
/** @typedef {import("./model.js").Order} Order */
/** @typedef {import("./model.js").Row} Row */

/**
 * @typedef {object} Line
 * @property {HTMLTableRowElement} element
 * @property {HTMLButtonElement} button
 * @property {HTMLTableCellElement[]} cells
 */

/**
 * @param {{toggle: (name: string) => void, sort: (column: number) => void, about: (name: string) => void, live: boolean}} answers
 */
export function createTable({ toggle, sort, about, live }) {
  const head = h("tr", { class: "gl-ablation-columns" });
  const top = h("thead", {}, head);
  const body = h("tbody");
  const element = h("table", { class: "gl-ablation-table" }, top, body);
  /** @type {Map<string, Line>} */
  const lines = new Map();
  /** @type {Row[]} */
  let shown = [];
  let active = "";
  let drawn = "";

  /** @param {Column[]} columns */
  function buildHead(columns) {
    const key = columns.map(({ id }) => id).join();
    if (key === drawn) return;
    drawn = key;
    const button = (/** @type {number} */ column, /** @type {string} */ name, /** @type {string} */ title) =>
      h("button", { type: "button", class: "gl-ablation-sort", title, onclick: () => sort(column) }, name);
    head.replaceChildren(
      h("th", { scope: "col", colspan: 2 }, button(-1, "pass", "in the order in which the passes run")),
      ...columns.map(({ name }, column) => h("th", { scope: "col" }, button(column, name, `the largest change of ${name} first`))),
    );
  }

  /** @param {Order} order */
  function markOrder(order) {
    [...head.children].forEach((cell, index) => {
      const here = index - 1 === order.column;
      set(cell, "aria-sort", here && order.column >= 0 ? (order.down ? "descending" : "ascending") : null);
    });
  }

  /**
   * @param {Row} row
   * @param {number} columns
   */
  function line(row, columns) {
    const { name, required } = row.entry;
    const made = lines.get(name);
    if (made && made.cells.length === (required ? 1 : columns)) return made;
    const button = h("button", {
      type: "button",
      class: "gl-ablation-switch",
      role: "switch",
      "aria-label": name,
      "aria-disabled": required || !live ? "true" : null,
      tabindex: "-1",
    });
    const cells = required ? [h("td", { class: "gl-ablation-refusal", colspan: columns })] : Array.from({ length: columns }, () => h("td", { class: "gl-ablation-change" }));
    const element = h("tr", { "data-pass": name }, h("td", { class: "gl-ablation-switch-cell" }, button), h("th", { scope: "row" }, name), ...cells);
    button.addEventListener("click", () => {
      activate(name);
      if (live && !required) toggle(name);
    });
    button.addEventListener("focus", () => activate(name));
    element.addEventListener("pointerenter", () => about(name));
    element.addEventListener("pointerleave", () => about(active));
    const fresh = { element, button, cells };
    lines.set(name, fresh);
    return fresh;
  }

  /** @param {string} name */
  function activate(name) {
    const before = lines.get(active);
    if (before) before.button.tabIndex = -1;
    active = name;
    const now = lines.get(name);
    if (now) now.button.tabIndex = 0;
    about(name);
  }

  /** @param {Row} row @param {number[]} scale */
  function fill(row, scale) {
    const { element, button, cells } = line(row, scale.length);
    set(element, "data-state", row.state);
    set(element, "data-switched", row.switched);
    set(element, "data-old", row.old);
    set(button, "aria-checked", String(row.on));
    if (row.entry.required) return say(cells[0], "required");
    cells.forEach((cell, column) => {
      const change = row.change?.[column] ?? 0;
      const text = row.state === "failed" ? (column === 0 ? "fails" : "") : row.state === "waiting" ? (column === 0 ? "…" : "") : signed(change);
      const key = `${text} ${change} ${scale[column]}`;
      if (cell.getAttribute("data-key") === key) return;
      set(cell, "data-key", key);
      const length = bar(change, scale[column]);
      cell.replaceChildren(
        ...(length > 0 ? [barElement(length, change)] : []),
        h("span", { class: "gl-ablation-figure" }, text),
      );
    });
  }

  /** @param {number} length @param {number} change */
  function barElement(length, change) {
    const made = h("span", { class: "gl-ablation-bar", "data-less": change < 0, "aria-hidden": "true" });
    made.style.setProperty("--gl-length", length.toFixed(3));
    return made;
  }

  /**
   * @param {string} name
   * @param {(number | null)[]} values
   * @param {(number | null)[]} changes
   * @param {string} state
   */
  function total(name, values, changes, state) {
    return h(
      "tr",
      { "data-state": state },
      h("th", { scope: "row", colspan: 2 }, name),
      ...values.map((value, column) =>
        h(
          "td",
          {},
          changes[column] ? h("span", { class: "gl-ablation-total-change", "data-less": (changes[column] ?? 0) < 0 }, signed(changes[column] ?? 0)) : null,
          h("span", { class: "gl-ablation-figure" }, value === null ? "…" : figure(value)),
        ),
      ),
    );
  }

  element.addEventListener("keydown", (event) => {
    const at = shown.findIndex((row) => row.entry.name === active);
    if (!(event.target instanceof Element) || !event.target.closest(".gl-ablation-switch")) return;
    const to = move(event.key, at, shown.length);
    if (to === null) return;
    event.preventDefault();
    activate(shown[to].entry.name);
    lines.get(active)?.button.focus();
  });

  return {
    element,
    /** @param {EventTarget | null} target */
    holds: (target) => target instanceof Node && body.contains(target),
    focus: () => lines.get(active)?.button.focus(),
    /**
     * @param {Board} board
     * @param {Row[]} rows in their order
     * @param {Order} order
     */
    show(board, rows, order) {
      buildHead(board.columns);
      markOrder(order);
      const scale = scales(rows, board.columns.length);
      for (const row of rows) fill(row, scale);
      shown = rows;
      const wanted = rows.map((row) => /** @type {Line} */ (lines.get(row.entry.name)).element);
      const same = wanted.length === body.children.length && wanted.every((one, index) => body.children[index] === one);
      if (!same) {
        const focused = element.ownerDocument.activeElement;
        const held = body.contains(focused);
        body.replaceChildren(...wanted);
        if (held && focused instanceof HTMLElement && body.contains(focused)) focused.focus({ preventScroll: true });
      }
      if (!rows.some((row) => row.entry.name === active) && rows.length > 0) activate(rows[0].entry.name);
    },
    /**
     * @param {Board} board
     * @param {number[] | null} baseline
     * @param {number} count how many passes are switched; -1 where none can be
     * @param {Cell | null} chosen
     */
    totals(board, baseline, count, chosen) {
      const none = board.columns.map(() => null);
      const byDefault = baseline ?? none;
      if (count < 0) {
        top.replaceChildren(head, total("by default", byDefault, [], "default"));
        return;
      }
      const after = count === 0 ? byDefault : (chosen?.measure ?? none);
      const changes = after.map((value, column) => (value === null || byDefault[column] === null ? null : value - /** @type {number} */ (byDefault[column])));
      const name = count === 0 ? "as switched" : `as switched: ${count} ${count === 1 ? "pass" : "passes"}`;
      const state = count === 0 ? "same" : chosen && !chosen.measure ? "failed" : "other";
      const rows = [total("by default", byDefault, [], "default"), total(name, after, changes, state)];
      if (state === "failed") rows[1].replaceChildren(h("th", { scope: "row", colspan: 2 }, name), h("td", { class: "gl-ablation-fails", colspan: board.columns.length }, chosen?.error ?? ""));
      top.replaceChildren(head, ...rows);
    },
  };
}
