import assert from "node:assert/strict";
import { test } from "node:test";
import { marksOf, nodeFacts, nodeWords, placeOf } from "../../golifelab/widgets/static/trees/facts.js";
import { press, typeAhead } from "../../golifelab/widgets/static/trees/keys.js";
import { carried, fieldOf, isParent, opened, pathTo, reveal, rowOf, setAll, text, unpack, visible } from "../../golifelab/widgets/static/trees/model.js";
import { byteOf, nextFound, nodeAt, search, selectionOf } from "../../golifelab/widgets/static/trees/search.js";

/** @typedef {import("../../golifelab/widgets/static/trees/model.js").Tree} Tree */

/**
 * A tree from [depth, kind, field, index, start, size, line, column, text] of every node.
 *
 * @param {[number, string, string, number, number, number, number, number, string][]} nodes
 */
function tree(nodes) {
  /** @type {string[]} */
  const strings = [];
  const word = (/** @type {string} */ one) => {
    if (one === "") return -1;
    if (!strings.includes(one)) strings.push(one);
    return strings.indexOf(one);
  };
  const steps = (/** @type {number[]} */ values) => values.map((value, i) => value - (values[i - 1] ?? 0));
  const column = (/** @type {number} */ n) => nodes.map((node) => /** @type {number} */ (node[n]));
  return unpack({
    heading: "",
    count: nodes.length,
    strings,
    columns: {
      depth: column(0),
      kind: nodes.map((node) => word(node[1])),
      field: nodes.map((node) => word(node[2])),
      text: nodes.map((node) => word(node[8])),
      file: nodes.map(() => word("main.go")),
      index: column(3),
      start: steps(column(4)),
      size: column(5),
      line: steps(column(6)),
      column: column(7),
    },
  });
}

/** `a + b` and `c`, on two lines; the operation's position is its operator. */
const SUM = tree([
  [0, "File", "", -1, 0, 20, 1, 1, ""],
  [1, "Stmt", "List", 0, 4, 5, 2, 1, ""],
  [2, "Operation", "X", -1, 4, 5, 2, 3, "+"],
  [3, "Name", "X", -1, 4, 1, 2, 1, "a"],
  [3, "Name", "Y", -1, 8, 1, 2, 5, "b"],
  [1, "Stmt", "List", 1, 10, 1, 3, 1, ""],
  [2, "Name", "X", -1, 10, 1, 3, 1, "c"],
]);
const LINES = [0, 4, 10];

test("families are found in the flat columns", () => {
  assert.deepEqual([...SUM.parent], [-1, 0, 1, 2, 2, 0, 5]);
  assert.deepEqual([...SUM.end], [7, 5, 5, 4, 5, 7, 7]);
  assert.deepEqual([...SUM.place], [1, 1, 1, 1, 2, 2, 1]);
  assert.deepEqual([...SUM.siblings], [1, 2, 1, 2, 2, 2, 1]);
  assert.deepEqual(pathTo(SUM, 4), [0, 1, 2, 4]);
  assert.equal(fieldOf(SUM, 5), "List[1]");
  assert.equal(fieldOf(SUM, 2), "X");
  assert.deepEqual([isParent(SUM, 2), isParent(SUM, 3)], [true, false]);
  assert.equal(text(SUM, "type", 0), "", "a column that was not sent is empty");
});

test("several roots are siblings", () => {
  const two = tree([
    [0, "File", "", -1, 0, 1, 1, 1, ""],
    [1, "Name", "", -1, 0, 1, 1, 1, "x"],
    [0, "File", "", -1, 0, 1, 1, 1, ""],
  ]);
  assert.deepEqual([...two.place], [1, 1, 2]);
  assert.deepEqual([...two.siblings], [2, 1, 2]);
});

test("a small tree is open, a large one as far as a page goes", () => {
  assert.equal(visible(SUM, opened(SUM)).length, 7);
  const wide = tree(Array.from({ length: 901 }, (_, i) => [i === 0 ? 0 : i % 3 === 1 ? 1 : 2, "N", "F", -1, i, 1, i + 1, 1, ""]));
  assert.equal(visible(wide, opened(wide)).length, 1);
  assert.equal(visible(wide, opened(wide, 400)).length, 301);
});

