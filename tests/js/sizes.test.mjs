import assert from "node:assert/strict";
import { test } from "node:test";

import { best } from "../../golifelab/widgets/static/page/finder.js";
import { leaf, rowAt, short, shownChildren, signed, state, treeOf, wayTo, words } from "../../golifelab/widgets/static/sizes/model.js";
import { neighbour, squarify } from "../../golifelab/widgets/static/sizes/squarify.js";

const FRAME = { x: 10, y: 20, width: 600, height: 400 };

test("tiles fill their frame and none covers another", () => {
  const weights = [600, 400, 300, 200, 200, 100, 40, 9, 3, 1, 1];
  const total = weights.reduce((sum, one) => sum + one, 0);
  const rects = squarify(weights, FRAME);
  rects.forEach((rect, index) => {
    const area = (weights[index] / total) * FRAME.width * FRAME.height;
    assert.ok(Math.abs(rect.width * rect.height - area) < 1e-6 * area + 1e-6);
    assert.ok(rect.x >= FRAME.x - 1e-6 && rect.x + rect.width <= FRAME.x + FRAME.width + 1e-6);
    assert.ok(rect.y >= FRAME.y - 1e-6 && rect.y + rect.height <= FRAME.y + FRAME.height + 1e-6);
    for (const other of rects.slice(index + 1)) {
      const across = Math.min(rect.x + rect.width, other.x + other.width) - Math.max(rect.x, other.x);
      const down = Math.min(rect.y + rect.height, other.y + other.height) - Math.max(rect.y, other.y);
      assert.ok(across < 1e-6 || down < 1e-6);
    }
  });
  // Near to squares: slices of one row would be sixty times as high as wide.
  assert.ok(rects.slice(0, 6).every(({ width, height }) => Math.max(width / height, height / width) < 3));
});

test("nothing, and what has no size, gives tiles without area", () => {
  assert.deepEqual(squarify([], FRAME), []);
  assert.ok(squarify([0, 0], FRAME).every(({ width, height }) => width * height === 0));
  assert.equal(squarify([5, 0], FRAME)[1].width * squarify([5, 0], FRAME)[1].height, 0);
  assert.ok(squarify([5], { ...FRAME, width: 0 }).every(({ width }) => width === 0));
});

test("arrows lead to the tile on that side, and stop at the border", () => {
  const rects = [
    { x: 0, y: 0, width: 50, height: 100 },
    { x: 50, y: 0, width: 50, height: 50 },
    { x: 50, y: 50, width: 50, height: 50 },
  ];
  assert.equal(neighbour(rects, 0, "ArrowRight"), 1);
  assert.equal(neighbour(rects, 1, "ArrowDown"), 2);
  assert.equal(neighbour(rects, 2, "ArrowUp"), 1);
  assert.equal(neighbour(rects, 2, "ArrowLeft"), 0);
  assert.equal(neighbour(rects, 0, "ArrowLeft"), 0);
  assert.equal(neighbour(rects, 0, "End"), 2);
  assert.equal(neighbour(rects, 2, "Home"), 0);
  assert.equal(neighbour(rects, 0, "a"), null);
});

/** @type {import("../../golifelab/widgets/static/sizes/model.js").Payload} */
const PAYLOAD = {
  names: ["fmt.Println", "main.main", ".debug_info", "(padding)", "main.old"],
  packages: ["fmt", "main", ""],
  sections: [".text", ".gopclntab", ".debug_info"],
  kinds: ["code", "function tables", "debug info", "padding"],
  name: [2, 0, 0, 1, 3, 4],
  package: [2, 0, 0, 1, 2, 1],
  section: [2, 0, 1, 0, 0, 0],
  kind: [2, 0, 1, 0, 3, 0],
  file: [1000, 300, 100, 50, 7, 0],
  memory: [0, 300, 100, 50, 7, 0],
  file_before: [1200, 300, 100, 40, 7, 20],
  memory_before: [0, 300, 100, 40, 7, 20],
  address: [0, 4096, 8192, 4400, 4500, 0],
  labels: ["before", "now"],
  compared: true,
  stripped: false,
};

