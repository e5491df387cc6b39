/**
 * What a block of the graph shows: its name, its values, and the ways out of it.
 */

import { edgeWords } from "./model.js";
import { h } from "../page/dom.js";
import { pieces } from "../lab/passes.js";
import { found } from "../lab/pins.js";
import { within } from "../lab/query.js";

/** @typedef {import("./model.js").Block} Block */

/** Values that a block shows before it is opened, and the widest line in characters. */
const VALUES = 16;
const WIDEST = 46;
const NARROWEST = 12;
/** The mark of a new line, and its distance. */
const MARK = 2;

/**
 * A block's text. `more` is how many values are not shown; `fresh` says of every line whether the pass made it.
 *
 * @typedef {{title: string, change: string, rows: number[], texts: string[], fresh: boolean[], more: number, end: string}} Card
 */

/** @typedef {{char: number, line: number, title: number, pad: number}} Metrics in pixels */

/**
 * @param {Block} block
 * @param {Block[]} blocks
 * @param {string} end the line of its end
 * @param {(row: number) => string} text what is shown of a row
 * @param {boolean} open whether all its values are shown
 * @param {Set<number> | null} had the rows before the pass; null for the first
 * @param {Block | undefined} before the same block before the pass
 * @returns {Card}
 */
export function cardOf(block, blocks, end, text, open, had, before) {
  const few = open || block.rows.length <= VALUES + 1;
  const rows = few ? block.rows : block.rows.slice(0, VALUES);
  return {
    title: block.name,
    change: had ? changeOf(block, had, before) : "",
    rows,
    texts: rows.map(text),
    fresh: rows.map((row) => had !== null && !had.has(row)),
    more: block.rows.length - rows.length,
    end: endOf(block, blocks, end),
  };
}

/** @param {Block} block @param {Set<number>} had @param {Block | undefined} before */
function changeOf({ rows }, had, before) {
  if (!before) return "new";
  if (before.rows.length === rows.length && rows.every((row, i) => row === before.rows[i])) return "";
  const held = new Set(rows);
  const added = rows.filter((row) => !had.has(row)).length;
  const lost = before.rows.filter((row) => !held.has(row)).length;
  return [added > 0 && `+${added}`, lost > 0 && `−${lost}`].filter(Boolean).join(" ");
}

/**
 * @param {Block} block
 * @param {Block[]} blocks
 * @param {string} line "    If v10 -> b3 b2 (likely)"
 * @returns {string} "If v10 → yes b3 likely · no b2"
 */
export function endOf(block, blocks, line) {
  const head = line.split("->")[0].trim();
  const ways = block.successors.map((to, i) => {
    const { way, weight } = edgeWords(block, i);
    return [way, blocks[to].name, weight === "likely" && weight].filter(Boolean).join(" ");
  });
  const text = block.successors.length === 1 ? head.replace(/^Plain$/, "") : head;
  return [text, ways.length > 0 && `→ ${ways.join(" · ")}`].filter(Boolean).join(" ");
}

/**
 * @param {Card} card
 * @param {Metrics} metrics
 * @returns {{width: number, height: number}}
 */
export function sizeOf(card, { char, line, title, pad }) {
  const longest = Math.max(NARROWEST, card.end.length - MARK, card.title.length + card.change.length, ...card.texts.map((text) => text.length));
  // Whole steps of four characters: a register more or less moves nothing.
  const chars = Math.min(WIDEST, Math.ceil((longest + MARK) / 4) * 4);
  const count = card.texts.length + (card.more > 0 ? 1 : 0) + 1;
  return { width: Math.ceil(chars * char) + 2 * pad, height: title + Math.ceil(count * line) + pad };
}

/** @param {number} line its number @param {Metrics} metrics @returns {number} how far below the block's upper side it is */
export const lineTop = (line, metrics) => metrics.title + line * metrics.line;

/**
 * @param {Card} card
 * @param {string[]} lines
 * @param {boolean} brief whether lines are only text, because very many are in view
 * @param {(text: string) => [number, number][]} spans the pieces of a text that were searched for
 * @returns {HTMLElement[]}
 */
export function cardElements(card, lines, brief, spans) {
  const inside = (/** @type {string} */ text) => (brief ? found(text, spans(text)) : words(text, spans));
  const values = card.rows.map((row, i) => {
    const line = lines[row];
    return h(
      "div",
      { class: "gl-cfg-line", "data-row": row, "data-mark": card.fresh[i] ? "+" : null, "data-dead": line.endsWith(" DEAD"), title: brief ? null : line.trim() },
      h("span", { class: "gl-mark" }, card.fresh[i] ? "+" : ""),
      h("span", { class: "gl-cfg-text" }, ...inside(card.texts[i])),
    );
  });
  return [
    h("div", { class: "gl-cfg-title" }, h("b", {}, ...found(card.title, spans(card.title))), card.change && h("span", { class: "gl-note" }, card.change)),
    ...values,
    ...(card.more > 0 ? [h("div", { class: "gl-cfg-line gl-cfg-more", "data-open": card.title }, `  … ${card.more} more values`)] : []),
    h("div", { class: "gl-cfg-line gl-cfg-end", title: card.end }, h("span", { class: "gl-cfg-text" }, ...inside(card.end))),
  ];
}

/** @param {string} text @param {(text: string) => [number, number][]} spans */
function words(text, spans) {
  const hits = spans(text);
  let from = 0;
  return pieces(text).flatMap((piece) => {
    const start = from;
    from += piece.text.length;
    const inside = found(piece.text, within(hits, start, from));
    if (piece.value) return [h("span", { class: "gl-value", "data-value": piece.text }, ...inside)];
    return /^b\d+$/.test(piece.text) ? [h("span", { class: "gl-value", "data-go": piece.text }, ...inside)] : inside;
  });
}
