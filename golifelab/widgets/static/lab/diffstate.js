/**
 * The lines of a dump as blocks with values: what a comparison needs to know of each line.
 */

/**
 * A line. `text` has no source line in front; `place` is the number of that line. Of a value `op`, `type`, `location`
 * and `rest` (aux and arguments) are told apart; `block` names the block it stands in.
 *
 * @typedef {object} Item
 * @property {"heading" | "value" | "end"} kind
 * @property {string} name "v13" of a value, "b4" of the lines of a block
 * @property {string} block
 * @property {string} text
 * @property {string} place
 * @property {string} line all of it
 * @property {number} index which of the lines it is
 * @property {string} op
 * @property {string} type
 * @property {string} rest
 * @property {string} location
 */

/** @typedef {{name: string, heading: Item, values: Item[], end: Item | null}} Part a block */
/** @typedef {{blocks: Map<string, Part>, values: Map<string, Item>}} State */

const HEADING = /^ {2}(b\d+):/;
const VALUE = /^ {4}\(([^)]*)\) (v\d+) = (\S+) <(.*?)>(.*)$/s;
const END = /^ {4}([A-Z]\w*)(.*)$/s;
const LOCATION = / : (<[\w,]*>|[A-Z]\w*|\S+\[.*\])$/s;
const TEMPORARY = / tmp=\S+$/;
const NAMES = / \([^()]*\[.*\]\)$/s;

/**
 * What is living in the lines of a dump: dead blocks and values are no part of the function any more.
 *
 * @param {string[]} lines
 * @returns {State}
 */
export function readState(lines) {
  /** @type {State} */
  const state = { blocks: new Map(), values: new Map() };
  /** @type {Part | null} */
  let part = null;
  lines.forEach((line, index) => {
    const opens = HEADING.exec(line);
    if (opens) {
      const name = opens[1];
      part = null;
      if (line.endsWith(" DEAD")) return;
      part = { name, heading: { ...blank(line, index), kind: "heading", name, block: name, text: line.trim() }, values: [], end: null };
      state.blocks.set(name, part);
    } else if (part) readLine(state, part, line, index);
  });
  return state;
}

/** @param {State} state @param {Part} part @param {string} line @param {number} index */
function readLine(state, part, line, index) {
  const value = VALUE.exec(line);
  if (value) {
    const [, place, name, op, type, tail] = value;
    if (line.endsWith(" DEAD")) return;
    const work = tail.replace(NAMES, "");
    const temporary = TEMPORARY.exec(work)?.[0] ?? "";
    const placed = work.slice(0, work.length - temporary.length);
    const location = LOCATION.exec(placed)?.[0] ?? "";
    const all = placed.slice(0, placed.length - location.length);
    // Inlined calls are numbered anew by every edit.
    const rest = op === "InlMark" ? all.replace(/ \[\d+\]/, "") : all;
    const text = line.slice(line.indexOf(")") + 2);
    /** @type {Item} */
    const item = { ...blank(line, index), name, block: part.name, text, place: place.replace(/^[+-]/, ""), op, type, rest, location: location + temporary };
    part.values.push(item);
    state.values.set(name, item);
    return;
  }
  const end = END.exec(line);
  if (!end || part.end) return;
  part.end = { ...blank(line, index), kind: "end", name: part.name, block: part.name, text: line.trim(), op: end[1], rest: end[2] };
}

/** @param {string} line @param {number} index @returns {Item} */
const blank = (line, index) => ({ kind: "value", name: "", block: "", text: "", place: "", line, index, op: "", type: "", rest: "", location: "" });
