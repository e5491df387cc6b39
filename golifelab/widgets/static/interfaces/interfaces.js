/**
 * The interface explainer: every type of the program beside every interface, each cell with its reason,
 * and the method set of the chosen type beside what the chosen interface wants.
 */

import { explanation } from "./why.js";
import { keep, move, verdict } from "./model.js";
import { h, say, set, uid } from "../page/dom.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").At} At */
/** @typedef {import("./model.js").Interfaces} Interfaces */
/** @typedef {import("./model.js").Named} Named */

/**
 * @param {HTMLElement} parent
 * @param {(selection: Selection) => void} select
 */
export function createInterfaces(parent, select) {
  /** @type {Interfaces | null} */
  let payload = null;
  /** @type {At} */
  let at = { row: 0, column: 0 };
  /** @type {HTMLElement[][]} row 0 holds the headings, column 0 the types */
  let cells = [];
  /** @type {Selection} */
  let selection = {};

  const status = h("span", { class: "gl-status", role: "status" }, "asking the checker …");
  const grid = h("table", { class: "gl-matrix", role: "grid", "aria-label": "types and interfaces; arrow keys walk through it" });
  const scroller = h("div", { class: "gl-matrix-frame" }, grid);
  const why = h("div", { class: "gl-reason", role: "region", id: uid("why"), tabindex: "-1", "aria-label": "why" });
  const frame = h(
    "section",
    { class: "gl-interfaces", "aria-label": "interfaces", "data-part": "front" },
    h("header", { class: "gl-interfaces-head" }, status),
    scroller,
    why,
  );
  parent.append(frame);

  /** @param {At} place */
  const elementAt = ({ row, column }) => cells[row + 1]?.[column + 1];

  /**
   * @param {At} to
   * @param {boolean} [focus]
   */
  function choose(to, focus = false) {
    if (!payload) return;
    const old = elementAt(at);
    if (old) {
      old.tabIndex = -1;
      set(old, "aria-selected", old.getAttribute("role") === "gridcell" ? "false" : null);
      set(old, "data-chosen", null);
    }
    at = to;
    const now = elementAt(at);
    if (!now) return;
    now.tabIndex = 0;
    set(now, "data-chosen", true);
    if (now.getAttribute("role") === "gridcell") set(now, "aria-selected", "true");
    if (focus) now.focus();
    why.replaceChildren(...explanation(payload, at, select));
    set(frame, "data-chosen", [payload.types[at.row]?.name, payload.interfaces[at.column]?.name].join(" "));
  }

  /** Choose, and show in the source what the choice is about. @param {At} to */
  function visit(to) {
    choose(to, true);
    const place = placeOf(to);
    if (place) select({ ...place });
  }

  /** @param {At} place @returns {import("./model.js").Place | null | undefined} */
  function placeOf({ row, column }) {
    if (!payload) return null;
    if (row < 0) return payload.interfaces[column]?.position;
    if (column < 0) return payload.types[row]?.position;
    return payload.cells[row][column].position ?? payload.types[row].position;
  }

  /**
   * @param {string} role
   * @param {number} row
   * @param {number} column
   * @param {Record<string, any>} attributes
   * @param {...import("../page/dom.js").Child} children
   */
  function cell(role, row, column, attributes, ...children) {
    const made = h(role === "gridcell" ? "td" : "th", { role, tabindex: "-1", ...attributes }, ...children);
    made.addEventListener("click", () => visit({ row, column }));
    return made;
  }

  /** @param {Interfaces} next */
  function build(next) {
    const head = [
      h("td", { class: "gl-corner" }, "type ╲ interface"),
      ...next.interfaces.map((one, column) => cell("columnheader", -1, column, { scope: "col" }, h("code", {}, one.name))),
    ];
    const rows = next.types.map((one, row) => [
      cell("rowheader", row, -1, { scope: "row" }, h("code", {}, one.name)),
      ...next.cells[row].map((inside, column) => {
        const { mark, word, state } = verdict(inside);
        const label = `${one.name}, ${next.interfaces[column].name}: ${word}`;
        return cell(
          "gridcell",
          row,
          column,
          { "data-state": state, "aria-label": label, "aria-selected": "false", title: inside.message || null },
          h("span", { class: "gl-verdict-mark", "aria-hidden": "true" }, mark),
          h("span", { class: "gl-verdict-word" }, word),
        );
      }),
    ]);
    cells = [head, ...rows];
    grid.replaceChildren(
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head)),
      h("tbody", { role: "rowgroup" }, ...rows.map((row) => h("tr", { role: "row" }, ...row))),
    );
  }

  /** Ring the names of what is selected in the source. */
  function mark() {
    const here = (/** @type {Named} */ { position, methods }) =>
      [position, ...(methods ?? []).map((method) => method.position)].some(
        (place) => Boolean(selection.line) && place?.line === selection.line && place?.file === selection.file,
      );
    payload?.types.forEach((one, row) => cells[row + 1][0].classList.toggle("gl-here-row", here(one)));
    payload?.interfaces.forEach((one, column) => cells[0][column + 1].classList.toggle("gl-here-row", here(one)));
  }

  grid.addEventListener("keydown", (event) => {
    if (!payload) return;
    const to = move(event.key, event.ctrlKey || event.metaKey, at, payload.types.length, payload.interfaces.length);
    if (to === null) return;
    event.preventDefault();
    visit(to);
  });
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    // Tab goes on from here, and the notebook's own keys work again.
    event.preventDefault();
    why.focus();
  });

  return {
    element: frame,
    /** @param {Interfaces} next */
    show(next) {
      const stale = !next.parsed && payload !== null && payload.parsed;
      set(frame, "data-stale", stale);
      if (stale) {
        say(status, "the text does not parse: this is of the last one that did");
        return;
      }
      const chosen = keep(payload, at, next);
      const focused = grid.contains(document.activeElement);
      const empty = next.types.length === 0 || next.interfaces.length === 0;
      payload = next;
      say(status, summary(next));
      set(scroller, "hidden", empty);
      build(next);
      const hint = "Every type has a row here and every interface a column: declare one of each.";
      if (empty) why.replaceChildren(h("p", { class: "gl-nothing" }, next.parsed ? hint : ""));
      else choose(chosen, focused);
      mark();
    },
    /** @param {Selection} next */
    select(next) {
      selection = next;
      mark();
    },
  };
}

/** @param {Interfaces} payload @returns {string} */
function summary(payload) {
  const all = payload.cells.flat();
  if (!payload.parsed) return "the text does not parse: nothing could be asked";
  if (all.length === 0) return nothing(payload);
  const yes = all.filter((cell) => cell.ok).length;
  const { types, interfaces } = payload.hidden;
  const hidden = [types > 0 && `${types} more types`, interfaces > 0 && `${interfaces} more interfaces`].filter(Boolean);
  const more = hidden.length > 0 ? ` · not shown: ${hidden.join(", ")}` : "";
  const errors = payload.errors > 0 ? " · the program has errors of its own" : "";
  return `${yes} of ${all.length} are satisfied${errors}${more}`;
}

/** @param {Interfaces} payload */
function nothing(payload) {
  return payload.types.length === 0 ? "no type is declared here" : "no interface is declared or mentioned here";
}

