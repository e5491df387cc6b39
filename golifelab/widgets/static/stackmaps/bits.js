/**
 * The bytes of the bitmaps as they stand in the file, the current one marked, with the bit of the chosen word.
 */

import { bitOf, bytesOf, hex, nameOf } from "./model.js";
import { h } from "../page/dom.js";

/** @typedef {import("./model.js").StackMaps} StackMaps */
/** @typedef {import("./model.js").Cell} Cell */
/** @typedef {import("./model.js").Bitmaps} Bitmaps */

/** Bitmaps shown at once, and bits of one. */
const NEAR = 9;
const BITS = 96;

export function createBits() {
  const element = h("div", { class: "gl-maps-bytes", role: "region", "aria-label": "the bitmaps’ bytes", tabindex: "0" });

  /** @param {StackMaps} maps @param {number} index @param {Cell | null} cell */
  function words(maps, index, cell) {
    const bitmaps = cell && maps[cell.area];
    if (!cell || !bitmaps || index < 0 || index >= bitmaps.count) return "";
    const { address, byte, bit, value } = bitOf(bitmaps, index, cell.word);
    return h(
      "p",
      { class: "gl-maps-bit-words" },
      h("code", {}, nameOf(cell)),
      ` is word ${cell.word} of the ${cell.area}: bit ${bit} of the byte `,
      h("code", {}, byte.toString(16).padStart(2, "0")),
      " at ",
      h("code", {}, hex(address)),
      ", which is ",
      h("b", {}, String(value)),
      value ? ": a pointer" : ": none, or one that is not alive",
    );
  }

  return {
    element,
    /** @param {StackMaps} maps @param {number} step @param {Cell | null} cell */
    show(maps, step, cell) {
      const index = maps.instructions.index[step] ?? -1;
      const areas = /** @type {const} */ (["arguments", "locals"]).map((name) => {
        const bitmaps = maps[name];
        return bitmaps && h("div", { class: "gl-maps-area" }, header(name, bitmaps), ...rows(name, maps, bitmaps, index, cell));
      });
      element.replaceChildren(words(maps, index, cell) || "", ...areas.filter((area) => area !== null));
    },
  };
}

/** @param {string} name @param {Bitmaps} bitmaps */
function header(name, bitmaps) {
  const [n, bits] = [bitmaps.header.slice(0, 8), bitmaps.header.slice(8)].map((text) => (text.match(/../g) ?? []).join(" "));
  return h(
    "p",
    { class: "gl-maps-header" },
    h("b", {}, name),
    " at ",
    h("code", {}, hex(bitmaps.address)),
    ` in ${bitmaps.section}: `,
    h("code", {}, n),
    h("span", { class: "gl-note" }, ` n = ${bitmaps.count} bitmaps `),
    h("code", {}, bits),
    h("span", { class: "gl-note" }, ` nbit = ${bitmaps.bits} bits each`),
  );
}

/**
 * @param {import("./model.js").AreaName} name
 * @param {StackMaps} maps
 * @param {Bitmaps} bitmaps
 * @param {number} index
 * @param {Cell | null} cell
 */
function rows(name, maps, bitmaps, index, cell) {
  if (bitmaps.stride === 0) return [];
  const known = Math.min(bitmaps.count, maps.maps.length);
  const from = Math.max(0, Math.min(index - (NEAR >> 1), known - NEAR));
  const numbers = Array.from({ length: Math.min(NEAR, known - from) }, (_, i) => from + i);
  const made = numbers.map((number) => {
    const here = number === index;
    const chosen = cell?.area === name ? cell.word : -1;
    const bytes = bytesOf(bitmaps, number);
    const most = BITS >> 3;
    return h(
      "div",
      { class: "gl-maps-bitmap", "data-here": here },
      h("span", { class: "gl-maps-number" }, `${here ? "▶ " : ""}${number}`),
      h("code", { class: "gl-maps-place" }, hex(bitmaps.address + 8 + number * bitmaps.stride)),
      h("code", { class: "gl-maps-hex" }, ...bytes.slice(0, most).flatMap((byte, i) => [i > 0 ? " " : "", h("span", { "data-chosen": here && chosen >> 3 === i && chosen >= 0 }, byte)]), bytes.length > most ? " …" : ""),
      h("code", { class: "gl-maps-bits" }, ...bitSpans(maps.maps[number]?.[name] ?? "", here, chosen)),
    );
  });
  if (known > numbers.length) made.push(h("p", { class: "gl-note" }, `… ${known} bitmaps in all`));
  return made;
}

/** @param {string} bits @param {boolean} here @param {number} chosen */
function bitSpans(bits, here, chosen) {
  const shown = bits.slice(0, BITS);
  const more = bits.length > BITS ? " …" : "";
  if (!here) return [shown + more];
  return [...[...shown].map((bit, word) => h("span", { class: "gl-maps-bit", "data-set": bit === "1", "data-chosen": word === chosen }, bit)), more];
}
