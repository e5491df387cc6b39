/**
 * An exercise: the steps of the start as they are often drawn, to be put in the order in which they really came.
 */

import { h, say, set } from "../page/dom.js";
import { moved, placed, short } from "./model.js";

/** @typedef {import("./model.js").Boot} Boot */

export function createPuzzle() {
  /** @type {string[]} */
  let arranged = [];
  /** @type {Boot | null} */
  let boot = null;
  let chosen = 0;
  let tries = 0;
  const list = h("ol", { class: "gl-boot-order", role: "listbox", "aria-label": "steps of the start; Alt with the arrow keys moves the chosen one" });
  const verdict = h("p", { class: "gl-boot-verdict", role: "status" });
  const check = h("button", { type: "button", class: "gl-boot-check", onclick: () => judge() }, "Check");
  const more = h("button", { type: "button", onclick: () => widen() }, "Add the steps between");
  const anew = h("button", { type: "button", onclick: () => restart() }, "Start again");
  const element = h(
    "div",
    { class: "gl-boot-puzzle" },
    h("p", { class: "gl-note" }, "This is how the way to main.main is often drawn, and it is wrong. Put it right: drag a step, or choose one and move it with Alt and the arrow keys."),
    list,
    h("div", { class: "gl-boot-buttons" }, check, more, anew),
    verdict,
  );

  list.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    if (by === undefined && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const to = event.key === "Home" ? 0 : event.key === "End" ? arranged.length - 1 : chosen + (by ?? 0);
    if (event.altKey) arrange(chosen, to);
    else draw(Math.min(Math.max(to, 0), arranged.length - 1), true);
  });

  /** @param {number} from @param {number} to */
  function arrange(from, to) {
    const at = Math.min(Math.max(to, 0), arranged.length - 1);
    arranged = moved(arranged, from, at);
    say(verdict, "");
    draw(at, true);
  }

  /** @param {number} to @param {boolean} [focus] @param {boolean[]} [right] */
  function draw(to, focus = false, right = []) {
    chosen = to;
    const rows = arranged.map((name, index) => {
      const told = right.length === 0 ? "" : right[index] ? "✓" : "✗";
      const row = h(
        "li",
        { role: "option", tabindex: index === chosen ? "0" : "-1", draggable: "true", "aria-selected": String(index === chosen), "data-right": right[index] === undefined ? null : String(right[index]), onclick: () => draw(index, true) },
        h("span", { class: "gl-boot-told" }, told),
        h("code", {}, short(name)),
        h("span", { class: "gl-boot-movers", "aria-hidden": "true" }, mover("↑", () => arrange(index, index - 1)), mover("↓", () => arrange(index, index + 1))),
      );
      row.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/plain", String(index)));
      row.addEventListener("dragover", (event) => event.preventDefault());
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        const from = Number(event.dataTransfer?.getData("text/plain"));
        if (Number.isInteger(from) && from >= 0 && from < arranged.length) arrange(from, index);
      });
      return row;
    });
    list.replaceChildren(...rows);
    if (focus) rows[chosen]?.focus();
  }

  function judge() {
    if (!boot) return;
    tries += 1;
    const right = placed(arranged, boot.steps);
    const good = right.filter(Boolean).length;
    draw(chosen, false, right);
    set(element, "data-solved", good === arranged.length);
    say(
      verdict,
      good === arranged.length
        ? "That is the order in which this program came to them."
        : `${good} of ${arranged.length} stand where they belong.${tries > 1 ? " Who calls newproc, and what runs before there is a goroutine to run?" : ""}`,
    );
  }

  function widen() {
    if (!boot) return;
    const missing = boot.steps.filter((name) => !arranged.includes(name));
    // From A to Z, which is no hint.
    arranged = [...arranged, ...missing.sort()];
    say(verdict, "");
    draw(chosen);
    set(more, "disabled", true);
  }

  function restart() {
    if (!boot) return;
    arranged = [...boot.wrong];
    tries = 0;
    say(verdict, "");
    set(element, "data-solved", false);
    set(more, "disabled", false);
    draw(0);
  }

  return {
    element,
    /** @param {Boot} next what is arranged is kept while the steps are the same */
    show(next) {
      const same = boot !== null && boot.steps.join() === next.steps.join();
      boot = next;
      if (!same) restart();
    },
  };
}

/** @param {string} sign @param {() => void} act */
function mover(sign, act) {
  return h(
    "button",
    {
      type: "button",
      tabindex: "-1",
      onclick: (event) => {
        event.stopPropagation();
        act();
      },
    },
    sign,
  );
}

/**
 * The exercise alone.
 *
 * @param {HTMLElement} parent
 */
export function createPuzzleAlone(parent) {
  const puzzle = createPuzzle();
  parent.append(h("section", { class: "gl-boot gl-boot-alone", "aria-label": "the order of the start", "data-part": "process" }, puzzle.element));
  return {
    /** @param {Boot} payload */
    show(payload) {
      if (payload.stops) puzzle.show(payload);
    },
    select() {},
  };
}
