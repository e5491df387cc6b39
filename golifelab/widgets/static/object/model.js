/**
 * The fields of an object file as a tree, and its symbols: pure functions over the payload.
 */

import { decode } from "../hex/model.js";

/** @typedef {import("../page/broker.js").Selection} Selection */

/**
 * @typedef {object} Columns
 * @property {number[]} offset
 * @property {number[]} size
 * @property {number[]} parent
 * @property {number[]} kind
 * @property {number[]} name
 * @property {number[]} value
 * @property {number[]} meaning
 */

/**
 * @typedef {object} SymbolColumns
 * @property {string[]} name
 * @property {string[]} kind
 * @property {string[]} abi
 * @property {number[]} size
 * @property {number[]} offset
 * @property {number[]} relocations
 */

/**
 * @typedef {object} Payload
 * @property {number} errors
 * @property {string} [problem]
 * @property {number} size
 * @property {string} content
 * @property {number} more
 * @property {string} package
 * @property {string} go
 * @property {string} architecture
 * @property {number} relocations
 * @property {Columns} fields
 * @property {boolean} shallow
 * @property {string[]} texts
 * @property {SymbolColumns} symbols
 * @property {number} hidden
 * @property {string} source
 * @property {[number, number, number][]} lines
 * @property {[number, number, string][]} functions
 * @property {[number, number, string][]} instructions in the order of their bytes
 */

/**
 * `after[i]` is the row behind field i and all its parts; `leaves` are the rows without parts, in the order of
 * the bytes; `depth` counts from the file.
 *
 * @typedef {Payload & {bytes: Uint8Array, after: Int32Array, depth: Uint8Array, leaves: Int32Array, tints: string[]}} ObjectFile
 */

/**
 * @param {Payload} payload
 * @returns {ObjectFile}
 */
export function read(payload) {
  const { parent, kind } = payload.fields;
  const count = parent.length;
  const after = new Int32Array(count);
  const depth = new Uint8Array(count);
  const leaves = [];
  for (let i = count - 1; i >= 0; i -= 1) {
    after[i] = Math.max(after[i], i + 1);
    if (parent[i] >= 0) after[parent[i]] = Math.max(after[parent[i]], after[i]);
  }
  /** @type {string[]} */
  const tints = [];
  for (let i = 0; i < count; i += 1) {
    depth[i] = parent[i] < 0 ? 0 : depth[parent[i]] + 1;
    if (after[i] === i + 1) leaves.push(i);
    tints.push(tintOf(payload.texts[kind[i]], parent[i] < 0 ? "frame" : tints[parent[i]]));
  }
  return { ...payload, bytes: decode(payload.content), after, depth, leaves: Int32Array.from(leaves), tints };
}

/**
 * The colour of a field: names, tables, data and holes have one each; what frames them has none.
 *
 * @param {string} kind
 * @param {string} inherited
 */
function tintOf(kind, inherited) {
  if (kind === "hole" || kind === "block.reloc" || kind === "block.aux") return "hole";
  if (kind === "strings" || kind === "export.String") return "name";
  if (kind === "block.data") return "data";
  if (kind.startsWith("block.")) return "table";
  return inherited;
}

/** @typedef {"kind" | "name" | "value" | "meaning"} TextColumn */

/**
 * @param {ObjectFile} file
 * @param {TextColumn} column
 * @param {number} i
 */
export const text = (file, column, i) => file.texts[file.fields[column][i]] ?? "";

/** @param {ObjectFile} file @param {number} i */
export const isParent = (file, i) => file.after[i] > i + 1;

/** @param {ObjectFile} file @param {number} i @returns {[number, number]} */
export const spanOf = (file, i) => [file.fields.offset[i], file.fields.offset[i] + file.fields.size[i]];

/**
 * @param {ObjectFile} file
 * @param {number} offset
 * @returns {number} the place among the leaves of the one that a byte is in
 */
