import assert from "node:assert/strict";
import { test } from "node:test";

import { effectWords, Index, reflectionWords, share } from "../../golifelab/widgets/static/reach/model.js";
import { moved } from "../../golifelab/widgets/static/reach/thrown.js";

/** @type {import("../../golifelab/widgets/static/reach/model.js").Reach} */
const REACH = {
  nodes: {
    name: ["_rt0", "main.main", "type:*main.T", "main.(*T).Growl", "main.use"],
    package: [1, 0, 0, 0, 0],
    size: [5, 100, 48, 30, 40],
    parent: [-1, 0, 1, 2, 1],
    kind: [0, 1, 2, 3, 1],
    how: [0, 1, 2, 3, 1],
    function: [1, 1, 0, 1, 1],
    more: { 3: ["main.main", "main.use"] },
  },
  packages: ["main", "runtime"],
  kinds: ["entry", "call", "type", "method"],
  hows: ["entry", "R_CALL", "R_ADDR", "interface"],
  reasons: [
    [1, [[-1, 0]]],
    [1, [[0, 1]]],
    [0, []],
    [
      3,
      [
        [2, 3],
        [4, 1],
      ],
    ],
    [1, [[1, 1]]],
  ],
  inlined: [["fmt.Println", 1]],
  thrown: [{ name: "fmt", kept: 2, kept_bytes: 300, thrown: 2, thrown_bytes: 100, names: ["fmt.Sscan", "fmt.Errorf"], sizes: [70, 30] }],
  reflection: { users: [], bytes: 5000, functions: 12, largest: [] },
  counts: { symbols: 100, reachable: 50, functions: 4 },
};

test("a function is kept, part of another, thrown away or unknown", () => {
  const index = new Index(REACH);
  assert.equal(index.find("main.use").state, "kept");
  assert.equal(index.find("fmt.Println").state, "inlined");
  const gone = index.find("fmt.Errorf");
  assert.deepEqual([gone.state, gone.package, gone.place], ["thrown", 0, 1]);
  assert.equal(index.find("nobody").state, "unknown");
  assert.equal(index.meant("use"), "main.use");
  assert.equal(index.meant(""), "main.main");
  assert.equal(index.meant("os.Exit"), "os.Exit");
  assert.ok(index.names.includes("fmt.Sscan"));
  assert.ok(!index.names.includes("type:*main.T"));
});

test("the way goes from the entry, with the reason of each step", () => {
  const index = new Index(REACH);
  const way = index.way(index.find("main.(*T).Growl"));
  assert.deepEqual(
    way.map(({ name }) => name),
    ["_rt0", "main.main", "type:*main.T", "main.(*T).Growl"],
  );
  assert.match(way[3].words, /main.main puts the type into an interface, and main.use calls it/);
  const inlined = index.way(index.find("fmt.Println"));
  assert.deepEqual(
    inlined.map(({ name, kind }) => `${name} ${kind}`),
    ["_rt0 entry", "main.main call", "fmt.Println inlined"],
  );
  assert.deepEqual(index.way(index.find("fmt.Errorf")), []);
});

test("what else keeps a function", () => {
  const index = new Index(REACH);
  assert.deepEqual(index.others(3), { stops: [{ node: 4, name: "main.use", kind: "call" }], count: 2 });
  assert.equal(index.others(1).count, 0);
});

test("in words", () => {
  assert.equal(share(REACH.thrown[0]), "75 %");
  assert.match(reflectionWords(REACH.reflection), /^Nothing here .* 5,000 bytes/);
  assert.match(reflectionWords({ ...REACH.reflection, users: ["main.f"] }), /^main.f looks methods up/);
  const effect = { of: "main.use", bytes: 40, functions: 1, symbols: 2, largest: [], packages: /** @type {[string, number, number][]} */ ([["main", 1, 40]]) };
  assert.match(effectWords(effect), /nothing else is there for its sake alone/);
  assert.match(effectWords({ ...effect, bytes: 4000, functions: 7, packages: [["main", 1, 40], ["fmt", 6, 3960]] }), /7 functions of 2 packages/);
  assert.equal(effectWords({ ...effect, failed: "no" }), "no");
});

test("keys in a list", () => {
  assert.equal(moved("ArrowDown", 0, 3), 1);
  assert.equal(moved("End", 0, 3), 2);
  assert.equal(moved("PageDown", 0, 3), 2);
  assert.equal(moved("ArrowUp", 0, 3), 0);
  assert.equal(moved("x", 0, 3), null);
  assert.equal(moved("End", 0, 0), null);
});
