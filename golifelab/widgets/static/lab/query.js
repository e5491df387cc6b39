/**
 * What a reader looks for in the lines of a dump: words, values, blocks, source lines, regular expressions.
 *
 * All words must be in a line; upper and lower case are one. "v13" and "b4" are whole words, "line:12" is the
 * source line a line belongs to, and /…/ is a regular expression (with /…/s upper and lower case differ).
 */

import { sourceLine } from "./passes.js";

/**
 * @typedef {object} Query
 * @property {string} text as it was typed
 * @property {string} error why it can't be looked for, or ""
 * @property {boolean} empty whether it looks for nothing, so that nothing is a hit
 * @property {(line: string) => boolean} test whether a line is a hit
 * @property {(line: string) => [number, number][]} spans the pieces of a line that were looked for, in order
 */

/** @param {string} word */
const literal = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * @param {string} word
 * @returns {RegExp}
 */
function pattern(word) {
  return /^[vb]\d+$/.test(word) ? new RegExp(`\\b${word}\\b`, "g") : new RegExp(literal(word), "gi");
}

/**
 * @param {string} text
 * @returns {Query}
 */
export function parseQuery(text) {
  const wanted = text.trim();
  const whole = /^\/(.+)\/(s?)$/s.exec(wanted);
  if (whole) {
    try {
      return query(text, [new RegExp(whole[1], whole[2] ? "g" : "gi")], 0);
    } catch (error) {
      return { ...query(text, [], 0), error: String(error instanceof Error ? error.message : error) };
    }
  }
  const words = wanted.split(/\s+/).filter(Boolean);
  const line = words.map((word) => Number(/^line:(\d+)$/i.exec(word)?.[1] ?? 0)).find(Boolean) ?? 0;
  return query(text, words.filter((word) => !/^line:\d*$/i.test(word)).map(pattern), line);
}

/**
 * @param {string} text
 * @param {RegExp[]} parts
 * @param {number} line
 * @returns {Query}
 */
function query(text, parts, line) {
  const empty = parts.length === 0 && line === 0;
  return {
    text,
    error: "",
    empty,
    test: (of) => !empty && (line === 0 || sourceLine(of) === line) && parts.every((part) => of.search(part) >= 0),
    spans(of) {
      if (!this.test(of)) return [];
      /** @type {[number, number][]} */
      const found = parts.flatMap((part) =>
        [...of.matchAll(part)].filter((hit) => hit[0] !== "").map((hit) => /** @type {[number, number]} */ ([hit.index, hit.index + hit[0].length])),
      );
      found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
      /** @type {[number, number][]} */
      const joined = [];
      for (const span of found) {
        const last = joined.at(-1);
        if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
        else joined.push([...span]);
      }
      return joined;
    },
  };
}

/**
 * How many lines of every pass are hits: each different line is looked at once.
 *
 * @param {{lines: string[], passes: {rows: number[]}[]}} code
 * @param {Query} wanted
 * @returns {number[]}
 */
export function hitsOfPasses({ lines, passes }, wanted) {
  if (wanted.empty) return passes.map(() => 0);
  const hit = Uint8Array.from(lines, (line) => (wanted.test(line) ? 1 : 0));
  return passes.map(({ rows }) => rows.reduce((sum, row) => sum + hit[row], 0));
}

/**
 * The next of some hits, around the end.
 *
 * @param {number} count how many lines there are
 * @param {(index: number) => boolean} test
 * @param {number} from the line that is shown now, -1 for none
 * @param {1 | -1} direction
 * @returns {number} -1 when there are none
 */
export function nextHit(count, test, from, direction) {
  const start = from < 0 && direction < 0 ? count : from;
  for (let step = 1; step <= count; step += 1) {
    const index = (((start + step * direction) % count) + count) % count;
    if (test(index)) return index;
  }
  return -1;
}

/**
 * @param {[number, number][]} spans of a line
 * @param {number} start of a piece of it
 * @param {number} end
 * @returns {[number, number][]} the parts of them that are in the piece, as it counts
 */
export function within(spans, start, end) {
  return spans.flatMap(([from, to]) => (from < end && to > start ? [/** @type {[number, number]} */ ([Math.max(from, start) - start, Math.min(to, end) - start])] : []));
}
