/**
 * A view of bytes: offset, sixteen bytes, the same as characters. What a byte belongs to is told by whoever
 * shows them; only the rows in view exist.
 */

import { h, set, uid } from "../page/dom.js";
import { virtualList } from "../page/virtual.js";
import { WIDTH, address, ascii, hex, move } from "./model.js";

/** Rows kept above and below the view. */
const SPARE = 6;

/**
 * How a byte looks: `tint` a name that the style sheet has a colour for, `odd` tells neighbours of one tint
 * apart, `first` begins something, `line` whether it is from the chosen line of the source.
 *
 * @typedef {{tint: string, odd: boolean, first: boolean, line: boolean}} Look
 */

/**
 * @param {object} options
 * @param {string} options.label what the bytes are, for who cannot see them
 * @param {(offset: number) => Look} options.look
 * @param {(offset: number) => string} options.words what a byte is, for a screen reader
 * @param {(offset: number) => void} options.chosen a byte was chosen here
 * @param {(event: KeyboardEvent, offset: number) => boolean} [options.key] whether a key was for the owner
 */
export function createHex({ label, look, words, chosen, key }) {
  /** @type {Uint8Array} */
  let bytes = new Uint8Array();
  let digits = 4;
  let at = 0;
  /** @type {[number, number]} */
  let span = [0, 0];
  const names = uid("byte");
  const list = h("div", { class: "gl-hex", role: "grid", tabindex: "0", "aria-label": label, "aria-colcount": WIDTH });
  const view = virtualList(list, row, SPARE);

  /** @param {number} index @returns {HTMLElement} */
  function row(index) {
    const first = index * WIDTH;
    const end = Math.min(first + WIDTH, bytes.length);
    const cells = [];
    const chars = [];
    for (let i = first; i < end; i += 1) {
      cells.push(h("span", { class: "gl-hex-byte", role: "gridcell", id: `${names}-${i}`, "data-at": i }, hex(bytes[i])));
      chars.push(h("span", { class: "gl-hex-char", "data-at": i }, ascii(bytes[i])));
    }
    for (const cell of [...cells, ...chars]) mark(cell);
    return h(
      "div",
      { class: "gl-hex-row", role: "row", "aria-rowindex": index + 1 },
      h("span", { class: "gl-hex-offset", role: "rowheader" }, address(first, digits)),
      h("span", { class: "gl-hex-bytes", role: "presentation" }, ...cells),
      h("span", { class: "gl-hex-chars", "aria-hidden": "true" }, ...chars),
    );
  }

  /** @param {HTMLElement} cell */
  function mark(cell) {
    const i = Number(cell.dataset.at);
    const { tint, odd, first, line } = look(i);
    const inside = i >= span[0] && i < span[1];
    set(cell, "data-tint", tint);
    set(cell, "data-odd", odd);
    set(cell, "data-first", first);
    set(cell, "data-line", line);
    set(cell, "data-in", inside);
    // The ring goes around the whole span, not around each row of it.
    set(cell, "data-edge", inside ? ringAt(i) : null);
    set(cell, "data-here", i === at);
    if (cell.id) {
      set(cell, "aria-selected", inside ? "true" : "false");
      set(cell, "aria-label", i === at ? `${hex(bytes[i])}, ${words(i)}` : null);
    }
  }

  /** @param {number} i a selected byte @returns {string} the sides on which the selection ends */
  function ringAt(i) {
    const [from, to] = span;
    const column = i % WIDTH;
    return [i - WIDTH < from && "top", i + WIDTH >= to && "bottom", (i === from || column === 0) && "left", (i === to - 1 || column === WIDTH - 1) && "right"].filter(Boolean).join(" ");
  }

  function repaint() {
    for (const cell of list.querySelectorAll("[data-at]")) mark(/** @type {HTMLElement} */ (cell));
    const now = list.querySelector(`#${names}-${at}`);
    set(list, "aria-activedescendant", now ? now.id : null);
  }

  /** @param {number} to */
  function choose(to) {
    if (to < 0 || to >= bytes.length) return;
    at = to;
    chosen(at);
    view.reveal(Math.floor(at / WIDTH));
    repaint();
  }

  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey) return;
    if (key?.(event, at)) {
      event.preventDefault();
      return;
    }
    const to = move(event.key, event.ctrlKey, at, bytes.length);
    if (to === null) return;
    event.preventDefault();
    choose(to);
  });
  list.addEventListener("click", (event) => {
    const cell = /** @type {Element} */ (event.target).closest("[data-at]");
    if (cell) choose(Number(cell.getAttribute("data-at")));
  });
  list.addEventListener("scroll", () => requestAnimationFrame(repaint), { passive: true });

  return {
    element: list,
    at: () => at,
    /** @param {Uint8Array} next */
    show(next) {
      bytes = next;
      digits = Math.max(4, (next.length - 1).toString(16).length);
      at = Math.min(at, Math.max(0, next.length - 1));
      set(list, "aria-rowcount", Math.ceil(next.length / WIDTH));
      view.show(Math.ceil(next.length / WIDTH));
      repaint();
    },
    /**
     * @param {number} from
     * @param {number} to the byte after the last that is selected
     * @param {number} [cursor] the byte that the keys start from; where it is stays when it is among them
     * @param {boolean} [reveal]
     */
    select(from, to, cursor = at >= from && at < to ? at : from, reveal = true) {
      span = [from, to];
      at = Math.max(0, Math.min(cursor, bytes.length - 1));
      if (reveal) view.reveal(Math.floor(at / WIDTH));
      repaint();
    },
    repaint,
  };
}
