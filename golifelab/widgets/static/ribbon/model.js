/**
 * The token ribbon's cells: what a payload says of them, and which one a place in the source means.
 */

import { Offsets } from "../page/text.js";

/**
 * What all tokens of one class have in common. `automatic` says where the scanner put a semicolon that
 * nobody typed ("newline", "EOF"); it is empty for what was typed.
 *
 * @typedef {object} TokenClass
 * @property {string} kind the compiler's word
 * @property {string} literal_kind
 * @property {string} operator
 * @property {number} precedence
 * @property {string} automatic
 * @property {string} style the editor's word for its colour
 * @property {string} [name] the compiler's constant, "_Operator"
 * @property {number} [number] its value
 * @property {string} [operator_name] its constant, "Add"
 * @property {number} [operator_number]
 */

/** @typedef {{name: string, number: number, automatic: boolean}} GoClass a token of go/token */
/** @typedef {{file: string, line: number, column: number, message: string, phase: string, code: string}} Complaint */

/**
 * `start` counts bytes, each from the one before; `size` is in bytes. `compiler` and `go` are indices into
 * the classes, -1 where only the other scanner has a token.
 *
 * @typedef {object} Payload
 * @property {string} source
 * @property {TokenClass[]} classes
 * @property {GoClass[]} [go_classes] absent when only the compiler was asked
 * @property {{start: number[], size: number[], compiler: number[], go?: number[]}} cells
 * @property {{tokens: number, automatic: number, comments: number, hidden: number, go?: number}} counts
 * @property {{who: string, errors: number | null}[]} readers
 * @property {Complaint | null} first
 * @property {Complaint[]} errors
 * @property {string} [file]
 */

/** @typedef {Payload & {offsets: Offsets, count: number, bytes: Int32Array, from: Int32Array, to: Int32Array}} Ribbon */

const LONGEST = 40;
/** @param {Payload} payload @returns {Ribbon} */
export function decode(payload) {
  const offsets = new Offsets(payload.source);
  const count = payload.cells.start.length;
  const [bytes, from, to] = [0, 0, 0].map(() => new Int32Array(count));
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    at += payload.cells.start[i];
    bytes[i] = at;
    from[i] = offsets.index(at);
    to[i] = offsets.index(at + payload.cells.size[i]);
  }
  return { ...payload, offsets, count, bytes, from, to };
}

/** @param {Ribbon} ribbon @param {number} i @returns {TokenClass | null} */
export const compilerClass = (ribbon, i) => ribbon.classes[ribbon.cells.compiler[i]] ?? null;

/** @param {Ribbon} ribbon @param {number} i @returns {GoClass | null} */
export const goClass = (ribbon, i) => ribbon.go_classes?.[ribbon.cells.go?.[i] ?? -1] ?? null;

/** @param {Ribbon} ribbon @param {number} i @returns {boolean} a semicolon that nobody typed */
export const isAutomatic = (ribbon, i) => Boolean(compilerClass(ribbon, i)?.automatic || goClass(ribbon, i)?.automatic);

/** @param {Ribbon} ribbon @param {number} i the source text of a cell, whole */
export const textOf = (ribbon, i) => ribbon.source.slice(ribbon.from[i], ribbon.to[i]);

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {{above: string, text: string, below: string}} what the cell says
 */
export function words(ribbon, i) {
  const compiler = compilerClass(ribbon, i);
  const go = goClass(ribbon, i);
  const whole = textOf(ribbon, i).replaceAll("\t", " ");
  const line = whole.split("\n", 1)[0];
  const cut = [...line];
  const shown = cut.length > LONGEST ? `${cut.slice(0, LONGEST - 1).join("")}…` : line.length < whole.length ? `${line}…` : line;
  const end = compiler?.kind === "EOF" || go?.name === "EOF";
  return {
    above: compiler?.kind ?? "",
    text: isAutomatic(ribbon, i) ? ";" : end ? "∎" : shown,
    below: go?.name ?? "",
  };
}

/**
 * The cell that a selection means: the token that covers the place, else the last one before it on the
 * line. A line without a column means its first token.
 *
 * @param {Ribbon} ribbon
 * @param {import("../page/broker.js").Selection} selection
 * @returns {number} -1 for none
 */
export function cellAt(ribbon, selection) {
  if (!selection.line || (selection.file && ribbon.file && selection.file !== ribbon.file)) return -1;
  const place = ribbon.offsets.at(selection.line, selection.column ?? 0);
  const byte = ribbon.offsets.byte(place);
  let low = 0;
  let high = ribbon.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ribbon.bytes[middle] <= byte) low = middle + 1;
    else high = middle;
  }
  const ends = (/** @type {number} */ i) => ribbon.bytes[i] + ribbon.cells.size[i];
  const last = low - 1;
  // Several may begin at one byte: a semicolon that covers nothing, and what comes with it.
  for (let i = last; i >= 0 && ribbon.bytes[i] === ribbon.bytes[last]; i -= 1)
    if (selection.start === ribbon.bytes[i] && selection.end === ends(i)) return i;
  for (let i = last; i >= 0 && ribbon.bytes[i] === ribbon.bytes[last]; i -= 1) if (ends(i) > byte) return i;
  const lineOf = (/** @type {number} */ i) => ribbon.offsets.position(ribbon.from[i]).line;
  if (last >= 0 && lineOf(last) === selection.line) return last;
  return low < ribbon.count && lineOf(low) === selection.line ? low : -1;
}

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {import("../page/broker.js").Selection} the cell's place, with the bytes it covers
 */
export function selectionOf(ribbon, i) {
  const start = ribbon.bytes[i];
  return { file: ribbon.file, ...ribbon.offsets.position(ribbon.from[i]), start, end: start + ribbon.cells.size[i] };
}
