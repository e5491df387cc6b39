/**
 * A graph as a file: an SVG picture of all of it that needs no page, no font and no style of ours.
 */

import { kindsOf } from "./paths.js";

/** @typedef {import("./block.js").Card} Card */
/** @typedef {import("./block.js").Metrics} Metrics */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./model.js").Block} Block */

/**
 * What a picture is drawn with. By default it can be read on white and on black, for it brings its own ground.
 *
 * @typedef {{ink: string, quiet: string, paper: string, ground: string, rule: string, hue: string, added: string}} Inks
 */

/** @type {Inks} */
const INKS = { ink: "#1f2328", quiet: "#59636e", paper: "#ffffff", ground: "#f0f2f5", rule: "#9aa3ad", hue: "#8250df", added: "#dafbe1" };
/** Tints of pins, as on the page; beyond, the number tells them apart. */
const PINS = ["#e69f00", "#56b4e9", "#009e73", "#cc79a7", "#f0e442", "#3f7fbf", "#d55e00", "#8f8f8f"];
const SIZE = 12;

/** @param {string} text */
export const escaped = (text) =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/gu, "�")
    .replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [inside] made by this function, or escaped
 */
function tag(name, attributes, inside = "") {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(typeof value === "number" ? String(Math.round(value * 100) / 100) : value)}"`);
  return inside ? `<${name}${words.join("")}>${inside}</${name}>` : `<${name}${words.join("")}/>`;
}

/**
 * @param {Layout} drawn
 * @param {Card[]} cards of all blocks
 * @param {{blocks: Block[], metrics: Metrics, title?: string, inks?: Partial<Inks>, pins?: (name: string) => number}} more `pins`
 *   gives the index of a value's or block's pin, 0 for none
 * @returns {string} an SVG file
 */
export function graphSvg(drawn, cards, { blocks, metrics, title = "", inks = {}, pins = () => 0 }) {
  const ink = { ...INKS, ...inks };
  const { width, height } = { width: Math.max(1, drawn.width), height: Math.max(1, drawn.height) };
  const parts = [];
  if (title) parts.push(tag("title", {}, escaped(title)));
  parts.push(tag("rect", { width, height, fill: ink.paper }));
  for (const loop of [...drawn.loops].sort((a, b) => a.depth - b.depth)) {
    const { x, y, width: wide, height: tall } = loop;
    parts.push(tag("rect", { x, y, width: wide, height: tall, rx: 6, fill: ink.hue, "fill-opacity": 0.07, stroke: ink.hue, "stroke-opacity": 0.35 }));
  }
  for (const [kind, d] of kindsOf(drawn.edges, blocks, "")) parts.push(tag("path", { d, ...edgeInk(kind.split(" "), ink) }));
  drawn.blocks.forEach((place, i) => {
    if (place) parts.push(blockSvg(place, cards[i], metrics, ink, pins));
  });
  const font = `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}"`;
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font} fill="${escaped(ink.ink)}" role="img">${parts.join("")}</svg>`;
}

/** @param {string[]} kind @param {Inks} ink @returns {Record<string, string | number>} */
function edgeInk(kind, ink) {
  const stroke = kind.includes("back") ? ink.hue : ink.quiet;
  if (kind.includes("head")) return { fill: stroke };
  const dashes = kind.includes("never") ? "1.5 4" : kind.includes("unlikely") ? "4 3" : "";
  const pen = kind.includes("likely") ? 2.4 : kind.includes("back") ? 1.8 : 1.2;
  return { fill: "none", stroke, "stroke-width": pen, ...(dashes && { "stroke-dasharray": dashes }) };
}

/**
 * @param {import("./layout.js").PlacedBlock} place
 * @param {Card} card
 * @param {Metrics} metrics
 * @param {Inks} ink
 * @param {(name: string) => number} pins
 */
function blockSvg({ x, y, width, height }, card, { char, line, title, pad }, ink, pins) {
  const most = Math.max(1, Math.floor((width - pad) / char) - 2);
  const cut = (/** @type {string} */ text) => escaped(text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const base = (/** @type {number} */ row) => y + title + row * line + line * 0.72;
  const tint = (/** @type {number} */ pin) => PINS[(pin - 1) % PINS.length];
  const pinned = pins(card.title);
  const parts = [
    tag("rect", { x, y, width, height, rx: 3, fill: ink.paper, stroke: pinned ? tint(pinned) : ink.rule, "stroke-width": pinned ? 2.5 : 1, ...(card.change === "new" && { "stroke-dasharray": "4 3" }) }),
    tag("rect", { x: x + 1, y: y + 1, width: width - 2, height: title - 2, fill: ink.ground }),
    tag("text", { x: x + pad, y: y + 14, "font-weight": "bold" }, escaped(card.title + (pinned ? ` #${pinned}` : ""))),
  ];
  if (card.change) parts.push(tag("text", { x: x + width - pad, y: y + 14, "text-anchor": "end", fill: ink.quiet }, escaped(card.change)));
  card.texts.forEach((text, row) => {
    const pin = pins(/^v\d+/.exec(text)?.[0] ?? "");
    if (card.fresh[row]) parts.push(tag("rect", { x: x + 1, y: y + title + row * line, width: width - 2, height: line, fill: ink.added }));
    if (pin) parts.push(tag("rect", { x: x + 1, y: y + title + row * line, width: width - 2, height: line, fill: tint(pin), "fill-opacity": 0.38 }));
    const words = [card.fresh[row] ? "+" : " ", cut(text)].join(" ");
    parts.push(tag("text", { x: x + 3, y: base(row), "xml:space": "preserve" }, words));
  });
  let row = card.texts.length;
  if (card.more > 0) {
    parts.push(tag("text", { x: x + pad, y: base(row), fill: ink.quiet }, escaped(`… ${card.more} more values`)));
    row += 1;
  }
  parts.push(tag("text", { x: x + pad, y: base(row), "font-weight": "600", fill: ink.quiet }, cut(card.end)));
  return tag("g", {}, parts.join(""));
}
