import assert from "node:assert/strict";
import { test } from "node:test";

import { area, boxes, figures, keep, label, names, way } from "../../golifelab/widgets/static/abi/model.js";

/** @param {string} register @param {string | null} name @param {number} offset */
const piece = (register, name, offset = 0) => ({ register, type: "int", offset, name });
/** @type {import("../../golifelab/widgets/static/abi/model.js").Column} */
const COLUMN = {
  architecture: "amd64",
  signature: "func(s string, _ [3]int, x float64) (int, error)",
  arguments_size: 48,
  assignments: [
    { role: "parameter", name: "s", type: "string", empty: false, offset: -1, spill: 24, pieces: [piece("AX", ".ptr"), piece("BX", ".len", 8)] },
    { role: "parameter", name: "_", type: "[3]int", empty: false, offset: 0, spill: -1, pieces: [] },
    { role: "parameter", name: "x", type: "float64", empty: false, offset: -1, spill: 40, pieces: [piece("X0", "")] },
    { role: "result", name: "", type: "int", empty: false, offset: -1, spill: -1, pieces: [piece("AX", "")] },
    { role: "result", name: "", type: "error", empty: false, offset: -1, spill: -1, pieces: [piece("BX", null), piece("CX", null, 8)] },
  ],
  integer: ["AX", "BX", "CX", "DI"],
  floating: ["X0", "X1"],
};

test("what has no name is counted", () => {
  assert.deepEqual(names(COLUMN.assignments), ["s", "parameter 2", "x", "result 1", "result 2"]);
  assert.equal(label("s", piece("AX", ".ptr")), "s.ptr");
  assert.equal(label("t", piece("AX", null, 8)), "t+8");
});

test("registers are shown in the convention's order, up to one that stays free", () => {
  const { boxes: shown, more } = boxes(COLUMN, "in", "integer");
  assert.deepEqual(shown.map((box) => [box.register, box.index]), [["AX", 0], ["BX", 0], ["CX", -1]]);
  assert.equal(more, 1);
  assert.deepEqual(boxes(COLUMN, "out", "integer").boxes.map((box) => box.index), [3, 4, 4, -1]);
  assert.deepEqual(boxes(COLUMN, "out", "floating"), { boxes: [], more: 2 });
});

test("the argument area has no holes", () => {
  const found = area(COLUMN);
  assert.deepEqual(found.map((one) => [one.start, one.end, one.kind]), [[0, 24, "argument"], [24, 40, "spill"], [40, 48, "spill"]]);
  const shifted = { ...COLUMN, assignments: [{ ...COLUMN.assignments[0], spill: 8 }] };
  assert.deepEqual(area(shifted)[0], { start: 0, end: 8, index: -1, kind: "" });
});

test("how it travels, in words", () => {
  assert.equal(way(COLUMN, 0), "s.ptr in AX and s.len in BX; saved at 24(FP), if need be");
  assert.match(way(COLUMN, 1), /^on the stack, from 0\(FP\) on/);
  assert.equal(way(COLUMN, 3), "in AX");
  assert.equal(way(COLUMN, 4), "result 2 in BX and result 2+8 in CX");
  assert.equal(figures(COLUMN), "3 registers in · 3 registers out · 1 on the stack");
});

test("the choice stays with its name", () => {
  const { assignments } = COLUMN;
  assert.equal(keep(assignments, 2, [assignments[2], assignments[0]]), 0);
  assert.equal(keep(assignments, 4, assignments.slice(0, 2)), 1);
  assert.equal(keep([], -1, assignments), 0);
  assert.equal(keep([], -1, []), -1);
});

test("what has no bytes does not travel", () => {
  const nothing = { ...COLUMN.assignments[1], empty: true, offset: -1 };
  const column = { ...COLUMN, assignments: [nothing] };
  assert.equal(way(column, 0), "nowhere: it has no bytes");
  assert.deepEqual(area(column), []);
});
