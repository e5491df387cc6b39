/**
 * Pins on the page: the tint and number of what is pinned, and the row of pins.
 *
 * A view gives its values `data-value="v13"` and its blocks `data-block="b4"`; the rest happens here.
 */

import { h, say, set } from "../page/dom.js";

/** @typedef {import("./marks.js").Marks} Marks */

/** How many pins look different by colour; beyond, the number tells them apart. */
export const COLOURS = 8;

const NAMED = "[data-value], [data-block^='b']";

/** @param {Element} element @returns {string} the value or block that it shows, or "" */
export const nameOf = (element) => element.getAttribute("data-value") ?? element.getAttribute("data-block") ?? "";

/**
 * What an element that shows a value or block has to look like.
 *
 * @param {Element} element
 * @param {Marks} marks
 * @param {string} [name]
 */
export function markElement(element, marks, name = nameOf(element)) {
  const index = marks.pins.of(name);
  set(element, "data-pin", index || null);
  set(element, "data-hue", index ? ((index - 1) % COLOURS) + 1 : null);
  set(element, "data-since", marks.changes.of(name) || null);
}

/**
 * Mark all values and blocks that are below an element, and itself.
 *
 * @param {Element} parent
 * @param {Marks} marks
 */
export function markAll(parent, marks) {
  for (const element of parent.querySelectorAll(NAMED)) markElement(element, marks);
}

/**
 * The pieces of a text that was looked for, as nodes.
 *
 * @param {string} text
 * @param {[number, number][]} spans in order
 * @returns {(string | HTMLElement)[]}
 */
export function found(text, spans) {
  /** @type {(string | HTMLElement)[]} */
  const nodes = [];
  let at = 0;
  for (const [from, to] of spans) {
    if (from > at) nodes.push(text.slice(at, from));
    nodes.push(h("mark", { class: "gl-found" }, text.slice(from, to)));
    at = to;
  }
  if (at < text.length) nodes.push(text.slice(at));
  return nodes;
}

/**
 * The key `p` pins what has the focus, or else what is selected.
 *
 * @param {HTMLElement} element
 * @param {Marks} marks
 * @param {() => string} current the value or block that is selected, or ""
 */
export function pinKey(element, marks, current) {
  element.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.isContentEditable || target.closest("input, textarea, select")) return;
    const name = nameOf(target) || current();
    if (!name) return;
    event.preventDefault();
    marks.pins.toggle(name);
  });
}

/**
 * The row of pins: one button each, that selects, and one that unpins; and a button that pins what is selected.
 *
 * @param {HTMLElement} parent
 * @param {Marks} marks
 * @param {(name: string) => void} choose called with the pin that was chosen
 */
export function createPins(parent, marks, choose) {
  let current = "";
  const pin = h("button", { type: "button", class: "gl-pin-add", onclick: () => marks.pins.toggle(current) });
  const list = h("span", { class: "gl-pin-list", role: "group", "aria-label": "pins" });
  const clear = h("button", { type: "button", class: "gl-pin-clear", onclick: () => marks.pins.clear() }, "unpin all");
  const element = h("div", { class: "gl-pins" }, pin, list, clear);
  parent.append(element);

  function paint() {
    const pins = marks.pins.list();
    const held = document.activeElement instanceof Element && list.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    list.replaceChildren(
      ...pins.map(({ name }) => {
        const go = h("button", { type: "button", class: "gl-pin-go", "data-value": name, "aria-label": `go to ${name}`, onclick: () => choose(name) }, name);
        markElement(go, marks);
        const off = h("button", { type: "button", class: "gl-pin-off", "aria-label": `unpin ${name}`, title: `unpin ${name}`, onclick: () => marks.pins.toggle(name) }, "×");
        return h("span", { class: "gl-pin" }, go, off);
      }),
    );
    // What had the focus keeps it; what was unpinned leaves it to the one that pins.
    if (held) {
      const same = [...list.querySelectorAll("button")].find((one) => one.getAttribute("aria-label") === held);
      (same ?? list.querySelector("button") ?? pin).focus();
    }
    const index = marks.pins.of(current);
    say(pin, current ? `${index ? "unpin" : "pin"} ${current}` : "pin");
    set(pin, "aria-pressed", String(index > 0));
    set(pin, "title", current ? "key p" : "select a value or block first");
    pin.disabled = current === "";
    set(clear, "hidden", pins.length < 2);
  }
  const leave = marks.subscribe(paint);
  paint();
  return {
    element,
    /** @param {string} name what is selected now */
    select(name) {
      if (name === current) return;
      current = name;
      paint();
    },
    destroy: leave,
  };
}
