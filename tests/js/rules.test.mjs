import assert from "node:assert/strict";
import { test } from "node:test";

import { brief, byWhat, countOf, differing, keep, move, passesOf, ruleParts, stepAt, stepsAt, stepsOf } from "../../golifelab/widgets/static/rules/model.js";

/** @typedef {import("../../golifelab/widgets/static/rules/model.js").Rules} Rules */

/** @returns {Rules} */
const rules = () => ({
  function: "main.f",
  name: "f",
  passes: ["opt", "late opt", "lower"],
  steps: {
    pass: [0, 0, 2, 2, 2],
    round: [0, 1, -1, -1, -1],
    kind: ["rule", "copies", "rule", "phi", "rule"],
    value: ["v1", "v2", "v1", "v3", ""],
    before: [0, 1, 3, 4, 6],
    after: [1, 2, 0, 5, 7],
    place: [["main.go", 6, 11], ["main.go", 6, 13], ["main.go", 6, 11], 0, ["main.go", 9, 0]],
    rules: [[0], [], [0, 1], [], []],
    more: [0, 0, 2, 0, 0],
    args: [[1], [], [], [], []],
  },
  rules: [
    { file: "generic.rules", line: 3, text: "(A x) && c => (B x)" },
    { file: "generic.rules", line: 4, text: "(A x) => x" },
  ],
  texts: ["v1 = A <int> v2", "v1 = B <int> v2", "v2 = C <int> v9", "v1 = D <int> v2", "v3 = Phi <int> v1 v1", "v3 = Copy <int> v1", "If v1 -> b2 b3", "LT v1 -> b2 b3"],
  count: 7,
  left: 2,
  incomplete: [],
  known: true,
});

test("a step is put together from the lists", () => {
  const all = rules();
  assert.equal(countOf(all), 5);
  const step = stepAt(all, 0);
  assert.deepEqual([step.pass, step.round, step.value, step.before, step.after], ["opt", 0, "v1", "v1 = A <int> v2", "v1 = B <int> v2"]);
  assert.deepEqual(step.rules, [all.rules[0]]);
  assert.deepEqual(step.args, ["v1 = B <int> v2"]);
});

test("passes that made no step are not there", () => {
  assert.deepEqual(passesOf(rules()), [
    { name: "opt", first: 0, count: 2 },
    { name: "lower", first: 2, count: 3 },
  ]);
});

test("a selection leads to the steps of its value, of its place, or of its line", () => {
  const all = rules();
  assert.deepEqual(stepsAt(all, { function: "main.f", value: "v1", file: "main.go", line: 9 }), [0, 2]);
  assert.deepEqual(stepsAt(all, { function: "main.g", value: "v1", file: "main.go", line: 6, column: 13 }), [1]);
  assert.deepEqual(stepsAt(all, { file: "main.go", line: 6, column: 2 }), [0, 1, 2]);
  assert.deepEqual(stepsAt(all, { file: "other.go", line: 6, column: 11 }), []);
  assert.deepEqual(stepsAt(all, { line: 9, column: 4 }), [4]);
  assert.deepEqual(stepsAt(all, {}), []);
  assert.deepEqual(stepsOf(all, ""), []);
});

test("keys walk through steps and passes", () => {
  const all = rules();
  const from = (/** @type {number} */ at) => (/** @type {string} */ key) => move(key, at, all);
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End", "PageDown", "]", "PageUp", "["].map(from(1)), [2, 0, 0, 4, 2, 2, 0, 0]);
  assert.deepEqual(["ArrowRight", "PageDown", "PageUp"].map(from(4)), [4, 4, 2]);
  assert.deepEqual(["ArrowLeft", "PageUp"].map(from(0)), [0, 0]);
  assert.equal(move("PageUp", 2, all), 0);
  assert.equal(move("x", 2, all), null);
});

test("after an edit the same change is shown, else the same number", () => {
  const all = rules();
  assert.equal(keep(null, all), 0);
  assert.equal(keep(stepAt(all, 2), all), 2);
  assert.equal(keep({ ...stepAt(all, 2), index: 4 }, all), 2);
  assert.equal(keep({ ...stepAt(all, 0), before: "other", index: 3 }, all), 3);
  assert.equal(keep({ ...stepAt(all, 0), before: "other", index: 40 }, all), 4);
});

test("words that differ are told from those that do not", () => {
  const [left, right] = differing("v17 = Mul64 <int> v23 v9", "v17 = Lsh64x64 <int> [false] v9 v16");
  for (const [pieces, text] of /** @type {const} */ ([[left, "v17 = Mul64 <int> v23 v9"], [right, "v17 = Lsh64x64 <int> [false] v9 v16"]]))
    assert.equal(pieces.map(([piece]) => piece).join(""), text);
  const own = (/** @type {[string, boolean][]} */ pieces) => pieces.filter(([, mine]) => mine).map(([piece]) => piece.trim());
  assert.ok(own(left).includes("Mul64"));
  assert.ok(own(right).includes("Lsh64x64"));
  assert.deepEqual(left[0], ["v17 = ", false]);
  assert.deepEqual(differing("same", "same"), [[["same", false]], [["same", false]]]);
  assert.deepEqual(differing("", "x"), [[], [["x", true]]]);
});

test("a rule is read in its parts", () => {
  assert.deepEqual(ruleParts("(A <t> x) && c > 0 && d => (B x)"), { match: "(A <t> x)", conditions: "c > 0 && d", result: "(B x)" });
  assert.deepEqual(ruleParts("(A ...) => (B ...)"), { match: "(A ...)", conditions: "", result: "(B ...)" });
  assert.deepEqual(ruleParts("odd"), { match: "odd", conditions: "", result: "" });
});

test("a step in few words, and by what it was made", () => {
  const all = rules();
  const steps = [0, 1, 2, 3, 4].map((index) => stepAt(all, index));
  assert.deepEqual(steps.map(brief), ["A → B", "B: skips copies", "D → A", "Phi → Copy: one value", "If → LT"]);
  assert.equal(brief({ ...steps[0], after: "v1 = A <int> v3" }), "A rewritten");
  assert.match(byWhat(steps[0], all), /^By this rule/);
  assert.match(byWhat(steps[1], all), /^No rule: arguments/);
  assert.match(byWhat(steps[2], all), /^By one of 4 rules/);
  assert.match(byWhat(steps[3], all), /^No rule: all arguments/);
  assert.match(byWhat(steps[4], all), /could not be told/);
  assert.match(byWhat(steps[4], { ...all, known: false }), /not in this Go installation/);
});
