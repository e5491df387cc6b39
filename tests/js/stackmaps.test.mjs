import assert from "node:assert/strict";
import { test } from "node:test";

import { alive, begin, bitOf, bytesOf, changes, figures, findfunc, keep, move, nameOf, runs, sentence, stateOf, stepAt, tail } from "../../golifelab/widgets/static/stackmaps/model.js";

/* main.walk of the course: b must survive the first call, a needn't; the stack may grow at the end. */
/** @type {import("../../golifelab/widgets/static/stackmaps/model.js").StackMaps} */
const WALK = {
  function: "main.walk",
  file: "main.go",
  architecture: "amd64",
  entry: 0x47dde0,
  end: 0x47de60,
  frame_size: 24,
  word: 8,
  instructions: {
    address: [0x47dde0, 0x47ddee, 0x47ddf8, 0x47ddfd, 0x47de07, 0x47de22, 0x47de23, 0x47de32, 0x47de46],
    size: [14, 10, 5, 10, 5, 1, 15, 5, 2],
    text: ["CMPQ SP, 16(R14)", "MOVQ CX, main.b+48(SP)", "CALL main.leaf(SB)", "MOVQ AX, CX", "CALL main.leaf(SB)", "RET", "MOVQ AX, 8(SP)", "CALL runtime.morestack_noctxt(SB)", "JMP 0"],
    line: [14, 17, 15, 15, 16, 17, 14, 14, 14],
    column: [6, 11, 11, 11, 11, 11, 6, 6, 6],
    own: [1, 1, 1, 1, 1, 1, 1, 1, 1],
    index: [0, 0, 1, 1, 2, 2, 0, 0, 0],
    stop: ["", "", "call", "", "call", "", "", "growth", ""],
    unsafe: [0, 0, 0, 0, 0, 0, 1, 1, 0],
    names: [null, null, ["b"], null, [], null, null, null, null],
  },
  maps: [
    { arguments: "101", locals: "" },
    { arguments: "001", locals: "" },
    { arguments: "000", locals: "" },
  ],
  cells: [
    { area: "arguments", word: 2, offset: 48, name: "b", ever: true },
    { area: "arguments", word: 1, offset: 40, name: "k", ever: false },
    { area: "arguments", word: 0, offset: 32, name: "a", ever: true },
  ],
  fixed: [["return address", 24], ["saved frame pointer", 16]],
  arguments: { address: 0x50af0c, offset: 0x10af0c, section: ".gopclntab", count: 3, bits: 3, stride: 1, header: "0300000003000000", data: "050400" },
  locals: { address: 0x4f4f84, offset: 0xf4f84, section: ".gopclntab", count: 3, bits: 0, stride: 0, header: "0300000000000000", data: "" },
  lookup: {
    low: 0x401000,
    high: 0x47df01,
    table: 0x4d2cb0,
    index: 0x50edc0,
    buckets: [{ number: 124, first: 1434, shares: [0, 3, 6, 12, 19, 25, 28, 31, 33, 36, 38, 41, 42, 44, 47, 50] }],
    functions: [[1477, 0x47dd00, "main.a"], [1478, 0x47dda0, "main.leaf"], [1479, 0x47dde0, "main.walk"], [1480, 0x47de60, "main.main"]],
  },
  hidden: { instructions: 0, cells: 0, maps: 0 },
};
const [B, K, A] = WALK.cells;

test("a cell is lit while it is a pointer, dark when it is not alive, quiet when it never is one", () => {
  assert.equal(stateOf(WALK, 0, A), "pointer");
  assert.equal(stateOf(WALK, 2, A), "dead");
  assert.equal(stateOf(WALK, 2, B), "pointer");
  assert.equal(stateOf(WALK, 2, K), "never");
  assert.deepEqual(alive(WALK, 2).map(nameOf), ["b"]);
  assert.deepEqual(alive(WALK, 0).map(nameOf), ["a", "b"]);
  assert.equal(nameOf({ ...A, name: "" }), "argument word 0");
  // An index without a bitmap makes nothing a pointer.
  assert.equal(stateOf({ ...WALK, maps: [] }, 2, B), "dead");
});

