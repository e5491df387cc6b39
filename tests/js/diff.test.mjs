import assert from "node:assert/strict";
import { test } from "node:test";
import { aligned, byNumber, byPayload, inOrder, picture, words } from "../../golifelab/widgets/static/lab/diffmodel.js";
import { differs, nextStop, shownRows, stops } from "../../golifelab/widgets/static/lab/difffold.js";
import { figuresOf, isAnswer, isLacking, NO_KERNEL, questionOf, sameWords } from "../../golifelab/widgets/static/lab/diffquestion.js";
import { readState } from "../../golifelab/widgets/static/lab/diffstate.js";

const BEFORE = [
  "  b1:",
  "    (?) v1 = InitMem <mem>",
  "    (+4) v7 = Arg <int> {a} (a[int])",
  "    (+4) v8 = Arg <int> {b} (b[int])",
  "    (+5) v9 = Const64 <int> [0] DEAD",
  "    (+5) v10 = Less64 <bool> v9 v7",
  "    If v10 -> b2 b3 (likely)",
  "  b2: <- b1",
  "    (6) v13 = Add64 <int> v7 v8 (sum[int])",
  "    (6) v14 = MakeResult <int,mem> v13 v1",
  "    Ret v14",
  "  b3: <- b1",
  "    (8) v15 = Sub64 <int> v8 v7",
  "    (8) v16 = MakeResult <int,mem> v15 v1",
  "    Ret v16",
  "  b4: DEAD",
  "    Plain",
  "name sum: [v13]",
];
/** @param {[string, string][]} edits */
const edit = (...edits) => BEFORE.map((line) => edits.reduce((text, [old, now]) => text.replace(old, now), line));
/** @param {string[]} before @param {string[]} after */
const numbered = (before, after) => {
  const [left, right] = [readState(before), readState(after)];
  return picture(left, right, byNumber(left, right));
};
/** @param {string[]} after */
const compared = (after) => numbered(BEFORE, after);
/** @param {import("../../golifelab/widgets/static/lab/diffmodel.js").Picture} made */
const told = ({ rows }) => rows.filter(differs).map(({ kind, left, right }) => `${kind} ${left?.name ?? ""}>${right?.name ?? ""}`);

test("a line is read into what it does, of what type, with what, and where the result lives", () => {
  const state = readState([
    "  b1: <- b2",
    "    (-12) v5 = ADDQload <int> {x} [8] v7 v8 : AX tmp=R8 (sum[int], f[func(int) error])",
    "    (13) v6 = CALLstatic <int,mem> {AuxCall{runtime.f}} [8] v5 : <AX,BX>",
    "    (14) v7 = LoadReg <<-chan int> v6 : ~r0.ptr[*uint8] (c[<-chan int])",
    '    (15) v8 = ConstString <string> {"a : b (c[d])"}',
    "    EQ v5 -> b1 b3 (unlikely)",
  ]);
  const of = (/** @type {string} */ name) => {
    const { op, type, rest, location, place } = /** @type {import("../../golifelab/widgets/static/lab/diffstate.js").Item} */ (state.values.get(name));
    return [op, type, rest, location, place];
  };
  assert.deepEqual(of("v5"), ["ADDQload", "int", " {x} [8] v7 v8", " : AX tmp=R8", "12"]);
  assert.deepEqual(of("v6"), ["CALLstatic", "int,mem", " {AuxCall{runtime.f}} [8] v5", " : <AX,BX>", "13"]);
  assert.deepEqual(of("v7").slice(0, 4), ["LoadReg", "<-chan int", " v6", " : ~r0.ptr[*uint8]"].with(1, "<-chan int"));
  assert.equal(of("v8")[1], "string");
  assert.equal(state.blocks.get("b1")?.end?.op, "EQ");
});

test("what is dead is no part of a state", () => {
  const { values, blocks } = readState(BEFORE);
  assert.deepEqual([...blocks.keys()], ["b1", "b2", "b3"]);
  assert.ok(!values.has("v9"));
  assert.equal(values.size, 8);
});

