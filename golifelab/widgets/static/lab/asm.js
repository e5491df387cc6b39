/**
 * The machine code of a function as the machine tab shows it: instructions, jumps, bytes, blocks. No page.
 */

import { definitions } from "./passes.js";

/** @typedef {import("../page/broker.js").Selection} Selection */
/** @typedef {import("./passes.js").Code} Code */

/** @typedef {[offset: number, size: number, kind: string, symbol: string, addend: number]} Relocation */

/**
 * What Python sends (views/machinepanel.py): a column for each fact, a row for each instruction.
 *
 * @typedef {object} Asm
 * @property {string} function
 * @property {string} architecture
 * @property {string} tier
 * @property {"column" | "line"} precision
 * @property {number} size in bytes
 * @property {number} frame_size
 * @property {number} arguments_size
 * @property {string} code all bytes, in hexadecimal
 * @property {string[]} kinds of origins
 * @property {number[]} pc
 * @property {number[]} sizes
 * @property {string[]} texts in Go syntax
 * @property {string[] | null} gnu in GNU syntax
 * @property {string} gnu_note
 * @property {string[]} words what each does
 * @property {number[]} origins index into `kinds`
 * @property {number[]} ids number of the value or block, -1 for none
 * @property {number[]} place index into `places`, -1 for none
 * @property {Record<string, number[]>} stacks places of inlined calls, outermost first
 * @property {number[]} targets instruction that a jump leads to, -1 for none
 * @property {string[]} files
 * @property {[file: number, line: number, column: number][]} places
 * @property {Relocation[]} relocations
 * @property {number} more instructions that are left out
 * @property {number} [seq]
 */

/** What an origin is called where there is little room, and in a sentence. @type {Record<string, [string, string]>} */
const ORIGINS = {
  value: ["value", "made for a value"],
  block: ["end", "the end of a block"],
  prologue: ["prologue", "the prologue: it makes room on the stack"],
  epilogue: ["epilogue", "the epilogue: it gives the room on the stack back"],
  tail: ["morestack", "the tail: it grows the stack, or runs deferred calls"],
  mark: ["mark", "a mark: it does nothing, but has a position of its own"],
  none: ["", "what it was made for is not known: the compiler was not observed"],
};

/**
 * @param {Asm} asm
 * @param {number} index
 * @returns {string} "v13", "b3", or "" for what was made for no value and no block
 */
export function nameOf(asm, index) {
  const kind = asm.kinds[asm.origins[index]];
  if (kind === "value") return `v${asm.ids[index]}`;
  return kind === "block" ? `b${asm.ids[index]}` : "";
}

/**
 * @param {Asm} asm
 * @param {number} index
 * @returns {[string, string]} what it was made for: a chip's text, and a sentence
 */
export function originOf(asm, index) {
  const kind = asm.kinds[asm.origins[index]];
  const name = nameOf(asm, index);
  const [short, long] = ORIGINS[kind] ?? [kind, kind];
  if (kind === "value") return [name, `made for ${name}`];
  return name ? [`${short} ${name}`, `the end of ${name}`] : [short, long];
}

/**
 * @param {Asm} asm
 * @param {number} place an index into its places
 * @returns {{file: string, line: number, column: number} | null}
 */
export function placeAt(asm, place) {
  const found = asm.places[place];
  return found ? { file: asm.files[found[0]], line: found[1], column: found[2] } : null;
}

/**
 * @param {Asm} asm
 * @param {number} index
 * @param {string} [file] the reader's: only others are named
 * @returns {string} "8:12", "builder.go:61:3", "" where there is none
 */
