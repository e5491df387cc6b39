/**
 * All builds in a table; the one in view has a ring.
 */

import { MARKS, figure, lastPart } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Build} Build */

// What matters most stands first: a narrow page cuts the rest off.
const HEADS = ["build", "what came of it", "linked by", "libraries", "bytes", "interpreter", "entry"];

/**
 * @param {(row: number) => void} choose
 */
export function createTable(choose) {
  const body = h("tbody");
  const table = h("table", { class: "gl-modes-table" }, h("thead", {}, h("tr", {}, ...HEADS.map((name) => h("th", { scope: "col" }, name)))), body);
  const element = h("div", { class: "gl-modes-rows", role: "region", "aria-label": "all builds" }, table);
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  let drawn = "";
  let at = 0;
  let shown = -1;

  /** @param {Build} row @param {boolean} several */
  function line(row, several) {
    const button = h("button", { type: "button", class: "gl-modes-build", tabindex: "-1" }, several && h("b", {}, `${row.program} `), ...pieces(row.name));
    buttons.push(button);
    const words = row.silence || row.warnings.length > 0;
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, button),
      h("td", {}, chip(row.outcome), words && h("span", { class: "gl-modes-flagged", title: [row.silence, ...row.warnings].filter(Boolean).join("\n") }, row.silence ? "! not heard" : "! warning")),
      h("td", {}, row.linker && (row.linker === "Go's linker" ? "Go" : row.linker)),
      h("td", {}, row.needed.join(", ")),
      h("td", { class: "gl-modes-figure" }, row.size ? figure(row.size) : ""),
      h("td", { title: row.interpreter || null }, lastPart(row.interpreter)),
      h("td", {}, h("code", {}, row.entry)),
    );
  }

  body.addEventListener("click", (event) => {
    const row = /** @type {Element} */ (event.target).closest("tr");
    const index = row ? [...body.children].indexOf(row) : -1;
    if (index >= 0) choose(index);
  });
  body.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(buttons.length - 1, moves[event.key]));
    choose(to);
    buttons[to]?.focus();
  });

  return {
    element,
    /** @param {Build[]} rows @param {number} row the one in view, -1 for none @param {boolean} several programs */
    show(rows, row, several) {
      const key = JSON.stringify(rows);
      if (key !== drawn) {
        const focused = buttons.indexOf(/** @type {HTMLButtonElement} */ (element.ownerDocument.activeElement));
        drawn = key;
        buttons = [];
        body.replaceChildren(...rows.map((one) => line(one, several)));
        if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus({ preventScroll: true });
      }
      at = Math.max(0, row);
      [...body.children].forEach((one, index) => {
        set(one, "data-chosen", index === row);
        set(buttons[index], "aria-current", index === row ? "true" : null);
        buttons[index].tabIndex = index === at ? 0 : -1;
      });
      set(element, "hidden", rows.length === 0);
      if (row !== shown) reveal(element, /** @type {HTMLElement | undefined} */ (body.children[row]));
      shown = row;
    },
  };
}

/**
 * Scroll within a frame, and nothing but the frame, until something in it is to be seen.
 *
 * @param {HTMLElement} frame
 * @param {HTMLElement | null | undefined} part
 */
export function reveal(frame, part) {
  if (!part) return;
  const [outer, inner] = [frame.getBoundingClientRect(), part.getBoundingClientRect()];
  if (inner.top < outer.top) frame.scrollTop -= outer.top - inner.top + 28; // the head stays on top
  else if (inner.bottom > outer.bottom) frame.scrollTop += inner.bottom - outer.bottom + 8;
}

/** A name that breaks between settings only. @param {string} name @returns {(HTMLElement | string)[]} */
function pieces(name) {
  return name.split(", ").flatMap((piece, at, all) => [h("span", { class: "gl-modes-piece" }, at < all.length - 1 ? `${piece},` : piece), " "]);
}

/** @param {string} outcome */
export function chip(outcome) {
  return h("span", { class: "gl-modes-chip", "data-outcome": outcome }, h("span", { "aria-hidden": "true" }, MARKS[outcome] ?? ""), ` ${outcome}`);
}
