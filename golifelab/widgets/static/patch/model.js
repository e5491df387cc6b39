/**
 * The linker's arithmetic, in the browser: for addresses that the reader chooses. The kernel reckons the same
 * for the real ones.
 */

/** @typedef {[string, number, string]} Term */
/** @typedef {[number, string, number, number, number]} Field */

/**
 * @typedef {object} Hole
 * @property {number} offset
 * @property {number} size
 * @property {string} kind
 * @property {string} symbol
 * @property {number} addend
 * @property {number | null} place
 * @property {number | null} target
 * @property {number} base
 * @property {boolean} call
 * @property {string} outcome
 * @property {string} redirected
 * @property {string} words
 * @property {string} formula
 * @property {Term[]} terms
 * @property {number | null} result
 * @property {string[]} steps
 * @property {Field[]} fields
 * @property {string} computed
 * @property {string} text
 * @property {string} before
 * @property {string} after
 * @property {number} start
 * @property {number} file_offset
 * @property {number | null} image_offset
 * @property {number | null} address
 * @property {string} file
 * @property {number} line
 * @property {number} column
 */

/**
 * @typedef {object} Side
 * @property {string} architecture
 * @property {string} [failure]
 * @property {string} function
 * @property {string} object
 * @property {string} executable
 * @property {number | null} base
 * @property {number} size
 * @property {number} notes
 * @property {number} more
 * @property {Hole[]} holes
 */

/** @typedef {{functions: import("../page/functions.js").FunctionChoice[], function: string, native: string, sides: Side[], errors: number, problem?: string}} Payload */

/** @typedef {{result: bigint, bytes: number[], fields: Field[], problem: string}} Reckoned */

/** @param {string} text @returns {number[]} */
export const fromHex = (text) => Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));