export function placeWords(asm, index, file) {
  const place = placeAt(asm, asm.place[index]);
  if (!place) return "";
  const foreign = Boolean(file) && place.file !== file;
  return [foreign && place.file.replace(/^.*\//, ""), place.line, place.column].filter(Boolean).join(":");
}

/**
 * The place to select for an instruction: its own, or where its inlined call stands in the reader's file.
 *
 * @param {Asm} asm
 * @param {number} index
 * @param {string} [file] the reader's
 */
export function placeFor(asm, index, file) {
  const own = placeAt(asm, asm.place[index]);
  if (!own || !file || own.file === file) return own;
  const around = (asm.stacks[index] ?? []).map((place) => placeAt(asm, place));
  return around.findLast((place) => place?.file === file) ?? own;
}

/**
 * How an instruction belongs to what is selected: "value" is the value's own, "place" stands at the very
 * column, "line" on its line, "" elsewhere.
 *
 * @param {Asm} asm
 * @param {number} index
 * @param {Selection} selection
 * @returns {"value" | "place" | "line" | ""}
 */
export function belongs(asm, index, selection) {
  if (selection.value && nameOf(asm, index) === selection.value) return "value";
  if (!selection.line) return "";
  /** @type {"" | "line"} */
  let found = "";
  for (const place of asm.stacks[index] ?? [asm.place[index]]) {
    const at = placeAt(asm, place);
    if (!at || at.line !== selection.line || (selection.file && at.file !== selection.file)) continue;
    // Where no columns are known, nothing says more than the line.
    if (!at.column || (selection.column && at.column === selection.column)) return "place";
    found = "line";
  }
  return found;
}

/**
 * The bytes of an instruction, in pieces: `gap` is what the linker fills a piece by, null where they are final.
 *
 * @param {Asm} asm
 * @param {number} index
 * @returns {{text: string, gap: Relocation | null}[]}
 */
export function bytesOf(asm, index) {
  /** @type {{text: string, gap: Relocation | null}[]} */
  const made = [];
  const open = gapsOf(asm, index);
  for (let at = asm.pc[index]; at < asm.pc[index] + asm.sizes[index]; at += 1) {
    const text = asm.code.slice(2 * at, 2 * at + 2);
    const gap = open.find(([offset, size]) => at >= offset && at < offset + size) ?? null;
    const last = made.at(-1);
    if (last && last.gap === gap) last.text += ` ${text}`;
    else made.push({ text, gap });
  }
  return made;
}

/**
 * @param {Asm} asm
 * @param {number} index
 * @returns {Relocation[]} those that begin in an instruction
 */
export function gapsOf(asm, index) {
  let known = gaps.get(asm);
  if (!known) {
    known = new Map();
    for (const gap of asm.relocations) {
      const at = asm.pc.findLastIndex((pc) => pc <= gap[0]);
      known.set(at, [...(known.get(at) ?? []), gap]);
    }
    gaps.set(asm, known);
  }
  return known.get(index) ?? [];
}
/** @type {WeakMap<Asm, Map<number, Relocation[]>>} */
const gaps = new WeakMap();

/**
 * An instruction in GNU syntax. Before the linker has filled the gap, a call leads nowhere yet: the name of
 * what it calls is said as objdump says such things, in a comment.
 *
 * @param {Asm} asm
 * @param {number} index
 * @returns {string}
 */
export function gnuText(asm, index) {
  const text = asm.gnu?.[index] ?? asm.texts[index];
  const name = gapsOf(asm, index).find(([, size]) => size > 0)?.[3];
  return name ? `${text} ${asm.architecture === "arm64" ? "//" : "#"} ${name}` : text;
}

/**
 * @param {number} pc
 * @param {number} size of the function
 * @returns {string} an offset, as wide as the function's last one
 */
export const offset = (pc, size) => pc.toString(16).padStart(Math.max(2, size.toString(16).length), "0");

/**
 * The block of every value that the last pass holds.
 *
 * @param {Code} code
 * @returns {Map<string, string>} "v13" → "b3"
 */
export function homes(code) {
  const pass = code.passes.at(-1);
  const held = pass && known.get(pass);
  if (held) return held;
  /** @type {Map<string, string>} */
  const found = new Map();
  let block = "";
  for (const row of pass?.rows ?? []) {
    const line = code.lines[row];
    block = /^ {2}(b\d+):/.exec(line)?.[1] ?? block;
    const name = /^\s*\([^)]*\)\s+(v\d+) =/.exec(line)?.[1];
    if (name) found.set(name, block);
  }
  if (pass) known.set(pass, found);
  return found;
}
/** @type {WeakMap<object, Map<string, string>>} */
const known = new WeakMap();

/**
 * The block of every instruction, "" for prologue, tail and what is not known: all, without the last pass.
 *
 * @param {Asm} asm
 * @param {Code | null} code
 * @returns {string[]}
 */
export function blocksOf(asm, code) {
  const home = code ? homes(code) : new Map();
  if (home.size === 0) return asm.texts.map(() => "");
  return asm.texts.map((_, index) => {
    const name = nameOf(asm, index);
    if (name) return name.startsWith("b") ? name : (home.get(name) ?? "");
    return asm.kinds[asm.origins[index]] === "epilogue" && asm.ids[index] >= 0 ? `b${asm.ids[index]}` : "";
  });
}

/**
 * The line of a value in the dump after the last pass, as it became this code.
 *
 * @param {Code} code
 * @param {string} name
 * @returns {string}
 */
export function lastLine(code, name) {
  const pass = code.passes.at(-1);
  const row = pass && definitions(code, pass).get(name);
  return row === undefined ? "" : code.lines[row].trim();
}

/**
 * The instructions that the code before did not have: jumps are compared without where they lead to.
 *
 * @param {Asm} before
 * @param {Asm} after
 * @returns {Set<number>}
 */
export function fresh(before, after) {
  const [old, now] = [words(before), words(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const [left, right] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const kept = left.length * right.length > LARGEST ? some(left, right) : common(left, right);
  return new Set(right.flatMap((_, i) => (kept.has(i) ? [] : [head + i])));
}
/** Pairs of instructions that are compared one by one; beyond, only their numbers are. */
const LARGEST = 4e6;

/** @param {Asm} asm */
const words = (asm) => asm.texts.map((text, i) => (asm.targets[i] < 0 ? text : text.replace(/\d+$/, "")));

/**
 * @param {string[]} left
 * @param {string[]} right
 * @returns {Set<number>} indices of the right that stand in both, in one order
 */
function common(left, right) {
  const wide = right.length + 1;
  const best = new Uint32Array((left.length + 1) * wide);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      best[i * wide + j] = left[i] === right[j] ? best[(i + 1) * wide + j + 1] + 1 : Math.max(best[(i + 1) * wide + j], best[i * wide + j + 1]);
    }
  }
  const kept = new Set();
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) {
      kept.add(j);
      i += 1;
      j += 1;
    } else if (best[(i + 1) * wide + j] >= best[i * wide + j + 1]) i += 1;
    else j += 1;
  }
  return kept;
}

