import assert from "node:assert/strict";
import { test } from "node:test";

import { bar, figure, move, rowsOf, scales, sentence, shownRows, signed, summary, toggled } from "../../golifelab/widgets/static/ablation/model.js";

/** @typedef {import("../../golifelab/widgets/static/ablation/model.js").Board} Board */
/** @typedef {import("../../golifelab/widgets/static/ablation/model.js").Sweep} Sweep */

/** @param {string} name @param {object} [facts] */
const entry = (name, facts = {}) => ({ name, required: false, refusal: "", runs: true, says: "", ...facts });

/** @type {Board} */
const BOARD = {
  functions: [],
  function: "main.f",
  columns: [
    { id: "bytes", name: "bytes" },
    { id: "checks", name: "bounds checks" },
    { id: "frame", name: "frame" },
  ],
  passes: [entry("opt", { required: true, refusal: "Cannot disable" }), entry("prove"), entry("dse"), entry("cse"), entry("resched", { runs: false }), entry("trim")],
};
const cell = (/** @type {number[] | null} */ measure, error = "", switched = "off") => ({ switched, measure, error });
/** @type {Sweep} */
const SWEEP = {
  function: "main.f",
  baseline: [31, 0, 8],
  cells: { prove: cell([47, 1, 16]), dse: cell([31, 0, 8]), cse: cell([30, 0, 8]), resched: cell([90, 0, 8], "", "on"), trim: cell(null, "lost v7") },
  done: 6,
  of: 6,
};

test("a row says how a pass is switched and what comes of it alone", () => {
  const rows = rowsOf(BOARD, SWEEP, ["prove", "resched", "opt"]);
  assert.deepEqual(
    rows.map(({ entry: { name }, state, on, switched }) => [name, state, on, switched]),
    [
      ["opt", "required", true, false],
      ["prove", "matters", false, true],
      ["dse", "idle", true, false],
      ["cse", "matters", true, false],
      ["resched", "matters", true, true],
      ["trim", "failed", true, false],
    ],
  );
  assert.deepEqual(rows[1].change, [16, 1, 8]);
  assert.equal(rows[5].error, "lost v7");
  assert.ok(rowsOf(BOARD, null, []).every(({ state, change }) => change === null && (state === "waiting" || state === "required")));
});

test("while a text is measured, the measures of the last one stand in, against its own baseline", () => {
  const next = { ...SWEEP, baseline: [100, 5, 8], cells: { dse: cell([101, 5, 8]) }, done: 3 };
  const rows = rowsOf(BOARD, next, [], SWEEP);
  assert.deepEqual(rows.map(({ change, old }) => [change, old]).slice(1, 4), [
    [[16, 1, 8], true],
    [[1, 0, 0], false],
    [[-1, 0, 0], true],
  ]);
  assert.equal(rowsOf(BOARD, next, [])[1].state, "waiting");
});

test("what makes no difference, or does not run by itself, is shown when asked for", () => {
  const names = (/** @type {string[]} */ switched, /** @type {boolean} */ all) =>
    shownRows(rowsOf(BOARD, SWEEP, switched), all, { column: -1, down: true }).map((row) => row.entry.name);
  assert.deepEqual(names([], false), ["prove", "cse", "trim"]);
  assert.deepEqual(names(["dse", "resched"], false), ["prove", "dse", "cse", "resched", "trim"]);
  assert.deepEqual(names([], true), BOARD.passes.map(({ name }) => name));
});

test("rows are sorted by a column, equal ones in the compiler's order", () => {
  const rows = rowsOf(BOARD, SWEEP, []);
  const names = (/** @type {boolean} */ down) => shownRows(rows, true, { column: 0, down }).map((row) => row.entry.name);
  assert.deepEqual(names(true), ["resched", "prove", "dse", "cse", "opt", "trim"]);
  assert.deepEqual(names(false), ["opt", "trim", "cse", "dse", "prove", "resched"]);
});

test("bars are as long as their share of the largest change, and never out of sight", () => {
  const scale = scales(shownRows(rowsOf(BOARD, SWEEP, []), false, { column: -1, down: true }), 3);
  assert.deepEqual(scale, [16, 1, 8]);
  assert.equal(bar(16, 16), 1);
  assert.equal(bar(-8, 16), 0.5);
  assert.equal(bar(0, 16), 0);
  assert.equal(bar(0, 0), 0);
  assert.ok(bar(1, 10_000) > 0.01);
});

test("figures have their sign, and none for nothing", () => {
  assert.deepEqual([signed(1234), signed(-3), signed(0), signed(1.256)], ["+1,234", "\u22123", "", "+1.26"]);
  assert.deepEqual([figure(1.5, 2), figure(2, 2), figure(1234.5)], ["1.5", "2", "1,235"]);
});

test("a sentence for every state", () => {
  const said = (/** @type {number} */ index, sweep = SWEEP) => sentence(rowsOf(BOARD, sweep, [])[index], BOARD.columns);
  assert.equal(said(0), "It is required.");
  assert.equal(said(1), "Without it: +16 bytes, +1 bounds check, +8 bytes of frame.");
  assert.equal(said(2), "Without it, nothing changes here.");
  assert.equal(said(4), "With it, which does not run by default: +59 bytes.");
  assert.equal(said(5), "Without it, the compiler fails: lost v7");
  assert.equal(said(1, { ...SWEEP, cells: {} }), "It is not measured yet.");
});

test("the summary counts what runs by default", () => {
  const rows = rowsOf(BOARD, SWEEP, []);
  assert.equal(summary(rows, SWEEP), "3 of 4 optional passes matter here");
  assert.equal(summary(rows, { ...SWEEP, done: 2 }), "measured 2 of 6 passes …");
  assert.equal(summary(rows, null), "compiling …");
});

test("keys walk through the switches", () => {
  assert.deepEqual(["ArrowDown", "ArrowUp", "Home", "End", "PageDown", "x"].map((key) => move(key, 2, 5)), [3, 1, 0, 4, 4, null]);
  assert.equal(move("ArrowDown", 4, 5), 4);
  assert.equal(move("Home", 0, 0), null);
});

test("a switch goes to the other side and back", () => {
  assert.deepEqual(toggled(["a"], "b"), ["a", "b"]);
  assert.deepEqual(toggled(["a", "b"], "a"), ["b"]);
});
