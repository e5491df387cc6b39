/**
 * The first error in the text, said below the editor; pressing it leads there.
 */

import { h, say, set } from "../page/dom.js";

/** @typedef {{message: string, line?: number, column?: number}} Trouble */

/**
 * @param {HTMLElement} parent
 * @param {(line: number, column: number) => void} place puts the cursor somewhere
 */
export function createTrouble(parent, place) {
  /** @type {Trouble | undefined} */
  let first;
  const fault = h("button", { type: "button", class: "gl-lab-fault", title: "go there", onclick: () => first?.line && place(first.line, first.column ?? 0) });
  const element = h("p", { class: "gl-lab-trouble", role: "status", hidden: true }, fault);
  parent.append(element);

  return {
    /** @param {Trouble[]} errors @returns {boolean} whether there are any */
    show(errors) {
      [first] = errors;
      set(element, "hidden", !first);
      const where = first?.line ? `line ${first.line}: ` : "";
      say(fault, first ? `${where}${first.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ""}` : "");
      return Boolean(first);
    },
  };
}
