/**
 * The control-flow graph of a function after one pass, read from the lines of the dump.
 */

/** @typedef {import("../lab/passes.js").Line} Line */

/**
 * A block. `rows` are its values' lines (indices into the payload's), `end` the line of its end; `kind` is
 * "If", "Ret", "EQ" … ; `likely` tells which way the compiler expects a branch to go; `successors` are
 * indices of blocks of the same graph.
 *
 * @typedef {object} Block
 * @property {string} name "b7"
 * @property {number} heading the row that opens it
 * @property {number[]} rows
 * @property {number} end
 * @property {string} kind
 * @property {"" | "likely" | "unlikely"} likely
 * @property {number[]} successors
 * @property {boolean} dead
 * @property {boolean} enters whether the dump names a block that leads to it
 */

/** What the two ways out of a block are called, where it asks no question. @type {Record<string, [string, string]>} */
const WAYS = { First: ["always", "never"], Defer: ["goes on", "after a recover"] };
const HEADING = /^ {2}(b\d+):.*?( DEAD)?$/;
const END = /^ {4}([A-Z]\w*)(.*)$/;

/**
 * What a row is: the name of the block that it opens, a value's line, or a block's end.
 *
 * @param {string} line
 * @returns {{opens: string, dead: boolean, enters: boolean} | {ends: string, to: string[], likely: "" | "likely" | "unlikely"} | null}
 *   null for a value
 */
export function readLine(line) {
  const heading = HEADING.exec(line);
  if (heading) return { opens: heading[1], dead: Boolean(heading[2]), enters: line.includes("<-") };
  const end = END.exec(line);
  if (!end) return null;
  const arrow = end[2].indexOf("->");
  const rest = arrow < 0 ? "" : end[2].slice(arrow + 2);
  const likely = /\((likely|unlikely)\)/.exec(rest);
  return {
    ends: end[1],
    to: rest.match(/\bb\d+\b/g) ?? [],
    likely: /** @type {"" | "likely" | "unlikely"} */ (likely?.[1] ?? ""),
  };
}

/**
 * Where a function begins: at the living block that no other leads to. It mostly stands first, but not
 * always: one that was fused with the next stays where that stood until the blocks are laid out.
 *
 * @param {Block[]} blocks
 * @returns {number}
 */
export function entryOf(blocks) {
  const entry = blocks.findIndex((block) => !block.dead && !block.enters);
  return entry >= 0 ? entry : Math.max(0, blocks.findIndex((block) => !block.dead));
}

/**
 * The blocks of a pass in the order of the dump. A successor that the dump does not have is left out.
 *
 * @param {string[]} lines
 * @param {number[]} rows
 * @param {(row: number) => ReturnType<typeof readLine>} [reading] what is known of a row already
 * @returns {Block[]}
 */
export function readBlocks(lines, rows, reading = (row) => readLine(lines[row])) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {string[][]} */
  const targets = [];
  /** @type {Map<string, number>} */
  const byName = new Map();
  for (const row of rows) {
    const read = reading(row);
    if (read && "opens" in read) {
      byName.set(read.opens, blocks.length);
      blocks.push({ name: read.opens, heading: row, rows: [], end: -1, kind: "", likely: "", successors: [], dead: read.dead, enters: read.enters });
      targets.push([]);
      continue;
    }
    const block = blocks.at(-1);
    if (!block) continue;
    if (read) {
      Object.assign(block, { end: row, kind: read.ends, likely: read.likely });
      targets[targets.length - 1] = read.to;
    } else if (block.end < 0) block.rows.push(row);
  }
  blocks.forEach((block, i) => {
    block.successors = targets[i].flatMap((name) => byName.get(name) ?? []);
  });
  return blocks;
}

/**
 * How an edge out of a block is taken: a branch has two ways, the first when its condition holds. The
 * compiler's "likely" and "unlikely" are about the first.
 *
 * @param {Block} block
 * @param {number} index of the successor
 * @returns {{way: string, weight: "likely" | "unlikely" | ""}}
 */
export function edgeWords(block, index) {
  const count = block.successors.length;
  if (count < 2) return { way: "", weight: "" };
  if (count > 2) return { way: `${index}`, weight: "" };
  const [yes, no] = WAYS[block.kind] ?? ["yes", "no"];
  const first = block.likely;
  const other = first === "likely" ? "unlikely" : first === "unlikely" ? "likely" : "";
  return { way: index === 0 ? yes : no, weight: index === 0 ? first : other };
}

/**
 * @param {string} line "    (+8) v13 = ADDQ <int> v7 v8 : AX (sum[int])"
 * @returns {string} what a block of the graph shows of it: "v13 = ADDQ <int> v7 v8 : AX"
 */
export function shortLine(line) {
  return line.replace(/^\s*\([^)]*\)\s/, "").replace(/ \([^()]*\[[^()]*\]\)(?= DEAD$|$)/, "").trim();
}
