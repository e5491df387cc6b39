/**
 * A line of a comparison on the page: the marks, the words that differ, the values that can be chosen.
 */

import { h, set } from "../page/dom.js";
import { aligned, words } from "./diffmodel.js";
import { markElement } from "./pins.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./difffold.js").Shown} Shown */
/** @typedef {import("./diffmodel.js").Picture} Picture */
/** @typedef {import("./diffmodel.js").Row} Row */
/** @typedef {import("./diffstate.js").Item} Item */

/**
 * @typedef {object} Look
 * @property {Picture} picture
 * @property {"left" | "right"} own the side whose names are this pane's
 * @property {Selection} selection
 * @property {import("./marks.js").Marks | null} marks
 * @property {boolean} unified
 * @property {boolean} current whether it is the line that the keys have led to
 * @property {number} at its place on the screen
 * @property {import("./passes.js").Code | null} code this pane's code, when the lines of its side are the code's own
 */

/** Each kind of row has a sign on either side. @type {Record<Row["kind"], [string, string]>} */
const SIGNS = {
  same: [" ", " "],
  changed: ["~", "~"],
  moved: ["⇢", "⇢"],
  reordered: ["↕", "↕"],
  added: [" ", "+"],
  removed: ["−", " "],
  away: ["⇠", " "],
};

/**
 * @param {Shown} one
 * @param {Look} look
 * @returns {HTMLElement}
 */
export function lineElement(one, look) {
  const { picture, current, at } = look;
  const name = current ? "gl-diff-line gl-diff-current" : "gl-diff-line";
  if ("fold" in one) {
    const count = one.end - one.fold;
    const words = `${count} lines that are the same${blocksOf(picture, one.fold, one.end)}`;
    return h("div", { class: `${name} gl-diff-fold`, "data-at": at }, h("button", { type: "button", class: "gl-diff-open", "data-fold": one.fold, tabindex: "-1" }, `⋯ ${words}`));
  }
  const row = picture.rows[one.row];
  const pair = row.left && row.right && row.kind !== "same" && row.kind !== "reordered" ? pairWords(picture, row.left, row.right) : null;
  const cells = [];
  if (one.side !== "right") cells.push(cell(row, "left", pair, look));
  if (one.side !== "left") cells.push(cell(row, "right", pair, look));
  const shown = row.right ?? row.left;
  return h(
    "div",
    { class: name, "data-at": at, "data-kind": row.kind, "data-side": one.side, "data-heading": shown?.kind === "heading", title: explain(picture, row) },
    ...cells,
  );
}

/** @param {Picture} picture @param {number} from @param {number} end */
function blocksOf({ rows }, from, end) {
  const names = [...new Set(rows.slice(from, end).map((row) => (row.right ?? row.left)?.block ?? ""))];
  return names.length === 0 ? "" : names.length === 1 ? ` in ${names[0]}` : `, ${names[0]} to ${names[names.length - 1]}`;
}

/** @param {Picture} picture @param {Row} row @returns {string | null} what differs, in words */
function explain({ who }, { kind, left, right, changes, from, to }) {
  const by = left ? who.by.get(left.name) : "";
  const evidence = by && by !== "number" && left?.kind === "value" && right ? ` (one value by ${by})` : "";
  if (kind === "moved" && from) return `${right?.name} has moved from ${from} to ${right?.block}${rest(changes)}${evidence}`;
  if (kind === "moved") return `${right?.name} stands elsewhere`;
  if (kind === "away") return left?.kind === "heading" ? `${left.name} now comes ${to ? `after ${to}` : "first"}` : `${left?.name} has moved to ${to}`;
  if (kind === "changed") return `${left?.name}${left?.name === right?.name ? "" : `, now ${right?.name}`}: another ${changes.join(", another ")}${evidence}`;
  if (kind === "reordered") return `${right?.name} stands in another order`;
  if (kind === "added") return `${right?.name} is new`;
  if (kind === "removed") return `${left?.name} is gone`;
  return left && right && left.name !== right.name ? `${left.name} is ${right.name}${evidence}` : null;
}
/** @param {string[]} changes */
const rest = (changes) => {
  const others = changes.filter((what) => what !== "block");
  return others.length > 0 ? `; another ${others.join(", another ")}` : "";
};

/** @param {Picture} picture @param {Item} left @param {Item} right */
function pairWords({ who }, left, right) {
  const [ones, others] = [words(left.text), words(right.text)];
  return aligned(ones, others, who).lone;
}

