/**
 * The reader's turn: which bytes does the linker write? The answer is reckoned here, never stored.
 */

import { judge, question, reckon, toHex } from "./model.js";
import { h, say, set } from "../page/dom.js";

/** @typedef {import("./model.js").Hole} Hole */

export function createExercise() {
  /** @type {Hole | null} */
  let hole = null;
  let turn = 1;
  const asked = h("p", { class: "gl-patch-asked" });
  const field = h("input", { type: "text", class: "gl-patch-field", "aria-label": "your bytes, in hexadecimal", spellcheck: "false", placeholder: "13 ff ff ff" });
  const said = h("span", { class: "gl-patch-said", role: "status" });
  const check = h("button", { type: "button", onclick: () => answer() }, "check");
  const show = h("button", { type: "button", onclick: () => reveal() }, "show");
  const next = h("button", { type: "button", onclick: () => ask(turn + 1) }, "another");
  const element = h("details", { class: "gl-patch-exercise" }, h("summary", {}, "your turn"), asked, h("p", { class: "gl-patch-answer" }, field, check, show, next), h("p", {}, said));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") answer();
  });

  function answer() {
    const wanted = hole && question(hole, turn);
    if (!hole || !wanted) return;
    const { right, words } = judge(hole, wanted, field.value);
    say(said, words);
    set(said, "data-right", right ? "yes" : "no");
  }

  function reveal() {
    const wanted = hole && question(hole, turn);
    if (!hole || !wanted) return;
    const { result, bytes, problem } = reckon(hole, wanted.S, wanted.P);
    say(said, problem || `${hole.formula} = ${result}, that is ${toHex(bytes)}`);
    set(said, "data-right", null);
  }

  /** @param {number} number */
  function ask(number) {
    turn = number;
    const wanted = hole && question(hole, turn);
    set(element, "hidden", !wanted);
    say(asked, wanted?.words);
    field.value = "";
    say(said, "");
    set(said, "data-right", null);
  }

  return {
    element,
    /** @param {Hole} of */
    show(of) {
      const other = hole?.place !== of.place || hole.kind !== of.kind;
      hole = of;
      if (other) ask(1);
    },
  };
}