export function leafPlace(file, offset) {
  let [low, high] = [0, file.leaves.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (file.fields.offset[file.leaves[middle]] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** @param {ObjectFile} file @param {number} offset @returns {number} the row of the leaf that a byte is in */
export const leafAt = (file, offset) => file.leaves[leafPlace(file, offset)];

/**
 * @param {ObjectFile} file
 * @param {number} i
 * @returns {number[]} from the whole file down to the field
 */
export function pathOf(file, i) {
  const path = [];
  for (let at = i; at >= 0; at = file.fields.parent[at]) path.unshift(at);
  return path;
}

/**
 * The rows of the tree that are seen.
 *
 * @param {ObjectFile} file
 * @param {Set<number>} open
 * @returns {number[]}
 */
export function rowsOf(file, open) {
  const rows = [];
  for (let i = 0; i < file.after.length; i = open.has(i) ? i + 1 : file.after[i]) rows.push(i);
  return rows;
}

/**
 * What a key does in the tree.
 *
 * @param {string} key
 * @param {ObjectFile} file
 * @param {Set<number>} open changed
 * @param {number[]} rows
 * @param {number} field
 * @returns {{field: number, changed: boolean} | null}
 */
export function press(key, file, open, rows, field) {
  const at = Math.max(0, rows.indexOf(field));
  const go = (/** @type {number} */ to) => ({ field: rows[Math.max(0, Math.min(rows.length - 1, to))], changed: false });
  const turn = () => {
    if (open.has(field)) open.delete(field);
    else open.add(field);
    return { field, changed: true };
  };
  const parent = isParent(file, field);
  switch (key) {
    case "ArrowDown":
      return go(at + 1);
    case "ArrowUp":
      return go(at - 1);
    case "PageDown":
      return go(at + 15);
    case "PageUp":
      return go(at - 15);
    case "Home":
      return go(0);
    case "End":
      return go(rows.length - 1);
    case "ArrowRight":
      if (!parent) return { field, changed: false };
      return open.has(field) ? { field: field + 1, changed: false } : turn();
    case "ArrowLeft":
      if (parent && open.has(field)) return turn();
      return { field: Math.max(0, file.fields.parent[field]), changed: false };
    case "Enter":
    case " ":
      return parent ? turn() : { field, changed: false };
    default:
      return null;
  }
}

/**
 * The symbols whose name or kind has a text.
 *
 * @param {ObjectFile} file
 * @param {string} query
 * @returns {number[]}
 */
export function found(file, query) {
  const wanted = query.trim().toLowerCase();
  const rows = file.symbols.name.map((_, i) => i);
  if (wanted === "") return rows;
  return rows.filter((i) => `${file.symbols.name[i]} ${file.symbols.kind[i]}`.toLowerCase().includes(wanted));
}

/**
 * The symbol that a field names: a reference, or a hole.
 *
 * @param {ObjectFile} file
 * @param {number} field
 * @returns {number} -1 for none of this file
 */
export function namedBy(file, field) {
  const kind = text(file, "kind", field);
  if (kind !== "reference" && kind !== "hole") return -1;
  const value = text(file, "value", field);
  const exact = file.symbols.name.indexOf(value);
  return exact >= 0 || kind === "reference" ? exact : file.symbols.name.indexOf(value.replace(/[+-]\d+$/, ""));
}

/**
 * The field that is a symbol: its bytes, or its record where it has none.
 *
 * @param {ObjectFile} file
 * @param {number} symbol
 * @returns {number} -1 for none
 */
export function fieldOf(file, symbol) {
  const offset = file.symbols.offset[symbol];
  if (offset >= 0) return pathOf(file, leafAt(file, offset)).find((i) => text(file, "kind", i).startsWith("data.")) ?? -1;
  const name = file.symbols.name[symbol];
  return name === "" ? -1 : file.fields.kind.findIndex((_, i) => text(file, "kind", i) === "symbol" && text(file, "name", i) === name);
}

/**
 * The line of the source that a byte of code is from, and its function.
 *
 * @param {ObjectFile} file
 * @param {number} offset
 * @returns {{line: number, function: string}} 0 and "" for none
 */
export function sourceOf(file, offset) {
  const line = file.lines.find(([from, to]) => offset >= from && offset < to)?.[2] ?? 0;
  const named = file.functions.find(([from, to]) => offset >= from && offset < to)?.[2] ?? "";
  return { line, function: named };
}

/**
 * The instruction that a byte is in.
 *
 * @param {ObjectFile} file
 * @param {number} offset
 * @returns {[number, number, string] | null} its first byte, how many it has, its text
 */
export function instructionAt(file, offset) {
  let [low, high] = [0, file.instructions.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (file.instructions[middle][0] <= offset) low = middle;
    else high = middle - 1;
  }
  const found = file.instructions[low];
  return found && offset >= found[0] && offset < found[0] + found[1] ? found : null;
}

/** @param {number} count @param {string} noun */
export const some = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
