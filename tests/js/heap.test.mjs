import assert from "node:assert/strict";
import { test } from "node:test";

import { amount, atLine, functions, layout, levels, move, sampleWords, traceLine, treeOf, wayTo, words } from "../../golifelab/widgets/static/heap/model.js";

/* all > runtime.main > { main.main:36 > main.store, main.main:37 > main.garbage } */
/** @type {import("../../golifelab/widgets/static/heap/model.js").Heap} */
const HEAP = {
  types: [
    ["alloc_objects", "count"],
    ["alloc_space", "bytes"],
  ],
  names: ["all", "runtime.main", "main.main", "main.store", "main.garbage", "(smaller parts)"],
  files: ["$GOROOT/src/runtime/proc.go", "main.go"],
  nodes: { parent: [-1, 0, 1, 2, 1, 4, 0], name: [0, 1, 2, 3, 2, 4, 5], file: [-1, 0, 1, 1, 1, 1, -1], line: [0, 302, 36, 16, 37, 31, 0] },
  own: [
    [0, 0, 0, 1, 0, 8, 0],
    [0, 0, 10, 200, 0, 780, 10],
  ],
  fields: ["at", "objects", "live", "goal", "stacks", "unused", "free", "released", "total", "cycles", "goroutines"],
  samples: [[1500, 2048, 1024, 4194304, 32768, 0, 0, 0, 8388608, 2, 3]],
  collections: [[1, 0.044, 3, [0.05, 0.23, 0.007], 4, 5, 2, 4, 0, 1, 4, 0]],
  scavenges: [],
  arenas: [],
  rate: 1,
  ended: "",
};
const tree = treeOf(HEAP, "alloc_space");

test("totals are of all below, the largest first, nothing left out that counts", () => {
  assert.deepEqual(tree.total, [1000, 990, 210, 200, 780, 780, 10]);
  assert.deepEqual(tree.children[1], [4, 2]);
  assert.deepEqual(treeOf(HEAP, "alloc_objects").children[0], [1]);
  assert.deepEqual(tree.depth, [0, 1, 2, 3, 2, 3, 1]);
  assert.deepEqual(wayTo(HEAP, 5), [0, 1, 4, 5]);
});

test("boxes fill what their parent has, and lie within it", () => {
  const boxes = layout(HEAP, tree, 0, 0.001);
  assert.equal(boxes.length, 7);
  const of = (/** @type {number} */ node) => boxes.find((box) => box.node === node);
  assert.deepEqual(of(0), { node: 0, left: 0, width: 1, row: 0 });
  assert.equal(of(4)?.left, 0);
  assert.ok(Math.abs((of(2)?.left ?? 0) - 0.78) < 1e-9);
  assert.equal(of(5)?.row, 3);
  assert.equal(layout(HEAP, tree, 0, 0.1).length, 6, "what is too narrow is not drawn");
  const inner = layout(HEAP, tree, 2, 0.001);
  assert.deepEqual(
    inner.map(({ node, width }) => [node, width > 0.9]),
    [
      [0, true],
      [1, true],
      [2, true],
      [3, true],
    ],
  );
});

test("keys walk the tree, and stay at its edges", () => {
  assert.equal(move(HEAP, tree, 0, "ArrowDown"), 1);
  assert.equal(move(HEAP, tree, 1, "ArrowDown"), 4);
  assert.equal(move(HEAP, tree, 4, "ArrowRight"), 2);
  assert.equal(move(HEAP, tree, 2, "ArrowRight"), 2);
  assert.equal(move(HEAP, tree, 2, "ArrowLeft"), 4);
  assert.equal(move(HEAP, tree, 5, "ArrowUp"), 4);
  assert.equal(move(HEAP, tree, 0, "ArrowUp"), 0);
  assert.equal(move(HEAP, tree, 0, "ArrowRight"), 0);
  assert.equal(move(HEAP, tree, 5, "Home"), 0);
});

test("by function: in itself, and with what it calls", () => {
  const rows = functions(HEAP, tree);
  assert.deepEqual(rows[0], { name: "main.garbage", flat: 780, total: 780 });
  assert.deepEqual(
    rows.find(({ name }) => name === "main.main"),
    { name: "main.main", flat: 10, total: 990 },
  );
  assert.ok(!rows.some(({ name }) => name === "all"));
});

test("a line of the source leads to the largest part there", () => {
  assert.equal(atLine(HEAP, tree, "main.go", 37), 4);
  assert.equal(atLine(HEAP, tree, "main.go", 1), -1);
});

test("what is said", () => {
  assert.equal(words(HEAP, tree, 5, "bytes"), "main.garbage: 780 bytes, 78.0 %, all in itself, main.go:31");
  assert.equal(words(HEAP, tree, 2, "bytes"), "main.main: 210 bytes, 21.0 %, 10 bytes in itself, main.go:36");
  assert.equal(amount(1, "count"), "1 object");
  assert.equal(amount(1234, "count"), "1,234 objects");
  assert.match(sampleWords(HEAP, 0), /^After 1\.5 ms: 2 KiB of objects, the next collection at 4 MiB; 1 KiB were alive after collection 2/);
  assert.equal(sampleWords(HEAP, 5), "");
  assert.equal(traceLine(HEAP.collections[0]), "gc 1 @0.044s 3%: 0.05+0.23+0.007 ms clock, 4->5->2 MB, 4 MB goal, 0 MB stacks, 1 MB globals, 4 P");
});

test("a scale has lines at round numbers of bytes, three to five of them", () => {
  const MiB = 2 ** 20;
  assert.deepEqual(levels(71.3 * MiB), [0, 32, 64].map((at) => at * MiB));
  assert.deepEqual(levels(64 * MiB), [0, 16, 32, 48, 64].map((at) => at * MiB));
  assert.deepEqual(levels(1), [0, 1]);
});
