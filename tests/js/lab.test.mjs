import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { missingWords } from "../../golifelab/widgets/static/lab/notes.js";
import { cellOf, pythonText } from "../../golifelab/widgets/static/lab/cell.js";
import { sinceWords } from "../../golifelab/widgets/static/lab/history.js";
import { chosen } from "../../golifelab/widgets/static/lab/pane.js";
import { alike, definitions, placeOf, valueAt } from "../../golifelab/widgets/static/lab/passes.js";
import { carryLine, words } from "../../golifelab/widgets/static/lab/subjects.js";

/** @type {import("../../golifelab/widgets/static/lab/passes.js").Code} */
const code = {
  seq: 1,
  function: "main.add",
  file: "main.go",
  lines: ["  b1:", "    (8) v11 = Copy <int> v7", "    (+8) v13 = Add64 <int> v11 v12", "    (?) v1 = InitMem <mem>", "    Ret v13"],
  places: [0, [8, 12], [8, 12], 0, [8, 3]],
  passes: [
    { name: "start", ns: 0, rows: [0, 3, 1, 2, 4] },
    { name: "opt", ns: 0, rows: [0, 3, 2, 4] },
  ],
};

test("a row knows its place, by its text where there is nothing better", () => {
  assert.deepEqual(placeOf(code, 2), { line: 8, column: 12 });
  assert.deepEqual(placeOf({ ...code, places: undefined }, 2), { line: 8, column: 0 });
  assert.deepEqual(placeOf(code, 3), { line: 0, column: 0 });
});

test("a value is found by its place, the one that works before the one that copies", () => {
  assert.equal(valueAt(code, 0, { line: 8, column: 12 }), "v13");
  assert.equal(valueAt(code, 0, { line: 8, column: 0 }), "");
  assert.equal(valueAt(code, 0, { line: 9, column: 12 }), "");
  assert.equal(definitions(code, code.passes[1]).has("v11"), false);
});

test("a value that is chosen brings its own place, one without any keeps what is selected", () => {
  const selection = { file: "main.go", line: 3, column: 1 };
  assert.deepEqual(chosen(code, 0, 4, "v13", selection), { file: "main.go", line: 8, column: 12, function: "main.add", value: "v13" });
  assert.deepEqual(chosen(code, 0, -1, "v1", selection), { ...selection, function: "main.add", value: "v1" });
  assert.deepEqual(chosen(code, 0, 4, "", selection), { file: "main.go", line: 8, column: 3 });
});

test("the like of a pass has its name, else the last one before it that both have", () => {
  const other = { ...code, passes: [code.passes[0], { name: "late opt", ns: 0, rows: [] }] };
  assert.equal(alike(code, 0, other), 0);
  assert.equal(alike(code, 1, other), 0);
  assert.equal(alike(other, 1, code), 0);
  assert.equal(alike(code, 1, { ...code, passes: [{ name: "x", ns: 0, rows: [] }, code.passes[1]] }), 1);
});

test("a line goes along with the text around it", () => {
  const [old, now] = ["a\nb\nc\nd", "a\nx\ny\nc\nd"];
  assert.deepEqual([1, 2, 3, 4].map((line) => carryLine(old, now, line)), [1, 2, 4, 5]);
  assert.deepEqual([1, 2, 3, 4, 5].map((line) => carryLine(now, old, line)), [1, 2, 2, 3, 4]);
});

test("what an edit did is told in a line", () => {
  const figures = { function: "main.add", values: 9, blocks: 3, instructions: 7, bytes: 16 };
  /** @param {Record<string, number>} counts @param {object} to */
  const since = (counts, to = {}) => ({ number: 0, from: figures, to: { ...figures, ...to }, counts, partners: {}, changes: {} });
  assert.equal(sinceWords(null), "");
  assert.equal(sinceWords(since({ same: 9 })), "the same code as before");
  assert.equal(sinceWords(since({ changed: 1, added: 2 }, { values: 10, bytes: 14 })), "+1 value (10) · −2 bytes (14) · values: 1 changed, 2 new");
});

test("the second pane is told in a few words", () => {
  assert.equal(words({ goarch: "arm64", go: "1.26.6" }, [], undefined), "arm64 go1.26.6");
  const edit = { number: 3, line: 1, words: "", text: "old", figures: /** @type {any} */ ({}) };
  assert.equal(words({ source: "old" }, [edit], undefined), "edit 3");
});

/** @param {string} expression @returns {string} what Python makes of it */
const python = (expression) => execFileSync("python3", ["-c", `import sys; sys.stdout.buffer.write((${expression}).encode("utf-8"))`]).toString();

test("Python reads a text as it was, whatever is in it", () => {
  for (const text of ["package main\n", "a 'quoted' \"text\"\n", "'''\n", "back\\slash\\n\n", "ends with \\", "tab\tand ü 🙂\n", "'", "a\r\nb", "line\n'"]) assert.equal(python(pythonText(text)), text);
});

test("a cell says all that is not as it would be anyway", () => {
  const target = { goos: "linux", goarch: "arm64", goamd64: "", go: "1.27.3", label: "" };
  const cell = cellOf({ source: "package main\n", file: "main.go", target, function: "main.f", selection: { file: "main.go", line: 3, column: 4, value: "v7" }, pass: "opt", tab: "graph", against: "lower", subject: { go: "1.26.6" }, otherPass: "opt", otherTab: "values", otherAgainst: "other" });
  assert.match(cell, /target=Target\(goarch="arm64", go="1.27.3"\)/);
  assert.match(cell, /Lab\(program, "main.f", at="main.go:3:4", value="v7", pass_="opt", tab="graph", against="lower", other_pass="opt", other_tab="values", other_against="other", subject=\{"go": "1.26.6"\}\)/);
  const alone = cellOf({ source: "x", file: "a.go", target: { ...target, goarch: "amd64", goamd64: "v1" }, function: "f", selection: {}, pass: "", tab: "values", against: "before", subject: null, otherAgainst: "edit" });
  assert.match(alone, /name="a.go", target=Target\(go="1.27.3"\)/);
  assert.doesNotMatch(alone, /subject|at=|against/);
});

test("a chosen function that is missing is named, as it was called while it was there", () => {
  const functions = [{ symbol: "main.main", name: "main", line: 3 }, { symbol: "main.(*T).Add", name: "(*T).Add", line: 7 }];
  const words = (/** @type {string} */ wanted, /** @type {[string, string][]} */ ...before) => missingWords(wanted, functions, "main.main", new Map(before));
  assert.equal(words("main.sum", ["main.sum", "sum"]), "no sum any more: main is shown");
  assert.equal(words("sum"), "no sum: main is shown");
  for (const there of ["", "main", "main.main", "(*T).Add"]) assert.equal(words(there), "");
  assert.equal(missingWords("sum", [], "", new Map()), "");
});
