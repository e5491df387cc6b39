import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, impacts, keepPass, nextChange, pieces, sourceLine } from "../../golifelab/widgets/static/lab/passes.js";

/** @param {[string, number[]][]} passes */
const payload = (passes) => ({
  seq: 0,
  function: "add",
  lines: [],
  passes: passes.map(([name, rows]) => ({ name, ns: 0, rows })),
});

/** @param {number[]} a @param {number[]} b */
const shown = (a, b) => difference(a, b).map(({ row, mark }) => `${mark}${row}`);

test("what was lost stands before what took its place", () => {
  assert.deepEqual(shown([1, 2, 3], [1, 4, 3]), ["1", "−2", "+4", "3"]);
  assert.deepEqual(shown([1, 2], []), ["−1", "−2"]);
  assert.deepEqual(shown([], [1]), ["+1"]);
  assert.deepEqual(shown([1, 2, 3], [1, 2, 3]), ["1", "2", "3"]);
});

test("a line that moved is neither new nor lost", () => {
  assert.deepEqual(shown([1, 2, 3], [3, 1, 2]), ["3", "1", "2"]);
});

test("every kept and every lost line is shown once, whatever happened", () => {
  let seed = 7;
  const random = (/** @type {number} */ n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  for (let round = 0; round < 300; round += 1) {
    const pick = () => [...new Set(Array.from({ length: random(12) }, () => random(15)))];
    const [before, after] = [pick(), pick()];
    const lines = difference(before, after);
    assert.deepEqual(lines.filter((line) => line.mark !== "−").map((line) => line.row), after);
    const lost = before.filter((row) => !after.includes(row));
    assert.deepEqual(lines.filter((line) => line.mark === "−").map((line) => line.row).sort(), lost.sort());
  }
});

test("impact counts what a pass added and took", () => {
  const impact = impacts(payload([["start", [1, 2]], ["opt", [1, 3]], ["dse", [1, 3]], ["lower", [4]]]));
  assert.deepEqual(impact, [0, 2, 0, 3]);
  assert.equal(nextChange(impact, 1, 1), 3);
  assert.equal(nextChange(impact, 3, -1), 1);
  assert.equal(nextChange(impact, 1, -1), 0);
  assert.equal(nextChange(impact, 3, 1), 3);
});

test("an edit keeps the pass by its name and its turn", () => {
  const before = payload([["start", []], ["deadcode", []], ["opt", []], ["deadcode", [1]]]);
  const next = payload([["start", []], ["deadcode", []], ["deadcode", []]]);
  assert.equal(keepPass(before, 3, next), 2);
  assert.equal(keepPass(before, 0, next), 0);
  assert.equal(keepPass(null, 0, payload([["start", []], ["opt", [1]], ["trim", [1]]])), 1);
  assert.equal(keepPass(before, 2, payload([])), 0);
});

test("values are found in a line, and the source line", () => {
  const line = "    (+8) v13 = Add64 <int> v7 v8 (a[int])";
  assert.deepEqual(pieces(line).filter((piece) => piece.value).map((piece) => piece.text), ["v13", "v7", "v8"]);
  assert.equal(pieces(line).map((piece) => piece.text).join(""), line);
  assert.deepEqual([line, "    (-6) v1", "    (12) v1", "    (?) v1", "  b1:"].map(sourceLine), [8, 6, 12, 0, 0]);
});
