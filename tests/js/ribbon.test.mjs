import assert from "node:assert/strict";
import { test } from "node:test";
import { complainedAbout, description, facts } from "../../golifelab/widgets/static/ribbon/facts.js";
import { columns, gapBefore, layout, move, nextAutomatic, rowOf, widthOf } from "../../golifelab/widgets/static/ribbon/layout.js";
import { cellAt, decode, selectionOf, words } from "../../golifelab/widgets/static/ribbon/model.js";

/** @typedef {import("../../golifelab/widgets/static/ribbon/model.js").Payload} Payload */

const METRICS = { text: 8, label: 6, padding: 8 };
const CLASSES = [
  { kind: "name", literal_kind: "", operator: "", precedence: 0, automatic: "", style: "name", name: "_Name", number: 2 },
  { kind: "op", literal_kind: "", operator: "+", precedence: 4, automatic: "", style: "operator", name: "_Operator", number: 4, operator_name: "Add", operator_number: 13 },
  { kind: "literal", literal_kind: "string", operator: "", precedence: 0, automatic: "", style: "string" },
  { kind: ";", literal_kind: "", operator: "", precedence: 0, automatic: "newline", style: "automatic" },
  { kind: "comment", literal_kind: "", operator: "", precedence: 0, automatic: "", style: "comment" },
  { kind: "EOF", literal_kind: "", operator: "", precedence: 0, automatic: "", style: "punctuation" },
];
const GO = [
  { name: "IDENT", number: 4, automatic: false },
  { name: "ADD", number: 12, automatic: false },
  { name: "STRING", number: 9, automatic: false },
  { name: "SEMICOLON", number: 57, automatic: true },
  { name: "COMMENT", number: 2, automatic: false },
  { name: "EOF", number: 1, automatic: false },
];

/**
 * A payload from [byte, size, class, go class] of every cell.
 *
 * @param {string} source
 * @param {[number, number, number, number][]} cells
 * @param {Payload["errors"]} [errors]
 */
function ribbon(source, cells, errors = []) {
  const start = cells.map(([at], i) => at - (cells[i - 1]?.[0] ?? 0));
  const column = (/** @type {number} */ n) => cells.map((cell) => cell[n]);
  return decode({
    source,
    classes: CLASSES,
    go_classes: GO,
    cells: { start, size: column(1), compiler: column(2), go: column(3) },
    counts: { tokens: cells.length, automatic: 0, comments: 0, hidden: 0 },
    readers: [],
    first: null,
    errors,
    file: "main.go",
  });
}

/** `é + "𝄞x"` and a newline, `y` and the end. */
const WIDE = ribbon('é + "𝄞x"\n\ty', [
  [0, 2, 0, 0],
  [3, 1, 1, 1],
  [5, 7, 2, 2],
  [12, 0, 3, 3],
  [14, 1, 0, 0],
  [15, 0, 3, 3],
  [15, 0, 5, 5],
]);

test("bytes become characters, and the text is cut where the token is", () => {
  assert.deepEqual([...WIDE.from], [0, 2, 4, 9, 11, 12, 12]);
  assert.deepEqual(
    [...WIDE.from.keys()].map((i) => words(WIDE, i).text),
    ["é", "+", '"𝄞x"', ";", "y", ";", "∎"],
  );
  assert.deepEqual(words(WIDE, 1), { above: "op", text: "+", below: "ADD" });
});

test("a cell tells its span in bytes, runes and columns, and both scanners' numbers", () => {
  const told = new Map(facts(WIDE, 3));
  assert.equal(told.get("bytes"), "12, empty");
  assert.equal(told.get("runes"), "8, empty");
  assert.equal(told.get("line:column"), "1:13 in bytes, 1:9 in runes");
  assert.match(told.get("origin") ?? "", /newline/);
  const plus = new Map(facts(WIDE, 1));
  assert.equal(plus.get("compiler"), "_Operator = 4");
  assert.equal(plus.get("go/token"), "ADD = 12");
  assert.equal(plus.get("operator"), "Add = 13");
  assert.equal(plus.get("precedence"), "4 of 5");
  assert.equal(new Map(facts(WIDE, 4)).get("line:column"), "2:2");
  assert.equal(new Map(facts(WIDE, 2)).get("literal"), "string");
});

test("where only one scanner has a token the other says so", () => {
  const alone = ribbon("#", [[0, 1, -1, 0]]);
  assert.deepEqual(words(alone, 0), { above: "", text: "#", below: "IDENT" });
  assert.equal(new Map(facts(alone, 0)).get("compiler"), "no token here");
});

