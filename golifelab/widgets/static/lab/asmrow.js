/**
 * One line of a listing: an instruction, its jumps, what it was made for, where it stands, and its bytes.
 */

import { h, svg } from "../page/dom.js";
import { bytesOf, nameOf, offset, originOf, placeAt, placeWords } from "./asm.js";
import { pathsOf, TALL } from "./jumps.js";
import { found, markAll } from "./pins.js";

/** @typedef {import("./asm.js").Asm} Asm */
/** @typedef {import("./jumps.js").Jump} Jump */

/**
 * @typedef {object} Look
 * @property {string} id
 * @property {string} text in the syntax that is chosen
 * @property {[number, number][] | null} spans what of it was searched for; null when it is no hit
 * @property {string} block the name of the block that begins here, or ""
 * @property {boolean} opens whether a line stands above it: another block begins
 * @property {boolean} added whether the last edit brought it
 * @property {string} here how it belongs to what is selected
 * @property {number} chosen the instruction that is chosen, -1 for none
 * @property {string} [file] the reader's
 * @property {Jump[]} jumps of the function
 * @property {number} width that they need
 * @property {boolean} cut whether its text is too long for its column
 * @property {import("./marks.js").Marks | null} marks
 */

/**
 * @param {Asm} asm
 * @param {number} index
 * @param {Look} look
 * @returns {HTMLElement}
 */
export function asmRow(asm, index, look) {
  const name = nameOf(asm, index);
  const [chip, sentence] = originOf(asm, index);
  const place = placeAt(asm, asm.place[index]);
  const element = h(
    "div",
    {
      class: "gl-asm-row",
      id: look.id,
      role: "option",
      "aria-selected": String(index === look.chosen),
      "aria-posinset": index + 1,
      "aria-setsize": asm.texts.length,
      title: `${asm.words[index]}; ${sentence}`,
      "data-index": index,
      "data-here": look.here || null,
      "data-since": look.added ? "+" : null,
      "data-found": look.spans !== null,
      "data-origin": asm.kinds[asm.origins[index]],
      "data-opens": look.opens,
    },
    h("span", { class: "gl-mark" }, look.added ? "+" : ""),
    h("span", { class: "gl-asm-block", "data-block": look.block || null }, look.block),
    h("span", { class: "gl-asm-pc" }, offset(asm.pc[index], asm.size)),
    jumpPicture(look, index),
    h("span", { class: "gl-asm-text", title: look.cut ? look.text : null }, ...(look.spans ? found(look.text, look.spans) : [look.text])),
    h("span", { class: "gl-asm-origin", "data-value": name.startsWith("v") ? name : null, "data-block": name.startsWith("b") ? name : null, title: sentence }, chip),
    h("span", { class: "gl-asm-place", title: place ? `${place.file}:${place.line}` : null }, placeWords(asm, index, look.file)),
    h("span", { class: "gl-asm-bytes" }, ...bytePieces(asm, index)),
  );
  if (look.marks) markAll(element, look.marks);
  return element;
}

/** @param {Asm} asm @param {number} index */
export function bytePieces(asm, index) {
  return bytesOf(asm, index).flatMap(({ text, gap }, i) => [
    i > 0 && " ",
    gap ? h("span", { class: "gl-asm-gap", title: `the linker fills this in: ${gap[3]}` }, text) : text,
  ]);
}

/** @param {Look} look @param {number} index */
function jumpPicture({ jumps, width, chosen }, index) {
  if (width === 0) return null;
  const { quiet, hot } = pathsOf(jumps, index, chosen, width);
  return svg(
    "svg",
    { class: "gl-asm-jumps", viewBox: `0 0 ${width} ${TALL}`, preserveAspectRatio: "none", width, "aria-hidden": "true" },
    quiet && svg("path", { d: quiet, "vector-effect": "non-scaling-stroke" }),
    hot && svg("path", { d: hot, class: "gl-asm-hot", "vector-effect": "non-scaling-stroke" }),
  );
}
