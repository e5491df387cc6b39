/**
 * The symbols of an object file: a list to search and to go from.
 */

import { h, say, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { found, some } from "./model.js";

/** @typedef {import("./model.js").ObjectFile} ObjectFile */

/**
 * @param {(symbol: number) => void} chosen
 */
export function createSymbols(chosen) {
  /** @type {ObjectFile | null} */
  let file = null;
  /** @type {number[]} */
  let rows = [];
  let here = 0;
  const names = uid("symbol");
  const field = h("input", { type: "search", class: "gl-object-search", placeholder: "name or kind", "aria-label": "search the symbols" });
  const count = h("span", { class: "gl-note", role: "status" });
  const list = h("div", { class: "gl-object-list", role: "listbox", tabindex: "0", "aria-label": "symbols; Enter goes to the bytes" });
  const element = h("div", { class: "gl-object-symbols" }, h("div", { class: "gl-object-find" }, field, count), list);
  const view = virtualList(list, row, 10);

  /** @param {number} index @returns {HTMLElement} */
  function row(index) {
    const { symbols } = /** @type {ObjectFile} */ (file);
    const i = rows[index];
    const bytes = symbols.offset[i] >= 0;
    return h(
      "div",
      { class: "gl-object-symbol", role: "option", id: `${names}-${index}`, "data-row": index, "data-bytes": bytes, "aria-selected": index === here ? "true" : "false" },
      h("code", { class: "gl-object-name" }, symbols.name[i] || "(known by its content)"),
      h("span", { class: "gl-note" }, symbols.kind[i]),
      h("span", { class: "gl-object-size" }, some(symbols.size[i], "byte")),
    );
  }

  function active() {
    for (const one of list.querySelectorAll("[data-row]")) set(one, "aria-selected", Number(one.getAttribute("data-row")) === here ? "true" : "false");
    set(list, "aria-activedescendant", list.querySelector(`#${names}-${here}`) ? `${names}-${here}` : null);
  }

  /** @param {number} to */
  function go(to) {
    here = Math.max(0, Math.min(rows.length - 1, to));
    view.reveal(here);
    active();
    if (rows.length > 0) chosen(rows[here]);
  }

  function search() {
    if (!file) return;
    rows = found(file, field.value);
    here = 0;
    say(count, `${rows.length.toLocaleString("en")} of ${some(file.symbols.name.length, "symbol")}`);
    view.show(rows.length);
    active();
  }

  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(here);
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    list.focus();
  });
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -1e9, End: 1e9, Enter: 0, " ": 0 };
    const step = /** @type {Record<string, number>} */ (steps)[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(here + step);
  });
  list.addEventListener("click", (event) => {
    const line = /** @type {Element} */ (event.target).closest("[data-row]");
    if (line) go(Number(line.getAttribute("data-row")));
  });

  return {
    element,
    /** @param {ObjectFile} next */
    show(next) {
      file = next;
      search();
    },
    arrange() {
      view.show(rows.length);
      view.reveal(here);
      active();
    },
  };
}
