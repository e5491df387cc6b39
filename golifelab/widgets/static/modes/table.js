/**
 * All builds in a table; the one in view has a ring.
 */

import { MARKS, figure, lastPart } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Build} Build */

const HEADS = ["build", "what came of it", "linked by", "interpreter", "libraries", "entry", "bytes"];

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
      h("td", { title: row.interpreter || null }, lastPart(row.interpreter)),
      h("td", {}, row.needed.join(", ")),
      h("td", {}, h("code", {}, row.entry)),
      h("td", { class: "gl-modes-figure" }, row.size ? figure(row.size) : ""),
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
    },
  };
}

/** A name that breaks between settings only. @param {string} name @returns {(HTMLElement | string)[]} */
function pieces(name) {
  return name.split(", ").flatMap((piece, at, all) => [h("span", { class: "gl-modes-piece" }, at < all.length - 1 ? `${piece},` : piece), " "]);
}

/** @param {string} outcome */
export function chip(outcome) {
  return h("span", { class: "gl-modes-chip", "data-outcome": outcome }, h("span", { "aria-hidden": "true" }, MARKS[outcome] ?? ""), ` ${outcome}`);
}
