import assert from "node:assert/strict";
import { test } from "node:test";

import { bitsOf, fromHex, hexOf, judge, number, question, reckon, toHex } from "../../golifelab/widgets/static/patch/model.js";

/** @typedef {import("../../golifelab/widgets/static/patch/model.js").Hole} Hole */

/** @param {Partial<Hole>} given @returns {Hole} */
const hole = (given) => ({
  offset: 1, size: 4, kind: "R_CALL", symbol: "main.add", addend: 0, place: 0x499ec9, target: 0x499de0, base: 0, call: true, outcome: "patched", redirected: "", words: "", formula: "", terms: [],
  result: null, steps: [], fields: [], computed: "", text: "", before: "e800000000", after: "", start: 1, file_offset: 0, image_offset: 0, address: 0, file: "main.go", line: 1, column: 1, ...given,
});
const CALL = hole({});
const BL = hole({ kind: "R_CALLARM64", before: "00000094", start: 0, place: 0x1000, target: 0xffc });

test("a call counts from the next instruction", () => {
  const { result, bytes, problem } = reckon(CALL, 0x499de0n, 0x499ec9n);
  assert.equal(result, -237n);
  assert.equal(toHex(bytes), "13 ff ff ff");
  assert.equal(problem, "");
  assert.equal(toHex(reckon(CALL, 0x499ecdn, 0x499ec9n).bytes), "00 00 00 00");
});

test("what has no room says so", () => {
  assert.match(reckon(CALL, 1n << 40n, 0n).problem, /does not fit/);
  assert.match(reckon(BL, 2n, 0n).problem, /multiples of 4/);
  assert.match(reckon(BL, 1n << 30n, 0n).problem, /128 MiB/);
});

test("BL keeps its opcode, and its bits are told", () => {
  const { bytes, fields } = reckon(BL, 0xffcn, 0x1000n);
  assert.equal(toHex(bytes), "ff ff ff 97");
  const drawn = bitsOf(bytes, 0, fields);
  assert.equal(drawn.map((one) => one.value).join(""), "10010111111111111111111111111111");
  assert.equal(drawn.filter((one) => one.field === "imm26").length, 26);
  assert.equal(drawn[6].bit, 25);
});

test("ADRP and ADD share an address", () => {
  const pair = hole({ kind: "R_ADDRARM64", size: 8, before: "0000009000000091", start: 0 });
  const { bytes, fields } = reckon(pair, 0x12345678n, 0x400abcn);
  const [first, second] = [0, 4].map((at) => new DataView(Uint8Array.from(bytes).buffer).getUint32(at, true));
  const pages = (((first >>> 5) & 0x7ffff) << 2) | ((first >>> 29) & 3);
  assert.equal(((0x400 + pages) << 12) | ((second >>> 10) & 0xfff), 0x12345678);
  assert.deepEqual(fields.map(([word, name]) => [word, name]), [[0, "immlo"], [0, "immhi"], [1, "imm12"]]);
  assert.match(reckon({ ...pair, kind: "R_ARM64_PCREL_LDST64" }, 0x12345674n, 0n).problem, /multiple of 8/);
});

test("addresses and offsets", () => {
  assert.equal(toHex(reckon(hole({ kind: "R_ADDR", size: 8, before: "00".repeat(8), start: 0 }), 0x401000n, 0n).bytes), "00 10 40 00 00 00 00 00");
  assert.equal(toHex(reckon(hole({ kind: "R_ADDROFF", before: "00000000", start: 0, base: 0x401000 }), 0x401010n, 0n).bytes), "10 00 00 00");
});

test("numbers are read as people write them", () => {
  assert.equal(number(" 0x10 "), 16n);
  assert.equal(number("−0x10"), -16n);
  assert.equal(number("42"), 42n);
  assert.equal(number("0x"), null);
  assert.equal(number("ten"), null);
  assert.equal(hexOf(-16), "−0x10");
  assert.deepEqual(fromHex("e8ff"), [0xe8, 0xff]);
});

test("an answer is judged, and common mistakes are named", () => {
  const asked = question(CALL, 0);
  assert.ok(asked);
  assert.equal(judge(CALL, asked, "13 ff ff ff").right, true);
  assert.equal(judge(CALL, asked, "0x13FFFFFF").right, true);
  assert.match(judge(CALL, asked, "ff ff ff 13").words, /lowest byte goes first/);
  assert.match(judge(CALL, asked, "17 ff ff ff").words, /next instruction/);
  assert.match(judge(CALL, asked, "ed 00 00 00").words, /other way round/);
  assert.match(judge(CALL, asked, "12").words, /not 4 bytes/);
  assert.match(judge(CALL, asked, "").words, /type 4 bytes/);
  assert.match(judge(CALL, asked, "00 00 00 00").words, /^no/);
  const branch = question(BL, 0);
  assert.ok(branch);
  assert.match(judge(BL, branch, "ff ff ff 03").words, /six above/);
});

test("questions move the code or its target", () => {
  const [one, two] = [question(CALL, 1), question(CALL, 2)];
  assert.ok(one && two);
  assert.notEqual(one.P, two.P);
  assert.notEqual(one.S, two.S);
  assert.equal(question(hole({ place: null }), 0), null);
  assert.equal(question(hole({ kind: "R_TLS_LE" }), 0), null);
});
