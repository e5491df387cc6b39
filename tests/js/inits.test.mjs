import assert from "node:assert/strict";
import { test } from "node:test";

import { summary } from "../../golifelab/widgets/static/inits/inits.js";
import { arc, clock, closes, count, few, named, ordinal, places, reached, ready, reason, rowsOf, schedule, sourceOf, span, toggled, waiting, without } from "../../golifelab/widgets/static/inits/model.js";

/** @typedef {import("../../golifelab/widgets/static/inits/model.js").Row} Row */

const GRAPH = { main: ["z", "m", "a"], a: ["z", "trace"], m: ["trace"], z: ["trace"], trace: [] };
const order = (/** @type {Record<string, string[]>} */ imports) => schedule(imports).steps.map((step) => step.package);

test("of the packages that are ready the first by name is taken", () => {
  const { steps, left } = schedule(GRAPH);
  assert.deepEqual(steps.map((step) => step.package), ["trace", "m", "z", "a", "main"]);
  assert.deepEqual(steps.map((step) => step.ready), [["trace"], ["m", "z"], ["z"], ["a"], ["main"]]);
  assert.deepEqual(left, []);
  assert.deepEqual(order({ ...GRAPH, main: ["a", "m", "z"] }), order(GRAPH));
  // As the linker compares them, a hyphen comes before the end of a name, and a slash behind it.
  assert.deepEqual(order({ main: ["a", "a-b", "a/b"] }), ["a-b", "a", "a/b", "main"]);
});

test("what nothing imports is no part of it, and what waits for itself is left", () => {
  assert.deepEqual(order({ main: ["a"], b: ["a"] }), ["a", "main"]);
  assert.deepEqual(named({ main: ["a"], b: ["a"] }), ["main", "a", "b"]);
  assert.deepEqual(schedule({ main: ["a"], a: ["b"], b: ["a"] }), { steps: [], left: ["main", "a", "b"] });
  assert.deepEqual([...reached({ main: [] })], ["main"]);
});

test("imports are switched, but never to a circle", () => {
  assert.ok(closes(GRAPH, "trace", "a"));
  assert.ok(closes(GRAPH, "a", "a"));
  assert.ok(!closes(GRAPH, "m", "a"));
  const more = toggled(GRAPH, "m", "a");
  assert.deepEqual(more.m, ["trace", "a"]);
  assert.equal(order(more).at(-2), "m");
  assert.deepEqual(toggled(more, "m", "a").m, ["trace"]);
  assert.deepEqual(order(without(GRAPH, "trace")), ["m", "z", "a", "main"]);
  assert.deepEqual(GRAPH.m, ["trace"]);
});

test("rows point to earlier rows, and who waits is known", () => {
  const rows = rowsOf(GRAPH);
  assert.deepEqual(rows.map((row) => row.needs), [[], [0], [0], [0, 2], [1, 2, 3]]);
  assert.deepEqual(ready(rows, 1), [1, 2]);
  assert.deepEqual(waiting(rows, 2), [3, 4]);
});

test("boxes stand right of all that they import, and an import passes between them", () => {
  const { boxes, ways } = places(GRAPH);
  const column = (/** @type {string} */ name) => boxes.get(name)?.column;
  assert.deepEqual(["trace", "m", "z", "a", "main"].map(column), [0, 1, 1, 2, 3]);
  const taken = new Set([...boxes.values()].map((spot) => `${spot.column} ${spot.row}`));
  assert.equal(taken.size, boxes.size);
  for (const { from, to, spots } of ways) {
    assert.deepEqual([spots[0], spots.at(-1)], [boxes.get(from), boxes.get(to)]);
    for (const spot of spots.slice(1, -1)) assert.ok(!taken.has(`${spot.column} ${spot.row}`));
    assert.deepEqual(spots.slice(1).map((spot, i) => spots[i].column - spot.column), spots.slice(1).map(() => 1));
  }
  assert.equal(places({}).boxes.size, 1);
});

