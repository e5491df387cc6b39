/**
 * What is seen of a comparison: changes with a little around them, the rest folded; side by side or in one
 * column; and the way from change to change.
 */

/** @typedef {import("./diffmodel.js").Row} Row */

/**
 * A line on the screen: one side of a row, both sides, or rows folded away.
 *
 * @typedef {{row: number, side: "both" | "left" | "right"} | {fold: number, end: number}} Shown
 */

/** Rows kept around a change. */
const AROUND = 2;
/** Fewer rows are not worth folding. */
const LEAST = 4;

/** @param {Row} row */
export const differs = ({ kind }) => kind !== "same" && kind !== "reordered";

/**
 * @param {Row[]} rows
 * @param {{unified: boolean, all: boolean, open: Set<number>}} how `open` holds the first rows of folds that are open
 * @returns {Shown[]}
 */
export function shownRows(rows, { unified, all, open }) {
  const seen = all ? new Uint8Array(rows.length).fill(1) : around(rows);
  /** @type {Shown[]} */
  const shown = [];
  for (let at = 0; at < rows.length; ) {
    let end = at;
    while (end < rows.length && !seen[end]) end += 1;
    if (end - at >= LEAST && !open.has(at)) {
      shown.push({ fold: at, end });
      at = end;
      continue;
    }
    for (end = Math.max(end, at + 1); at < end; at += 1) shown.push(...sides(rows[at], at, unified));
  }
  return shown;
}

/** @param {Row} row @param {number} at @param {boolean} unified @returns {Shown[]} */
function sides({ kind, left, right }, at, unified) {
  if (!unified) return [{ row: at, side: "both" }];
  if (!left) return [{ row: at, side: "right" }];
  if (!right) return [{ row: at, side: "left" }];
  const quiet = kind === "same" || kind === "reordered" || left.text === right.text;
  return quiet ? [{ row: at, side: "right" }] : [{ row: at, side: "left" }, { row: at, side: "right" }];
}

/** @param {Row[]} rows @returns {Uint8Array} 1 for the rows that are near a change, and the headings of their blocks */
function around(rows) {
  const seen = new Uint8Array(rows.length);
  let heading = 0;
  rows.forEach((row, i) => {
    if ((row.right ?? row.left)?.kind === "heading") heading = i;
    if (!differs(row)) return;
    seen[heading] = 1;
    seen.fill(1, Math.max(0, i - AROUND), Math.min(rows.length, i + AROUND + 1));
  });
  return seen;
}

/**
 * Where the changes begin: rows that differ and follow each other are one.
 *
 * @param {Row[]} rows
 * @returns {number[]}
 */
export function stops(rows) {
  return rows.flatMap((row, i) => (differs(row) && !(i > 0 && differs(rows[i - 1])) ? [i] : []));
}

/**
 * @param {number[]} found ascending
 * @param {number} at
 * @param {1 | -1} direction
 * @returns {number} the index of the next of them, around the end; -1 when there are none
 */
export function nextStop(found, at, direction) {
  if (found.length === 0) return -1;
  const next = direction > 0 ? found.findIndex((one) => one > at) : found.findLastIndex((one) => one < at);
  return next >= 0 ? next : direction > 0 ? 0 : found.length - 1;
}
