import assert from "node:assert/strict";
import { test } from "node:test";
import { createMarks } from "../../golifelab/widgets/static/lab/marks.js";
import { hitsOfPasses, nextHit, parseQuery } from "../../golifelab/widgets/static/lab/query.js";
import { nearest, summary } from "../../golifelab/widgets/static/lab/search.js";

const LINE = "    (+12) v13 = ADDQload <int> [8] v7 v130 : AX (sum[int])";

test("pins keep their number while they stay, and the lowest free one is given next", () => {
  const { pins } = createMarks();
  for (const name of ["v13", "b4", "v7"]) pins.toggle(name);
  assert.deepEqual(pins.list(), [{ name: "v13", index: 1 }, { name: "b4", index: 2 }, { name: "v7", index: 3 }]);
  pins.toggle("b4");
  assert.deepEqual([pins.of("v13"), pins.of("b4"), pins.of("v7")], [1, 0, 3]);
  pins.toggle("v99");
  assert.equal(pins.of("v99"), 2);
  pins.toggle("");
  assert.equal(pins.list().length, 3);
  pins.clear();
  assert.deepEqual(pins.list(), []);
});

test("every function has pins of its own", () => {
  const marks = createMarks();
  marks.turn("main.add");
  marks.pins.toggle("v13");
  marks.turn("main.main");
  assert.equal(marks.pins.of("v13"), 0);
  marks.turn("main.add");
  assert.equal(marks.pins.of("v13"), 1);
});

test("pins go over an edit with their values, and go when these do", () => {
  const marks = createMarks();
  for (const name of ["v13", "v14", "b4"]) marks.pins.toggle(name);
  marks.carry({ v13: "v14", b4: "b5" });
  assert.deepEqual(marks.pins.list(), [{ name: "v14", index: 1 }, { name: "b5", index: 3 }]);
});

test("a pane beside has the same pins under its own names", () => {
  const marks = createMarks();
  /** @type {Record<string, string> | null} */
  let names = null;
  const other = marks.beside(() => names);
  other.pins.toggle("v13");
  assert.equal(marks.pins.of("v13"), 1);
  names = { v13: "v20", v14: "v21" };
  assert.equal(other.pins.of("v20"), 1);
  assert.equal(other.pins.of("v13"), 0);
  assert.deepEqual(other.pins.list(), [{ name: "v20", index: 1 }]);
  other.pins.toggle("v21");
  assert.equal(marks.pins.of("v14"), 2);
  other.pins.toggle("v999");
  assert.equal(marks.pins.list().length, 2);
  assert.deepEqual([other.here("v14"), other.home("v20"), other.here("v1"), other.home("constructor")], ["v21", "v13", "", ""]);
});

test("listeners hear of every change and of nothing after they left", () => {
  const marks = createMarks();
  let heard = 0;
  const leave = marks.subscribe(() => (heard += 1));
  marks.pins.toggle("v1");
  marks.search.set("ADD");
  marks.search.set("ADD");
  marks.changes.set({ v2: "+" });
  assert.equal(heard, 3);
  assert.deepEqual([marks.changes.of("v2"), marks.changes.of("v3"), marks.changes.of("toString")], ["+", "", ""]);
  leave();
  marks.pins.clear();
  assert.equal(heard, 3);
});

test("a search means words, values, source lines or an expression", () => {
  const finds = (/** @type {string} */ text) => parseQuery(text).test(LINE);
  for (const text of ["addq", "v13", "v7", "line:12", "line:12 ADDQ", "sum", "/v\\d+ : AX/", "/addqload|lea/", "[8]"]) assert.ok(finds(text), text);
  for (const text of ["v1", "v3", "b13", "line:1", "line:13 ADDQ", "SUBQ", "/addq/s", "/^$/", "", "  ", "v"]) {
    assert.equal(finds(text), text === "v", text);
  }
  const broken = parseQuery("/(/");
  assert.ok(broken.error);
  assert.ok(broken.empty && !broken.test(LINE));
});

test("what was looked for is marked in a line, each piece once", () => {
  const marked = (/** @type {string} */ text) => parseQuery(text).spans(LINE).map(([from, to]) => LINE.slice(from, to));
  assert.deepEqual(marked("v13"), ["v13"]);
  assert.deepEqual(marked("int"), ["int", "int"]);
  assert.deepEqual(marked("ADDQ addqload"), ["ADDQload"]);
  assert.deepEqual(marked("/x*/"), ["X"]);
  assert.deepEqual(marked("line:12"), []);
  assert.deepEqual(marked("int nowhere"), []);
});

test("hits are counted for every pass and walked around the end", () => {
  const code = { lines: ["    (1) v1 = ADDQ", "    (2) v2 = SUBQ", "    (3) v3 = ADDQ"], passes: [{ rows: [0, 1] }, { rows: [1] }, { rows: [0, 1, 2] }] };
  assert.deepEqual(hitsOfPasses(code, parseQuery("ADDQ")), [1, 0, 2]);
  assert.deepEqual(hitsOfPasses(code, parseQuery("")), [0, 0, 0]);
  const marks = createMarks();
  marks.search.set("v2");
  assert.deepEqual(marks.search.passes(code), [1, 1, 1]);
  assert.equal(marks.search.passes(code), marks.search.passes(code));
  const even = (/** @type {number} */ i) => i % 2 === 0;
  assert.deepEqual([nextHit(5, even, 0, 1), nextHit(5, even, 4, 1), nextHit(5, even, 0, -1), nextHit(5, even, -1, 1), nextHit(5, even, -1, -1)], [2, 0, 4, 0, 4]);
  assert.equal(nextHit(3, () => false, 1, 1), -1);
  assert.equal(nextHit(0, () => true, -1, 1), -1);
});

test("the nearest pass with hits is offered, the later one of two", () => {
  assert.equal(nearest([0, 3, 0, 0, 5, 0], 2), 1);
  assert.equal(nearest([1, 0, 0, 0, 5], 2), 4);
  assert.equal(nearest([0, 0, 0], 1), -1);
  assert.equal(nearest([4, 0, 0], 2), 0);
});

test("the search says how much of what is shown has it, and how many passes", () => {
  const [one, many] = ["instruction", "instructions"];
  assert.deepEqual(summary({ hits: 1, one, many }, 3, 40), ["1 · 3/40", "1 instruction; 3 of 40 passes have it"]);
  assert.deepEqual(summary({ hits: 2, one, many }, 0, 40), ["2 · 0/40", "2 instructions; 0 of 40 passes have it"]);
  assert.deepEqual(summary({ hits: 0, one, many }, 3, 40), ["not here", "no instructions; 3 of 40 passes have it"]);
  assert.deepEqual(summary({ hits: 0, one, many }, 0, 40), ["nowhere", ""]);
});