/**
 * @param {Row} row
 * @param {"left" | "right"} side
 * @param {[Set<number>, Set<number>] | null} pair the words that differ
 * @param {Look} look
 */
function cell(row, side, pair, look) {
  const item = row[side];
  const sign = SIGNS[row.kind][side === "left" ? 0 : 1];
  const element = h("div", { class: "gl-diff-cell", "data-of": side });
  if (!item) {
    if (row.kind === "away") element.append(h("span", { class: "gl-mark" }), h("span", { class: "gl-note" }, row.left?.kind === "heading" ? (row.to ? `⇢ after ${row.to}` : "⇢ first") : `⇢ ${row.to}`));
    else set(element, "data-empty", true);
    return element;
  }
  const { selection, own } = look;
  const here = Boolean(selection.line) && item.place !== "" && Number(item.place) === selection.line && (side === own || row.right === null);
  set(element, "data-here", here);
  const lone = pair?.[side === "left" ? 0 : 1] ?? new Set();
  element.append(
    h("span", { class: "gl-mark" }, sign),
    h("span", { class: "gl-diff-place-of" }, item.kind === "value" && /^\d+$/.test(item.place) ? item.place : ""),
    h(
      "span",
      { class: "gl-diff-shifted" },
      h("span", { class: item.kind === "value" ? "gl-diff-words" : "gl-diff-words gl-diff-block" }, ...pieces(item, side, lone, look)),
      row.from && side === "right" ? h("span", { class: "gl-note gl-diff-from" }, ` from ${row.from}`) : null,
    ),
  );
  if (look.code && side === own) set(element, "data-row", rowOf(look.code, item));
  return element;
}

/** @type {WeakMap<import("./passes.js").Code, Map<string, number>>} */
const rowsOf = new WeakMap();
/** @param {import("./passes.js").Code} code @param {Item} item @returns {number | null} which of the code's lines it is */
function rowOf(code, item) {
  let known = rowsOf.get(code);
  if (!known) rowsOf.set(code, (known = new Map(code.lines.map((line, i) => [line, i]))));
  return known.get(item.line) ?? null;
}

/**
 * The words of a line as nodes: equal neighbours are one node.
 *
 * @param {Item} item
 * @param {"left" | "right"} side
 * @param {Set<number>} lone
 * @param {Look} look
 */
function pieces(item, side, lone, { picture, own, selection, marks }) {
  const before = item.line.length - item.text.length;
  const spans = (marks?.search.spans(item.line) ?? []).map(([from, to]) => [from - before, to - before]);
  /** @type {(string | HTMLElement)[]} */
  const nodes = [];
  let at = 0;
  /** @type {{text: string, differs: boolean, found: boolean} | null} */
  let plain = null;
  const close = () => {
    if (plain) nodes.push(dress(plain.text, plain.differs, plain.found));
    plain = null;
  };
  words(item.text).forEach((word, i) => {
    const end = at + word.length;
    const found = spans.some(([from, to]) => from < end && to > at);
    at = end;
    const differs = lone.has(i) && word.trim() !== "";
    if (/^[vb]\d+$/.test(word)) {
      close();
      nodes.push(named(word, side, { differs, found }));
    } else if (plain && plain.differs === differs && plain.found === found) plain.text += word;
    else {
      close();
      plain = { text: word, differs, found };
    }
  });
  close();
  return nodes;

  /** @param {string} name @param {"left" | "right"} of @param {{differs: boolean, found: boolean}} how */
  function named(name, of, how) {
    // On the other side a name means something else: what counts is its partner.
    const mine = of === own ? name : partner(picture, name, of);
    const element = h("span", { class: name.startsWith("v") ? "gl-value" : "gl-diff-name" }, dress(name, how.differs, how.found));
    if (name.startsWith("v") && mine) {
      set(element, "data-value", mine);
      if (mine === selection.value) element.classList.add("gl-ring");
    }
    if (marks && mine) markElement(element, marks, mine);
    return element;
  }
}

/** @param {Picture} picture @param {string} name @param {"left" | "right"} side @returns {string} */
function partner({ who, back }, name, side) {
  return (side === "left" ? who.names.get(name) : back.get(name)) ?? "";
}

/** @param {string} text @param {boolean} differs @param {boolean} found @returns {string | HTMLElement} */
function dress(text, differs, found) {
  if (!differs && !found) return text;
  return h(found ? "mark" : "span", { class: [found && "gl-found", differs && "gl-diff-word"].filter(Boolean).join(" ") }, text);
}
