import assert from "node:assert/strict";
import { test } from "node:test";

import { address, holds, owner, stack } from "../../golifelab/widgets/static/registers/framemodel.js";
import { geometry } from "../../golifelab/widgets/static/registers/geometry.js";
import { akin, between, borders, cell, headline, homeOf, keep, label, lanes, move, nameOf, nextSpill, sentence, strip, valueAt } from "../../golifelab/widgets/static/registers/model.js";

/* Five steps: v1 comes in AX, is spilled, a call makes v2, v1 comes back as v4, both are added. */
const VALUES = {
  1: { text: "v1 = ArgIntReg <int> {a+0} [0] : AX (a[int])", line: 2, column: 1, names: ["a"], origin: 1 },
  2: { text: "v2 = CALLstatic <int,mem>", line: 3, column: 7, names: [], origin: 2 },
  3: { text: "v3 = StoreReg <int> v1 : a[int]", line: 3, column: 7, names: [], origin: 1 },
  4: { text: "v4 = LoadReg <int> v3 : CX", line: 4, column: 9, names: [], origin: 1 },
  5: { text: "v5 = Phi <int> v2 v9 : AX", line: 4, column: 9, names: [], origin: 5 },
};
/** @type {import("../../golifelab/widgets/static/registers/model.js").Grid} */
const GRID = {
  architecture: "amd64",
  function: "main.f",
  file: "main.go",
  registers: { general: 13, floating: 15 },
  steps: {
    kind: ["entry", "value", "value", "value", "end"],
    block: [1, 1, 1, 2, 2],
    text: ["PUSHQ BP", "MOVQ AX, a(SP)", "CALL g", "MOVQ a(SP), CX", "RET"],
    pc: [0, 1, 2, 7, 9],
    line: [2, 3, 3, 4, 4],
    column: [1, 7, 7, 9, 9],
    pressure: [1, 1, 1, 2, 0],
    mark: ["", "spill", "", "reload", ""],
    values: [[1], [3], [2], [4], []],
  },
  columns: [
    { name: "AX", kind: "general", title: "AX" },
    { name: "CX", kind: "general", title: "CX" },
    { name: "a", kind: "spill", title: "a[int]" },
  ],
  bars: [[0, 1, 1, 5], [0, 2, 5, 9], [1, 4, 7, 9], [2, 3, 3, 7]],
  reads: [[0, 1, 1], [0, 2, 1], [2, 3, 3], [0, 4, 2], [1, 4, 4]],
  values: VALUES,
  spills: [{ value: 1, store: 3, register: "AX", slot: "a[int]", block: 1, step: 1, restores: [4], steps: [3] }],
  most: 2,
  hidden: { steps: 0, slots: 0 },
  frame: null,
};

test("a cell says what is read last, what is made, and what is there afterwards", () => {
  const [ax, cx, slot] = lanes(GRID);
  assert.deepEqual(cell(ax, 0), { last: -1, made: 1, held: 1 });
  assert.deepEqual(cell(ax, 1), { last: -1, made: -1, held: 1 });
  assert.deepEqual(cell(ax, 2), { last: 1, made: 2, held: 2 });
  assert.deepEqual(cell(ax, 4), { last: 2, made: -1, held: -1 });
  assert.deepEqual(cell(cx, 1), { last: -1, made: -1, held: -1 });
  assert.deepEqual(cell(slot, 3), { last: 3, made: -1, held: -1 });
  assert.equal(valueAt(lanes(GRID), { step: 2, column: 0 }), 2, "what is made goes before what is read");
  assert.equal(valueAt(lanes(GRID), { step: 0, column: 1 }), -1);
});

test("only the bars in view are drawn", () => {
  const [ax] = lanes(GRID);
  assert.deepEqual(between(ax, 0, 2).map((bar) => bar.value), [1]);
  assert.deepEqual(between(ax, 2, 3).map((bar) => bar.value), [1, 2]);
  assert.deepEqual(between(ax, 3, 5).map((bar) => bar.value), [2]);
});

test("the figures in words", () => {
  assert.deepEqual(headline(GRID), { spilled: "1 value spilled", rest: "1 reload · at most 2 of 13 general registers are needed", free: false });
  const free = { ...GRID, spills: [], steps: { ...GRID.steps, mark: GRID.steps.mark.map(() => /** @type {const} */ ("")) } };
  assert.equal(headline(free).spilled, "no value is spilled");
  assert.equal(headline(free).free, true);
});

test("copies, spills and reloads of a value are akin, and have its name", () => {
  assert.ok(akin(GRID, 1, 4));
  assert.ok(akin(GRID, 3, 4));
  assert.ok(!akin(GRID, 1, 2));
  assert.ok(!akin(GRID, -1, -1));
  assert.equal(nameOf(GRID, 4), "a");
  assert.equal(nameOf(GRID, 2), "");
  assert.equal(label(GRID, { column: 1, value: 4, start: 7, end: 9 }), "▲v4");
  assert.equal(label(GRID, { column: 0, value: 5, start: 7, end: 9 }), "φv5");
});

