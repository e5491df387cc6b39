import assert from "node:assert/strict";
import { test } from "node:test";

import { ascii, decode, move } from "../../golifelab/widgets/static/hex/model.js";
import { fieldOf, found, instructionAt, leafAt, namedBy, pathOf, press, read, rowsOf, sourceOf, spanOf, text } from "../../golifelab/widgets/static/object/model.js";

// An archive of 12 bytes: magic (4), and a block of data (8) with a hole of 4 in a symbol of 6.
const TEXTS = ["archive", "magic", "block.data", "data", "data.STEXT", "main.main", "data.code", "code", "hole", "R_CALL", "main.add", "", "data.FuncInfo"];
const at = (/** @type {string} */ one) => TEXTS.indexOf(one);
/** @type {[number, number, number, string, string, string][]} offset, size, parent, kind, name, value */
const FIELDS = [
  [0, 12, -1, "archive", "archive", ""],
  [0, 4, 0, "magic", "magic", ""],
  [4, 8, 0, "block.data", "data", ""],
  [4, 6, 2, "data.STEXT", "main.main", ""],
  [4, 1, 3, "data.code", "code", ""],
  [5, 4, 3, "hole", "R_CALL", "main.add"],
  [9, 1, 3, "data.code", "code", ""],
  [10, 2, 2, "data.FuncInfo", "main.add", ""],
];
const FILE = read({
  errors: 0, size: 12, content: btoa("!<arabcdefgh"), more: 0, package: "main", go: "1.27.3", architecture: "amd64", relocations: 1, shallow: false, hidden: 0, source: "main.go",
  fields: { offset: FIELDS.map((f) => f[0]), size: FIELDS.map((f) => f[1]), parent: FIELDS.map((f) => f[2]), kind: FIELDS.map((f) => at(f[3])), name: FIELDS.map((f) => at(f[4])), value: FIELDS.map((f) => at(f[5])), meaning: FIELDS.map(() => at("")) },
  texts: TEXTS,
  symbols: { name: ["main.main", "main.add", ""], kind: ["STEXT", "STEXT", "SRODATA"], abi: ["", "", ""], size: [6, 2, 0], offset: [4, 10, -1], relocations: [1, 0, 0] },
  lines: [[4, 6, 3], [6, 10, 4]],
  functions: [[4, 10, "main.main"]],
  instructions: [[4, 5, "CALL main.add(SB)"], [9, 1, "RET"]],
});

test("bytes are decoded and moved through", () => {
  assert.deepEqual([...decode(btoa("\u0000\u00ff"))], [0, 255]);
  assert.equal(ascii(0x41), "A");
  assert.equal(ascii(0x00), "·");
  assert.equal(move("ArrowDown", false, 0, 40), 16);
  assert.equal(move("ArrowDown", false, 30, 40), 30, "there is no row below");
  assert.equal(move("ArrowUp", false, 3, 40), 3);
  assert.equal(move("End", false, 17, 40), 31);
  assert.equal(move("End", true, 17, 40), 39);
  assert.equal(move("Home", false, 17, 40), 16);
  assert.equal(move("PageUp", false, 39, 40), 7);
  assert.equal(move("ArrowRight", false, 39, 40), 39);
  assert.equal(move("x", false, 0, 40), null);
});

test("every byte has its leaf, and the leaf its way", () => {
  const leaves = Array.from({ length: 12 }, (_, i) => leafAt(FILE, i));
  assert.deepEqual(leaves, [1, 1, 1, 1, 4, 5, 5, 5, 5, 6, 7, 7]);
  assert.deepEqual(pathOf(FILE, 5), [0, 2, 3, 5]);
  assert.deepEqual(spanOf(FILE, 5), [5, 9]);
  assert.equal(FILE.tints[5], "hole");
  assert.equal(FILE.tints[4], "data");
  assert.equal(FILE.tints[1], "frame");
});

test("the tree shows what is open", () => {
  const open = new Set([0]);
  assert.deepEqual(rowsOf(FILE, open), [0, 1, 2]);
  assert.deepEqual(press("ArrowRight", FILE, open, rowsOf(FILE, open), 2), { field: 2, changed: true });
  assert.deepEqual(rowsOf(FILE, open), [0, 1, 2, 3, 7]);
  assert.deepEqual(press("ArrowRight", FILE, open, rowsOf(FILE, open), 2), { field: 3, changed: false });
  assert.deepEqual(press("ArrowLeft", FILE, open, rowsOf(FILE, open), 7), { field: 2, changed: false });
  assert.deepEqual(press("End", FILE, open, rowsOf(FILE, open), 0), { field: 7, changed: false });
  assert.equal(press("q", FILE, open, rowsOf(FILE, open), 0), null);
});

test("symbols are found, and lead to their bytes", () => {
  assert.deepEqual(found(FILE, "ADD"), [1]);
  assert.deepEqual(found(FILE, "stext"), [0, 1]);
  assert.equal(found(FILE, "").length, 3);
  assert.equal(fieldOf(FILE, 0), 3);
  assert.equal(fieldOf(FILE, 1), 7);
  assert.equal(fieldOf(FILE, 2), -1, "a symbol without bytes and without a name");
  assert.equal(namedBy(FILE, 5), 1);
  assert.equal(namedBy(FILE, 4), -1);
  assert.equal(text(FILE, "value", 5), "main.add");
});

test("code has a line and a function", () => {
  assert.deepEqual(sourceOf(FILE, 7), { line: 4, function: "main.main" });
  assert.deepEqual(sourceOf(FILE, 1), { line: 0, function: "" });
  assert.equal(instructionAt(FILE, 8)?.[2], "CALL main.add(SB)");
  assert.equal(instructionAt(FILE, 9)?.[2], "RET");
  assert.equal(instructionAt(FILE, 3), null);
  assert.equal(instructionAt(FILE, 10), null);
  assert.equal(instructionAt({ ...FILE, instructions: [] }, 4), null);
});