/**
 * @param {string[]} left
 * @param {string[]} right
 * @returns {Set<number>} indices of the right that the left has as often
 */
function some(left, right) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = new Set();
  right.forEach((word, j) => {
    const count = counts.get(word) ?? 0;
    if (count > 0) kept.add(j);
    counts.set(word, count - 1);
  });
  return kept;
}

/** @param {Asm} asm @returns {string} how much there is of it */
export function figuresOf(asm) {
  const count = asm.texts.length + asm.more;
  const facts = [`${count.toLocaleString("en")} ${count === 1 ? "instruction" : "instructions"}`, `${asm.size.toLocaleString("en")} bytes`];
  facts.push(asm.frame_size > 0 ? `frame ${asm.frame_size.toLocaleString("en")} bytes` : "no frame");
  return facts.join(" · ");
}

/** @param {Asm} before @param {Asm} after @returns {string} what an edit did to its figures */
export function sinceWords(before, after) {
  /** @param {number} by @param {string} unit @param {string} [of] */
  const change = (by, unit, of = "") => (by ? [`${by > 0 ? "+" : "−"}${Math.abs(by)} ${unit}${Math.abs(by) === 1 ? "" : "s"}${of}`] : []);
  return [
    ...change(after.texts.length - before.texts.length, "instruction"),
    ...change(after.size - before.size, "byte"),
    ...change(after.frame_size - before.frame_size, "byte", " of frame"),
  ].join(" · ");
}
