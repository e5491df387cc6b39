/**
 * What a block of the graph shows: its name, its values, and the ways out of it.
 */

import { edgeWords, shortLine } from "./model.js";
import { h } from "../page/dom.js";
import { pieces, sourceLine } from "../lab/passes.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./model.js").Block} Block */

/** Values that a block shows before it is opened, and the widest line in characters. */
const VALUES = 16;
const WIDEST = 46;
const NARROWEST = 12;
/** The mark of a new line, and its distance. */
const MARK = 2;

/**
 * A block's text. `more` is how many values are not shown.
 *
 * @typedef {{title: string, change: string, rows: number[], texts: string[], more: number, end: string}} Card
 */

/** @typedef {{char: number, line: number, title: number, pad: number}} Metrics in pixels */

/**
 * @param {Block} block
 * @param {Block[]} blocks
 * @param {string[]} lines
 * @param {boolean} open whether all its values are shown
 * @param {Set<number> | null} had the rows before the pass; null for the first
 * @param {Block | undefined} before the same block before the pass
 * @returns {Card}
 */
export function cardOf(block, blocks, lines, open, had, before) {
  const few = open || block.rows.length <= VALUES + 1;
  const rows = few ? block.rows : block.rows.slice(0, VALUES);
  const held = new Set(block.rows);
  const added = had ? block.rows.filter((row) => !had.has(row)).length : 0;
  const lost = before ? before.rows.filter((row) => !held.has(row)).length : 0;
  const change = had && !before ? "new" : [added > 0 && `+${added}`, lost > 0 && `−${lost}`].filter(Boolean).join(" ");
  return {
    title: block.name,
    change,
    rows,
    texts: rows.map((row) => shortLine(lines[row])),
    more: block.rows.length - rows.length,
    end: endOf(block, blocks, lines),
  };
}

/**
 * @param {Block} block
 * @param {Block[]} blocks
 * @param {string[]} lines
 * @returns {string} "If v10 → yes b3 likely · no b2"
 */
export function endOf(block, blocks, lines) {
  const head = (lines[block.end] ?? "").split("->")[0].trim();
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

/**
 * @param {Card} card
 * @param {string[]} lines
 * @param {Set<number> | null} had
 * @param {Selection} selection
 * @param {boolean} brief whether lines are only text, because very many are in view
 * @returns {HTMLElement[]}
 */
export function cardElements(card, lines, had, selection, brief) {
  const values = card.rows.map((row, i) => {
    const line = lines[row];
    const added = had !== null && !had.has(row);
    const here = Boolean(selection.line) && sourceLine(line) === selection.line;
    const text = card.texts[i];
    return h(
      "div",
      { class: here ? "gl-cfg-line gl-cfg-here" : "gl-cfg-line", "data-row": row, "data-mark": added ? "+" : null, "data-dead": line.endsWith(" DEAD"), title: brief ? null : line.trim() },
      h("span", { class: "gl-mark" }, added ? "+" : ""),
      h("span", { class: "gl-cfg-text" }, ...(brief ? [text] : words(text, selection))),
    );
  });
  return [
    h("div", { class: "gl-cfg-title" }, h("b", {}, card.title), card.change && h("span", { class: "gl-note" }, card.change)),
    ...values,
    ...(card.more > 0 ? [h("div", { class: "gl-cfg-line gl-cfg-more", "data-open": card.title }, `  … ${card.more} more values`)] : []),
    h("div", { class: "gl-cfg-line gl-cfg-end", title: card.end }, h("span", { class: "gl-cfg-text" }, ...(brief ? [card.end] : words(card.end, selection)))),
  ];
}

/** @param {string} text @param {Selection} selection */
function words(text, selection) {
  return pieces(text).map((piece) => {
    if (piece.value) return h("span", { class: piece.text === selection.value ? "gl-value gl-ring" : "gl-value", "data-value": piece.text }, piece.text);
    return /^b\d+$/.test(piece.text) ? h("span", { class: "gl-value", "data-go": piece.text }, piece.text) : piece.text;
  });
}