test("nothing differs between equal states, whatever the positions and names say", () => {
  const made = compared(edit(["(+5)", "(99)"], [" (sum[int])", " (total[int])"]));
  assert.deepEqual(told(made), []);
  assert.deepEqual(made.counts, { same: 8, changed: 0, added: 0, removed: 0, moved: 0, reordered: 0, blocks: 0 });
});

test("operations, arguments, types, registers and ends are told apart", () => {
  const made = compared(edit(["Add64", "ADDQ"], ["v15 = Sub64 <int> v8 v7", "v15 = Sub64 <int> v7 v8 : AX"], ["(likely)", "(unlikely)"]));
  assert.deepEqual(told(made), ["changed b1>b1", "changed v13>v13", "changed v15>v15"]);
  assert.deepEqual(made.who.changes.get("v13"), ["operation"]);
  assert.deepEqual(made.who.changes.get("v15"), ["register", "arguments"]);
  assert.deepEqual(made.who.changes.get("b1"), ["likely"]);
  assert.equal(made.counts.blocks, 1);
});

test("a number that was given to another value is not the same value", () => {
  const made = compared(edit(["(6) v13 = Add64 <int> v7 v8", "(9) v13 = Not <bool> v10"]));
  assert.deepEqual(told(made), ["removed v13>", "added >v13", "changed v14>v14"]);
  assert.deepEqual(made.who.changes.get("v14"), ["arguments"]);
});

test("a value in another block is seen in both places, once as itself", () => {
  const after = BEFORE.filter((line) => !line.includes("v15 ="));
  after.splice(4, 0, "    (8) v15 = Sub64 <int> v8 v7");
  const made = compared(after);
  assert.deepEqual(told(made), ["moved v15>v15", "away v15>"]);
  const [there, left] = made.rows.filter(differs);
  assert.deepEqual([there.from, left.to], ["b3", "b1"]);
  assert.deepEqual([made.counts.moved, made.counts.same], [1, 7]);
});

test("a block in another place moves as a whole", () => {
  const blocks = [BEFORE.slice(0, 7), BEFORE.slice(7, 11), BEFORE.slice(11, 15)];
  const made = compared([...blocks[0], ...blocks[2], ...blocks[1]]);
  const moves = told(made);
  assert.equal(moves.length, 2);
  assert.ok(moves.some((move) => move.startsWith("away")) && moves.some((move) => move.startsWith("moved")));
  assert.equal(made.counts.same, 8);
});

test("values in another order are no change", () => {
  const after = [...BEFORE];
  [after[2], after[3]] = [after[3], after[2]];
  const made = compared(after);
  assert.deepEqual(told(made), []);
  assert.equal(made.counts.reordered, 1);
  assert.equal(sameWords(made.counts), "Nothing differs but the order, of 1 value within the blocks.");
  assert.equal(sameWords(compared(BEFORE).counts), "Nothing differs.");
});