test("a sentence for every kind of place", () => {
  const at = (/** @type {number} */ step, /** @type {number} */ column) => sentence(GRID, lanes(GRID), { step, column });
  assert.equal(at(0, 0), "v1 (a) is put into AX.");
  assert.equal(at(1, 0), "AX keeps v1 (a).");
  assert.equal(at(2, 0), "v1 (a) is read from AX for the last time; v2 is put into AX.");
  assert.equal(at(1, 2), "v1 (a) is saved in the slot a[int].");
  assert.equal(at(3, 1), "v1 (a) comes back from the stack into CX as v4.");
  assert.equal(at(0, 1), "CX holds nothing that is needed.");
});

test("keys walk along the steps and across the registers, also with flipped axes", () => {
  const at = { step: 1, column: 1 };
  assert.deepEqual(move("ArrowDown", false, at, GRID, false), { step: 2, column: 1 });
  assert.deepEqual(move("ArrowDown", false, at, GRID, true), { step: 1, column: 2 });
  assert.deepEqual(move("ArrowRight", false, at, GRID, true), { step: 2, column: 1 });
  assert.deepEqual(move("PageDown", false, at, GRID, false), { step: 4, column: 1 });
  assert.deepEqual(move("Home", true, at, GRID, false), { step: 0, column: 0 });
  assert.deepEqual(move("End", false, at, GRID, false), { step: 1, column: 2 });
  assert.equal(move("b", false, at, GRID, false), null);
});

test("from spill to reload and round again", () => {
  assert.deepEqual(nextSpill(GRID, 0, 1), { step: 1, column: 2 });
  assert.deepEqual(nextSpill(GRID, 1, 1), { step: 3, column: 1 });
  assert.deepEqual(nextSpill(GRID, 3, 1), { step: 1, column: 2 });
  assert.deepEqual(nextSpill(GRID, 1, -1), { step: 3, column: 1 });
  assert.equal(homeOf(GRID, 4), 0, "a step that makes nothing is where it reads");
});

test("the choice stays with its instruction and register over an edit", () => {
  assert.deepEqual(keep(null, { step: 0, column: 0 }, GRID), { step: 1, column: 2 }, "to begin with, the first spill");
  const steps = { ...GRID.steps, text: ["PUSHQ BP", "NOP", "MOVQ AX, a(SP)", "CALL g", "RET"] };
  const next = { ...GRID, steps, columns: [GRID.columns[2], GRID.columns[0], GRID.columns[1]] };
  assert.deepEqual(keep(GRID, { step: 1, column: 0 }, next), { step: 2, column: 1 });
  // What is gone is looked for by its line.
  assert.equal(keep(GRID, { step: 3, column: 0 }, next).step, 3);
});

test("a strip keeps the peaks", () => {
  assert.deepEqual(strip([1, 5, 2, 2, 9, 1], 3), [5, 2, 9]);
  assert.deepEqual(strip([1, 2], 600), [1, 2]);
  assert.deepEqual([...borders(GRID.steps)], [0, 3]);
});

test("places on the screen and back, both ways round", () => {
  for (const flipped of [false, true]) {
    const to = geometry(GRID, flipped);
    for (let step = 0; step < 5; step += 1) {
      for (let column = 0; column < 3; column += 1) {
        const box = to.box(column, 2 * step, 2 * step + 2);
        const [x, y] = [to.head + box.left + box.width / 2, to.top + box.top + box.height / 2];
        assert.deepEqual(to.at(x, y), { step, column });
        assert.ok(x < to.width && y < to.height);
      }
    }
    assert.ok((flipped ? to.at(to.head / 2, to.top + 1).step : to.at(to.head / 2, to.top + 1).column) === -1);
    const [first, end] = to.steps(0, 100);
    assert.equal(first, 0);
    assert.equal(end, 5);
  }
});

test("of a long function only a window of steps is made", () => {
  const text = Array.from({ length: 5000 }, () => "NOP");
  const to = geometry({ ...GRID, steps: { ...GRID.steps, text } }, false);
  const [first, end] = to.steps(2500 * to.along, 400);
  assert.ok(first > 2400 && end < 2600 && end - first < 80, `${first} ${end}`);
});

const FRAME = {
  architecture: "amd64",
  function: "main.f",
  frame_size: 32,
  arguments_size: 8,
  areas: /** @type {[string, number, number][]} */ ([["locals", 0, 24], ["saved frame pointer", 24, 32], ["return address", 32, 40], ["arguments", 40, 48]]),
  slots: [
    { offset: 8, room: 8, area: "locals", name: "x", spills: ["x[int]"], instructions: [3] },
    { offset: 8, room: 8, area: "locals", name: "y", spills: [], instructions: [4] },
    { offset: 16, room: 8, area: "locals", name: "", spills: [], instructions: [5] },
  ],
  code: {},
};

test("a frame from the highest address down, without gaps", () => {
  const areas = stack(FRAME);
  assert.deepEqual(areas.map((area) => area.kind), ["arguments", "return address", "saved frame pointer", "locals"]);
  for (const area of areas) {
    assert.equal(area.cells[0].end, area.end);
    assert.equal(area.cells.at(-1)?.start, area.start);
    area.cells.slice(1).forEach((below, i) => assert.equal(below.end, area.cells[i].start));
  }
  const locals = areas[3].cells;
  assert.deepEqual(locals.map(holds), ["argument of a call", "x, y", ""]);
  assert.equal(owner(FRAME, "return address"), "caller");
  assert.equal(owner(FRAME, "locals"), "own");
  assert.deepEqual([address(0), address(8), address(-8)], ["SP", "SP+8", "SP−8"]);
});