test("an arc is wider, the further it leads, and stays in its place", () => {
  const out = (/** @type {string} */ d) => Number(d.match(/C(-?[\d.]+)/)?.[1]);
  assert.ok(out(arc(9, 1, 20, 76)) < out(arc(2, 1, 20, 76)));
  for (const to of [0, 5, 500]) assert.ok(out(arc(900, to, 20, 76)) >= 4);
  assert.ok(arc(1, 0, 20, 76).startsWith("M76 30C"));
});

/** @type {Row[]} */
const PACKAGES = [
  { name: "internal/bytealg", list: "runtime", early: true, needs: [], functions: ["f"], trace: [0, 0, 0, 0] },
  { name: "runtime", list: "runtime", early: true, needs: [0], functions: ["f"], trace: [0.02, 0.055, 0, 0] },
  { name: "errors", list: "main", early: false, needs: [], functions: ["f"], trace: [0.5, 0.001, 8, 1] },
  { name: "fmt", list: "", early: false, needs: [2], functions: [], trace: null },
  { name: "unicode", list: "main", early: false, needs: [], functions: ["f"], trace: [0.6, 1.25, 9, 1] },
];

test("a sentence tells why a row has its place", () => {
  // Whatever is ready beside it, the runtime's own list comes first.
  assert.equal(reason(PACKAGES, 0, "package"), "It needs no other package. Nothing else is ready at this step.");
  assert.equal(reason(PACKAGES, 2, "package"), "It needs no other package. Also ready: unicode; its name comes first.");
  assert.equal(reason(PACKAGES, 3, "package"), "It needs errors. Also ready: unicode; its name comes first.");
  assert.equal(reason(PACKAGES, 9, "package"), "");
  /** @type {Row[]} */
  const variables = [
    { name: "none", needs: [], how: "zero", text: "" },
    { name: "b", needs: [], how: "code", text: "f()" },
    { name: "a", needs: [1], through: { 1: ["f", "g"] }, how: "code", text: "f()" },
    { name: "init.0", needs: [], how: "function", text: "func init()" },
  ];
  assert.equal(reason(variables, 0, "variable"), "It has no initialiser: it is zero from the start.");
  assert.equal(reason(variables, 2, "variable"), "It needs b (through f(), g()). Nothing else is ready at this step.");
  assert.equal(reason(variables, 3, "variable"), "init.0 runs when every variable has its value.");
});

test("the summary says whether all agree, and what was not run", () => {
  const packages = { rows: PACKAGES, agrees: true, linked: [], traced: [], ended: "initialised", untraced: "", recorded: "", hidden: 0 };
  assert.match(summary(packages), /^◇ 2 by .*, ● 2 by .*, · 1 with nothing to run\. ✓ .*same order\.$/);
  assert.match(summary({ ...packages, agrees: false, ended: "time limit" }), /✗ .* stopped before/);
  assert.match(summary({ ...packages, recorded: "recorded with go1.27.3" }), /not live: recorded with go1.27.3\.$/);
  assert.match(summary({ ...packages, traced: null, untraced: "no Linux" }), /Not run: no Linux$/);
});

test("the source of a package", () => {
  assert.equal(sourceOf(GRAPH, "a"), 'package a\n\nimport _ "z"\nimport _ "trace"\n\nfunc init() { println("a") }\n');
  assert.equal(sourceOf({ main: [] }, "main"), 'package main\n\nfunc init() { println("main") }\n\nfunc main() {}\n');
  assert.equal(sourceOf({}, "x/a-b").split("\n")[0], "package a_b");
});

test("figures in words", () => {
  assert.deepEqual([0, 0.055, 0.9996, 1.25].map(clock), ["< 1 µs", "55 µs", "1000 µs", "1.3 ms"]);
  assert.equal(span(PACKAGES), 1.85);
  assert.equal(span([]), 0);
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]);
  assert.equal(few(["a", "b"]), "a and b");
  assert.equal(few([..."abcdefgh"]), "a, b, c, d, e, f and 2 more");
  assert.deepEqual([count(1, "byte"), count(1234, "byte")], ["1 byte", "1,234 bytes"]);
});
