/**
 * The imports of a graph as a table of switches: a row for each importer, a column for what it imports.
 */

import { closes, named } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Imports} Imports */

/**
 * @param {object} wanted
 * @param {(importer: string, imported: string) => void} wanted.toggle
 * @param {(name: string) => void} wanted.choose a package was named
 */
export function createMatrix({ toggle, choose }) {
  const element = h("table", { class: "gl-inits-matrix", role: "grid", "aria-label": "imports: a row imports a column" });
  /** @type {HTMLButtonElement[][]} */
  let cells = [];
  /** @type {[number, number]} */
  let at = [0, 0];
  /** @type {string[]} */
  let names = [];

  /** @param {number} row @param {number} column */
  function focus(row, column) {
    at = [Math.max(0, Math.min(cells.length - 1, row)), Math.max(0, Math.min((cells[0]?.length ?? 1) - 1, column))];
    roam();
    cells[at[0]]?.[at[1]]?.focus();
  }
  function roam() {
    cells.forEach((row, i) => row.forEach((cell, j) => set(cell, "tabindex", i === at[0] && j === at[1] ? 0 : -1)));
  }

  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [row, column] = at;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], Home: [row, 0], End: [row, cells[0]?.length ?? 0] };
    if (!moves[event.key]) return;
    event.preventDefault();
    focus(...moves[event.key]);
  });

  /** @param {Imports} imports @param {number} i @param {number} j */
  function switchFor(imports, i, j) {
    const [importer, imported] = [names[i], names[j + 1]];
    const on = (imports[importer] ?? []).includes(imported);
    const circle = !on && closes(imports, importer, imported);
    const words = importer === imported ? "no package imports itself" : circle ? `${importer} can’t import ${imported}: that would close a circle` : `${importer} ${on ? "imports" : "doesn’t import"} ${imported}`;
    return h(
      "button",
      {
        type: "button",
        role: "switch",
        "aria-checked": String(on),
        "aria-disabled": circle ? "true" : null,
        "aria-label": words,
        title: words,
        onfocus: () => {
          at = [i, j];
          roam();
          choose(importer);
        },
        onclick: () => {
          if (!circle) toggle(importer, imported);
        },
      },
      on ? "●" : importer === imported ? "" : circle ? "⟲" : "·",
    );
  }

  return {
    element,
    /** @param {Imports} imports */
    show(imports) {
      const held = element.contains(document.activeElement);
      names = named(imports);
      cells = names.map((_, i) => names.slice(1).map((_, j) => switchFor(imports, i, j)));
      element.replaceChildren(
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "imports →"), ...names.slice(1).map((name) => h("th", { scope: "col" }, h("code", {}, name))))),
        h("tbody", {}, ...names.map((name, i) => h("tr", {}, h("th", { scope: "row" }, h("code", {}, name)), ...cells[i].map((cell) => h("td", {}, cell))))),
      );
      at = [Math.min(at[0], cells.length - 1), Math.min(at[1], Math.max(0, names.length - 2))];
      roam();
      if (held) cells[at[0]]?.[at[1]]?.focus();
    },
  };
}
