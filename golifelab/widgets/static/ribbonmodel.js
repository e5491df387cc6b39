/**
 * The token ribbon as pure functions: from a payload to cells, from cells to rows, from keys to cells.
 */

import { Offsets } from "./text.js";

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

/** @typedef {{line: number, first: number, end: number, indent: number, folded: boolean}} Row cells first…end-1 */

/**
 * Sizes in pixels: a character of a token's text, one of a label, and what a cell adds on both sides.
 *
 * @typedef {{text: number, label: number, padding: number}} Metrics
 */

const LONGEST = 40;
const TAB = 4;
/** Between cells: where the source has a space, and where it has none. */
const [SPACE, TOUCH] = [9, 2];
/** How far a row that goes on with a line stands in. */
const HANG = 28;

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

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** @param {string} text @returns {number} its width in characters of a code font */
export function columns(text) {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 2 : 1;
  return sum;
}

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @param {Metrics} metrics
 * @returns {number} pixels
 */
export function widthOf(ribbon, i, { text, label, padding }) {
  const said = words(ribbon, i);
  const labels = Math.max(columns(said.above), columns(said.below)) * label;
  return Math.ceil(Math.max(columns(said.text) * text, labels)) + padding;
}

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {number} pixels to the cell before it in the same line
 */
export function gapBefore(ribbon, i) {
  return i > 0 && /\s/.test(ribbon.source.slice(ribbon.to[i - 1], ribbon.from[i])) ? SPACE : TOUCH;
}

/**
 * The cells in rows: a row a source line that has tokens, and more where a line is wider than the page.
 *
 * @param {Ribbon} ribbon
 * @param {number} width pixels that a row has
 * @param {Metrics} metrics
 * @returns {Row[]}
 */
export function layout(ribbon, width, metrics) {
  /** @type {Row[]} */
  const rows = [];
  let used = 0;
  for (let i = 0; i < ribbon.count; i += 1) {
    const { line } = ribbon.offsets.position(ribbon.from[i]);
    const row = rows.at(-1);
    const needed = widthOf(ribbon, i, metrics);
    const gap = gapBefore(ribbon, i);
    if (row && row.line === line && used + gap + needed <= width) {
      row.end = i + 1;
      used += gap + needed;
      continue;
    }
    const folded = row?.line === line;
    const start = ribbon.offsets.at(line, 1);
    // A line deep inside would have no room left: half the width is enough to see the depth.
    const indent = Math.min(spaces(ribbon.source.slice(start, ribbon.from[i])) * metrics.text, width / 2);
    const left = folded ? (row?.indent ?? 0) + (row?.folded ? 0 : HANG) : indent;
    rows.push({ line, first: i, end: i + 1, indent: left, folded });
    used = left + needed;
  }
  return rows;
}

/** @param {string} text what stands before the first token of a line */
function spaces(text) {
  const before = /^[\t ]*/.exec(text)?.[0] ?? "";
  return [...before].reduce((sum, one) => sum + (one === "\t" ? TAB : 1), 0);
}

/**
 * @param {Row[]} rows
 * @param {number} cell
 * @returns {number} the row that holds it, -1 for none
 */
export function rowOf(rows, cell) {
  let low = 0;
  let high = rows.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (rows[middle].end <= cell) low = middle + 1;
    else if (rows[middle].first > cell) high = middle - 1;
    else return middle;
  }
  return -1;
}

/**
 * The cell that a selection means: the token that covers the place, else the last one before it on the
 * line. A line without a column means its first token.
 *
 * @param {Ribbon} ribbon
 * @param {import("./broker.js").Selection} selection
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
 * Where a key leads from a cell.
 *
 * @param {string} key
 * @param {boolean} control
 * @param {Ribbon} ribbon
 * @param {Row[]} rows
 * @param {number} cell
 * @param {Metrics} metrics
 * @returns {number | null} null for a key that moves nothing
 */
export function move(key, control, ribbon, rows, cell, metrics) {
  if (ribbon.count === 0) return null;
  const at = Math.max(0, Math.min(cell, ribbon.count - 1));
  const row = rowOf(rows, at);
  /** @type {Record<string, () => number>} */
  const moves = {
    ArrowLeft: () => Math.max(0, at - 1),
    ArrowRight: () => Math.min(ribbon.count - 1, at + 1),
    ArrowUp: () => nearest(ribbon, rows, row, row - 1, at, metrics),
    ArrowDown: () => nearest(ribbon, rows, row, row + 1, at, metrics),
    PageUp: () => nearest(ribbon, rows, row, Math.max(0, row - PAGE), at, metrics),
    PageDown: () => nearest(ribbon, rows, row, Math.min(rows.length - 1, row + PAGE), at, metrics),
    Home: () => (control ? 0 : rows[row].first),
    End: () => (control ? ribbon.count - 1 : rows[row].end - 1),
    ";": () => nextAutomatic(ribbon, at),
  };
  return moves[key]?.() ?? null;
}

const PAGE = 5;

/** @param {Ribbon} ribbon @param {number} cell @returns {number} the next semicolon that nobody typed, around the end */
export function nextAutomatic(ribbon, cell) {
  for (let step = 1; step <= ribbon.count; step += 1) {
    const i = (cell + step) % ribbon.count;
    if (isAutomatic(ribbon, i)) return i;
  }
  return cell;
}

/**
 * @param {Ribbon} ribbon
 * @param {Row[]} rows
 * @param {number} row
 * @param {number} other
 * @param {number} cell
 * @param {Metrics} metrics
 * @returns {number} the cell of another row that stands nearest below or above
 */
function nearest(ribbon, rows, row, other, cell, metrics) {
  if (!rows[other]) return cell;
  const middle = middles(ribbon, rows[row], metrics)[cell - rows[row].first];
  const there = middles(ribbon, rows[other], metrics).map((x) => Math.abs(x - middle));
  return rows[other].first + there.indexOf(Math.min(...there));
}

/** @param {Ribbon} ribbon @param {Row} row @param {Metrics} metrics @returns {number[]} where its cells have their middles */
function middles(ribbon, row, metrics) {
  let x = row.indent;
  return Array.from({ length: row.end - row.first }, (_, n) => {
    const i = row.first + n;
    if (n > 0) x += gapBefore(ribbon, i);
    const width = widthOf(ribbon, i, metrics);
    x += width;
    return x - width / 2;
  });
}

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {import("./broker.js").Selection} the cell's place, with the bytes it covers
 */
export function selectionOf(ribbon, i) {
  const start = ribbon.bytes[i];
  return { file: ribbon.file, ...ribbon.offsets.position(ribbon.from[i]), start, end: start + ribbon.cells.size[i] };
}

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

/** @param {number} start @param {number} size */
const span = (start, size) => (size === 0 ? `${start}, empty` : size === 1 ? `${start}` : `${start}–${start + size - 1}, ${size} of them`);

/** @param {string} name @param {number | undefined} number */
const numbered = (name, number) => (number === undefined || number < 0 ? name : `${name} = ${number}`);

/**
 * @param {Ribbon} ribbon
 * @param {number} i
 * @returns {string} a cell in a few words, for a screen reader
 */
export function sentence(ribbon, i) {
  const said = words(ribbon, i);
  const { line, column } = ribbon.offsets.position(ribbon.from[i]);
  const what = isAutomatic(ribbon, i) ? "semicolon that nobody typed" : said.text;
  return [what, said.above !== said.text && said.above, said.below, `line ${line} column ${column}`].filter(Boolean).join(", ");
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