test("a closed node hides what is below it", () => {
  const open = opened(SUM);
  open[1] = 0;
  const rows = visible(SUM, open);
  assert.deepEqual([...rows], [0, 1, 5, 6]);
  assert.deepEqual([rowOf(rows, 5), rowOf(rows, 3)], [2, -1]);
  assert.equal(reveal(SUM, open, 3), true);
  assert.equal(reveal(SUM, open, 3), false);
  assert.equal(visible(SUM, open).length, 7);
  setAll(SUM, open, -1, false);
  assert.deepEqual([...visible(SUM, open)], [0]);
  setAll(SUM, open, 1, true);
  open[0] = 1;
  assert.deepEqual([...visible(SUM, open)], [0, 1, 2, 3, 4, 5]);
});

test("the keys are those of the tree pattern", () => {
  const open = opened(SUM);
  const go = (/** @type {string} */ key, /** @type {number} */ node) => press(key, SUM, open, visible(SUM, open), node);
  assert.deepEqual(go("ArrowDown", 3), { node: 4, changed: false });
  assert.deepEqual(go("ArrowUp", 0), { node: 0, changed: false });
  assert.deepEqual([go("Home", 4)?.node, go("End", 0)?.node], [0, 6]);
  assert.deepEqual(go("ArrowLeft", 3), { node: 2, changed: false }, "a leaf leads to its parent");
  assert.deepEqual(go("ArrowLeft", 2), { node: 2, changed: true }, "an open node is closed first");
  assert.deepEqual(go("ArrowLeft", 2), { node: 1, changed: false });
  assert.deepEqual(go("ArrowRight", 2), { node: 2, changed: true });
  assert.deepEqual(go("ArrowRight", 2), { node: 3, changed: false });
  assert.deepEqual(go("ArrowRight", 3), { node: 3, changed: false });
  assert.deepEqual(go("Enter", 1), { node: 1, changed: true });
  assert.deepEqual([...visible(SUM, open)], [0, 1, 5, 6]);
  open[5] = 0;
  assert.deepEqual(go("*", 5), { node: 5, changed: true });
  assert.equal(visible(SUM, open).length, 7, "an asterisk opens all siblings");
  assert.deepEqual(go("ArrowLeft", 0)?.changed, true);
  assert.deepEqual(go("ArrowLeft", 0), { node: 0, changed: false }, "a root has no parent");
  assert.equal(go("x", 0), null);
});

test("typing goes to the next node whose kind or name begins so", () => {
  const rows = visible(SUM, opened(SUM));
  assert.equal(typeAhead(SUM, rows, 0, "o"), 2);
  assert.equal(typeAhead(SUM, rows, 3, "n"), 4);
  assert.equal(typeAhead(SUM, rows, 4, "na"), 4, "a second letter may mean the same node");
  assert.equal(typeAhead(SUM, rows, 0, "c"), 6);
  assert.equal(typeAhead(SUM, rows, 6, "s"), 1, "around the end");
  assert.equal(typeAhead(SUM, rows, 2, "q"), 2);
});

test("a search looks at kinds, fields and names, and goes round", () => {
  const found = search(SUM, " naME ");
  assert.deepEqual([...found], [3, 4, 6]);
  assert.deepEqual([...search(SUM, "list")], [1, 5]);
  assert.deepEqual([...search(SUM, "+")], [2]);
  assert.deepEqual([...search(SUM, "")], []);
  assert.deepEqual([...search(SUM, "main.go")], [], "the file is no property of a node");
  assert.deepEqual([nextFound(found, 0, 1), nextFound(found, 6, 1), nextFound(found, 3, -1), nextFound(found, 5, -1)], [3, 3, 6, 4]);
  assert.equal(nextFound(new Int32Array(0), 3, 1), -1);
});

test("a place means the innermost node that covers it", () => {
  const at = (/** @type {number} */ line, /** @type {number} */ column) => {
    const place = { file: "main.go", line, column };
    return nodeAt(SUM, place, byteOf(LINES, place));
  };
  assert.deepEqual([at(2, 1), at(2, 3), at(2, 5), at(3, 1), at(1, 1)], [3, 2, 4, 6, 0]);
  assert.equal(nodeAt(SUM, { line: 2 }, -1), 1, "a line means its first node");
  assert.equal(nodeAt(SUM, { file: "other.go", line: 2, column: 1 }, 4), -1);
  assert.equal(nodeAt(SUM, {}, -1), -1);
  assert.equal(byteOf(LINES, { line: 9, column: 1 }), -1);
});