test("the life of a cell is its runs of instructions", () => {
  assert.deepEqual(runs(WALK, A), [[0, 2], [6, 9]]);
  assert.deepEqual(runs(WALK, B), [[0, 4], [6, 9]]);
  assert.deepEqual(runs(WALK, K), []);
  assert.deepEqual(changes(WALK), [2, 4, 6]);
  assert.deepEqual(tail(WALK), [6, 9]);
});

test("what the collector makes of the frame, in words", () => {
  assert.match(sentence(WALK, 2), /While this call runs, the collector reads bitmap 1: it follows b\./);
  assert.match(sentence(WALK, 4), /it follows nothing from here/);
  assert.match(sentence(WALK, 7), /If the stack grows here, bitmap 0/);
  assert.match(sentence(WALK, 3), /No call here/);
  assert.match(sentence(WALK, 6), /can’t be stopped here at all/);
});

test("the bit of a word in the bitmap's bytes", () => {
  const bitmaps = /** @type {NonNullable<typeof WALK.arguments>} */ (WALK.arguments);
  assert.deepEqual(bitOf(bitmaps, 1, 2), { address: 0x50af0c + 8 + 1, byte: 4, bit: 2, value: 1 });
  assert.equal(bitOf(bitmaps, 0, 1).value, 0);
  assert.deepEqual(bytesOf({ ...bitmaps, stride: 2, data: "01020304" }, 1), ["03", "04"]);
  assert.deepEqual(bitOf({ ...bitmaps, stride: 2, data: "01020304" }, 1, 10), { address: 0x50af0c + 8 + 3, byte: 4, bit: 2, value: 1 });
});

test("keys walk by instruction and by call", () => {
  assert.equal(move(WALK, 2, "ArrowRight"), 3);
  assert.equal(move(WALK, 8, "ArrowDown"), 8);
  assert.equal(move(WALK, 0, "ArrowLeft"), 0);
  assert.equal(move(WALK, 0, "PageDown"), 2);
  assert.equal(move(WALK, 2, "n"), 4);
  assert.equal(move(WALK, 4, "p"), 2);
  assert.equal(move(WALK, 2, "PageUp"), 2);
  assert.equal(move(WALK, 2, "Home"), 0);
  assert.equal(move(WALK, 2, "End"), 8);
  assert.equal(move(WALK, 2, "b"), null);
});

test("a selection of another view leads to an instruction", () => {
  assert.equal(stepAt(WALK, { address: "0x47de08" }), 4);
  assert.equal(stepAt(WALK, { address: "0x1", file: "main.go", line: 15, column: 11 }), 2);
  assert.equal(stepAt(WALK, { file: "main.go", line: 15, column: 3 }), 2);
  assert.equal(stepAt(WALK, { file: "other.go", line: 15, column: 11 }), -1);
  assert.equal(stepAt(WALK, { line: 99 }), -1);
  assert.equal(stepAt(WALK, {}), -1);
  assert.equal(begin(WALK), 2);
});

test("an edit keeps the call that was looked at", () => {
  const shorter = { ...WALK, instructions: { ...WALK.instructions, stop: ["call", "", "", "", "", "", "", "", ""] } };
  assert.equal(keep(WALK, 4, shorter), 0);
  assert.equal(keep(WALK, 4, WALK), 4);
  assert.equal(keep(WALK, 3, WALK), 3);
  assert.equal(keep(WALK, 3, { ...WALK, function: "main.other" }), 2);
});

test("findfunc, step by step", () => {
  const rows = findfunc(WALK, 0x47ddf8);
  const by = Object.fromEntries(rows.map((row) => [row.name, row.value]));
  assert.equal(by.bucket, "124");
  assert.equal(by.part, "13");
  assert.equal(by["function to begin with"], "1478");
  assert.equal(by["function 1479 begins"], "main.walk");
  assert.equal(by["function 1480 begins"], "main.main");
  assert.match(rows[rows.length - 2].what, /it is the one before/);
  assert.equal(by["the function"], "main.walk");
  assert.deepEqual(findfunc({ ...WALK, lookup: null }, 0x47ddf8), []);
  assert.deepEqual(findfunc(WALK, 0x401000), []);
});

test("figures", () => {
  assert.equal(figures(WALK), "3 words of arguments, 0 words of locals · in .gopclntab");
  assert.match(figures({ ...WALK, hidden: { instructions: 3, cells: 0, maps: 0 } }), /3 instructions not shown/);
});