/** @param {number[]} bytes */
export const toHex = (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** @param {bigint | number} value */
export const hexOf = (value) => (value < 0 ? `−0x${(-BigInt(value)).toString(16)}` : `0x${BigInt(value).toString(16)}`);

/** How far the offset of the second of two instructions is shifted. @type {Record<string, number>} */
const PAIRS = { R_ADDRARM64: 0, R_ARM64_PCREL_LDST8: 0, R_ARM64_PCREL_LDST16: 1, R_ARM64_PCREL_LDST32: 2, R_ARM64_PCREL_LDST64: 3 };
const PAGE = 0xfffn;

/** @param {string} kind whether the reader can reckon with it */
export const known = (kind) => ["R_CALL", "R_PCREL", "R_ADDR", "R_ADDROFF", "R_METHODOFF", "R_CALLARM64"].includes(kind) || kind in PAIRS;

/**
 * @param {Hole} hole
 * @param {bigint} S the address of the symbol
 * @param {bigint} P the address of the hole
 * @returns {Reckoned} `problem` says why there are no bytes, or is empty
 */
export function reckon(hole, S, P) {
  const A = BigInt(hole.addend);
  const before = fromHex(hole.before).slice(hole.start, hole.start + hole.size);
  if (hole.kind === "R_CALLARM64") return branch(before, S + A - P);
  if (hole.kind in PAIRS) return pair(before, S + A - (P & ~PAGE), PAIRS[hole.kind]);
  const result =
    hole.kind === "R_CALL" || hole.kind === "R_PCREL" ? S + A - (P + BigInt(hole.size)) : hole.kind === "R_ADDR" ? S + A : S + A - BigInt(hole.base);
  const bits = BigInt(8 * hole.size);
  const signed = hole.kind === "R_CALL" || hole.kind === "R_PCREL";
  const top = 1n << (signed ? bits - 1n : bits);
  if (result >= top || result < -(1n << (bits - 1n))) return { result, bytes: [], fields: [], problem: `${hexOf(result)} does not fit into ${hole.size} bytes` };
  return { result, bytes: little(BigInt.asUintN(Number(bits), result), hole.size), fields: [], problem: "" };
}

/** @param {number[]} before @param {bigint} distance @returns {Reckoned} */
function branch(before, distance) {
  const result = distance >> 2n;
  if (distance & 3n) return { result, bytes: [], fields: [], problem: "instructions begin at multiples of 4" };
  if (distance >= 1n << 27n || distance < -(1n << 27n)) return { result, bytes: [], fields: [], problem: "BL reaches 128 MiB to either side" };
  const field = result & 0x3ffffffn;
  return { result, bytes: little(word(before, 0) | field, 4), fields: [[0, "imm26", 25, 0, Number(field)]], problem: "" };
}

/** @param {number[]} before @param {bigint} distance @param {number} scale @returns {Reckoned} */
function pair(before, distance, scale) {
  if (distance >= 1n << 32n || distance < -(1n << 32n)) return { result: distance, bytes: [], fields: [], problem: "ADRP reaches 4 GiB to either side" };
  const low = distance & PAGE;
  if (low & ((1n << BigInt(scale)) - 1n)) return { result: distance, bytes: [], fields: [], problem: `the address must be a multiple of ${1 << scale}` };
  const pages = (distance >> 12n) & 0x1fffffn;
  const first = word(before, 0) | ((pages & 3n) << 29n) | ((pages >> 2n) << 5n);
  const second = word(before, 4) | ((low >> BigInt(scale)) << 10n);
  /** @type {Field[]} */
  const fields = [
    [0, "immlo", 30, 29, Number(pages & 3n)],
    [0, "immhi", 23, 5, Number(pages >> 2n)],
    [1, "imm12", 21, 10, Number(low >> BigInt(scale))],
  ];
  return { result: distance, bytes: [...little(first, 4), ...little(second, 4)], fields, problem: "" };
}

/** @param {bigint} value @param {number} size @returns {number[]} */
const little = (value, size) => Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

/** @param {number[]} bytes @param {number} at @returns {bigint} */
const word = (bytes, at) => bytes.slice(at, at + 4).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/**
 * The bits of an instruction of 32 bits, the highest first.
 *
 * @param {number[]} bytes
 * @param {number} number which instruction of a hole of several
 * @param {Field[]} fields
 * @returns {{bit: number, value: number, field: string}[]}
 */
export function bitsOf(bytes, number, fields) {
  const value = word(bytes, 4 * number);
  return Array.from({ length: 32 }, (_, i) => {
    const bit = 31 - i;
    const field = fields.find(([of, , high, low]) => of === number && bit <= high && bit >= low)?.[1] ?? "";
    return { bit, value: Number((value >> BigInt(bit)) & 1n), field };
  });
}

/**
 * A number as a reader types it: 0x499de0, 499de0h, -0x10 or 4828640.
 *
 * @param {string} text
 * @returns {bigint | null}
 */
export function number(text) {
  const found = /^\s*([-−]?)\s*(?:0x([0-9a-f]+)|(\d+))\s*$/i.exec(text.replaceAll("_", ""));
  if (!found) return null;
  const value = BigInt(found[2] ? `0x${found[2]}` : found[3]);
  return found[1] ? -value : value;
}

/**
 * What is asked: the linker puts the function, or what it refers to, somewhere else.
 *
 * @typedef {{words: string, S: bigint, P: bigint}} Question
 */

/** Bytes that something moves by. */
const MOVES = [32n, 256n, -64n, 4096n];

/**
 * @param {Hole} hole
 * @param {number} turn
 * @returns {Question | null} null where nothing can be asked
 */
export function question(hole, turn) {
  if (hole.place === null || hole.target === null || !known(hole.kind)) return null;
  const [S, P] = [BigInt(hole.target), BigInt(hole.place)];
  if (turn === 0) return { words: `The linker has put ${hole.symbol || "the target"} at ${hexOf(S)} and the hole at ${hexOf(P)}. Which bytes does it write?`, S, P };
  const move = MOVES[(turn - 1) % MOVES.length];
  const way = move > 0 ? `${move} bytes further up` : `${-move} bytes further down`;
  if (turn % 2 === 1) return { words: `Had the linker put the calling code ${way} (all of it; ${hole.symbol} stays): which bytes?`, S, P: P + move };
  return { words: `Had the linker put ${hole.symbol} ${way}: which bytes?`, S: S + move, P };
}

/**
 * What is to say to an answer.
 *
 * @param {Hole} hole
 * @param {Question} asked
 * @param {string} answer bytes in hexadecimal, with or without spaces
 * @returns {{right: boolean, words: string}}
 */
export function judge(hole, asked, answer) {
  const typed = answer.toLowerCase().replace(/0x|[\s,]/g, "");
  const wanted = reckon(hole, asked.S, asked.P).bytes;
  if (typed === "") return { right: false, words: `type ${wanted.length} bytes, such as ${toHex(wanted.map((_, i) => (i + 1) * 17))}` };
  if (!/^[0-9a-f]*$/.test(typed) || typed.length !== 2 * wanted.length) return { right: false, words: `that is not ${wanted.length} bytes in hexadecimal` };
  const given = fromHex(typed);
  if (same(given, wanted)) return { right: true, words: "right: the linker writes the same" };
  if (same([...given].reverse(), wanted)) return { right: false, words: "the right number, but the lowest byte goes first" };
  if (hole.kind === "R_CALL" || hole.kind === "R_PCREL") {
    const late = little(BigInt.asUintN(8 * hole.size, asked.S + BigInt(hole.addend) - asked.P), hole.size);
    if (same(given, late)) return { right: false, words: "that is S + A − P: the processor counts from the next instruction, at P + n" };
    const turned = little(BigInt.asUintN(8 * hole.size, asked.P + BigInt(hole.size) - asked.S - BigInt(hole.addend)), hole.size);
    if (same(given, turned)) return { right: false, words: "the other way round: from the place to the symbol, not back" };
  }
  if (hole.kind === "R_CALLARM64") {
    const opcode = reckon({ ...hole, before: "0".repeat(hole.before.length) }, asked.S, asked.P).bytes;
    if (same(given, opcode)) return { right: false, words: "the 26 bits are right; the six above them stay as they were in the object" };
  }
  return { right: false, words: "no: try the formula again, with the numbers of the question" };
}

/** @param {number[]} a @param {number[]} b */
const same = (a, b) => a.length === b.length && a.every((one, i) => one === b[i]);
