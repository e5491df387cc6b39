import assert from "node:assert/strict";
import { test } from "node:test";

import { asWritten, keep, methodRows, move, sentence, verdict } from "../../golifelab/widgets/static/interfaces/model.js";

/** @typedef {import("../../golifelab/widgets/static/interfaces/model.js").Cell} Cell */
/** @typedef {import("../../golifelab/widgets/static/interfaces/model.js").Interfaces} Interfaces */
/** @typedef {import("../../golifelab/widgets/static/interfaces/model.js").Named} Named */

/**
 * @param {string} name
 * @param {...string} methods
 * @returns {Named}
 */
const named = (name, ...methods) => ({
  name,
  kind: "struct",
  position: null,
  methods: methods.map((one) => ({ name: one, signature: "func() int", receiver: name, pointer: false, through: [], position: null })),
});

/** @param {Partial<Cell>} facts @returns {Cell} */
const cell = (facts) => ({ ok: true, reason: "", method: "", have: "", want: "", message: "", question: "", position: null, ...facts });
const NO = cell({ ok: false, reason: "pointer receiver", method: "Scale" });
const YES = cell({});

/** @returns {Interfaces} */
const payload = () => ({
  seq: 0,
  types: [named("T", "Area"), named("*T", "Scale", "Area")],
  interfaces: [named("Shape", "Area", "Scale"), named("error", "Error")],
  cells: [[YES, NO], [YES, YES]],
  hidden: { types: 0, interfaces: 0 },
  errors: 0,
  parsed: true,
});

test("a verdict has a mark and a word", () => {
  assert.deepEqual(verdict(YES), { mark: "✓", word: "yes", state: "yes" });
  assert.deepEqual(verdict(NO), { mark: "✗", word: "pointer receiver", state: "no" });
  assert.equal(verdict(cell({ ok: false, reason: "missing method", method: "Len" })).word, "no Len");
  assert.deepEqual(verdict(cell({ ok: null })), { mark: "?", word: "not asked", state: "open" });
});

test("keys move in the grid and over its headings, never into the corner", () => {
  const from = { row: 0, column: 0 };
  /** @param {string} key @param {boolean} control */
  const go = (key, control = false, at = from) => move(key, control, at, 3, 2);
  assert.deepEqual(go("ArrowRight"), { row: 0, column: 1 });
  assert.deepEqual(go("ArrowLeft"), { row: 0, column: -1 });
  assert.deepEqual(go("ArrowUp"), { row: -1, column: 0 });
  assert.deepEqual(go("ArrowLeft", false, { row: -1, column: 0 }), { row: -1, column: 0 });
  assert.deepEqual(go("ArrowUp", false, { row: 0, column: -1 }), { row: 0, column: -1 });
  assert.deepEqual(go("ArrowDown", false, { row: 2, column: 1 }), { row: 2, column: 1 });
  assert.deepEqual(go("End"), { row: 0, column: 1 });
  assert.deepEqual(go("End", true), { row: 2, column: 1 });
  assert.deepEqual(go("Home", true, { row: 2, column: 1 }), { row: 0, column: 0 });
  assert.equal(go("x"), null);
});

test("to begin with, a cell that misses by little; then what was chosen, by name", () => {
  const next = payload();
  assert.deepEqual(keep(null, { row: 0, column: 0 }, next), { row: 0, column: 1 });
  const grown = { ...next, types: [named("S"), ...next.types], cells: [[YES, YES], ...next.cells] };
  assert.deepEqual(keep(next, { row: 1, column: 0 }, grown), { row: 2, column: 0 });
  assert.deepEqual(keep(next, { row: 1, column: -1 }, grown), { row: 2, column: -1 });
  const renamed = { ...next, types: [named("U"), named("*U")] };
  assert.deepEqual(keep(next, { row: 0, column: 0 }, renamed), { row: 0, column: 1 });
  const far = cell({ ok: false, reason: "missing method" });
  assert.deepEqual(keep(null, { row: 0, column: 0 }, { ...next, cells: [[far, YES], [YES, NO]] }), { row: 1, column: 1 });
  assert.deepEqual(keep(null, { row: 0, column: 0 }, { ...next, cells: [[YES, YES], [far, YES]] }), { row: 1, column: 0 });
  const good = { ...next, cells: [[YES, YES], [YES, YES]] };
  assert.deepEqual(keep(null, { row: 0, column: 0 }, good), { row: 0, column: 0 });
});

test("the method sets of T and *T in one table, with what is wanted", () => {
  const all = payload();
  for (const type of all.types) {
    const { value, pointer, rows } = methodRows(all, type, all.interfaces[0]);
    assert.deepEqual([value, pointer], ["T", "*T"]);
    assert.deepEqual(
      rows.map((row) => [row.method.name, row.value, row.pointer, row.wanted]),
      [["Area", true, true, true], ["Scale", false, true, true]],
    );
  }
  assert.deepEqual(methodRows(all, all.types[0], null).rows.map((row) => row.wanted), [false, false]);
});

test("a sentence for every place", () => {
  const all = payload();
  assert.equal(sentence(all, { row: 0, column: 0 }), "T is a Shape.");
  assert.equal(sentence(all, { row: 1, column: 1 }), "*T is an error.");
  assert.equal(sentence(all, { row: 0, column: 1 }), "T is no error: its Scale has a pointer receiver, so only the pointer type has it.");
  assert.equal(sentence(all, { row: -1, column: 0 }), "Shape wants 2 methods.");
  assert.equal(sentence(all, { row: 0, column: -1 }), "T has 1 method.");
  all.cells[0][0] = cell({ ok: false, reason: "something new" });
  assert.equal(sentence(all, { row: 0, column: 0 }), "T is no Shape: something new.");
  const [area] = all.types[0].methods ?? [];
  assert.equal(asWritten(area), "Area() int");
  all.types[0].methods = null;
  assert.equal(sentence(all, { row: 0, column: -1 }), "T: its methods are not known here.");
});