test("rows follow the lines, indented as they are", () => {
  const rows = layout(WIDE, 1000, METRICS);
  assert.deepEqual(
    rows.map(({ line, first, end, indent, folded }) => [line, first, end, indent, folded]),
    [
      [1, 0, 4, 0, false],
      [2, 4, 7, 32, false],
    ],
  );
  assert.equal(gapBefore(WIDE, 1) > gapBefore(WIDE, 3), true);
});

test("a line that is wider than the page goes on in the next row", () => {
  const many = ribbon("x ".repeat(40), Array.from({ length: 40 }, (_, i) => [2 * i, 1, 0, 0]));
  const width = 300;
  const rows = layout(many, width, METRICS);
  assert.ok(rows.length > 3);
  assert.ok(rows.every((row, n) => row.line === 1 && row.folded === n > 0));
  for (const row of rows) {
    let used = row.indent;
    for (let i = row.first; i < row.end; i += 1) used += widthOf(many, i, METRICS) + (i > row.first ? gapBefore(many, i) : 0);
    assert.ok(used <= width, `${used}`);
  }
  assert.deepEqual([rowOf(rows, 0), rowOf(rows, 39), rowOf(rows, 40)], [0, rows.length - 1, -1]);
});

test("long and many-lined texts are cut to one line of bearable length", () => {
  const long = ribbon(`"${"a".repeat(90)}"`, [[0, 92, 2, 2]]);
  assert.equal(words(long, 0).text.length, 40);
  assert.equal(words(ribbon("/* a\nb */", [[0, 9, 4, 4]]), 0).text, "/* a…");
  assert.equal(columns("日本"), 4);
});

test("a selection means the token that covers it", () => {
  const at = (/** @type {number} */ line, /** @type {number} */ column) => cellAt(WIDE, { file: "main.go", line, column });
  assert.deepEqual([at(1, 1), at(1, 2), at(1, 4), at(1, 7), at(2, 2)], [0, 0, 1, 2, 4]);
  assert.equal(at(1, 0), 0, "a line means its first token");
  assert.equal(cellAt(WIDE, { file: "other.go", line: 1, column: 1 }), -1);
  assert.equal(cellAt(WIDE, {}), -1);
  for (let i = 0; i < WIDE.count; i += 1) {
    const found = cellAt(WIDE, selectionOf(WIDE, i));
    // The end of the file and the semicolon before it cover the same nothing.
    assert.ok(found === i || (i === 5 && found === 6), `cell ${i}, found ${found}`);
  }
});

test("what a comment brings about is told from the comment", () => {
  const both = ribbon("x /* a\n*/ y", [
    [0, 1, 0, 0],
    [2, 7, 4, 4],
    [2, 0, 3, 3],
    [10, 1, 0, 0],
  ]);
  assert.equal(cellAt(both, { line: 1, column: 4 }), 1);
  assert.equal(cellAt(both, selectionOf(both, 2)), 2);
});

test("arrow keys go along and between the rows", () => {
  const rows = layout(WIDE, 1000, METRICS);
  const go = (/** @type {string} */ key, /** @type {number} */ from, control = false) => move(key, control, WIDE, rows, from, METRICS);
  assert.deepEqual([go("ArrowRight", 0), go("ArrowLeft", 0), go("ArrowRight", 6)], [1, 0, 6]);
  assert.deepEqual([go("Home", 2), go("End", 0), go("End", 0, true), go("Home", 6, true)], [0, 3, 6, 0]);
  assert.equal(go("ArrowUp", 0), 0);
  assert.equal(go("ArrowDown", 6), 6);
  assert.equal(rowOf(rows, /** @type {number} */ (go("ArrowDown", 2))), 1);
  assert.equal(go(";", 0), 3);
  assert.equal(go("x", 0), null);
  assert.equal(move("ArrowRight", false, ribbon("", []), [], -1, METRICS), null);
});

test("the next semicolon that nobody typed is found around the end", () => {
  assert.deepEqual([nextAutomatic(WIDE, 0), nextAutomatic(WIDE, 3), nextAutomatic(WIDE, 5)], [3, 5, 3]);
  assert.equal(nextAutomatic(ribbon("x", [[0, 1, 0, 0]]), 0), 0);
});

test("errors lie on cells, the first of each is told", () => {
  const error = { file: "main.go", line: 1, column: 4, message: "first", phase: "parse", code: "" };
  const found = complainedAbout(ribbon(WIDE.source, [[0, 2, 0, 0], [3, 1, 1, 1]], [error, { ...error, message: "second" }, { ...error, line: 0 }]));
  assert.deepEqual([...found].map(([cell, { message }]) => [cell, message]), [[1, "first"]]);
});

test("a screen reader hears where a cell is, and that nobody typed it", () => {
  assert.equal(description(WIDE, 1), "line 1 column 4");
  assert.equal(description(WIDE, 5), "nobody typed it, line 2 column 3");
});
