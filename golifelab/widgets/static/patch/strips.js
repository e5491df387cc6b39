/**
 * The bytes of one hole, as they are in the object file and in the executable, one above the other; and the
 * instruction's bits where addresses are put into bits.
 */

import { bitsOf, fromHex, hexOf } from "./model.js";
import { h, set } from "../page/dom.js";

/** @typedef {import("./model.js").Hole} Hole */
/** @typedef {import("./model.js").Reckoned} Reckoned */
/** @typedef {import("./model.js").Side} Side */

export function createStrips() {
  const element = h("div", { class: "gl-patch-strips" });
  /** @type {Hole | null} */
  let hole = null;
  /** @type {Side | null} */
  let side = null;

  /** @param {Reckoned | null} yours what the reader's own addresses give */
  function paint(yours) {
    if (!hole || !side) return;
    const known = hole;
    const before = fromHex(known.before);
    const after = fromHex(known.after);
    const mine = yours && yours.bytes.length > 0 ? before.map((byte, i) => yours.bytes[i - known.start] ?? byte) : null;
    const rows = [
      strip(side.object, known.file_offset >= 0 ? `file offset ${hexOf(known.file_offset)}` : "", before, known, "before", null),
      after.length > 0
        ? strip(side.executable, known.address === null ? "" : `address ${hexOf(known.address)}`, after, known, "after", before)
        : h("p", { class: "gl-note" }, "It is not in the executable."),
      mine && strip("yours", "by the addresses below", mine, known, "yours", after),
    ];
    const words = known.fields.length > 0 ? Array.from({ length: known.size / 4 }, (_, i) => bits(known, i, mine ?? (after.length > 0 ? after : before), yours && mine ? yours.fields : known.fields)) : [];
    element.replaceChildren(
      h("p", { class: "gl-patch-instruction" }, h("code", {}, known.text || known.symbol), known.line > 0 ? h("span", { class: "gl-note" }, ` ${known.file.split("/").at(-1)}:${known.line}`) : ""),
      ...rows.filter((one) => one !== null),
      ...words,
    );
  }

  return {
    element,
    /** @param {Side} of @param {Hole} next */
    show(of, next) {
      side = of;
      hole = next;
      paint(null);
    },
    /** @param {Reckoned | null} reckoned null for the linker's own */
    yours: (reckoned) => paint(reckoned),
  };
}

/**
 * @param {string} name
 * @param {string} where
 * @param {number[]} bytes
 * @param {Hole} hole
 * @param {string} kind
 * @param {number[] | null} than what it is compared with
 */
function strip(name, where, bytes, hole, kind, than) {
  const cells = bytes.map((byte, i) => {
    const inside = i >= hole.start && i < hole.start + hole.size;
    const cell = h("span", { class: "gl-patch-byte", "data-hole": inside, "data-changed": than !== null && than.length > 0 && than[i] !== byte }, byte.toString(16).padStart(2, "0"));
    return cell;
  });
  const row = h(
    "div",
    { class: "gl-patch-strip", "data-kind": kind, role: "group", "aria-label": `${name}, ${where}` },
    h("span", { class: "gl-patch-file" }, h("b", {}, name), h("span", { class: "gl-note" }, where)),
    h("span", { class: "gl-patch-bytes" }, ...cells),
  );
  return row;
}

/**
 * @param {Hole} hole
 * @param {number} number which instruction of the hole
 * @param {number[]} bytes of the instructions, the hole among them
 * @param {import("./model.js").Field[]} fields
 */
function bits(hole, number, bytes, fields) {
  const drawn = bitsOf(bytes.slice(hole.start), number, fields);
  const own = fields.filter(([of]) => of === number);
  const told = own.map(([, name, high, low, value]) => `${name}, bits ${high}–${low}: ${hexOf(value)}`).join("; ");
  const cells = drawn.map(({ bit, value, field }, i) => {
    const cell = h("span", { class: "gl-patch-bit", "data-field": field || null, "data-byte": bit % 8 === 7 }, value);
    set(cell, "title", `bit ${bit}${field ? `, ${field}` : ""}`);
    set(cell, "data-begins", Boolean(field) && drawn[i - 1]?.field !== field);
    return cell;
  });
  return h(
    "div",
    { class: "gl-patch-word" },
    h("div", { class: "gl-patch-bits", role: "img", "aria-label": `instruction ${number + 1} as bits, from 31 to 0: ${drawn.map((one) => one.value).join("")}; ${told}` }, ...cells),
    h("p", { class: "gl-note" }, told),
  );
}
