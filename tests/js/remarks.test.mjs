import assert from "node:assert/strict";
import { test } from "node:test";
import { about, again, chipAtPlace, chipLabel, chipsByLine, comparison, costBar, counts, flowParts, inOrder, legs, move, stepParts } from "../../golifelab/widgets/static/remarks/model.js";

/** @typedef {import("../../golifelab/widgets/static/remarks/model.js").Lane} Lane */
/** @typedef {import("../../golifelab/widgets/static/remarks/model.js").Remark} Remark */

const OUTCOMES = [
  { family: "inline", mark: "○", word: "can inline", means: "", quiet: false, part: "front" },
  { family: "escape", mark: "▲", word: "moved to heap", means: "", quiet: false, part: "front" },
  { family: "escape", mark: "▽", word: "stays", means: "", quiet: true, part: "front" },
];
const [CAN, HEAP, STAYS] = [0, 1, 2];

/** @param {Partial<Remark>[]} remarks @param {Partial<Lane>} [more] @returns {Lane} */
function lane(remarks, more = {}) {
  return {
    seq: 1,
    file: "main.go",
    lines: 9,
    outcomes: OUTCOMES,
    families: [],
    remarks: remarks.map((remark) => ({ line: 1, column: 1, outcome: CAN, message: "", ...remark })),
    left: 0,
    elsewhere: 0,
    brief: false,
    stale: false,
    errors: 0,
    compared: null,
    ...more,
  };
}

const ALL = { hidden: new Set(), quiet: true };
const LOUD = { hidden: new Set(), quiet: false };

test("remarks of one outcome on one line make one chip", () => {
  const lines = chipsByLine(lane([{ outcome: HEAP, subject: "x" }, { outcome: HEAP, subject: "y" }, { outcome: CAN, cost: 4 }, { line: 3, outcome: HEAP, subject: "z" }]), ALL);
  assert.deepEqual([...lines.keys()], [1, 3]);
  assert.deepEqual(lines.get(1)?.map((chip) => [chip.outcome.word, about(chip)]), [
    ["can inline", "cost 4"],
    ["moved to heap", "×2"],
  ]);
  assert.deepEqual(lines.get(3)?.map(chipLabel), ["line 3: moved to heap, z"]);
});

test("quiet remarks come when they are asked for, or when an edit made them", () => {
  const quiet = lane([{ outcome: STAYS, subject: "x" }, { outcome: STAYS, subject: "y", state: "new" }]);
  assert.deepEqual(inOrder(chipsByLine(quiet, LOUD)).map((chip) => [about(chip), chip.state]), [["y", "new"]]);
  assert.equal(inOrder(chipsByLine(quiet, ALL)).length, 2);
  assert.equal(chipsByLine(quiet, { hidden: new Set(["escape"]), quiet: true }).size, 0);
});

test("what is gone stands last and is not counted", () => {
  const shown = lane([{ outcome: HEAP, state: "gone" }, { outcome: STAYS }, { outcome: CAN }]);
  assert.deepEqual(inOrder(chipsByLine(shown, ALL)).map((chip) => chip.outcome.word), ["can inline", "stays", "moved to heap"]);
  assert.deepEqual(counts(shown, true), { families: { inline: 1, escape: 1 }, quiet: 1 });
  assert.deepEqual(counts(shown, false), { families: { inline: 1 }, quiet: 1 });
});

test("what a chip says of one, of many, and of the compiler's own names", () => {
  /** @param {Partial<Remark>} remark */
  const words = (remark) => about(inOrder(chipsByLine(lane([{ outcome: HEAP, ...remark }]), ALL))[0]);
  assert.equal(words({ subject: "x" }), "x");
  assert.equal(words({ subject: "~r0", code: "f(1)" }), "f(1)");
  assert.equal(words({ subject: "x", times: 3 }), "x ×3");
  assert.equal(words({ outcome: CAN }), "");
});

