/**
 * The graph of a function after a pass, ready to be drawn: its blocks, what they show, where they are.
 *
 * Passes are scrubbed back and forth, and most of them leave most blocks alone: what is known of a line, a
 * pass or the shape of a graph is not found out again.
 */

import { cardOf, sizeOf } from "./block.js";
import { layout, structureOf } from "./layout.js";
import { entryOf, readBlocks, readLine, shortLine } from "./model.js";

/** @typedef {import("../lab/passes.js").Code} Code */
/** @typedef {import("../lab/passes.js").Pass} Pass */
/** @typedef {import("./block.js").Card} Card */
/** @typedef {import("./block.js").Metrics} Metrics */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Structure} Structure */
/** @typedef {import("./model.js").Block} Block */

/**
 * @typedef {object} Scene
 * @property {Block[]} blocks in the order of the dump
 * @property {Map<string, number>} index of every block's name
 * @property {Card[]} cards
 * @property {Layout} drawn
 * @property {Structure} structure
 */

/** @typedef {{read: ReturnType<typeof readLine>[], short: string[]}} Lines what is known of a code's lines */

/** @type {WeakMap<Code, Lines>} */
const linesOf = new WeakMap();
/** @type {WeakMap<Pass, Block[]>} */
const blocksOf = new WeakMap();

/** @param {Code} code @returns {Lines} */
function known(code) {
  const held = linesOf.get(code) ?? { read: [], short: [] };
  linesOf.set(code, held);
  return held;
}

/** @param {Code} code @param {Pass} pass @returns {Block[]} */
export function blocksOfPass(code, pass) {
  const held = blocksOf.get(pass);
  if (held) return held;
  const { read } = known(code);
  const blocks = readBlocks(code.lines, pass.rows, (row) => (row in read ? read[row] : (read[row] = readLine(code.lines[row]))));
  blocksOf.set(pass, blocks);
  return blocks;
}

/** @returns {(code: Code, at: number, open: Set<string>, metrics: Metrics) => Scene} */
export function createScenes() {
  /** @type {WeakMap<Pass, {key: string, scene: Scene}>} */
  const scenes = new WeakMap();
  /** @type {Scene | null} */
  let last = null;

  return (code, at, open, metrics) => {
    const pass = code.passes[at];
    const key = `${Object.values(metrics)} ${[...open]}`;
    const held = scenes.get(pass);
    if (held?.key === key) return (last = held.scene);

    const blocks = blocksOfPass(code, pass);
    const { short } = known(code);
    const text = (/** @type {number} */ row) => (short[row] ??= shortLine(code.lines[row]));
    const before = code.passes[at - 1];
    const had = before ? new Set(before.rows) : null;
    const old = new Map((before ? blocksOfPass(code, before) : []).map((block) => [block.name, block]));
    const cards = blocks.map((block) => cardOf(block, blocks, code.lines[block.end] ?? "", text, open.has(block.name), had, old.get(block.name)));
    const shapes = blocks.map(({ name, successors }, i) => ({ successors, key: Number(name.slice(1)), ...sizeOf(cards[i], metrics) }));
    const structure = last && sameStructure(last.blocks, blocks) ? last.structure : structureOf(blocks.map((block) => block.successors), entryOf(blocks));
    const index = new Map(blocks.map((block, i) => [block.name, i]));
    last = { blocks, index, cards, structure, drawn: layout(shapes, structure) };
    scenes.set(pass, { key, scene: last });
    return last;
  };
}

/**
 * @param {Block[]} before
 * @param {Block[]} after
 * @returns {boolean} whether the same blocks lead to the same blocks
 */
export function sameStructure(before, after) {
  if (before.length !== after.length) return false;
  return after.every(({ name, successors, dead, enters }, i) => {
    const old = before[i];
    return (
      old.name === name && old.dead === dead && old.enters === enters &&
      old.successors.length === successors.length && old.successors.every((to, way) => to === successors[way])
    );
  });
}