test("a piece of text means the innermost node that covers all of it", () => {
  for (const node of [0, 2, 3, 4, 6]) {
    const wanted = selectionOf(SUM, node);
    assert.equal(nodeAt(SUM, wanted, byteOf(LINES, wanted)), node);
  }
  // A statement that is nothing but an expression covers the same text.
  const statement = selectionOf(SUM, 1);
  assert.equal(nodeAt(SUM, statement, byteOf(LINES, statement)), 2);
});

test("nodes without extents are known by their positions", () => {
  const ir = unpack({
    heading: "after walk",
    count: 3,
    strings: ["ADD", "NAME", "main.go"],
    columns: { depth: [0, 1, 1], kind: [0, 1, 1], file: [2, 2, -1], line: [2, 0, -2], column: [3, 1, 0] },
  });
  assert.equal(nodeAt(ir, { file: "main.go", line: 2, column: 3 }, 6), 0);
  assert.equal(nodeAt(ir, { file: "main.go", line: 2, column: 1 }, 4), 1);
  assert.equal(nodeAt(ir, { file: "main.go", line: 2, column: 4 }, 7), -1);
  assert.deepEqual(selectionOf(ir, 0), { file: "main.go", line: 2, column: 3 });
  assert.match(new Map(nodeFacts(ir, 2, { id: "ir" }, {})).get("position") ?? "", /compiler made it/);
});

test("what was closed stays closed when the text is edited, and what is new is open", () => {
  const open = opened(SUM);
  open[2] = 0;
  const edited = tree([
    [0, "File", "", -1, 0, 22, 1, 1, ""],
    [1, "Stmt", "List", 0, 4, 7, 2, 1, ""],
    [2, "Operation", "X", -1, 4, 7, 2, 3, "+"],
    [3, "Name", "X", -1, 4, 1, 2, 1, "aaa"],
    [3, "Name", "Y", -1, 10, 1, 2, 5, "b"],
    [1, "Block", "List", 1, 12, 1, 3, 1, ""],
    [2, "Name", "X", -1, 12, 1, 3, 1, "c"],
  ]);
  assert.deepEqual([...visible(edited, carried(SUM, open, edited))], [0, 1, 2, 5, 6]);
});

test("a node's facts have its extent and the positions it keeps", () => {
  const marks = { node: [0, 2, 0], name: [0, 1, 0], line: [1, 2, 2], column: [1, 3, 6] };
  const part = { id: "go", marks, mark_names: ["Rbrace", "OpPos"] };
  assert.deepEqual(marksOf(2, part), [["OpPos", "2:3"], ["Rbrace", "2:6"]]);
  const told = new Map(nodeFacts(SUM, 2, part, { "main.go": LINES }));
  assert.equal(told.get("position"), "main.go:2:3");
  assert.equal(told.get("bytes"), "4–8, 5 of them");
  assert.equal(told.get("until"), "2:5");
  assert.equal(told.get("text"), "+");
  assert.equal(nodeWords(SUM, 2), "Operation +");
  assert.equal(told.has("type"), false);
  assert.equal(placeOf(LINES, 10), "3:1");
});

test("a hundred thousand nodes, and one nested as deeply, are walked without recursion", () => {
  const wide = tree(Array.from({ length: 100_000 }, (_, i) => [i === 0 ? 0 : 1, "N", "F", i - 1, i, 1, i + 1, 1, ""]));
  assert.equal(visible(wide, opened(wide, 200_000)).length, 100_000);
  assert.equal(wide.siblings[5], 99_999);
  const deep = tree(Array.from({ length: 100_000 }, (_, i) => [i, "N", "F", -1, 0, 1, 1, 1, ""]));
  const open = opened(deep);
  reveal(deep, open, 99_999);
  assert.equal(visible(deep, open).length, 100_000);
  assert.equal(pathTo(deep, 99_999).length, 100_000);
});
