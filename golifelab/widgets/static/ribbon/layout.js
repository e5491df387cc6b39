/**
 * The ribbon's rows as pure functions: how wide a cell is, where a line breaks, where keys lead.
 */

import { isAutomatic, words } from "./model.js";

/** @typedef {import("./model.js").Ribbon} Ribbon */

/** @typedef {{line: number, first: number, end: number, indent: number, folded: boolean}} Row cells first…end-1 */

/**
 * Sizes in pixels: a character of a token's text, one of a label, and what a cell adds on both sides.
 *
 * @typedef {{text: number, label: number, padding: number}} Metrics
 */

const TAB = 4;
/** Between cells: where the source has a space, and where it has none. */
const [SPACE, TOUCH] = [9, 2];
/** How far a row that goes on with a line stands in. */
const HANG = 28;

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