test("every living line of both sides is shown once, whatever happened", () => {
  let seed = 11;
  const random = (/** @type {number} */ n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const state = () => {
    const values = Array.from({ length: 12 }, (_, i) => i + 1).filter(() => random(4) > 0);
    return [1, 2, 3, 4].filter(() => random(5) > 0).sort(() => random(3) - 1).flatMap((block, i, all) => [
      `  b${block}:`,
      ...values.filter((value) => value % all.length === (random(9) ? i : 0)).sort(() => random(3) - 1).map((value) => `    (${value}) v${value}${i} = ${["Add64", "Sub64"][random(2)]} <int> v1`),
      "    Plain -> b1",
    ]);
  };
  for (let round = 0; round < 300; round += 1) {
    const [before, after] = [state(), state()];
    const { rows, left, right } = numbered(before, after);
    const lefts = rows.filter((row) => row.left && row.kind !== "away").map((row) => row.left?.index);
    const rights = rows.flatMap((row) => (row.right ? [row.right.index] : []));
    assert.equal(new Set(rights).size, rights.length);
    assert.equal(new Set(lefts).size, lefts.length);
    assert.deepEqual(rights, rights.toSorted((a, b) => a - b), "the right side keeps its order");
    assert.equal(rights.length, right.values.size + right.blocks.size * 2);
    assert.equal(lefts.length, left.values.size + left.blocks.size * 2);
  }
});

test("partners that the kernel names are one under any number", () => {
  const after = edit(["v13 = Add64", "v23 = Add64"], ["MakeResult <int,mem> v13", "MakeResult <int,mem> v23"], ["[v13]", "[v23]"]);
  const payload = {
    values: /** @type {[string, string, string[], string][]} */ ([["v1", "v1", [], "structure"], ["v7", "v7", [], "structure"], ["v8", "v8", [], "structure"], ["v10", "v10", [], "structure"], ["v13", "v23", [], "structure"], ["v14", "v14", [], "structure"], ["v15", "v15", ["operation"], "position"]]),
    added: ["v16"],
    removed: ["v16"],
    blocks: /** @type {[string, string, string[]][]} */ ([["b1", "b1", []], ["b2", "b2", []], ["b3", "b3", ["controls"]]]),
    blocks_added: [],
    blocks_removed: [],
  };
  const made = picture(readState(BEFORE), readState(after), byPayload(payload));
  assert.deepEqual(told(made), ["changed v15>v15", "removed v16>", "added >v16", "changed b3>b3"]);
  const line = (/** @type {string} */ side, /** @type {string} */ name) => words(made[/** @type {"left"} */ (side)].values.get(name)?.text ?? "");
  assert.deepEqual(aligned(line("left", "v14"), line("right", "v14"), made.who).lone.map((set) => set.size), [0, 0]);
});

test("words that differ are found inside a line", () => {
  const who = byNumber(readState(BEFORE), readState(BEFORE));
  const { left, right } = aligned(words("v13 = Add64 <int> v7 v8"), words("v13 = ADDQconst <int> [5] v7"), who);
  assert.deepEqual([left.filter((word) => word.trim()), right.filter((word) => word.trim())], [["Add64", "v8"], ["ADDQconst", "[", "5", "]"]]);
  assert.deepEqual(aligned([".autotmp_9"], [".autotmp_12"], who).left, []);
});

test("the longest row in order stays, the rest has moved", () => {
  assert.deepEqual([...inOrder([0, 3, 1, 2, -1, 4])].sort(), [0, 2, 3, 5]);
  assert.deepEqual([...inOrder([])], []);
  assert.deepEqual(inOrder([5, 4, 3]).size, 1);
});

test("what is the same is folded, but for what is near a change", () => {
  /** @param {string} kind */
  const row = (kind) => /** @type {any} */ ({ kind, left: { kind: "value" }, right: { kind: "value" } });
  const rows = Array.from({ length: 30 }, (_, i) => row(i === 15 || i === 16 ? "changed" : "same"));
  rows[0].left.kind = rows[0].right.kind = "heading";
  const how = { unified: false, all: false, open: new Set() };
  const folds = shownRows(rows, how).filter((one) => "fold" in one);
  assert.deepEqual(folds, [{ fold: 1, end: 13 }, { fold: 19, end: 30 }]);
  assert.equal(shownRows(rows, { ...how, open: new Set([1]) }).filter((one) => "fold" in one).length, 1);
  assert.equal(shownRows(rows, { ...how, all: true }).length, 30);
  assert.deepEqual(stops(rows), [15]);
  assert.deepEqual([nextStop([3, 9], 3, 1), nextStop([3, 9], 9, 1), nextStop([3, 9], -1, -1), nextStop([], 0, 1)], [1, 0, 1, -1]);
});

test("in one column a changed line is there twice, an equal one once", () => {
  const made = compared(edit(["Add64", "ADDQ"]));
  const shown = shownRows(made.rows, { unified: true, all: true, open: new Set() });
  assert.equal(shown.length, made.rows.length + 1);
});

/** @param {number} seq @param {string[]} names @param {string} [label] */
const code = (seq, names, label = "amd64") => /** @type {any} */ ({ seq, function: "main.f", lines: [], passes: names.map((name) => ({ name, ns: 0, rows: [] })), target: { label } });

test("questions name their sides, and ask the kernel only for what numbers can't tell", () => {
  const now = code(3, ["start", "opt", "lower"]);
  const none = { before: null, other: null };
  const before = questionOf(now, 1, none, 0, "before");
  assert.deepEqual([before.left, before.right, before.own, before.ask], ["start", "opt", "right", undefined]);
  const later = questionOf(now, 1, none, 0, "lower");
  assert.deepEqual([later.left, later.right, later.own], ["opt", "lower", "left"]);
  for (const [at, against] of /** @type {[number, string][]} */ ([[0, "before"], [1, "edit"], [1, "other"], [0, "prove"]])) {
    assert.ok(questionOf(now, at, none, 0, against).nothing, against);
  }
  assert.equal(questionOf(now, 1, none, 0, "edit", true).nothing, NO_KERNEL);
  const edited = questionOf(now, 2, { ...none, before: code(2, ["start", "lower"]) }, 0, "edit");
  assert.deepEqual(edited.ask, { against: "edit", left: 1, right: 2 });
  const arm = { code: code(3, ["start", "opt"], "arm64"), at: 1, side: 1, same: false };
  assert.deepEqual(questionOf(now, 2, { before: null, other: arm }, 0, "other").ask, { against: "other", left: 2, right: 1 });
  const mirrored = questionOf(arm.code, 1, { before: null, other: { code: now, at: 2, side: 0, same: false } }, 1, "other");
  assert.deepEqual([mirrored.ask, mirrored.own], [{ against: "other", left: 2, right: 1 }, "right"]);
  assert.equal(questionOf(now, 2, { before: null, other: { code: now, at: 0, side: 1, same: true } }, 0, "other").ask, undefined);
});

test("a pass is chosen by its name, and one that did not run is missed in words", () => {
  const none = { before: null, other: null };
  const [now, later] = [code(3, ["start", "opt", "lower"]), code(4, ["start", "early opt", "opt", "lower"])];
  for (const one of [now, later]) assert.deepEqual([questionOf(one, one.passes.length - 1, none, 0, "opt")].map(({ left, right, lacks }) => [left, right, lacks]), [["opt", "lower", undefined]]);
  const { lacks, ...stand } = questionOf(now, 2, none, 0, "early opt");
  assert.deepEqual(stand, questionOf(now, 2, none, 0, "before"));
  assert.match(lacks?.words ?? "", /'early opt'.* pass before/);
  assert.equal(lacks?.ran, "These ran: start, opt, lower.");
  assert.deepEqual(["before", "edit", "other", "opt", "early opt"].map((against) => isLacking(now, against)), [false, false, false, false, true]);
});

test("figures leave out what there is none of", () => {
  assert.equal(figuresOf({ same: 3, changed: 1, added: 0, removed: 2, moved: 0, reordered: 0, blocks: 1 }), "1 changed · 2 gone · 1 block · 3 the same");
});

test("an answer counts for the passes that were asked for, and for the very code that is shown", () => {
  const [then, now] = [code(2, ["start"]), code(3, ["start"])];
  Object.assign(then, { lines: ["  b1:", "    Ret"], passes: [{ name: "start", ns: 0, rows: [0, 1] }] });
  Object.assign(now, { lines: ["    Ret v1", "  b1:"], passes: [{ name: "start", ns: 0, rows: [1, 0] }] });
  const question = questionOf(now, 0, { before: then, other: null }, 0, "edit");
  const answer = { compare: { ...question.ask }, left: { lines: ["  b1:", "    Ret", "name a: [v1]"] }, right: { lines: ["  b1:", "    Ret v1"] } };
  assert.ok(isAnswer(answer, question));
  assert.ok(isAnswer({ compare: answer.compare, failure: "no such function" }, question));
  assert.ok(!isAnswer({ ...answer, right: answer.left }, question));
  assert.ok(!isAnswer({ ...answer, left: { lines: ["  b1:"] } }, question));
  assert.ok(!isAnswer({ ...answer, compare: { against: "edit", left: 0, right: 1 } }, question));
  assert.ok(!isAnswer(answer, questionOf(now, 0, { before: then, other: null }, 0, "before")));
});
