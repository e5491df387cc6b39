/**
 * Everything that is known of one cell of the ribbon, in words.
 */

import { cellAt, compilerClass, goClass, isAutomatic } from "./model.js";

/** @typedef {import("./model.js").Complaint} Complaint */
/** @typedef {import("./model.js").Ribbon} Ribbon */

/**
 * @param {string} source
 * @param {number} from UTF-16 index
 * @param {number} to UTF-16 index
 * @returns {number} how many characters (Go's runes) lie between
 */
function runes(source, from, to) {
  let count = 0;
  // The second half of a pair begins nothing.
  for (let i = from; i < to; i += 1) if ((source.charCodeAt(i) & 0xfc00) !== 0xdc00) count += 1;
  return count;
}

const NOTHING = "no token here";

/**
 * Everything that is known of a cell, in names and values; the names are the lines of a small table.
 *
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {[string, string][]}
 */
export function facts(ribbon, i) {
  const compiler = compilerClass(ribbon, i);
  const go = goClass(ribbon, i);
  const from = ribbon.from[i];
  const { line, column } = ribbon.offsets.position(from);
  const rune = runes(ribbon.source, ribbon.offsets.at(line, 1), from) + 1;
  /** @type {[string, string | false | undefined][]} */
  const rows = [
    ["compiler", compiler ? numbered(compiler.name || compiler.kind, compiler.number) : NOTHING],
    ["go/token", ribbon.go_classes && (go ? numbered(go.name, go.number) : NOTHING)],
    ["origin", isAutomatic(ribbon, i) && `put in by the scanner, at the ${compiler?.automatic || "newline"}`],
    ["literal", compiler?.literal_kind],
    ["operator", compiler?.operator && numbered(compiler.operator_name || compiler.operator, compiler.operator_number)],
    ["precedence", compiler?.precedence ? `${compiler.precedence} of 5` : false],
    ["line:column", rune === column ? `${line}:${column}` : `${line}:${column} in bytes, ${line}:${rune} in runes`],
    ["bytes", span(ribbon.bytes[i], ribbon.cells.size[i])],
    ["runes", span(runes(ribbon.source, 0, from), runes(ribbon.source, from, ribbon.to[i]))],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/**
 * @param {number} start
 * @param {number} size
 * @returns {string} the first and the last of them, and how many there are
 */
export const span = (start, size) => (size === 0 ? `${start}, empty` : size === 1 ? `${start}` : `${start}–${start + size - 1}, ${size} of them`);

/** @param {string} name @param {number | undefined} number */
const numbered = (name, number) => (number === undefined || number < 0 ? name : `${name} = ${number}`);

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {string} what a screen reader says after the words that are in the cell
 */
export function description(ribbon, i) {
  const { line, column } = ribbon.offsets.position(ribbon.from[i]);
  return `${isAutomatic(ribbon, i) ? "nobody typed it, " : ""}line ${line} column ${column}`;
}

/**
 * The cells that errors point at.
 *
 * @param {Ribbon} ribbon
 * @returns {Map<number, Complaint>} the first complaint about each
 */
export function complainedAbout(ribbon) {
  /** @type {Map<number, Complaint>} */
  const found = new Map();
  for (const error of ribbon.errors) {
    const cell = error.line ? cellAt(ribbon, error) : -1;
    if (cell >= 0 && !found.has(cell)) found.set(cell, error);
  }
  return found;
}
