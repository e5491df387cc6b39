/**
 * The tree of the fields: what is open is made, and of that what is in view.
 */

import { address } from "../hex/model.js";
import { h, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { isParent, pathOf, press, rowsOf, text } from "./model.js";

/** @typedef {import("./model.js").ObjectFile} ObjectFile */

/** Pixels that a level is moved to the right. */
const INDENT = 12;

/**
 * @param {(field: number) => void} chosen
 */
export function createFields(chosen) {
  /** @type {ObjectFile | null} */
  let file = null;
  /** @type {Set<number>} */
  let open = new Set([0]);
  /** @type {number[]} */
  let rows = [];
  let here = 0;
  const names = uid("field");
  const element = h("div", { class: "gl-object-fields", role: "tree", tabindex: "0", "aria-label": "what the bytes are" });
  const view = virtualList(element, row, 10);

  /** @param {number} index @returns {HTMLElement} */
  function row(index) {
    const known = /** @type {ObjectFile} */ (file);
    const i = rows[index];
    const parent = isParent(known, i);
    const value = text(known, "value", i);
    const made = h(
      "div",
      {
        class: "gl-object-field",
        role: "treeitem",
        id: `${names}-${i}`,
        "data-field": i,
        "data-tint": known.tints[i],
        "aria-level": known.depth[i] + 1,
        "aria-expanded": parent ? (open.has(i) ? "true" : "false") : null,
        "aria-selected": i === here ? "true" : "false",
      },
      h("span", { class: "gl-object-turn", "aria-hidden": "true" }, parent ? (open.has(i) ? "▾" : "▸") : ""),
      h("b", {}, text(known, "name", i)),
      " ",
      value ? h("code", {}, value) : "",
      h("span", { class: "gl-object-at" }, address(known.fields.offset[i])),
    );
    made.style.paddingLeft = `${4 + known.depth[i] * INDENT}px`;
    return made;
  }

  function paint() {
    if (!file) return;
    rows = rowsOf(file, open);
    view.show(rows.length);
    active();
  }

  function active() {
    for (const one of element.querySelectorAll("[data-field]")) set(one, "aria-selected", Number(one.getAttribute("data-field")) === here ? "true" : "false");
    set(element, "aria-activedescendant", element.querySelector(`#${names}-${here}`) ? `${names}-${here}` : null);
  }

  /** @param {number} field */
  function reveal(field) {
    const at = rows.indexOf(field);
    if (at >= 0) view.reveal(at);
    active();
  }

  element.addEventListener("keydown", (event) => {
    if (!file || event.altKey || event.metaKey || event.ctrlKey) return;
    const done = press(event.key, file, open, rows, here);
    if (!done) return;
    event.preventDefault();
    here = done.field;
    if (done.changed) paint();
    reveal(here);
    chosen(here);
  });
  element.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const line = target.closest("[data-field]");
    if (!file || !line) return;
    here = Number(line.getAttribute("data-field"));
    if (target.closest(".gl-object-turn") && isParent(file, here)) {
      if (open.has(here)) open.delete(here);
      else open.add(here);
      paint();
    }
    active();
    chosen(here);
  });
  element.addEventListener("dblclick", () => {
    if (!file || !isParent(file, here)) return;
    if (open.has(here)) open.delete(here);
    else open.add(here);
    paint();
  });

  return {
    element,
    /** @param {ObjectFile} next @param {number} field */
    show(next, field) {
      file = next;
      here = field;
      open = new Set(pathOf(next, field).slice(0, -1));
      open.add(0);
      paint();
      reveal(field);
    },
    /** @param {number} field chosen elsewhere: its way is opened */
    choose(field) {
      if (!file) return;
      here = field;
      const closed = pathOf(file, field)
        .slice(0, -1)
        .filter((one) => !open.has(one));
      for (const one of closed) open.add(one);
      if (closed.length > 0) paint();
      reveal(field);
    },
    /** It was hidden: its rows have a height only now. */
    arrange() {
      paint();
      reveal(here);
    },
  };
}