test("arrows move along chips and lines, and stop at the ends", () => {
  const chips = inOrder(chipsByLine(lane([{ outcome: CAN }, { outcome: HEAP }, { line: 5, outcome: HEAP }, { line: 7, outcome: CAN }, { line: 7, outcome: HEAP }]), ALL));
  assert.equal(chips.length, 5);
  assert.equal(move(chips, 0, "ArrowRight"), 1);
  assert.equal(move(chips, 1, "ArrowDown"), 2);
  assert.equal(move(chips, 2, "ArrowDown"), 3);
  assert.equal(move(chips, 4, "ArrowUp"), 2);
  assert.equal(move(chips, 2, "ArrowUp"), 0);
  assert.equal(move(chips, 0, "ArrowUp"), null);
  assert.equal(move(chips, 4, "ArrowRight"), null);
  assert.equal(move(chips, 4, "ArrowDown"), null);
  assert.equal(move(chips, 3, "Home"), 0);
  assert.equal(move(chips, 0, "End"), 4);
  assert.equal(move(chips, 0, "x"), null);
  assert.equal(move([], 0, "ArrowDown"), null);
});

test("the active chip is found again after an edit", () => {
  const before = inOrder(chipsByLine(lane([{ line: 2 }, { line: 4, outcome: HEAP }]), ALL));
  const after = inOrder(chipsByLine(lane([{ line: 2 }, { line: 4, outcome: HEAP, state: "new" }, { line: 6 }]), ALL));
  assert.equal(again(after, before[0]), 0);
  assert.equal(again(after, before[1]), 1);
  assert.equal(again(after, null), 0);
  const fewer = inOrder(chipsByLine(lane([{ line: 2 }]), ALL));
  assert.equal(again(fewer, before[1]), 0);
  assert.equal(again([], before[1]), 0);
});

test("a place leads to its chip, or to the first of its line", () => {
  const chips = inOrder(chipsByLine(lane([{ line: 2, column: 3 }, { line: 2, column: 9, outcome: HEAP }, { line: 4, column: 1 }]), ALL));
  assert.equal(chipAtPlace(chips, { line: 2, column: 9 }), 1);
  assert.equal(chipAtPlace(chips, { line: 2, column: 5 }), 0);
  assert.equal(chipAtPlace(chips, { line: 4 }), 2);
  assert.equal(chipAtPlace(chips, { line: 3, column: 1 }), -1);
  assert.equal(chipAtPlace(chips, {}), -1);
});

test("an edit in words", () => {
  const compared = { since: /** @type {const} */ ("edit"), new: 2, gone: 0, changed: 1 };
  assert.equal(comparison(lane([], { compared })), "2 new, 1 changed since the last edit that mattered");
  assert.equal(comparison(lane([], { compared: { since: "pin", new: 0, gone: 0, changed: 0 } })), "nothing changed since the baseline");
  assert.equal(comparison(lane([])), "");
  assert.match(comparison(lane([], { stale: true, errors: 1 })), /last one that did/);
  assert.match(comparison(lane([], { errors: 1 })), /no remarks/);
});

test("a way is read leg by leg, in the words of every version", () => {
  /** @type {import("../../golifelab/widgets/static/remarks/model.js").Step[]} */
  const steps = [
    { kind: "flow", text: "y ← &x" },
    { kind: "from", text: "&x (address-of)" },
    { kind: "from", text: "y := &x (assign)" },
    { kind: "flow", text: "{heap} = y" },
  ];
  assert.deepEqual(legs(steps).map(({ flow, from }) => [flow?.text, from.length]), [["y ← &x", 2], ["{heap} = y", 0]]);
  assert.deepEqual(legs([{ kind: "note", text: "cut" }]), [{ flow: null, from: [{ kind: "note", text: "cut" }] }]);
  assert.deepEqual(flowParts("{heap} = y"), { to: "the heap", from: "y" });
  assert.deepEqual(flowParts("fmt.a ← &{storage for &point{...}}"), { to: "fmt.a", from: "pointer to the storage of &point{...}" });
  assert.deepEqual(flowParts("fmt.a ← &{storage for ... argument}")?.from, "pointer to the storage of the variadic slice");
  assert.deepEqual(flowParts("~r0 ← p"), { to: "the result ~r0", from: "p" });
  assert.equal(flowParts("nothing"), null);
  assert.deepEqual(stepParts("f(a, b) (call parameter)"), { code: "f(a, b)", why: "call parameter" });
  assert.deepEqual(stepParts("x"), { code: "x", why: "" });
});

test("a cost is measured against its budget", () => {
  assert.deepEqual(costBar(40, 80), { fill: 40, mark: 80, words: "cost 40 of 80" });
  assert.deepEqual(costBar(160, 80), { fill: 100, mark: 50, words: "cost 160 of 80, 80 over" });
});
