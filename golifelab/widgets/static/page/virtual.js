/**
 * A long list of lines of one height, of which only those in view exist.
 */

import { h } from "./dom.js";

/** Lines kept above and below the view, so that scrolling by keys never meets a gap: enough of low ones. */
const SPARE = 25;
/** Until a line has been laid out its height is a guess. */
const GUESS = 18;

/**
 * @param {number} top what is scrolled away, in pixels
 * @param {number} view the height of the view
 * @param {number} line the height of a line
 * @param {number} count how many lines there are
 * @param {number} [spare] lines kept above and below
 * @returns {[number, number]} the first line to make, and the one after the last
 */
export function range(top, view, line, count, spare = SPARE) {
  const first = Math.max(0, Math.min(count, Math.floor(top / line)) - spare);
  return [first, Math.min(count, Math.ceil((top + view) / line) + spare)];
}

/**
 * @param {HTMLElement} container the element that scrolls
 * @param {(index: number) => HTMLElement} make the element of a line
 * @param {number} [spare] lines kept above and below the view
 */
export function virtualList(container, make, spare = SPARE) {
  const shown = h("div", { class: "gl-window" });
  const all = h("div", { class: "gl-all" }, shown);
  container.append(all);
  let count = 0;
  let line = GUESS;
  let [first, end] = [-1, -1];

  /** @param {boolean} anew whether the lines in view have changed */
  function paint(anew) {
    const next = range(container.scrollTop, container.clientHeight || GUESS * SPARE, line, count, spare);
    if (!anew && next[0] === first && next[1] === end) return;
    [first, end] = next;
    shown.replaceChildren(...Array.from({ length: end - first }, (_, i) => make(first + i)));
    shown.style.transform = `translateY(${first * line}px)`;
    const height = shown.firstElementChild?.getBoundingClientRect().height;
    if (height && Math.abs(height - line) > 0.1) {
      line = height;
      all.style.height = `${count * line}px`;
      shown.style.transform = `translateY(${first * line}px)`;
    }
  }

  container.addEventListener("scroll", () => paint(false), { passive: true });
  return {
    /** @param {number} lines */
    show(lines) {
      count = lines;
      all.style.height = `${count * line}px`;
      paint(true);
    },
    /** @param {number} index bring a line into view, if it is not */
    reveal(index) {
      const from = index * line;
      const visible = from >= container.scrollTop && from + line <= container.scrollTop + container.clientHeight;
      if (!visible) container.scrollTop = from - container.clientHeight / 3;
      paint(false);
    },
  };
}