test("a tree adds up, in every grouping and measure", () => {
  for (const grouping of /** @type {const} */ (["package", "section", "kind"])) {
    const file = treeOf(PAYLOAD, grouping, "file");
    assert.equal(file.now, 1457);
    assert.equal(file.before, 1667);
    assert.equal(treeOf(PAYLOAD, grouping, "memory").now, 457);
    const sum = file.children.reduce((total, one) => total + one.now, 0);
    assert.equal(sum, file.now);
    assert.ok(file.children.every((one, index) => index === 0 || file.children[index - 1].weight >= one.weight));
  }
  const tree = treeOf(PAYLOAD, "package", "file");
  assert.deepEqual(
    tree.children.map(({ name }) => name),
    ["(debug info)", "fmt", "main", "(padding)"],
  );
  assert.equal(tree.children[1].kind, "code");
  assert.equal(leaf(PAYLOAD, 4), ".text (padding)");
});

test("what became of a part", () => {
  const tree = treeOf(PAYLOAD, "package", "file");
  const main = tree.children.find(({ name }) => name === "main");
  assert.ok(main);
  assert.equal(state(main), "shrunk");
  const parts = Object.fromEntries(main.children.map((one) => [one.name, state(one)]));
  assert.deepEqual(parts, { "main.main": "grown", "main.old": "gone" });
  assert.equal(state(tree.children[1]), "");
  assert.equal(words(main, 1457, true), "main: 50 bytes, 3.4 %, shrunk: −10, 2 parts");
  // With nothing to compare, nothing has changed.
  const alone = treeOf({ ...PAYLOAD, compared: false }, "package", "file");
  assert.ok(alone.children.every((one) => state(one) === ""));
});

test("the smallest stand together, and are found", () => {
  const count = 200;
  const many = Array.from({ length: count }, (_, i) => i);
  const zeros = many.map(() => 0);
  const payload = { ...PAYLOAD, names: many.map((i) => `main.f${i}`), name: many, package: many.map(() => 1), section: zeros, kind: zeros, file: many.map((i) => i + 1), memory: many.map((i) => i + 1), compared: false };
  const tree = treeOf(payload, "package", "file");
  const shown = shownChildren(tree, 60);
  assert.equal(shown.length, 60);
  assert.equal(shown.at(-1)?.name, "(141 smaller ones)");
  assert.equal(
    shown.reduce((sum, one) => sum + one.now, 0),
    tree.now,
  );
  assert.equal(wayTo(tree, 0).at(-1)?.name, "main.f0");
  assert.deepEqual(wayTo(tree, 999), []);
});

test("what a selection is about", () => {
  assert.equal(rowAt(PAYLOAD, { function: "main.main" }), 3);
  assert.equal(rowAt(PAYLOAD, { address: "0x1010" }), 1);
  assert.equal(rowAt(PAYLOAD, { address: "0x1130" }), 3);
  assert.equal(rowAt(PAYLOAD, { address: "0x9000000" }), -1);
  assert.equal(rowAt(PAYLOAD, { file: "main.go", line: 3 }), -1);
});

test("numbers of bytes", () => {
  assert.equal(short(999), "999 B");
  assert.equal(short(9190), "9.2 kB");
  assert.equal(short(919382), "919 kB");
  assert.equal(short(2350610), "2.4 MB");
  assert.equal(signed(-1234), "−1,234");
  assert.equal(signed(56), "+56");
  assert.equal(signed(0), "0");
});

test("the best finds come first", () => {
  const names = ["fmt.Fprintln", "fmt.Println", "log.Println", "Println", "fmt.(*pp).doPrintln", "os.Exit"];
  assert.deepEqual(
    best(names, "println").map((place) => names[place]),
    ["Println", "fmt.Println", "log.Println", "fmt.Fprintln", "fmt.(*pp).doPrintln"],
  );
  assert.deepEqual(best(names, "nobody"), []);
  assert.equal(best(names, "p", 2).length, 2);
});
