/**
 * The stack frame of a function, the highest address on top: its areas, the places in them, and the
 * instructions that use the chosen one.
 */

import { address, height, holds, owner, stack } from "./framemodel.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./framemodel.js").Cell} Cell */
/** @typedef {import("./framemodel.js").Frame} Frame */

/** Instructions that are listed of one place. */
const LISTED = 60;

/**
 * @param {(step: number) => void} go to a step of the register grid
 */
export function createFrame(go) {
  const picture = h("div", { class: "gl-frame-stack", role: "listbox", "aria-label": "the stack, the highest address on top; arrow keys walk through it" });
  const uses = h("div", { class: "gl-frame-uses", role: "region", "aria-label": "the chosen place", tabindex: "-1" });
  const figures = h("p", { class: "gl-frame-figures" });
  const element = h("div", { class: "gl-frame" }, figures, h("div", { class: "gl-frame-sides" }, picture, uses));
  /** @type {Frame | null} */
  let frame = null;
  /** @type {HTMLElement[]} */
  let options = [];
  /** @type {Cell[]} */
  let cells = [];
  let at = 0;

  /** @param {number} to @param {boolean} focus */
  function choose(to, focus) {
    at = Math.max(0, Math.min(options.length - 1, to));
    options.forEach((option, i) => {
      option.tabIndex = i === at ? 0 : -1;
      set(option, "aria-selected", i === at ? "true" : "false");
    });
    if (focus) options[at]?.focus();
    explain();
  }

  function explain() {
    const cell = cells[at];
    if (!frame || !cell) {
      uses.replaceChildren();
      return;
    }
    const told = frame.code;
    const numbers = [...new Set(cell.slots.flatMap((slot) => slot.instructions))].sort((a, b) => a - b);
    const spilled = [...new Set(cell.slots.flatMap((slot) => slot.spills))];
    uses.replaceChildren(
      h("p", {}, h("b", {}, `${address(cell.start)} up to ${address(cell.end)}: ${cell.end - cell.start} bytes`), holds(cell) ? h("span", {}, " · ", h("code", {}, holds(cell))) : ""),
      spilled.length > 0 ? h("p", {}, "spilled there: ", h("code", {}, spilled.join(", "))) : "",
      numbers.length === 0 ? h("p", { class: "gl-nothing" }, "no instruction names it") : "",
      ...numbers.slice(0, LISTED).map((number) => use(told[String(number)], number)),
      numbers.length > LISTED ? h("p", { class: "gl-note" }, `… and ${numbers.length - LISTED} more`) : "",
    );
  }

  /** @param {Frame["code"][string] | undefined} one @param {number} number */
  function use(one, number) {
    if (!one) return h("div", { class: "gl-frame-use" }, h("code", {}, `instruction ${number}`));
    const place = `+${one.pc.toString(16)}`;
    const text = h("code", {}, one.text);
    const step = one.step;
    return h("div", { class: "gl-frame-use" }, h("span", { class: "gl-note" }, place), step < 0 ? text : h("button", { type: "button", class: "gl-go", onclick: () => go(step) }, one.text));
  }

  picture.addEventListener("keydown", (event) => {
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: options.length - 1 };
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    choose(moves[event.key], true);
  });

  return {
    element,
    /** @param {Frame | null} next null where it is not known */
    show(next) {
      const before = cells[at] ? `${cells[at].start}` : "";
      frame = next;
      options = [];
      cells = [];
      if (!next) {
        figures.replaceChildren();
        picture.replaceChildren();
        uses.replaceChildren();
        return;
      }
      figures.replaceChildren(h("b", {}, `${next.frame_size} bytes of frame`), ` · ${next.arguments_size} bytes for arguments and results, in the caller’s`);
      const areas = stack(next).map((area) => {
        const made = area.cells.map((cell) => {
          const number = options.length;
          const words = holds(cell);
          const spill = cell.slots.some((slot) => slot.spills.length > 0);
          const label = `${address(cell.start)}, ${cell.end - cell.start} bytes: ${words || area.kind}`;
          const option = h(
            "div",
            { class: "gl-frame-cell", role: "option", "aria-label": label, "data-spill": spill, "data-empty": words === "", onclick: () => choose(number, true) },
            h("code", { class: "gl-frame-address" }, address(cell.start)),
            h("span", { class: "gl-frame-name" }, words ? h("code", {}, words) : area.cells.length > 1 ? h("span", { class: "gl-note" }, "unnamed") : ""),
            spill ? h("span", { class: "gl-note" }, "▼ spill") : "",
            h("span", { class: "gl-frame-size" }, `${cell.end - cell.start} B`),
          );
          option.style.minHeight = `${height(cell.end - cell.start)}px`;
          options.push(option);
          cells.push(cell);
          return option;
        });
        return h("div", { class: "gl-frame-area", role: "group", "aria-label": area.kind, "data-owner": owner(next, area.kind), "data-kind": area.kind }, h("div", { class: "gl-frame-kind" }, area.kind), h("div", { class: "gl-frame-cells" }, ...made));
      });
      picture.replaceChildren(...areas);
      const kept = cells.findIndex((cell) => `${cell.start}` === before);
      const spilled = cells.findIndex((cell) => cell.slots.some((slot) => slot.spills.length > 0));
      choose(kept >= 0 ? kept : Math.max(0, spilled), false);
    },
  };
}

/** A frame alone, as a view. @param {HTMLElement} parent */
export function createFrameAlone(parent) {
  const made = createFrame(() => {});
  parent.append(h("section", { class: "gl-registers", "aria-label": "stack frame", "data-part": "machine" }, made.element));
  return { element: made.element, show: made.show, select() {} };
}
